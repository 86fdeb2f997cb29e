//! `/audit/logs` and `/audit-actions`: Postman's shape of the team's record, for a personal API key.

use scimlab::clock::Timestamp;
use scimlab::error::Error;
use scimlab::provider::{accounts, api_keys};
use scimlab::secret::Plain;
use scimlab::store::{self, Options, Store, users};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};
use crate::team::{header, named, ops};

const EMAIL: &str = "ada@example.com";
const START: [(&str, &str); 3] = [
    ("SCIMLAB_SCIM_KEY", KEY),
    ("SCIMLAB_ADMIN_EMAIL", EMAIL),
    ("SCIMLAB_ADMIN_PASSWORD", "correct horse battery"),
];

/// A server whose administrator has this key.
struct Api {
    server: Server,
    root: TempDir,
    key: &'static str,
}

fn write<T: Send + 'static>(
    root: &TempDir,
    work: impl FnOnce(&store::Write<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    let store = Store::open(&Options::new(root.path().join("data"))).unwrap();
    store.write(work).unwrap()
}

impl Api {
    fn start() -> Self {
        let root = tempfile::tempdir().unwrap();
        drop(Server::start_with(root.path(), &START));
        let key = "scimlab_api_of_these_tests";
        write(&root, move |tx| {
            let account = store::accounts::find_by_name(tx, EMAIL)?.unwrap();
            let (_, member, _) = accounts::signed_in(tx, account.seq, None)?;
            let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
            api_keys::create(tx, &member, "Reader", &Plain::new(key), None, now)
        });
        let server = Server::start_with(root.path(), &START);
        Self { server, root, key }
    }

    fn ask(&self, path: &str, key: Option<&str>) -> Response<Value> {
        let mut request = Request::get(format!("{}{path}", self.server.url));
        if let Some(key) = key {
            request = request.header("x-api-key", key);
        }
        self.server.send(request, Vec::new()).unwrap()
    }

    fn get(&self, path: &str) -> Value {
        let answer = self.ask(path, Some(self.key));
        assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
        assert_eq!(header(&answer, "cache-control"), Some("no-store"));
        answer.into_body()
    }

    fn refused(&self, path: &str, status: u16, name: &str, message: &str) {
        let answer = self.ask(path, Some(self.key));
        assert_eq!(answer.status(), status, "{path}");
        let error = json!({ "error": { "name": name, "message": message } });
        assert_eq!(answer.body(), &error, "{path}");
    }
}

#[test]
fn an_event_has_postmans_shape() {
    let api = Api::start();
    let made = api.server.call("POST", "/Users", &named("bob@example.com"));
    let id = made.body()["id"].as_str().unwrap().to_owned();
    let request_id = header(&made, "x-request-id").unwrap().to_owned();
    let body = api.get("/audit/logs?action=team.scim_add_member");
    let trails = body["trails"].as_array().unwrap();
    assert_eq!((trails.len(), &body["nextCursor"]), (1, &Value::Null));
    let event = &trails[0];
    assert!(event["id"].is_u64());
    assert_eq!(event["ip"], "127.0.0.1");
    assert!(event["userAgent"].as_str().unwrap().starts_with("ureq/"));
    assert_eq!(
        event["message"],
        "Preset 1 provisioned bob@example.com by SCIM."
    );
    let timestamp = event["timestamp"].as_str().unwrap();
    assert!(timestamp.ends_with('Z') && timestamp.len() == "2022-08-31T15:19:32.000Z".len());
    let data = &event["data"];
    assert_eq!(data["actor"]["name"], "Preset 1");
    assert_eq!(data["actor"]["active"], true);
    assert_eq!(data["user"]["email"], "bob@example.com");
    assert_eq!(data["team"], json!({ "name": "Team", "id": 1 }));
    assert_eq!(data["variables"]["target"], json!(id));
    assert_eq!(data["variables"]["requestId"], json!(request_id));
    assert_eq!(data["variables"]["keyName"], "Preset 1");
    assert!(
        data["variables"]["attributes"]
            .as_array()
            .unwrap()
            .contains(&json!("userName"))
    );
    // What a person did in no other person's name.
    let body = api.get("/audit/logs?action=user.apikey_activate");
    let data = &body["trails"][0]["data"];
    for key in ["name", "username", "email", "id"] {
        assert_eq!(data["actor"][key], data["user"][key], "{key}");
    }
    assert_eq!(data["actor"]["email"], EMAIL);
    let by_user = api.get(&format!("/audit/logs?userId={}", data["actor"]["id"]));
    assert!(!by_user["trails"].as_array().unwrap().is_empty());
}

