//! Test suites that identity providers publish for SCIM servers, written as data and run against the real program.
//!
//! A file is `{"source": …, "headers": {name: {…}}, "steps": [{"id", "method", "url", "headers", "body", "status",
//! "assert", "save", "wait"}]}`. `{name}` is filled in where it is known; `save` makes names known by what an answer
//! holds. A step with `wait` is repeated until it holds: what it asks for is made true by the agent.
//! What is asserted follows part 4.0 of the Okta reference: `equal` compares as text, whatever the type;
//! `is_a_number` is for numbers that are no text; `not_empty` is there and neither null nor `""` nor `[]`;
//! `has_value` is an element of an array; `is_an_array_if` is an array unless that number is 0.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../api/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

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
    #[serde(default)]
    wait: bool,
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

/// What is known: names of the suite, and names that its steps saved.
struct Names(BTreeMap<String, String>);

impl<const N: usize> From<[(&str, String); N]> for Names {
    fn from(known: [(&str, String); N]) -> Self {
        let known = known.map(|(name, value)| (name.to_owned(), value));
        Self(known.into_iter().collect())
    }
}

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

/// Asks again, as long as the step waits. The agent works within moments; a minute is the end of patience.
fn repeat(server: &Server, suite: &Suite, step: &Step, names: &mut Names) -> Result<(), String> {
    let mut outcome = take(server, suite, step, names);
    for _ in 0..2400 {
        if outcome.is_ok() || !step.wait {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(25));
        outcome = take(server, suite, step, names);
    }
    outcome
}

/// Runs every step; what is known then is known to the next file too.
fn run(file: &str, server: &Server, names: &mut Names) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/suites")
        .join(file);
    let suite: Suite = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for step in &suite.steps {
        if let Err(problem) = repeat(server, &suite, step, names) {
            panic!("{file} {}: {problem}", step.id);
        }
    }
}

/// The names that the SPEC suite makes up (part 4.1), and where it runs.
fn spec_names(server: &Server) -> Names {
    let (given, family) = ("Runscope417", "Vqwertzui093");
    let email = format!("{given}{family}@atko.com");
    Names::from([
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

/// The suites want somebody to be there: whole, with an address.
fn make_ann(server: &Server) {
    let ann = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ann@example.com",
        "name": { "givenName": "Ann", "familyName": "Lee" },
        "emails": [{ "value": "ann@example.com", "primary": true }],
        "active": true,
    });
    assert_eq!(server.call("POST", "/Users", &ann).status(), 201);
}

/// The suite of Okta's beta programme, whose last step is the only PATCH that Okta ever published a check for.
#[test]
fn oktas_older_suite_passes() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::start(root.path());
    make_ann(&server);
    let team = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Engineering",
    });
    assert_eq!(server.call("POST", "/Groups", &team).status(), 201);
    run("okta-scim-beta.json", &server, &mut spec_names(&server));
}

#[test]
fn oktas_spec_suite_passes() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::start(root.path());
    make_ann(&server);
    run("okta-scim-20-spec.json", &server, &mut spec_names(&server));
}

const OKTA_TOKEN: &str = "token-of-the-okta-org";

/// The names that the CRUD suite wants and makes up (part 4.1), and what the app is made of.
fn crud_names(server: &Server, template: &str, token: String) -> Names {
    let (first, last) = ("Runscope417", "Vqwertzui093");
    Names::from([
        ("template", template.to_owned()),
        ("token", token),
        ("oktaOrgUrl", format!("{}/okta", server.url)),
        ("oktaToken", OKTA_TOKEN.to_owned()),
        ("SCIMUrl", format!("{}/scim/v2", server.url)),
        ("SCIMAuth", format!("Bearer {KEY}")),
        ("okta_user_firstname", first.to_owned()),
        ("okta_user_lastname", last.to_owned()),
        ("okta_user_email", format!("{first}{last}@atko.com")),
        ("okta_user_firstname_update", format!("{first}update")),
    ])
}

/// Okta's CRUD suite through an app of a template whose API token is this one.
fn crud(template: &str, token: String) {
    let root = tempfile::tempdir().unwrap();
    let variables = [
        ("SCIMLAB_SCIM_KEY", KEY),
        ("SCIMLAB_OKTA_TOKEN", OKTA_TOKEN),
    ];
    let server = Server::start_with(root.path(), &variables);
    let mut names = crud_names(&server, template, token);
    run("okta-app.json", &server, &mut names);
    run("okta-scim-20-crud.json", &server, &mut names);
}

#[test]
fn oktas_crud_suite_passes_with_a_catalogue_app() {
    crud("postman", KEY.to_owned());
}

#[test]
fn oktas_crud_suite_passes_with_header_authentication() {
    crud("scim2headerauth", format!("Bearer {KEY}"));
}

#[test]
fn oktas_crud_suite_passes_with_an_app_of_the_wizard() {
    crud("aiw", KEY.to_owned());
}
