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

/// 2.4: what *To Okta* says as an object; the other spelling of `usernameFormat` counts; 6: the Postman app has none.
#[test]
fn to_okta_is_an_object() {
    let okta = Okta::start();
    let app = okta.app("scim2headerauth");
    let features = okta.get(&format!("/apps/{app}"))["features"].to_string();
    assert!(features.contains("IMPORT_NEW_USERS"), "{features}");
    let path = format!("/apps/{app}/features/INBOUND_PROVISIONING");
    let fresh = okta.get(&path);
    assert_eq!(
        fresh["capabilities"],
        json!({
            "importSettings": {
                "username": { "usernameFormat": "EMAIL", "userNameExpression": null },
                "schedule": { "status": "DISABLED" },
            },
            "importRules": { "userCreateAndMatch": {
                "exactMatchCriteria": "EMAIL", "allowPartialMatch": false,
                "autoConfirmPartialMatch": false, "autoConfirmExactMatch": false,
                "autoConfirmNewUsers": false, "autoActivateNewUsers": false,
            } },
        })
    );
    let wanted = json!({
        "importSettings": {
            "username": { "userNameFormat": "CUSTOM", "userNameExpression": "appuser.userName" },
            "schedule": {
                "status": "ENABLED",
                "fullImport": { "expression": "0 0 * * 0", "timezone": "America/New_York" },
                "incrementalImport": { "expression": "0 */3 * * *", "timezone": "America/New_York" },
            },
        },
        "importRules": { "userCreateAndMatch": {
            "exactMatchCriteria": "USERNAME", "allowPartialMatch": true, "autoConfirmNewUsers": true,
        } },
    });
    let saved = okta.call("PUT", &path, &wanted, 200)["capabilities"].clone();
    let settings = &saved["importSettings"];
    assert_eq!(settings["username"]["usernameFormat"], "CUSTOM");
    assert_eq!(settings["schedule"], wanted["importSettings"]["schedule"]);
    let rules = &saved["importRules"]["userCreateAndMatch"];
    assert_eq!(rules["exactMatchCriteria"], "USERNAME");
    assert_eq!(rules["autoConfirmNewUsers"], true);
    assert_eq!(rules["autoConfirmExactMatch"], false);
    assert_eq!(okta.get(&path)["capabilities"], saved);
    for bad in [
        json!({ "importSettings": { "username": { "usernameFormat": "LOGIN" } } }),
        json!({ "importSettings": { "schedule": { "status": "ON" } } }),
        json!({ "importSettings": { "schedule": { "fullImport": { "expression": "daily" } } } }),
        json!({ "importRules": { "userCreateAndMatch": { "exactMatchCriteria": "NAME" } } }),
        json!({ "importRules": { "userCreateAndMatch": { "allowPartialMatch": "yes" } } }),
    ] {
        okta.call("PUT", &path, &bad, 400);
    }
    let off = json!({ "importSettings": { "schedule": { "status": "DISABLED" } } });
    let saved = okta.call("PUT", &path, &off, 200);
    let schedule = &saved["capabilities"]["importSettings"]["schedule"];
    assert_eq!(*schedule, json!({ "status": "DISABLED" }));
    assert_eq!(
        okta.get(&format!("/apps/{app}/features"))[1]["name"],
        "INBOUND_PROVISIONING"
    );
    let postman = okta.app("postman");
    let path = format!("/apps/{postman}/features/INBOUND_PROVISIONING");
    okta.call("GET", &path, &Value::Null, 404);
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
