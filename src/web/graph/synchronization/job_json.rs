//! `synchronizationJob` as Graph has it (entra.md 6.2 and 6.3). Pure.

use serde_json::{Value, json};

use super::templates;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::{
    Cycle, CycleState, Direction, ErrorInformation, Job, JobStatus, ObjectKind, Quarantine,
};
use crate::store::Reads;
use crate::store::jobs::{self, JobKey};

/// A moment that never was.
const NEVER: &str = "0001-01-01T00:00:00Z";
/// The longest interval that the service knows, of jobs without credentials.
const LONGEST_INTERVAL: &str = "P10675199DT2H48M5.4775807S";
/// Cycles that are looked at to find the last one that came to an end.
const CYCLES: usize = 20;

/// What the rows around a job say of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    running: Option<Cycle>,
    last: Option<Cycle>,
    successful: Option<Cycle>,
    with_exports: Option<Cycle>,
    linked_users: u64,
    linked_groups: u64,
}

impl Standing {
    /// # Errors
    /// The store's.
    pub(super) fn of(tx: &impl Reads, key: JobKey, job: &Job) -> Result<Self> {
        let cycles = jobs::cycles(tx, key, CYCLES)?;
        let row = |row| match row {
            Some(row) => jobs::cycle(tx, key, row),
            None => Ok(None),
        };
        let ended = |cycle: &&Cycle| execution_state(cycle.state).is_some();
        Ok(Self {
            running: row(job.cycle)?.filter(|cycle| cycle.state == CycleState::Running),
            last: cycles.iter().find(ended).cloned(),
            successful: row(job.last_successful)?,
            with_exports: row(job.last_successful_with_exports)?,
            linked_users: jobs::count_links(tx, key, ObjectKind::User)?,
            linked_groups: jobs::count_links(tx, key, ObjectKind::Group)?,
        })
    }
}

/// The job; navigation properties such as `schema` are not in it.
pub(super) fn job_json(job: &Job, standing: &Standing, now: Timestamp) -> Value {
    json!({
        "id": job.id,
        "templateId": templates::of_job(job),
        "schedule": {
            "expiration": null,
            "interval": interval(job),
            "state": if job.status.is_started() { "Active" } else { "Disabled" },
        },
        "status": status(job, standing, now),
        "synchronizationJobSettings": settings(job),
    })
}

fn interval(job: &Job) -> String {
    match job.status {
        JobStatus::NotConfigured => LONGEST_INTERVAL.to_owned(),
        _ => duration(job.interval_seconds),
    }
}

/// `Edm.Duration`: `PT40M`.
fn duration(seconds: u64) -> String {
    let part = |number: u64, unit: char| match number {
        0 => String::new(),
        number => format!("{number}{unit}"),
    };
    let days = part(seconds / 86_400, 'D');
    let time = [
        part(seconds / 3600 % 24, 'H'),
        part(seconds / 60 % 60, 'M'),
        part(seconds % 60, 'S'),
    ]
    .concat();
    match (days.is_empty(), time.is_empty()) {
        (true, true) => "PT0S".to_owned(),
        (_, true) => format!("P{days}"),
        _ => format!("P{days}T{time}"),
    }
}

fn settings(job: &Job) -> Value {
    let threshold = job.settings.delete_threshold.map(
        |number| json!({ "name": "QuarantineTooManyDeletesThreshold", "value": number.to_string() }),
    );
    threshold.into_iter().collect()
}

fn code(job: &Job) -> &'static str {
    match job.status {
        JobStatus::NotConfigured => "NotConfigured",
        JobStatus::Paused | JobStatus::Disabled => "Paused",
        JobStatus::Quarantine => "Quarantine",
        // An inbound job has no cycles to wait for.
        JobStatus::Active if job.cycle.is_none() && job.direction == Direction::Outbound => {
            "NotRun"
        }
        JobStatus::Active => "Active",
    }
}

fn status(job: &Job, standing: &Standing, now: Timestamp) -> Value {
    let executed = |cycle: &Option<Cycle>| cycle.as_ref().and_then(execution);
    json!({
        "countSuccessiveCompleteFailures": job.successive_complete_failures,
        "escrowsPruned": job.escrows_pruned,
        "code": code(job),
        "lastExecution": executed(&standing.last),
        "lastSuccessfulExecution": executed(&standing.successful),
        "lastSuccessfulExecutionWithExports": executed(&standing.with_exports),
        "quarantine": job.quarantine.as_ref().map(|q| quarantine(q, job.next_run)),
        "steadyStateFirstAchievedTime": moment(job.steady_state_first),
        "steadyStateLastAchievedTime": moment(job.steady_state_last),
        "troubleshootingUrl": null,
        "progress": standing.running.iter().map(|cycle| progress(cycle, now)).collect::<Vec<_>>(),
        "synchronizedEntryCountByType": counts(job, standing),
    })
}

fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(|| NEVER.to_owned(), |at| at.to_string())
}

/// `synchronizationTaskExecutionResult`; none while a cycle runs, and of one that a restart ended.
const fn execution_state(state: CycleState) -> Option<&'static str> {
    match state {
        CycleState::Succeeded => Some("Succeeded"),
        CycleState::EntryLevelErrors => Some("EntryLevelErrors"),
        CycleState::Failed => Some("Failed"),
        CycleState::Running | CycleState::Stopped => None,
    }
}

fn execution(cycle: &Cycle) -> Option<Value> {
    let state = execution_state(cycle.state)?;
    let counts = &cycle.counts;
    Some(json!({
        "activityIdentifier": cycle.id.to_string(),
        "countEntitled": counts.entitled,
        "countEntitledForProvisioning": counts.entitled_for_provisioning,
        "countEscrowed": counts.escrowed,
        "countEscrowedRaw": counts.escrowed_raw,
        "countExported": counts.exported,
        "countExports": counts.exports,
        "countImported": counts.examined,
        "countImportedDeltas": counts.examined,
        "countImportedReferenceDeltas": counts.reference_deltas,
        "error": cycle.error.as_ref().map(error),
        "state": state,
        "timeBegan": cycle.began.to_string(),
        "timeEnded": moment(cycle.ended),
    }))
}

fn error(error: &ErrorInformation) -> Value {
    json!({
        "code": error.error_code,
        "message": error.reason,
        "tenantActionable": error.recommended_action.is_some(),
    })
}

fn quarantine(quarantine: &Quarantine, next: Option<Timestamp>) -> Value {
    json!({
        "currentBegan": quarantine.current_began.unwrap_or(quarantine.began).to_string(),
        "nextAttempt": moment(next),
        "reason": quarantine.reason.name(),
        "seriesBegan": quarantine.began.to_string(),
        "seriesCount": quarantine.count,
        "error": error(&quarantine.error),
    })
}

fn progress(cycle: &Cycle, now: Timestamp) -> Value {
    let (completed, total) = cycle.pages();
    json!({
        "completedUnits": completed,
        "totalUnits": total,
        "units": "pages",
        "progressObservationDateTime": now.to_string(),
    })
}

/// How many are linked, of what was ever linked.
fn counts(job: &Job, standing: &Standing) -> Value {
    [
        (&job.rules.users, standing.linked_users),
        (&job.rules.groups, standing.linked_groups),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(mapping, count)| {
        let (source, target) = (mapping.source_type.name(), mapping.target_object_name());
        json!({ "key": format!("{source} to {target}"), "value": count })
    })
    .collect()
}

#[cfg(test)]
mod tests;
