//! API-driven inbound provisioning from outside: the token endpoint, `bulkUpload`, `auditLogs/provisioning`.

mod bulk_upload;
mod filters;
mod log;
mod quickstart;
mod tokens;

use std::collections::BTreeSet;
use std::path::Path;

use scimlab::access::Operator;
use scimlab::clock::{Clock as _, SystemClock, Timestamp};
use scimlab::directory::applications::{self, NewApplication};
use scimlab::directory::registrations::{self, NewRegistration, NewSecret};
use scimlab::error::Error;
use scimlab::id::{Guid, Nonce, Seq};
use scimlab::model::{GraphPermission, LogRetention, Scope};
use scimlab::provider::accounts;
use scimlab::secret::{PasswordHash, Plain, Sealer};
use scimlab::store::jobs::JobKey;
use scimlab::store::{Options, Store, Write, directory, jobs as job_rows, logs};
use scimlab::sync::jobs;
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};

const OPERATOR: &str = "token-of-the-operator";
const SCIM: &str = "application/scim+json";
const SECRET: &str = "secret-of-the-uploading-client";
/// What is uploaded, and read in the log.
const USUAL: [GraphPermission; 2] = [
    GraphPermission::SynchronizationDataUserUpload,
    GraphPermission::ProvisioningLogReadAll,
];

/// What was put into the data before the appliance started.
#[derive(Clone)]
struct Known {
    tenant: String,
    /// Object id and `appId` of the application with the inbound job.
    principal: String,
    app_id: String,
    job: String,
    key: JobKey,
    /// Object id of the application with the outbound job, and that job.
    outbound: (String, String, JobKey),
    client: String,
}

/// An appliance with a started inbound job and a client that may upload to it.
struct Inbound {
    server: Server,
    root: TempDir,
    known: Known,
    token: String,
}

impl Inbound {
    fn start() -> Self {
        Self::start_with(&USUAL, |_, _| Ok(()))
    }

