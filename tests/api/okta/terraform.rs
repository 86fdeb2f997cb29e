//! What Terraform's provider for Okta asks, resource by resource, and what it reads back (parts 7.2 and 7.3). The calls
//! are those of the provider's own recordings: a resource is written, read until it is there, compared, changed, read
//! again, destroyed. Whatever is read back as it was not written is planned again and again.

use serde_json::{Value, json};
use ureq::http::Request;

use super::{Okta, TOKEN, person};

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

/// Everything that `written` says is read back.
fn same(read: &Value, written: &Value) {
    match written {
        Value::Object(members) => {
            for (name, value) in members {
                same(&read[name], value);
            }
        }
        value => assert_eq!(read, value, "{read} is read, {written} was written"),
    }
}

/// `okta_user`: profile and type by PUT, the password by a PUT of credentials alone, the recovery question by its call.
#[test]
fn okta_user() {
    let okta = Okta::start();
    let profile = json!({
        "email": "ann@x.test", "firstName": "Ann", "lastName": "Doe", "login": "ann@x.test",
        "department": "Engineering", "postalAddress": null,
    });
    let made = okta.post(
        "/users",
        &json!({
            "credentials": {
                "password": { "value": "Abcd1234" },
                "recovery_question": { "answer": "Forty Two", "question": "What is it?" },
            },
            "profile": profile,
        }),
    );
    let user = format!("/users/{}", id(&made));
    assert_eq!(okta.get(&user), made);
    assert_eq!(made["status"], "ACTIVE");
    same(&made["profile"], &json!({ "department": "Engineering" }));
    assert_eq!(made["profile"].get("postalAddress"), None);

    let changed = json!({
        "profile": { "email": "ann@x.test", "firstName": "Ann", "lastName": "Smith", "login": "ann@x.test",
            "postalAddress": null },
        "type": { "id": made["type"]["id"] },
    });
    okta.call("PUT", &user, &changed, 200);
    let read = okta.get(&user);
    same(
        &read,
        &json!({ "profile": { "lastName": "Smith" }, "type": made["type"] }),
    );
    assert_eq!(read["profile"].get("department"), None, "a PUT clears");
    let other = json!({ "profile": changed["profile"], "type": { "id": "otyNOTHING" } });
    okta.call("PUT", &user, &other, 404);

    let password = json!({ "credentials": { "password": { "value": "SuperSecret007" } } });
    okta.call("PUT", &user, &password, 200);
    assert_eq!(
        okta.get(&user)["profile"],
        read["profile"],
        "nothing else changes"
    );
    let question = |password: &str, status| {
        let body = json!({
            "password": { "value": password },
            "recovery_question": { "answer": "Asterisk", "question": "Which symbol?" },
        });
        let path = format!("{user}/credentials/change_recovery_question");
        okta.call("POST", &path, &body, status)
    };
    assert_eq!(question("Abcd1234", 400)["errorCode"], "E0000001");
    assert_eq!(
        question("SuperSecret007", 200),
        json!({
            "password": {}, "recovery_question": { "question": "Which symbol?" },
            "provider": { "type": "OKTA", "name": "OKTA" },
        })
    );
    let hash =
        json!({ "credentials": { "password": { "hash": { "algorithm": "MD5", "value": "x" } } } });
    okta.call("PUT", &user, &hash, 400);
    okta.call("PUT", &user, &json!({}), 400);

    for (operation, status) in [
        ("suspend", "SUSPENDED"),
        ("unsuspend", "ACTIVE"),
        ("deactivate", "DEPROVISIONED"),
        ("activate", "ACTIVE"),
    ] {
        okta.post(&format!("{user}/lifecycle/{operation}"), &Value::Null);
        let read = okta.get(&user);
        assert_eq!(read["status"], status);
        assert_eq!(read.get("transitioningToStatus"), None);
    }
    for _ in 0..2 {
        okta.call("DELETE", &user, &Value::Null, 204);
    }
    okta.call("GET", &user, &Value::Null, 404);
}

/// `okta_group`.
#[test]
fn okta_group() {
    let okta = Okta::start();
    let written = json!({ "profile": { "name": "Engineers", "description": "who build" } });
    let group = format!("/groups/{}", id(&okta.post("/groups", &written)));
    same(&okta.get(&group), &written);
    let written = json!({ "profile": { "name": "Builders", "description": "" } });
    okta.call("PUT", &group, &written, 200);
    same(&okta.get(&group), &written);
    okta.call("DELETE", &group, &Value::Null, 204);
    okta.call("GET", &group, &Value::Null, 404);
}

