//! What is due when: which cycles should run and which queues be worked off at a moment, and doing that in the calling
//! thread.
//!
//! The scheduler thread of [`Agent`](super::Agent) asks [`places_due`]. Whoever turns the clock far ahead steps
//! from one [`next_due`] to the next and lets [`run_due`] do at each moment what would have happened then.
//! Retries of single objects need no moment of their own: they happen in the first cycle after they are due.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::context::{AgentContext, Place};
use super::jobs::current_cycle;
use super::{cycle, ending, okta, uploads};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::inbound;
use crate::directory::okta::imports;
use crate::error::{Error, Result};
use crate::model::{CycleState, Direction, Job, JobStatus};
use crate::store::jobs::{self, JobKey};
use crate::store::okta::AppKey;
use crate::store::{Reads, Write};

/// Cycles of one job that may follow each other at one moment: a restart during a cycle makes one, an
/// interval of nothing would make endlessly many.
const CYCLES_AT_ONCE: usize = 8;

/// The moment at which the agent has something to do next, which may be past; `None` when no job is started and nothing
/// waits in a queue.
///
/// # Errors
/// The store's.
pub fn next_due(tx: &impl Reads) -> Result<Option<Timestamp>> {
    let mut next: Option<Timestamp> = okta::next_due(tx)?;
    for (key, job) in jobs::all(tx)? {
        if let Some(at) = due_at(tx, key, &job)? {
            next = Some(next.map_or(at, |other| other.min(at)));
        }
    }
    Ok(next)
}

/// After the clock went back: no started job waits longer than its interval for its next cycle, and nothing in a queue of
/// the mock Okta longer than it was to wait.
///
/// # Errors
/// The store's.
pub fn plan_anew(tx: &Write<'_>, _: &Operator, now: Timestamp) -> Result<()> {
    for (key, mut job) in jobs::all(tx)? {
        let latest = now.plus(Duration::from_secs(job.interval_seconds));
        if job.next_run.is_some_and(|at| at > latest) {
            job.next_run = Some(now);
            jobs::put(tx, key.tenant, &job)?;
        }
    }
    imports::plan_anew(tx, now)?;
    okta::plan_anew(tx, now)
}

/// Runs every cycle that is due at `now` in the calling thread, and waits for those that run already; then works off
/// the queues of the mock Okta's apps. Returns how many cycles ran here. A cycle that breaks off counts too: it is
/// recorded as failed.
///
/// # Errors
/// The store's.
pub fn run_due(context: &AgentContext, now: Timestamp) -> Result<u64> {
    let mut cycles = 0;
    let started = jobs::all(&context.store.read()?)?;
    for (key, _) in started {
        for _ in 0..CYCLES_AT_ONCE {
            context.wait_until_idle(key);
            if context.is_shutting_down() || !is_due(context, key, now)? {
                break;
            }
            match run(context, key, now) {
                Rest::Ended => cycles += 1,
                Rest::BrokeOff => {
                    cycles += 1;
                    break;
                }
                // Another thread came first: it is waited for.
                Rest::NotRun => {}
            }
        }
    }
    let queues = {
        let tx = context.store.read()?;
        let apps = okta::due(&tx, now)?.into_iter().map(Place::from);
        let uploads = inbound::due(&tx)?.into_iter().map(Place::uploads);
        apps.chain(uploads).collect::<Vec<_>>()
    };
    for place in queues {
        context.wait_until_idle(place);
        // Another thread that comes first works off the same.
        while !context.is_shutting_down() && run_at(context, place, now) == Rest::NotRun {
            context.wait_until_idle(place);
        }
    }
    Ok(cycles)
}

/// Whether a cycle of a job is due at `now`.
pub(super) fn is_due(context: &AgentContext, key: JobKey, now: Timestamp) -> Result<bool> {
    let tx = context.store.read()?;
    let Some(job) = jobs::find(&tx, key)? else {
        return Ok(false);
    };
    Ok(due_at(&tx, key, &job)?.is_some_and(|at| at <= now))
}

