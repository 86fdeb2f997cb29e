//! Test suites that identity providers publish for SCIM servers, written as data and run against the real program.
//!
//! A file is `{"source": …, "headers": {name: {…}}, "steps": [{"id", "method", "url", "headers", "body", "status",
//! "assert", "save"}]}`. `{name}` is filled in where it is known; `save` makes names known by what an answer holds.
//! What is asserted follows part 4.0 of the Okta reference: `equal` compares as text, whatever the type;
//! `is_a_number` is for numbers that are no text; `not_empty` is there and neither null nor `""` nor `[]`;
//! `has_value` is an element of an array; `is_an_array_if` is an array unless that number is 0.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../api/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use server::{KEY, Server};
use ureq::http::Request;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    #[expect(dead_code, reason = "for readers of the file")]
    source: String,
    headers: BTreeMap<String, BTreeMap<String, String>>,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    id: String,
    method: String,
    url: String,
    headers: String,
    #[serde(default)]
    body: Value,
    status: u16,
    assert: Vec<Assertion>,
    #[serde(default)]
    save: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Assertion {
    path: String,
    #[serde(flatten)]
    claim: Claim,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Claim {
    Equal(String),
    HasValue(String),
    IsAnArrayIf(String),
    #[serde(rename = "is_a_number")]
    Number(bool),
    NotEmpty(bool),
}

type Known = BTreeMap<&'static str, String>;

/// What is known: names of the suite, and names that its steps saved.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn fill(&self, text: &str) -> String {
        let filled = self.0.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        });
        let unknown = filled.find('{').map(|at| &filled[at..]);
        assert!(
            unknown.is_none_or(|rest| !rest[1..].starts_with(char::is_alphabetic)),
            "{filled}: a name is not known"
        );
        filled
    }

    fn fill_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.fill(text).into(),
            Value::Array(elements) => elements.iter().map(|e| self.fill_in(e)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), self.fill_in(value)))
                .collect(),
            other => other.clone(),
        }
    }
}

/// What stands at a dotted path with `[n]` indices; null where nothing does.
fn at<'a>(path: &str, body: &'a Value) -> &'a Value {
    let pointer = path.replace(['.', '['], "/").replace(']', "");
    body.pointer(&format!("/{pointer}")).unwrap_or(&Value::Null)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Assertion {
    fn holds(&self, body: &Value, names: &Names) -> Result<(), String> {
        let found = at(&self.path, body);
        let (holds, what) = match &self.claim {
            Claim::NotEmpty(wanted) => {
                let empty = found.is_null() || *found == json!("") || *found == json!([]);
                (empty != *wanted, "something".to_owned())
            }
            Claim::Number(wanted) => (found.is_number() == *wanted, "a number".to_owned()),
            Claim::Equal(expected) => {
                let expected = names.fill(expected);
                (text(found) == expected, expected)
            }
            Claim::HasValue(expected) => {
                let elements = found.as_array().map(Vec::as_slice).unwrap_or_default();
                let holds = elements.iter().any(|e| text(e) == *expected);
                (holds, format!("with {expected}"))
            }
            Claim::IsAnArrayIf(total) => {
                let none = at(total, body) == &json!(0);
                (none || found.is_array(), "an array".to_owned())
            }
        };
        if holds {
            Ok(())
        } else {
            Err(format!("{} is {found}, not {what}", self.path))
        }
    }
}

/// The first thing about a step that does not hold.
fn take(server: &Server, suite: &Suite, step: &Step, names: &mut Names) -> Result<(), String> {
    let mut request = Request::builder()
        .method(step.method.as_str())
        .uri(names.fill(&step.url));
    for (name, value) in &suite.headers[&step.headers] {
        request = request.header(name, names.fill(value));
    }
    let body = match &step.body {
        Value::Null => Vec::new(),
        body => names.fill_in(body).to_string().into_bytes(),
    };
    let answer = server.send(request, body)?;
    let (status, body) = (answer.status().as_u16(), answer.into_body());
    if status != step.status {
        return Err(format!("{status} instead of {}: {body}", step.status));
    }
    for assertion in &step.assert {
        assertion.holds(&body, names)?;
    }
    for (name, path) in &step.save {
        names.0.insert(name.clone(), text(at(path, &body)));
    }
    Ok(())
}

fn run(file: &str, server: &Server, known: Known) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/suites")
        .join(file);
    let suite: Suite = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut names = Names::default();
    for (name, value) in known {
        names.0.insert(name.to_owned(), value);
    }
    for step in &suite.steps {
        if let Err(problem) = take(server, &suite, step, &mut names) {
            panic!("{}: {problem}", step.id);
        }
    }
}

/// The names that the SPEC suite makes up (part 4.1), and where it runs.
fn spec_names(server: &Server) -> Known {
    let (given, family) = ("Runscope417", "Vqwertzui093");
    let email = format!("{given}{family}@atko.com");
    BTreeMap::from([
        ("SCIMBaseURL", format!("{}/scim/v2", server.url)),
        ("auth", format!("Bearer {KEY}")),
        ("randomGivenName", given.to_owned()),
        ("randomFamilyName", family.to_owned()),
        ("randomUsernameCaps", email.to_uppercase()),
        ("randomUsername", email.clone()),
        ("randomEmail", email),
        ("InvalidUserEmail", "abcdefgh@atko.com".to_owned()),
        (
            "UserIdThatDoesNotExist",
            "010101001010101011001010101011".to_owned(),
        ),
    ])
}

#[test]
fn oktas_spec_suite_passes() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::start(root.path());
    // The suite wants somebody to be there: whole, with an address.
    let ann = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ann@example.com",
        "name": { "givenName": "Ann", "familyName": "Lee" },
        "emails": [{ "value": "ann@example.com", "primary": true }],
        "active": true,
    });
    assert_eq!(server.call("POST", "/Users", &ann).status(), 201);
    run("okta-scim-20-spec.json", &server, spec_names(&server));
}
