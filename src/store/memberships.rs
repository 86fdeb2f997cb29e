//! From accounts to the users that are their memberships, and the active administrators of a team.
//!
//! Both indexes follow the rows of users: `users::put` and `users::remove` keep them.

use redb::ReadableTable;

use super::{Error, Reads, Write, tables};
use crate::id::Seq;
use crate::model::User;

/// The user that is this account's membership of a team.
pub fn find(tx: &impl Reads, account: Seq, team: Seq) -> Result<Option<Seq>, Error> {
    Ok(tx
        .open(tables::ACCOUNT_TO_USER)?
        .get((account.0, team.0))?
        .map(|v| Seq(v.value())))
}

/// Every membership of an account, as team and user, oldest team first.
pub fn of_account(tx: &impl Reads, account: Seq) -> Result<Vec<(Seq, Seq)>, Error> {
    tx.open(tables::ACCOUNT_TO_USER)?
        .range((account.0, 0)..=(account.0, u64::MAX))?
        .map(|entry| {
            let (key, user) = entry?;
            Ok((Seq(key.value().1), Seq(user.value())))
        })
        .collect()
}

/// Whether this account is an active administrator of the team.
pub fn administers(tx: &impl Reads, team: Seq, account: Seq) -> Result<bool, Error> {
    let table = tx.open(tables::ADMINISTRATORS)?;
    Ok(table.get((team.0, account.0))?.is_some())
}

/// The users who are active administrators of the team by a role of their own.
pub fn administrators(tx: &impl Reads, team: Seq) -> Result<Vec<Seq>, Error> {
    tx.open(tables::ADMINISTRATORS)?
        .range((team.0, 0)..=(team.0, u64::MAX))?
        .map(|entry| Ok(Seq(entry?.1.value())))
        .collect()
}

/// Whether somebody other than this account is an active administrator of the team.
pub fn others_administer(tx: &impl Reads, team: Seq, account: Seq) -> Result<bool, Error> {
    let table = tx.open(tables::ADMINISTRATORS)?;
    for entry in table.range((team.0, 0)..=(team.0, u64::MAX))?.take(2) {
        if entry?.0.value().1 != account.0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Moves the entries of one user.
pub(super) fn index(
    tx: &Write<'_>,
    team: Seq,
    row: Seq,
    old: Option<&User>,
    new: Option<&User>,
) -> Result<(), Error> {
    let (before, after) = (old.map(|u| u.account), new.map(|u| u.account));
    if before != after {
        let mut table = tx.table(tables::ACCOUNT_TO_USER)?;
        if let Some(before) = before {
            table.remove((before.0, team.0))?;
        }
        if let Some(after) = after {
            table.insert((after.0, team.0), row.0)?;
        }
    }
    let administrator = |user: Option<&User>| user.filter(|u| u.administers()).map(|u| u.account);
    let (before, after) = (administrator(old), administrator(new));
    if before != after {
        let mut table = tx.table(tables::ADMINISTRATORS)?;
        if let Some(before) = before {
            table.remove((team.0, before.0))?;
        }
        if let Some(after) = after {
            table.insert((team.0, after.0), row.0)?;
        }
    }
    Ok(())
}
