//! `/apps` (parts 2.4, 7.2 and 7.3).

use serde_json::{Value, json};

use super::Okta;

#[test]
fn an_app_is_made_from_a_template_and_deleted_when_inactive() {
    let okta = Okta::start();
    let made = okta.post("/apps", &json!({ "name": "postman", "label": "Postman" }));
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("0oa"));
    assert_eq!(
        (&made["name"], &made["status"]),
        (&json!("postman"), &json!("ACTIVE"))
    );
    assert_eq!(made["features"], json!([]));
    assert_eq!(
        made["credentials"]["userNameTemplate"]["template"],
        "${source.login}"
    );
    let refused = okta.call("POST", "/apps", &json!({ "name": "nothing" }), 400);
    assert_eq!(refused["errorCode"], "E0000001");
    let changed = json!({
        "label": "Team",
        "credentials": { "userNameTemplate": { "template": "${source.email}", "type": "BUILT_IN" } },
    });
    let saved = okta.call("PUT", &format!("/apps/{id}"), &changed, 200);
    assert_eq!(saved["label"], "Team");
    assert_eq!(
        saved["credentials"]["userNameTemplate"]["template"],
        "${source.email}"
    );
    assert_eq!(okta.get("/apps?q=te")[0]["id"], id);

    okta.call("DELETE", &format!("/apps/{id}"), &Value::Null, 400);
    okta.post(&format!("/apps/{id}/lifecycle/deactivate"), &Value::Null);
    assert_eq!(okta.get(&format!("/apps/{id}"))["status"], "INACTIVE");
    okta.call("DELETE", &format!("/apps/{id}"), &Value::Null, 204);
    okta.call("GET", &format!("/apps/{id}"), &Value::Null, 404);
    assert_eq!(okta.get("/apps"), json!([]));
}

/// 2.4 and 6: features follow the toggles; the Postman app has no group push and no passwords.
#[test]
fn the_provisioning_tab_is_an_object() {
    let okta = Okta::start();
    let app = okta.app("postman");
    let features = okta.get(&format!("/apps/{app}"))["features"].clone();
    assert_eq!(
        features,
        json!([
            "PUSH_NEW_USERS",
            "PUSH_PROFILE_UPDATES",
            "PUSH_USER_DEACTIVATION",
            "REACTIVATE_USERS",
            "SCIM_PROVISIONING",
        ])
    );
    let path = format!("/apps/{app}/features/USER_PROVISIONING");
    let off = json!({ "update": { "profile": { "status": "DISABLED" } } });
    let saved = okta.call("PUT", &path, &off, 200);
    assert_eq!(
        saved["capabilities"]["update"]["profile"]["status"],
        "DISABLED"
    );
    assert_eq!(
        saved["capabilities"]["create"]["lifecycleCreate"]["status"],
        "ENABLED"
    );
    let password = json!({ "update": { "password": { "status": "ENABLED" } } });
    okta.call("PUT", &path, &password, 400);
    okta.call(
        "GET",
        &format!("/apps/{app}/features/NOTHING"),
        &Value::Null,
        404,
    );
    assert_eq!(
        okta.get(&format!("/apps/{app}/features"))[0]["name"],
        "USER_PROVISIONING"
    );

    let connection = format!("/apps/{app}/connections/default");
    assert_eq!(okta.get(&connection)["status"], "ENABLED");
    let shown = okta.get(&connection).to_string();
    assert!(!shown.contains("key-of"), "the token is not told: {shown}");
    okta.call(
        "POST",
        &format!("{connection}/lifecycle/deactivate"),
        &Value::Null,
        204,
    );
    assert_eq!(okta.get(&connection)["status"], "DISABLED");
    let bad = json!({ "baseUrl": "http://elsewhere.test/scim" });
    okta.call("POST", &connection, &bad, 400);
}

/// 7.3: app users, and 7.1: E0000075.
#[test]
fn an_app_user_has_oktas_shape_and_keeps_mapped_attributes() {
    let okta = Okta::start();
    let app = okta.app("postman");
    let ann = okta.person("Ann");
    let assigned = okta.post(&format!("/apps/{app}/users"), &json!({ "id": ann }));
    assert_eq!(assigned["id"], ann.as_str());
    assert_eq!(assigned["externalId"], Value::Null);
    assert_eq!(
        (&assigned["status"], &assigned["syncState"]),
        (&json!("STAGED"), &json!("OUT_OF_SYNC"))
    );
    assert_eq!(assigned["credentials"], json!({ "userName": "ann@x.test" }));
    let path = format!("/apps/{app}/users/{ann}");
    okta.until("the account is made", |okta| {
        okta.get(&path)["status"] == "PROVISIONED"
    });
    assert!(okta.get(&path)["externalId"].is_string());
    let refused = okta.call(
        "POST",
        &path,
        &json!({ "profile": { "givenName": "X" } }),
        403,
    );
    assert_eq!(refused["errorCode"], "E0000075");
    let links = okta.get(&format!("/users/{ann}/appLinks"));
    assert_eq!(links[0]["appInstanceId"], app.as_str());
    assert_eq!(
        okta.get(&format!("/apps/{app}/users"))[0]["id"],
        ann.as_str()
    );
    okta.call("POST", &format!("/apps/{app}/users"), &json!({}), 400);
    let nobody = json!({ "id": "00uNOBODY00000000000" });
    okta.call("POST", &format!("/apps/{app}/users"), &nobody, 404);
}
