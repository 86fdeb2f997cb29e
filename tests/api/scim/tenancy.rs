//! Teams next to each other and keys that open less: AUTH.

use std::process::Command;

use serde_json::{Value, json};

use crate::team::{GROUP, Team, named, ops, refused, text};

const THEIRS: &str = "key-of-another-team";
const READ_ONLY: &str = "key-that-only-reads";
const STRICT: &str = "key-that-is-strict";

/// The first team with U1 in it, an empty second one, and keys of the first that are less than whole.
fn teams() -> (Team, String) {
    let team = Team::new();
    let user = team.user(&named("bjensen@example.com"));
    let list = team.administered(&[
        (THEIRS, &["create", "Theirs"]),
        (READ_ONLY, &["key", "Acme", "reader", "--read-only"]),
        (STRICT, &["key", "Acme", "strict", "--profile", "strict"]),
    ]);
    (list, user)
}

#[test]
fn a_key_opens_its_own_team_and_nothing_else() {
    let (team, user) = teams();
    let path = format!("/Users/{user}");
    let before = team.read(&path);
    let theirs = |method: &str, path: &str, body: &Value| team.with_key(THEIRS, method, path, body);
    for query in ["", "?filter=userName%20eq%20%22bjensen%40example.com%22"] {
        let answer = theirs("GET", &format!("/Users{query}"), &Value::Null);
        assert_eq!(answer.status(), 200, "AUTH-09: {}", answer.body());
        assert_eq!(answer.body()["totalResults"], 0, "AUTH-09 {query}");
    }
    let body = named("bjensen@example.com");
    let patch = ops(json!([{ "op": "remove", "path": "title" }]));
    let unknown = format!("/Users/{}", "0".repeat(48));
    for (method, body) in [
        ("GET", &Value::Null),
        ("PATCH", &patch),
        ("PUT", &body),
        ("DELETE", &Value::Null),
    ] {
        let answer = theirs(method, &path, body);
        refused(&format!("AUTH-11 {method}"), &answer, 404, "");
        // Nothing tells a resource of others from none at all.
        let absent = theirs(method, &unknown, body).into_body().to_string();
        assert_eq!(
            answer.body().to_string().replace(&user, &"0".repeat(48)),
            absent,
            "AUTH-11 {method}"
        );
    }
    let made = theirs("POST", "/Users", &body);
    assert_eq!(made.status(), 201, "AUTH-10: {}", made.body());
    let group = json!({
        "schemas": [GROUP], "displayName": "Guides", "members": [{ "value": user }]
    });
    let answer = theirs("POST", "/Groups", &group);
    refused("AUTH-11 as a member", &answer, 400, "invalidValue");
    assert_eq!(team.read(&path), before, "AUTH-11");
    assert_eq!(team.list("/Users").len(), 1, "AUTH-10");
}

#[test]
fn a_key_that_only_reads_writes_nothing() {
    let (team, user) = teams();
    let path = format!("/Users/{user}");
    let read =
        |method: &str, path: &str, body: &Value| team.with_key(READ_ONLY, method, path, body);
    let before = read("GET", &path, &Value::Null);
    assert_eq!(before.status(), 200, "AUTH-14: {}", before.body());
    let body = named("new@example.com");
    let patch = ops(json!([{ "op": "add", "path": "title", "value": "x" }]));
    for (method, path, body) in [
        ("POST", "/Users", &body),
        ("POST", "/Groups", &body),
        ("PUT", path.as_str(), &body),
        ("PATCH", path.as_str(), &patch),
        ("DELETE", path.as_str(), &Value::Null),
    ] {
        let answer = read(method, path, body);
        refused(&format!("AUTH-14 {method}"), &answer, 403, "");
    }
    assert_eq!(team.list("/Users").len(), 1, "AUTH-14");
    assert_eq!(&team.read(&path), before.body(), "AUTH-14");
}

#[test]
fn a_key_may_have_a_profile_of_its_own() {
    let (team, _) = teams();
    let mut body = named("unknown@example.com");
    body["favoriteColor"] = json!("blue");
    let answer = team.with_key(STRICT, "POST", "/Users", &body);
    assert_eq!(answer.status(), 400, "{}", answer.body());
    let answer = team.post("/Users", &body);
    assert_eq!(answer.status(), 201, "{}", answer.body());
    assert_eq!(text(answer.body(), "/userName"), "unknown@example.com");
}

#[test]
fn a_key_of_the_command_line_is_recognised_and_opens_one_team() {
    let root = tempfile::tempdir().unwrap();
    let scimlab = |arguments: &[&str], key: Option<&str>| {
        let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
            .arg("team")
            .args(arguments)
            .arg("--data")
            .arg(root.path())
            .env_clear()
            .envs(key.map(|key| ("SCIMLAB_SCIM_KEY", key)))
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    };
    assert_eq!(
        scimlab(&["create", "Ours"], Some("k")),
        (true, "Team Ours was created.\n".into())
    );
    let (made, key) = scimlab(&["key", "Ours", "pipeline"], None);
    assert!(made && key.starts_with("scimlab_"), "{key}");
    let (made, said) = scimlab(&["create", "Theirs"], Some("k"));
    assert!(!made && said.contains("in use already"), "{said}");
    let (made, said) = scimlab(&["create", "Odd"], Some("two words"));
    assert!(!made && said.contains("SCIMLAB_SCIM_KEY"), "{said}");
    let (_, teams) = scimlab(&["list"], None);
    assert!(!teams.contains("Odd"), "{teams}");
}
