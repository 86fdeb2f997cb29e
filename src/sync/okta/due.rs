//! What is due when: the queues in which something may begin.

use std::collections::BTreeSet;
use std::time::Duration;

use super::next::{WINDOW, earliest};
use super::outcome::DEFAULT_WAIT;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::okta::ProvisioningJob;
use crate::store::okta::{AppKey, imports, jobs};
use crate::store::{Reads, Write};

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

/// After the clock went back: nothing in a queue waits longer than it was to wait.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn plan_anew(tx: &Write<'_>, now: Timestamp) -> Result<()> {
    for key in jobs::waiting(tx)? {
        let mut after = Seq(0);
        loop {
            let page = jobs::after(tx, key, after, WINDOW)?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for job in page {
                let latest = now.plus(wait(&job));
                if job.due > latest {
                    jobs::put(tx, key, &ProvisioningJob { due: latest, ..job })?;
                }
            }
        }
    }
    Ok(())
}

/// How long a job was to wait when it was put back last.
fn wait(job: &ProvisioningJob) -> Duration {
    Duration::from_secs(match (job.attempts, job.reactivations) {
        (0, 0) => 0,
        (0, _) => DEFAULT_WAIT,
        _ => job.waited,
    })
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