/// `okta_app_auto_login`: what has no effect here is read back as it was written, without the password.
#[test]
fn okta_app_auto_login() {
    let okta = Okta::start();
    let mut written = json!({
        "accessibility": { "selfService": false },
        "credentials": {
            "userNameTemplate": { "template": "user.firstName", "type": "CUSTOM" },
            "revealPassword": true, "scheme": "EDIT_USERNAME_AND_PASSWORD", "userName": "",
        },
        "label": "Auto",
        "settings": {
            "app": {}, "notes": { "admin": "admin note", "enduser": "enduser note" },
            "signOn": { "loginUrl": "https://example.com/login.html", "redirectUrl": "https://example.com" },
        },
        "signOnMode": "AUTO_LOGIN",
        "visibility": { "autoSubmitToolbar": false, "hide": { "iOS": false, "web": true } },
    });
    let mut body = written.clone();
    body["credentials"]["password"] = json!({});
    let made = okta.post("/apps?activate=true", &body);
    let app = format!("/apps/{}", id(&made));
    assert_eq!(okta.get(&app), made);
    same(&made, &written);
    same(
        &made,
        &json!({ "accessibility": { "errorRedirectUrl": null }, "features": [] }),
    );

    okta.post(&format!("{app}/lifecycle/deactivate"), &Value::Null);
    okta.post(&format!("{app}/lifecycle/activate"), &Value::Null);
    written["credentials"] = json!({
        "userNameTemplate": { "template": "user.firstName", "type": "CUSTOM", "pushStatus": "PUSH" },
        "revealPassword": false, "scheme": "SHARED_USERNAME_AND_PASSWORD", "userName": "sharedusername",
    });
    written["settings"]["notes"] = json!({ "admin": null, "enduser": "updated" });
    let mut body = written.clone();
    body["credentials"]["password"] = json!({ "value": "sharedpassword" });
    okta.call("PUT", &app, &body, 200);
    let read = okta.get(&app);
    same(&read, &written);
    assert!(!read.to_string().contains("sharedpassword"));
    let mut long = written.clone();
    long["settings"]["notes"]["admin"] = "x".repeat(70_000).into();
    okta.call("PUT", &app, &long, 400);

    okta.post(&format!("{app}/lifecycle/deactivate"), &Value::Null);
    okta.call("DELETE", &app, &Value::Null, 204);
    okta.call("GET", &app, &Value::Null, 404);
}

/// `okta_app_saml`: the provider asks which engine the org has, and for keys, of which there are none.
#[test]
fn okta_app_saml() {
    let okta = Okta::start();
    let written = json!({
        "accessibility": { "selfService": false },
        "credentials": { "userNameTemplate": { "template": "${source.login}", "type": "BUILT_IN" } },
        "label": "SAML",
        "settings": {
            "app": {}, "implicitAssignment": false, "notes": { "admin": null, "enduser": null },
            "signOn": {
                "acsEndpoints": [{ "index": 0, "url": "https://example.com" }], "allowMultipleAcsEndpoints": true,
                "assertionSigned": true, "attributeStatements": [{ "name": "One", "type": "EXPRESSION", "values": ["v"] }],
                "audience": "http://audience.com", "responseSigned": true, "slo": { "enabled": false },
                "ssoAcsUrl": "http://google.com", "subjectNameIdTemplate": "${source.login}",
            },
        },
        "signOnMode": "SAML_2_0",
        "visibility": { "autoSubmitToolbar": false, "hide": { "iOS": false, "web": false } },
    });
    let made = okta.post("/apps?activate=true", &written);
    let beside = |token: Option<&str>| {
        let address = format!("{}/okta/.well-known/okta-organization", okta.server.url);
        let mut request = Request::builder().uri(address);
        if let Some(token) = token {
            request = request.header("Authorization", token);
        }
        okta.server.send(request, Vec::new()).unwrap()
    };
    assert_eq!(beside(None).status(), 401);
    let org = beside(Some(&format!("SSWS {TOKEN}")));
    assert_eq!(org.status(), 200);
    let org = org.into_body();
    assert_eq!(org["pipeline"], "v1");
    assert!(org["id"].as_str().unwrap().starts_with("00o"));
    let address = format!("{}/okta", okta.server.url);
    assert_eq!(org["_links"]["organization"]["href"], address);

    let app = format!("/apps/{}", id(&made));
    let read = okta.get(&app);
    same(&read, &written);
    assert_eq!(
        read["credentials"]["signing"],
        json!({}),
        "no key, no metadata"
    );
    assert_eq!(okta.get(&format!("{app}/credentials/keys")), json!([]));
    okta.call(
        "GET",
        "/apps/0oaNOTHING/credentials/keys",
        &Value::Null,
        404,
    );
}

