//! `/groups`, memberships, assignments of groups and pushed groups (parts 7.2 to 7.4).

use serde_json::{Value, json};

use super::Okta;

#[test]
fn groups_are_made_changed_filled_and_deleted() {
    let okta = Okta::start();
    let all = okta.get("/groups");
    assert_eq!(all[0]["type"], "BUILT_IN");
    assert_eq!(all[0]["profile"]["name"], "Everyone");
    let (eng, ann) = (okta.group("Eng"), okta.person("Ann"));
    assert!(eng.starts_with("00g"));
    let shown = okta.get(&format!("/groups/{eng}"));
    assert_eq!(shown["objectClass"], json!(["okta:user_group"]));
    assert_eq!(
        shown["profile"],
        json!({ "name": "Eng", "description": "" })
    );
    let again = json!({ "profile": { "name": "eng" } });
    let refused = okta.call("POST", "/groups", &again, 400);
    assert_eq!(refused["errorSummary"], "Api validation failed: name");
    let renamed = json!({ "profile": { "name": "Engineering", "description": "d" } });
    okta.call("PUT", &format!("/groups/{eng}"), &renamed, 200);
    assert_eq!(okta.get("/groups?q=engin")[0]["id"], eng.as_str());
    assert_eq!(
        okta.get("/groups?search=type%20eq%20%22OKTA_GROUP%22")[0]["id"],
        eng.as_str()
    );

    let member = format!("/groups/{eng}/users/{ann}");
    okta.call("PUT", &member, &Value::Null, 204);
    assert_eq!(
        okta.get(&format!("/groups/{eng}/users"))[0]["id"],
        ann.as_str()
    );
    let groups = okta.get(&format!("/users/{ann}/groups"));
    assert_eq!(groups.as_array().unwrap().len(), 2);
    okta.call("DELETE", &member, &Value::Null, 204);
    assert_eq!(okta.get(&format!("/groups/{eng}/users")), json!([]));
    okta.call("DELETE", &format!("/groups/{eng}"), &Value::Null, 204);
    okta.call("GET", &format!("/groups/{eng}"), &Value::Null, 404);
}

/// 7.2 and 7.3: group assignments.
#[test]
fn a_group_is_assigned_with_priority_and_values() {
    let okta = Okta::start();
    let app = okta.app("scim2headerauth");
    let (eng, ann) = (okta.group("Eng"), okta.person("Ann"));
    okta.call(
        "PUT",
        &format!("/groups/{eng}/users/{ann}"),
        &Value::Null,
        204,
    );
    let path = format!("/apps/{app}/groups/{eng}");
    let assigned = okta.call(
        "PUT",
        &path,
        &json!({ "profile": { "title": "Engineer" } }),
        200,
    );
    assert_eq!(
        (&assigned["id"], &assigned["priority"]),
        (&json!(eng), &json!(0))
    );
    let shown = okta.get(&format!("/apps/{app}/users/{ann}"));
    assert_eq!(
        (&shown["scope"], &shown["profile"]["title"]),
        (&json!("GROUP"), &json!("Engineer"))
    );
    let changed = json!([{ "op": "replace", "path": "/priority", "value": 3 }]);
    assert_eq!(okta.call("PATCH", &path, &changed, 200)["priority"], 3);
    assert_eq!(okta.get(&path)["priority"], 3);
    assert_eq!(
        okta.get(&format!("/apps/{app}/groups"))
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        okta.get(&format!("/groups/{eng}/apps"))[0]["id"],
        app.as_str()
    );
    okta.until("the account is made", |okta| {
        okta.get(&format!("/apps/{app}/users/{ann}"))["status"] == "PROVISIONED"
    });
    okta.call("DELETE", &path, &Value::Null, 204);
    okta.call("GET", &path, &Value::Null, 404);
    okta.until("the assignment ends", |okta| {
        okta.get(&format!("/apps/{app}/users")) == json!([])
    });
}

/// 7.4: a pushed group reaches the team, is renamed there and goes.
#[test]
fn a_group_is_pushed_through_its_mapping() {
    let okta = Okta::start();
    let app = okta.app("scim2headerauth");
    let (eng, ann) = (okta.group("Eng"), okta.person("Ann"));
    okta.post(&format!("/apps/{app}/users"), &json!({ "id": ann }));
    okta.until("the account is made", |okta| {
        okta.get(&format!("/apps/{app}/users/{ann}"))["status"] == "PROVISIONED"
    });
    let mappings = format!("/apps/{app}/group-push/mappings");
    for wrong in [
        json!({ "targetGroupName": "Eng" }),
        json!({ "sourceGroupId": eng }),
        json!({ "sourceGroupId": eng, "targetGroupName": "Eng", "status": "ERROR" }),
    ] {
        okta.call("POST", &mappings, &wrong, 400);
    }
    let new = json!({ "sourceGroupId": eng, "targetGroupName": "Eng", "status": "ACTIVE" });
    let made = okta.call("POST", &mappings, &new, 201);
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("gPm"));
    okta.until("the group is made", |okta| {
        okta.get(&format!("{mappings}/{id}"))
            .get("lastPush")
            .is_some()
    });
    okta.call(
        "PUT",
        &format!("/groups/{eng}/users/{ann}"),
        &Value::Null,
        204,
    );
    let group = |okta: &Okta| {
        let found = okta.server.call(
            "GET",
            "/Groups?attributes=displayName,members",
            &Value::Null,
        );
        found.into_body()["Resources"][0].clone()
    };
    okta.until("the member is pushed", |okta| {
        group(okta)["members"]
            .as_array()
            .is_some_and(|all| all.len() == 1)
    });
    let renamed = json!({ "profile": { "name": "Engineering" } });
    okta.call("PUT", &format!("/groups/{eng}"), &renamed, 200);
    okta.until("the name is pushed", |okta| {
        group(okta)["displayName"] == "Engineering"
    });

    let path = format!("{mappings}/{id}");
    okta.call("DELETE", &path, &Value::Null, 400);
    okta.call(
        "DELETE",
        &format!("{path}?deleteTargetGroup=true"),
        &Value::Null,
        400,
    );
    let inactive = okta.call("PATCH", &path, &json!({ "status": "INACTIVE" }), 200);
    assert_eq!(inactive["status"], "INACTIVE");
    assert_eq!(okta.get(&format!("{mappings}?status=ACTIVE")), json!([]));
    okta.call(
        "DELETE",
        &format!("{path}?deleteTargetGroup=true"),
        &Value::Null,
        204,
    );
    okta.until("the group is deleted", |okta| group(okta).is_null());
    assert_eq!(okta.get(&mappings), json!([]));
}
