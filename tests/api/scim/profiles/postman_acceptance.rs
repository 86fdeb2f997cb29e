//! The provider acceptance list of Postman's behaviour: each test carries the number of its point.
//!
//! 5, 8 and 14 are in `postman_people`, 10 in `postman_keys`, 11 in `scim::rate_limits`, 15 in
//! `postman_record`.

use serde_json::{Value, json};

use super::says;
use crate::team::{GROUP, Team, USER, encoded, ops, text};

const FILTER: &str = "You've used filter(s) that Postman doesn't support.";
const TAKEN: &str = "This person is already a member of the team.";

fn person(user_name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": user_name,
        "name": { "givenName": "Taylor", "familyName": "Lee" },
        "externalId": "12345678",
        "active": true
    })
}

#[test]
fn point_1_a_filter_for_a_random_user_name_is_an_empty_list() {
    let team = Team::with_profile("postman");
    team.user(&person("taylor.lee@example.com"));
    let path = format!(
        "/Users?filter={}",
        encoded("userName eq \"6f3f0b1e-bd3f-4a0e-8f3c-2f8f43a8b3d1\"")
    );
    let answer = team.get(&path);
    assert_eq!(answer.status(), 200, "1");
    assert_eq!(
        answer.body(),
        &json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []
        }),
        "1"
    );
}

#[test]
fn point_2_other_filters_are_refused_with_the_sentence() {
    let team = Team::with_profile("postman");
    for (endpoint, filter) in [
        ("/Users", "externalId eq \"x\""),
        ("/Users", "id eq \"x\""),
        ("/Users", "emails eq \"x\""),
        ("/Users", "userName sw \"x\""),
        ("/Users", "userName eq \"x\" and active eq true"),
        ("/Users", "userName eq"),
        ("/Users", "displayName eq \"x\""),
        ("/Groups", "userName eq \"x\""),
        ("/Groups", "members eq \"x\""),
    ] {
        let answer = team.get(&format!("{endpoint}?filter={}", encoded(filter)));
        says(&format!("2 {filter}"), &answer, 400, None, FILTER);
    }
    team.group("TestAPI", &[]);
    assert_eq!(
        team.found("/Groups", "displayName eq \"TestAPI\"").len(),
        1,
        "2"
    );
    assert_eq!(
        team.found("/Groups", "displayName eq \"testapi\"").len(),
        0,
        "2: values are case-sensitive"
    );
    team.user(&person("Taylor.Lee@example.com"));
    for (filter, count) in [
        ("userName eq \"Taylor.Lee@example.com\"", 1),
        ("USERNAME EQ \"Taylor.Lee@example.com\"", 1),
        ("userName eq \"taylor.lee@example.com\"", 0),
    ] {
        assert_eq!(team.found("/Users", filter).len(), count, "2 {filter}");
    }
}

#[test]
fn point_3_active_in_quotes_lists_the_deactivated_only() {
    let team = Team::with_profile("postman");
    let on = team.user(&person("taylor.lee@example.com"));
    let off = team.user(&person("alex.cruz@example.com"));
    let answer = team.patch(
        &format!("/Users/{off}"),
        json!([{ "op": "replace", "value": { "active": false } }]),
    );
    assert_eq!(answer.status(), 200, "3");
    for (filter, expected) in [
        ("active eq \"false\"", &off),
        ("active eq false", &off),
        ("active eq \"true\"", &on),
        ("active eq true", &on),
    ] {
        assert_eq!(
            team.found("/Users", filter),
            std::slice::from_ref(expected),
            "3 {filter}"
        );
    }
}

#[test]
fn point_4_a_second_post_is_a_conflict() {
    let team = Team::with_profile("postman");
    team.user(&person("taylor.lee@example.com"));
    for again in ["taylor.lee@example.com", "Taylor.Lee@Example.com"] {
        let answer = team.post("/Users", &person(again));
        says("4", &answer, 409, Some("uniqueness"), TAKEN);
    }
    assert_eq!(team.list("/Users").len(), 1, "4");
}

#[test]
fn point_6_patch_takes_active_as_boolean_and_as_text_and_answers_the_user() {
    let team = Team::with_profile("postman");
    let id = team.user(&person("taylor.lee@example.com"));
    for (operation, active) in [
        (
            json!({ "op": "replace", "value": { "active": false } }),
            false,
        ),
        (
            json!({ "op": "replace", "path": "active", "value": true }),
            true,
        ),
        (
            json!({ "op": "Replace", "path": "active", "value": "False" }),
            false,
        ),
        (
            json!({ "op": "Replace", "path": "active", "value": "True" }),
            true,
        ),
        (
            json!({ "op": "replace", "value": { "active": "False" } }),
            false,
        ),
    ] {
        let answer = team.patch(&format!("/Users/{id}"), json!([operation]));
        assert_eq!(answer.status(), 200, "6 {operation}");
        assert_eq!(answer.body()["active"], active, "6 {operation}");
        assert_eq!(answer.body()["userName"], "taylor.lee@example.com", "6");
    }
}

