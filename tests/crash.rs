//! `kill -9` while clients write: after reopening, every acknowledged change is there and every index
//! and counter is right.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "api/server.rs"]
mod server;

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;

use serde_json::{Value, json};
use server::{KEY, Server};
use ureq::http::Request;

const ROUNDS: usize = 10;
const CLIENTS: usize = 8;

/// What a client was told.
enum Acknowledged {
    User { name: String, id: String },
    Member(String),
}

fn ask(server: &Server, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let request = Request::builder()
        .method(method)
        .uri(format!("{}/scim/v2{path}", server.url))
        .header("Authorization", format!("Bearer {KEY}"))
        .header("Content-Type", "application/scim+json");
    let answer = server.send(request, body.to_string().into_bytes()).ok()?;
    Some((answer.status().as_u16(), answer.into_body()))
}

/// Creates users and puts them into the group until the server is gone.
fn write(server: &Server, prefix: &str, group: &str, told: &mpsc::Sender<Acknowledged>) {
    for n in 0.. {
        let name = format!("{prefix}-{n}@example.com");
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name
        });
        let Some((status, made)) = ask(server, "POST", "/Users", &body) else {
            return;
        };
        assert_eq!(status, 201, "{made}");
        let id = made["id"].as_str().unwrap().to_owned();
        let user = Acknowledged::User {
            name,
            id: id.clone(),
        };
        told.send(user).unwrap();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "add", "path": "members", "value": [{ "value": id }] }],
        });
        let Some((status, answer)) = ask(server, "PATCH", &format!("/Groups/{group}"), &body)
        else {
            return;
        };
        assert_eq!(status, 204, "{answer}");
        told.send(Acknowledged::Member(id)).unwrap();
    }
}

fn check(data: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
        .args(["check", "--data"])
        .arg(data)
        .env_clear()
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "EVIL-50: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn names_and_ids(server: &Server) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    loop {
        let path = format!("/Users?count=200&startIndex={}", all.len() + 1);
        let page = server.call("GET", &path, &Value::Null).into_body();
        let page = page["Resources"].as_array().unwrap().clone();
        if page.is_empty() {
            return all;
        }
        for user in page {
            let text = |name: &str| user[name].as_str().unwrap().to_owned();
            assert!(all.insert((text("userName"), text("id"))), "listed twice");
        }
    }
}

#[test]
fn every_acknowledged_change_survives_a_kill() {
    let root = tempfile::tempdir().unwrap();
    let first = Server::start(root.path());
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "All"
    });
    let group = first.call("POST", "/Groups", &body).into_body();
    let group = group["id"].as_str().unwrap().to_owned();
    drop(first);

    let mut users = BTreeSet::new();
    let mut members = BTreeSet::new();
    for round in 0..ROUNDS {
        let server = Server::start(root.path());
        // After how many acknowledgements the power goes: any moment between two writes, or in one.
        let after = 5 + RandomState::new().hash_one(round) % 200;
        let (told, heard) = mpsc::channel();
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (server, group, told) = (&server, &group, told.clone());
                scope.spawn(move || write(server, &format!("r{round}c{client}"), group, &told));
            }
            drop(told);
            for count in 0.. {
                // The channel closes when the last client has noticed.
                let Ok(acknowledged) = heard.recv() else {
                    break;
                };
                match acknowledged {
                    Acknowledged::User { name, id } => {
                        users.insert((name, id));
                    }
                    Acknowledged::Member(id) => {
                        members.insert(id);
                    }
                }
                if count == after {
                    server.kill();
                }
            }
        });
        drop(server);
        check(&root.path().join("data"));

        let server = Server::start(root.path());
        let found = names_and_ids(&server);
        let lost: Vec<_> = users.difference(&found).collect();
        assert!(
            lost.is_empty(),
            "EVIL-50 round {round}, after {after}: {lost:?}"
        );
        let group = server.call("GET", &format!("/Groups/{group}"), &Value::Null);
        let found: BTreeSet<String> = group.body()["members"]
            .as_array()
            .unwrap_or(&Vec::new())
            .iter()
            .map(|member| member["value"].as_str().unwrap().to_owned())
            .collect();
        let lost: Vec<_> = members.difference(&found).collect();
        assert!(lost.is_empty(), "round {round}, after {after}: {lost:?}");
    }
    assert!(users.len() > ROUNDS && !members.is_empty());
}
