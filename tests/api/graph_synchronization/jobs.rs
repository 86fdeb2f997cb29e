//! Jobs and templates: listed, made, started, paused, restarted, deleted.

use scimlab::id::Seq;
use scimlab::store::directory;
use serde_json::{Value, json};

use super::Graph;

#[test]
fn jobs_are_listed_and_shown_in_both_versions_and_by_both_keys() {
    let (graph, applications) =
        Graph::prepared(|tx, _| Ok(directory::applications(tx, Seq(1))?), |_| None);
    let (root, id) = (graph.outbound(), graph.told("entra_job_id"));
    let list = graph.get(&format!("{root}/jobs"));
    let principal = graph.told("entra_service_principal_id");
    let context = format!(
        "{}/graph/v1.0/$metadata#servicePrincipals('{principal}')/synchronization/jobs",
        graph.server.url
    );
    assert_eq!(list["@odata.context"], context);
    let job = &list["value"][0];
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&job["id"], &job["status"]["code"]),
        (&json!(id), &json!("NotConfigured"))
    );
    assert_eq!(job["schedule"]["interval"], "P10675199DT2H48M5.4775807S");

    let one = graph.get(&graph.outbound_job());
    assert_eq!(one["@odata.context"], format!("{context}/$entity"));
    assert_eq!(one["templateId"], job["templateId"]);
    assert!(one.get("schema").is_none());
    let beta = graph.ask_version("beta", "GET", &graph.outbound_job(), &Value::Null);
    assert_eq!(beta.status(), 200);
    assert_eq!(beta.body()["status"], one["status"]);
    let inbound = graph.get(&graph.inbound_job());
    assert_eq!(inbound["templateId"], "API2AAD");
    // The preset one is started, with somebody to notify.
    assert_eq!(inbound["status"]["code"], "Active");

    let application = applications
        .iter()
        .find(|one| one.id.to_string() == principal);
    let app_id = application.unwrap().app_id;
    let other_key = format!("/servicePrincipals(appId='{app_id}')/synchronization/jobs");
    assert_eq!(graph.get(&other_key), list);
    let expanded = graph.get(&format!(
        "{}?$expand=schema&$select=id,schema",
        graph.outbound_job()
    ));
    assert_eq!(expanded["schema"]["id"], json!(id));
    assert!(expanded.get("status").is_none());
    let none = graph.get(&format!(
        "{root}/jobs?$filter=templateId%20eq%20'none'&$count=true&$top=5&$other=1"
    ));
    assert_eq!(
        (&none["value"], &none["@odata.count"]),
        (&json!([]), &json!(0))
    );
    let wrong = graph.refused(
        400,
        "GET",
        &format!("{root}/jobs?$filter=nonsense"),
        &Value::Null,
    );
    assert!(
        wrong.contains("Invalid filter clause: Behind nonsense comes"),
        "{wrong}"
    );
    let unknown = format!("{root}/jobs/scim.unknown");
    assert!(
        graph
            .refused(404, "GET", &unknown, &Value::Null)
            .contains("scim.unknown")
    );
    let nowhere = "/servicePrincipals/00000000-0000-0000-0000-000000000009/synchronization/jobs";
    graph.refused(404, "GET", nowhere, &Value::Null);
    graph.refused(405, "PUT", &format!("{root}/jobs"), &json!({}));
}

