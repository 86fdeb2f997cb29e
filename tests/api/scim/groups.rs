//! `/Groups`: creation, nesting, what deleting a member or a group does.

use serde_json::{Value, json};

use crate::team::{Example, GROUP, Team, refused, text};

#[test]
fn a_group_is_created_with_its_members() {
    let team = Example::new();
    let made = team.create(
        "/Groups",
        &json!({ "schemas": [GROUP], "displayName": "Empty" }),
    );
    assert!(
        made.get("members").is_none_or(|m| m == &json!([])),
        "POST-38: {made}"
    );
    assert_eq!(made["meta"]["resourceType"], "Group", "POST-38");
    let made = team.create(
        "/Groups",
        &json!({
            "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "displayName": "Twice",
            "members": [{ "value": team.u1, "display": "ignored" }, { "value": team.u1 }],
        }),
    );
    assert_eq!(made["schemas"], json!([GROUP]), "POST-14");
    assert_eq!(
        made["members"],
        json!([{
            "value": team.u1,
            "$ref": format!("{}/scim/v2/Users/{}", team.server.url, team.u1),
            "display": "Babs Jensen",
            "type": "User",
        }]),
        "POST-41"
    );
    let outer = team.group("Outer", &[&team.g1]);
    let made = team.read(&format!("/Groups/{outer}"));
    assert_eq!(made["members"][0]["type"], "Group", "POST-43");
    let groups = team.read(&format!("/Users/{}?attributes=groups", team.u2))["groups"].clone();
    let kind = groups
        .as_array()
        .unwrap()
        .iter()
        .find(|g| g["value"] == json!(outer))
        .map(|g| g["type"].clone());
    assert_eq!(kind, Some(json!("indirect")), "POST-43");
}

#[test]
fn what_is_not_a_group_is_refused_and_nothing_is_written() {
    let team = Example::new();
    let body = |more: Value| {
        let mut body = json!({ "schemas": [GROUP], "displayName": "New" });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (row, body, status, kind) in [
        (
            "POST-39",
            json!({ "schemas": [GROUP] }),
            400,
            "invalidValue",
        ),
        (
            "displayName empty",
            body(json!({ "displayName": "" })),
            400,
            "invalidValue",
        ),
        (
            "A21",
            body(json!({ "displayName": "tour guides" })),
            409,
            "uniqueness",
        ),
        (
            "POST-42",
            body(json!({ "members": [{ "value": team.u1 }, { "value": "stranger" }] })),
            400,
            "invalidValue",
        ),
        (
            "GRP-28",
            body(json!({ "members": [{ "value": team.u1, "type": "Group" }] })),
            400,
            "invalidValue",
        ),
        (
            "member without value",
            body(json!({ "members": [{ "display": "x" }] })),
            400,
            "invalidValue",
        ),
        (
            "member null",
            body(json!({ "members": [null] })),
            400,
            "invalidValue",
        ),
    ] {
        refused(row, &team.post("/Groups", &body), status, kind);
        assert_eq!(team.list("/Groups").len(), 3, "{row}");
        let groups = team.read(&format!("/Users/{}", team.u1))["groups"].clone();
        assert_eq!(groups.as_array().map(Vec::len), Some(2), "{row}");
    }
    let answer = team.post(
        "/Groups",
        &body(json!({ "members": [{ "value": "stranger" }] })),
    );
    assert!(
        text(answer.body(), "/detail").contains("stranger"),
        "POST-42: {}",
        answer.body()
    );
}

#[test]
fn deleting_takes_memberships_along() {
    let team = Example::new();
    let g1 = format!("/Groups/{}", team.g1);
    let before = team.read(&g1);
    assert_eq!(team.delete(&format!("/Users/{}", team.u1)).status(), 204);
    let now = team.read(&g1);
    assert_eq!(
        team.members(&team.g1),
        std::slice::from_ref(&team.u2),
        "GRP-23"
    );
    assert_ne!(now["meta"]["version"], before["meta"]["version"], "GRP-23");
    assert_eq!(team.delete(&g1).status(), 204, "GRP-24");
    refused("GRP-24", &team.get(&g1), 404, "");
    let u2 = team.read(&format!("/Users/{}", team.u2));
    assert!(u2.get("groups").is_none(), "GRP-24: {u2}");
    assert!(team.members(&team.g3).is_empty(), "GRP-24");
    // The name is free again.
    team.group("Tour Guides", &[&team.u2]);
}

#[test]
fn nesting_may_be_deep_and_circular() {
    let team = Team::new();
    let user = team.user(&crate::team::named("deep@example.com"));
    let mut inner = user.clone();
    let mut groups = Vec::new();
    for level in 0..1_000 {
        inner = team.group(&format!("level {level}"), &[&inner]);
        groups.push(inner.clone());
    }
    // The outermost becomes a member of the innermost.
    let answer = team.patch(
        &format!("/Groups/{}", groups[0]),
        json!([{ "op": "add", "path": "members", "value": [{ "value": inner }] }]),
    );
    assert_eq!(answer.status(), 204, "GRP-22: {}", answer.body());
    let shown = team.read(&format!("/Users/{user}?attributes=groups"))["groups"].clone();
    let shown: Vec<_> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|g| (text(g, "/value").to_owned(), text(g, "/type").to_owned()))
        .collect();
    assert_eq!(shown.len(), 1_000, "GRP-22, EVIL-39");
    assert_eq!(shown[0], (groups[0].clone(), "direct".into()), "EVIL-39");
    assert!(shown[1..].iter().all(|(_, kind)| kind == "indirect"));
}
