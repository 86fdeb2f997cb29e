//! `provisioningObjectSummary` of uploads by the sample of 7.2, in v1.0 and in beta.

use scimlab::mapping::entra::{MappingSource, ObjectMapping};

use super::*;

/// The steps by type, name and status.
fn steps(entry: &Value) -> Vec<[&str; 3]> {
    let steps = entry["provisioningSteps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            ["provisioningStepType", "name", "status"].map(|name| step[name].as_str().unwrap())
        })
        .collect()
}

#[test]
fn an_upload_is_told_in_the_members_of_the_reference_in_both_versions() {
    let inbound = Inbound::start();
    let mut ann = person("701984", "ann");
    ann["title"] = json!("Guide");
    let entry = inbound.provision(&[ann]).remove(0);
    let Known {
        tenant,
        principal,
        app_id,
        job,
        ..
    } = &inbound.known;
    for name in ["id", "cycleId", "changeId"] {
        assert!(
            entry[name].as_str().unwrap().parse::<Guid>().is_ok(),
            "{name}: {entry}"
        );
    }
    let time = entry["activityDateTime"].as_str().unwrap();
    assert!(time.len() == 20 && time.ends_with('Z'), "{time}");
    for (member, value) in [
        ("tenantId", json!(tenant)),
        ("jobId", json!(job)),
        ("provisioningAction", json!("create")),
        ("durationInMilliseconds", json!(0)),
        (
            "provisioningStatusInfo",
            json!({"status": "success", "errorInformation": null}),
        ),
        (
            "servicePrincipal",
            json!({"id": principal, "displayName": "HR to directory"}),
        ),
        (
            "initiatedBy",
            json!({"id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system"}),
        ),
    ] {
        assert_eq!(entry[member], value, "{member}");
    }
    assert_eq!(entry["sourceSystem"]["displayName"], "API");
    assert_eq!(entry["sourceSystem"]["details"], json!({}));
    let target = &entry["targetSystem"];
    assert_eq!(target["displayName"], "Microsoft Entra ID");
    assert_eq!(
        target["details"],
        json!({
            "ApplicationId": app_id,
            "ServicePrincipalId": principal,
            "ServicePrincipalDisplayName": "HR to directory",
        })
    );
    let source = &entry["sourceIdentity"];
    assert_eq!(source["id"], "701984");
    assert_eq!(source["displayName"], "ann");
    assert_eq!(source["identityType"], "User");
    assert_eq!(source["details"]["odatatype"], "User");
    let target = &entry["targetIdentity"];
    assert!(target["id"].as_str().unwrap().parse::<Guid>().is_ok());
    assert_eq!(target["displayName"], "ann@contoso.example");
    assert_eq!(target["identityType"], "User");
    assert_eq!(
        steps(&entry),
        [
            ["import", "EntryImport", "success"],
            ["matching", "EntryImport", "success"],
            ["scoping", "EntrySynchronizationScoping", "success"],
            ["export", "EntryExportAdd", "success"],
        ]
    );
    let export = &entry["provisioningSteps"][3];
    assert_eq!(
        export["description"],
        "User 'ann@contoso.example' was created in Microsoft Entra ID"
    );
    assert_eq!(
        export["details"]["ReportableIdentifier"],
        "ann@contoso.example"
    );
    let imported = &entry["provisioningSteps"][0]["details"];
    assert_eq!(imported["externalId"], "701984", "{imported}");
    let modified = entry["modifiedProperties"].as_array().unwrap();
    let title = json!({"displayName": "jobTitle", "oldValue": null, "newValue": "Guide"});
    assert!(modified.contains(&title), "{modified:?}");
    let enabled = json!({"displayName": "accountEnabled", "oldValue": null, "newValue": "True"});
    assert!(modified.contains(&enabled), "{modified:?}");

    let page = inbound.log("v1.0", &[]);
    let context = |version: &str| {
        format!(
            "{}/graph/{version}/$metadata#auditLogs/provisioning",
            inbound.server.url
        )
    };
    assert_eq!(page.body()["@odata.context"], context("v1.0"));
    assert!(header(&page, "content-type").starts_with("application/json"));
    for legacy in ["action", "statusInfo"] {
        assert!(entry[legacy].is_null(), "{legacy} belongs to beta");
    }
    let beta = inbound.log("beta", &[]);
    assert_eq!(beta.body()["@odata.context"], context("beta"));
    let old = &beta.body()["value"][0];
    assert_eq!(old["id"], entry["id"]);
    assert_eq!(old["action"], "Create");
    assert_eq!(
        old["statusInfo"],
        json!({"@odata.type": "#microsoft.graph.statusBase", "status": "success"})
    );
    assert_eq!(old["initiatedBy"]["initiatingType"], "system");
}

