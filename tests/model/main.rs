//! The provider against a simple model: random requests, alone and in bulk, are answered by both, and
//! after each of them both know the same users, groups and memberships. `PROPTEST_CASES` says how many
//! histories there are.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod model;
#[path = "../api/server.rs"]
mod server;
mod wishes;

use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use model::{ENTERPRISE, Model, Status, Wish};
use server::Server;
use wishes::{Draft, draft, request};

/// Attributes that the server adds to those a client wrote.
const COMPUTED: [&str; 4] = ["schemas", "id", "meta", "groups"];

/// A request.
#[derive(Debug, Clone)]
enum Step {
    Alone(Draft),
    InBulk(Vec<Draft>),
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 40;
    }
    config
}

fn list(server: &Server, path: &str) -> Vec<Value> {
    let answer = server.call("GET", path, &Value::Null);
    assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
    let listed = answer.body()["Resources"].as_array().unwrap().clone();
    assert_eq!(answer.body()["totalResults"], listed.len(), "{path}");
    listed
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap()
}

/// What a server says, without what it computes, and with `primary` only where it is true.
fn written(resource: &Value) -> Map<String, Value> {
    let mut attributes = resource.as_object().unwrap().clone();
    attributes.retain(|name, _| !COMPUTED.contains(&name.as_str()));
    if let Some(Value::Array(emails)) = attributes.get_mut("emails") {
        for email in emails {
            if email["primary"] == false {
                email.as_object_mut().unwrap().remove("primary");
            }
        }
    }
    attributes
}

/// The server knows what the model knows, and nothing else.
fn compare(server: &Server, model: &Model) {
    let users = list(server, "/Users");
    assert_eq!(
        users.len(),
        model.users.len(),
        "users: {users:?}\n{model:?}"
    );
    for user in &users {
        let expected = model
            .users
            .iter()
            .find(|u| u.id == text(user, "/id"))
            .unwrap();
        assert_eq!(
            Value::Object(written(user)),
            Value::Object(expected.attributes.clone()),
        );
        let mut groups: Vec<(String, &str)> = user["groups"]
            .as_array()
            .map(|groups| {
                let pair = |g| (text(g, "/value").to_owned(), text(g, "/type"));
                groups.iter().map(pair).collect()
            })
            .unwrap_or_default();
        groups.sort();
        assert_eq!(groups, model.groups_of(&expected.id), "{user}");
        assert_eq!(
            user["schemas"]
                .as_array()
                .unwrap()
                .contains(&json!(ENTERPRISE)),
            expected.attributes.contains_key(ENTERPRISE),
            "{user}"
        );
    }
    let groups = list(server, "/Groups");
    assert_eq!(groups.len(), model.groups.len(), "{groups:?}\n{model:?}");
    for group in &groups {
        let expected = model
            .groups
            .iter()
            .find(|g| g.id == text(group, "/id"))
            .unwrap();
        assert_eq!(text(group, "/displayName"), expected.display_name);
        assert_eq!(group["externalId"], json!(expected.external_id), "{group}");
        let mut members: Vec<(&str, &str)> = group["members"]
            .as_array()
            .map(|members| {
                let pair = |m| (text(m, "/value"), text(m, "/type"));
                members.iter().map(pair).collect()
            })
            .unwrap_or_default();
        members.sort_unstable();
        let mut wanted: Vec<(&str, &str)> = expected
            .members
            .iter()
            .map(|id| {
                let is_user = model.users.iter().any(|u| u.id == *id);
                (id.as_str(), if is_user { "User" } else { "Group" })
            })
            .collect();
        wanted.sort_unstable();
        assert_eq!(members, wanted, "{group}");
    }
}

/// Filters find what the model finds by looking at everybody.
fn searches(server: &Server, model: &Model) {
    let users = |filter: &str, fits: &dyn Fn(&Map<String, Value>) -> bool| {
        let mut expected: Vec<&str> = model
            .users
            .iter()
            .filter(|user| fits(&user.attributes))
            .map(|user| user.id.as_str())
            .collect();
        expected.sort_unstable();
        found(server, "/Users", filter, &expected);
    };
    users("userName eq \"ADA@X\"", &|u| {
        u["userName"]
            .as_str()
            .unwrap()
            .eq_ignore_ascii_case("ada@x")
    });
    users("title pr and active eq true", &|u| {
        u.get("title").is_some_and(|title| title != "") && u["active"] == true
    });
    users("externalId eq \"B\"", &|u| {
        u.get("externalId") == Some(&json!("B"))
    });
    users("emails[type eq \"work\" and value eq \"a@x\"]", &|u| {
        u.get("emails")
            .and_then(Value::as_array)
            .is_some_and(|all| {
                all.iter()
                    .any(|e| e["type"] == "work" && e["value"] == "a@x")
            })
    });
    users("not (name.givenName eq \"b\")", &|u| {
        let given = u.get("name").and_then(|name| name["givenName"].as_str());
        !given.is_some_and(|given| given.eq_ignore_ascii_case("b"))
    });
    if let Some(user) = model.users.first() {
        let mut expected: Vec<&str> = model
            .groups
            .iter()
            .filter(|group| group.members.contains(&user.id))
            .map(|group| group.id.as_str())
            .collect();
        expected.sort_unstable();
        let filter = format!("members.value eq \"{}\"", user.id);
        found(server, "/Groups", &filter, &expected);
    }
}

