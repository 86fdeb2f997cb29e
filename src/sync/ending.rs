//! How a cycle ends: at the probe, at its watermark, or because of an error in this program. Here a job goes into
//! quarantine, leaves it, or is disabled.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::changes::ChangeSet;
use super::context::{AgentContext, Run};
use super::probe::ConnectionFailure;
use super::quarantine::Standing;
use super::save::{Saver, is_running};
use super::{guard, jobs as operations, notify, quarantine};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{
    Cycle, CycleKind, CycleState, Deletions, ErrorInformation, Job, JobStatus, ObjectKind,
    ObjectRef, QuarantineReason,
};
use crate::store::jobs::{self, JobKey};

/// Escrows looked at in one write.
const ESCROWS: usize = 500;

/// The target does not pass the probe: quarantine. An interrupted cycle stays resumable. `job` and `cycle` are as
/// they were planned.
pub(super) fn not_connected(
    context: &AgentContext,
    key: JobKey,
    (planned, mut cycle): (Job, Cycle),
    failure: &ConnectionFailure,
) -> Result<Cycle> {
    let (error, now) = (failure.information(), context.clock.now());
    let resumed = planned.cycle == Some(cycle.seq);
    tracing::warn!(job = %planned.id, code = %error.error_code, "the target does not pass the probe");
    context.store.write(move |tx| -> Result<Cycle> {
        let before = operations::get(tx, key)?;
        if before.cycle != planned.cycle || resumed && !is_running(tx, key, cycle.seq)? {
            return Ok(cycle);
        }
        let mut job = before.clone();
        cycle.error = Some(error.clone());
        cycle.counts.requests += 1;
        job.successive_complete_failures += 1;
        let reason = QuarantineReason::EncounteredQuarantineException;
        quarantine::enter(&mut job, reason, error, now);
        // An interrupted cycle goes on when the target is back, unless nothing is scheduled any more.
        if !(resumed && job.status.is_started()) {
            cycle.state = CycleState::Failed;
            cycle.ended = Some(now);
            job.cycle = Some(cycle.seq);
        }
        notify::tell(tx, key.tenant, &before, &job, now)?;
        jobs::put_cycle(tx, key, &cycle)?;
        jobs::put(tx, key.tenant, &job)?;
        Ok(cycle)
    })
}

/// Ends the cycle: escrows that were resolved, state, watermark, quarantine, next run.
pub(super) fn finish(saver: Saver<'_>, changed: Option<&ChangeSet>) -> Result<Cycle> {
    let Saver { run, mut cycle } = saver;
    let (key, now) = (run.key, run.now());
    if !end_resolved_escrows(run, &cycle, changed)? {
        return stored(&run.context, key, run.cycle);
    }
    cycle.ended = Some(now);
    cycle.done = cycle.total;
    cycle.counts.requests = run.requests.load(Ordering::Relaxed);
    cycle.state = if cycle.counts.failed == 0 {
        CycleState::Succeeded
    } else {
        CycleState::EntryLevelErrors
    };
    let standing = standing(run, &cycle)?;
    let over = quarantine::exceeded(standing, &run.context.settings.thresholds);
    let ended = run
        .context
        .store
        .write(move |tx| -> Result<Option<Cycle>> {
            if !is_running(tx, key, cycle.seq)? {
                return Ok(None);
            }
            let before = operations::get(tx, key)?;
            let mut job = before.clone();
            job.watermark = Some(cycle.head);
            job.force_deletes = false;
            if let (Some(_), CycleKind::Initial) = (over, cycle.kind) {
                // Too many to keep: whoever failed is found again by another initial cycle.
                jobs::remove_all_escrows(tx, key)?;
                job.escrows_pruned = true;
                job.watermark = None;
            } else if cycle.kind == CycleKind::Initial {
                job.escrows_pruned = false;
            }
            match held(&job, &cycle).or_else(|| {
                over.map(|reason| (reason, quarantine::too_many_failures(reason, standing)))
            }) {
                Some((reason, error)) => quarantine::enter(&mut job, reason, error, now),
                None => quarantine::leave(&mut job),
            }
            if job.status == JobStatus::Active {
                job.next_run = Some(after_interval(&job, now));
            }
            if cycle.state == CycleState::Succeeded {
                note_success(&mut job, &cycle, now);
            }
            notify::tell(tx, key.tenant, &before, &job, now)?;
            jobs::put(tx, key.tenant, &job)?;
            jobs::put_cycle(tx, key, &cycle)?;
            Ok(Some(cycle))
        })?;
    match ended {
        Some(cycle) => Ok(cycle),
        None => stored(&run.context, key, run.cycle),
    }
}

