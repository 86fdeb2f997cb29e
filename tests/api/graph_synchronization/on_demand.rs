//! `provisionOnDemand` and object connections.

use scimlab::error::Error;
use scimlab::id::Seq;
use scimlab::model::ObjectKind;
use scimlab::store::{Write, directory};
use serde_json::{Value, json};

use super::Graph;

pub(super) const RULE: &str = "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8";

pub(super) struct People {
    pub(super) user: String,
    group: String,
    members: Vec<String>,
}

/// Somebody in a group whom the demo's application provisions, and the group.
pub(super) fn people(tx: &Write<'_>) -> Result<People, Error> {
    let tenant = Seq(1);
    for group in directory::groups_after(tx, tenant, Seq(0), 100)? {
        let members: Vec<_> = directory::members(tx, tenant, group.seq, None, 100)?
            .into_iter()
            .filter(|member| member.kind == ObjectKind::User)
            .filter_map(|member| directory::user(tx, tenant, member.seq).transpose())
            .collect::<Result<_, _>>()?;
        let enabled: Vec<String> = members
            .iter()
            .filter(|user| user.account_enabled && user.deleted.is_none())
            .map(|user| user.id.to_string())
            .collect();
        if enabled.len() > 5 {
            return Ok(People {
                user: enabled[0].clone(),
                group: group.id.to_string(),
                members: enabled,
            });
        }
    }
    panic!("the demo has a group of six people");
}

fn start() -> (Graph, People) {
    let (graph, people) = Graph::prepared(|tx, _| people(tx), |_| None);
    let mut all = graph.credentials();
    all.as_array_mut()
        .unwrap()
        .push(json!({ "key": "SyncAll", "value": "true" }));
    let secrets = format!("{}/secrets", graph.outbound());
    graph.expect(204, "PUT", &secrets, &json!({ "value": all }));
    (graph, people)
}

pub(super) fn subject(kind: &str, id: &str) -> Value {
    json!({ "objectId": id, "objectTypeName": kind })
}

pub(super) fn asked(rule: &str, subject: &Value) -> Value {
    json!({ "parameters": [{ "ruleId": rule, "subjects": [subject] }] })
}

/// Key and value, decoded.
fn decoded(answer: &Value) -> (Value, Value) {
    let text = |name: &str| serde_json::from_str(answer[name].as_str().unwrap()).unwrap();
    (text("key"), text("value"))
}

/// entra.md 6.5: the request of the reference, and every field of its answer.
#[test]
fn a_person_and_a_group_with_members_are_provisioned() {
    let (graph, people) = start();
    let at = format!("{}/provisionOnDemand", graph.outbound_job());
    let answer = graph.post(200, &at, &asked(RULE, &subject("User", &people.user)));
    assert!(
        answer["@odata.context"]
            .as_str()
            .unwrap()
            .ends_with("$metadata#microsoft.graph.stringKeyStringValuePair")
    );
    let (key, value) = decoded(&answer);
    assert_eq!(key["result"], "Success", "{key} {value}");
    for name in [
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
    ] {
        assert!(value.get(name).is_some(), "{name}");
    }
    assert_eq!(value["sourceIdentity"]["id"], json!(people.user));
    assert_eq!(value["targetSystem"]["name"], "customappsso");
    let (again, _) = decoded(&graph.post(
        200,
        &at,
        &asked(&format!("{RULE}#V2"), &subject("User", &people.user)),
    ));
    assert_eq!(
        (&again["result"], &again["details"]["errorCode"]),
        (&json!("Skipped"), &json!("RedundantExport"))
    );

    let mut group = subject("Group", &people.group);
    let members: Vec<Value> = people
        .members
        .iter()
        .take(1)
        .map(|id| subject("User", id))
        .collect();
    group["links"] = json!({ "members": members });
    let (key, value) = decoded(&graph.post(200, &at, &asked(RULE, &group)));
    assert_eq!(key["result"], "Success", "{key} {value}");

    let connection = format!(
        "{}/objectConnections('{}')",
        graph.outbound_job(),
        people.user
    );
    graph.refused(400, "GET", &connection, &Value::Null);
    let beta = |method: &str, path: &str| graph.ask_version("beta", method, path, &Value::Null);
    let found = beta("GET", &connection);
    assert_eq!(found.status(), 200, "{}", found.body());
    assert_eq!(
        found.body()["targetAnchor"],
        value_of_target(&graph, &people.user)
    );
    assert_eq!(found.body()["objectTypeName"], "User");
    assert_eq!(
        beta(
            "GET",
            &format!("{}/objectConnections", graph.outbound_job())
        )
        .status(),
        400
    );
    graph.post(
        204,
        &format!("{}/start", graph.outbound_job()),
        &Value::Null,
    );
    assert_eq!(beta("DELETE", &connection).status(), 409);
    graph.post(
        204,
        &format!("{}/pause", graph.outbound_job()),
        &Value::Null,
    );
    assert_eq!(beta("DELETE", &connection).status(), 204);
    assert_eq!(beta("GET", &connection).status(), 404);
    assert_eq!(beta("DELETE", &connection).status(), 204);
}