    /// With these permissions, and whatever else is done to the data.
    fn start_with(
        permissions: &[GraphPermission],
        edit: impl FnOnce(&Write<'_>, &Known) -> Result<(), Error> + Send + 'static,
    ) -> Self {
        let root = tempfile::tempdir().unwrap();
        let known = prepare(root.path(), permissions, edit);
        Self::over(root, known)
    }

    fn over(root: TempDir, known: Known) -> Self {
        let variables = [
            ("SCIMLAB_SCIM_KEY", KEY),
            ("SCIMLAB_OPERATOR_TOKEN", OPERATOR),
        ];
        let server = Server::start_with(root.path(), &variables);
        let mut inbound = Self {
            server,
            root,
            known,
            token: String::new(),
        };
        inbound.token = inbound.new_token();
        inbound
    }

    fn new_token(&self) -> String {
        let answer = self.ask_token(
            "oauth2/v2.0/token",
            None,
            &[
                ("client_id", &self.known.client),
                ("client_secret", SECRET),
                ("grant_type", "client_credentials"),
                ("scope", "https://graph.microsoft.com/.default"),
            ],
        );
        assert_eq!(answer.status(), 200, "{}", answer.body());
        answer.body()["access_token"].as_str().unwrap().to_owned()
    }

    /// Posts a form to an address of the tenant below `/login`, with a Basic header when there is one.
    fn ask_token(&self, path: &str, basic: Option<&str>, form: &[(&str, &str)]) -> Response<Value> {
        self.ask_token_of(&self.known.tenant, path, basic, form)
    }

    fn ask_token_of(
        &self,
        tenant: &str,
        path: &str,
        basic: Option<&str>,
        form: &[(&str, &str)],
    ) -> Response<Value> {
        let body: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let mut request = Request::builder()
            .method("POST")
            .uri(format!("{}/login/{tenant}/{path}", self.server.url))
            .header("Content-Type", "application/x-www-form-urlencoded");
        if let Some(basic) = basic {
            request = request.header("Authorization", format!("Basic {basic}"));
        }
        self.server
            .send(request, body.join("&").into_bytes())
            .unwrap()
    }

    /// Sends a request below `/graph` as it is.
    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response<Value> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/graph{path}", self.server.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.send(request, body.as_bytes().to_vec()).unwrap()
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// Where uploads go.
    fn endpoint(&self, version: &str) -> String {
        format!(
            "/{version}/servicePrincipals/{}/synchronization/jobs/{}/bulkUpload",
            self.known.principal, self.known.job
        )
    }

    /// Uploads a body to v1.0.
    fn upload(&self, body: &str) -> Response<Value> {
        let headers = [
            ("Authorization", self.bearer()),
            ("Content-Type", SCIM.to_owned()),
        ];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        self.send("POST", &self.endpoint("v1.0"), &headers, body)
    }

    /// Uploads people, which is accepted, and waits until all was worked off; the entries that came of it, newest first.
    fn provision(&self, people: &[Value]) -> Vec<Value> {
        let known = self.entries("").len();
        let answer = self.upload(&bulk(people));
        assert_eq!(answer.status(), 202, "{}", answer.body());
        let all = self.until("the upload is worked off", |inbound| {
            let entries = inbound.entries("");
            (entries.len() >= known + people.len()).then_some(entries)
        });
        all[..all.len() - known].to_vec()
    }

    /// Reads below `/graph`, with the token.
    fn get(&self, path: &str) -> Response<Value> {
        self.send("GET", path, &[("Authorization", &self.bearer())], "")
    }

    /// A page of the log: the options of the query, not encoded.
    fn log(&self, version: &str, options: &[(&str, &str)]) -> Response<Value> {
        let query: Vec<String> = options
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        self.get(&format!(
            "/{version}/auditLogs/provisioning?{}",
            query.join("&")
        ))
    }

    /// Entries of the inbound job that fit one more filter, newest first.
    fn entries(&self, filter: &str) -> Vec<Value> {
        let mut whole = format!("jobid eq '{}'", self.known.job);
        if !filter.is_empty() {
            whole = format!("{whole} and {filter}");
        }
        let answer = self.log("v1.0", &[("$filter", &whole), ("$top", "500")]);
        assert_eq!(answer.status(), 200, "{}", answer.body());
        answer.body()["value"].as_array().unwrap().clone()
    }

    /// Asks again until there is an answer. Uploads are worked off within moments; a minute is the end of patience.
    fn until<T>(&self, what: &str, found: impl Fn(&Self) -> Option<T>) -> T {
        for _ in 0..2400 {
            if let Some(found) = found(self) {
                return found;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(25));
        }
        panic!("{what}");
    }

    /// Asks the control API.
    fn lab(&self, method: &str, path: &str, body: &Value) -> Response<Value> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/lab{path}", self.server.url))
            .header("Authorization", format!("Bearer {OPERATOR}"));
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.server.send(request, text.into_bytes()).unwrap()
    }

    /// Ends the appliance, reads its data, and starts it again.
    fn looked_at<T: Send + 'static>(self, look: impl FnOnce(&Store, &Known) -> T) -> (Self, T) {
        let Self {
            server,
            root,
            known,
            ..
        } = self;
        drop(server);
        let seen = {
            let store = Store::open(&Options::new(root.path().join("data"))).unwrap();
            look(&store, &known)
        };
        (Self::over(root, known), seen)
    }
}

