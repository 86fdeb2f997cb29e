//! How many links and escrows a job has, without walking them: a page that is asked for every second and the end
//! of a cycle would otherwise cost as much as the directory is large.
//!
//! A counter comes into being with the first change; until then, as in data of earlier versions, the rows are
//! walked.

use redb::ReadableTable;

use super::jobs::JobKey;
use super::{Error, Reads, Write, tables};
use crate::model::ObjectKind;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Links of a kind of objects.
    Links(ObjectKind),
    /// Escrows.
    Escrows,
}

impl Counted {
    /// Everything that is counted, for `check`.
    pub(super) const ALL: [Self; 3] = [
        Self::Links(ObjectKind::User),
        Self::Links(ObjectKind::Group),
        Self::Escrows,
    ];

    /// In the key.
    const fn code(self) -> u8 {
        match self {
            Self::Escrows => 0,
            Self::Links(kind) => kind.code(),
        }
    }
}

fn at(key: JobKey, what: Counted) -> (u64, u64, u8) {
    (key.tenant.0, key.job.0, what.code())
}

/// The counter, if there is one.
pub(super) fn stored(tx: &impl Reads, key: JobKey, what: Counted) -> Result<Option<u64>, Error> {
    let table = tx.open(tables::JOB_COUNTS)?;
    Ok(table.get(at(key, what))?.map(|count| count.value()))
}

/// How many there are.
pub(super) fn get(tx: &impl Reads, key: JobKey, what: Counted) -> Result<u64, Error> {
    match stored(tx, key, what)? {
        Some(count) => Ok(count),
        None => walked(tx, key, what),
    }
}

/// How many rows there are.
pub(super) fn walked(tx: &impl Reads, key: JobKey, what: Counted) -> Result<u64, Error> {
    let (t, j) = (key.tenant.0, key.job.0);
    let (table, from, to) = match what {
        Counted::Links(kind) => (tables::LINKS, kind.code(), kind.code()),
        Counted::Escrows => (tables::ESCROWS, 0, u8::MAX),
    };
    let rows = tx.open(table)?;
    let range = rows.range((t, j, from, 0)..=(t, j, to, u64::MAX))?;
    Ok(range.count() as u64)
}

/// Notes that a row has come or gone. To be called after that.
pub(super) fn add(tx: &Write<'_>, key: JobKey, what: Counted, by: i64) -> Result<(), Error> {
    let count = match stored(tx, key, what)? {
        Some(count) => count.saturating_add_signed(by),
        None => walked(tx, key, what)?,
    };
    tx.table(tables::JOB_COUNTS)?.insert(at(key, what), count)?;
    Ok(())
}

/// Counts no more: the job is gone, and what is left of its rows is walked.
pub(super) fn end(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    for what in Counted::ALL {
        tx.table(tables::JOB_COUNTS)?.remove(at(key, what))?;
    }
    Ok(())
}

/// Notes that all rows have gone.
pub(super) fn forget(tx: &Write<'_>, key: JobKey, what: Counted) -> Result<(), Error> {
    tx.table(tables::JOB_COUNTS)?.insert(at(key, what), 0)?;
    Ok(())
}
