//! `GET` of one resource and of lists, projection: GET.

use serde_json::{Value, json};

use crate::server::KEY;
use crate::team::{ENTERPRISE, Example, Team, USER, header, refused, text};

fn names(body: &Value) -> Vec<String> {
    let mut names: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

#[test]
fn a_user_is_read_by_its_exact_id() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let answer = team.get(&path);
    assert_eq!(answer.status(), 200, "GET-01");
    let body = answer.body();
    assert_eq!(body["schemas"], json!([USER, ENTERPRISE]), "GET-01");
    assert_eq!(
        names(&body["meta"]),
        [
            "created",
            "lastModified",
            "location",
            "resourceType",
            "version"
        ],
        "GET-01"
    );
    assert_eq!(
        header(&answer, "etag"),
        Some(text(body, "/meta/version")),
        "GET-01"
    );
    assert_eq!(header(&answer, "cache-control"), Some("no-store"));
    assert_eq!(
        team.read(&format!("/Users/{}", team.u3))["active"],
        false,
        "GET-07"
    );

    let nearly = format!("{}0", &team.u1[..47]);
    let unknown = "0".repeat(48);
    let upper = team.u1.to_uppercase();
    let long = "a".repeat(10_000);
    for (row, id) in [
        ("GET-02", "does-not-exist"),
        ("GET-02 well-formed", unknown.as_str()),
        ("GET-02 near", nearly.as_str()),
        ("GET-03", upper.as_str()),
        ("GET-27, EVIL-42 up", "..%2F..%2Fetc"),
        ("PUT-23", team.g1.as_str()),
        ("EVIL-42 zero", "%00"),
        ("EVIL-42 long", long.as_str()),
    ] {
        if id == team.u1 {
            continue;
        }
        refused(row, &team.get(&format!("/Users/{id}")), 404, "");
    }
}

#[test]
fn conditional_reads_compare_versions() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let tag = text(&team.read(&path), "/meta/version").to_owned();
    let strong = tag.trim_start_matches("W/").to_owned();
    for (row, value, status) in [
        ("GET-05", "\"other\"", 200),
        ("GET-06", "*", 304),
        ("same", tag.as_str(), 304),
        ("strong", strong.as_str(), 304),
    ] {
        let answer = team.with("GET", &path, &[("If-None-Match", value)], "");
        assert_eq!(answer.status(), status, "{row}");
        assert_eq!(header(&answer, "etag"), Some(tag.as_str()), "{row}");
        assert_eq!(answer.body().is_null(), status == 304, "{row}");
    }
}

#[test]
fn attributes_are_chosen_in_any_case_and_notation() {
    let team = Example::new();
    let user = format!("/Users/{}", team.u1);
    let read = |query: &str| team.read(&format!("{user}?{query}"));
    assert_eq!(
        read("attributes=name.givenName")["name"],
        json!({ "givenName": "Barbara" }),
        "GET-09"
    );
    let body = read("attributes=USERNAME,Emails.Value");
    assert_eq!(
        names(&body),
        ["emails", "id", "schemas", "userName"],
        "GET-10"
    );
    assert_eq!(
        body["emails"],
        json!([{ "value": "bjensen@example.com" }, { "value": "babs@jensen.org" }]),
        "GET-10"
    );
    assert_eq!(
        read(&format!("attributes={ENTERPRISE}:department"))[ENTERPRISE],
        json!({ "department": "Tour" }),
        "GET-11"
    );
    assert_eq!(
        names(&read("attributes=doesNotExist")),
        ["id", "schemas"],
        "GET-13"
    );
    let body = read("excludedAttributes=emails,name.familyName,id");
    assert!(body.get("emails").is_none(), "GET-15");
    assert_eq!(body["name"], json!({ "givenName": "Barbara" }), "GET-15");
    assert_eq!(body["id"], json!(team.u1), "GET-15: id is always returned");
    let answer = team.get(&format!(
        "{user}?attributes=userName&excludedAttributes=emails"
    ));
    refused("GET-17", &answer, 400, "invalidValue");
    let group = team.read(&format!("/Groups/{}?excludedAttributes=members", team.g1));
    assert!(group.get("members").is_none(), "GET-18");
    for body in team.list("/Users?attributes=userName") {
        assert_eq!(names(&body), ["id", "schemas", "userName"], "lists too");
    }
}

#[test]
fn a_user_shows_direct_and_indirect_groups() {
    let team = Example::new();
    let body = team.read(&format!("/Users/{}", team.u1));
    let reference = |id: &str| format!("{}/scim/v2/Groups/{id}", team.server.url);
    assert_eq!(
        body["groups"],
        json!([
            {
                "value": team.g1, "$ref": reference(&team.g1),
                "display": "Tour Guides", "type": "direct"
            },
            {
                "value": team.g3, "$ref": reference(&team.g3),
                "display": "All", "type": "indirect"
            },
        ]),
        "GET-19"
    );
    assert!(
        team.read(&format!("/Users/{}", team.u3))
            .get("groups")
            .is_none(),
        "a user in no group"
    );
}

#[test]
fn an_empty_team_lists_nothing() {
    let team = Team::new();
    for path in ["/Users", "/Groups", "/Users?filter=userName%20pr"] {
        assert!(team.list(path).is_empty(), "GET-21");
        assert_eq!(team.read(path)["totalResults"], 0, "GET-21");
    }
}

#[test]
fn a_body_with_get_and_delete_is_ignored() {
    let team = Example::new();
    for (method, status) in [("GET", 200), ("DELETE", 204)] {
        let request = format!(
            "{method} /scim/v2/Users/{} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
             Authorization: Bearer {KEY}\r\nContent-Type: application/json\r\n\
             Content-Length: 8\r\n\r\n{{\"a\": 1}}",
            team.u1
        );
        assert_eq!(
            team.raw(request.as_bytes()).0,
            status,
            "GET-25, A54 {method}"
        );
    }
}
