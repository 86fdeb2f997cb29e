//! The shapes of Postman's endpoint: resources, discovery, media types, and what becomes of data that it
//! does not know.

use serde_json::{Value, json};
use ureq::http::Request;

use super::{no_route, says};
use crate::server::KEY;
use crate::team::{ENTERPRISE, GROUP, Team, USER, header, text};

#[test]
fn users_and_groups_have_exactly_the_documented_members() {
    let team = Team::with_profile("postman");
    let answer = team.post(
        "/Users",
        &json!({
            "schemas": [USER, ENTERPRISE],
            "userName": "taylor.lee@example.com",
            "name": { "givenName": "Taylor", "familyName": "Lee", "middleName": "M" },
            "externalId": "12345678",
            "displayName": "Taylor Lee",
            "locale": "en-US",
            "groups": ["Test Group"],
            "emails": [{ "value": "taylor.lee@example.com" }],
            ENTERPRISE: { "department": "Tours" },
            "active": true
        }),
    );
    assert_eq!(answer.status(), 201, "{}", answer.body());
    let id = text(answer.body(), "/id").to_owned();
    assert!(
        header(&answer, "location")
            .unwrap()
            .ends_with(&format!("/scim/v2/Users/{id}"))
    );
    assert_eq!(header(&answer, "etag"), None);
    let created = text(answer.body(), "/meta/created").to_owned();
    assert!(id.len() == 48 && created.ends_with('Z') && created.len() == 24);
    let expected = json!({
        "schemas": [USER],
        "id": id,
        "userName": "taylor.lee@example.com",
        "name": { "givenName": "Taylor", "familyName": "Lee" },
        "externalId": "12345678",
        "active": true,
        "meta": { "resourceType": "User", "created": created, "lastModified": created }
    });
    assert_eq!(answer.body(), &expected);
    assert_eq!(team.read(&format!("/Users/{id}")), expected);
    assert_eq!(team.list("/Users"), [expected]);

    let answer = team.post(
        "/Groups",
        &json!({
            "schemas": [GROUP], "displayName": "TestAPI", "externalId": "1234",
            "members": [{ "value": id, "displayName": "Taylor Lee" }]
        }),
    );
    let group = answer.into_body();
    let expected = json!({
        "schemas": [GROUP],
        "id": group["id"],
        "displayName": "TestAPI",
        "externalId": "1234",
        "members": [{ "value": id, "display": "Taylor Lee" }],
        "meta": {
            "resourceType": "Group",
            "created": group["meta"]["created"],
            "lastModified": group["meta"]["lastModified"]
        }
    });
    assert_eq!(group, expected);
    assert_eq!(
        team.read(&format!("/Groups/{}", text(&group, "/id"))),
        expected
    );
    assert_eq!(team.list("/Groups"), [expected]);
}

#[test]
fn discovery_is_what_postman_publishes() {
    let team = Team::with_profile("postman");
    let base = format!("{}/scim/v2", team.server.url);
    assert_eq!(
        team.read("/ServiceProviderConfig"),
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "documentationUri": "https://learning.postman.com/docs/administration/managing-your-team/configuring-scim",
            "patch": { "supported": true },
            "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
            "filter": { "supported": true, "maxResults": 100 },
            "changePassword": { "supported": false },
            "sort": { "supported": false },
            "etag": { "supported": false },
            "authenticationSchemes": [{
                "name": "OAuth Bearer Token",
                "description": "Authentication scheme using the OAuth Bearer Token Standard",
                "specUri": "http://www.rfc-editor.org/info/rfc6750",
                "type": "oauthbearertoken"
            }],
            "meta": {
                "resourceType": "ServiceProviderConfig",
                "location": format!("{base}/ServiceProviderConfig")
            }
        })
    );
    let kind = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    assert_eq!(
        team.read("/ResourceTypes"),
        json!([
            {
                "schemas": [kind], "id": "User", "name": "User", "endpoint": "/Users",
                "description": "User Account", "schema": USER,
                "schemaExtensions": [{ "schema": ENTERPRISE, "required": true }]
            },
            {
                "schemas": [kind], "id": "Group", "name": "Group", "endpoint": "/Groups",
                "description": "Group", "schema": GROUP
            }
        ])
    );
}

