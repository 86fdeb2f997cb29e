//! The answer of `provisionOnDemand`: a `stringKeyStringValuePair` whose key and value are JSON texts.
//!
//! It is older than the provisioning logs of today: names of fields differ from `provisioningObjectSummary`, types of
//! steps are capitalised, and the source has its old name.

use serde_json::{Value as Json, json};

use super::{OLD_SOURCE, SOURCE, Surroundings, TARGET, modified_properties, target_type};
use crate::model::{ErrorInformation, LogEntry, Step, StepKind};
use crate::sync::on_demand::{Report, Verdict};

/// Key and value, both JSON texts.
pub fn key_and_value(report: &Report, of: &Surroundings) -> (String, String) {
    (key(report).to_string(), value(report, of).to_string())
}

fn key(report: &Report) -> Json {
    let details = match (report.verdict(), report.error()) {
        (Verdict::Success, _) | (_, None) => Json::Null,
        (_, Some(error)) => json!({
            "errorCode": error.error_code,
            "errorMessage": old_name(&error.reason),
        }),
    };
    json!({ "result": report.verdict().name(), "details": details })
}

fn value(report: &Report, of: &Surroundings) -> Json {
    let entry = report.entry.as_ref();
    let identity = |id: Json, kind: &str| json!({ "id": id, "type": kind, "displayName": null, "details": null });
    let system = |name: &str| json!({ "id": null, "name": name, "details": null });
    let kind = report.subject.object().kind;
    let logged = entry.filter(|entry| entry.seq.0 > 0);
    json!({
        "action": entry.map_or("Other", |entry| entry.action.label()),
        "changeId": logged.map(|entry| of.change_id(entry.seq).to_string()),
        "startTime": report.began.to_string(),
        "endTime": report.ended.to_string(),
        "reportableIdentifier": reportable(report),
        "modifiedProperties": entry.map(modified_properties).unwrap_or_default(),
        "provisioningSteps": steps(report),
        "statusInfo": status_info(report),
        "sourceIdentity": identity(json!(report.source.id), kind.name()),
        "sourceSystem": system(OLD_SOURCE),
        "targetIdentity": identity(
            entry.map_or(Json::Null, |entry| json!(entry.target.id)),
            target_type(kind),
        ),
        "targetSystem": system(TARGET),
    })
}

/// What the steps call the object.
fn reportable(report: &Report) -> String {
    let imported = report
        .entry
        .iter()
        .flat_map(|entry| &entry.steps)
        .find_map(|step| step.details.get("userPrincipalName"))
        .and_then(Json::as_str);
    imported.unwrap_or(&report.source.display_name).to_owned()
}

fn steps(report: &Report) -> Vec<Json> {
    let at = report.began.to_string();
    if let Some((error, _)) = &report.connection {
        return vec![json!({
            "name": "TestConnection",
            "type": "Import",
            "status": "Failure",
            "description": error.reason,
            "timestamp": at,
            "details": { "errorCode": error.error_code },
        })];
    }
    let of = |step: &Step| {
        json!({
            "name": step.name,
            "type": type_of(step),
            "status": step.status.label(),
            "description": old_name(&step.description),
            "timestamp": at,
            "details": step.details,
        })
    };
    let entry: Option<&LogEntry> = report.entry.as_ref();
    entry.map_or_else(Vec::new, |entry| entry.steps.iter().map(of).collect())
}

/// That nothing is done counts as an export here.
fn type_of(step: &Step) -> &'static str {
    match step.kind {
        StepKind::Import => "Import",
        StepKind::Scoping => "Scoping",
        StepKind::Matching => "Matching",
        StepKind::Processing if step.name == "EntrySynchronizationSkip" => "Export",
        StepKind::Processing => "Processing",
        StepKind::ReferenceResolution => "ReferenceResolution",
        StepKind::Export => "Export",
    }
}

fn status_info(report: &Report) -> Json {
    let failed = report
        .error()
        .filter(|_| report.verdict() == Verdict::Failure);
    let of = |read: fn(&ErrorInformation) -> Json| failed.map_or(Json::Null, read);
    json!({
        "status": report.verdict().name(),
        "errorCode": of(|error| json!(error.error_code)),
        "reason": of(|error| json!(error.reason)),
        "additionalDetails": null,
        "errorCategory": of(|error| json!(if error.error_code == "InternalError" { "Failure" } else { "NonServiceFailure" })),
        "recommendedAction": of(|error| json!(error.recommended_action)),
    })
}

fn old_name(text: &str) -> String {
    text.replace(SOURCE, OLD_SOURCE)
}
