//! What every noun file does with its table: get, put, page, walk.

use std::borrow::Borrow;
use std::ops::ControlFlow;

use redb::{Key, ReadableTable};

use super::gaps::{self, Gaps};
use super::record::{Record, decode, encode};
use super::tables::{Definition, Row};
use super::{Error, Reads, Write};
use crate::id::Seq;

/// The row at a key.
pub(super) fn find<'k, T: Record, K: Key + 'static>(
    tx: &impl Reads,
    table: Definition<K, Row>,
    key: impl Borrow<K::SelfType<'k>>,
) -> Result<Option<T>, Error> {
    match tx.open(table)?.get(key)? {
        Some(bytes) => decode(bytes.value()).map(Some),
        None => Ok(None),
    }
}

/// Inserts or replaces the row at a key.
pub(super) fn put<'k, T: Record, K: Key + 'static>(
    tx: &Write<'_>,
    table: Definition<K, Row>,
    key: impl Borrow<K::SelfType<'k>>,
    row: &T,
) -> Result<(), Error> {
    tx.table(table)?.insert(key, encode(row)?.as_slice())?;
    Ok(())
}

/// Takes the row at a key away.
pub(super) fn remove<'k, K: Key + 'static>(
    tx: &Write<'_>,
    table: Definition<K, Row>,
    key: impl Borrow<K::SelfType<'k>>,
) -> Result<(), Error> {
    tx.table(table)?.remove(key)?;
    Ok(())
}

/// A table of rows keyed by `(tenant, row)`.
pub(super) type Rows = Definition<(u64, u64), Row>;

/// The first `limit` rows after `after`, in creation order.
pub(super) fn page<T: Record>(
    tx: &impl Reads,
    table: Rows,
    tenant: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    if limit == 0 {
        return Ok(rows);
    }
    walk::<T, Error>(tx, table, tenant, after, |row| {
        rows.push(row);
        Ok(if rows.len() == limit {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })?;
    Ok(rows)
}

/// The `limit` rows that have `skip` rows before them; those are not walked over.
pub(super) fn page_at<T: Record>(
    tx: &impl Reads,
    table: Rows,
    gaps: Gaps,
    tenant: Seq,
    skip: usize,
    limit: usize,
) -> Result<Vec<T>, Error> {
    let (first, skip) = gaps::seek(&*tx.open(gaps)?, tenant, skip as u64)?;
    tx.open(table)?
        .range((tenant.0, first.0)..=(tenant.0, u64::MAX))?
        .skip(usize::try_from(skip).unwrap_or(usize::MAX))
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Hands rows after `after` to a function until it breaks, in creation order, one at a time.
pub(super) fn walk<T: Record, E: From<Error>>(
    tx: &impl Reads,
    table: Rows,
    tenant: Seq,
    after: Seq,
    mut each: impl FnMut(T) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let table = tx.open(table)?;
    let range = (tenant.0, after.0.saturating_add(1))..=(tenant.0, u64::MAX);
    for row in table.range(range).map_err(Error::from)? {
        let (_, bytes) = row.map_err(Error::from)?;
        if each(decode(bytes.value())?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// A counter's value as the table has it.
pub(super) fn stored_counter(
    counters: &impl ReadableTable<(u64, &'static str), u64>,
    tenant: Seq,
    kind: &'static str,
) -> Result<u64, Error> {
    Ok(counters.get((tenant.0, kind))?.map_or(0, |v| v.value()))
}

/// Row numbers behind one value of a non-unique index `(tenant, value, row)`.
pub(super) fn seqs_of(
    tx: &impl Reads,
    index: Definition<(u64, &'static str, u64), ()>,
    tenant: Seq,
    value: &str,
) -> Result<Vec<Seq>, Error> {
    tx.open(index)?
        .range((tenant.0, value, 0)..=(tenant.0, value, u64::MAX))?
        .map(|entry| Ok(Seq(entry?.0.value().2)))
        .collect()
}

/// Moves the entry of one row in a non-unique index from its old value to its new one.
pub(super) fn move_entry(
    tx: &Write<'_>,
    index: Definition<(u64, &'static str, u64), ()>,
    tenant: Seq,
    row: Seq,
    old: Option<&str>,
    new: Option<&str>,
) -> Result<(), Error> {
    if old == new {
        return Ok(());
    }
    let mut table = tx.table(index)?;
    if let Some(old) = old {
        table.remove((tenant.0, old, row.0))?;
    }
    if let Some(new) = new {
        table.insert((tenant.0, new, row.0), ())?;
    }
    Ok(())
}