/// `okta_app_user`: name and profile of an assignment.
#[test]
fn okta_app_user() {
    let okta = Okta::start();
    let app = id(&okta.post(
        "/apps",
        &json!({ "label": "Custom", "signOnMode": "AUTO_LOGIN" }),
    ));
    let ann = okta.person("Ann");
    let users = format!("/apps/{app}/users");
    let written = |name: &str, title: &str| {
        json!({
            "id": ann, "credentials": { "userName": name, "password": {} }, "profile": { "title": title },
        })
    };
    assert_eq!(
        okta.get(&format!("/apps/{app}"))["credentials"].get("scheme"),
        None
    );
    okta.post(&users, &written("ann", "Engineer"));
    let path = format!("{users}/{ann}");
    let read = okta.get(&path);
    same(
        &read,
        &json!({
            "id": ann, "scope": "USER", "credentials": { "userName": "ann" }, "profile": { "title": "Engineer" },
        }),
    );
    okta.post(&path, &written("anna", "Lead"));
    same(
        &okta.get(&path),
        &json!({ "credentials": { "userName": "anna" }, "profile": { "title": "Lead" } }),
    );
    okta.call("DELETE", &path, &Value::Null, 204);
    okta.call("GET", &path, &Value::Null, 404);
}

/// `okta_app_group_assignments`: each by PUT, all read at once.
#[test]
fn okta_app_group_assignments() {
    let okta = Okta::start();
    let app = id(&okta.post(
        "/apps",
        &json!({ "label": "Custom", "signOnMode": "SAML_2_0" }),
    ));
    let (one, two) = (okta.group("One"), okta.group("Two"));
    let groups = format!("/apps/{app}/groups");
    let put = |group: &str, priority: u32, profile: &Value| {
        let written = json!({ "id": group, "priority": priority, "profile": profile });
        let made = okta.call("PUT", &format!("{groups}/{group}"), &written, 200);
        same(&made, &written);
    };
    put(&one, 0, &json!({}));
    put(&two, 1, &json!({ "title": "Engineer" }));
    let read = |expected: &Value| {
        let found = okta.get(&format!("{groups}?limit=200"));
        let found: Vec<Value> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|group| json!([group["id"], group["priority"], group["profile"]]))
            .collect();
        assert_eq!(Value::from(found), *expected);
    };
    read(&json!([[one, 0, {}], [two, 1, { "title": "Engineer" }]]));
    put(&two, 1, &json!({}));
    read(&json!([[one, 0, {}], [two, 1, {}]]));
    okta.call("DELETE", &format!("{groups}/{one}"), &Value::Null, 204);
    read(&json!([[two, 1, {}]]));
    okta.call("DELETE", &format!("{groups}/{two}"), &Value::Null, 204);
    okta.call("DELETE", &format!("{groups}/{two}"), &Value::Null, 404);
    read(&json!([]));
}