fn operator(tx: &Write<'_>, now: Timestamp) -> Result<Operator, Error> {
    // Nobody signs in with it.
    let password: PasswordHash = serde_json::from_str(r#""$argon2id$none""#).unwrap();
    let (email, nonce) = ("operator@contoso.example", Nonce::random());
    let account = accounts::upsert(tx, email, "Operator", password, nonce, now)?;
    Ok(accounts::signed_in(tx, account.seq, None)?.2.unwrap())
}

/// The data: the appliance's own first start, then an application with a started inbound job, and a client.
fn prepare(
    root: &Path,
    permissions: &[GraphPermission],
    edit: impl FnOnce(&Write<'_>, &Known) -> Result<(), Error> + Send + 'static,
) -> Known {
    drop(Server::start(root));
    let permissions: BTreeSet<GraphPermission> = permissions.iter().copied().collect();
    let secret = NewSecret {
        id: Guid::random(),
        description: "For the tests".into(),
        hint: Plain::new(SECRET).last_four(),
        hash: PasswordHash::new(&Plain::new(SECRET)).unwrap(),
        expires: Timestamp::parse("2099-01-01T00:00:00Z").unwrap(),
    };
    let store = Store::open(&Options::new(root.join("data"))).unwrap();
    store
        .write(move |tx| -> Result<Known, Error> {
            let now = SystemClock.now();
            let operator = operator(tx, now)?;
            let tenant = directory::tenants(tx)?.remove(0);
            logs::put_retention(tx, tenant.seq, LogRetention { days: None })?;
            let new = NewApplication {
                id: Guid::random(),
                app_id: Guid::random(),
                display_name: "HR to directory".into(),
            };
            let application = applications::add(tx, &operator, tenant.seq, &new, now)?;
            let (in_tenant, row) = (tenant.seq, application.seq);
            let job = jobs::create_inbound(tx, &operator, in_tenant, row, Guid::random())?;
            let key = JobKey {
                tenant: tenant.seq,
                job: job.seq,
            };
            jobs::set_notification(tx, &operator, key, "hr@contoso.example", false, now)?;
            jobs::start(tx, &operator, key, now)?;
            let new = NewRegistration {
                app_id: Guid::random(),
                object_id: Guid::random(),
                display_name: "HR".into(),
            };
            let client = registrations::add(tx, &operator, tenant.seq, &new, now)?.seq;
            registrations::set_permissions(tx, &operator, in_tenant, client, permissions)?;
            registrations::add_secret(tx, &operator, in_tenant, client, secret, now)?;
            let (outbound_key, outbound) = job_rows::all(tx)?
                .into_iter()
                .find(|(other, _)| *other != key)
                .unwrap();
            let other = directory::application(tx, tenant.seq, outbound.application)?.unwrap();
            let known = Known {
                tenant: tenant.id.to_string(),
                principal: application.id.to_string(),
                app_id: application.app_id.to_string(),
                job: job.id,
                key,
                outbound: (other.id.to_string(), outbound.id, outbound_key),
                client: new.app_id.to_string(),
            };
            edit(tx, &known)?;
            Ok(known)
        })
        .unwrap()
}

/// A bulk request with these users.
fn bulk(people: &[Value]) -> String {
    let operations: Vec<Value> = people
        .iter()
        .enumerate()
        .map(|(number, data)| {
            json!({"method": "POST", "bulkId": number.to_string(), "path": "/Users", "data": data})
        })
        .collect();
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
        "failOnErrors": null,
    })
    .to_string()
}

fn person(anchor: &str, name: &str) -> Value {
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "externalId": anchor,
        "userName": format!("{name}@contoso.example"),
        "displayName": name,
        "active": true,
    })
}

/// A text as part of a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn header(answer: &Response<Value>, name: &str) -> String {
    let value = answer.headers().get(name);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

/// A failed call has this status, this code, and a body as Graph's.
fn refused(answer: &Response<Value>, status: u16, code: &str) -> String {
    assert_eq!(answer.status(), status, "{}", answer.body());
    let error = &answer.body()["error"];
    assert_eq!(error["code"], code, "{error}");
    let inner = &error["innerError"];
    assert_eq!(
        inner["request-id"].as_str(),
        Some(header(answer, "request-id").as_str())
    );
    assert_eq!(
        inner["client-request-id"].as_str(),
        Some(header(answer, "client-request-id").as_str())
    );
    assert!(
        inner["date"].as_str().is_some_and(|date| date.len() == 19),
        "{inner}"
    );
    error["message"].as_str().unwrap().to_owned()
}
