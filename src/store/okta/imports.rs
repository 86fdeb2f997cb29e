//! Imports of an app: each of them, what they found that belongs to nobody yet, whom they found, and when the next one
//! begins by itself.

use redb::ReadableTable;

use super::{AppKey, page};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{ImportResult, ImportRun, ImportedUser};
use crate::store::record::decode;
use crate::store::{Error, Reads, Write, rows, tables};

/// Imports that are kept of an app; older ones go.
const KEPT: usize = 20;

fn at(key: AppKey, row: Seq) -> (u64, u64, u64) {
    (key.org.0, key.app.0, row.0)
}

/// The import in this row.
pub fn find(tx: &impl Reads, key: AppKey, run: Seq) -> Result<Option<ImportRun>, Error> {
    rows::find(tx, tables::OKTA_IMPORTS, at(key, run))
}

/// The last `limit` imports of an app, the newest first.
pub fn last(tx: &impl Reads, key: AppKey, limit: usize) -> Result<Vec<ImportRun>, Error> {
    tx.open(tables::OKTA_IMPORTS)?
        .range(at(key, Seq(0))..=at(key, Seq(u64::MAX)))?
        .rev()
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// A row number for a new import.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_imports")
}

/// Inserts or replaces an import; the oldest goes where there are many.
pub fn put(tx: &Write<'_>, key: AppKey, run: &ImportRun) -> Result<(), Error> {
    rows::put(tx, tables::OKTA_IMPORTS, at(key, run.seq), run)?;
    for old in last(tx, key, KEPT + 1)?.into_iter().skip(KEPT) {
        rows::remove(tx, tables::OKTA_IMPORTS, at(key, old.seq))?;
    }
    Ok(())
}

// Accounts that belong to nobody yet.

/// The imported user in this row.
pub fn user(tx: &impl Reads, key: AppKey, row: Seq) -> Result<Option<ImportedUser>, Error> {
    rows::find(tx, tables::OKTA_IMPORTED_USERS, at(key, row))
}

/// The imported user with this `id` at the target.
pub fn by_account(tx: &impl Reads, key: AppKey, id: &str) -> Result<Option<ImportedUser>, Error> {
    let row = tx
        .open(tables::OKTA_ACCOUNT_TO_IMPORTED_USER)?
        .get((key.org.0, key.app.0, id))?
        .map(|row| row.value());
    match row {
        Some(row) => user(tx, key, Seq(row)),
        None => Ok(None),
    }
}

/// The first `limit` imported users after `after`, in the order in which they were found.
pub fn users(
    tx: &impl Reads,
    key: AppKey,
    after: Seq,
    limit: usize,
) -> Result<Vec<ImportedUser>, Error> {
    page(
        tx,
        tables::OKTA_IMPORTED_USERS,
        key.org,
        key.app,
        after,
        limit,
    )
}

fn of(key: AppKey, result: ImportResult, row: u64) -> (u64, u64, u8, u64) {
    (key.org.0, key.app.0, result.number(), row)
}

/// The `limit` imported users with this result that have `skip` of them before them; those are walked over, and not
/// read.
pub fn with_result(
    tx: &impl Reads,
    key: AppKey,
    result: ImportResult,
    skip: usize,
    limit: usize,
) -> Result<Vec<ImportedUser>, Error> {
    let mut found = Vec::new();
    for entry in tx
        .open(tables::OKTA_RESULT_TO_IMPORTED_USER)?
        .range(of(key, result, 0)..=of(key, result, u64::MAX))?
        .skip(skip)
        .take(limit)
    {
        let (_, _, _, row) = entry?.0.value();
        found.extend(user(tx, key, Seq(row))?);
    }
    Ok(found)
}

/// How many imported users have this result.
pub fn count(tx: &impl Reads, key: AppKey, result: ImportResult) -> Result<u64, Error> {
    let mut count = 0;
    for entry in tx
        .open(tables::OKTA_RESULT_TO_IMPORTED_USER)?
        .range(of(key, result, 0)..=of(key, result, u64::MAX))?
    {
        entry?;
        count += 1;
    }
    Ok(count)
}

/// A row number for a new imported user.
pub fn next_user(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_imported_users")
}

