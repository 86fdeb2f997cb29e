//! Single switches, turned one by one on a team with the standard profile.

use scimlab::model::{ObjectKind, TeamSchema};
use scimlab::store::{schemas, teams};
use serde_json::{Value, json};
use ureq::http::Request;

use crate::server::KEY;
use crate::team::{GROUP, Team, USER, encoded, header, named, refused, text};

/// A team with a user and a group, the standard profile and these switches.
fn with(switches: &Value) -> (Team, String, String) {
    let team = Team::new();
    let user = format!("/Users/{}", team.user(&named("taylor.lee@example.com")));
    let group = format!("/Groups/{}", team.group("TestAPI", &[]));
    (team.becomes("standard", switches), user, group)
}

fn deactivate() -> Value {
    json!([{ "op": "replace", "path": "active", "value": false }])
}

fn rename() -> Value {
    json!([{ "op": "replace", "path": "displayName", "value": "Renamed" }])
}

#[test]
fn patch_answers_what_the_switch_says() {
    let (team, user, group) = with(&json!({ "patchUser": "noContent", "patchGroup": "resource" }));
    let answer = team.patch(&user, deactivate());
    assert_eq!(
        (answer.status().as_u16(), answer.body()),
        (204, &Value::Null)
    );
    assert!(header(&answer, "etag").is_some());
    let answer = team.patch(&format!("{user}?attributes=active"), deactivate());
    assert_eq!(answer.status(), 200, "asked for");
    let answer = team.patch(&group, rename());
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.body()["displayName"], "Renamed");
}

#[test]
fn without_versions_there_are_no_tags_and_no_preconditions() {
    let (team, user, group) = with(&json!({ "etag": false, "requireIfMatch": true }));
    for path in [&user, &group] {
        for headers in [&[][..], &[("If-None-Match", "*")]] {
            let answer = team.with("GET", path, headers, "");
            assert_eq!(answer.status(), 200, "{path}");
            assert_eq!(header(&answer, "etag"), None, "{path}");
            assert_eq!(answer.body()["meta"].get("version"), None, "{path}");
            assert!(answer.body()["meta"]["location"].is_string(), "{path}");
        }
        let answer = team.with("DELETE", path, &[("If-Match", "W/\"99\"")], "");
        assert_eq!(answer.status(), 204, "{path}");
    }
    let made = team.post("/Users", &named("new@example.com"));
    assert_eq!(header(&made, "etag"), None);
    let config = team.read("/ServiceProviderConfig");
    assert_eq!(config["etag"]["supported"], false);
}

#[test]
fn changes_need_a_version_where_the_switch_says_so() {
    let (team, user, group) = with(&json!({ "requireIfMatch": true }));
    for (path, operations) in [(&user, deactivate()), (&group, rename())] {
        refused(path, &team.patch(path, operations.clone()), 428, "");
        refused(path, &team.delete(path), 428, "");
        let body = crate::team::ops(operations).to_string();
        let headers = [("If-Match", "*"), ("Content-Type", "application/scim+json")];
        assert!(
            team.with("PATCH", path, &headers, &body)
                .status()
                .is_success(),
            "{path}"
        );
        let stale = team.with("DELETE", path, &[("If-Match", "W/\"1\"")], "");
        refused(path, &stale, 412, "");
    }
    refused(
        "PUT",
        &team.put(&user, &named("taylor.lee@example.com")),
        428,
        "",
    );
    assert_eq!(team.post("/Users", &named("new@example.com")).status(), 201);
}

#[test]
fn filters_in_urls_are_refused_as_sensitive() {
    let (team, _, _) = with(&json!({ "sensitiveGetFilters": true }));
    for endpoint in ["/Users", "/Groups"] {
        let answer = team.get(&format!("{endpoint}?filter={}", encoded("id pr")));
        refused(endpoint, &answer, 403, "sensitive");
        assert_eq!(team.list(endpoint).len(), 1);
    }
}

#[test]
fn an_accept_header_without_json_is_refused_where_the_profile_is_strict() {
    let team = Team::with_profile("strict");
    for (accept, status) in [
        ("text/xml", 406),
        ("text/html, image/png", 406),
        ("application/json;q=0", 406),
        ("application/json", 200),
        ("application/scim+json", 200),
        ("text/html, */*", 200),
    ] {
        let answer = team.with("GET", "/Users", &[("Accept", accept)], "");
        if status == 406 {
            refused(&format!("DISC-21 [S] {accept}"), &answer, status, "");
        } else {
            assert_eq!(answer.status(), status, "DISC-21 [S] {accept}");
        }
    }
}

#[test]
fn the_configuration_is_open_only_where_the_switch_says_so() {
    for (open, status) in [(true, 200), (false, 401)] {
        let (team, _, _) = with(&json!({ "openConfig": open }));
        let url = format!("{}/scim/v2/ServiceProviderConfig", team.server.url);
        let stranger = team.server.send(Request::get(&url), Vec::new()).unwrap();
        assert_eq!(stranger.status(), status, "DISC-02 {open}");
        let known = Request::get(&url).header("Authorization", format!("Bearer {KEY}"));
        assert_eq!(
            team.server.send(known, Vec::new()).unwrap().status(),
            200,
            "{open}"
        );
    }
}