#[test]
fn a_job_is_started_paused_and_restarted() {
    let graph = Graph::start();
    let job = graph.outbound_job();
    let start = format!("{job}/start");
    assert!(
        graph
            .refused(400, "POST", &start, &Value::Null)
            .contains("no credentials")
    );
    graph.connect();
    let paused = graph.get(&job);
    assert_eq!(paused["status"]["code"], "Paused");
    assert_eq!(
        paused["schedule"],
        json!({ "expiration": null, "interval": "PT40M", "state": "Disabled" })
    );

    graph.post(204, &start, &Value::Null);
    graph.cycle();
    let active = graph.get(&job);
    assert_eq!(
        (&active["status"]["code"], &active["schedule"]["state"]),
        (&json!("Active"), &json!("Active"))
    );
    let execution = &active["status"]["lastExecution"];
    assert_eq!(execution["state"], "Succeeded");
    assert!(
        execution["countExported"].as_u64().unwrap() > 0,
        "{execution}"
    );
    assert_eq!(
        active["status"]["lastSuccessfulExecutionWithExports"]["state"],
        "Succeeded"
    );
    let counts = active["status"]["synchronizedEntryCountByType"]
        .as_array()
        .unwrap();
    assert!(
        counts[0]["key"]
            .as_str()
            .unwrap()
            .starts_with("User to urn:"),
        "{counts:?}"
    );

    graph.post(204, &format!("{job}/pause"), &Value::Null);
    assert_eq!(graph.get(&job)["status"]["code"], "Paused");
    let restart = format!("{job}/restart");
    for (body, status, after) in [
        (
            json!({ "criteria": { "resetScope": "Everything" } }),
            400,
            "Paused",
        ),
        (json!("{"), 400, "Paused"),
        (Value::Null, 204, "Active"),
        (
            json!({ "criteria": { "resetScope": "Watermark, Escrows, QuarantineState" } }),
            204,
            "Active",
        ),
        (
            json!({ "criteria": { "resetScope": "Full" } }),
            204,
            "Active",
        ),
    ] {
        graph.post(status, &restart, &body);
        assert_eq!(graph.get(&job)["status"]["code"], after, "{body}");
    }
    let inbound = graph.inbound_job();
    let (root, _) = inbound.split_once("/jobs/").unwrap();
    let notified = "{\"Enabled\":true,\"Recipients\":\"ops@contoso.example\"}";
    let secrets = json!({ "value": [{ "key": "SyncNotificationSettings", "value": notified }] });
    graph.expect(204, "PUT", &format!("{root}/secrets"), &secrets);
    assert_eq!(graph.get(&inbound)["status"]["code"], "Active");
    for (verb, status) in [
        ("pause", "Paused"),
        ("start", "Active"),
        ("restart", "Active"),
        ("pause", "Paused"),
        ("restart", "Active"),
    ] {
        graph.post(204, &format!("{inbound}/{verb}"), &Value::Null);
        assert_eq!(graph.get(&inbound)["status"]["code"], status, "{verb}");
    }
}

