//! The examples of queries as tables: three people and three groups.

use proptest::prelude::*;
use serde_json::json;

use super::super::error::ScimType;
use super::super::{schemas, urn};
use super::*;

fn people() -> Vec<Object> {
    let meta = json!({"resourceType": "User", "lastModified": "2026-01-01T00:00:00.000Z"});
    [
        json!({"schemas": [urn::USER, urn::ENTERPRISE_USER], "id": "U1", "externalId": "E1",
            "userName": "bjensen@example.com", "name": {"givenName": "Barbara", "familyName": "Jensen"},
            "title": "Guide", "active": true, "meta": meta,
            "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true},
                       {"value": "babs@jensen.org", "type": "home"}],
            "groups": [{"value": "G1", "type": "direct"}],
            (urn::ENTERPRISE_USER): {"department": "Tour", "manager": {"value": "U3"}}}),
        json!({"schemas": [urn::USER], "id": "U2", "userName": "jsmith@example.com", "userType": "Intern",
            "active": true, "emails": [{"value": "jsmith@example.com", "type": "work"}], "meta": meta,
            "roles": [{"value": "admin", "primary": true}]}),
        json!({"schemas": [urn::USER], "id": "U3", "userName": "boss@example.com", "active": false,
            "title": "Boss", "meta": meta}),
    ]
    .into_iter()
    .map(|v| v.as_object().unwrap().clone())
    .collect()
}

fn read(text: &str) -> Result<Filter, Error> {
    Filter::parse(text, schemas::user(), &Rules::interop())
}

fn found(text: &str) -> String {
    let filter = read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    // Every answer is also given by the printed form.
    assert_eq!(read(&filter.to_string()).unwrap(), filter, "{filter}");
    let ids: Vec<_> = people()
        .iter()
        .filter(|p| filter.matches(p))
        .map(|p| p["id"].as_str().unwrap().to_owned())
        .collect();
    ids.join(" ")
}