fn found(server: &Server, endpoint: &str, filter: &str, expected: &[&str]) {
    let encoded = filter.replace(' ', "%20").replace('"', "%22");
    let listed = list(
        server,
        &format!("{endpoint}?attributes=id&filter={encoded}"),
    );
    let mut ids: Vec<&str> = listed.iter().map(|one| text(one, "/id")).collect();
    ids.sort_unstable();
    assert_eq!(ids, expected, "{filter}");
}

/// Sends one wish and does the same in the model.
fn alone(server: &Server, model: &mut Model, wish: &Wish) {
    let (method, path, body) = request(wish);
    let before = (method != "POST").then(|| server.call("GET", &path, &Value::Null).into_body());
    let was = model.clone();
    let expected = model.apply(wish, "new");
    let answer = server.call(method, &path, &body);
    assert!(
        expected.contains(&answer.status().as_u16()),
        "{method} {path} {body}\nshould be {expected:?} and is {}",
        answer.body()
    );
    match expected[0] {
        201 => model.rename("new", text(answer.body(), "/id")),
        200 | 204 if method != "DELETE" => {
            // The version follows the content, no more and no less.
            let after = server.call("GET", &path, &Value::Null).into_body();
            assert_eq!(
                after["meta"]["version"] != before.unwrap()["meta"]["version"],
                *model != was,
                "{method} {path} {body}: {after}"
            );
        }
        _ => {}
    }
}

/// Sends wishes as one bulk request: later ones may be about what earlier ones create, by `bulkId`.
fn in_bulk(server: &Server, model: &mut Model, drafts: &[Draft]) {
    let mut operations = Vec::new();
    let mut expected = Vec::new();
    for (n, draft) in drafts.iter().enumerate() {
        let wish = draft.about(model);
        let (method, path, data) = request(&wish);
        let mut operation = json!({ "method": method, "path": path });
        if method == "POST" {
            operation["bulkId"] = format!("b{n}").into();
        }
        if method != "DELETE" {
            operation["data"] = data;
        }
        operations.push(operation);
        expected.push(model.apply(&wish, &format!("bulkId:b{n}")));
    }
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations
    });
    let answer = server.call("POST", "/Bulk", &body);
    assert_eq!(answer.status(), 200, "{body}: {}", answer.body());
    let results = answer.body()["Operations"].as_array().unwrap();
    let right = |(result, expected): (&Value, &Vec<Status>)| {
        expected.contains(&text(result, "/status").parse().unwrap())
    };
    assert!(
        results.len() == expected.len() && results.iter().zip(&expected).all(right),
        "{body}\nshould be {expected:?} and is {}",
        answer.body()
    );
    for result in results.iter().filter(|result| result["status"] == "201") {
        let id = text(result, "/location").rsplit('/').next().unwrap();
        model.rename(&format!("bulkId:{}", text(result, "/bulkId")), id);
    }
}

fn clear(server: &Server) {
    for endpoint in ["/Groups", "/Users"] {
        for one in list(server, endpoint) {
            let path = format!("{endpoint}/{}", text(&one, "/id"));
            assert_eq!(server.call("DELETE", &path, &Value::Null).status(), 204);
        }
    }
}

#[test]
fn the_provider_does_what_the_model_does() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::start(root.path());
    let one = draft().prop_map(Step::Alone);
    let many = vec(draft(), 1..12).prop_map(Step::InBulk);
    let histories = vec(prop_oneof![6 => one, 1 => many], 1..20);
    TestRunner::new(config())
        .run(&histories, |history: Vec<Step>| {
            clear(&server);
            let mut model = Model::default();
            for step in &history {
                match step {
                    Step::Alone(draft) => {
                        let wish = draft.about(&model);
                        alone(&server, &mut model, &wish);
                    }
                    Step::InBulk(drafts) => in_bulk(&server, &mut model, drafts),
                }
                compare(&server, &model);
            }
            searches(&server, &model);
            Ok(())
        })
        .unwrap();
    drop(server);
    let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
        .args(["check", "--data"])
        .arg(root.path().join("data"))
        .env_clear()
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
