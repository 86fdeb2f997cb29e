//! Accounts that sign in to the console, and their sessions.

use redb::ReadableTable;

use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::{Account, Session};
use crate::secret::Digest;

const ALL: Seq = Seq(0);

fn key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The account in this row.
pub fn find(tx: &impl Reads, account: Seq) -> Result<Option<Account>, Error> {
    rows::find(tx, tables::ACCOUNTS, account.0)
}

/// The account with this address, in any case.
pub fn find_by_email(tx: &impl Reads, email: &str) -> Result<Option<Account>, Error> {
    let seq = tx
        .open(tables::EMAIL_TO_ACCOUNT)?
        .get(key(email).as_str())?
        .map(|v| v.value());
    match seq {
        Some(seq) => find(tx, Seq(seq)),
        None => Ok(None),
    }
}

/// Whether nobody can sign in yet.
pub fn is_empty(tx: &impl Reads) -> Result<bool, Error> {
    Ok(tx.open(tables::ACCOUNTS)?.first()?.is_none())
}

/// A row number for a new account.
pub fn next_seq(tx: &Write<'_>) -> Result<Seq, Error> {
    tx.next_seq(ALL, "accounts")
}

/// Inserts or replaces an account and its index entry.
pub fn put(tx: &Write<'_>, account: &Account) -> Result<(), Error> {
    let mut index = tx.table(tables::EMAIL_TO_ACCOUNT)?;
    if let Some(old) = find(tx, account.seq)? {
        index.remove(key(&old.email).as_str())?;
    }
    index.insert(key(&account.email).as_str(), account.seq.0)?;
    drop(index);
    rows::put(tx, tables::ACCOUNTS, account.seq.0, account)
}

/// The session behind a cookie token, expired or not.
pub fn find_session(tx: &impl Reads, token: &Digest) -> Result<Option<Session>, Error> {
    rows::find(tx, tables::SESSIONS, &token.0)
}

/// Inserts or replaces a session.
pub fn put_session(tx: &Write<'_>, token: &Digest, session: &Session) -> Result<(), Error> {
    rows::put(tx, tables::SESSIONS, &token.0, session)
}

/// Ends a session.
pub fn remove_session(tx: &Write<'_>, token: &Digest) -> Result<(), Error> {
    rows::remove(tx, tables::SESSIONS, &token.0)
}

/// Ends every session that expired before `now`; returns how many. With `account`, ends all of that
/// account's sessions too.
pub fn sweep_sessions(
    tx: &Write<'_>,
    now: Timestamp,
    account: Option<Seq>,
) -> Result<usize, Error> {
    let mut table = tx.table(tables::SESSIONS)?;
    let mut gone = Vec::new();
    for row in table.iter()? {
        let (token, bytes) = row?;
        let session: Session = decode(bytes.value())?;
        if session.expires <= now || (account.is_some() && session.account == account) {
            gone.push(*token.value());
        }
    }
    for token in &gone {
        table.remove(token)?;
    }
    Ok(gone.len())
}