/// The id in the target, as the provisioning log has it.
fn value_of_target(graph: &Graph, user: &str) -> Value {
    let filter =
        format!("/auditLogs/provisioning?$filter=sourceIdentity/id%20eq%20'{user}'&$top=1");
    graph.get(&filter)["value"][0]["targetIdentity"]["id"].clone()
}

#[test]
fn what_cannot_be_provisioned_is_refused_with_its_place() {
    let (graph, people) = start();
    let at = format!("{}/provisionOnDemand", graph.outbound_job());
    let (user, nobody) = (
        subject("User", &people.user),
        "00000000-0000-0000-0000-000000000009",
    );
    let nested = json!({ "objectId": people.group, "objectTypeName": "Group",
        "links": { "members": [subject("Group", &people.group)] } });
    let six: Vec<Value> = people
        .members
        .iter()
        .take(6)
        .map(|id| subject("User", id))
        .collect();
    for (body, status, said) in [
        (
            Value::Null,
            400,
            "parameters: expected one element, found 0",
        ),
        (
            json!({ "parameters": [{ "subjects": [user] }] }),
            400,
            "parameters[0].ruleId: is missing",
        ),
        (
            json!({ "parameters": [{ "ruleId": RULE, "subjects": [user, user] }] }),
            400,
            "parameters[0].subjects: expected one element, found 2",
        ),
        (
            asked("another", &user),
            400,
            "the schema has no rule 'another'",
        ),
        (
            asked(RULE, &subject("Role", &people.user)),
            400,
            "supports users and groups, not 'Role'",
        ),
        (
            asked(RULE, &subject("User", "x")),
            400,
            "parameters[0].subjects[0].objectId: is no object id",
        ),
        (
            asked(RULE, &subject("Group", &people.user)),
            400,
            "is a User",
        ),
        (asked(RULE, &subject("User", nobody)), 404, nobody),
        (asked(RULE, &nested), 400, "nested groups"),
    ] {
        let refused = graph.refused(status, "POST", &at, &body);
        assert!(refused.contains(said), "{body}: {refused}");
    }
    let group =
        json!({ "objectId": people.group, "objectTypeName": "Group", "links": { "members": six } });
    assert!(
        graph
            .refused(400, "POST", &at, &asked(RULE, &group))
            .contains("at most 5")
    );
    let inbound = format!("{}/provisionOnDemand", graph.inbound_job());
    let refused = graph.refused(400, "POST", &inbound, &asked(RULE, &user));
    assert!(
        refused.contains("not available for jobs of API-driven"),
        "{refused}"
    );
}

#[test]
fn the_sixth_request_in_ten_seconds_is_refused() {
    let (graph, people) = start();
    let at = format!("{}/provisionOnDemand", graph.outbound_job());
    let body = asked(RULE, &subject("User", &people.user));
    let answers: Vec<_> = (0..6).map(|_| graph.ask("POST", &at, &body)).collect();
    let statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status().as_u16())
        .collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    assert!(answers[5].headers().contains_key("retry-after"));
    assert_eq!(answers[5].body()["error"]["code"], "TooManyRequests");
}
