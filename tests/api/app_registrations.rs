//! App registrations from end to end: registered in the console over HTTP, and then what a program does with the secret
//! alone; and the one that automation presets.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::Server;

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";
const SECRET: &str = "preset-client-secret";

/// A signed-in visitor of the console.
struct Visitor<'s> {
    server: &'s Server,
    cookie: String,
}

impl<'s> Visitor<'s> {
    fn sign_in(server: &'s Server) -> Self {
        let mut visitor = Self {
            server,
            cookie: String::new(),
        };
        let answer = visitor.post("/login", &[("email", EMAIL), ("password", PASSWORD)]);
        assert_eq!(answer.status(), 303, "{}", answer.body());
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie
            .split(';')
            .next()
            .unwrap()
            .clone_into(&mut visitor.cookie);
        visitor
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response<Value> {
        let mut request = Request::builder()
            .method("POST")
            .uri(format!("{}{path}", self.server.url))
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/x-www-form-urlencoded");
        if !self.cookie.is_empty() {
            request = request.header("Cookie", &self.cookie);
        }
        self.server.send(request, form(fields)).unwrap()
    }

    fn get(&self, path: &str) -> String {
        let request = Request::builder()
            .uri(format!("{}{path}", self.server.url))
            .header("Cookie", &self.cookie);
        let answer = self.server.send(request, Vec::new()).unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.body().as_str().unwrap_or_default().to_owned()
    }
}

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    let escaped = |text: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        let one = |b: u8| {
            if plain(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        };
        text.bytes().map(one).collect::<String>()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    pairs.join("&").into_bytes()
}

fn location(answer: &Response<Value>) -> String {
    assert_eq!(answer.status(), 303, "{}", answer.body());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// Value of the field to copy with this id.
fn copied(page: &str, id: &str) -> String {
    let (_, after) = page.split_once(&format!("<input id=\"{id}\"")).unwrap();
    let (_, after) = after.split_once("value=\"").unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// Value of the hidden field of this name.
fn hidden(page: &str, name: &str) -> String {
    let (_, after) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// Asks for an access token as the Postman collection does: a Basic header, a resource, no scope.
fn token(server: &Server, endpoint: &str, client_id: &str, secret: &str) -> Response<Value> {
    let request = Request::builder()
        .method("POST")
        .uri(endpoint)
        .header("Content-Type", "application/x-www-form-urlencoded");
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", secret),
        ("resource", "00000003-0000-0000-c000-000000000000"),
        ("scope", ""),
    ];
    server.send(request, form(&fields)).unwrap()
}

fn upload(server: &Server, endpoint: &str, token: &str) -> Response<Value> {
    let request = Request::builder()
        .method("POST")
        .uri(endpoint)
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/scim+json");
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{
            "method": "POST", "bulkId": "1", "path": "/Users",
            "data": {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
                "externalId": "4711", "userName": "kim@contoso.example",
                "displayName": "Kim Akers", "active": true,
            },
        }],
        "failOnErrors": null,
    });
    server.send(request, body.to_string().into_bytes()).unwrap()
}

/// Waits until something is so. The agent works within moments; a minute is the end of patience.
fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..2400 {
        if holds() {
            return;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(25));
    }
    panic!("{what} never happened");
}

