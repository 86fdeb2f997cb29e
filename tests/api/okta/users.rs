//! `/users` (parts 2.8, 7.2 and 7.3).

use serde_json::{Value, json};

use super::{Okta, TOKEN, links, person};

/// 7.3: the shape of a user.
#[test]
fn a_user_has_oktas_shape_and_links_that_depend_on_the_status() {
    let okta = Okta::start();
    let made = okta.post("/users?activate=false", &person("Ann"));
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("00u") && id.len() == 20);
    assert_eq!(made["status"], "STAGED");
    assert_eq!(
        (&made["activated"], &made["lastLogin"]),
        (&Value::Null, &Value::Null)
    );
    assert!(made["type"]["id"].as_str().unwrap().starts_with("oty"));
    assert_eq!(
        made["profile"],
        json!({
            "firstName": "Ann", "lastName": "Doe", "mobilePhone": null, "secondEmail": null,
            "login": "ann@x.test", "email": "ann@x.test",
        })
    );
    assert_eq!(
        made["credentials"],
        json!({ "password": {}, "provider": { "type": "OKTA", "name": "OKTA" } })
    );
    let names = |user: &Value| {
        let mut names: Vec<String> = user["_links"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names(&made),
        ["activate", "deactivate", "schema", "self", "type"]
    );
    okta.post(&format!("/users/{id}/lifecycle/activate"), &Value::Null);
    let by_login = okta.get("/users/ann@x.test");
    assert_eq!(by_login["id"], id);
    assert_eq!(by_login["status"], "ACTIVE");
    assert_eq!(
        names(&by_login),
        [
            "deactivate",
            "expirePassword",
            "resetPassword",
            "schema",
            "self",
            "suspend",
            "type"
        ]
    );
    okta.post(&format!("/users/{id}/lifecycle/deactivate"), &Value::Null);
    assert_eq!(
        names(&okta.get(&format!("/users/{id}"))),
        ["activate", "delete", "schema", "self", "type"]
    );
    let answer = okta.ask(
        "GET",
        &format!("/users/{id}"),
        Some(&format!("SSWS {TOKEN}")),
        &Value::Null,
    );
    assert!(
        answer.headers()["etag"]
            .to_str()
            .unwrap()
            .starts_with("W/\"")
    );
}

/// 7.2: POST is partial, PUT is strict.
#[test]
fn a_post_changes_a_part_and_a_put_everything() {
    let okta = Okta::start();
    let id = okta.person("Ann");
    let path = format!("/users/{id}");
    okta.post(&path, &json!({ "profile": { "title": "Engineer" } }));
    assert_eq!(okta.get(&path)["profile"]["title"], "Engineer");
    let whole = json!({ "profile": person("Ann")["profile"] });
    okta.call("PUT", &path, &whole, 200);
    assert_eq!(okta.get(&path)["profile"].get("title"), None);
    let part = json!({ "profile": { "firstName": "Anna" } });
    let refused = okta.call("PUT", &path, &part, 400);
    assert_eq!(refused["errorCode"], "E0000001");
    assert_eq!(refused["errorCauses"].as_array().unwrap().len(), 3);
}

/// 7.1: E0000001 with the recorded causes.
#[test]
fn what_breaks_a_rule_is_told_with_its_cause() {
    let okta = Okta::start();
    okta.person("Ann");
    let refused = okta.call("POST", "/users", &person("Ann"), 400);
    assert_eq!(refused["errorSummary"], "Api validation failed: login");
    assert_eq!(
        refused["errorCauses"][0]["errorSummary"],
        "login: An object with this field already exists in the current organization"
    );
    let mut odd = person("Bob");
    odd["profile"]["notValid"] = json!("x");
    let refused = okta.call("POST", "/users", &odd, 400);
    assert_eq!(refused["errorSummary"], "Api validation failed: newUser");
    assert_eq!(
        refused["errorCauses"][0]["errorSummary"],
        "Property name 'notValid' is not defined in profile"
    );
    let gone = okta.call("GET", "/users/00uNOBODY00000000000", &Value::Null, 404);
    assert_eq!(
        gone["errorSummary"],
        "Not found: Resource not found: 00uNOBODY00000000000 (User)"
    );
}

