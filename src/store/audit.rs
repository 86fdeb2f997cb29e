//! The record of a team's writes: appended, never changed.

use redb::ReadableTable;

use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::AuditEvent;

/// Appends an event.
pub fn append(tx: &Write<'_>, team: Seq, event: &AuditEvent) -> Result<(), Error> {
    let position = tx.next_seq(team, "audit")?;
    rows::put(tx, tables::TEAM_AUDIT, (team.0, position.0), event)
}

/// The `limit` events before a position, newest first; without one, the newest.
pub fn page(
    tx: &impl Reads,
    team: Seq,
    before: Option<Seq>,
    limit: usize,
) -> Result<Vec<(Seq, AuditEvent)>, Error> {
    let end = before.map_or(u64::MAX, |position| position.0.saturating_sub(1));
    tx.open(tables::TEAM_AUDIT)?
        .range((team.0, 0)..=(team.0, end))?
        .rev()
        .take(limit)
        .map(|row| {
            let (key, bytes) = row?;
            Ok((Seq(key.value().1), decode(bytes.value())?))
        })
        .collect()
}
