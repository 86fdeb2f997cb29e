//! `provisioningObjectSummary`: an entry as `GET /auditLogs/provisioning` shows it.
//!
//! The two versions differ in what the beta kept of its first shape: capitalised `action`, `statusInfo` and
//! `initiatedBy.initiatingType`.

use serde_json::{Value as Json, json};

use super::{SERVICE, Surroundings, modified_properties, step_details};
use crate::clock::Timestamp;
use crate::model::{ErrorInformation, LogEntry, Status};

/// A version of Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `/v1.0`.
    V1,
    /// `/beta`: the fields of version 1 and its own older ones.
    Beta,
}

/// The entry.
pub fn provisioning_object_summary(entry: &LogEntry, of: &Surroundings, version: Version) -> Json {
    let steps: Vec<Json> = entry
        .steps
        .iter()
        .map(|step| {
            json!({
                "name": step.name,
                "provisioningStepType": step.kind.name(),
                "status": step.status.name(),
                "description": step.description,
                "details": step_details(step),
            })
        })
        .collect();
    let mut summary = json!({
        "id": of.id(entry.seq).to_string(),
        "activityDateTime": seconds(entry.activity_date_time),
        "tenantId": of.tenant_id.to_string(),
        "jobId": of.job_id,
        "cycleId": entry.cycle_id.to_string(),
        "changeId": of.change_id(entry.seq).to_string(),
        "provisioningAction": entry.action.name(),
        "durationInMilliseconds": entry.duration_in_milliseconds,
        "provisioningStatusInfo": {
            "status": entry.status.name(),
            "errorInformation": entry.error.as_ref().map(|error| information(entry.status, error)),
        },
        "provisioningSteps": steps,
        "modifiedProperties": modified_properties(entry),
        "servicePrincipal": {
            "id": of.service_principal_id.to_string(),
            "displayName": of.service_principal,
        },
        "sourceSystem": {
            "id": of.source_system.to_string(),
            "displayName": of.source_name(),
            "details": {},
        },
        "targetSystem": {
            "id": of.target_system.to_string(),
            "displayName": of.target_name(),
            "details": {
                "ApplicationId": of.application_id.to_string(),
                "ServicePrincipalId": of.service_principal_id.to_string(),
                "ServicePrincipalDisplayName": of.service_principal,
            },
        },
        "initiatedBy": initiated_by(entry, version),
        "sourceIdentity": {
            "id": entry.source.id,
            "displayName": entry.source.display_name,
            "identityType": entry.kind.name(),
            "details": source_details(entry),
        },
        "targetIdentity": {
            "id": entry.target.id,
            "displayName": if entry.target.id.is_empty() {
                ""
            } else {
                &entry.target.display_name
            },
            "identityType": of.target_type(entry.kind),
            "details": {},
        },
    });
    if version == Version::Beta
        && let Some(members) = summary.as_object_mut()
    {
        members.insert("action".to_owned(), json!(entry.action.label()));
        members.insert("statusInfo".to_owned(), status_info(entry));
    }
    summary
}

/// A moment without fractions, as the service shows it.
fn seconds(at: Timestamp) -> String {
    let text = at.to_string();
    match text.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => text,
    }
}

fn initiated_by(entry: &LogEntry, version: Version) -> Json {
    let (name, kind) = match &entry.initiated_by {
        Some(name) => (name.as_str(), "user"),
        None => (SERVICE, "system"),
    };
    let mut by = json!({ "id": "", "displayName": name, "initiatorType": kind });
    if version == Version::Beta
        && let Some(members) = by.as_object_mut()
    {
        members.insert("initiatingType".to_owned(), json!(kind));
    }
    by
}

fn source_details(entry: &LogEntry) -> Json {
    let mut details = json!({
        "id": entry.source.id,
        "odatatype": entry.kind.name(),
        "DisplayName": entry.source.display_name,
    });
    // The target's identity has the name by which the steps call a user: the principal name.
    if entry.kind == crate::model::ObjectKind::User
        && !entry.target.display_name.is_empty()
        && let Some(members) = details.as_object_mut()
    {
        let name = json!(entry.target.display_name);
        members.insert("UserPrincipalName".to_owned(), name);
    }
    details
}

fn information(status: Status, error: &ErrorInformation) -> Json {
    json!({
        "errorCode": error.error_code,
        "reason": error.reason,
        "additionalDetails": null,
        "errorCategory": category(status, error),
        "recommendedAction": error.recommended_action,
    })
}

/// `errorCategory`: whose fault it is. The service's own are errors inside it; what was skipped is none.
fn category(status: Status, error: &ErrorInformation) -> &'static str {
    match status {
        Status::Skipped | Status::Success => "success",
        Status::Failure | Status::Warning if error.error_code == "InternalError" => "failure",
        Status::Failure | Status::Warning => "nonServiceFailure",
    }
}

fn status_info(entry: &LogEntry) -> Json {
    let mut info = json!({
        "@odata.type": if entry.error.is_some() {
            "#microsoft.graph.statusDetails"
        } else {
            "#microsoft.graph.statusBase"
        },
        "status": entry.status.name(),
    });
    if let (Some(error), Some(members)) = (&entry.error, info.as_object_mut())
        && let Json::Object(more) = information(entry.status, error)
    {
        members.extend(more);
    }
    info
}