/// What `scimlab env` prints.
fn env(root: &TempDir) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
        .args(["env", "--format", "json", "--data"])
        .arg(root.path().join("data"))
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_is_registered_in_the_console_uploads_a_person_into_the_directory() {
    let root = tempfile::tempdir().unwrap();
    let variables = [
        ("SCIMLAB_ADMIN_EMAIL", EMAIL),
        ("SCIMLAB_ADMIN_PASSWORD", PASSWORD),
    ];
    let server = Server::start_with(root.path(), &variables);
    let console = Visitor::sign_in(&server);
    let fields = [
        ("template", "api2aad-2024"),
        ("name", "API-driven provisioning"),
    ];
    let tab = location(&console.post("/entra/gallery", &fields));
    let landing = console.get(&tab);
    let endpoint = copied(&landing, "endpoint");
    assert!(copied(&landing, "job-id").starts_with("API2AAD."));

    let fields = [("name", "HR connector")];
    let client = location(&console.post("/entra/app-registrations/new", &fields));
    let overview = console.get(&client);
    let (client_id, token_endpoint) = (
        copied(&overview, "client-id"),
        copied(&overview, "token-v2"),
    );
    let fields = [("description", "Postman"), ("expires", "180")];
    let made = console.post(&format!("{client}/secrets/new"), &fields);
    assert_eq!(made.headers()["cache-control"], "no-store");
    let shown = made.body().as_str().unwrap().to_owned();
    let secret = copied(&shown, "secret-value");
    let list = console.get(&format!("{client}/secrets"));
    assert!(!list.contains(&secret) && list.contains(&secret[secret.len() - 4..]));

    // The file that the page offers has the secret in it.
    let application = tab
        .strip_prefix("/entra/applications/")
        .and_then(|rest| rest.strip_suffix("/provisioning"))
        .unwrap();
    let fields = [("secret", secret.as_str()), ("application", application)];
    let file = console.post(&format!("{client}/environment"), &fields);
    let values = &file.body()["values"];
    let value = |n: usize| values[n]["value"].as_str().unwrap().to_owned();
    assert_eq!(value(0), client_id);
    assert_eq!(value(1), secret);
    assert_eq!(value(2), token_endpoint);
    assert_eq!(value(4), endpoint);

    // Without permission, and without a started job.
    let first = token(&server, &token_endpoint, &client_id, &secret);
    assert_eq!(first.status(), 200, "{}", first.body());
    let first = first.body()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(upload(&server, &endpoint, &first).status(), 403);
    let permissions = format!("{client}/permissions");
    let revision = hidden(&console.get(&permissions), "revision");
    let fields = [
        ("revision", revision.as_str()),
        ("permission", "SynchronizationData-User.Upload"),
    ];
    location(&console.post(&permissions, &fields));
    let granted = token(&server, &token_endpoint, &client_id, &secret);
    let granted = granted.body()["access_token"].as_str().unwrap().to_owned();
    let early = upload(&server, &endpoint, &granted);
    assert_eq!(early.status(), 400, "{}", early.body());
    let told = early.body()["error"]["message"].as_str().unwrap();
    assert!(told.contains("not started"), "{told}");

    location(&console.post(&format!("{tab}/start"), &[]));
    let accepted = upload(&server, &endpoint, &granted);
    assert_eq!(accepted.status(), 202, "{}", accepted.body());
    until("the person", || {
        console.get("/entra/users?q=Kim").contains("Kim Akers")
    });
    until("the counters", || {
        console.get(&tab).contains("of 1 operation, was worked off")
    });

    // A deleted secret opens nothing, and neither does a registration that is gone.
    let list = console.get(&format!("{client}/secrets"));
    let delete = list
        .split('"')
        .find(|part| part.starts_with(&client) && part.ends_with("/delete"))
        .unwrap();
    location(&console.post(delete, &[]));
    let refused = token(&server, &token_endpoint, &client_id, &secret);
    assert_eq!(refused.status(), 401, "{}", refused.body());
    // The token that was issued with it goes on working.
    assert_eq!(upload(&server, &endpoint, &granted).status(), 202);
    location(&console.post(&format!("{client}/delete"), &[("name", "HR connector")]));
    assert_eq!(upload(&server, &endpoint, &granted).status(), 401);
}

#[test]
fn a_preset_secret_uploads_at_once_and_the_next_start_replaces_it() {
    let root = tempfile::tempdir().unwrap();
    let start =
        |secret: &str| Server::start_with(root.path(), &[("SCIMLAB_ENTRA_CLIENT_SECRET", secret)]);
    let server = start(SECRET);
    let found = env(&root);
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    assert_eq!(text("entra_client_secret"), SECRET);
    assert_eq!(text("graph_base"), format!("{}/graph", server.url));
    assert!(text("entra_inbound_job_id").starts_with("API2AAD."));
    let ask = |server: &Server, secret: &str| {
        let endpoint = env(&root)["entra_token_endpoint"]
            .as_str()
            .unwrap()
            .to_owned();
        token(server, &endpoint, &text("entra_client_id"), secret)
    };
    let issued = ask(&server, SECRET);
    let issued = issued.body()["access_token"].as_str().unwrap().to_owned();
    let accepted = upload(&server, &text("entra_bulk_upload_endpoint"), &issued);
    assert_eq!(accepted.status(), 202, "{}", accepted.body());
    drop(server);

    let server = start("another-client-secret");
    assert_eq!(ask(&server, SECRET).status(), 401);
    assert_eq!(ask(&server, "another-client-secret").status(), 200);
    assert_eq!(
        env(&root)["entra_inbound_job_id"],
        found["entra_inbound_job_id"]
    );
}

#[test]
fn a_preset_that_cannot_be_used_stops_the_start_and_is_named() {
    let root = tempfile::tempdir().unwrap();
    for (variables, named) in [
        (
            &[("SCIMLAB_ENTRA_CLIENT_SECRET", "short")][..],
            "SCIMLAB_ENTRA_CLIENT_SECRET: ",
        ),
        (
            &[("SCIMLAB_ENTRA_CLIENT_ID", "x")][..],
            "SCIMLAB_ENTRA_CLIENT_ID: ",
        ),
        (
            &[
                ("SCIMLAB_ENTRA_CLIENT_ID", "x"),
                ("SCIMLAB_ENTRA_CLIENT_SECRET", SECRET),
            ][..],
            "SCIMLAB_ENTRA_CLIENT_ID: ",
        ),
        (
            &[("SCIMLAB_ENTRA_CLIENT_SECRET_FILE", "/absent")][..],
            "SCIMLAB_ENTRA_CLIENT_SECRET_FILE: ",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(root.path().join("data"))
            .env_clear()
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(named), "{said}");
        assert!(
            !root.path().join("data").exists(),
            "{named} left data behind"
        );
    }
}
