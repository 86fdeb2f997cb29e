//! How a job stands, on the *Provisioning* tab: what can be done with it, what is wrong with it and the way out,
//! past cycles, technical information.

use super::super::super::console::chart::{CycleFigure, CycleHistory};
use super::super::super::console::entra::provisioning::{Activity, JobActions, JobTrouble};
use super::super::super::console::parts::{Fact, Link, Moment, Notice, Tone, span, thousands};
use super::super::exact;
use super::application_address;
use super::provisioning::Loaded;
use super::provisioning_live::{busy, kind};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::{
    Cycle, CycleState, ErrorInformation, Job, JobEvent, JobStatus, Quarantine, QuarantineReason,
};
use crate::store::{Reads, jobs};

/// Lines of the audit log that the page shows.
const ACTIVITIES: usize = 10;

/// What can be done with the job now.
pub(super) fn actions(base: &str, loaded: &Loaded, now: Timestamp) -> JobActions {
    let to = |what: &str| format!("{base}/provisioning/{what}");
    let none = String::new;
    let running = busy(&loaded.job, loaded.cycles.first(), now);
    match loaded.job.status {
        JobStatus::NotConfigured => JobActions {
            blocked: "Test and save the Admin Credentials first.".into(),
            ..JobActions::default()
        },
        JobStatus::Paused | JobStatus::Disabled => JobActions {
            start: to("start"),
            restart: to("restart"),
            ..JobActions::default()
        },
        JobStatus::Active | JobStatus::Quarantine => JobActions {
            cycle: if running { none() } else { to("cycle") },
            stop: to("stop"),
            restart: to("restart"),
            ..JobActions::default()
        },
    }
}

/// What is wrong with the job as a whole.
pub(super) fn trouble(
    tx: &impl Reads,
    base: &str,
    loaded: &Loaded,
    now: Timestamp,
) -> Result<Option<JobTrouble>> {
    let job = &loaded.job;
    if let Some(disabled) = &job.disabled {
        return Ok(Some(JobTrouble {
            notice: notice(
                "Disabled",
                &disabled.error,
                "Mend it, then start provisioning.",
            ),
            facts: vec![Fact::text("Disabled", Moment::new(disabled.at, now).text)],
            ways: vec![failures(base), restart(base)],
        }));
    }
    if let Some(quarantine) = &job.quarantine {
        let held = jobs::held_deletions(tx, loaded.key)?.len() as u64;
        return Ok(Some(quarantined(base, quarantine, job.next_run, held, now)));
    }
    let Some(failed) = loaded.cycles.first() else {
        return Ok(None);
    };
    let error = failed.error.as_ref();
    let error = error.filter(|_| failed.state == CycleState::Failed);
    Ok(error.map(|error| JobTrouble {
        notice: notice("The last cycle failed", error, ""),
        facts: Vec::new(),
        ways: Vec::new(),
    }))
}

fn notice(what: &str, error: &ErrorInformation, otherwise: &str) -> Notice {
    let what = format!("{what} ({}): {}", error.error_code, error.reason);
    let mend = error.recommended_action.as_deref().unwrap_or(otherwise);
    Notice::new(Tone::Bad, what, mend)
}

fn failures(base: &str) -> Link {
    let log = format!("{base}/provisioning-logs?status=failure");
    Link::new("View failures", log)
}

fn restart(base: &str) -> Link {
    Link::new(
        "Restart provisioning",
        format!("{base}/provisioning/restart"),
    )
}

/// A quarantine: reason, series, and what ends it.
fn quarantined(
    base: &str,
    quarantine: &Quarantine,
    next: Option<Timestamp>,
    held: u64,
    now: Timestamp,
) -> JobTrouble {
    let mend = "Mend it below, test the connection, and save: the next attempt then succeeds.";
    let moment = |at: Timestamp| Moment::new(at, now).text;
    let mut facts = vec![
        Fact::code("Reason", quarantine.reason.name()),
        Fact::text("In quarantine since", moment(quarantine.began)),
        Fact::text("Attempts", thousands(u64::from(quarantine.count))),
        Fact::text("Next attempt", next.map(moment).unwrap_or_default()),
        Fact::text(
            "Disabled if nothing changes",
            exact(
                quarantine
                    .began
                    .plus(std::time::Duration::from_hours(28 * 24)),
            ),
        ),
    ];
    let mut ways = vec![restart(base)];
    match quarantine.reason {
        QuarantineReason::EncounteredQuarantineException => {}
        QuarantineReason::TooManyDeletes => {
            facts.push(Fact::link(
                "Deletions held back",
                thousands(held),
                format!("{base}/provisioning-logs?action=stagedDelete"),
            ));
            let allow = format!("{base}/provisioning/allow-deletes");
            ways.insert(0, Link::new("Allow deletes", allow));
        }
        _ => ways.insert(0, failures(base)),
    }
    JobTrouble {
        notice: notice("Quarantined", &quarantine.error, mend),
        facts,
        ways,
    }
}

