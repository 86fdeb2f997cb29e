//! The team of the SCIM conformance examples, and what the tables of these tests say about answers.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use scimlab::error::Error;
use scimlab::store::{self, Options, Store, Write, teams};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(crate) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
pub(crate) const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A server with an empty team, and its directory.
pub(crate) struct Team {
    pub(crate) server: Server,
    root: TempDir,
}

/// A server with U1 to U3 and G1 to G3 of the examples.
pub(crate) struct Example {
    pub(crate) team: Team,
    pub(crate) u1: String,
    pub(crate) u2: String,
    pub(crate) u3: String,
    pub(crate) g1: String,
    pub(crate) g2: String,
    pub(crate) g3: String,
}

impl std::ops::Deref for Example {
    type Target = Team;
    fn deref(&self) -> &Team {
        &self.team
    }
}

/// A PATCH message.
pub(crate) fn ops(operations: Value) -> Value {
    let mut message = json!({ "schemas": [PATCH_OP] });
    message["Operations"] = operations;
    message
}

/// A user with this name and nothing else.
pub(crate) fn named(user_name: &str) -> Value {
    json!({ "schemas": [USER], "userName": user_name })
}

/// Text as the value of a query parameter, every byte encoded that could be misread.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
    }
    out
}

pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
}

/// What a header of an answer says.
pub(crate) fn header<'a>(answer: &'a Response<Value>, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|v| v.to_str().unwrap())
}

/// Asserts a SCIM error: status, `scimType` (empty for none), media type, `status` as a string, and a
/// sentence.
pub(crate) fn refused(row: &str, answer: &Response<Value>, status: u16, scim_type: &str) {
    let body = answer.body();
    assert_eq!(answer.status(), status, "{row}: {body}");
    assert_eq!(
        header(answer, "content-type"),
        Some("application/scim+json"),
        "{row}"
    );
    assert_eq!(body["schemas"], json!([ERROR]), "{row}: {body}");
    assert_eq!(body["status"], json!(status.to_string()), "{row}: {body}");
    assert_eq!(
        body["scimType"].as_str().unwrap_or_default(),
        scim_type,
        "{row}: {body}"
    );
    assert!(
        text(body, "/detail").len() > 10,
        "{row}: no sentence in {body}"
    );
}

impl Team {
    pub(crate) fn new() -> Self {
        Self::with_profile("standard")
    }

    /// A team whose SCIM endpoint has this profile.
    pub(crate) fn with_profile(profile: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let variables = [("SCIMLAB_SCIM_KEY", KEY), ("SCIMLAB_SCIM_PROFILE", profile)];
        Self {
            server: Server::start_with(root.path(), &variables),
            root,
        }
    }

    /// Stops the server, runs `scimlab team` with each list of arguments and the key it makes valid, and
    /// starts the server again.
    pub(crate) fn administered(self, commands: &[(&str, &[&str])]) -> Self {
        let Self { server, root } = self;
        drop(server);
        for (key, arguments) in commands {
            let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
                .arg("team")
                .args(*arguments)
                .arg("--data")
                .arg(root.path().join("data"))
                .env_clear()
                .env("SCIMLAB_SCIM_KEY", key)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{arguments:?}: {said}");
        }
        Self {
            server: Server::start(root.path()),
            root,
        }
    }

