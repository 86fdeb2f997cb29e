//! People of an org.

use std::ops::ControlFlow;

use redb::ReadableTable;

use crate::id::Seq;
use crate::model::okta::OktaUser;
use crate::store::{Error, Reads, Write, rows, tables};

pub(in crate::store) const TOTAL: &str = "okta_users_total";

/// The key a login is found by: compared without regard to case.
pub(in crate::store) fn login_key(login: &str) -> String {
    login.to_lowercase()
}

/// The user in this row.
pub fn find(tx: &impl Reads, org: Seq, user: Seq) -> Result<Option<OktaUser>, Error> {
    rows::find(tx, tables::OKTA_USERS, (org.0, user.0))
}

/// The user with this login.
pub fn by_login(tx: &impl Reads, org: Seq, login: &str) -> Result<Option<OktaUser>, Error> {
    let key = login_key(login);
    let row = tx
        .open(tables::LOGIN_TO_OKTA_USER)?
        .get((org.0, key.as_str()))?
        .map(|row| row.value());
    match row {
        Some(row) => find(tx, org, Seq(row)),
        None => Ok(None),
    }
}

/// How many users there are.
pub fn count(tx: &impl Reads, org: Seq) -> Result<u64, Error> {
    tx.counter(org, TOTAL)
}

/// The first `limit` users after `after`, in creation order.
pub fn after(tx: &impl Reads, org: Seq, after: Seq, limit: usize) -> Result<Vec<OktaUser>, Error> {
    rows::page(tx, tables::OKTA_USERS, org, after, limit)
}

/// The `limit` users that have `skip` users before them, in creation order.
pub fn page_at(
    tx: &impl Reads,
    org: Seq,
    skip: usize,
    limit: usize,
) -> Result<Vec<OktaUser>, Error> {
    super::page_at(tx, tables::OKTA_USERS, org, skip, limit)
}

/// Hands users after `after` to a function until it breaks, in creation order.
pub fn walk<E: From<Error>>(
    tx: &impl Reads,
    org: Seq,
    after: Seq,
    each: impl FnMut(OktaUser) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    rows::walk(tx, tables::OKTA_USERS, org, after, each)
}

/// A row number for a new user.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_users")
}

/// Inserts or replaces a user and moves the index entry. The caller has made sure that the login is free.
pub fn put(tx: &Write<'_>, org: Seq, new: &OktaUser) -> Result<(), Error> {
    let old = find(tx, org, new.seq)?;
    if old.is_none() {
        tx.add_to_counter(org, TOTAL, 1)?;
    }
    let before = old.map(|user| login_key(user.login()));
    let after = login_key(new.login());
    if before.as_ref() != Some(&after) {
        let mut logins = tx.table(tables::LOGIN_TO_OKTA_USER)?;
        if let Some(before) = &before {
            logins.remove((org.0, before.as_str()))?;
        }
        logins.insert((org.0, after.as_str()), new.seq.0)?;
    }
    rows::put(tx, tables::OKTA_USERS, (org.0, new.seq.0), new)
}

/// Takes a user and the index entry away. Memberships and assignments are the caller's.
pub fn remove(tx: &Write<'_>, org: Seq, old: &OktaUser) -> Result<(), Error> {
    tx.table(tables::LOGIN_TO_OKTA_USER)?
        .remove((org.0, login_key(old.login()).as_str()))?;
    tx.add_to_counter(org, TOTAL, -1)?;
    rows::remove(tx, tables::OKTA_USERS, (org.0, old.seq.0))
}