/// 2.8 and 7.2: the operations of the lifecycle, and the statuses from which they are refused.
#[test]
fn the_lifecycle_is_driven_by_calls() {
    let okta = Okta::start();
    let id = okta.person("Ann");
    let go = |operation: &str, status: u16| {
        okta.call(
            "POST",
            &format!("/users/{id}/lifecycle/{operation}"),
            &Value::Null,
            status,
        )
    };
    let now = || okta.get(&format!("/users/{id}"))["status"].clone();
    assert_eq!(go("activate", 403)["errorCode"], "E0000016");
    assert_eq!(go("unsuspend", 400)["errorCode"], "E0000001");
    assert_eq!(go("unlock", 403)["errorCode"], "E0000032");
    go("suspend", 200);
    assert_eq!(now(), "SUSPENDED");
    assert_eq!(
        go("suspend", 400)["errorSummary"],
        "Api validation failed: suspend"
    );
    go("unsuspend", 200);
    go("expire_password", 200);
    assert_eq!(now(), "PASSWORD_EXPIRED");
    okta.post(
        &format!("/users/{id}/credentials/change_password"),
        &json!({ "oldPassword": { "value": "Kv7J2LEa" }, "newPassword": { "value": "Kv7J2LEb" } }),
    );
    assert_eq!(now(), "ACTIVE");
    let wrong = okta.call(
        "POST",
        &format!("/users/{id}/credentials/change_password"),
        &json!({ "oldPassword": { "value": "Kv7J2LEa" }, "newPassword": { "value": "x" } }),
        400,
    );
    assert_eq!(wrong["errorCode"], "E0000001");
    go("reset_password", 200);
    assert_eq!(now(), "RECOVERY");
    go("reactivate", 200);
    go("lock", 404);
    okta.call("DELETE", &format!("/users/{id}"), &Value::Null, 204);
    assert_eq!(now(), "DEPROVISIONED");
    okta.call("DELETE", &format!("/users/{id}"), &Value::Null, 204);
    okta.call("GET", &format!("/users/{id}"), &Value::Null, 404);
}

/// 7.1 and 7.2: pages, `q`, `filter`; "plain list omits DEPROVISIONED".
#[test]
fn people_are_listed_by_pages_and_searched() {
    let okta = Okta::start();
    let ids: Vec<String> = ["Ann", "Bob", "Eve", "Dan"]
        .iter()
        .map(|name| okta.person(name))
        .collect();
    okta.call("DELETE", &format!("/users/{}", ids[1]), &Value::Null, 204);
    let listed = |path: &str| {
        let users = okta.get(path);
        let names: Vec<String> = users
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["profile"]["firstName"].as_str().unwrap().to_owned())
            .collect();
        names
    };
    assert_eq!(listed("/users"), ["Ann", "Eve", "Dan"]);
    assert_eq!(listed("/users?q=e"), ["Eve"]);
    assert_eq!(
        listed("/users?filter=status%20eq%20%22DEPROVISIONED%22"),
        ["Bob"]
    );
    assert_eq!(
        listed("/users?filter=profile.login%20eq%20%22EVE@x.test%22"),
        ["Eve"]
    );
    assert_eq!(
        listed("/users?search=profile.firstName%20sw%20%22d%22"),
        ["Dan"]
    );
    okta.call("GET", "/users?filter=status", &Value::Null, 400);
    okta.call("GET", "/users?limit=0", &Value::Null, 400);
    okta.call("GET", "/users?after=x", &Value::Null, 400);

    let ssws = format!("SSWS {TOKEN}");
    let first = okta.ask("GET", "/users?limit=2", Some(&ssws), &Value::Null);
    assert_eq!(first.body().as_array().unwrap().len(), 2);
    let found = links(&first);
    assert_eq!(found[0].0, "self");
    assert_eq!(found[1].0, "next");
    let (_, path) = found[1].1.split_once("/okta/api/v1").unwrap();
    assert_eq!(listed(path), ["Dan"]);
    let last = okta.ask("GET", path, Some(&ssws), &Value::Null);
    assert_eq!(links(&last).len(), 1, "the last page has no next one");
}

/// 7.2: "`me` too". The token was preset: nobody of the org made it.
#[test]
fn me_is_whoever_made_the_token() {
    let okta = Okta::start();
    let me = okta.get("/users/me");
    assert_eq!(
        (&me["status"], &me["profile"]["login"]),
        (&json!("ACTIVE"), &json!("command line"))
    );
    okta.person("Ann");
    let event = okta.get("/logs?filter=eventType%20eq%20%22user.lifecycle.create%22")[0].clone();
    assert_eq!(event["actor"]["id"], me["id"]);
    okta.call(
        "POST",
        "/users/me",
        &json!({ "profile": { "title": "x" } }),
        404,
    );
}