/// A cycle without failures. Deletions held back are something that remains to be done.
fn note_success(job: &mut Job, cycle: &Cycle, now: Timestamp) {
    job.last_successful = Some(cycle.seq);
    if cycle.counts.exports > 0 {
        job.last_successful_with_exports = Some(cycle.seq);
    }
    if cycle.deletions != Deletions::Held {
        job.steady_state_first.get_or_insert(now);
        job.steady_state_last = Some(now);
    }
}

/// How the job stands: failures are what waits for another attempt, from whatever cycle. Links of objects that failed
/// are looked for only when there are enough failures to matter.
fn standing(run: &Run, cycle: &Cycle) -> Result<Standing> {
    let (key, tx) = (run.key, run.context.store.read()?);
    let failures = jobs::count_escrows(&tx, key)?;
    let linked = jobs::count_links(&tx, key, ObjectKind::User)?
        + jobs::count_links(&tx, key, ObjectKind::Group)?;
    let mut failed_and_linked = 0;
    if failures >= run.context.settings.thresholds.evaluated_from {
        jobs::walk_escrows(&tx, key, None, |escrow| -> Result<ControlFlow<()>> {
            failed_and_linked += u64::from(jobs::link(&tx, key, escrow.source)?.is_some());
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(Standing {
        failures,
        successes: linked.saturating_sub(failed_and_linked),
        references: cycle.counts.unresolved,
    })
}

/// Whether deletions are held back, and what the status then says.
fn held(job: &Job, cycle: &Cycle) -> Option<(QuarantineReason, ErrorInformation)> {
    let threshold = job.settings.delete_threshold?;
    (cycle.deletions == Deletions::Held).then(|| {
        let error = guard::too_many(threshold, cycle.counts.staged);
        (QuarantineReason::TooManyDeletes, error)
    })
}

fn after_interval(job: &Job, now: Timestamp) -> Timestamp {
    now.plus(Duration::from_secs(job.interval_seconds))
}

/// Ends the escrows of objects that were tried in this cycle and did not fail, some at a time. False when the cycle
/// was ended by a restart meanwhile.
fn end_resolved_escrows(run: &Run, cycle: &Cycle, changed: Option<&ChangeSet>) -> Result<bool> {
    let (key, seq) = (run.key, cycle.seq);
    let mut after: Option<ObjectRef> = None;
    loop {
        let (mut looked, mut resolved) = (0, Vec::new());
        let tx = run.context.store.read()?;
        jobs::walk_escrows(&tx, key, after, |escrow| -> Result<ControlFlow<()>> {
            looked += 1;
            after = Some(escrow.source);
            let tried = changed.is_none_or(|c| c.contains(escrow.source));
            if tried && escrow.cycle != seq {
                resolved.push(escrow.source);
            }
            Ok(if looked < ESCROWS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        drop(tx);
        if !resolved.is_empty() {
            let running = run.context.store.write(move |tx| -> Result<bool> {
                let running = is_running(tx, key, seq)?;
                for object in resolved.into_iter().filter(|_| running) {
                    jobs::remove_escrow(tx, key, object)?;
                }
                Ok(running)
            })?;
            if !running {
                return Ok(false);
            }
        }
        if looked < ESCROWS {
            return Ok(true);
        }
    }
}

/// The row of a cycle as it is in the store.
pub(super) fn stored(context: &AgentContext, key: JobKey, cycle: Seq) -> Result<Cycle> {
    let snapshot = context.store.read()?;
    jobs::cycle(&snapshot, key, cycle)?.ok_or_else(|| Error::not_found("cycle", cycle))
}

/// Records that a cycle could not go on because of an error in this program.
pub(super) fn fail(context: &AgentContext, key: JobKey, reason: String) -> Result<()> {
    let now = context.clock.now();
    context.store.write(move |tx| {
        let mut job = operations::get(tx, key)?;
        if let Some(mut cycle) = operations::current_cycle(tx, key, &job)?
            && cycle.state == CycleState::Running
        {
            cycle.state = CycleState::Failed;
            cycle.ended = Some(now);
            cycle.error = Some(ErrorInformation {
                error_code: "InternalError".to_owned(),
                reason,
                recommended_action: Some("Look into the log of this program.".to_owned()),
            });
            jobs::put_cycle(tx, key, &cycle)?;
        }
        if job.status.is_started() {
            job.next_run = Some(after_interval(&job, now));
        }
        job.successive_complete_failures += 1;
        jobs::put(tx, key.tenant, &job)?;
        Ok(())
    })
}
