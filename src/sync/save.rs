//! Saving: outcomes, links, escrows, log entries, counts and cursor in one write.
//!
//! The cursor of a cycle only moves past objects whose outcomes are in the same write. That is what
//! makes a cycle resumable after a crash at any point.

use std::sync::atomic::Ordering;

use super::context::Run;
use super::outcome::{LinkChange, Outcome};
use super::{escrow, jobs as operations, notify, quarantine};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Cycle, CyclePhase, CycleState, Deletions, ErrorInformation};
use crate::store::jobs::{self, JobKey};
use crate::store::{Write, logs};

/// Whether to go on after a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saved {
    /// It is written.
    GoOn,
    /// Nothing was written: the cycle was ended by a restart.
    Ended,
    /// It is written, and the observer wants no more.
    Abandoned,
}

/// Owns the row of the running cycle.
pub(super) struct Saver<'a> {
    pub(super) run: &'a Run,
    pub(super) cycle: Cycle,
}

impl Saver<'_> {
    /// Saves outcomes; `after` is the new cursor, `done` how many units of work are behind it.
    pub(super) fn save(&mut self, outcomes: Vec<Outcome>, after: Seq, done: u64) -> Result<Saved> {
        let mut cycle = self.cycle.clone();
        cycle.after = after;
        cycle.done += done;
        cycle.counts.requests = self.run.requests.load(Ordering::Relaxed);
        for outcome in &outcomes {
            outcome.count(&mut cycle.counts, cycle.phase);
            cycle.admitted += u64::from(outcome.admitted);
        }
        if self.run.guard.is_held() {
            cycle.deletions = Deletions::Held;
        }
        let (key, now, mut row) = (self.run.key, self.run.now(), cycle);
        let written = self
            .run
            .context
            .store
            .write(move |tx| -> Result<Option<Cycle>> {
                if !is_running(tx, key, row.seq)? {
                    return Ok(None);
                }
                for outcome in outcomes {
                    apply(tx, key, &mut row, outcome, now)?;
                }
                jobs::put_cycle(tx, key, &row)?;
                Ok(Some(row))
            })?;
        match written {
            Some(cycle) => self.cycle = cycle,
            None => return Ok(Saved::Ended),
        }
        match &self.run.context.settings.observer {
            Some(observer) if observer(&self.cycle).is_break() => Ok(Saved::Abandoned),
            _ => Ok(Saved::GoOn),
        }
    }
}

/// Whether the cycle still is the job's running one.
pub(super) fn is_running(tx: &Write<'_>, key: JobKey, cycle: Seq) -> Result<bool> {
    // Its application was deleted.
    let Some(job) = jobs::find(tx, key)? else {
        return Ok(false);
    };
    let row = jobs::cycle(tx, key, cycle)?;
    Ok(job.cycle == Some(cycle) && row.is_some_and(|c| c.state == CycleState::Running))
}

fn apply(
    tx: &Write<'_>,
    key: JobKey,
    cycle: &mut Cycle,
    outcome: Outcome,
    now: Timestamp,
) -> Result<()> {
    let object = outcome.object;
    let failure = outcome.failure().cloned();
    let staged = outcome.is_staged();
    match outcome.link {
        LinkChange::Keep => {}
        LinkChange::Put(link) => jobs::put_link(tx, key, &link)?,
        LinkChange::Remove => jobs::remove_link(tx, key, object)?,
    }
    for member in outcome.added {
        jobs::add_exported_member(tx, key, object.seq, member)?;
    }
    for member in outcome.removed {
        jobs::remove_exported_member(tx, key, object.seq, member)?;
    }
    let Some(mut entry) = outcome.entry else {
        return Ok(());
    };
    if matches!(cycle.phase, CyclePhase::Users | CyclePhase::Groups) {
        jobs::hold_deletion(tx, key, object, staged)?;
    }
    if let Some(error) = failure {
        let old = jobs::escrow(tx, key, object)?;
        let first_in_cycle = old.as_ref().is_none_or(|old| old.cycle != cycle.seq);
        cycle.counts.escrowed += u64::from(first_in_cycle);
        let escrow = escrow::after_failure(old, object, cycle.seq, error, now);
        if escrow::is_over(&escrow, now) {
            jobs::remove_escrow(tx, key, object)?;
            give_up(tx, key, &entry.source.display_name, &escrow.error, now)?;
        } else {
            if let Some(error) = &mut entry.error {
                escrow::announce(&mut error.reason, &escrow);
            }
            jobs::put_escrow(tx, key, &escrow)?;
        }
    }
    logs::append(tx, key.tenant, entry)?;
    Ok(())
}

/// An object failed for 28 days: the job is disabled. The running cycle goes on to its end.
fn give_up(
    tx: &Write<'_>,
    key: JobKey,
    name: &str,
    error: &ErrorInformation,
    now: Timestamp,
) -> Result<()> {
    let before = operations::get(tx, key)?;
    let mut job = before.clone();
    quarantine::disable(&mut job, escrow::gave_up(name, error), now);
    notify::tell(tx, key.tenant, &before, &job, now)?;
    jobs::put(tx, key.tenant, &job)?;
    Ok(())
}
