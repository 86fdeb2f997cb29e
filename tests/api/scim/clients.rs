//! What clients of the field do, from end to end: MISC.

use serde_json::{Value, json};

use crate::team::{Example, GROUP, Team, USER, header, named, refused, text};

#[test]
fn an_asynchronous_answer_is_never_given_unasked() {
    let team = Team::new();
    let config = team.read("/ServiceProviderConfig");
    assert!(config.get("securityEvents").is_none(), "MISC-02: {config}");
    let answer = team.with(
        "POST",
        "/Users",
        &[
            ("Prefer", "respond-async"),
            ("Content-Type", "application/scim+json"),
        ],
        &named("async@example.com").to_string(),
    );
    assert_eq!(answer.status(), 201, "MISC-01: {}", answer.body());
    // What is not supported is not announced, neither in the configuration nor by headers.
    for absent in ["set-txn", "preference-applied"] {
        assert_eq!(header(&answer, absent), None, "MISC-02 {absent}");
    }
    assert_eq!(team.list("/Users").len(), 1, "MISC-01: done at once");
}

#[test]
fn entra_disables_and_then_deletes() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let answer = team.patch(
        &path,
        json!([{ "op": "Replace", "path": "active", "value": "False" }]),
    );
    assert_eq!(answer.status(), 200, "MISC-08: {}", answer.body());
    assert_eq!(answer.body()["active"], false, "MISC-08");
    assert_eq!(
        team.found("/Users", "userName eq \"bjensen@example.com\""),
        std::slice::from_ref(&team.u1),
        "MISC-08: a disabled user is still matched"
    );
    assert_eq!(team.delete(&path).status(), 204, "MISC-08");
    refused("MISC-08", &team.get(&path), 404, "");
}

#[test]
fn okta_pushes_a_group_and_changes_its_members() {
    let team = Example::new();
    let made = team.create(
        "/Groups",
        &json!({ "schemas": [GROUP], "displayName": "Pushed", "members": [] }),
    );
    let group = text(&made, "/id").to_owned();
    let path = format!("/Groups/{group}");
    let members = |ids: &[&String]| -> Value {
        ids.iter()
            .map(|id| json!({ "value": id, "display": "somebody@example.com" }))
            .collect()
    };
    let answer = team.patch(
        &path,
        json!([{ "op": "add", "path": "members", "value": members(&[&team.u1, &team.u2]) }]),
    );
    assert!(
        matches!(answer.status().as_u16(), 200 | 204),
        "MISC-09: {}",
        answer.body()
    );
    let answer = team.patch(
        &path,
        json!([
            { "op": "remove", "path": format!("members[value eq \"{}\"]", team.u1) },
            { "op": "add", "path": "members", "value": members(&[&team.u3]) }
        ]),
    );
    assert!(
        matches!(answer.status().as_u16(), 200 | 204),
        "MISC-09: {}",
        answer.body()
    );
    assert_eq!(
        team.members(&group),
        Example::sorted(&[&team.u2, &team.u3]),
        "MISC-09"
    );
}

#[test]
fn okta_deactivates_by_put() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    // The App Integration Wizard's integration reads, changes one attribute, and sends everything.
    let mut body = team.read(&path);
    body["active"] = json!(false);
    let answer = team.put(&path, &body);
    assert_eq!(answer.status(), 200, "MISC-10: {}", answer.body());
    assert_eq!(answer.body()["active"], false, "MISC-10");
    assert_eq!(answer.body()["title"], "Guide", "MISC-10");
    assert_eq!(team.read(&path), *answer.body(), "MISC-10");
    assert_eq!(
        team.members(&team.g1),
        Example::sorted(&[&team.u1, &team.u2]),
        "MISC-10: an inactive user keeps its groups"
    );
    assert_eq!(team.read(&path)["schemas"][0], USER);
}
