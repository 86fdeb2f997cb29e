//! Keys, and SCIM turned off: AUTH.

use scimlab::clock::Timestamp;
use scimlab::error::Error;
use scimlab::model::KeyStatus;
use scimlab::secret::Plain;
use scimlab::store::{Options, Store, keys, teams};
use serde_json::Value;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};
use crate::team::{Team, header, named, refused, text};

fn users(team: &Team, authorization: Option<&str>, query: &str) -> Response<Value> {
    let mut request = Request::get(format!("{}/scim/v2/Users{query}", team.server.url));
    if let Some(value) = authorization {
        request = request.header("Authorization", value);
    }
    team.server.send(request, Vec::new()).unwrap()
}

#[test]
fn only_a_valid_key_in_the_header_opens_the_door() {
    let team = Team::new();
    let in_query = format!("?access_token={KEY}");
    let wrong = format!("Bearer {KEY}x");
    for (row, authorization, query, challenge) in [
        ("AUTH-01", None, "", "Bearer realm=\"scim\""),
        (
            "AUTH-02",
            Some("Bearer garbage"),
            "",
            "Bearer realm=\"scim\", error=\"invalid_token\"",
        ),
        (
            "AUTH-02 near",
            Some(wrong.as_str()),
            "",
            "Bearer realm=\"scim\", error=\"invalid_token\"",
        ),
        ("AUTH-06", None, in_query.as_str(), "Bearer realm=\"scim\""),
        ("empty", Some("Bearer "), "", "Bearer realm=\"scim\""),
    ] {
        let answer = users(&team, authorization, query);
        refused(row, &answer, 401, "");
        assert_eq!(
            header(&answer, "www-authenticate"),
            Some(challenge),
            "{row}"
        );
        assert_eq!(
            text(answer.body(), "/detail"),
            "Unable to access the team. Check if you have entered a valid API key.",
            "{row}"
        );
        assert!(!answer.body().to_string().contains(KEY), "AUTH-15");
    }
    for (row, value) in [
        ("AUTH-05", format!("bearer {KEY}")),
        ("bare key", KEY.to_owned()),
    ] {
        assert_eq!(users(&team, Some(&value), "").status(), 200, "{row}");
    }
    let (status, _) = team.raw(
        format!(
            "GET /scim/v2/Users HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
             Authorization: Bearer {KEY}\r\nAuthorization: Bearer {KEY}\r\n\r\n"
        )
        .as_bytes(),
    );
    assert_eq!(status, 401, "AUTH-07");
    let log = team.log();
    assert!(!log.contains(KEY) && !log.contains("garbage"), "AUTH-15");
}

#[test]
fn nothing_but_the_configuration_is_told_to_strangers() {
    let team = Team::new();
    for (method, path) in [
        ("GET", "/ResourceTypes"),
        ("GET", "/ResourceTypes/User"),
        ("GET", "/Schemas"),
        ("GET", "/Schemas/urn:unknown"),
        ("GET", "/Users/0"),
        ("POST", "/Users"),
        ("PUT", "/Users/0"),
        ("PATCH", "/Users/0"),
        ("DELETE", "/Users/0"),
        ("GET", "/Groups"),
        ("POST", "/Groups"),
        ("PUT", "/Groups/0"),
        ("PATCH", "/Groups/0"),
        ("DELETE", "/Groups/0"),
        ("GET", "/Me"),
        ("POST", "/Bulk"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/scim/v2{path}", team.server.url));
        // The body is not JSON: who is calling is judged first.
        let body = if matches!(method, "GET" | "DELETE") {
            ""
        } else {
            "{"
        };
        let answer = team.server.send(request, body.into()).unwrap();
        refused(&format!("{method} {path}"), &answer, 401, "");
    }
}

#[test]
fn a_revoked_or_expired_key_and_a_team_with_scim_off_are_refused() {
    let team = Team::new();
    team.user(&named("kept@example.com"));
    let root = team.root();
    drop(team.server);

    let edit = |change: fn(&scimlab::store::Write<'_>) -> Result<(), Error>| {
        let store = Store::open(&Options::new(root.join("data"))).unwrap();
        store.write(change).unwrap();
    };
    let ask = |method: &str, body: &Value| {
        let server = Server::start_with(&root, &[]);
        let answer = server.call(method, "/Users", body);
        (answer, server)
    };
    edit(|tx| {
        let mut team = teams::first(tx)?.unwrap();
        team.scim_enabled = false;
        Ok(teams::put(tx, &team)?)
    });
    for (method, body) in [("GET", Value::Null), ("POST", named("new@example.com"))] {
        let (answer, _server) = ask(method, &body);
        refused("AUTH-13", &answer, 403, "");
        assert!(
            text(answer.body(), "/detail").starts_with("SCIM provisioning is turned off"),
            "AUTH-13: {}",
            answer.body()
        );
    }
    edit(|tx| {
        let mut team = teams::first(tx)?.unwrap();
        team.scim_enabled = true;
        Ok(teams::put(tx, &team)?)
    });
    let (answer, server) = ask("GET", &Value::Null);
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.body()["totalResults"], 1, "AUTH-13: nothing written");
    drop(server);
    edit(|tx| {
        let (team, mut key) = keys::find_active(tx, &Plain::new(KEY).digest())?.unwrap();
        key.expires = Some(Timestamp::from_millis(1));
        Ok(keys::put(tx, team, &key)?)
    });
    let (answer, server) = ask("GET", &Value::Null);
    refused("expired", &answer, 401, "");
    drop(server);
    edit(|tx| {
        let (team, mut key) = keys::find_active(tx, &Plain::new(KEY).digest())?.unwrap();
        key.expires = None;
        key.status = KeyStatus::Revoked;
        key.revoked = Some(Timestamp::from_millis(0));
        Ok(keys::put(tx, team, &key)?)
    });
    let (answer, _server) = ask("GET", &Value::Null);
    refused("AUTH-03", &answer, 401, "");
}
