//! HEAD, OPTIONS, and methods that a resource does not have (A53).

use serde_json::{Value, json};

use crate::team::{Example, Team, header, named, refused};

/// Path, whether an id follows, what it allows.
const PATHS: [(&str, &str); 13] = [
    ("", "GET, HEAD, OPTIONS"),
    ("/Users", "GET, HEAD, OPTIONS, POST"),
    ("/Users/0", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
    ("/Groups", "GET, HEAD, OPTIONS, POST"),
    ("/Groups/0", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
    ("/Me", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
    ("/Bulk", "OPTIONS, POST"),
    ("/.search", "OPTIONS, POST"),
    ("/Users/.search", "OPTIONS, POST"),
    ("/Groups/.search", "OPTIONS, POST"),
    ("/ServiceProviderConfig", "GET, HEAD, OPTIONS"),
    ("/ResourceTypes/User", "GET, HEAD, OPTIONS"),
    ("/Schemas", "GET, HEAD, OPTIONS"),
];

#[test]
fn head_is_get_without_the_body() {
    let team = Example::new();
    let user = format!("/Users/{}", team.u1);
    let group = format!("/Groups/{}", team.g1);
    for path in [
        "",
        "/",
        "/Users",
        "/Users/",
        "/Users?filter=userName%20pr&count=1",
        "/Groups",
        "/ServiceProviderConfig",
        "/ResourceTypes",
        "/ResourceTypes/Group",
        "/Schemas",
        "/Schemas/urn:unknown",
        "/Users/unknown",
        "/Users?count=many",
        "/Me",
        "/Nonsense",
        &user,
        &group,
    ] {
        let (get, head) = (team.get(path), team.server.call("HEAD", path, &Value::Null));
        assert_eq!(head.status(), get.status(), "GET-26 HEAD {path}");
        assert_eq!(head.body(), &Value::Null, "{path}");
        for name in [
            "content-type",
            "content-length",
            "etag",
            "location",
            "cache-control",
        ] {
            assert_eq!(header(&head, name), header(&get, name), "{name} of {path}");
        }
    }
    let version = team.read(&user)["meta"]["version"].clone();
    let known = [("If-None-Match", version.as_str().unwrap())];
    assert_eq!(team.with("HEAD", &user, &known, "").status(), 304);
}

#[test]
fn options_says_what_is_allowed_and_nothing_about_origins() {
    let team = Team::new();
    for (path, allow) in PATHS {
        let origin = [
            ("Origin", "https://elsewhere.example"),
            ("Access-Control-Request-Method", "POST"),
        ];
        let answer = team.with("OPTIONS", path, &origin, "");
        assert_eq!(answer.status(), 204, "{path}");
        assert_eq!(header(&answer, "allow"), Some(allow), "{path}");
        assert!(
            answer
                .headers()
                .keys()
                .all(|name| !name.as_str().starts_with("access-control")),
            "{path}: {:?}",
            answer.headers()
        );
    }
    refused(
        "DISC-17",
        &team.with("OPTIONS", "/Nonsense", &[], ""),
        404,
        "",
    );
}

#[test]
fn other_methods_are_refused_with_what_is_allowed() {
    let team = Example::new();
    for (path, allow) in PATHS {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            if allow.split(", ").any(|allowed| allowed == method) {
                continue;
            }
            let body = if matches!(method, "POST" | "PUT" | "PATCH") {
                json!({})
            } else {
                Value::Null
            };
            let answer = team.server.call(method, path, &body);
            refused(
                &format!("PUT-22, DEL-06, DISC-16: {method} {path}"),
                &answer,
                405,
                "",
            );
            assert_eq!(header(&answer, "allow"), Some(allow), "{method} {path}");
        }
    }
    assert_eq!(team.list("/Users").len(), 3, "DEL-06");
}

#[test]
fn headers_do_not_change_the_method() {
    let team = Example::new();
    let user = format!("/Users/{}", team.u1);
    for name in [
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
    ] {
        for (method, status) in [("GET", 200), ("POST", 405)] {
            let body = if method == "POST" {
                named("a@example.com").to_string()
            } else {
                String::new()
            };
            let answer = team.with(method, &user, &[(name, "DELETE")], &body);
            assert_eq!(answer.status(), status, "EVIL-44: {name}");
        }
    }
    assert_eq!(team.get(&user).status(), 200, "EVIL-44");
}
