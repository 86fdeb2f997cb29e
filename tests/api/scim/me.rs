//! `/Me`, and keys that may only read.

use serde_json::{Value, json};

use crate::team::{Example, Team, header, named, ops, refused, text};

const MINE: &str = "key-of-barbara";

/// The examples, and a key that is Barbara's.
fn barbara(more: &[&str]) -> Example {
    let mut example = Example::new();
    let key = ["key", "Acme", "Barbara's", "--user", "bjensen@example.com"];
    let arguments = [&key[..], more].concat();
    example.team = example.team.administered(&[(MINE, &arguments)]);
    example
}

#[test]
fn me_is_nobody_for_a_key_of_the_team() {
    let team = Team::new();
    for (method, body) in [
        ("GET", Value::Null),
        ("POST", named("a@example.com")),
        ("PUT", named("a@example.com")),
        (
            "PATCH",
            ops(json!([{ "op": "add", "path": "title", "value": "x" }])),
        ),
        ("DELETE", Value::Null),
    ] {
        let answer = team.server.call(method, "/Me", &body);
        refused(&format!("DISC-18 {method}"), &answer, 501, "");
    }
    assert_eq!(team.server.call("HEAD", "/Me", &Value::Null).status(), 501);
    assert!(team.list("/Users").is_empty());
}

#[test]
fn me_is_the_user_a_key_is_bound_to() {
    let Example { team, u1, .. } = barbara(&[]);
    let user = format!("/Users/{u1}");
    let me = |method: &str, body: &Value| team.with_key(MINE, method, "/Me", body);
    let server = &team.server;
    let location = format!("{}/scim/v2{user}", server.url);

    let shown = me("GET", &Value::Null);
    assert_eq!(shown.status(), 200, "{}", shown.body());
    assert_eq!(shown.body(), server.call("GET", &user, &Value::Null).body());
    assert_eq!(shown.body()["meta"]["location"], location);
    assert_eq!(header(&shown, "location"), Some(location.as_str()));
    let version = header(&shown, "etag").unwrap().to_owned();
    let unchanged = team.with_key_and(
        MINE,
        "GET",
        "/Me",
        &[("If-None-Match", &version)],
        &Value::Null,
    );
    assert_eq!(unchanged.status(), 304);
    let only = team.with_key(MINE, "GET", "/Me?attributes=userName", &Value::Null);
    assert!(only.body().get("title").is_none(), "{}", only.body());
    let head = me("HEAD", &Value::Null);
    assert_eq!((head.status().as_u16(), head.body()), (200, &Value::Null));
    assert_eq!(header(&head, "location"), Some(location.as_str()));

    let change = ops(json!([{ "op": "replace", "path": "title", "value": "Myself" }]));
    let patched = me("PATCH", &change);
    assert_eq!(patched.status(), 200, "{}", patched.body());
    assert_eq!(patched.body()["meta"]["location"], location);
    let stale = team.with_key_and(MINE, "PATCH", "/Me", &[("If-Match", &version)], &change);
    refused("a stale version", &stale, 412, "");
    let mut body = named("bjensen@example.com");
    body["title"] = json!("Put");
    let put = me("PUT", &body);
    assert_eq!(put.status(), 200, "{}", put.body());
    assert_eq!(
        text(server.call("GET", &user, &Value::Null).body(), "/title"),
        "Put"
    );

    refused("POST", &me("POST", &named("x@example.com")), 501, "");
    let asked = me("OPTIONS", &Value::Null);
    assert_eq!(asked.status(), 204);
    refused("TRACE", &me("TRACE", &Value::Null), 405, "");
    // The other key is still nobody's.
    refused(
        "the team's",
        &server.call("GET", "/Me", &Value::Null),
        501,
        "",
    );

    assert_eq!(me("DELETE", &Value::Null).status(), 204);
    refused("gone", &server.call("GET", &user, &Value::Null), 404, "");
    for method in ["GET", "DELETE"] {
        refused(
            "a key of somebody who is gone",
            &me(method, &Value::Null),
            404,
            "",
        );
    }
    refused("gone", &me("PUT", &body), 404, "");
}

#[test]
fn a_team_can_switch_me_off() {
    let team = barbara(&[]).team;
    let me = |team: &Team| team.with_key(MINE, "GET", "/Me", &Value::Null);
    assert_eq!(me(&team).status(), 200);
    let team = team.becomes("standard", &json!({ "me": false }));
    refused("off", &me(&team), 501, "");
}

#[test]
fn a_key_that_may_only_read_changes_nothing() {
    let Example { team, u1, g2, .. } = barbara(&["--read-only"]);
    let (user, group) = (format!("/Users/{u1}"), format!("/Groups/{g2}"));
    for path in ["/Users", "/Groups", "/Me", &user, &group, "/Schemas"] {
        for method in ["GET", "HEAD"] {
            let answer = team.with_key(MINE, method, path, &Value::Null);
            assert_eq!(answer.status(), 200, "{method} {path}: {}", answer.body());
        }
    }
    let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
    let found = team.with_key(MINE, "POST", "/Users/.search", &search);
    assert_eq!(found.status(), 200, "a search reads: {}", found.body());

    let before = team.read("/Users");
    let change = ops(json!([{ "op": "replace", "path": "title", "value": "x" }]));
    let body = named("bjensen@example.com");
    let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{ "method": "DELETE", "path": user }] });
    for (method, path, body) in [
        ("POST", "/Users", &named("new@example.com")),
        ("PUT", &user, &body),
        ("PATCH", &user, &change),
        ("DELETE", &user, &Value::Null),
        ("POST", "/Groups", &Value::Null),
        ("PUT", &group, &Value::Null),
        ("PATCH", &group, &change),
        ("DELETE", &group, &Value::Null),
        ("PUT", "/Me", &body),
        ("PATCH", "/Me", &change),
        ("DELETE", "/Me", &Value::Null),
        ("POST", "/Bulk", &bulk),
    ] {
        let answer = team.with_key(MINE, method, path, body);
        refused(&format!("{method} {path}"), &answer, 403, "");
    }
    assert_eq!(team.read("/Users"), before);
    assert_eq!(team.delete(&user).status(), 204);
}

#[test]
fn me_counts_against_the_limits_once() {
    let team = Team::new().becomes("standard", &json!({ "readsPerMinute": 2 }));
    let me = || team.server.call("GET", "/Me", &Value::Null);
    for left in ["1", "0"] {
        let answer = me();
        refused("/Me of nobody", &answer, 501, "");
        assert_eq!(header(&answer, "x-ratelimit-remaining"), Some(left));
    }
    refused("the third within a minute", &me(), 429, "");
    let Example { team, .. } = barbara(&[]);
    let team = team.becomes("standard", &json!({ "readsPerMinute": 5 }));
    let mine = team.with_key(MINE, "GET", "/Me", &Value::Null);
    assert_eq!(mine.status(), 200);
    assert_eq!(header(&mine, "x-ratelimit-remaining"), Some("4"));
}
