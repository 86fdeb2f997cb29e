//! The recycle bin of a tenant: its objects by the moment of their deletion.

use redb::ReadableTable;

use super::groups::object;
use super::{Error, Reads, Write, tables};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::ObjectRef;

type Key = (u64, u64, u8, u64);

/// Moments before 1970 count as its first.
fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.millis()).unwrap_or(0)
}

/// The key of an object that was deleted then.
pub(super) fn key(tenant: Seq, deleted: Timestamp, object: ObjectRef) -> Key {
    (tenant.0, millis(deleted), object.kind.code(), object.seq.0)
}

/// Moves the entry of an object.
pub(super) fn index(
    tx: &Write<'_>,
    tenant: Seq,
    object: ObjectRef,
    old: Option<Timestamp>,
    new: Option<Timestamp>,
) -> Result<(), Error> {
    if old == new {
        return Ok(());
    }
    let mut entries = tx.table(tables::DELETED_OBJECTS)?;
    if let Some(old) = old {
        entries.remove(key(tenant, old, object))?;
    }
    if let Some(new) = new {
        entries.insert(key(tenant, new, object), ())?;
    }
    Ok(())
}

/// Up to `limit` objects that were deleted at `moment` or earlier, the longest ago first.
pub fn deleted_until(
    tx: &impl Reads,
    tenant: Seq,
    moment: Timestamp,
    limit: usize,
) -> Result<Vec<ObjectRef>, Error> {
    let last = (tenant.0, millis(moment), u8::MAX, u64::MAX);
    tx.open(tables::DELETED_OBJECTS)?
        .range((tenant.0, 0, 0, 0)..=last)?
        .take(limit)
        .map(|entry| {
            let (_, _, code, seq) = entry?.0.value();
            object(code, seq)
        })
        .collect()
}

/// Every object in the bin, the last deleted first.
pub fn all(tx: &impl Reads, tenant: Seq) -> Result<Vec<ObjectRef>, Error> {
    tx.open(tables::DELETED_OBJECTS)?
        .range((tenant.0, 0, 0, 0)..=(tenant.0, u64::MAX, u8::MAX, u64::MAX))?
        .rev()
        .map(|entry| {
            let (_, _, code, seq) = entry?.0.value();
            object(code, seq)
        })
        .collect()
}

/// Up to `limit` objects that lie in the bin and were deleted before the one at `after` was, the last deleted first.
pub fn deleted_before(
    tx: &impl Reads,
    tenant: Seq,
    after: Option<(Timestamp, ObjectRef)>,
    limit: usize,
) -> Result<Vec<(Timestamp, ObjectRef)>, Error> {
    let end = after.map_or((tenant.0, u64::MAX, u8::MAX, u64::MAX), |(at, object)| {
        key(tenant, at, object)
    });
    tx.open(tables::DELETED_OBJECTS)?
        .range((tenant.0, 0, 0, 0)..end)?
        .rev()
        .take(limit)
        .map(|entry| {
            let (_, millis, code, seq) = entry?.0.value();
            let at = Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
            Ok((at, object(code, seq)?))
        })
        .collect()
}
