//! Jobs in every state, held to the JSON of the reference.

use super::*;
use crate::id::{Guid, Seq};
use crate::mapping::entra::{inbound, non_gallery};
use crate::model::{CycleCounts, CycleKind, CyclePhase, QuarantineReason};

const ID: &str = "scim.e4bbf44533ea4eabb17027f3a92e92aa.0cb5b8a0-4a2f-4a2b-9d0a-9f8a3a8f5e11";
const ACTIVITY: &str = "44576c58-b14b-407f-8404-3d22ee46ed93";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn fresh() -> Job {
    serde_json::from_value(json!({
        "seq": 1, "id": ID, "application": 1, "status": "NotConfigured", "scope": "AssignedOnly",
        "template": "non-gallery", "rules": non_gallery(), "interval_seconds": 2400, "parallel_exports": 8,
    }))
    .unwrap()
}

fn cycle(state: CycleState) -> Cycle {
    Cycle {
        seq: Seq(1),
        id: ACTIVITY.parse::<Guid>().unwrap(),
        kind: CycleKind::Initial,
        state,
        began: at("2026-04-06T21:45:54.000Z"),
        ended: (state != CycleState::Running).then(|| at("2026-04-06T21:46:31.000Z")),
        head: Seq(0),
        phase: CyclePhase::Users,
        after: Seq(0),
        total: 1_400,
        done: 600,
        counts: CycleCounts {
            examined: 230,
            reference_deltas: 6,
            entitled: 12,
            entitled_for_provisioning: 12,
            exported: 12,
            exports: 14,
            ..CycleCounts::default()
        },
        deletions: crate::model::Deletions::default(),
        admitted: 0,
        error: None,
    }
}

fn shown(job: &Job, standing: &Standing) -> Value {
    job_json(job, standing, at("2026-04-06T21:46:02.000Z"))
}

#[test]
fn a_new_job_is_that_of_the_reference() {
    assert_eq!(
        shown(&fresh(), &Standing::default()),
        json!({
            "id": ID,
            "templateId": "scim",
            "schedule": { "expiration": null, "interval": "P10675199DT2H48M5.4775807S", "state": "Disabled" },
            "status": {
                "countSuccessiveCompleteFailures": 0, "escrowsPruned": false, "code": "NotConfigured",
                "lastExecution": null, "lastSuccessfulExecution": null, "lastSuccessfulExecutionWithExports": null,
                "quarantine": null,
                "steadyStateFirstAchievedTime": "0001-01-01T00:00:00Z",
                "steadyStateLastAchievedTime": "0001-01-01T00:00:00Z",
                "troubleshootingUrl": null, "progress": [], "synchronizedEntryCountByType": [] },
            "synchronizationJobSettings": [],
        })
    );
}

