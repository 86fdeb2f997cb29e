//! Sessions of the console, and whose they are.

use redb::ReadableTable;

use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::Session;
use crate::secret::Digest;

/// The session behind a cookie token, over or not.
pub fn find(tx: &impl Reads, token: &Digest) -> Result<Option<Session>, Error> {
    rows::find(tx, tables::SESSIONS, &token.0)
}

/// Inserts or replaces a session.
pub fn put(tx: &Write<'_>, token: &Digest, session: &Session) -> Result<(), Error> {
    let old = find(tx, token)?.and_then(|old| old.account);
    if old != session.account {
        index(tx, token, old, session.account)?;
    }
    rows::put(tx, tables::SESSIONS, &token.0, session)
}

/// Ends a session; tells whether there was one.
pub fn remove(tx: &Write<'_>, token: &Digest) -> Result<bool, Error> {
    let Some(old) = find(tx, token)? else {
        return Ok(false);
    };
    index(tx, token, old.account, None)?;
    rows::remove(tx, tables::SESSIONS, &token.0)?;
    Ok(true)
}

fn index(tx: &Write<'_>, token: &Digest, old: Option<Seq>, new: Option<Seq>) -> Result<(), Error> {
    let mut index = tx.table(tables::ACCOUNT_TO_SESSION)?;
    if let Some(old) = old {
        index.remove((old.0, &token.0))?;
    }
    if let Some(new) = new {
        index.insert((new.0, &token.0), ())?;
    }
    Ok(())
}

/// Every session of an account.
pub fn of_account(tx: &impl Reads, account: Seq) -> Result<Vec<(Digest, Session)>, Error> {
    let index = tx.open(tables::ACCOUNT_TO_SESSION)?;
    let mut sessions = Vec::new();
    for entry in index.range((account.0, &[0; 32])..=(account.0, &[u8::MAX; 32]))? {
        let token = Digest(*entry?.0.value().1);
        sessions.extend(find(tx, &token)?.map(|session| (token, session)));
    }
    Ok(sessions)
}

/// Every session with somebody behind it.
pub fn list(tx: &impl Reads) -> Result<Vec<(Digest, Session)>, Error> {
    let mut sessions = Vec::new();
    for entry in tx.open(tables::ACCOUNT_TO_SESSION)?.iter()? {
        let token = Digest(*entry?.0.value().1);
        sessions.extend(find(tx, &token)?.map(|session| (token, session)));
    }
    Ok(sessions)
}

/// Ends every session of an account; returns how many.
pub fn end_all(tx: &Write<'_>, account: Seq) -> Result<usize, Error> {
    let sessions = of_account(tx, account)?;
    for (token, _) in &sessions {
        remove(tx, token)?;
    }
    Ok(sessions.len())
}

/// Takes away what is over, at most `limit` of them; returns how many went.
pub fn sweep(tx: &Write<'_>, now: Timestamp, limit: usize) -> Result<usize, Error> {
    let mut gone = Vec::new();
    for row in tx.open(tables::SESSIONS)?.iter()? {
        let (token, bytes) = row?;
        let session: Session = decode(bytes.value())?;
        if session.is_over(now) {
            gone.push(Digest(*token.value()));
            if gone.len() == limit {
                break;
            }
        }
    }
    for token in &gone {
        remove(tx, token)?;
    }
    Ok(gone.len())
}
