//! What is done over Graph reaches the provider with the next cycle, as what is done in the console does.

use serde_json::{Value, json};

use super::{Graph, text};
use crate::server::KEY;

/// Runs the next cycle of a job to its end.
fn cycle(graph: &Graph, job: &str) {
    let told = graph.lab("POST", &format!("/jobs/{job}/cycle"), &Value::Null);
    assert_eq!(told["status"], "Active", "{told}");
}

/// A user of the provider by name.
fn provided(graph: &Graph, alias: &str) -> Option<Value> {
    let path = format!("/Users?filter=userName%20eq%20%22{alias}@contoso.example%22");
    let found = graph.server.call("GET", &path, &Value::Null).into_body();
    found["Resources"]
        .as_array()
        .and_then(|all| all.first().cloned())
}

#[test]
fn people_who_are_made_over_graph_reach_the_provider_with_the_next_cycle() {
    let graph = Graph::start();
    let found = graph.lab("GET", "/jobs", &Value::Null);
    let jobs = found["jobs"].as_array().unwrap();
    let job = jobs
        .iter()
        .find(|job| text(&job["id"]).starts_with("scim."))
        .unwrap();
    let (job, principal) = (text(&job["id"]), text(&job["servicePrincipalId"]));
    let root = format!("/servicePrincipals/{principal}");
    let secrets = json!({ "value": [
        { "key": "BaseAddress", "value": format!("{}/scim/v2", graph.server.url) },
        { "key": "SecretToken", "value": KEY },
    ] });
    graph.done("PUT", &format!("{root}/synchronization/secrets"), &secrets);

    let mail = |alias: &str| json!({ "mail": format!("{alias}@contoso.example") });
    let (ann, bob) = (
        graph.user("ann", &mail("ann")),
        graph.user("bob", &mail("bob")),
    );
    let rides = graph.group("Rides");
    graph.add(&rides, &bob);
    let assign = |of: &str| {
        let body = json!({ "principalId": of, "resourceId": principal,
            "appRoleId": "00000000-0000-0000-0000-000000000000" });
        text(&graph.make(&format!("{root}/appRoleAssignedTo"), &body)["id"])
    };
    let of_ann = assign(&ann);
    assign(&rides);
    graph.done(
        "POST",
        &format!("{root}/synchronization/jobs/{job}/start"),
        &Value::Null,
    );
    cycle(&graph, &job);
    for alias in ["ann", "bob"] {
        let user = provided(&graph, alias).unwrap_or_else(|| panic!("{alias} is not there"));
        assert_eq!(user["active"], true, "{alias}");
    }

    // Changes, a new member, somebody who is blocked, and one who is assigned no more.
    graph.done(
        "PATCH",
        &format!("/users/{bob}"),
        &json!({ "accountEnabled": false }),
    );
    let cid = graph.user("cid", &mail("cid"));
    graph.add(&rides, &cid);
    graph.done(
        "DELETE",
        &format!("{root}/appRoleAssignedTo/{of_ann}"),
        &Value::Null,
    );
    cycle(&graph, &job);
    assert_eq!(provided(&graph, "cid").unwrap()["active"], true);
    for alias in ["ann", "bob"] {
        assert_eq!(provided(&graph, alias).unwrap()["active"], false, "{alias}");
    }
}
