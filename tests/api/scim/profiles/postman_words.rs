//! Postman's sentences: each published one where its cause is, and the platform's shapes.

use serde_json::{Value, json};
use ureq::http::Request;

use super::{no_route, says};
use crate::team::{GROUP, Team, USER, header, named, ops};

const BODY: &str = "The request body seems to be incomplete or have unsupported characters.";
const NO_KEY: &str = "Unable to access the team. Check if you have entered a valid API key.";
const NO_PERSON: &str = "This person isn't a member of the team.";
const NO_GROUP: &str = "This group isn't a member of the team.";

#[test]
fn a_body_that_cannot_be_used_has_one_sentence() {
    let team = Team::with_profile("postman");
    let id = team.user(&named("taylor.lee@example.com"));
    let group = team.group("TestAPI", &[]);
    let (user, group) = (format!("/Users/{id}"), format!("/Groups/{group}"));
    let operation = |operation: Value| ops(json!([operation])).to_string();
    for (method, path, body) in [
        ("POST", "/Users", "{".to_owned()),
        ("POST", "/Users", "[]".to_owned()),
        ("POST", "/Users", json!({ "schemas": [USER] }).to_string()),
        ("POST", "/Users", json!({ "userName": "x" }).to_string()),
        (
            "POST",
            "/Users",
            json!({ "schemas": [USER], "userName": 7 }).to_string(),
        ),
        ("POST", "/Groups", json!({ "schemas": [GROUP] }).to_string()),
        (
            "PUT",
            &user,
            json!({ "schemas": [USER], "name": 1 }).to_string(),
        ),
        ("PATCH", &user, json!({ "Operations": [] }).to_string()),
        (
            "PATCH",
            &user,
            operation(json!({ "op": "replace", "path": "active", "value": "maybe" })),
        ),
        (
            "PATCH",
            &user,
            operation(json!({ "op": "move", "path": "active" })),
        ),
        (
            "PATCH",
            &group,
            operation(json!({ "op": "replace", "path": "members[", "value": [] })),
        ),
        ("PATCH", &group, operation(json!({ "op": "remove" }))),
    ] {
        let headers = [("Content-Type", "application/scim+json")];
        let answer = team.with(method, path, &headers, &body);
        says(
            &format!("{method} {body}"),
            &answer,
            400,
            Some("invalidSyntax"),
            BODY,
        );
    }
}

#[test]
fn unknown_people_and_groups_are_not_members() {
    let team = Team::with_profile("postman");
    let unknown = "0".repeat(48);
    let renaming = ops(json!([{ "op": "replace", "value": { "displayName": "x" } }]));
    let deactivating = ops(json!([{ "op": "replace", "value": { "active": false } }]));
    for id in [unknown.as_str(), "nobody"] {
        let (user, group) = (format!("/Users/{id}"), format!("/Groups/{id}"));
        let body = json!({ "schemas": [USER], "userName": "x@example.com" });
        for (method, path, body, sentence) in [
            ("GET", &user, Value::Null, NO_PERSON),
            ("PUT", &user, body, NO_PERSON),
            ("PATCH", &user, deactivating.clone(), NO_PERSON),
            ("GET", &group, Value::Null, NO_GROUP),
            ("PATCH", &group, renaming.clone(), NO_GROUP),
            ("DELETE", &group, Value::Null, NO_GROUP),
        ] {
            let answer = team.server.call(method, path, &body);
            says(&format!("{method} {path}"), &answer, 404, None, sentence);
        }
    }
}

#[test]
fn a_group_name_is_taken_once() {
    let team = Team::with_profile("postman");
    team.group("TestAPI", &[]);
    let answer = team.post(
        "/Groups",
        &json!({ "schemas": [GROUP], "displayName": "TestAPI" }),
    );
    let sentence = "A group with this name already exists.";
    says("group", &answer, 409, Some("uniqueness"), sentence);
}

#[test]
fn what_postman_does_not_have_is_answered_by_its_platform() {
    let team = Team::with_profile("postman");
    let user = format!("/Users/{}", team.user(&named("taylor.lee@example.com")));
    let group = format!("/Groups/{}", team.group("TestAPI", &[]));
    for (method, path) in [
        ("DELETE", user.as_str()),
        ("PUT", &group),
        ("PUT", "/Users"),
        ("GET", "/Schemas"),
        ("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"),
        ("GET", "/ResourceTypes/User"),
        ("POST", "/Bulk"),
        ("GET", "/Bulk"),
        ("GET", "/Me"),
        ("POST", "/Me"),
        ("GET", "/Nonsense"),
        ("POST", "/ServiceProviderConfig"),
    ] {
        let body = if matches!(method, "PUT" | "POST") {
            json!({})
        } else {
            Value::Null
        };
        let answer = team.server.call(method, path, &body);
        no_route(&format!("{method} {path}"), &answer);
        assert_eq!(header(&answer, "allow"), None, "{method} {path}");
    }
    assert_eq!(team.get(&user).status(), 200);
    assert_eq!(team.get(&group).status(), 200);
}

#[test]
fn strangers_hear_the_sentence_and_of_resource_types_the_platform() {
    let team = Team::with_profile("postman");
    let ask = |path: &str, key: Option<&str>| {
        let mut request = Request::get(format!("{}/scim/v2{path}", team.server.url));
        if let Some(key) = key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        team.server.send(request, Vec::new()).unwrap()
    };
    for key in [None, Some("garbage")] {
        for path in ["/Users", "/Groups", "/Users/1", "/ServiceProviderConfig"] {
            let answer = ask(path, key);
            says(path, &answer, 401, None, NO_KEY);
            assert!(header(&answer, "www-authenticate").is_some(), "{path}");
        }
        let answer = ask("/ResourceTypes", key);
        assert_eq!(answer.status(), 401);
        assert_eq!(
            answer.body(),
            &json!({
                "type": "https://api.postman.com/problems/unauthorized",
                "title": "Unauthorized",
                "detail": "Unauthorized",
                "status": 401
            })
        );
        no_route("nonsense", &ask("/Nonsense", key));
    }
}
