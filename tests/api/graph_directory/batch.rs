//! `$batch`.

use serde_json::{Value, json};

use super::{Graph, person, text};

/// The answers of a batch, by the ids of its calls.
fn batch(graph: &Graph, requests: &Value) -> impl Fn(&str) -> Value + use<> {
    let answer = graph.ask("POST", "/$batch", &json!({ "requests": requests }));
    assert_eq!(answer.status(), 200, "{}", answer.body());
    let answers = answer.into_body()["responses"].as_array().unwrap().clone();
    assert_eq!(answers.len(), requests.as_array().unwrap().len());
    move |id| {
        let found = answers.iter().find(|answer| answer["id"] == id);
        found.unwrap_or_else(|| panic!("{id}: {answers:?}")).clone()
    }
}

#[test]
fn calls_of_a_batch_are_answered_as_if_they_came_alone() {
    let graph = Graph::start();
    let json = json!({ "Content-Type": "application/json" });
    let answers = batch(
        &graph,
        &json!([
            { "id": "last", "method": "GET", "url": "/users?$filter=displayName eq 'ann'&$top=1", "dependsOn": ["made", "other"] },
            { "id": "made", "method": "POST", "url": "/users", "headers": json, "body": person("ann") },
            { "id": "other", "method": "POST", "url": "users", "headers": json, "body": person("bob"), "dependsOn": ["made"] },
            { "id": "twice", "method": "POST", "url": "/users", "headers": json, "body": person("ann"), "dependsOn": ["made"] },
            { "id": "failed", "method": "DELETE", "url": "/users/ann@contoso.example", "dependsOn": ["twice"] },
            { "id": "nowhere", "method": "GET", "url": "/nowhere/at/all" },
            { "id": "changed", "method": "PATCH", "url": "/users/bob@contoso.example", "headers": json,
              "body": { "jobTitle": "Guide" }, "dependsOn": ["other"] },
            { "id": "nested", "method": "POST", "url": "/$batch", "headers": json, "body": { "requests": [] } },
            { "id": "count", "method": "GET", "url": "/users/$count", "dependsOn": ["other"] },
        ]),
    );
    let made = answers("made");
    assert_eq!(made["status"], 201);
    assert_eq!(made["body"]["displayName"], "ann");
    let headers = &made["headers"];
    assert!(
        text(&headers["Content-Type"]).starts_with("application/json"),
        "{headers}"
    );
    assert_eq!(headers["Request-Id"].as_str().map(str::len), Some(36));
    let last = answers("last");
    assert_eq!(
        (&last["status"], &last["body"]["value"][0]["displayName"]),
        (&json!(200), &json!("ann"))
    );
    // Addresses in answers are those that the client asked, not those of the inside.
    let context = text(&last["body"]["@odata.context"]);
    assert!(
        context.starts_with(&format!("{}/graph/v1.0/", graph.server.url)),
        "{context}"
    );
    let twice = answers("twice");
    assert_eq!(twice["status"], 400);
    assert_eq!(twice["body"]["error"]["code"], "Request_BadRequest");
    assert_eq!(answers("failed")["status"], 424);
    assert_eq!(answers("nowhere")["body"]["error"]["code"], "BadRequest");
    let changed = answers("changed");
    assert_eq!(
        (&changed["status"], changed.get("body")),
        (&json!(204), None)
    );
    assert_eq!(answers("nested")["status"], 400);
    assert_eq!(answers("count")["body"], 2);
    assert_eq!(graph.get("/users/bob@contoso.example")["jobTitle"], "Guide");
    assert_eq!(
        graph.get("/users/ann@contoso.example")["displayName"],
        "ann"
    );
}

#[test]
fn the_beta_has_batches_of_its_own() {
    let graph = Graph::start();
    graph.user("ann", &json!({}));
    let body =
        json!({ "requests": [{ "id": 1, "method": "GET", "url": "/users/ann@contoso.example" }] });
    let answer = graph.send("POST", "/beta/$batch", &body.to_string());
    let answer = &answer.body()["responses"][0];
    assert_eq!(answer["id"], "1");
    assert_eq!(answer["body"]["accountEnabled"], true, "{answer}");
}

#[test]
fn a_call_of_a_batch_may_do_what_its_client_may_and_no_more() {
    let graph = Graph::with(&[scimlab::model::GraphPermission::UserReadAll]);
    let answers = batch(
        &graph,
        &json!([
            { "id": "read", "method": "GET", "url": "/users" },
            { "id": "write", "method": "POST", "url": "/users", "body": person("ann"),
              "headers": { "Authorization": "Bearer x", "Content-Type": "application/json" } },
        ]),
    );
    assert_eq!(answers("read")["status"], 200);
    assert_eq!(
        answers("write")["status"],
        403,
        "the token is that of the batch"
    );
}

#[test]
fn what_is_no_batch_is_refused_whole() {
    let graph = Graph::start();
    let many: Vec<Value> = (0..21)
        .map(|id| json!({ "id": id, "method": "GET", "url": "/users" }))
        .collect();
    for (body, told) in [
        (json!({}), "Invalid batch payload format."),
        (json!({ "requests": [] }), "Invalid batch payload format."),
        (
            json!({ "requests": many }),
            "Number of batch request steps exceeds the maximum value of 20.",
        ),
    ] {
        let sentence = graph.refused("POST", "/$batch", &body, 400, "BadRequest");
        assert_eq!(sentence, told);
    }
    graph.refused("GET", "/$batch", &Value::Null, 405, "BadRequest");
}