/// Inserts or replaces an imported user; its `id` at the target does not change.
pub fn put_user(tx: &Write<'_>, key: AppKey, new: &ImportedUser) -> Result<(), Error> {
    let row = new.seq.0;
    let old = user(tx, key, new.seq)?.map(|old| old.result);
    if old != Some(new.result) {
        let mut index = tx.table(tables::OKTA_RESULT_TO_IMPORTED_USER)?;
        if let Some(old) = old {
            index.remove(of(key, old, row))?;
        }
        index.insert(of(key, new.result, row), ())?;
    }
    if old.is_none() {
        tx.table(tables::OKTA_ACCOUNT_TO_IMPORTED_USER)?
            .insert((key.org.0, key.app.0, new.external_id.as_str()), row)?;
    }
    rows::put(tx, tables::OKTA_IMPORTED_USERS, at(key, new.seq), new)
}

/// Takes an imported user away.
pub fn remove_user(tx: &Write<'_>, key: AppKey, old: &ImportedUser) -> Result<(), Error> {
    tx.table(tables::OKTA_ACCOUNT_TO_IMPORTED_USER)?.remove((
        key.org.0,
        key.app.0,
        old.external_id.as_str(),
    ))?;
    tx.table(tables::OKTA_RESULT_TO_IMPORTED_USER)?
        .remove(of(key, old.result, old.seq.0))?;
    rows::remove(tx, tables::OKTA_IMPORTED_USERS, at(key, old.seq))
}

// Whom an import found.

/// Whose account was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// An app user's.
    User,
    /// An app group's.
    Group,
}

fn found_at(key: AppKey, what: Found, row: Seq) -> (u64, u64, u8, u64) {
    (key.org.0, key.app.0, what as u8, row.0)
}

/// The last import that found the account of a person or group.
pub fn found_by(tx: &impl Reads, key: AppKey, what: Found, row: Seq) -> Result<Option<Seq>, Error> {
    let found = tx.open(tables::OKTA_IMPORT_FOUND)?;
    Ok(found
        .get(found_at(key, what, row))?
        .map(|run| Seq(run.value())))
}

/// Notes that an import found the account of a person or group.
pub fn put_found(
    tx: &Write<'_>,
    key: AppKey,
    what: Found,
    row: Seq,
    run: Seq,
) -> Result<(), Error> {
    tx.table(tables::OKTA_IMPORT_FOUND)?
        .insert(found_at(key, what, row), run.0)?;
    Ok(())
}

/// Forgets it.
pub(super) fn forget_found(
    tx: &Write<'_>,
    key: AppKey,
    what: Found,
    row: Seq,
) -> Result<(), Error> {
    tx.table(tables::OKTA_IMPORT_FOUND)?
        .remove(found_at(key, what, row))?;
    Ok(())
}

// When the next one begins.

/// When an import of each app begins by itself.
pub fn all_due(tx: &impl Reads) -> Result<Vec<(AppKey, Timestamp)>, Error> {
    tx.open(tables::OKTA_IMPORT_DUE)?
        .iter()?
        .map(|row| {
            let (key, at) = row?;
            let (org, app) = key.value();
            let key = AppKey {
                org: Seq(org),
                app: Seq(app),
            };
            let at = i64::try_from(at.value()).unwrap_or(i64::MAX);
            Ok((key, Timestamp::from_millis(at)))
        })
        .collect()
}

/// When an import of an app begins by itself.
pub fn due(tx: &impl Reads, key: AppKey) -> Result<Option<Timestamp>, Error> {
    let due = tx.open(tables::OKTA_IMPORT_DUE)?;
    let at = due.get((key.org.0, key.app.0))?.map(|at| at.value());
    Ok(at.map(|at| Timestamp::from_millis(i64::try_from(at).unwrap_or(i64::MAX))))
}

/// Sets when an import of an app begins by itself; `None` for never.
pub fn put_due(tx: &Write<'_>, key: AppKey, at: Option<Timestamp>) -> Result<(), Error> {
    let mut due = tx.table(tables::OKTA_IMPORT_DUE)?;
    let row = (key.org.0, key.app.0);
    match at {
        Some(at) => {
            let at = u64::try_from(at.millis()).unwrap_or(0);
            due.insert(row, at)?.is_some()
        }
        None => due.remove(row)?.is_some(),
    };
    Ok(())
}

/// Takes up to `limit` of each kind of thing away that the imports of an app left; whether there is more to do.
pub fn take_apart(tx: &Write<'_>, key: AppKey, limit: usize) -> Result<bool, Error> {
    put_due(tx, key, None)?;
    for run in last(tx, key, limit)? {
        rows::remove(tx, tables::OKTA_IMPORTS, at(key, run.seq))?;
    }
    let some = users(tx, key, Seq(0), limit)?;
    for imported in &some {
        remove_user(tx, key, imported)?;
    }
    Ok(some.len() == limit)
}