#[test]
fn pages_are_followed_by_cursor_in_both_orders() {
    let api = Api::start();
    for n in 0..7 {
        api.server
            .call("POST", "/Users", &named(&format!("u{n}@example.com")));
    }
    let all = |order: &str| {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let body = api.get(&format!(
                "/audit/logs?action=team.scim_add_member&limit=3&orderBy={order}{cursor}"
            ));
            let trails = body["trails"].as_array().unwrap();
            assert!(trails.len() <= 3);
            ids.extend(trails.iter().map(|event| event["id"].as_u64().unwrap()));
            match body["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    };
    let (newest, mut oldest) = (all("desc"), all("asc"));
    assert_eq!(newest.len(), 7);
    assert!(newest.is_sorted_by(|a, b| a > b));
    oldest.reverse();
    assert_eq!(newest, oldest);
    let none = api.get("/audit/logs?since=2001-01-01&until=2001-12-31");
    assert_eq!(none["trails"], json!([]));
    assert_eq!(
        api.get("/audit/logs?action=user.login")["trails"],
        json!([])
    );
}

#[test]
fn what_cannot_be_understood_is_refused_in_postmans_shape() {
    let api = Api::start();
    api.refused(
        "/audit/logs?action=login",
        400,
        "InvalidAuditAction",
        "Invalid audit action format. Expected format: prefix.action_name (e.g., user.login).",
    );
    api.refused(
        "/audit/logs?limit=301",
        400,
        "InvalidParameter",
        "The parameter limit is a number from 1 to 300.",
    );
    for path in ["/audit/logs", "/audit-actions"] {
        for key in [None, Some("scimlab_api_wrong"), Some(KEY), Some("")] {
            let answer = api.ask(path, key);
            assert_eq!(answer.status(), 401, "{path} {key:?}");
            assert_eq!(answer.body()["error"]["name"], "AuthenticationError");
            assert_eq!(
                answer.body()["error"]["message"],
                "Invalid API Key. Every request requires a valid API Key to be sent."
            );
        }
        let request =
            Request::post(format!("{}{path}", api.server.url)).header("x-api-key", api.key);
        let answer = api.server.send(request, b"{}".to_vec()).unwrap();
        assert_eq!(answer.status(), 405, "{path}");
        assert_eq!(answer.body()["error"]["name"], "MethodNotAllowed");
    }
}

#[test]
fn the_list_of_actions_has_every_event_there_is() {
    let api = Api::start();
    let body = api.get("/audit-actions");
    let actions = body["data"].as_array().unwrap();
    let named = |slug: &str| {
        let action = actions.iter().find(|action| action["name"] == slug);
        action.unwrap_or_else(|| panic!("no {slug}"))["displayName"].clone()
    };
    assert_eq!(named("team.scim_add_member"), "SCIM User Provisioned");
    assert_eq!(named("team.send_invite"), "Sent Invite");
    assert_eq!(named("user.logout"), "User Logout");
    let trails = api.get("/audit/logs?limit=300");
    for event in trails["trails"].as_array().unwrap() {
        named(event["action"].as_str().unwrap());
    }
}

#[test]
fn a_key_does_what_its_owner_may_at_that_moment() {
    let Api { server, root, key } = Api::start();
    drop(server);
    write(&root, |tx| {
        let mut account = store::accounts::find_by_name(tx, EMAIL)?.unwrap();
        account.operator = false;
        store::accounts::put(tx, &account)?;
        let mut user = users::find_by_user_name(tx, scimlab::id::Seq(1), EMAIL)?.unwrap();
        user.roles = scimlab::model::Role::by_default();
        Ok(users::put(tx, scimlab::id::Seq(1), &user)?)
    });
    let server = Server::start_with(root.path(), &[("SCIMLAB_SCIM_KEY", KEY)]);
    let api = Api { server, root, key };
    for path in ["/audit/logs", "/audit-actions"] {
        api.refused(
            path,
            403,
            "ForbiddenRequest",
            "You do not have permissions to view audit actions",
        );
    }
    // Whoever is deactivated has no key any more either.
    let found = api.server.call(
        "GET",
        "/Users?filter=userName%20eq%20%22ada@example.com%22",
        &Value::Null,
    );
    let id = found.body()["Resources"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let off = ops(json!([{ "op": "replace", "path": "active", "value": false }]));
    let answer = api.server.call("PATCH", &format!("/Users/{id}"), &off);
    assert!(answer.status().is_success(), "{}", answer.body());
    assert_eq!(api.ask("/audit/logs", Some(api.key)).status(), 403);
}
