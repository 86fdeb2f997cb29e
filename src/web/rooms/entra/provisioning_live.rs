//! The part of the *Provisioning* tab that changes while a cycle runs: state, progress, counters.

use std::time::Duration;

use super::super::super::console::entra::provisioning::{
    Counter, Progress, ProvisioningLive, cycle_sentence, job_pill,
};
use super::super::super::console::parts::{Moment, span, thousands};
use super::{Rates, application_address, rates};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{
    Application, Cycle, CycleKind, CyclePhase, CycleState, Job, JobStatus, ObjectKind, Status,
};
use crate::store::jobs::JobKey;
use crate::store::logs::Condition;
use crate::store::{Reads, jobs, logs};

/// Cycles that counters, history and the overview look back on.
const LOOK_BACK: usize = 40;

/// The state of a job in one word.
pub(super) fn word(job: &Job) -> &'static str {
    match job.status {
        JobStatus::NotConfigured => "Not configured",
        JobStatus::Paused => "Off",
        JobStatus::Active => "On",
        JobStatus::Quarantine => "Quarantined",
        JobStatus::Disabled => "Disabled",
    }
}

/// Whether a cycle runs or is about to.
pub(in super::super) fn busy(job: &Job, cycle: Option<&Cycle>, now: Timestamp) -> bool {
    cycle.is_some_and(|cycle| cycle.state == CycleState::Running)
        || (job.status.is_started() && job.next_run.is_some_and(|at| at <= now))
}

/// The fragment.
pub(super) fn live(
    tx: &impl Reads,
    application: &Application,
    (key, job): (JobKey, &Job),
    cycles: &[Cycle],
    rates: &Rates,
    now: Timestamp,
) -> Result<ProvisioningLive> {
    let base = application_address(application);
    let cycle = cycles.first();
    let running = cycle.filter(|cycle| cycle.state == CycleState::Running);
    let progress = match running {
        Some(cycle) => Some(live_progress(tx, key, cycle, rates, now)?),
        None => None,
    };
    Ok(ProvisioningLive {
        poll: if busy(job, cycle, now) {
            format!("{base}/provisioning/live")
        } else {
            String::new()
        },
        status: job_pill(if running.is_some() {
            "Running"
        } else {
            word(job)
        }),
        strip: strip(job, cycle, now),
        progress,
        counters: counters(&base, cycles),
    })
}

/// *Initial cycle* or *Incremental cycle*.
pub(super) const fn kind(cycle: &Cycle) -> &'static str {
    match cycle.kind {
        CycleKind::Initial => "Initial cycle",
        CycleKind::Incremental => "Incremental cycle",
    }
}

fn strip(job: &Job, cycle: Option<&Cycle>, now: Timestamp) -> Vec<String> {
    let mut strip = Vec::new();
    if let Some(cycle) = cycle {
        let how = match cycle.state {
            CycleState::Running => "started",
            CycleState::Succeeded => "complete",
            CycleState::EntryLevelErrors => "complete, with failures,",
            CycleState::Failed => "failed",
            CycleState::Stopped => "ended by a restart",
        };
        let at = Moment::new(cycle.ended.unwrap_or(cycle.began), now);
        strip.push(cycle_sentence(&format!("{} {how}", kind(cycle)), &at));
    }
    match job.next_run {
        _ if cycle.is_some_and(|c| c.state == CycleState::Running) => {}
        Some(at) if at > now => strip.push(format!("Next cycle {}", Moment::new(at, now).text)),
        Some(_) => strip.push("A cycle starts now".into()),
        None => strip.push("Nothing is provisioned until it is started".into()),
    }
    strip
}

/// Progress of a running cycle.
pub(in super::super) fn live_progress(
    tx: &impl Reads,
    key: JobKey,
    cycle: &Cycle,
    rates: &Rates,
    now: Timestamp,
) -> Result<Progress> {
    let phase = match cycle.phase {
        CyclePhase::Users => "users",
        CyclePhase::Groups => "groups",
        CyclePhase::Managers => "managers",
        CyclePhase::Members => "members",
    };
    // The total is an estimate: it never looks smaller than what is done.
    let total = cycle.total.max(cycle.done);
    let average = rates::per_second(cycle.done, now.since(cycle.began));
    let left = match (total - cycle.done).checked_div(u64::from(average)) {
        Some(seconds) if seconds > 0 => {
            format!("about {} left", span(Duration::from_secs(seconds)))
        }
        _ => String::new(),
    };
    Ok(Progress {
        phase: format!("{}: {phase}", kind(cycle)),
        done: cycle.done,
        total,
        numbers: format!("{} of {}", thousands(cycle.done), thousands(total)),
        rate: rates.note(cycle.id, cycle.done, now),
        left,
        last_error: if cycle.counts.failed > 0 {
            last_failure(tx, key, cycle)?
        } else {
            String::new()
        },
    })
}

/// The newest failure of a cycle.
fn last_failure(tx: &impl Reads, key: JobKey, cycle: &Cycle) -> Result<String> {
    let wanted = [
        Condition::Jobs(vec![key.job]),
        Condition::Cycle {
            id: cycle.id,
            is: true,
        },
        Condition::Statuses(vec![Status::Failure]),
    ];
    let failed = logs::newest(tx, key.tenant, &wanted, 1)?;
    Ok(failed.into_iter().next().map_or_else(String::new, |entry| {
        let reason = entry.error.map(|error| error.reason).unwrap_or_default();
        format!("{}: {reason}", entry.source.display_name)
    }))
}

fn counters(base: &str, cycles: &[Cycle]) -> Vec<Counter> {
    let sum = |count: fn(&Cycle) -> u64| cycles.iter().map(count).sum();
    let log = |query: &str| format!("{base}/provisioning-logs?{query}");
    vec![
        Counter::new(
            "Created",
            sum(|c| c.counts.created),
            log("action=create&status=success"),
        ),
        Counter::new(
            "Updated",
            sum(|c| c.counts.updated),
            log("action=update&status=success"),
        ),
        Counter::new(
            "Disabled",
            sum(|c| c.counts.disabled),
            log("action=disable&status=success"),
        ),
        Counter::new("Failed", sum(|c| c.counts.failed), log("status=failure")),
    ]
}

/// Objects in the target that the job knows of.
pub(super) fn linked(tx: &impl Reads, key: JobKey, kind: ObjectKind) -> Result<u64> {
    Ok(jobs::count_links(tx, key, kind)?)
}

/// The latest cycles, newest first.
pub(in super::super) fn latest(tx: &impl Reads, tenant: Seq, job: &Job) -> Result<Vec<Cycle>> {
    let key = JobKey {
        tenant,
        job: job.seq,
    };
    Ok(jobs::cycles(tx, key, LOOK_BACK)?)
}