#[test]
fn a_failure_says_what_happened_and_what_to_do() {
    let inbound = Inbound::start_with(&USUAL, |tx, known| {
        // The address is written as it comes, so that a foreign domain arrives.
        let job = job_rows::find(tx, known.key)?.unwrap();
        let mut rules = job.rules;
        let mut fields = rules.users.into_fields();
        for mapping in &mut fields.attributes {
            if mapping.target.as_str() == "userPrincipalName" {
                mapping.source = MappingSource::Direct("userName".into());
            }
        }
        rules.users = ObjectMapping::new(fields).unwrap();
        let operator = operator(tx, SystemClock.now())?;
        jobs::set_rules(tx, &operator, known.key, rules, SystemClock.now())?;
        Ok(())
    });
    let mut stranger = person("1", "ann");
    stranger["userName"] = json!("ann@fabrikam.example");
    let mut nameless = person("2", "bob");
    nameless.as_object_mut().unwrap().remove("displayName");
    let mut anonymous = person("3", "carla");
    anonymous.as_object_mut().unwrap().remove("externalId");
    inbound.provision(&[stranger, nameless, anonymous]);
    let failures = inbound.until("all three are told", |inbound| {
        let failures = inbound.entries("provisioningStatusInfo/status eq 'failure'");
        (failures.len() == 3).then_some(failures)
    });
    let find = |code: &str| {
        let of = |entry: &&Value| {
            entry["provisioningStatusInfo"]["errorInformation"]["errorCode"] == code
        };
        failures
            .iter()
            .find(of)
            .unwrap_or_else(|| panic!("{code}: {failures:?}"))
    };
    for (code, says, source) in [
        (
            "AzureActiveDirectoryInvalidUserPrincipalName",
            "You must use one of the verified domain names in your organization",
            "1",
        ),
        ("MandatoryFieldsMissing", "displayName", "2"),
        ("ImportSkipped", "externalId", "0"),
    ] {
        let entry = find(code);
        let information = &entry["provisioningStatusInfo"]["errorInformation"];
        assert!(
            information["reason"].as_str().unwrap().contains(says),
            "{information}"
        );
        assert!(
            !information["recommendedAction"]
                .as_str()
                .unwrap()
                .is_empty(),
            "{information}"
        );
        assert_eq!(information["errorCategory"], "nonServiceFailure");
        assert!(information["additionalDetails"].is_null());
        assert_eq!(steps(entry).last().unwrap()[2], "failure");
        if code != "ImportSkipped" {
            assert_eq!(entry["sourceIdentity"]["id"], source);
        }
    }
    let foreign = find("AzureActiveDirectoryInvalidUserPrincipalName");
    assert_eq!(foreign["targetIdentity"]["id"], "");
    assert_eq!(foreign["provisioningAction"], "create");
}

#[test]
fn a_manager_who_comes_late_is_a_warning_until_then_and_no_failure() {
    let inbound = Inbound::start_with(&USUAL, |_, _| Ok(()));
    let mut report = person("4", "dora");
    report["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] =
        json!({"manager": {"value": "89607"}});
    inbound.provision(&[report]);
    let entries = inbound.until("the report is told", |inbound| {
        let entries = inbound.entries("sourceIdentity/id eq '4'");
        (!entries.is_empty()).then_some(entries)
    });
    let [entry] = <[Value; 1]>::try_from(entries).unwrap();
    assert_eq!(entry["provisioningAction"], "create");
    assert_eq!(entry["provisioningStatusInfo"]["status"], "warning");
    let information = &entry["provisioningStatusInfo"]["errorInformation"];
    assert_eq!(
        information["errorCode"],
        "UnableToResolveReferenceAttributeValue"
    );
    assert!(
        information["reason"]
            .as_str()
            .unwrap()
            .contains("We were unable to assign 89607 as the manager of dora."),
        "{information}"
    );
    assert!(
        information["recommendedAction"]
            .as_str()
            .unwrap()
            .contains("89607"),
        "{information}"
    );
    let resolved = ["referenceResolution", "EntryReferenceResolution", "skipped"];
    assert_eq!(steps(&entry).last(), Some(&resolved));
    // The manager comes late, and nothing has to be sent again.
    inbound.provision(&[person("89607", "john")]);
    inbound.until("the manager is set", |inbound| {
        let filter = "sourceIdentity/id eq '4' and provisioningAction eq 'update' and provisioningStatusInfo/status eq 'success'";
        let entries = inbound.entries(filter);
        entries.first().map(|entry| {
            assert_eq!(entry["modifiedProperties"][0]["displayName"], "manager");
        })
    });
}

#[test]
fn reading_the_log_needs_its_permission() {
    for permission in [
        GraphPermission::ProvisioningLogReadAll,
        GraphPermission::AuditLogReadAll,
    ] {
        let inbound = Inbound::start_with(&[permission], |_, _| Ok(()));
        assert_eq!(
            inbound.log("v1.0", &[]).status(),
            200,
            "{}",
            permission.name()
        );
    }
    let uploads = [GraphPermission::SynchronizationDataUserUpload];
    let inbound = Inbound::start_with(&uploads, |_, _| Ok(()));
    refused(
        &inbound.log("v1.0", &[]),
        403,
        "Authorization_RequestDenied",
    );
}