    /// A request with another key than the first team's.
    pub(crate) fn with_key(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Response<Value> {
        self.with_key_and(key, method, path, &[], body)
    }

    /// The same with more headers.
    pub(crate) fn with_key_and(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Response<Value> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/scim/v2{path}", self.server.url))
            .header("Authorization", format!("Bearer {key}"))
            .header("Content-Type", "application/scim+json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.server.send(request, body.into()).unwrap()
    }

    /// The same team and data after its profile became this one with these switches turned.
    pub(crate) fn becomes(self, preset: &str, switches: &Value) -> Self {
        let setting = json!({ "preset": preset, "switches": switches });
        let profile = serde_json::from_value(setting).unwrap();
        let (team, ()) = self.arranged(move |tx| {
            let mut team = teams::first(tx)?.unwrap();
            team.profile = profile;
            team.revision += 1;
            Ok(teams::put(tx, &team)?)
        });
        team
    }

    /// Stops the server, does to its data what an administrator would do in the console, and starts it
    /// again. Returns what the change returns.
    pub(crate) fn arranged<T, F>(self, change: F) -> (Self, T)
    where
        F: FnOnce(&Write<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let Self { server, root } = self;
        drop(server);
        let store = Store::open(&Options::new(root.path().join("data"))).unwrap();
        let outcome = store.write(change).unwrap();
        assert_eq!(store::check(&store.read().unwrap()).unwrap(), []);
        drop(store);
        let server = Server::start_with(root.path(), &[]);
        (Self { server, root }, outcome)
    }

    /// What the server has logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.root.path().join("log")).unwrap()
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.root.path().to_owned()
    }

    pub(crate) fn get(&self, path: &str) -> Response<Value> {
        self.server.call("GET", path, &Value::Null)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Response<Value> {
        self.server.call("POST", path, body)
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Response<Value> {
        self.server.call("PUT", path, body)
    }

    /// PATCH with these operations.
    pub(crate) fn patch(&self, path: &str, operations: Value) -> Response<Value> {
        self.server.call("PATCH", path, &ops(operations))
    }

    pub(crate) fn delete(&self, path: &str) -> Response<Value> {
        self.server.call("DELETE", path, &Value::Null)
    }

    /// A request with headers of one's own and the key.
    pub(crate) fn with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response<Value> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/scim/v2{path}", self.server.url))
            .header("Authorization", format!("Bearer {KEY}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.send(request, body.into()).unwrap()
    }

    /// Writes bytes to a connection as they are, for requests that no HTTP client sends; returns the
    /// status and the rest of the answer. The request should say `Connection: close`.
    pub(crate) fn raw(&self, bytes: &[u8]) -> (u16, String) {
        let address = self.server.url.strip_prefix("http://").unwrap();
        let mut connection = TcpStream::connect(address).unwrap();
        // A server that refuses early stops reading: what matters is the answer.
        let _ = connection.write_all(bytes);
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).unwrap_or("0").parse().unwrap();
        (status, answer)
    }

    /// Creates and returns the representation.
    pub(crate) fn create(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body);
        assert_eq!(answer.status(), 201, "{body}: {}", answer.body());
        answer.into_body()
    }

    /// Creates a user and returns its id.
    pub(crate) fn user(&self, body: &Value) -> String {
        text(&self.create("/Users", body), "/id").to_owned()
    }

    /// Creates a group with these members and returns its id.
    pub(crate) fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let body = json!({ "schemas": [GROUP], "displayName": name, "members": members });
        text(&self.create("/Groups", &body), "/id").to_owned()
    }

    /// The representation at a path that must exist.
    pub(crate) fn read(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
        answer.into_body()
    }

    /// The resources of a list; checks its envelope.
    pub(crate) fn list(&self, path: &str) -> Vec<Value> {
        let body = self.read(path);
        assert_eq!(body["schemas"], json!([LIST]), "{path}");
        let resources = body["Resources"].as_array().unwrap().clone();
        assert_eq!(body["itemsPerPage"], json!(resources.len()), "{path}");
        resources
    }

    /// Ids of the resources that fulfil a filter, in order.
    pub(crate) fn found(&self, endpoint: &str, filter: &str) -> Vec<String> {
        self.list(&format!("{endpoint}?filter={}", encoded(filter)))
            .iter()
            .map(|r| text(r, "/id").to_owned())
            .collect()
    }

    /// Ids of a group's members, sorted.
    pub(crate) fn members(&self, group: &str) -> Vec<String> {
        let body = self.read(&format!("/Groups/{group}"));
        let mut ids: Vec<String> = body["members"]
            .as_array()
            .map(|members| {
                members
                    .iter()
                    .map(|m| text(m, "/value").to_owned())
                    .collect()
            })
            .unwrap_or_default();
        ids.sort();
        ids
    }
}

impl Example {
    pub(crate) fn new() -> Self {
        Self::of(Team::new())
    }

    pub(crate) fn with_profile(profile: &str) -> Self {
        Self::of(Team::with_profile(profile))
    }

    fn of(team: Team) -> Self {
        let u1 = team.user(&json!({
            "schemas": [USER, ENTERPRISE],
            "userName": "bjensen@example.com",
            "externalId": "E1",
            "name": { "givenName": "Barbara", "familyName": "Jensen" },
            "displayName": "Babs Jensen",
            "title": "Guide",
            "active": true,
            "emails": [
                { "type": "work", "value": "bjensen@example.com", "primary": true },
                { "type": "home", "value": "babs@jensen.org" },
            ],
            ENTERPRISE: { "department": "Tour", "employeeNumber": "701984" },
        }));
        let u2 = team.user(&json!({
            "schemas": [USER],
            "userName": "jsmith@example.com",
            "userType": "Intern",
            "active": true,
            "emails": [{ "type": "work", "value": "jsmith@example.com" }],
        }));
        let u3 = team.user(&json!({
            "schemas": [USER],
            "userName": "boss@example.com",
            "active": false,
            "title": "Boss",
        }));
        let g1 = team.group("Tour Guides", &[&u1, &u2]);
        let g2 = team.group("Managers", &[]);
        let g3 = team.group("All", &[&g1]);
        Self {
            team,
            u1,
            u2,
            u3,
            g1,
            g2,
            g3,
        }
    }

    /// Sorted, for comparing with [`Team::members`].
    pub(crate) fn sorted(ids: &[&String]) -> Vec<String> {
        let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
        ids.sort();
        ids
    }
}