#[test]
fn operations_that_are_switched_off_do_not_exist() {
    let (team, user, group) = with(&json!({
        "deleteUsers": false, "putGroups": false, "schemas": false, "bulk": false, "me": false
    }));
    for (method, path, status) in [
        ("DELETE", user.as_str(), 405),
        ("PUT", &group, 405),
        ("GET", "/Schemas", 404),
        (
            "GET",
            "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
            404,
        ),
        ("GET", "/ResourceTypes/User", 404),
        ("POST", "/Bulk", 501),
        ("GET", "/Me", 501),
    ] {
        let body = if method == "PUT" || method == "POST" {
            json!({})
        } else {
            Value::Null
        };
        let answer = team.server.call(method, path, &body);
        refused(&format!("{method} {path}"), &answer, status, "");
        let allow = header(&answer, "allow");
        assert_eq!(allow.is_some(), status == 405, "{path}");
        assert!(!allow.unwrap_or_default().contains(method), "{path}");
    }
    assert_eq!(team.get(&user).status(), 200);
    assert_eq!(team.list("/ResourceTypes").len(), 2);
    let config = team.read("/ServiceProviderConfig");
    assert_eq!(
        config["bulk"],
        json!({ "supported": false, "maxOperations": 0, "maxPayloadSize": 0 })
    );
}

#[test]
fn without_groups_nothing_speaks_of_them() {
    let (team, user, group) = with(&json!({ "groups": false }));
    let body = json!({ "schemas": [GROUP], "displayName": "x" });
    for (method, path, body) in [
        ("GET", "/Groups", Value::Null),
        ("POST", "/Groups", body.clone()),
        ("GET", &group, Value::Null),
        ("PUT", &group, body),
        ("PATCH", &group, json!({})),
        ("DELETE", &group, Value::Null),
        ("GET", "/ResourceTypes/Group", Value::Null),
        ("GET", &format!("/Schemas/{GROUP}"), Value::Null),
    ] {
        let answer = team.server.call(method, path, &body);
        refused(&format!("{method} {path}"), &answer, 404, "");
    }
    assert_eq!(team.list("/ResourceTypes").len(), 1);
    assert!(
        team.list("/Schemas")
            .iter()
            .all(|schema| schema["id"] != GROUP)
    );
    assert_eq!(team.get(&user).status(), 200);
}

#[test]
fn without_groups_their_extensions_are_not_published() {
    const URN: &str = "urn:example:params:scim:schemas:room:1.0:Group";
    let (team, ()) = Team::new().arranged(|tx| {
        let mut team = teams::first(tx)?.unwrap();
        let document = json!({ "id": URN, "name": "Room", "attributes": [{ "name": "floor", "type": "integer" }] });
        let row = TeamSchema {
            seq: schemas::next_seq(tx, team.seq)?,
            urn: URN.into(),
            extends: ObjectKind::Group,
            required: false,
            document: document.to_string(),
            created_by: "Ada".into(),
            created: team.created,
            removed: None,
        };
        schemas::put(tx, team.seq, &row)?;
        team.revision += 1;
        Ok(teams::put(tx, &team)?)
    });
    let path = format!("/Schemas/{URN}");
    assert_eq!(team.get(&path).status(), 200);
    let team = team.becomes("standard", &json!({ "groups": false }));
    refused(URN, &team.get(&path), 404, "");
    let listed = team.list("/Schemas");
    assert!(listed.iter().all(|schema| schema["id"] != URN));
}

#[test]
fn pages_are_as_long_as_the_switch_allows() {
    let team = Team::new();
    for n in 0..5 {
        team.user(&named(&format!("{n}@example.com")));
    }
    let team = team.becomes(
        "standard",
        &json!({ "maxResults": 2, "resourceTypesArray": true }),
    );
    for query in ["", "?count=4", "?count=2"] {
        assert_eq!(team.list(&format!("/Users{query}")).len(), 2, "{query}");
    }
    assert_eq!(team.list("/Users?count=1").len(), 1);
    let config = team.read("/ServiceProviderConfig");
    assert_eq!(config["filter"]["maxResults"], 2);
    assert_eq!(config["pagination"]["maxPageSize"], 2);
    assert_eq!(config["pagination"]["defaultPageSize"], 2);
    let types = team.read("/ResourceTypes");
    assert_eq!(
        types[0]["meta"]["resourceType"], "ResourceType",
        "our own document, bare"
    );
}

#[test]
fn group_names_are_unique_where_the_switch_says_so_and_schemas_tell() {
    for (preset, unique) in [("standard", true), ("strict", false)] {
        let team = Team::with_profile(preset);
        team.group("TestAPI", &[]);
        let answer = team.post(
            "/Groups",
            &json!({ "schemas": [GROUP], "displayName": "testapi" }),
        );
        let schema = team.read(&format!("/Schemas/{GROUP}"));
        let attributes = schema["attributes"].as_array().unwrap();
        let name = attributes
            .iter()
            .find(|a| a["name"] == "displayName")
            .unwrap();
        if unique {
            refused("A21", &answer, 409, "uniqueness");
            assert_eq!(name["uniqueness"], "server", "A21");
        } else {
            assert_eq!(answer.status(), 201, "A21 [S]: {}", answer.body());
            assert_eq!(name["uniqueness"], "none", "A21 [S]");
        }
    }
}

#[test]
fn our_own_words_serve_the_few_filters_too() {
    let (team, _, _) = with(&json!({ "filters": "postman", "sentences": "own" }));
    let answer = team.get(&format!("/Users?filter={}", encoded("externalId eq \"x\"")));
    refused("filters", &answer, 400, "invalidFilter");
    assert!(text(answer.body(), "/detail").contains("userName eq"));
    let (team, user, _) = with(&json!({ "putOmitted": "keep", "attributes": "postman" }));
    let answer = team.put(&user, &json!({ "schemas": [USER], "active": false }));
    assert_eq!(answer.body()["userName"], "taylor.lee@example.com");
    assert_eq!(answer.body()["active"], false);
}
