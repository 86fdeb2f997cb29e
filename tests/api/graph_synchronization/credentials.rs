//! Secrets, and *Test Connection* over the API.

use serde_json::{Value, json};

use super::Graph;
use crate::server::KEY;

#[test]
fn secrets_are_replaced_as_a_whole_and_read_masked() {
    let graph = Graph::start();
    let (root, at) = (graph.outbound(), format!("{}/secrets", graph.outbound()));
    graph.connect();
    let shown = graph.get(&at);
    let text = shown.to_string();
    assert!(!text.contains(KEY), "{text}");
    assert_eq!(shown["value"][0]["key"], "BaseAddress");
    assert_eq!(
        shown["value"][1],
        json!({ "key": "SecretToken", "value": "*" })
    );
    let container = graph.get(&root);
    assert_eq!(container["secrets"], shown["value"]);
    assert_eq!(container["id"], graph.told("entra_service_principal_id"));

    // What was read, with one line more, is how the documentation sets SkipOutOfScopeDeletions.
    let mut longer = shown["value"].clone();
    let line = json!({ "key": "SkipOutOfScopeDeletions", "value": "True" });
    longer.as_array_mut().unwrap().push(line.clone());
    graph.expect(204, "PUT", &at, &json!({ "value": longer }));
    assert!(graph.get(&at)["value"].as_array().unwrap().contains(&line));
    let saved = json!({ "useSavedCredentials": true, "templateId": "scim" });
    graph.post(
        204,
        &format!("{}/validateCredentials", graph.outbound_job()),
        &saved,
    );

    for (body, said) in [
        (
            json!({ "value": [{ "key": "Nonsense", "value": "x" }] }),
            "Requested value 'Nonsense' was not found.",
        ),
        (
            json!({ "value": [{ "key": "UserName", "value": "x" }] }),
            "do not use the key 'UserName'",
        ),
        (
            json!({ "value": [{ "value": "x" }] }),
            "value[0].key: is missing",
        ),
        (json!({ "value": 1 }), "value: expected a list"),
        (json!({}), "value: is missing"),
        (
            json!({ "value": [{ "key": "BaseAddress", "value": "ftp://x" }, { "key": "SecretToken", "value": "x" }] }),
            "BaseAddress",
        ),
    ] {
        let refused = graph.refused(400, "PUT", &at, &body);
        assert!(refused.contains(said), "{refused}");
    }
    let inbound = graph.inbound_job();
    let inbound = inbound.split_once("/jobs/").unwrap().0;
    let refused = graph.refused(
        400,
        "PUT",
        &format!("{inbound}/secrets"),
        &json!({ "value": graph.credentials() }),
    );
    assert!(refused.contains("no target"), "{refused}");
}

#[test]
fn credentials_are_validated_against_the_target() {
    let graph = Graph::start();
    let job = format!("{}/validateCredentials", graph.outbound_job());
    graph.post(204, &job, &json!({ "credentials": graph.credentials() }));
    let mut wrong = graph.credentials();
    wrong[1]["value"] = json!("another");
    let answer = graph.post(400, &job, &json!({ "credentials": wrong }));
    assert_eq!(
        answer["error"]["code"],
        "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
    );
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("Response Status Code: Unauthorized"),
        "{message}"
    );
    let url = json!({ "credentials": [{ "key": "BaseAddress", "value": "nowhere" }, { "key": "SecretToken", "value": "x" }] });
    assert_eq!(
        graph.post(400, &job, &url)["error"]["code"],
        "SystemForCrossDomainIdentityManagementInvalidCredentials"
    );
    let saved = json!({ "useSavedCredentials": true });
    graph.refused(400, "POST", &job, &saved);
    assert!(
        graph
            .refused(400, "POST", &job, &Value::Null)
            .contains("credentials: is missing")
    );
    // Nothing was saved by testing.
    assert_eq!(
        graph.get(&format!("{}/secrets", graph.outbound()))["value"],
        json!([])
    );

    let before = format!("{}/jobs/validateCredentials", graph.outbound());
    graph.expect(204, "DELETE", &graph.outbound_job(), &Value::Null);
    let body = json!({ "templateId": "scim", "credentials": graph.credentials() });
    graph.post(204, &before, &body);
    let nameless = json!({ "credentials": graph.credentials() });
    assert!(
        graph
            .refused(400, "POST", &before, &nameless)
            .contains("templateId: is missing")
    );
    let inbound = format!("{}/validateCredentials", graph.inbound_job());
    assert!(
        graph
            .refused(400, "POST", &inbound, &body)
            .contains("no target")
    );
}