/// `okta_profile_mapping`: found by both ends, written by merging, destroyed by nulls.
#[test]
fn okta_profile_mapping() {
    let okta = Okta::start();
    let app = id(&okta.post("/apps", &json!({ "label": "Custom" })));
    let ann = okta.post("/users", &person("Ann"));
    let source = ann["type"]["id"].as_str().unwrap();
    let find = |source: &str, target: &str| {
        okta.get(&format!(
            "/mappings?limit=200&sourceId={source}&targetId={target}"
        ))
    };
    let found = find(source, &app);
    assert_eq!(found.as_array().unwrap().len(), 1);
    same(
        &found[0],
        &json!({
            "source": { "id": source, "name": "user", "type": "user" }, "target": { "id": app, "type": "appuser" },
        }),
    );
    assert_eq!(find(source, "0oaNOTHING"), json!([]));
    let path = format!("/mappings/{}", id(&found[0]));
    let written = json!({ "properties": {
        "title": { "expression": "user.department", "pushStatus": "PUSH" },
        "nickName": { "expression": "user.firstName", "pushStatus": "DONT_PUSH" },
    } });
    okta.post(&path, &written);
    let read = okta.get(&path);
    same(&read, &written);
    let nulls: serde_json::Map<String, Value> = read["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(|name| (name.clone(), Value::Null))
        .collect();
    let mut all = read.clone();
    all["properties"] = nulls.into();
    okta.post(&path, &all);
    assert_eq!(okta.get(&path)["properties"], json!({}));
}

/// `okta_app_user_schema_property`.
#[test]
fn okta_app_user_schema_property() {
    let okta = Okta::start();
    let app = id(&okta.post("/apps", &json!({ "label": "Custom" })));
    let path = format!("/meta/schemas/apps/{app}/default");
    let custom = |property: &Value| {
        json!({ "definitions": { "custom": {
            "id": "#custom", "type": "object", "properties": { "centre": property },
        } } })
    };
    for title in ["Centre", "Cost centre"] {
        let written = json!({
            "title": title, "type": "array", "items": { "type": "string" }, "required": false, "scope": "NONE",
            "externalName": "centres", "externalNamespace": "urn:x:1.0:User", "master": { "type": "PROFILE_MASTER" },
        });
        okta.post(&path, &custom(&written));
        let read = okta.get(&path)["definitions"]["custom"]["properties"]["centre"].clone();
        let mut shown = written.clone();
        // What is not required does not say so.
        shown.as_object_mut().unwrap().remove("required");
        same(&read, &shown);
        assert_eq!(read.get("required"), None);
    }
    okta.post(&path, &custom(&Value::Null));
    assert_eq!(
        okta.get(&path)["definitions"]["custom"]["properties"],
        json!({})
    );
}

/// `okta_group_rule`: made inactive, activated, deactivated while it is changed, destroyed.
#[test]
fn okta_group_rule() {
    let okta = Okta::start();
    let (group, ann) = (okta.group("Everybody A"), okta.person("Ann"));
    let bob = okta.person("Bob");
    let written = |begins: &str, exclude: &Value| {
        json!({
            "actions": { "assignUserToGroups": { "groupIds": [group] } },
            "conditions": {
                "expression": {
                    "type": "urn:okta:expression:1.0",
                    "value": format!("String.startsWith(user.firstName,\"{begins}\")"),
                },
                "people": { "users": { "exclude": exclude } },
            },
            "name": "testAcc", "type": "group_rule",
        })
    };
    let members = || -> Vec<Value> {
        let found = okta.get(&format!("/groups/{group}/users"));
        found
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["id"].clone())
            .collect()
    };
    let made = okta.post("/groups/rules", &written("A", &Value::Null));
    let rule = format!("/groups/rules/{}", id(&made));
    assert!(rule.starts_with("/groups/rules/0pr"));
    same(
        &made,
        &json!({ "status": "INACTIVE", "allGroupsValid": true }),
    );
    same(&made, &written("A", &json!([])));
    assert_eq!(members(), Vec::<Value>::new());
    let switch = |operation: &str| {
        okta.call(
            "POST",
            &format!("{rule}/lifecycle/{operation}"),
            &Value::Null,
            204,
        );
    };
    switch("activate");
    assert_eq!(okta.get(&rule)["status"], "ACTIVE");
    assert_eq!(members(), [json!(ann)]);
    okta.call("PUT", &rule, &written("B", &Value::Null), 400);
    okta.call("DELETE", &rule, &Value::Null, 400);
    switch("deactivate");
    let changed = written("B", &json!([ann]));
    same(&okta.call("PUT", &rule, &changed, 200), &changed);
    switch("activate");
    assert!(members().contains(&json!(bob)));
    same(&okta.get(&rule), &changed);

    assert_eq!(okta.get("/groups/rules?search=ACC")[0]["id"], made["id"]);
    assert_eq!(okta.get("/groups/rules?search=other"), json!([]));
    let second = json!({ "name": "second", "type": "group_rule", "conditions": changed["conditions"],
        "actions": changed["actions"] });
    let second = okta.post("/groups/rules", &second);
    let ssws = format!("SSWS {TOKEN}");
    let page = okta.ask("GET", "/groups/rules?limit=1", Some(&ssws), &Value::Null);
    let next = super::links(&page)[1].1.clone();
    let (_, next) = next.split_once("/okta/api/v1").unwrap();
    assert_eq!(okta.get(next)[0]["id"], second["id"]);
    for wrong in [
        json!({ "type": "other" }),
        json!({ "name": "x" }),
        json!({ "name": "third", "actions": changed["actions"], "conditions": {
            "expression": { "value": "user." } } }),
        json!({ "name": "third", "conditions": { "people": { "groups": { "exclude": [group] } } } }),
        json!({ "name": "testACC", "conditions": changed["conditions"], "actions": changed["actions"] }),
        json!({ "name": [] }),
    ] {
        okta.call("POST", "/groups/rules", &wrong, 400);
    }
    let nowhere = json!({ "name": "third", "conditions": changed["conditions"],
        "actions": { "assignUserToGroups": { "groupIds": ["00gNOTHING"] } } });
    okta.call("POST", "/groups/rules", &nowhere, 400);

    switch("deactivate");
    let gone = okta.call(
        "DELETE",
        &format!("{rule}?removeUsers=true"),
        &Value::Null,
        202,
    );
    assert_eq!(gone, Value::Null);
    okta.call("GET", &rule, &Value::Null, 404);
    assert!(!members().contains(&json!(bob)), "whom it held leave");
}