/// Past cycles as bars.
pub(super) fn history(cycles: &[Cycle]) -> CycleHistory {
    let figures: Vec<CycleFigure> = cycles
        .iter()
        .rev()
        .filter(|cycle| cycle.ended.is_some())
        .map(|cycle| {
            let c = cycle.counts;
            let changed = c.created + c.updated + c.disabled + c.deleted;
            CycleFigure {
                succeeded: changed,
                failed: c.failed,
                title: format!(
                    "{}, {}: {changed} changed, {} failed, {} skipped",
                    kind(cycle),
                    exact(cycle.began),
                    c.failed,
                    c.skipped
                ),
            }
        })
        .collect();
    CycleHistory::new(&figures)
}

/// *View technical information*.
pub(super) fn technical(loaded: &Loaded) -> Vec<Fact> {
    let job = &loaded.job;
    let moment = |at: Option<Timestamp>| at.map(exact).unwrap_or_default();
    let last = loaded.cycles.iter().find(|cycle| cycle.ended.is_some());
    let duration = last
        .and_then(|cycle| Some(span(cycle.ended?.since(cycle.began))))
        .unwrap_or_default();
    let activity = loaded.cycles.first().map(|cycle| cycle.id.to_string());
    let requests = last.map(|cycle| thousands(cycle.counts.requests));
    vec![
        Fact::text("Completed", moment(last.and_then(|cycle| cycle.ended))),
        Fact::text("Duration", duration),
        Fact::text("Requests sent", requests.unwrap_or_default()),
        Fact::text(
            "Steady state first achieved",
            moment(job.steady_state_first),
        ),
        Fact::text("Steady state last achieved", moment(job.steady_state_last)),
        Fact::text(
            "Provisioning interval",
            format!("{} min", job.interval_seconds / 60),
        ),
        Fact::code("Activity ID", activity.unwrap_or_default()),
        Fact::code("Job ID", &job.id),
        Fact::link(
            "Schema",
            "Review your schema here",
            format!(
                "{}/provisioning/schema",
                application_address(&loaded.application)
            ),
        ),
    ]
}

/// The audit log of a job, newest first.
pub(super) fn activities(job: &Job, now: Timestamp) -> Vec<Activity> {
    let shown = |event: &JobEvent| Activity {
        at: Moment::new(event.at, now),
        name: event.activity.name(),
        detail: event.detail.clone(),
    };
    job.events
        .iter()
        .rev()
        .take(ACTIVITIES)
        .map(shown)
        .collect()
}

/// What the last cycle counted, with the names of `synchronizationTaskExecution`, and what waits.
pub(super) fn numbers(tx: &impl Reads, loaded: &Loaded) -> Result<Vec<Fact>> {
    let waiting = jobs::count_escrows(tx, loaded.key)?;
    let Some(cycle) = loaded.cycles.first() else {
        return Ok(Vec::new());
    };
    let (c, (done, total)) = (cycle.counts, cycle.pages());
    let number = |name: &str, count: u64| Fact::text(name, thousands(count));
    Ok(vec![
        Fact::text(
            "Progress in pages",
            format!("{} of {}", thousands(done), thousands(total)),
        ),
        number("Imported (countImported)", c.examined),
        number(
            "Reference changes (countImportedReferenceDeltas)",
            c.reference_deltas,
        ),
        number("Assigned (countEntitled)", c.entitled),
        number(
            "In scope and active (countEntitledForProvisioning)",
            c.entitled_for_provisioning,
        ),
        number("Exported objects (countExported)", c.exported),
        number("Exports tried (countExports)", c.exports),
        number("Failed objects (countEscrowed)", c.escrowed),
        number("Failures (countEscrowedRaw)", c.escrowed_raw),
        number("References that could not be resolved", c.unresolved),
        number("Deletions held back", c.staged),
        number("Objects that wait for another attempt", waiting),
    ])
}
