//! `/graph/{v1.0,beta}/servicePrincipals/{id}/synchronization` (part 6 of the Entra reference), with a real token of
//! `/login`.

mod credentials;
mod jobs;
mod on_demand;
mod permissions;
mod schema;
mod types;

use std::fs;

use scimlab::access::Operator;
use scimlab::clock::Timestamp;
use scimlab::directory::registrations::{self, NewRegistration, NewSecret};
use scimlab::error::Error;
use scimlab::id::{Guid, Nonce, Seq};
use scimlab::model::{AppRegistration, GraphPermission};
use scimlab::provider::accounts;
use scimlab::secret::{PasswordHash, Plain};
use scimlab::store::{Options, Store, Write};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};

const SECRET: &str = "secret-of-the-preset-client";
const OPERATOR: &str = "token-of-the-operator";
const START: [(&str, &str); 4] = [
    ("SCIMLAB_SCIM_KEY", KEY),
    ("SCIMLAB_SEED", "demo"),
    ("SCIMLAB_OPERATOR_TOKEN", OPERATOR),
    ("SCIMLAB_ENTRA_CLIENT_SECRET", SECRET),
];

/// The demo company with an outbound job without credentials, an inbound one, and a client that may do everything.
struct Graph {
    server: Server,
    /// Holds the data while the server runs.
    _root: TempDir,
    /// What `runtime.json` says.
    runtime: Value,
    token: String,
}

impl Graph {
    fn start() -> Self {
        Self::on(tempfile::tempdir().unwrap(), None)
    }

