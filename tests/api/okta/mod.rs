//! `/okta/api/v1`: the management API of the mock Okta.

mod apps;
mod groups;
mod logs;
mod profiles;
mod rules;
mod scenarios;
mod sdk;
mod terraform;
mod users;

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};

const TOKEN: &str = "token-of-the-okta-org";

/// An appliance with an org, which is empty.
struct Okta {
    server: Server,
    _root: TempDir,
}

impl Okta {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(more: &[(&str, &str)]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let variables = [("SCIMLAB_SCIM_KEY", KEY), ("SCIMLAB_OKTA_TOKEN", TOKEN)];
        let server = Server::start_with(root.path(), &[&variables, more].concat());
        Self {
            server,
            _root: root,
        }
    }

    fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &Value) -> Response<Value> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/okta/api/v1{path}", self.server.url))
            .header("Content-Type", "application/json");
        if let Some(token) = token {
            request = request.header("Authorization", token);
        }
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.server.send(request, text.into_bytes()).unwrap()
    }

    /// Asks with the token and expects a status.
    fn call(&self, method: &str, path: &str, body: &Value, status: u16) -> Value {
        let answer = self.ask(method, path, Some(&format!("SSWS {TOKEN}")), body);
        assert_eq!(
            answer.status(),
            status,
            "{method} {path}: {}",
            answer.body()
        );
        answer.into_body()
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null, 200)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.call("POST", path, body, 200)
    }

    /// A person called after the name, active; the id.
    fn person(&self, name: &str) -> String {
        let made = self.post("/users", &person(name));
        made["id"].as_str().unwrap().to_owned()
    }

    fn group(&self, name: &str) -> String {
        let made = self.post("/groups", &json!({ "profile": { "name": name } }));
        made["id"].as_str().unwrap().to_owned()
    }

    /// An app of a template that provisions into the team of this appliance; the id.
    fn app(&self, template: &str) -> String {
        let app = self.post("/apps", &json!({ "name": template, "label": "Team" }));
        let id = app["id"].as_str().unwrap().to_owned();
        let token = if template == "scim2headerauth" {
            format!("Bearer {KEY}")
        } else {
            KEY.to_owned()
        };
        self.post(
            &format!("/apps/{id}/connections/default?activate=true"),
            &json!({
                "baseUrl": format!("{}/scim/v2", self.server.url),
                "profile": { "authScheme": "TOKEN", "token": token },
            }),
        );
        let on = json!({ "status": "ENABLED" });
        self.call(
            "PUT",
            &format!("/apps/{id}/features/USER_PROVISIONING"),
            &json!({
                "create": { "lifecycleCreate": on },
                "update": { "lifecycleDeactivate": on, "profile": on },
            }),
            200,
        );
        id
    }

    /// Asks again until something is as expected. The agent works within moments; a minute is the end of patience.
    fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..2400 {
            if holds(self) {
                return;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(25));
        }
        panic!("{what}");
    }
}

fn person(name: &str) -> Value {
    let mail = format!("{}@x.test", name.to_lowercase());
    json!({
        "profile": { "firstName": name, "lastName": "Doe", "email": mail, "login": mail },
        "credentials": { "password": { "value": "Kv7J2LEa" } },
    })
}

/// Addresses of `Link` headers by their relation.
fn links(answer: &Response<Value>) -> Vec<(String, String)> {
    answer
        .headers()
        .get_all("link")
        .iter()
        .map(|value| {
            let (url, rel) = value.to_str().unwrap().split_once(">; rel=\"").unwrap();
            (
                rel.trim_end_matches('"').to_owned(),
                url.trim_start_matches('<').to_owned(),
            )
        })
        .collect()
}

/// 7.1: base, token, headers, errors.
#[test]
fn only_a_token_of_the_org_opens_the_api_and_every_answer_has_its_headers() {
    let okta = Okta::start();
    for token in [
        None,
        Some("SSWS nonsense"),
        Some("Bearer token-of-the-okta-org"),
        Some(TOKEN),
    ] {
        for path in ["/users", "/nothing"] {
            let answer = okta.ask("GET", path, token, &Value::Null);
            assert_eq!(answer.status(), 401, "{path} {token:?}");
            assert_eq!(answer.body()["errorCode"], "E0000011");
            assert_eq!(answer.body()["errorSummary"], "Invalid token provided");
            assert!(answer.headers().contains_key("x-okta-request-id"));
        }
    }
    let ssws = format!("SSWS {TOKEN}");
    let answer = okta.ask("GET", "/users", Some(&ssws), &Value::Null);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert!(header("x-okta-request-id").starts_with("req"));
    let limit: u32 = header("x-rate-limit-limit").parse().unwrap();
    let left: u32 = header("x-rate-limit-remaining").parse().unwrap();
    let reset: u64 = header("x-rate-limit-reset").parse().unwrap();
    assert!(left < limit && reset > 1_700_000_000);
    let nothing = okta.ask("GET", "/nothing", Some(&ssws), &Value::Null);
    assert_eq!(nothing.status(), 404);
    assert_eq!(nothing.body()["errorCode"], "E0000007");
    let method = okta.ask("DELETE", "/logs", Some(&ssws), &Value::Null);
    assert_eq!(method.status(), 405);
    assert_eq!(method.body()["errorCode"], "E0000022");
    let unreadable = okta.ask("POST", "/users", Some(&ssws), &json!([1]));
    assert_eq!(unreadable.status(), 400);
    assert_eq!(unreadable.body()["errorCode"], "E0000003");
}
