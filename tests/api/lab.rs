//! `/lab`: the control API, opened by the operator token alone.

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};

const TOKEN: &str = "token-of-the-operator";
const START: [(&str, &str); 3] = [
    ("SCIMLAB_SCIM_KEY", KEY),
    ("SCIMLAB_OPERATOR_TOKEN", TOKEN),
    ("SCIMLAB_SEED", "demo"),
];

struct Lab {
    server: Server,
    root: TempDir,
}

impl Lab {
    fn start() -> Self {
        let root = tempfile::tempdir().unwrap();
        let server = Server::start_with(root.path(), &START);
        Self { server, root }
    }

    fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Response<Value> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.server.url));
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        self.server.send(request, body.as_bytes().to_vec()).unwrap()
    }

    fn clock(&self, asked: &Value) -> Value {
        let answer = self.ask("POST", "/lab/clock", Some(TOKEN), &asked.to_string());
        assert_eq!(answer.status(), 200, "{asked}: {}", answer.body());
        answer.into_body()
    }
}

#[test]
fn only_the_operator_token_opens_the_control_api() {
    let lab = Lab::start();
    for token in [None, Some(KEY), Some("token-of-the-operato")] {
        for path in ["/lab/clock", "/lab/jobs", "/lab/nothing"] {
            let answer = lab.ask("GET", path, token, "");
            assert_eq!(answer.status(), 401, "{path} {token:?}");
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            assert_eq!(answer.body()["error"]["code"], "unauthorized");
        }
    }
    let users = lab.ask("GET", "/scim/v2/Users", Some(TOKEN), "");
    assert_eq!(users.status(), 401, "it opens no other door");
    assert_eq!(
        lab.ask("GET", "/lab/nothing", Some(TOKEN), "").status(),
        404
    );
    assert_eq!(
        lab.ask("DELETE", "/lab/clock", Some(TOKEN), "").status(),
        405
    );
}

#[test]
fn every_refusal_is_json_with_a_sentence() {
    let lab = Lab::start();
    let jobs = lab.ask("GET", "/lab/jobs", Some(TOKEN), "").into_body();
    let start = format!(
        "/lab/jobs/{}/start",
        jobs["jobs"][0]["id"].as_str().unwrap()
    );
    let long = format!("{{\"advance\":\"{}\"}}", "P1D".repeat(10_000));
    for (method, path, token, body, status, code) in [
        ("GET", "/lab", None, "", 401, "unauthorized"),
        (
            "POST",
            "/lab/clock",
            Some("wrong"),
            "{",
            401,
            "unauthorized",
        ),
        ("GET", "/lab", Some(TOKEN), "", 404, "not_found"),
        ("GET", "/lab/", Some(TOKEN), "", 404, "not_found"),
        ("GET", "/lab/clock/more", Some(TOKEN), "", 404, "not_found"),
        ("GET", "/lab/jobs/none", Some(TOKEN), "", 404, "not_found"),
        ("GET", "/lab/jobs/%ff%00", Some(TOKEN), "", 404, "not_found"),
        (
            "POST",
            "/lab/jobs/none/start",
            Some(TOKEN),
            "",
            404,
            "not_found",
        ),
        (
            "POST",
            "/lab/jobs/%ff/%ff",
            Some(TOKEN),
            "",
            404,
            "not_found",
        ),
        ("POST", start.as_str(), Some(TOKEN), "", 409, "conflict"),
        ("POST", "/lab/clock", Some(TOKEN), "", 400, "invalid"),
        ("POST", "/lab/clock", Some(TOKEN), "[1]", 400, "invalid"),
        (
            "POST",
            "/lab/clock",
            Some(TOKEN),
            long.as_str(),
            400,
            "invalid",
        ),
        (
            "POST",
            "/lab/clock",
            Some(TOKEN),
            r#"{"advance":"soon"}"#,
            400,
            "invalid",
        ),
        (
            "DELETE",
            "/lab/clock",
            Some(TOKEN),
            "",
            405,
            "method_not_allowed",
        ),
        (
            "OPTIONS",
            "/lab/jobs",
            Some(TOKEN),
            "",
            405,
            "method_not_allowed",
        ),
        (
            "PUT",
            start.as_str(),
            Some(TOKEN),
            "",
            405,
            "method_not_allowed",
        ),
    ] {
        let answer = lab.ask(method, path, token, body);
        let what = format!("{method} {path}: {}", answer.body());
        assert_eq!(answer.status(), status, "{what}");
        let kind = &answer.headers()["content-type"];
        assert_eq!(kind, "application/json; charset=utf-8", "{what}");
        assert_eq!(
            answer.headers().contains_key("allow"),
            status == 405,
            "{what}"
        );
        let error = &answer.body()["error"];
        assert_eq!(error["code"], code, "{what}");
        let message = error["message"].as_str().unwrap();
        let begins = message.starts_with(|c: char| c.is_uppercase() || c == '\'');
        assert!(begins && message.ends_with('.'), "{what}");
    }
    let answer = lab.ask("PATCH", "/lab/clock", Some(TOKEN), "");
    assert_eq!(answer.headers()["allow"], "GET, POST");
}

