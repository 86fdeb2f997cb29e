//! `/mappings` and `/meta/schemas` (parts 2.6, 2.7, 7.2 and 7.3).

use serde_json::{Value, json};

use super::Okta;

#[test]
fn mappings_are_merged_and_taken_away_and_bad_ones_refused() {
    let okta = Okta::start();
    let app = okta.app("scim2headerauth");
    let found = okta.get(&format!("/mappings?targetId={app}"));
    let id = found[0]["id"].as_str().unwrap();
    assert!(id.starts_with("prm"));
    assert_eq!(found[0].get("properties"), None, "lists have no properties");
    let path = format!("/mappings/{id}");
    assert_eq!(
        okta.get(&path)["properties"]["givenName"],
        json!({ "expression": "user.firstName", "pushStatus": "PUSH" })
    );
    let changes = json!({ "properties": {
        "givenName": { "expression": "String.toUpperCase(user.firstName)", "pushStatus": "DONT_PUSH" },
        "title": { "expression": null, "pushStatus": null },
    } });
    let saved = okta.post(&path, &changes);
    assert_eq!(saved["properties"]["givenName"]["pushStatus"], "DONT_PUSH");
    assert_eq!(saved["properties"].get("title"), None);
    assert!(saved["properties"].get("familyName").is_some());
    for wrong in [
        json!({ "properties": { "givenName": { "expression": "user." } } }),
        json!({ "properties": { "givenName": { "expression": "user.nothing" } } }),
        json!({ "properties": { "nothing": { "expression": "user.title" } } }),
        json!({}),
    ] {
        okta.call("POST", &path, &wrong, 400);
    }
    assert_eq!(
        okta.get(&path)["properties"]["givenName"]["pushStatus"],
        "DONT_PUSH"
    );
}

#[test]
fn the_schema_of_an_app_takes_attributes_and_gives_them_back() {
    let okta = Okta::start();
    let app = okta.app("scim2headerauth");
    let path = format!("/meta/schemas/apps/{app}/default");
    let schema = okta.get(&path);
    let base = &schema["definitions"]["base"]["properties"];
    assert_eq!(
        base["email"]["externalName"],
        "emails.^[primary==true].value"
    );
    assert!(base.get("userName").is_some());
    let attribute = |value: Value| json!({ "definitions": { "custom": { "properties": { "centre": value } } } });
    let new = attribute(json!({
        "title": "Centre", "type": "array", "items": { "type": "string" }, "externalName": "centres",
        "externalNamespace": "urn:x:1.0:User", "scope": "NONE", "union": "ENABLE",
    }));
    let saved = okta.post(&path, &new);
    let custom = &saved["definitions"]["custom"]["properties"]["centre"];
    assert_eq!(
        (&custom["type"], &custom["items"]["type"]),
        (&json!("array"), &json!("string"))
    );
    assert_eq!(custom["union"], "ENABLE");
    let odd = attribute(json!({ "title": "x", "type": "date" }));
    okta.call("POST", &path, &odd, 400);
    let bad = attribute(json!({ "title": "x", "type": "string", "externalName": "a.^[b" }));
    okta.call("POST", &path, &bad, 400);
    let saved = okta.post(&path, &attribute(Value::Null));
    assert_eq!(saved["definitions"]["custom"]["properties"], json!({}));

    let user = okta.get("/meta/schemas/user/default");
    let base = user["definitions"]["base"]["properties"]
        .as_object()
        .unwrap();
    assert_eq!(base.len(), 31);
    assert_eq!(base["login"]["maxLength"], 100);
}
