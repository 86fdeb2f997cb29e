//! The JSON of the log and of the answer of *Provision on demand*, field by field.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::codes::{CODES, find};
use super::object::{Version, provisioning_object_summary};
use super::*;
use crate::model::{ObjectRef, Scope};
use crate::store::directory as rows;
use crate::store::jobs;
use crate::sync::on_demand::{Subject, provision};
use crate::sync::testing::{Fault, Lab};

fn surroundings(lab: &Lab) -> Surroundings {
    let tx = lab.context.store.read().unwrap();
    let tenant = rows::first_tenant(&tx).unwrap().unwrap();
    let application = rows::application(&tx, tenant.seq, lab.app)
        .unwrap()
        .unwrap();
    let job = jobs::find(&tx, lab.key).unwrap().unwrap();
    Surroundings::new(lab.context.store.mix(), &tenant, &application, &job)
}

fn keys(value: &Json) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn summaries(lab: &Lab, version: Version) -> Vec<Json> {
    let of = surroundings(lab);
    let log = lab.log();
    let shown = log
        .iter()
        .map(|e| provisioning_object_summary(e, &of, version));
    shown.collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table is long")]
fn a_created_user_has_every_field_of_the_reference() {
    let lab = Lab::new(Scope::All);
    lab.user("alice", None);
    lab.cycle();
    let summary = &summaries(&lab, Version::V1)[0];
    assert_eq!(
        keys(summary),
        BTreeSet::from([
            "id",
            "activityDateTime",
            "tenantId",
            "jobId",
            "cycleId",
            "changeId",
            "provisioningAction",
            "durationInMilliseconds",
            "provisioningStatusInfo",
            "provisioningSteps",
            "modifiedProperties",
            "servicePrincipal",
            "sourceSystem",
            "targetSystem",
            "initiatedBy",
            "sourceIdentity",
            "targetIdentity",
        ])
    );
    assert_eq!(summary["provisioningAction"], "create");
    assert_eq!(
        summary["provisioningStatusInfo"],
        json!({ "status": "success", "errorInformation": null })
    );
    assert_eq!(summary["activityDateTime"], "2025-06-15T15:06:40Z");
    let steps = summary["provisioningSteps"].as_array().unwrap();
    let step = |name: &str| steps.iter().find(|s| s["name"] == name).unwrap();
    assert_eq!(
        step("EntryImportAdd"),
        &json!({
            "name": "EntryImportAdd", "provisioningStepType": "import", "status": "success",
            "description": "Received User 'alice@contoso.com' change of type (Add) from Microsoft Entra ID",
            "details": {}
        })
    );
    assert_eq!(
        step("EntrySynchronizationAdd"),
        &json!({
            "name": "EntrySynchronizationAdd", "provisioningStepType": "matching", "status": "success",
            "description": "User 'alice@contoso.com' will be created in customappsso (User is active and assigned in Microsoft Entra ID, but no matching User was found in customappsso)",
            "details": {}
        })
    );
    assert_eq!(
        step("EntryExportAdd"),
        &json!({
            "name": "EntryExportAdd", "provisioningStepType": "export", "status": "success",
            "description": "User 'alice@contoso.com' was created in customappsso",
            "details": { "ReportableIdentifier": "alice@contoso.com" }
        })
    );
    let scoping = &step("EntrySynchronizationScoping")["details"];
    assert_eq!(
        keys(scoping),
        BTreeSet::from([
            "IsActive",
            "Assigned",
            "IsEffectivelyEntitledForProvisioning",
            "IsInProvisioningScopeDisplayName",
            "ScopeEvaluationResult",
            "ScopeSyncAll",
            "Active in the source system",
            "Assigned to the application",
            "Scoping filter evaluation passed",
        ])
    );
    assert_eq!(scoping["ScopeEvaluationResult"], "{}");
    assert!(summary["modifiedProperties"].as_array().unwrap().contains(
        &json!({ "displayName": "userName", "oldValue": null, "newValue": "alice@contoso.com" })
    ));
    assert_eq!(summary["servicePrincipal"]["displayName"], "Postman");
    assert_eq!(
        keys(&summary["targetSystem"]["details"]),
        BTreeSet::from([
            "ApplicationId",
            "ServicePrincipalId",
            "ServicePrincipalDisplayName"
        ])
    );
    assert_eq!(
        summary["initiatedBy"],
        json!({ "id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system" })
    );
    assert_eq!(summary["sourceIdentity"]["identityType"], "User");
    assert_eq!(
        keys(&summary["sourceIdentity"]["details"]),
        BTreeSet::from(["id", "odatatype", "DisplayName", "UserPrincipalName"])
    );
    assert_eq!(summary["targetIdentity"]["id"], "U1");
    assert_eq!(
        summary["targetIdentity"]["identityType"],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    );
    assert_eq!(summary["id"].as_str().unwrap().len(), 36);
    assert_ne!(summary["id"], summary["changeId"]);
}

#[test]
fn a_failure_has_code_reason_and_the_sentence_about_the_retry() {
    let lab = Lab::new(Scope::All);
    lab.user("alice", None);
    lab.target.chaos(|method, _| {
        (method == "POST").then_some(Fault::Answer(
            400,
            "application/scim+json",
            "{\"status\":\"400\"}",
        ))
    });
    lab.cycle();
    let summary = &summaries(&lab, Version::V1)[0];
    let information = &summary["provisioningStatusInfo"]["errorInformation"];
    assert_eq!(
        keys(information),
        BTreeSet::from([
            "errorCode",
            "reason",
            "additionalDetails",
            "errorCategory",
            "recommendedAction"
        ])
    );
    assert_eq!(
        information["errorCode"],
        "SystemForCrossDomainIdentityManagementBadRequest"
    );
    assert_eq!(information["errorCategory"], "nonServiceFailure");
    let reason = information["reason"].as_str().unwrap();
    assert!(reason.starts_with(
        "StatusCode: BadRequest Message: Processing of the HTTP request resulted in an exception."
    ));
    assert!(
        reason.contains(
            "This operation was retried 0 times. It will be retried again after this date: "
        ),
        "{reason}"
    );
    let last = summary["provisioningSteps"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(
        (&last["name"], &last["status"], &last["description"]),
        (
            &json!("EntryExportAdd"),
            &json!("failure"),
            &json!("Failed to create User 'alice@contoso.com' in customappsso")
        )
    );
    assert_eq!(summary["targetIdentity"]["id"], "");
}

#[test]
fn the_beta_has_its_older_fields_besides() {
    let lab = Lab::new(Scope::All);
    lab.user("alice", None);
    lab.cycle();
    lab.cycle();
    let beta = &summaries(&lab, Version::Beta)[0];
    assert_eq!(beta["action"], "Create");
    assert_eq!(beta["statusInfo"]["status"], "success");
    assert_eq!(beta["initiatedBy"]["initiatingType"], "system");
    assert_eq!(beta["provisioningAction"], "create");
}

#[test]
fn on_demand_answers_with_two_json_texts() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.cycle();
    let report = provision(&lab.context, lab.key, &Subject::user(ann), "ada", false).unwrap();
    let (key, value) = super::on_demand::key_and_value(&report, &surroundings(&lab));
    let key: Json = serde_json::from_str(&key).unwrap();
    assert_eq!(
        key,
        json!({ "result": "Skipped", "details": {
            "errorCode": "RedundantExport",
            "errorMessage": "The state of the user in both the source and target systems already match. No change to the User 'ann@contoso.com' currently needs to be made."
        } })
    );
    let value: Json = serde_json::from_str(&value).unwrap();
    assert_eq!(
        keys(&value),
        BTreeSet::from([
            "action",
            "changeId",
            "startTime",
            "endTime",
            "reportableIdentifier",
            "modifiedProperties",
            "provisioningSteps",
            "statusInfo",
            "sourceIdentity",
            "sourceSystem",
            "targetIdentity",
            "targetSystem",
        ])
    );
    assert_eq!(
        (&value["action"], &value["reportableIdentifier"]),
        (&json!("Other"), &json!("ann@contoso.com"))
    );
    let steps: Vec<(&str, &str, &str)> = value["provisioningSteps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            let word = |name: &str| s[name].as_str().unwrap();
            (word("name"), word("type"), word("status"))
        })
        .collect();
    assert_eq!(
        steps,
        [
            ("EntryImport", "Import", "Success"),
            ("EntrySynchronizationScoping", "Scoping", "Success"),
            ("EntryImport", "Matching", "Success"),
            ("EntrySynchronizationSkip", "Export", "Skipped"),
        ]
    );
    assert_eq!(
        value["provisioningSteps"][0]["description"],
        "Retrieved User 'ann@contoso.com' from Azure Active Directory"
    );
    assert_eq!(
        value["statusInfo"],
        json!({ "status": "Skipped", "errorCode": null, "reason": null, "additionalDetails": null,
                "errorCategory": null, "recommendedAction": null })
    );
    assert_eq!(
        value["sourceSystem"],
        json!({ "id": null, "name": "Azure Active Directory", "details": null })
    );
    assert_eq!(value["targetIdentity"]["id"], "U1");
    let link = jobs::link(
        &lab.context.store.read().unwrap(),
        lab.key,
        ObjectRef::user(ann),
    )
    .unwrap();
    assert_eq!(
        value["sourceIdentity"]["id"],
        link.unwrap().source_id.to_string()
    );
}

#[test]
fn a_connection_that_fails_is_one_step_of_the_answer() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.target
        .chaos(|_, _| Some(Fault::Answer(401, "application/scim+json", "{}")));
    let report = provision(&lab.context, lab.key, &Subject::user(ann), "ada", false).unwrap();
    let (key, value) = super::on_demand::key_and_value(&report, &surroundings(&lab));
    assert!(key.contains("\"Failure\"") && value.contains("\"TestConnection\""));
    let value: Json = serde_json::from_str(&value).unwrap();
    assert_eq!(value["changeId"], Json::Null);
    assert_eq!(value["provisioningSteps"].as_array().unwrap().len(), 1);
}

#[test]
fn every_code_is_explained_once() {
    let codes: BTreeSet<&str> = CODES.iter().map(|row| row.code).collect();
    assert_eq!(codes.len(), CODES.len());
    for row in CODES {
        assert!(
            row.meaning.ends_with('.') || row.meaning.ends_with(')'),
            "{}",
            row.code
        );
        assert!(row.advice.ends_with('.'), "{}", row.code);
        assert_eq!(find(row.code), Some(row));
    }
    assert_eq!(find("NoSuchCode"), None);
}
