//! Where attributes stand.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::mapping::okta::Value;

fn core(name: &str) -> ExternalName {
    within(name, CORE)
}

fn within(name: &str, namespace: &str) -> ExternalName {
    ExternalName::parse(name, namespace)
        .unwrap_or_else(|e| panic!("{name}: {e}"))
        .unwrap_or_else(|| panic!("{name} is empty"))
}

fn text(text: &'static str) -> Value<'static> {
    Value::from(text)
}

#[test]
fn every_row_of_the_mini_language_is_rendered() {
    let urn = "urn:acme:1.0:User";
    for (name, namespace, wanted) in [
        (
            "userName",
            CORE,
            json!({"schemas": [CORE], "userName": "v"}),
        ),
        ("userName", "", json!({"schemas": [CORE], "userName": "v"})),
        (
            "name.givenName",
            CORE,
            json!({"schemas": [CORE], "name": {"givenName": "v"}}),
        ),
        (
            "emails.^[primary==true].value",
            CORE,
            json!({"schemas": [CORE], "emails": [{"primary": true, "value": "v"}]}),
        ),
        (
            "addresses.^[primary==true].streetAddress",
            CORE,
            json!({"schemas": [CORE], "addresses": [{"primary": true, "streetAddress": "v"}]}),
        ),
        (
            "roles.^[type=='Primary'].value",
            CORE,
            json!({"schemas": [CORE], "roles": [{"type": "Primary", "value": "v"}]}),
        ),
        (
            "entitlements.^[primary==true].value",
            CORE,
            json!({"schemas": [CORE], "entitlements": [{"primary": true, "value": "v"}]}),
        ),
        (
            "department",
            ENTERPRISE,
            json!({"schemas": [CORE, ENTERPRISE], ENTERPRISE: {"department": "v"}}),
        ),
        (
            "manager.value",
            ENTERPRISE,
            json!({"schemas": [CORE, ENTERPRISE], ENTERPRISE: {"manager": {"value": "v"}}}),
        ),
        (
            "anyName",
            urn,
            json!({"schemas": [CORE, urn], urn: {"anyName": "v"}}),
        ),
        // The trap: a plain text at the name of an array is sent as it is.
        ("roles", CORE, json!({"schemas": [CORE], "roles": "v"})),
    ] {
        let name = within(name, namespace);
        let rendered = render(&[(name.clone(), text("v"))], EmptyValues::Omitted);
        assert_eq!(Json::Object(rendered.clone()), wanted, "{name}");
        assert_eq!(get(&Json::Object(rendered), &name), text("v"), "{name}");
    }
}

#[test]
fn an_attribute_without_external_name_is_never_sent() {
    assert_eq!(ExternalName::parse("", CORE), Ok(None));
    assert_eq!(ExternalName::parse("  ", ENTERPRISE), Ok(None));
}

#[test]
fn members_stand_in_the_order_of_okta_s_requests() {
    let attributes = [
        (within("department", ENTERPRISE), text("Sales")),
        (core("locale"), text("en-US")),
        (core("title"), text("Guide")),
        (core("displayName"), text("Test User")),
        (core("phoneNumbers.^[primary==true].value"), text("1")),
        (core("emails.^[primary==true].value"), text("t@okta.local")),
        (core("emails.^[primary==true].type"), text("work")),
        (core("name.givenName"), text("Test")),
        (core("name.familyName"), text("User")),
        (core("userName"), text("t@okta.local")),
    ];
    let mut resource = render(&attributes, EmptyValues::Omitted);
    for (name, value) in [
        ("active", json!(true)),
        ("password", json!("1mz050nq")),
        ("groups", json!([])),
        ("externalId", json!("00u1")),
    ] {
        resource.insert(name.to_owned(), value);
    }
    arrange(&mut resource);
    assert_eq!(
        serde_json::to_string(&resource).unwrap(),
        format!(
            r#"{{"schemas":["{CORE}","{ENTERPRISE}"],"userName":"t@okta.local","name":{{"givenName":"Test","familyName":"User"}},"emails":[{{"primary":true,"value":"t@okta.local","type":"work"}}],"phoneNumbers":[{{"primary":true,"value":"1"}}],"displayName":"Test User","title":"Guide","locale":"en-US","externalId":"00u1","groups":[],"password":"1mz050nq","active":true,"{ENTERPRISE}":{{"department":"Sales"}}}}"#
        )
    );
}

#[test]
fn null_and_empty_values_are_sent_only_when_told_to() {
    let attributes = [
        (core("title"), Value::Null),
        (core("emails.^[primary==true].type"), text("")),
        (within("department", ENTERPRISE), Value::Null),
        (core("age"), Value::Integer(3)),
    ];
    let omitted = render(&attributes, EmptyValues::Omitted);
    assert_eq!(Json::Object(omitted), json!({"schemas": [CORE], "age": 3}));
    let sent = render(&attributes, EmptyValues::Sent);
    assert_eq!(
        Json::Object(sent),
        json!({
            "schemas": [CORE, ENTERPRISE],
            "emails": [{"primary": true, "type": ""}],
            "title": null,
            "age": 3,
            ENTERPRISE: {"department": null},
        })
    );
}

/// What a server sent back.
fn echoed() -> Json {
    json!({
        "schemas": [CORE, ENTERPRISE],
        "id": "23a3",
        "UserName": "a@b.c",
        "name": {"givenName": "A", "formatted": "A B"},
        "emails": [
            {"value": "home@b.c", "type": "home"},
            {"primary": true, "value": "a@b.c", "type": "work", "display": "a@b.c"},
        ],
        "phoneNumbers": [{"primary": "True", "value": "1"}],
        "password": "leaked",
        ENTERPRISE: {"department": "Sales"},
        "meta": {"resourceType": "User"},
    })
}

#[test]
fn only_the_named_place_of_an_echoed_resource_is_replaced() {
    for (name, namespace, value, pointer, wanted) in [
        ("userName", CORE, "x", "/UserName", json!("x")),
        ("name.givenName", CORE, "x", "/name/givenName", json!("x")),
        (
            "name.middleName",
            CORE,
            "x",
            "/name",
            json!({"givenName": "A", "formatted": "A B", "middleName": "x"}),
        ),
        (
            "emails.^[primary==true].value",
            CORE,
            "x",
            "/emails/1/value",
            json!("x"),
        ),
        (
            "phoneNumbers.^[primary==true].value",
            CORE,
            "x",
            "/phoneNumbers/0/value",
            json!("x"),
        ),
        (
            "phoneNumbers.^[type=='fax'].value",
            CORE,
            "x",
            "/phoneNumbers/1",
            json!({"type": "fax", "value": "x"}),
        ),
        ("nickName", CORE, "x", "/nickName", json!("x")),
        (
            "department",
            ENTERPRISE,
            "x",
            &format!("/{ENTERPRISE}/department"),
            json!("x"),
        ),
        (
            "any",
            "urn:acme:User",
            "x",
            "/urn:acme:User",
            json!({"any": "x"}),
        ),
    ] {
        let name = within(name, namespace);
        let mut resource = echoed();
        set(&mut resource, &name, Some(&text(value)));
        assert_eq!(resource.pointer(pointer), Some(&wanted), "{name}");
        assert_eq!(get(&resource, &name), text(value), "{name}");
        assert_eq!(resource["password"], "leaked");
        assert_eq!(resource["meta"], echoed()["meta"]);
        assert_eq!(resource["emails"][0], echoed()["emails"][0]);
        let announced = resource["schemas"].as_array().unwrap().len();
        assert_eq!(announced, if namespace == "urn:acme:User" { 3 } else { 2 });
    }
}

#[test]
fn what_is_taken_away_leaves_nothing_empty_behind() {
    for (name, namespace, pointer, wanted) in [
        ("userName", CORE, "/UserName", None),
        (
            "name.givenName",
            CORE,
            "/name",
            Some(json!({"formatted": "A B"})),
        ),
        (
            "emails.^[primary==true].value",
            CORE,
            "/emails/1",
            Some(json!({"primary": true, "type": "work", "display": "a@b.c"})),
        ),
        (
            "phoneNumbers.^[primary==true].value",
            CORE,
            "/phoneNumbers",
            None,
        ),
        (
            "phoneNumbers.^[primary==false].value",
            CORE,
            "/phoneNumbers",
            Some(json!([{"primary": "True", "value": "1"}])),
        ),
        ("department", ENTERPRISE, "/schemas", Some(json!([CORE]))),
        (
            "costCenter",
            ENTERPRISE,
            "/schemas",
            Some(json!([CORE, ENTERPRISE])),
        ),
        (
            "any",
            "urn:acme:User",
            "/schemas",
            Some(json!([CORE, ENTERPRISE])),
        ),
    ] {
        let name = within(name, namespace);
        let mut resource = echoed();
        set(&mut resource, &name, None);
        assert_eq!(resource.pointer(pointer), wanted.as_ref(), "{name}");
        assert_eq!(get(&resource, &name), Value::Null, "{name}");
        assert_eq!(resource["id"], "23a3");
    }
    let mut emptied = json!({"name": {"givenName": "A"}});
    set(&mut emptied, &core("name.givenName"), None);
    assert_eq!(emptied, json!({}));
}

#[test]
fn what_a_server_has_in_the_way_gives_way_and_lists_are_merged_into() {
    let mut odd = json!({"emails": "a@b.c", "name": null});
    set(
        &mut odd,
        &core("emails.^[primary==true].value"),
        Some(&text("x")),
    );
    set(&mut odd, &core("name.givenName"), Some(&text("y")));
    assert_eq!(
        odd,
        json!({"emails": [{"primary": true, "value": "x"}], "name": {"givenName": "y"}})
    );
    // A server that answers with a list gets it back, attribute included.
    let mut list = json!({"totalResults": 1, "Resources": []});
    set(&mut list, &core("title"), Some(&text("x")));
    assert_eq!(list["title"], "x");
    let mut nothing = json!("x");
    set(&mut nothing, &core("title"), Some(&text("x")));
    set(&mut nothing, &within("any", "urn:acme"), None);
    assert_eq!(nothing, json!("x"));
}

#[test]
fn a_name_is_shown_as_it_is_read_and_a_wrong_one_is_refused() {
    for name in [
        "userName",
        "name.givenName",
        "emails.^[primary==true].value",
        "roles.^[type=='Primary'].value",
        "a.^[b==false].c.d",
    ] {
        assert_eq!(core(name).to_string(), name);
    }
    assert_eq!(core("emails.^[primary==true].value").attribute(), "emails");
    assert_eq!(
        core("x.^[ type == \"a.]b\" ].y").to_string(),
        "x.^[type=='a.]b'].y"
    );
    assert_eq!(core("title").extension(), None);
    assert_eq!(
        within("title", "urn:scim:schemas:core:1.0").extension(),
        None
    );
    assert_eq!(within("title", ENTERPRISE).namespace(), ENTERPRISE);
    for (name, column, part) in [
        ("a..b", 3, "is missing"),
        (".a", 1, "is missing"),
        ("a.", 3, "is missing"),
        ("a b", 2, "separated by dots"),
        ("^[a==true].b", 1, "behind the name of an array"),
        ("a.^[b==true]", 13, "such as .value"),
        ("a.^[b==true", 3, "never closed"),
        ("a.^[b=true].c", 3, "write ^[primary==true]"),
        ("a.^[b==yes].c", 3, "write ^[primary==true]"),
        ("a[b eq 1].c", 2, "separated by dots"),
    ] {
        let error = ExternalName::parse(name, CORE).unwrap_err();
        assert_eq!(error.position.column, column, "{name}: {error}");
        assert!(error.message.contains(part), "{name}: {error}");
    }
    assert!(ExternalName::parse(&"a.".repeat(300), CORE).is_err());
    assert!(ExternalName::parse("a.b.c.d.e.f.g.h.i.j.k", CORE).is_err());
}

proptest! {
    #[test]
    fn what_was_set_is_found_and_what_was_removed_is_not(
        name in "[ab](\\.[ab]|\\.\\^\\[[ab]==(true|'x')\\]\\.[ab]){0,3}",
        urn in prop_oneof![Just(CORE), Just(ENTERPRISE)],
        given in prop_oneof![
            Just(echoed()),
            Just(json!({"a": {"b": [1, {"a": true, "b": "x"}]}, "b": "c"})),
            Just(json!({"a": [{"b": "x"}], "schemas": "x", ENTERPRISE: 1})),
        ],
    ) {
        let name = within(&name, urn);
        let mut resource = given;
        let value = Value::from("value");
        set(&mut resource, &name, Some(&value));
        // A name that writes into its own selector changes what it selects.
        let written = name.to_string();
        let overwrites = ["a", "b"].iter().any(|key| written.contains(&format!("^[{key}==")) && written.contains(&format!("].{key}")));
        if !overwrites {
            prop_assert_eq!(get(&resource, &name), value);
            set(&mut resource, &name, None);
            prop_assert_eq!(get(&resource, &name), Value::Null);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,30}|[a^\\[\\]=.'true]{0,30}") {
        if let Ok(Some(name)) = ExternalName::parse(&text, CORE) {
            let again = ExternalName::parse(&name.to_string(), CORE);
            prop_assert_eq!(again, Ok(Some(name)));
        }
    }
}
