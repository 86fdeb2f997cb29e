//! The team's users and their indexes; those that lead from accounts are in `store::memberships`.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::accounts::name_key;
use super::{Error, Reads, Write, gaps, memberships, rows, tables};
use crate::id::{ScimId, Seq};
use crate::model::User;
use crate::scim::key::fold;

const TOTAL: &str = "users_total";

/// The user in this row.
pub fn find(tx: &impl Reads, team: Seq, user: Seq) -> Result<Option<User>, Error> {
    rows::find(tx, tables::USERS, (team.0, user.0))
}

/// The user with this wire id: the id leads to the row, the row confirms the id.
pub fn find_by_id(tx: &impl Reads, team: Seq, id: &ScimId) -> Result<Option<User>, Error> {
    Ok(find(tx, team, id.seq(tx.mix()))?.filter(|user| user.id == *id))
}

/// The user with this `userName`, compared as RFC 7643 section 4.1.1 asks.
pub fn find_by_user_name(
    tx: &impl Reads,
    team: Seq,
    user_name: &str,
) -> Result<Option<User>, Error> {
    match seq_by_user_name(tx, team, user_name)? {
        Some(seq) => find(tx, team, seq),
        None => Ok(None),
    }
}

/// The row with this `userName`.
pub fn seq_by_user_name(tx: &impl Reads, team: Seq, user_name: &str) -> Result<Option<Seq>, Error> {
    let key = name_key(user_name);
    Ok(tx
        .open(tables::USER_NAME_TO_USER)?
        .get((team.0, key.as_str()))?
        .map(|v| Seq(v.value())))
}

/// Rows with this `externalId`, exact case.
pub fn seqs_by_external_id(tx: &impl Reads, team: Seq, value: &str) -> Result<Vec<Seq>, Error> {
    rows::seqs_of(tx, tables::EXTERNAL_ID_TO_USER, team, value)
}

/// Rows with this `displayName`, any case.
pub fn seqs_by_display_name(tx: &impl Reads, team: Seq, value: &str) -> Result<Vec<Seq>, Error> {
    rows::seqs_of(tx, tables::DISPLAY_NAME_TO_USER, team, &fold(value))
}

/// How many users the team has.
pub fn count(tx: &impl Reads, team: Seq) -> Result<u64, Error> {
    tx.counter(team, TOTAL)
}

/// `limit` users after skipping `skip`, in creation order.
pub fn page_at(tx: &impl Reads, team: Seq, skip: usize, limit: usize) -> Result<Vec<User>, Error> {
    rows::page_at(tx, tables::USERS, tables::USER_GAPS, team, skip, limit)
}

/// Hands every user to a function until it breaks, in creation order.
pub fn walk<E: From<Error>>(
    tx: &impl Reads,
    team: Seq,
    each: impl FnMut(User) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    rows::walk(tx, tables::USERS, team, Seq(0), each)
}

/// A row number for a new user.
pub fn next_seq(tx: &Write<'_>, team: Seq) -> Result<Seq, Error> {
    tx.next_seq(team, "users")
}

/// Inserts or replaces a user and moves its index entries. The caller has made sure that no other
/// user has this `userName`.
pub fn put(tx: &Write<'_>, team: Seq, user: &User) -> Result<(), Error> {
    let old = find(tx, team, user.seq)?;
    replace(tx, team, old.as_ref(), user)
}

/// The same by somebody who has just read the row: `old` is what is stored now.
pub fn replace(tx: &Write<'_>, team: Seq, old: Option<&User>, user: &User) -> Result<(), Error> {
    if old.is_none() {
        let count = tx.add_to_counter(team, TOTAL, 1)?;
        gaps::made(tx, tables::USER_GAPS, team, user.seq, count - 1)?;
    }
    index(tx, team, user.seq, old, Some(user))?;
    rows::put(tx, tables::USERS, (team.0, user.seq.0), user)
}

/// Takes a user and its index entries away. Membership edges are the caller's
/// ([`super::groups::remove_from_all`]).
pub fn remove(tx: &Write<'_>, team: Seq, user: &User) -> Result<(), Error> {
    index(tx, team, user.seq, Some(user), None)?;
    tx.add_to_counter(team, TOTAL, -1)?;
    gaps::removed(tx, tables::USER_GAPS, team, user.seq)?;
    rows::remove(tx, tables::USERS, (team.0, user.seq.0))
}

fn index(
    tx: &Write<'_>,
    team: Seq,
    row: Seq,
    old: Option<&User>,
    new: Option<&User>,
) -> Result<(), Error> {
    let name = |u: &User| name_key(u.user_name());
    let (before, after) = (old.map(name), new.map(name));
    if before != after {
        let mut names = tx.table(tables::USER_NAME_TO_USER)?;
        if let Some(before) = &before {
            names.remove((team.0, before.as_str()))?;
        }
        if let Some(after) = &after {
            names.insert((team.0, after.as_str()), row.0)?;
        }
    }
    memberships::index(tx, team, row, old, new)?;
    let folded = |u: &User| u.display_name().map(fold);
    rows::move_entry(
        tx,
        tables::DISPLAY_NAME_TO_USER,
        team,
        row,
        old.and_then(folded).as_deref(),
        new.and_then(folded).as_deref(),
    )?;
    rows::move_entry(
        tx,
        tables::EXTERNAL_ID_TO_USER,
        team,
        row,
        old.and_then(User::external_id),
        new.and_then(User::external_id),
    )
}
