//! DELETE, `ETag`, `If-Match`: DEL.

use serde_json::{Value, json};

use crate::team::{Example, header, named, ops, refused, text};

#[test]
fn what_is_deleted_is_gone() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u2);
    let answer = team.delete(&path);
    assert_eq!(answer.status(), 204, "{path}");
    assert!(answer.body().is_null(), "{path}");
    let body = named("jsmith@example.com");
    let patch = ops(json!([{ "op": "replace", "path": "title", "value": "x" }]));
    for (method, body) in [
        ("GET", &Value::Null),
        ("PUT", &body),
        ("PATCH", &patch),
        ("DELETE", &Value::Null),
    ] {
        let answer = team.server.call(method, &path, body);
        refused(&format!("DEL-02 {method}"), &answer, 404, "");
    }
    assert_eq!(team.list("/Users").len(), 2, "DEL-03");
    let search = |path: &str, filter: &str| {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter,
        });
        let answer = team.post(path, &body);
        assert_eq!(answer.status(), 200, "DEL-03 {path}: {}", answer.body());
        let found = answer.body()["Resources"].as_array().unwrap().iter();
        found
            .map(|user| text(user, "/id").to_owned())
            .collect::<Vec<_>>()
    };
    for path in ["/Users/.search", "/.search"] {
        assert_eq!(
            search(path, "userName pr"),
            [team.u1.clone(), team.u3.clone()],
            "DEL-03 {path}"
        );
        let name = "userName eq \"jsmith@example.com\"";
        assert!(search(path, name).is_empty(), "DEL-03 {path}");
    }
    assert!(
        team.found("/Users", "userName eq \"jsmith@example.com\"")
            .is_empty(),
        "DEL-03"
    );
    let again = team.user(&named("jsmith@example.com"));
    assert_ne!(again, team.u2, "DEL-07");
    assert!(
        team.read(&format!("/Users/{again}"))
            .get("groups")
            .is_none(),
        "DEL-07: no membership is inherited"
    );
}

#[test]
fn nothing_is_deleted_by_the_address_of_a_list() {
    let team = Example::new();
    for path in ["/Users", "/Groups"] {
        for query in ["", "?filter=id%20pr", "/"] {
            let answer = team.delete(&format!("{path}{query}"));
            refused(&format!("DEL-06 {path}{query}"), &answer, 405, "");
        }
        assert_eq!(team.list(path).len(), 3, "DEL-06 {path}");
    }
}

#[test]
fn a_replacement_is_made_of_the_version_it_names() {
    let team = Example::new();
    for (kind, path, name) in [
        ("user", format!("/Users/{}", team.u1), "title"),
        ("group", format!("/Groups/{}", team.g1), "externalId"),
    ] {
        let mut body = team.read(&path);
        let present = text(&body, "/meta/version").to_owned();
        let mut put = |tag: &str, value: &str| {
            body[name] = json!(value);
            team.with("PUT", &path, &[("If-Match", tag)], &body.to_string())
        };
        let answer = put(&present, "present");
        assert_eq!(answer.status(), 200, "PUT-14 {kind}: {}", answer.body());
        assert_eq!(answer.body()[name], "present", "PUT-14 {kind}");
        refused("PUT-14 stale", &put(&present, "stale"), 412, "");
        assert_eq!(team.read(&path)[name], "present", "PUT-14 {kind}");
        let answer = put("*", "any");
        assert_eq!(answer.status(), 200, "PUT-14 {kind}: {}", answer.body());
        assert_eq!(team.read(&path)[name], "any", "PUT-14 {kind}");
    }
    let absent = format!("/Users/{}", "0".repeat(48));
    let body = named("new@example.com").to_string();
    let answer = team.with("PUT", &absent, &[("If-Match", "*")], &body);
    refused("PUT-14: nothing has no version", &answer, 404, "");
}

#[test]
fn a_stale_version_changes_nothing() {
    let team = Example::new();
    let user = format!("/Users/{}", team.u1);
    let group = format!("/Groups/{}", team.g1);
    let operation = json!([{ "op": "replace", "path": "externalId", "value": "x" }]);
    for (row, path) in [("PUT-14, PAT-56, DEL-04", &user), ("groups", &group)] {
        team.patch(
            path,
            json!([{ "op": "add", "path": "externalId", "value": row }]),
        );
        let before = team.read(path);
        for (method, body) in [
            ("PUT", before.to_string()),
            ("PATCH", ops(operation.clone()).to_string()),
            ("DELETE", String::new()),
        ] {
            for stale in ["W/\"1\"", "\"abc\"", "nonsense"] {
                let answer = team.with(method, path, &[("If-Match", stale)], &body);
                refused(&format!("{row} {method} {stale}"), &answer, 412, "");
                assert_eq!(team.read(path), before, "{row} {method}");
            }
        }
    }
}

#[test]
fn the_present_version_passes_in_every_notation() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    for n in 0..4 {
        let version = text(&team.read(&path), "/meta/version").to_owned();
        let opaque = version.trim_start_matches("W/");
        let tags = [
            version.clone(),
            opaque.to_owned(),
            format!("\"abc\", {version}"),
            "*".to_owned(),
        ];
        let body = ops(json!([{ "op": "replace", "path": "title", "value": format!("t{n}") }]));
        let answer = team.with("PATCH", &path, &[("If-Match", &tags[n])], &body.to_string());
        assert_eq!(
            answer.status(),
            200,
            "DEL-08 {}: {}",
            tags[n],
            answer.body()
        );
    }
}

#[test]
fn the_version_is_the_same_wherever_it_is_shown() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let same = |row: &str, answer: ureq::http::Response<Value>| {
        let version = text(answer.body(), "/meta/version").to_owned();
        assert_eq!(
            header(&answer, "etag"),
            Some(version.as_str()),
            "DEL-10 {row}"
        );
        let listed = team.list("/Users");
        let listed = listed.iter().find(|u| u["id"] == answer.body()["id"]);
        assert_eq!(
            listed.unwrap()["meta"]["version"],
            json!(version),
            "DEL-10 {row}"
        );
        version
    };
    let posted = same("POST", team.post("/Users", &named("v@example.com")));
    assert!(posted.starts_with("W/\""), "DEL-10");
    let before = same("GET", team.get(&path));
    let mut body = team.read(&path);
    body["title"] = json!("other");
    let put = same("PUT", team.put(&path, &body));
    let operation = json!([{ "op": "replace", "path": "title", "value": "third" }]);
    let patched = same("PATCH", team.patch(&path, operation));
    assert!(before != put && put != patched, "DEL-10");

    let group = format!("/Groups/{}", team.g2);
    let answer = team.patch(
        &group,
        json!([{ "op": "add", "path": "members", "value": [{ "value": team.u1 }] }]),
    );
    assert_eq!(
        header(&answer, "etag"),
        Some(text(&team.read(&group), "/meta/version")),
        "DEL-10: 204 says the new version"
    );
}