#[test]
fn a_job_is_deleted_and_another_one_made_of_a_template() {
    let graph = Graph::start();
    let (root, job) = (graph.outbound(), graph.outbound_job());
    let jobs = format!("{root}/jobs");
    let body = json!({ "templateId": "scim" });
    let second = graph.refused(409, "POST", &jobs, &body);
    assert!(second.contains("already"), "{second}");
    graph.expect(204, "DELETE", &job, &Value::Null);
    graph.refused(404, "GET", &job, &Value::Null);
    assert_eq!(graph.get(&jobs)["value"], json!([]));
    let secrets = json!({ "value": graph.credentials() });
    assert!(
        graph
            .refused(400, "PUT", &format!("{root}/secrets"), &secrets)
            .contains("no synchronization job")
    );

    let made = graph.post(201, &jobs, &body);
    assert_eq!(made["templateId"], "scim");
    assert_eq!(made["status"]["code"], "NotConfigured");
    let id = made["id"].as_str().unwrap();
    assert_ne!(id, graph.told("entra_job_id"));
    assert!(id.starts_with("scim."), "{id}");
    assert_eq!(graph.get(&format!("{jobs}/{id}"))["id"], json!(id));
    graph.expect(204, "DELETE", &format!("{jobs}/{id}"), &Value::Null);

    let inbound = graph.post(201, &jobs, &json!({ "templateId": "API2AAD" }));
    assert!(inbound["id"].as_str().unwrap().starts_with("API2AAD."));
    for (body, said) in [
        (
            json!({ "templateId": "slack" }),
            "there is no template 'slack'",
        ),
        (json!({}), "templateId: is missing"),
        (json!({ "templateId": [] }), "templateId: expected a text"),
    ] {
        let refused = graph.refused(400, "POST", &jobs, &body);
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn templates_are_what_the_gallery_has() {
    let graph = Graph::start();
    let root = format!("{}/templates", graph.outbound());
    let all = graph.get(&root);
    let ids: Vec<_> = all["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["id"].clone())
        .collect();
    for id in ["scim", "API2AAD", "postman-2025"] {
        assert!(ids.contains(&json!(id)), "{ids:?}");
    }
    let default: Vec<_> = all["value"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|t| t["default"] == true)
        .collect();
    assert_eq!(default.len(), 1);
    let job = graph.get(&graph.outbound_job());
    assert_eq!(default[0]["id"], job["templateId"]);

    let custom = graph.get(&format!("{root}/scim"));
    assert_eq!(custom["factoryTag"], "CustomSCIM");
    assert_eq!(
        custom["applicationId"],
        "00000000-0000-0000-0000-000000000000"
    );
    let fields = custom["metadata"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["key"] == "configurationFields");
    assert!(
        fields.unwrap()["value"]
            .as_str()
            .unwrap()
            .contains("secrettoken")
    );
    let tagged = graph.get(&format!(
        "{root}?$filter=factoryTag%20eq%20'CustomSCIM'&$select=id"
    ));
    assert_eq!(tagged["value"], json!([{ "id": "scim" }]));
    let page = graph.get(&format!("{root}?$top=1&$count=true"));
    assert_eq!(page["@odata.count"], json!(ids.len()));
    let next = page["@odata.nextLink"].as_str().unwrap();
    let next = next.split_once("/graph/v1.0").unwrap().1;
    assert_eq!(graph.get(next)["value"][0]["id"], ids[1]);

    let schema = graph.get(&format!("{root}/scim/schema"));
    assert_eq!(schema["version"], "6.0");
    assert!(
        schema["id"]
            .as_str()
            .unwrap()
            .starts_with("scim.00000000000000000000000000000000.")
    );
    let rule = &schema["synchronizationRules"][0];
    assert_eq!(rule["name"], "USERGROUP_OUTBOUND_USERGROUP");
    let inbound = graph.get(&format!("{root}/API2AAD/schema"));
    assert_eq!(
        inbound["synchronizationRules"][0]["targetDirectoryName"],
        "Microsoft Entra ID"
    );
    graph.refused(404, "GET", &format!("{root}/slack"), &Value::Null);
    let functions = graph.get(&format!("{root}/scim/schema/functions()"));
    assert!(functions["value"].as_array().unwrap().len() > 40);
}

/// The answer of entra.md 8.1, and what comes of it.
#[test]
fn an_upload_is_accepted_with_the_address_of_its_log() {
    let graph = Graph::start();
    let upload = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{ "method": "POST", "bulkId": "1", "path": "/Users", "data": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "externalId": "999001", "userName": "bjones@contoso.example", "displayName": "Bo Jones", "active": true } }] });
    let at = format!("{}/bulkUpload", graph.inbound_job());
    assert!(
        graph
            .refused(400, "POST", &at, &upload)
            .contains("application/scim+json")
    );
    let request = ureq::http::Request::builder()
        .method("POST")
        .uri(format!("{}/graph/beta{at}", graph.server.url))
        .header("Authorization", format!("Bearer {}", graph.token))
        .header("Content-Type", "application/scim+json");
    let answer = graph
        .server
        .send(request, upload.to_string().into_bytes())
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.body()),
        (202, &Value::Null)
    );
    let location = answer.headers()["location"].to_str().unwrap();
    let job = graph.told("entra_inbound_job_id");
    let filter = format!("/graph/beta/auditLogs/provisioning/?$filter=jobid%20eq%20'{job}'");
    assert_eq!(location, format!("{}{filter}", graph.server.url));
    let (_, log) = location.split_once("/graph/beta").unwrap();
    // It is worked off in the background: ask until it is.
    let entry = std::iter::repeat_with(|| graph.get(log)["value"][0].clone())
        .take(10_000)
        .find(Value::is_object)
        .unwrap();
    assert_eq!(
        (&entry["provisioningAction"], &entry["jobId"]),
        (&json!("create"), &json!(job))
    );
}