#[test]
fn queries_find_whom_they_should() {
    let manager = format!("{}:manager eq \"U3\"", urn::ENTERPRISE_USER);
    let manager_value = format!(
        "{}:manager.value eq \"U3\"",
        urn::ENTERPRISE_USER.to_uppercase()
    );
    let core = format!("{}:userName sw \"BJ\"", urn::USER);
    let schema = format!("schemas eq \"{}\"", urn::ENTERPRISE_USER.to_uppercase());
    let cases = [
        ("userName eq \"BJENSEN@example.com\"", "U1"),
        ("UserName EQ \"bjensen@example.com\"", "U1"),
        (core.as_str(), "U1"),
        ("externalId eq \"E1\"", "U1"),
        ("externalId eq \"e1\"", ""),
        ("id eq \"U1\"", "U1"),
        ("title pr", "U1 U3"),
        ("not(title pr)", "U2"),
        ("title pr and active eq true", "U1"),
        ("title pr or userType eq \"Intern\"", "U1 U2 U3"),
        (
            "(userType eq \"Intern\" or title pr) and active eq false",
            "U3",
        ),
        ("active eq false", "U3"),
        ("active eq \"False\"", "U3"),
        ("name.familyName co \"ens\"", "U1"),
        ("userName ew \"example.com\"", "U1 U2 U3"),
        ("emails co \"jensen.org\"", "U1"),
        ("emails[type eq \"work\" and value co \"jsmith\"]", "U2"),
        ("emails[type eq \"home\" and value co \"example.com\"]", ""),
        (
            "emails.type eq \"home\" and emails.value co \"example.com\"",
            "U1",
        ),
        (
            "emails[type eq \"work\" or (type eq \"home\" and value ew \"@jensen.org\")]",
            "U1 U2",
        ),
        (
            "emails[type eq \"work\" and not (value co \"jsmith\")]",
            "U1",
        ),
        (
            "emails[type eq \"work\"].value eq \"jsmith@example.com\"",
            "U2",
        ),
        (schema.as_str(), "U1"),
        ("meta.lastModified gt \"2011-05-13T04:42:34Z\"", "U1 U2 U3"),
        ("meta.lastModified lt \"2011-05-13T04:42:34+02:00\"", ""),
        (
            "meta.lastModified eq \"2026-01-01T01:00:00+01:00\"",
            "U1 U2 U3",
        ),
        ("title eq null", "U2"),
        ("title ne null", "U1 U3"),
        ("title ne \"Guide\"", "U2 U3"),
        ("title gt \"g\"", "U1"),
        ("groups.value eq \"G1\"", "U1"),
        (manager.as_str(), "U1"),
        (manager_value.as_str(), "U1"),
        ("roles[primary eq \"True\"].value eq \"admin\"", "U2"),
        ("userName   eq    \"jsmith@example.com\"", "U2"),
        ("emails.value ne \"jsmith@example.com\"", "U1 U3"),
        ("name pr", "U1"),
    ];
    for (text, expected) in cases {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn queries_that_make_no_sense_are_refused() {
    let cases = [
        "",
        "userName",
        "userName eq",
        "userName regex \"x\"",
        "userName eq 'bjensen'",
        "userName eq bjensen",
        "userName eq \"a\" xor title pr",
        "userName pr garbage",
        "name eq \"x\"",
        "nosuch eq \"x\"",
        "name.given.first eq \"x\"",
        "password eq \"x\"",
        "password pr",
        "emails[type eq \"work\" and addresses[type eq \"x\"]]",
        "x509Certificates.value gt \"AA==\"",
        "active gt true",
        "active co \"t\"",
        "meta.lastModified gt \"yesterday\"",
        "meta.lastModified sw \"2011\"",
        "userName eq 5",
        "active eq \"yes\"",
        "name[givenName eq \"x\"]",
        "emails.value[type eq \"x\"]",
        "emails[nosuch eq \"x\"]",
        "title gt null",
        "urn:x:y:title pr",
    ];
    for text in cases {
        let error = read(text).unwrap_err();
        assert_eq!(
            error.scim_type,
            Some(ScimType::InvalidFilter),
            "{text}: {error}"
        );
    }
    for text in ["active eq \"False\"", "roles[primary eq \"True\"]"] {
        assert!(Filter::parse(text, schemas::user(), &Rules::strict()).is_err());
    }
}

#[test]
fn what_an_index_can_answer_is_told() {
    let user = |text: &str| read(text).unwrap();
    let filter = user("USERNAME eq \"A\"");
    assert_eq!(filter.indexable(), [("userName", "A")]);
    let filter = user("emails eq \"A\"");
    assert_eq!(filter.indexable(), [("emails.value", "A")]);
    assert!(user("userName sw \"A\"").indexable().is_empty());
    assert!(user("not (userName eq \"A\")").indexable().is_empty());
    let group = |text: &str| Filter::parse(text, schemas::group(), &Rules::interop()).unwrap();
    let filter = group("id eq \"G1\" and (members eq \"U2\" and displayName pr)");
    assert_eq!(filter.indexable(), [("id", "G1"), ("members.value", "U2")]);
    assert!(group("id eq \"a\" or id eq \"b\"").indexable().is_empty());
}

#[test]
fn groups_are_found_by_name_and_member() {
    let value = json!({"id": "G1", "displayName": "Tour Guides", "members": [{"value": "U1"}, {"value": "U2"}]});
    let group = value.as_object().unwrap();
    for (text, expected) in [
        ("displayName eq \"tour guides\"", true),
        ("members.value eq \"U1\"", true),
        ("members eq \"U1\"", true),
        ("id eq \"G1\" and members eq \"U2\"", true),
        ("members eq \"u1\"", false),
    ] {
        let filter = Filter::parse(text, schemas::group(), &Rules::interop()).unwrap();
        assert_eq!(filter.matches(group), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        let _ = read(&text);
    }

    #[test]
    fn printing_and_reading_again_gives_the_same(
        text in r#"(not ?\()?(title|emails|name\.givenName|active)(\[type eq "[a-z]{0,2}"( or primary eq true)?\])?(\.value)? ?(pr|eq "\\"?a"|ne null|eq true|gt "b")?\)?( (and|or) \(?(id pr|meta\.version ne "W/\\"1\\"")\)?){0,3}"#
    ) {
        if let Ok(filter) = read(&text) {
            prop_assert_eq!(read(&filter.to_string()).unwrap(), filter.clone());
            for person in people() {
                let _ = filter.matches(&person);
            }
        }
    }
}

#[test]
fn a_root_query_takes_what_a_type_lacks_for_unassigned() {
    let types = [schemas::user(), schemas::group()];
    let group = json!({"id": "G1", "displayName": "Guides", "meta": {"resourceType": "Group"}});
    let (user, group) = (&people()[0], group.as_object().unwrap());
    let core = format!("{}:userName pr", urn::USER);
    // FLT-46, GET-22, GET-23, PAGE-28: text, is U1 found, is the group found.
    let cases = [
        ("userName pr", true, false),
        (core.as_str(), true, false),
        ("displayName pr", false, true),
        ("meta.resourceType eq \"Group\"", false, true),
        ("nosuch eq \"x\"", false, false),
        ("nosuch ne \"x\"", true, true),
        ("not (nosuch pr)", true, true),
        ("nosuch eq null", true, true),
        ("emails[type eq \"work\"]", true, false),
        ("name.given.first eq \"x\"", false, false),
    ];
    for (text, wants_user, wants_group) in cases {
        let both = Filter::parse_each(text, &types, &Rules::interop()).unwrap();
        assert_eq!(both[0].matches(user), wants_user, "{text}");
        assert_eq!(both[1].matches(group), wants_group, "{text}");
    }
    for text in ["password eq \"x\"", "active gt true", "a b", ""] {
        assert!(
            Filter::parse_each(text, &types, &Rules::interop()).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_filter_says_what_it_looks_at() {
    let manager = format!("{}:manager.value eq \"x\"", urn::ENTERPRISE_USER);
    let filter = read(&format!(
        "title pr and (userName sw \"a\" or {manager}) and title eq \"b\""
    ));
    assert_eq!(
        filter.unwrap().roots(),
        ["title", urn::ENTERPRISE_USER, "userName"]
    );
    let group = |text| Filter::parse(text, schemas::group(), &Rules::interop()).unwrap();
    let cases = [
        ("members eq \"1\"", Some(vec!["1"])),
        ("id eq \"9\" and members.value eq \"1\"", Some(vec!["1"])),
        (
            "not (members[value eq \"1\" or value eq \"2\"])",
            Some(vec!["1", "2"]),
        ),
        ("displayName pr", Some(vec![])),
        ("members pr", None),
        ("members.display eq \"1\"", None),
        ("members ne \"1\"", None),
        ("members[value eq \"1\" and type eq \"User\"]", None),
    ];
    for (text, expected) in cases {
        assert_eq!(group(text).sought_values("members"), expected, "{text}");
    }
}