#[test]
fn addresses_keys_and_media_types_are_taken_as_clients_send_them() {
    let team = Team::with_profile("postman");
    for path in ["//Users", "/Users/", "//ServiceProviderConfig"] {
        assert_eq!(team.get(path).status(), 200, "{path}");
    }
    let bare =
        Request::get(format!("{}/scim/v2/Users", team.server.url)).header("Authorization", KEY);
    assert_eq!(team.server.send(bare, Vec::new()).unwrap().status(), 200);
    for (accept, media) in [
        ("application/json", "application/json"),
        ("application/scim+json", "application/scim+json"),
        (
            "application/json, application/scim+json",
            "application/scim+json",
        ),
        ("*/*", "application/scim+json"),
        ("text/html", "application/scim+json"),
    ] {
        for path in ["/Users", "/Users/nobody", "/Nonsense"] {
            let answer = team.with("GET", path, &[("Accept", accept)], "");
            assert_eq!(
                header(&answer, "content-type"),
                Some(media),
                "{path} {accept}"
            );
        }
    }
}

#[test]
fn what_the_profile_does_not_know_is_kept_while_it_is_on() {
    let team = Team::new();
    let id = team.user(&json!({
        "schemas": [USER, ENTERPRISE],
        "userName": "taylor.lee@example.com",
        "name": { "givenName": "Taylor", "middleName": "M", "familyName": "Lee" },
        "title": "Guide",
        "emails": [{ "value": "taylor.lee@example.com", "primary": true }],
        ENTERPRISE: { "department": "Tours" }
    }));
    let path = format!("/Users/{id}");
    let before = team.read(&path);
    let team = team.becomes("postman", &json!({}));
    let body = json!({ "schemas": [USER], "name": { "givenName": "Tay", "familyName": "Lee" }, "active": true });
    assert_eq!(team.put(&path, &body).status(), 200);
    let operations = json!([
        { "op": "replace", "path": "name.familyName", "value": "Leigh" },
        { "op": "Replace", "path": "title", "value": "ignored" },
        { "op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "ignored" }
    ]);
    let answer = team.patch(&path, operations);
    assert_eq!(answer.status(), 200, "{}", answer.body());
    let team = team.becomes("standard", &json!({}));
    let mut expected = before;
    expected["name"] = json!({ "givenName": "Tay", "middleName": "M", "familyName": "Leigh" });
    expected["active"] = true.into();
    let mut after = team.read(&path);
    for volatile in ["lastModified", "version", "location"] {
        after["meta"][volatile] = Value::Null;
        expected["meta"][volatile] = Value::Null;
    }
    assert_eq!(after, expected);
}

#[test]
fn in_2022_there_are_names_but_no_groups() {
    let team = Team::with_profile("postman-2022");
    let id = team.user(&json!({
        "schemas": [USER], "userName": "taylor.lee@example.com",
        "name": { "givenName": "Taylor", "familyName": "Lee" }
    }));
    let path = format!("/Users/{id}");
    for (method, path) in [
        ("GET", "/Groups"),
        ("POST", "/Groups"),
        ("GET", "/Groups/1"),
        ("PATCH", "/Groups/1"),
        ("DELETE", "/Groups/1"),
    ] {
        let body = if method == "GET" {
            Value::Null
        } else {
            json!({})
        };
        no_route(
            &format!("{method} {path}"),
            &team.server.call(method, path, &body),
        );
    }
    let refused = "You've used filter(s) that Postman doesn't support.";
    let answer = team.get("/Users?filter=active%20eq%20%22true%22");
    says("active", &answer, 400, None, refused);
    let found = team.found("/Users", "userName eq \"taylor.lee@example.com\"");
    assert_eq!(found, [id]);
    let body = json!({ "schemas": [USER], "name": { "givenName": "Tay", "familyName": "Leigh" } });
    let answer = team.put(&path, &body);
    assert_eq!(answer.body()["name"]["familyName"], "Leigh");
}