/// Jobs with a cycle that is due now, and queues in which something may begin.
pub(super) fn places_due(context: &AgentContext) -> Result<Vec<Place>> {
    let tx = context.store.read()?;
    let now = context.clock.now();
    let mut due = Vec::new();
    for (key, job) in jobs::all(&tx)? {
        if due_at(&tx, key, &job)?.is_some_and(|at| at <= now) {
            due.push(Place::from(key));
        }
    }
    due.extend(okta::due(&tx, now)?.into_iter().map(Place::from));
    due.extend(inbound::due(&tx)?.into_iter().map(Place::uploads));
    Ok(due)
}

/// Runs the cycle that was due at `now`, or works off a queue.
pub(super) fn run_at(context: &AgentContext, place: Place, now: Timestamp) -> Rest {
    match place {
        Place::Cycles(tenant, job) => run(context, JobKey { tenant, job }, now),
        Place::Queue(org, app) => work_off(context, place, |context| {
            okta::drain(context, AppKey { org, app })
        }),
        Place::Uploads(tenant, job) => work_off(context, place, |context| {
            uploads::drain(context, JobKey { tenant, job })
        }),
    }
}

/// Works off a queue; whatever happens, the process goes on, and what waits is tried again.
fn work_off(
    context: &AgentContext,
    place: Place,
    drain: impl FnOnce(&AgentContext) -> Result<()>,
) -> Rest {
    // Unwind safety: the store rolls back, and the reservation is released by its guard.
    match catch_unwind(AssertUnwindSafe(|| drain(context))) {
        Ok(Ok(())) => Rest::Ended,
        Ok(Err(Error::Conflict { .. })) => Rest::NotRun,
        Ok(Err(error)) => {
            tracing::error!(%error, ?place, "a queue cannot be worked off");
            Rest::BrokeOff
        }
        Err(_) => {
            tracing::error!(?place, "working off a queue broke off");
            Rest::BrokeOff
        }
    }
}

/// When the next cycle of a job is due. A stopped or disabled job with an interrupted cycle is due since that cycle
/// began: stopping lets the running cycle finish.
fn due_at(tx: &impl Reads, key: JobKey, job: &Job) -> Result<Option<Timestamp>> {
    match job.status {
        _ if job.direction == Direction::Inbound => Ok(None),
        JobStatus::Active | JobStatus::Quarantine => Ok(job.next_run),
        JobStatus::NotConfigured => Ok(None),
        JobStatus::Paused | JobStatus::Disabled => {
            let cycle = current_cycle(tx, key, job)?;
            let interrupted = cycle.filter(|c| c.state == CycleState::Running);
            Ok(interrupted.map(|c| c.began))
        }
    }
}

/// How [`run_at`] left a cycle or a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// It came to rest.
    Ended,
    /// There was nothing to run any more: somebody else runs it, or has.
    NotRun,
    /// By an error of this program; it is recorded as failed.
    BrokeOff,
}

/// Runs the cycle that was due at `now`; whatever happens is a row or a line of the log, never the end of the process.
pub(super) fn run(context: &AgentContext, key: JobKey, now: Timestamp) -> Rest {
    // Unwind safety: the store rolls back, and the reservation is released by its guard.
    let reason = match catch_unwind(AssertUnwindSafe(|| cycle::run_if_due(context, key, now))) {
        Ok(Ok(Some(cycle))) => {
            tracing::debug!(cycle = %cycle.id, state = ?cycle.state, requests = cycle.counts.requests, "a cycle came to rest");
            return Rest::Ended;
        }
        Ok(Ok(None)) => return Rest::NotRun,
        Ok(Err(Error::Conflict { detail, .. })) => {
            tracing::debug!(%detail, "no cycle now");
            return Rest::NotRun;
        }
        Ok(Err(error)) => error.to_string(),
        Err(panic) => panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown panic".to_owned()),
    };
    tracing::error!(%reason, "a cycle broke off");
    let sentence = format!("The cycle broke off because of an error in this program: {reason}");
    if let Err(error) = ending::fail(context, key, sentence) {
        tracing::error!(%error, "the failure of a cycle cannot be recorded");
    }
    Rest::BrokeOff
}
