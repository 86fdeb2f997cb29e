//! `PATCH /Groups/{id}`: GRP.

use serde_json::{Value, json};

use crate::team::{Example, Team, named, refused, text};

#[test]
fn members_come_and_go_as_clients_say_it() {
    let team = Example::new();
    let (u1, u2, u3) = (&team.u1, &team.u2, &team.u3);
    let add = |ids: &[&String]| -> Value {
        let values: Vec<_> = ids.iter().map(|id| json!({ "value": id })).collect();
        json!([{ "op": "add", "path": "members", "value": values }])
    };
    let rows: Vec<(&str, Value, Vec<&String>)> = vec![
        ("GRP-02", add(&[u1]), vec![u1, u2]),
        (
            "GRP-03",
            json!([{
                "op": "Remove", "path": "members",
                "value": [{ "$ref": null, "value": u1 }]
            }]),
            vec![u2],
        ),
        (
            "GRP-04",
            json!([{
                "op": "Remove", "path": "members", "value": [{ "value": u1 }, { "value": u2 }]
            }]),
            vec![],
        ),
        (
            "GRP-06",
            json!([{ "op": "remove", "path": "members", "value": u1 }]),
            vec![u2],
        ),
        (
            "GRP-06",
            json!([{ "op": "remove", "path": "members", "value": { "value": u1 } }]),
            vec![u2],
        ),
        (
            "A5",
            json!([{ "op": "remove", "path": "members", "value": [] }]),
            vec![u1, u2],
        ),
        (
            "GRP-08",
            json!([{ "op": "remove", "path": "members" }]),
            vec![],
        ),
        (
            "A5 null",
            json!([{ "op": "remove", "path": "members", "value": null }]),
            vec![],
        ),
        (
            "GRP-10",
            json!([{ "op": "remove", "path": format!("members[value eq\"{u1}\"]") }]),
            vec![u2],
        ),
        (
            "GRP-11",
            json!([{ "op": "remove", "path": "members[value eq \"stranger\"]" }]),
            vec![u1, u2],
        ),
        (
            "GRP-12",
            json!([{ "op": "replace", "path": "members", "value": [{ "value": u3 }] }]),
            vec![u3],
        ),
        (
            "GRP-12 empty",
            json!([{ "op": "replace", "path": "members", "value": [] }]),
            vec![],
        ),
        (
            "GRP-12 null",
            json!([{ "op": "replace", "path": "members", "value": null }]),
            vec![],
        ),
        (
            "GRP-12 path-less",
            json!([{ "op": "replace", "value": { "members": [{ "value": u3 }] } }]),
            vec![u3],
        ),
        (
            "GRP-14",
            json!([
                { "op": "remove", "path": format!("members[value eq \"{u1}\"]") },
                { "op": "add", "path": "members", "value": [{ "value": u3 }] }
            ]),
            vec![u2, u3],
        ),
        (
            "GRP-20",
            json!([{ "op": "replace", "path": "externalId", "value": "ext" }]),
            vec![u1, u2],
        ),
        ("duplicates", add(&[u3, u3]), vec![u1, u2, u3]),
    ];
    for (n, (row, operations, expected)) in rows.into_iter().enumerate() {
        let group = team.group(&format!("row {n}"), &[u1, u2]);
        let path = format!("/Groups/{group}");
        let before = team.read(&path);
        let answer = team.patch(&path, operations);
        assert_eq!(answer.status(), 204, "{row}: {}", answer.body());
        assert!(answer.body().is_null(), "GRP-26 {row}");
        let expected = Example::sorted(&expected);
        assert_eq!(team.members(&group), expected, "{row}");
        let changed = team.read(&path)["meta"]["version"] != before["meta"]["version"];
        let should = expected != Example::sorted(&[u1, u2]) || row == "GRP-20";
        assert_eq!(changed, should, "{row}: version");
    }
}

