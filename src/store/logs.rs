//! The provisioning log: append-only, read newest first.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::jobs::JobKey;
use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::LogEntry;

/// Appends an entry; the position is assigned here.
pub fn append(tx: &Write<'_>, tenant: Seq, mut entry: LogEntry) -> Result<Seq, Error> {
    entry.seq = tx.next_seq(tenant, "log_entries")?;
    rows::put(tx, tables::LOG_ENTRIES, (tenant.0, entry.seq.0), &entry)?;
    tx.table(tables::JOB_TO_LOG_ENTRY)?
        .insert((tenant.0, entry.job.0, entry.seq.0), ())?;
    Ok(entry.seq)
}

/// The entry at this position.
pub fn find(tx: &impl Reads, tenant: Seq, entry: Seq) -> Result<Option<LogEntry>, Error> {
    rows::find(tx, tables::LOG_ENTRIES, (tenant.0, entry.0))
}

/// Hands the entries of a job before `before` (all when `None`) to a function, newest first, until it
/// breaks.
pub fn walk_back<E: From<Error>>(
    tx: &impl Reads,
    key: JobKey,
    before: Option<Seq>,
    mut each: impl FnMut(LogEntry) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let end = before.map_or(u64::MAX, |s| s.0);
    let index = tx.open(tables::JOB_TO_LOG_ENTRY)?;
    let (t, j) = (key.tenant.0, key.job.0);
    for entry in index
        .range((t, j, 0)..(t, j, end))
        .map_err(Error::from)?
        .rev()
    {
        let seq = Seq(entry.map_err(Error::from)?.0.value().2);
        if let Some(row) = find(tx, key.tenant, seq)?
            && each(row)?.is_break()
        {
            break;
        }
    }
    Ok(())
}
