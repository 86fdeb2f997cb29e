//! Group-push mappings of an app, and whom the target was told to be members.

use redb::ReadableTable;

use super::{AppKey, page};
use crate::id::Seq;
use crate::model::okta::PushMapping;
use crate::store::{Error, Reads, Write, rows, tables};

/// The mapping in this row.
pub fn find(tx: &impl Reads, key: AppKey, mapping: Seq) -> Result<Option<PushMapping>, Error> {
    let key = (key.org.0, key.app.0, mapping.0);
    rows::find(tx, tables::OKTA_PUSH_MAPPINGS, key)
}

/// The first `limit` mappings of an app after `after`, oldest first.
pub fn after(
    tx: &impl Reads,
    key: AppKey,
    after: Seq,
    limit: usize,
) -> Result<Vec<PushMapping>, Error> {
    page(
        tx,
        tables::OKTA_PUSH_MAPPINGS,
        key.org,
        key.app,
        after,
        limit,
    )
}

/// The mapping of a group in an app.
pub fn of_group(tx: &impl Reads, key: AppKey, group: Seq) -> Result<Option<PushMapping>, Error> {
    let row = tx
        .open(tables::OKTA_GROUP_TO_PUSH_MAPPING)?
        .get((key.org.0, group.0, key.app.0))?
        .map(|row| row.value());
    match row {
        Some(row) => find(tx, key, Seq(row)),
        None => Ok(None),
    }
}

/// Everywhere a group is pushed to: the app, and the row of the mapping.
pub fn everywhere(tx: &impl Reads, org: Seq, group: Seq) -> Result<Vec<(AppKey, Seq)>, Error> {
    tx.open(tables::OKTA_GROUP_TO_PUSH_MAPPING)?
        .range((org.0, group.0, 0)..=(org.0, group.0, u64::MAX))?
        .map(|row| {
            let (key, mapping) = row?;
            let app = Seq(key.value().2);
            Ok((AppKey { org, app }, Seq(mapping.value())))
        })
        .collect()
}

/// A row number for a new mapping.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_push_mappings")
}

/// Inserts or replaces a mapping; its group does not change.
pub fn put(tx: &Write<'_>, key: AppKey, mapping: &PushMapping) -> Result<(), Error> {
    tx.table(tables::OKTA_GROUP_TO_PUSH_MAPPING)?
        .insert((key.org.0, mapping.group.0, key.app.0), mapping.seq.0)?;
    let row = (key.org.0, key.app.0, mapping.seq.0);
    rows::put(tx, tables::OKTA_PUSH_MAPPINGS, row, mapping)
}

/// Takes a mapping away. Whom the target was told of goes with [`forget`].
pub fn remove(tx: &Write<'_>, key: AppKey, mapping: &PushMapping) -> Result<(), Error> {
    tx.table(tables::OKTA_GROUP_TO_PUSH_MAPPING)?.remove((
        key.org.0,
        mapping.group.0,
        key.app.0,
    ))?;
    let row = (key.org.0, key.app.0, mapping.seq.0);
    rows::remove(tx, tables::OKTA_PUSH_MAPPINGS, row)
}

/// The first `limit` people after `after` whom the target was told to be members, with the `id` it knows each by.
pub fn told(
    tx: &impl Reads,
    key: AppKey,
    mapping: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<(Seq, String)>, Error> {
    let at = |user: u64| (key.org.0, key.app.0, mapping.0, user);
    tx.open(tables::OKTA_PUSHED_MEMBERS)?
        .range(at(after.0.saturating_add(1))..=at(u64::MAX))?
        .take(limit)
        .map(|row| {
            let (user, id) = row?;
            Ok((Seq(user.value().3), id.value().to_owned()))
        })
        .collect()
}

/// Notes that the target was told that somebody is a member, by this `id`; or is none.
pub fn tell(
    tx: &Write<'_>,
    key: AppKey,
    mapping: Seq,
    user: Seq,
    id: Option<&str>,
) -> Result<(), Error> {
    let edge = (key.org.0, key.app.0, mapping.0, user.0);
    let mut told = tx.table(tables::OKTA_PUSHED_MEMBERS)?;
    match id {
        Some(id) => told.insert(edge, id)?.is_some(),
        None => told.remove(edge)?.is_some(),
    };
    Ok(())
}

/// Forgets up to `limit` people whom the target was told of; whether some are left.
pub fn forget(tx: &Write<'_>, key: AppKey, mapping: Seq, limit: usize) -> Result<bool, Error> {
    let people = told(tx, key, mapping, Seq(0), limit)?;
    for (user, _) in &people {
        tell(tx, key, mapping, *user, None)?;
    }
    Ok(people.len() == limit)
}
