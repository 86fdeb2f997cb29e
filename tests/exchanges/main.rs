//! Conversations of identity providers, written after the vendors' documentation, replayed in order
//! against the real program, each on a team of its own.
//!
//! A file is `{"source": …, "profile": …, "exchanges": [{"method", "path", "request", "status", "response"}]}`.
//! `path` is as it stands on the wire. `response` is what the answer must contain: members that are not
//! named may be anything, null means absent, arrays have the same length. `{{name}}` is filled in where
//! it is known; the first time it stands in a response, it takes the value found there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../api/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use server::{KEY, Server};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversation {
    source: String,
    /// Of the team; the standard one when it is not named.
    #[serde(default)]
    profile: Option<String>,
    exchanges: Vec<Exchange>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    method: String,
    path: String,
    #[serde(default)]
    request: Value,
    status: u16,
    #[serde(default)]
    response: Value,
}

type Known = BTreeMap<String, String>;

/// The text with everything known filled in.
fn filled(text: &str, known: &Known) -> String {
    known.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

fn filled_in(value: &Value, known: &Known) -> Value {
    match value {
        Value::String(text) => filled(text, known).into(),
        Value::Array(elements) => elements.iter().map(|e| filled_in(e, known)).collect(),
        Value::Object(object) => Value::Object(
            object
                .iter()
                .map(|(name, value)| (name.clone(), filled_in(value, known)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Compares, and learns values; the place of the first difference otherwise.
fn compare(place: &str, expected: &Value, found: &Value, known: &mut Known) -> Result<(), String> {
    let differs = || Err(format!("{place}: {expected} expected, {found} found"));
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, value) in expected {
                let there = found.get(name).unwrap_or(&Value::Null);
                compare(&format!("{place}/{name}"), value, there, known)?;
            }
            Ok(())
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (n, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{place}/{n}"), expected, found, known)?;
            }
            Ok(())
        }
        (Value::String(wanted), Value::String(there)) => {
            let wanted = filled(wanted, known);
            let name = wanted.strip_prefix("{{").and_then(|w| w.strip_suffix("}}"));
            match name {
                Some(name) if !there.is_empty() => {
                    known.insert(name.to_owned(), there.clone());
                    Ok(())
                }
                None if wanted == *there => Ok(()),
                _ => differs(),
            }
        }
        (expected, found) if expected == found => Ok(()),
        _ => differs(),
    }
}

fn replay(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let conversation: Conversation =
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert!(!conversation.source.is_empty() && !conversation.exchanges.is_empty());
    let root = tempfile::tempdir().unwrap();
    let server = match &conversation.profile {
        None => Server::start(root.path()),
        Some(profile) => Server::start_with(
            root.path(),
            &[("SCIMLAB_SCIM_KEY", KEY), ("SCIMLAB_SCIM_PROFILE", profile)],
        ),
    };
    let mut known = Known::from([("base".to_owned(), format!("{}/scim/v2", server.url))]);
    for (n, exchange) in conversation.exchanges.iter().enumerate() {
        let at = format!("{} exchange {}", path.display(), n + 1);
        let to = filled(&exchange.path, &known);
        let request = filled_in(&exchange.request, &known);
        let sent = format!("{}{to}{request}", exchange.method);
        assert!(!sent.contains("{{"), "{at}: something is unknown in {sent}");
        let answer = server.call(&exchange.method, &to, &request);
        assert_eq!(
            answer.status(),
            exchange.status,
            "{at}: {} {to}: {}",
            exchange.method,
            answer.body()
        );
        if let Err(problem) = compare("", &exchange.response, answer.body(), &mut known) {
            panic!(
                "{at}: {} {to}: {problem}\n{}",
                exchange.method,
                answer.body()
            );
        }
    }
}

/// Replays every file of a vendor.
fn replay_all(vendor: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/exchanges")
        .join(vendor);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in &files {
        replay(file);
    }
}

#[test]
fn entra_conversations_go_as_documented() {
    replay_all("entra");
}

#[test]
fn okta_conversations_go_as_documented() {
    replay_all("okta");
}

#[test]
fn postman_conversations_go_as_documented() {
    replay_all("postman");
}

#[test]
fn a_difference_is_found_and_a_value_learned_once() {
    let mut known = Known::new();
    let json = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    for (expected, found, same) in [
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, true),
        (r#"{"a":null}"#, r#"{"b":2}"#, true),
        (r#"{"a":null}"#, r#"{"a":2}"#, false),
        (r#"{"id":"{{X}}"}"#, r#"{"id":"7"}"#, true),
        (r#"{"id":"{{X}}"}"#, r#"{"id":"8"}"#, false),
        (r#"{"id":"{{Y}}"}"#, r#"{"id":5}"#, false),
        (r#"[{"a":1}]"#, r#"[{"a":1},{"a":2}]"#, false),
        (r#"{"a":true}"#, r#"{"a":"True"}"#, false),
    ] {
        let result = compare("", &json(expected), &json(found), &mut known);
        assert_eq!(result.is_ok(), same, "{expected} {found}");
    }
    assert_eq!(known["X"], "7");
}
