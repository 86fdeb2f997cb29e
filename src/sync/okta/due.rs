//! What is due when: the queues in which something may begin.

use std::collections::BTreeSet;

use super::next::{WINDOW, earliest};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::store::Reads;
use crate::store::okta::{AppKey, imports, jobs};

/// The moment at which something in a queue may begin next, which may be past; `None` when nothing waits.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn next_due(tx: &impl Reads) -> Result<Option<Timestamp>> {
    Ok(queues(tx)?.into_iter().map(|(_, at)| at).min())
}

/// Apps in whose queues something may begin at a moment.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn due(tx: &impl Reads, now: Timestamp) -> Result<Vec<AppKey>> {
    let queues = queues(tx)?.into_iter();
    let due: BTreeSet<AppKey> = queues
        .filter(|(_, at)| *at <= now)
        .map(|(key, _)| key)
        .collect();
    Ok(due.into_iter().collect())
}

fn queues(tx: &impl Reads) -> Result<Vec<(AppKey, Timestamp)>> {
    // An import that begins by itself is the first thing that happens to a queue.
    let mut queues = imports::all_due(tx)?;
    for key in jobs::waiting(tx)? {
        let waiting = jobs::after(tx, key, Seq(0), WINDOW)?;
        queues.extend(earliest(&waiting).map(|at| (key, at)));
    }
    Ok(queues)
}