    /// The same after something was done with the data: it returns the client that calls, with its secret.
    fn prepared<T: Send + 'static>(
        prepare: impl FnOnce(&Write<'_>, &Operator) -> Result<T, Error> + Send + 'static,
        client: impl FnOnce(&T) -> Option<(String, String)>,
    ) -> (Self, T) {
        let root = tempfile::tempdir().unwrap();
        let mut first = START.to_vec();
        first.extend([
            ("SCIMLAB_ADMIN_EMAIL", "operator@contoso.example"),
            ("SCIMLAB_ADMIN_PASSWORD", "correct horse battery"),
        ]);
        Server::start_with(root.path(), &first).kill();
        let store = Store::open(&Options::new(root.path().join("data"))).unwrap();
        let prepared = store
            .write(move |tx| -> Result<T, Error> {
                // Nobody signs in with it.
                let password: PasswordHash = serde_json::from_str(r#""$argon2id$none""#).unwrap();
                let name = "operator@contoso.example";
                let now = Timestamp::from_millis(1_750_000_000_000);
                let account =
                    accounts::upsert(tx, name, "Operator", password, Nonce::random(), now)?;
                let operator = accounts::signed_in(tx, account.seq, None)?.2.unwrap();
                prepare(tx, &operator)
            })
            .unwrap();
        drop(store);
        let client = client(&prepared);
        (Self::on(root, client), prepared)
    }

    fn on(root: TempDir, client: Option<(String, String)>) -> Self {
        let server = Server::start_with(root.path(), &START);
        let runtime = fs::read_to_string(root.path().join("data/runtime.json")).unwrap();
        let runtime: Value = serde_json::from_str(&runtime).unwrap();
        let mut graph = Self {
            server,
            _root: root,
            runtime,
            token: String::new(),
        };
        let (id, secret) =
            client.unwrap_or_else(|| (graph.told("entra_client_id"), SECRET.to_owned()));
        graph.token = graph.sign_in(&id, &secret);
        graph
    }

    fn told(&self, name: &str) -> String {
        self.runtime[name].as_str().unwrap().to_owned()
    }

    fn sign_in(&self, client: &str, secret: &str) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id={client}&client_secret={secret}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
        );
        let tenant = self.told("entra_tenant_id");
        let request = Request::builder()
            .method("POST")
            .uri(format!(
                "{}/login/{tenant}/oauth2/v2.0/token",
                self.server.url
            ))
            .header("Content-Type", "application/x-www-form-urlencoded");
        let answer = self.server.send(request, form.into_bytes()).unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.body());
        answer.body()["access_token"].as_str().unwrap().to_owned()
    }

    /// The synchronization root of the outbound application.
    fn outbound(&self) -> String {
        format!(
            "/servicePrincipals/{}/synchronization",
            self.told("entra_service_principal_id")
        )
    }

    fn outbound_job(&self) -> String {
        format!("{}/jobs/{}", self.outbound(), self.told("entra_job_id"))
    }

    fn inbound_job(&self) -> String {
        format!(
            "/servicePrincipals/{}/synchronization/jobs/{}",
            self.told("entra_inbound_service_principal_id"),
            self.told("entra_inbound_job_id")
        )
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Response<Value> {
        self.ask_version("v1.0", method, path, body)
    }

    fn ask_version(
        &self,
        version: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Response<Value> {
        let text = match body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            body => body.to_string(),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/graph/{version}{path}", self.server.url))
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", "application/json");
        let answer = self
            .server
            .send(request, text.into_bytes())
            .unwrap_or_else(|problem| panic!("{method} {path}: {problem}"));
        assert!(answer.headers().contains_key("request-id"));
        answer
    }

    /// The body of an answer that has this status.
    fn expect(&self, status: u16, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.ask(method, path, body);
        assert_eq!(
            answer.status(),
            status,
            "{method} {path} {body}: {}",
            answer.body()
        );
        if status == 204 {
            assert_eq!(answer.body(), &Value::Null);
        }
        answer.into_body()
    }

    fn get(&self, path: &str) -> Value {
        self.expect(200, "GET", path, &Value::Null)
    }

    fn post(&self, status: u16, path: &str, body: &Value) -> Value {
        self.expect(status, "POST", path, body)
    }

    /// The sentence of an error of Graph's shape.
    fn refused(&self, status: u16, method: &str, path: &str, body: &Value) -> String {
        let answer = self.expect(status, method, path, body);
        let error = &answer["error"];
        for name in ["code", "message"] {
            assert!(
                error[name].as_str().is_some_and(|t| !t.is_empty()),
                "{answer}"
            );
        }
        for name in ["date", "request-id", "client-request-id"] {
            assert!(error["innerError"][name].is_string(), "{answer}");
        }
        error["message"].as_str().unwrap().to_owned()
    }

    /// The credentials of the bundled provider.
    fn credentials(&self) -> Value {
        json!([
            { "key": "BaseAddress", "value": format!("{}/scim/v2", self.server.url) },
            { "key": "SecretToken", "value": KEY },
        ])
    }

    fn connect(&self) {
        let path = format!("{}/secrets", self.outbound());
        self.expect(204, "PUT", &path, &json!({ "value": self.credentials() }));
    }

    /// Runs a cycle of the outbound job and waits for its end.
    fn cycle(&self) {
        let request = Request::builder()
            .method("POST")
            .uri(format!(
                "{}/lab/jobs/{}/cycle",
                self.server.url,
                self.told("entra_job_id")
            ))
            .header("Authorization", format!("Bearer {OPERATOR}"));
        let answer = self.server.send(request, Vec::new()).unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.body());
    }
}

/// [`SECRET`], hashed before something is written.
fn secret() -> NewSecret {
    let secret = Plain::new(SECRET);
    NewSecret {
        id: Guid::random(),
        description: "Test".into(),
        hint: secret.last_four(),
        hash: PasswordHash::new(&secret).unwrap(),
        expires: Timestamp::from_millis(4_000_000_000_000),
    }
}

/// A registration with this secret and these permissions, which owns these applications.
fn client(
    tx: &Write<'_>,
    operator: &Operator,
    secret: NewSecret,
    permissions: &[GraphPermission],
    owns: &[Seq],
) -> Result<AppRegistration, Error> {
    let (tenant, now) = (Seq(1), Timestamp::from_millis(1_750_000_000_000));
    let new = NewRegistration {
        app_id: Guid::random(),
        object_id: Guid::random(),
        display_name: "Script".into(),
    };
    let made = registrations::add(tx, operator, tenant, &new, now)?;
    registrations::set_permissions(tx, operator, tenant, made.seq, permissions.iter().copied())?;
    for application in owns {
        registrations::set_owner(tx, operator, tenant, made.seq, *application, true)?;
    }
    registrations::add_secret(tx, operator, tenant, made.seq, secret, now)
}