#[test]
fn the_clock_is_set_frozen_hurried_and_put_back() {
    let lab = Lab::start();
    let shown = lab.ask("GET", "/lab/clock", Some(TOKEN), "").into_body();
    assert_eq!(
        (&shown["simulated"], &shown["speed"]),
        (&json!(false), &json!(1))
    );

    let shown = lab.clock(&json!({ "now": "2030-01-01T01:00:00+01:00", "freeze": true }));
    assert_eq!(shown["now"], "2030-01-01T00:00:00.000Z");
    assert_eq!(
        (&shown["simulated"], &shown["frozen"]),
        (&json!(true), &json!(true))
    );
    // What is written meanwhile carries the moment that is shown.
    let made = lab.server.call("POST", "/Users", &json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "eva@example.com",
    }));
    assert_eq!(made.body()["meta"]["created"], "2030-01-01T00:00:00.000Z");

    let shown = lab.clock(&json!({ "advance": "P28D" }));
    assert_eq!(shown["now"], "2030-01-29T00:00:00.000Z");
    assert_eq!(shown["advanced"]["to"], "2030-01-29T00:00:00.000Z");
    assert_eq!(shown["frozen"], true, "it goes on as before");

    // It is as it was after a restart.
    lab.server.kill();
    let root = lab.root;
    let server = Server::start_with(root.path(), &START);
    let lab = Lab { server, root };
    let shown = lab.ask("GET", "/lab/clock", Some(TOKEN), "").into_body();
    assert_eq!(shown["now"], "2030-01-29T00:00:00.000Z");

    let shown = lab.clock(&json!({ "speed": 60 }));
    assert_eq!(
        (&shown["speed"], &shown["frozen"]),
        (&json!(60), &json!(false))
    );
    let shown = lab.clock(&json!({ "speed": 1, "offset": "P1D" }));
    assert_eq!(shown["offsetSeconds"], 86_400);
    let shown = lab.clock(&json!({ "real": true }));
    assert_eq!(
        (&shown["simulated"], &shown["offsetSeconds"]),
        (&json!(false), &json!(0))
    );
}

#[test]
fn what_no_clock_can_do_is_refused_with_the_field() {
    let lab = Lab::start();
    for (asked, field) in [
        (json!({ "now": "tomorrow" }), "now"),
        (json!({ "now": "1969-12-31T23:59:59Z" }), "now"),
        (json!({ "offset": "soon" }), "offset"),
        (
            json!({ "now": "2030-01-01T00:00:00Z", "real": true }),
            "now",
        ),
        (json!({ "offset": "P1D", "real": true }), "offset"),
        (json!({ "freeze": true, "speed": 2 }), "freeze"),
        (json!({ "speed": 3601 }), "speed"),
        (json!({ "advance": "-P1D" }), "advance"),
        (json!({ "advance": "P9000Y" }), "advance"),
    ] {
        let answer = lab.ask("POST", "/lab/clock", Some(TOKEN), &asked.to_string());
        assert_eq!(answer.status(), 400, "{asked}");
        assert_eq!(answer.body()["error"]["field"], field, "{asked}");
    }
    for body in ["{", "[]", r#"{"advanec":"P1D"}"#, r#"{"speed":1.5}"#] {
        let answer = lab.ask("POST", "/lab/clock", Some(TOKEN), body);
        assert_eq!(answer.status(), 400, "{body}");
        assert_eq!(answer.body()["error"]["code"], "invalid", "{body}");
    }
    let shown = lab.ask("GET", "/lab/clock", Some(TOKEN), "").into_body();
    assert_eq!(shown["simulated"], false, "nothing was turned");
}

#[test]
fn jobs_are_listed_and_need_credentials_to_run() {
    let lab = Lab::start();
    let jobs = lab.ask("GET", "/lab/jobs", Some(TOKEN), "").into_body();
    let id = jobs["jobs"][0]["id"].as_str().unwrap();
    assert!(id.starts_with("scim."), "{jobs}");
    let answer = lab.ask("POST", &format!("/lab/jobs/{id}/start"), Some(TOKEN), "");
    assert_eq!(answer.status(), 409);
    assert!(answer.body().to_string().contains("Tenant URL"));
    assert_eq!(
        lab.ask("GET", "/lab/jobs/none", Some(TOKEN), "").status(),
        404
    );
    assert_eq!(
        lab.ask("POST", &format!("/lab/jobs/{id}/dance"), Some(TOKEN), "")
            .status(),
        404
    );
}