#[test]
fn a_rename_with_the_id_inside_leaves_members_alone() {
    let team = Example::new();
    let path = format!("/Groups/{}", team.g1);
    let answer = team.patch(
        &path,
        json!([{ "op": "replace", "value": { "id": team.g1, "displayName": "N" } }]),
    );
    assert_eq!(answer.status(), 204, "GRP-18: {}", answer.body());
    assert_eq!(team.read(&path)["displayName"], "N", "GRP-18");
    assert_eq!(
        team.members(&team.g1),
        Example::sorted(&[&team.u1, &team.u2]),
        "GRP-18"
    );
    let answer = team.patch(
        &format!("{path}?attributes=displayName"),
        json!([{ "op": "replace", "path": "displayName", "value": "M" }]),
    );
    assert_eq!(answer.status(), 200, "A16");
    assert_eq!(text(answer.body(), "/displayName"), "M", "A16");
    assert!(answer.body().get("members").is_none(), "A16");
}

#[test]
fn what_is_not_understood_never_empties_a_group() {
    let team = Example::new();
    let path = format!("/Groups/{}", team.g1);
    let before = team.read(&path);
    let op =
        |op: &str, path: &str, value: Value| json!([{ "op": op, "path": path, "value": value }]);
    for (row, operations, status, kind) in [
        (
            "GRP-07",
            op("Remove", "members", json!([{ "id": team.u1 }])),
            400,
            "invalidValue",
        ),
        (
            "GRP-06",
            op("remove", "members", json!(5)),
            400,
            "invalidValue",
        ),
        (
            "GRP-06",
            op("remove", "members", json!([[team.u1]])),
            400,
            "invalidValue",
        ),
        (
            "GRP-15",
            op(
                "add",
                "members",
                json!([{ "value": team.u3 }, { "value": "stranger" }]),
            ),
            400,
            "invalidValue",
        ),
        (
            "GRP-15 replace",
            op("replace", "members", json!([{ "value": "stranger" }])),
            400,
            "invalidValue",
        ),
        (
            "GRP-16",
            op(
                "replace",
                &format!("members[value eq \"{}\"].value", team.u1),
                json!(team.u3),
            ),
            400,
            "mutability",
        ),
        (
            "GRP-19",
            op("replace", "displayName", json!("MANAGERS")),
            409,
            "uniqueness",
        ),
        (
            "itself",
            op("add", "members", json!([{ "value": team.g1 }])),
            400,
            "invalidValue",
        ),
        (
            "GRP-28",
            op(
                "add",
                "members",
                json!([{ "value": team.u3, "type": "Group" }]),
            ),
            400,
            "invalidValue",
        ),
        (
            "atomic",
            json!([
                { "op": "remove", "path": "members" },
                { "op": "replace", "path": "displayName", "value": 5 }
            ]),
            400,
            "invalidValue",
        ),
        (
            "atomic",
            json!([
                { "op": "replace", "path": "displayName", "value": "Changed" },
                { "op": "add", "path": "members", "value": [{ "value": "stranger" }] }
            ]),
            400,
            "invalidValue",
        ),
        (
            "no name",
            json!([{ "op": "remove", "path": "displayName" }]),
            400,
            "mutability",
        ),
    ] {
        let shown = format!("{row} {operations}");
        refused(&shown, &team.patch(&path, operations), status, kind);
        assert_eq!(team.read(&path), before, "{shown}");
    }
    let absent = format!("/Groups/{}", "0".repeat(48));
    let answer = team.patch(&absent, json!([{ "op": "remove", "path": "members" }]));
    refused("unknown", &answer, 404, "");
}

#[test]
fn concurrent_additions_all_stay() {
    let team = Team::new();
    let users: Vec<String> = (0..16)
        .map(|n| team.user(&named(&format!("u{n}@example.com"))))
        .collect();
    let group = team.group("Crowd", &[]);
    std::thread::scope(|scope| {
        for user in &users {
            let (team, group) = (&team, &group);
            scope.spawn(move || {
                let answer = team.patch(
                    &format!("/Groups/{group}"),
                    json!([{ "op": "add", "path": "members", "value": [{ "value": user }] }]),
                );
                assert_eq!(answer.status(), 204, "GRP-27: {}", answer.body());
            });
        }
    });
    let mut expected = users;
    expected.sort();
    assert_eq!(team.members(&group), expected, "GRP-27");
}