#[test]
fn a_running_healthy_job_is_that_of_the_reference() {
    let mut job = fresh();
    job.status = JobStatus::Active;
    job.cycle = Some(Seq(2));
    job.steady_state_first = Some(at("2026-04-06T21:46:31.000Z"));
    job.steady_state_last = job.steady_state_first;
    job.settings.delete_threshold = Some(500);
    let ended = Some(cycle(CycleState::Succeeded));
    let standing = Standing {
        running: Some(cycle(CycleState::Running)),
        last: ended.clone(),
        successful: ended.clone(),
        with_exports: ended,
        linked_users: 10,
        linked_groups: 2,
    };
    let execution = json!({
        "activityIdentifier": ACTIVITY,
        "countEntitled": 12, "countEntitledForProvisioning": 12,
        "countEscrowed": 0, "countEscrowedRaw": 0,
        "countExported": 12, "countExports": 14,
        "countImported": 230, "countImportedDeltas": 230, "countImportedReferenceDeltas": 6,
        "error": null, "state": "Succeeded",
        "timeBegan": "2026-04-06T21:45:54.000Z", "timeEnded": "2026-04-06T21:46:31.000Z" });
    assert_eq!(
        shown(&job, &standing),
        json!({
            "id": ID,
            "templateId": "scim",
            "schedule": { "expiration": null, "interval": "PT40M", "state": "Active" },
            "status": {
                "countSuccessiveCompleteFailures": 0, "escrowsPruned": false, "code": "Active",
                "lastExecution": execution, "lastSuccessfulExecution": execution,
                "lastSuccessfulExecutionWithExports": execution,
                "quarantine": null,
                "steadyStateFirstAchievedTime": "2026-04-06T21:46:31.000Z",
                "steadyStateLastAchievedTime": "2026-04-06T21:46:31.000Z",
                "troubleshootingUrl": null,
                "progress": [ { "completedUnits": 3, "totalUnits": 7, "units": "pages", "progressObservationDateTime": "2026-04-06T21:46:02.000Z" } ],
                "synchronizedEntryCountByType": [
                    { "key": "User to urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "value": 10 },
                    { "key": "Group to urn:ietf:params:scim:schemas:core:2.0:Group", "value": 2 } ] },
            "synchronizationJobSettings": [ { "name": "QuarantineTooManyDeletesThreshold", "value": "500" } ],
        })
    );
}

#[test]
fn quarantine_and_errors_have_their_fields() {
    let error = ErrorInformation {
        error_code: "SystemForCrossDomainIdentityManagementServiceIncompatible".into(),
        reason: "Not SCIM".into(),
        recommended_action: Some("Correct the Tenant URL.".into()),
    };
    let mut job = fresh();
    job.status = JobStatus::Quarantine;
    job.next_run = Some(at("2026-04-07T05:45:54.000Z"));
    job.successive_complete_failures = 3;
    job.quarantine = Some(Quarantine {
        reason: QuarantineReason::EncounteredQuarantineException,
        began: at("2026-04-06T21:45:54.000Z"),
        count: 3,
        current_began: Some(at("2026-04-06T23:45:54.000Z")),
        error: error.clone(),
    });
    let failed = Cycle {
        error: Some(error),
        ..cycle(CycleState::Failed)
    };
    let standing = Standing {
        last: Some(failed),
        ..Standing::default()
    };
    let shown = shown(&job, &standing);
    let error = json!({
        "code": "SystemForCrossDomainIdentityManagementServiceIncompatible",
        "message": "Not SCIM", "tenantActionable": true });
    let status = &shown["status"];
    assert_eq!(status["code"], "Quarantine");
    assert_eq!(shown["schedule"]["state"], "Active");
    assert_eq!(status["countSuccessiveCompleteFailures"], 3);
    assert_eq!(status["lastExecution"]["state"], "Failed");
    assert_eq!(status["lastExecution"]["error"], error);
    assert_eq!(
        status["quarantine"],
        json!({
            "currentBegan": "2026-04-06T23:45:54.000Z", "nextAttempt": "2026-04-07T05:45:54.000Z",
            "reason": "EncounteredQuarantineException",
            "seriesBegan": "2026-04-06T21:45:54.000Z", "seriesCount": 3, "error": error })
    );
}

#[test]
fn every_state_has_its_code_and_its_schedule() {
    let mut started = fresh();
    started.status = JobStatus::Active;
    let mut inbound_job = started.clone();
    inbound_job.direction = Direction::Inbound;
    inbound_job.rules = inbound();
    let of = |job: &Job| {
        let shown = shown(job, &Standing::default());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        [
            text(&shown["templateId"]),
            text(&shown["status"]["code"]),
            text(&shown["schedule"]["state"]),
            text(&shown["schedule"]["interval"]),
        ]
    };
    assert_eq!(of(&started), ["scim", "NotRun", "Active", "PT40M"]);
    assert_eq!(of(&inbound_job), ["API2AAD", "Active", "Active", "PT40M"]);
    for status in [JobStatus::Paused, JobStatus::Disabled] {
        started.status = status;
        assert_eq!(of(&started), ["scim", "Paused", "Disabled", "PT40M"]);
    }
    started.template = Some("postman-2025".into());
    assert_eq!(of(&started)[0], "postman-2025");
}

#[test]
fn what_a_restart_ended_is_no_execution() {
    for state in [CycleState::Stopped, CycleState::Running] {
        assert_eq!(execution(&cycle(state)), None);
    }
    let partly = execution(&cycle(CycleState::EntryLevelErrors)).unwrap();
    assert_eq!(partly["state"], "EntryLevelErrors");
}

#[test]
fn durations_are_those_of_iso_8601() {
    for (seconds, text) in [
        (0, "PT0S"),
        (2_400, "PT40M"),
        (5_400, "PT1H30M"),
        (86_400, "P1D"),
        (90_061, "P1DT1H1M1S"),
    ] {
        assert_eq!(duration(seconds), text);
    }
}
