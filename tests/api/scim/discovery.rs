//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas`, and media types: DISC.

use serde_json::{Value, json};
use ureq::http::Request;

use crate::team::{GROUP, Team, USER, encoded, header, named, refused};

#[test]
fn the_configuration_can_be_read_without_a_key_and_says_what_works() {
    let team = Team::new();
    let request = Request::get(format!("{}/scim/v2/ServiceProviderConfig", team.server.url));
    let answer = team.server.send(request, Vec::new()).unwrap();
    assert_eq!(answer.status(), 200, "DISC-02");
    assert_eq!(
        header(&answer, "content-type"),
        Some("application/scim+json")
    );
    let body = answer.into_body();
    assert_eq!(
        body["schemas"],
        json!(["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]),
        "DISC-01"
    );
    for (feature, supported) in [
        ("patch", true),
        ("bulk", true),
        ("filter", true),
        ("changePassword", false),
        ("sort", true),
        ("etag", true),
    ] {
        assert_eq!(
            body[feature]["supported"],
            json!(supported),
            "DISC-01 {feature}"
        );
    }
    for number in [
        "/bulk/maxOperations",
        "/bulk/maxPayloadSize",
        "/filter/maxResults",
    ] {
        assert!(
            body.pointer(number).is_some_and(Value::is_u64),
            "DISC-01 {number}"
        );
    }
    assert_eq!(
        body["authenticationSchemes"][0]["type"], "oauthbearertoken",
        "DISC-01"
    );
    assert!(body.get("Resources").is_none(), "DISC-01");
}

#[test]
fn resource_types_and_schemas_are_listed_and_found() {
    let team = Team::new();
    let types = team.list("/ResourceTypes");
    let summary: Vec<_> = types
        .iter()
        .map(|t| (t["name"].as_str().unwrap(), t["endpoint"].as_str().unwrap()))
        .collect();
    assert_eq!(
        summary,
        [("User", "/Users"), ("Group", "/Groups")],
        "DISC-04"
    );
    for kind in &types {
        assert!(kind["schemaExtensions"].is_array(), "DISC-04");
        assert_eq!(kind["meta"]["resourceType"], "ResourceType", "DISC-04");
    }
    assert_eq!(types[1]["schema"], GROUP, "DISC-04");
    assert_eq!(team.read("/ResourceTypes/User")["schema"], USER, "DISC-05");

    for (row, path) in [
        ("DISC-08", format!("/Schemas/{USER}")),
        (
            "DISC-09",
            format!("/Schemas/{}", encoded(&USER.to_uppercase())),
        ),
    ] {
        let schema = team.read(&path);
        assert_eq!(schema["id"], USER, "{row}");
        let user_name = schema["attributes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|a| a["name"] == "userName")
            .unwrap();
        assert_eq!(user_name["required"], true, "{row}");
        assert_eq!(user_name["uniqueness"], "server", "{row}");
    }
    let all = team.list("/Schemas");
    assert_eq!(all, team.list("/Schemas?startIndex=3&count=1"), "DISC-12");
    for schema in &all {
        let path = format!("/Schemas/{}", schema["id"].as_str().unwrap());
        assert_eq!(&team.read(&path), schema, "{path}");
    }
}

#[test]
fn what_does_not_exist_is_said_in_scim() {
    let team = Team::new();
    for (row, method, path, status) in [
        ("DISC-06", "GET", "/ResourceTypes/Nope", 404),
        ("DISC-10", "GET", "/Schemas/urn:unknown", 404),
        ("DISC-13", "GET", "/Schemas?filter=id%20pr", 403),
        (
            "DISC-14",
            "GET",
            "/ResourceTypes?filter=name%20eq%20%22User%22",
            403,
        ),
        ("DISC-16", "POST", "/ServiceProviderConfig", 405),
        ("DISC-17", "GET", "/Nonsense", 404),
        ("DISC-18", "GET", "/Me", 501),
        ("PAGE-32", "GET", "/Users/.search", 405),
        ("PUT-22", "PUT", "/Users", 405),
        ("DEL-06", "DELETE", "/Users", 405),
    ] {
        let body = if matches!(method, "POST" | "PUT") {
            json!({ "schemas": [] })
        } else {
            Value::Null
        };
        let answer = team.server.call(method, path, &body);
        refused(row, &answer, status, "");
        assert_eq!(
            header(&answer, "allow").is_some(),
            status == 405,
            "{row}: {path}"
        );
    }
    let version_one = Request::get(format!("{}/scim/v1/Users", team.server.url));
    let answer = team.server.send(version_one, Vec::new()).unwrap();
    assert_eq!(answer.status(), 404, "DISC-25");
}

#[test]
fn media_types_are_tolerated_where_they_are_json() {
    let team = Team::new();
    for (row, headers, status) in [
        ("DISC-20", &[("Accept", "application/json")][..], 200),
        ("DISC-21", &[("Accept", "text/xml")][..], 200),
    ] {
        let answer = team.with("GET", "/Users", headers, "");
        assert_eq!(answer.status(), status, "{row}");
        assert_eq!(
            header(&answer, "content-type"),
            Some("application/scim+json"),
            "{row}"
        );
    }
    for (row, headers, status) in [
        (
            "DISC-22",
            &[("Content-Type", "application/json; charset=utf-8")][..],
            201,
        ),
        ("DISC-24", &[][..], 201),
        ("A40 xml", &[("Content-Type", "text/xml")][..], 415),
        (
            "A40 charset",
            &[("Content-Type", "application/json; charset=latin1")][..],
            415,
        ),
        (
            "EVIL-48",
            &[
                ("Content-Type", "application/json"),
                ("Content-Encoding", "gzip"),
            ][..],
            415,
        ),
    ] {
        let answer = team.with("POST", "/Users", headers, &named(row).to_string());
        if status == 201 {
            assert_eq!(answer.status(), status, "{row}: {}", answer.body());
        } else {
            refused(row, &answer, status, "");
        }
    }
    assert_eq!(team.list("/Users?unknownParam=1").len(), 2, "DISC-26");
    assert_eq!(team.get("/Users/").status(), 200, "GET-26");
}