#[test]
fn point_7_a_put_of_the_name_keeps_address_and_state() {
    let team = Team::with_profile("postman");
    let mut off = person("taylor.lee@example.com");
    off["active"] = false.into();
    let id = team.user(&off);
    let before = team.read(&format!("/Users/{id}"));
    let answer = team.put(
        &format!("/Users/{id}"),
        &json!({ "schemas": [USER], "name": { "givenName": "Tay", "familyName": "" } }),
    );
    assert_eq!(answer.status(), 200, "7: {}", answer.body());
    let mut expected = before;
    expected["name"] = json!({ "givenName": "Tay", "familyName": "" });
    let changed = answer.body();
    expected["meta"]["lastModified"] = changed["meta"]["lastModified"].clone();
    assert_eq!(changed, &expected, "7");
    let answer = team.put(
        &format!("/Users/{id}"),
        &json!({ "schemas": [USER], "userName": "taylor.lee@example.com", "active": true }),
    );
    assert_eq!(answer.body()["active"], true, "7");
    assert_eq!(answer.body()["name"]["givenName"], "Tay", "7");
    assert_eq!(answer.body()["externalId"], "12345678", "7");
}

#[test]
fn point_9_groups_are_made_filled_emptied_renamed_and_deleted() {
    let team = Team::with_profile("postman");
    let [u1, u2, u3] =
        ["a@example.com", "b@example.com", "c@example.com"].map(|name| team.user(&person(name)));
    let unknown = "0".repeat(48);
    let body =
        json!({ "schemas": [GROUP], "displayName": "TestAPI", "members": [{ "value": unknown }] });
    let answer = team.post("/Groups", &body);
    assert_eq!(answer.status(), 400, "9");
    assert_eq!(answer.body()["scimType"], "invalidValue", "9");
    assert!(text(answer.body(), "/detail").contains(&unknown), "9");

    let group = team.group("TestAPI", &[]);
    let path = format!("/Groups/{group}");
    let change = |operation: &Value, members: &[&String]| {
        let answer = team.patch(&path, json!([operation]));
        assert_eq!(answer.status(), 200, "9 {operation}: {}", answer.body());
        let mut expected: Vec<String> = members.iter().map(|id| (*id).clone()).collect();
        expected.sort();
        assert_eq!(team.members(&group), expected, "9 {operation}");
    };
    let member = |id: &String| json!([{ "value": id }]);
    change(
        &json!({ "op": "add", "path": "members", "value": member(&u1) }),
        &[&u1],
    );
    change(
        &json!({ "op": "Add", "path": "members", "value": member(&u2) }),
        &[&u1, &u2],
    );
    let all = json!([{ "value": u1 }, { "value": u2 }, { "value": u3 }]);
    let everybody = json!({ "op": "replace", "path": "members", "value": all });
    change(&everybody, &[&u1, &u2, &u3]);
    change(
        &json!({ "op": "Remove", "path": "members", "value": member(&u1) }),
        &[&u2, &u3],
    );
    let filtered = format!("members[value eq \"{u2}\"]");
    change(&json!({ "op": "remove", "path": filtered }), &[&u3]);
    change(
        &json!({ "op": "replace", "path": "members", "value": [] }),
        &[],
    );
    change(&everybody, &[&u1, &u2, &u3]);
    change(
        &json!({ "op": "replace", "path": "members", "value": null }),
        &[],
    );
    change(&everybody, &[&u1, &u2, &u3]);
    change(&json!({ "op": "replace", "path": "members" }), &[]);

    let mut renaming = ops(json!([
        { "op": "replace", "value": { "id": group, "displayName": "Renamed" } }
    ]));
    renaming["schemas"] = json!(["urn:ietf:params:scim:api:messages:2.0:PutOp"]);
    let answer = team.server.call("PATCH", &path, &renaming);
    assert_eq!(answer.status(), 200, "9: {}", answer.body());
    assert_eq!(answer.body()["displayName"], "Renamed", "9");
    assert_eq!(answer.body()["id"], json!(group), "9");
    let answer = team.delete(&path);
    assert_eq!(
        (answer.status().as_u16(), answer.body()),
        (204, &Value::Null),
        "9"
    );
    let gone = "This group isn't a member of the team.";
    says("9", &team.get(&path), 404, None, gone);
}

#[test]
fn point_12_an_address_with_a_plus_makes_the_round_trip() {
    let team = Team::with_profile("postman");
    let id = team.user(&person("a+b@example.com"));
    assert_eq!(
        team.read(&format!("/Users/{id}"))["userName"],
        "a+b@example.com",
        "12"
    );
    let found = team.list("/Users?filter=userName%20eq%20%22a%2Bb%40example.com%22");
    assert_eq!(found[0]["id"], json!(id), "12");
    // An unencoded plus is a space, as everywhere in a query.
    let raw = team.list("/Users?filter=userName%20eq%20%22a+b@example.com%22");
    assert_eq!(raw.len(), 0, "12");
}

#[test]
fn point_13_resource_types_are_an_array_in_the_postman_profiles() {
    for (preset, count) in [
        ("postman", Some(2)),
        ("postman-2022", Some(1)),
        ("standard", None),
    ] {
        let body = Team::with_profile(preset).get("/ResourceTypes").into_body();
        assert_eq!(body.as_array().map(Vec::len), count, "13 {preset}");
    }
}
