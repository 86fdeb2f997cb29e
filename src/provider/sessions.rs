//! Signing in and out as the record has it, and the sessions of the console: who is signed in, and ending that.
//!
//! A sign-in is an event of the team that it enters; where an account is on no team, of the oldest team.

use std::sync::Arc;
use std::time::Duration;

use super::{accounts, audit};
use crate::access::{Member, Operator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Account, Operation, Origin, Outcome, Party, Session};
use crate::secret::Digest;
use crate::store::{Reads, Write, accounts as account_rows, memberships, sessions as rows};

/// How much time passes before a use of a session is noted again.
pub const TOUCH: Duration = Duration::from_mins(1);

/// A session and whose it is.
#[derive(Debug, Clone)]
pub struct Open {
    /// By what it is found; not the cookie's token, which nobody knows but the browser.
    pub token: Digest,
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub account: Account,
}

/// Somebody came in by password.
///
/// # Errors
/// The store's.
pub fn signed_in(tx: &Write<'_>, member: &Member, now: Timestamp) -> Result<()> {
    audit::Entry::new(member, now, Operation::SignIn, Outcome::Done).write(tx, member.team)
}

/// Somebody tried to come in as `account` with a wrong password.
///
/// # Errors
/// The store's.
pub fn failed(
    tx: &Write<'_>,
    account: &Account,
    origin: &Arc<Origin>,
    now: Timestamp,
) -> Result<()> {
    let by = accounts::holder(tx, account.seq)?.coming_from(origin);
    match team_of(tx, account.seq)? {
        Some(team) => audit::Entry::new(&by, now, Operation::SignIn, Outcome::Failed)
            .called(person(account))
            .write(tx, team),
        None => Ok(()),
    }
}

/// Somebody went.
///
/// # Errors
/// The store's.
pub fn signed_out(
    tx: &Write<'_>,
    account: Seq,
    origin: &Arc<Origin>,
    now: Timestamp,
) -> Result<()> {
    let Some(team) = team_of(tx, account)? else {
        return Ok(());
    };
    let by = accounts::holder(tx, account)?.coming_from(origin);
    audit::Entry::new(&by, now, Operation::SignOut, Outcome::Done).write(tx, team)
}

fn person(account: &Account) -> Party {
    Party::person(account.name.as_str(), account.sign_in_name.as_str())
}

/// The team whose record has what an account does outside of teams.
fn team_of(tx: &Write<'_>, account: Seq) -> Result<Option<Seq>> {
    match accounts::signed_in(tx, account, None) {
        Ok((_, member, _)) => Ok(Some(member.team)),
        Err(Error::NotFound { .. } | Error::Forbidden { .. }) => audit::house(tx),
        Err(error) => Err(error),
    }
}

/// Everybody who is signed in, most recently seen first.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, _operator: &Operator, now: Timestamp) -> Result<Vec<Open>> {
    open(tx, rows::list(tx)?, now)
}

/// Where an account is signed in, most recently seen first: for a page of one's own.
///
/// # Errors
/// The store's.
pub fn of_account(tx: &impl Reads, account: Seq, now: Timestamp) -> Result<Vec<Open>> {
    open(tx, rows::of_account(tx, account)?, now)
}

fn open(tx: &impl Reads, found: Vec<(Digest, Session)>, now: Timestamp) -> Result<Vec<Open>> {
    let mut sessions = Vec::new();
    for (token, session) in found {
        let account = match session.account.filter(|_| !session.is_over(now)) {
            Some(account) => account_rows::find(tx, account)?,
            None => None,
        };
        sessions.extend(account.map(|account| Open {
            token,
            session,
            account,
        }));
    }
    sessions.sort_by_key(|open| std::cmp::Reverse(open.session.seen));
    Ok(sessions)
}

/// Ends one session of anybody. The next request with it is a stranger's.
///
/// # Errors
/// [`Error::NotFound`] when it is over already.
pub fn end(tx: &Write<'_>, operator: &Operator, token: &Digest, now: Timestamp) -> Result<Account> {
    let session = rows::find(tx, token)?.ok_or_else(gone)?;
    let account = session.account.ok_or_else(gone)?;
    let account = account_rows::find(tx, account)?.ok_or_else(gone)?;
    rows::remove(tx, token)?;
    record(tx, operator, &account, 1, now)?;
    Ok(account)
}

/// Ends every session of an account but `keep`; tells how many.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub fn end_all(
    tx: &Write<'_>,
    operator: &Operator,
    account: Seq,
    keep: Option<Digest>,
    now: Timestamp,
) -> Result<(Account, usize)> {
    let account = account_rows::find(tx, account)?.ok_or_else(gone)?;
    let ended = end_others(tx, account.seq, keep)?;
    if ended > 0 {
        record(tx, operator, &account, ended, now)?;
    }
    Ok((account, ended))
}

/// Ends one of one's own sessions.
///
/// # Errors
/// [`Error::NotFound`] when it is over already, or somebody else's.
pub fn end_own(
    tx: &Write<'_>,
    account: Seq,
    token: &Digest,
    origin: &Arc<Origin>,
    now: Timestamp,
) -> Result<()> {
    let session = rows::find(tx, token)?.ok_or_else(gone)?;
    if session.account != Some(account) {
        return Err(gone());
    }
    rows::remove(tx, token)?;
    record_own(tx, account, 1, origin, now)
}

/// Ends all of one's own sessions but the present one; tells how many.
///
/// # Errors
/// The store's.
pub fn end_own_others(
    tx: &Write<'_>,
    account: Seq,
    keep: Option<Digest>,
    origin: &Arc<Origin>,
    now: Timestamp,
) -> Result<usize> {
    let ended = end_others(tx, account, keep)?;
    if ended > 0 {
        record_own(tx, account, ended, origin, now)?;
    }
    Ok(ended)
}

fn end_others(tx: &Write<'_>, account: Seq, keep: Option<Digest>) -> Result<usize> {
    let mut ended = 0;
    for (token, _) in rows::of_account(tx, account)? {
        if Some(token) != keep {
            rows::remove(tx, &token)?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Sessions that one sweep takes away at most.
const SWEEP: usize = 200;

/// Takes sessions away that are over; tells whether there may be more.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>, now: Timestamp) -> Result<bool> {
    Ok(rows::sweep(tx, now, SWEEP)? == SWEEP)
}

fn gone() -> Error {
    Error::not_found("Session", "")
}

fn record(
    tx: &Write<'_>,
    by: impl Into<audit::By>,
    account: &Account,
    ended: usize,
    now: Timestamp,
) -> Result<()> {
    let Some(team) = team_of(tx, account.seq)? else {
        return Ok(());
    };
    let sessions = match ended {
        1 => "a session".to_owned(),
        many => format!("{many} sessions"),
    };
    audit::Entry::new(by, now, Operation::SessionEnd, Outcome::Done)
        .called(person(account))
        .about(
            memberships::find(tx, account.seq, team)?
                .into_iter()
                .collect(),
        )
        .with("sessions", sessions)
        .write(tx, team)
}

fn record_own(
    tx: &Write<'_>,
    account: Seq,
    ended: usize,
    origin: &Arc<Origin>,
    now: Timestamp,
) -> Result<()> {
    let by = accounts::holder(tx, account)?.coming_from(origin);
    let account = account_rows::find(tx, account)?.ok_or_else(gone)?;
    record(tx, &by, &account, ended, now)
}
