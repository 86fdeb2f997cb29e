//! POST and PUT bodies against both presets.

use serde_json::json;

use super::super::error::ScimType;
use super::super::{schemas, urn};
use super::*;

fn user(more: Value) -> Value {
    let mut body = json!({"schemas": [urn::USER], "userName": "a@b.c"});
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

fn made(more: Value) -> Value {
    Value::Object(create(schemas::user(), user(more), &Rules::interop()).unwrap())
}

#[test]
fn a_new_user_is_canonical() {
    let cases = [
        (json!({}), json!({})),
        (json!({"active": "False"}), json!({"active": false})),
        (json!({"active": null}), json!({"active": null})),
        (
            json!({"id": "bulkId:1", "meta": {"resourceType": "User"}, "groups": [{"value": "g"}]}),
            json!({}),
        ),
        (
            json!({"favoriteColor": "red", "password": "s3cret"}),
            json!({}),
        ),
        (
            json!({"roles": [], "addresses": null, "title": null, "name": {"givenName": null}}),
            json!({}),
        ),
        (
            json!({"NICKNAME": "n", "Emails": {"VALUE": "x", "nosuch": 1}}),
            json!({"nickName": "n", "emails": [{"value": "x"}]}),
        ),
        (
            json!({"emails": [{"value": "X", "type": "work"}, {"value": "x", "type": "work"}, {"value": "x", "type": "home"}]}),
            json!({"emails": [{"value": "X", "type": "work"}, {"value": "x", "type": "home"}]}),
        ),
        (
            json!({(urn::ENTERPRISE_USER): {"manager": {"value": "9", "displayName": "Boss"}, "department": null}}),
            json!({(urn::ENTERPRISE_USER): {"manager": {"value": "9"}}}),
        ),
        (
            json!({(format!("{}:department", urn::ENTERPRISE_USER)): "D"}),
            json!({(urn::ENTERPRISE_USER): {"department": "D"}}),
        ),
    ];
    for (body, expected) in cases {
        let mut all = json!({"userName": "a@b.c", "active": true});
        for (name, value) in expected.as_object().unwrap() {
            all[name.as_str()] = value.clone();
        }
        if all["active"].is_null() {
            all.as_object_mut().unwrap().shift_remove("active");
        }
        assert_eq!(made(body.clone()), all, "{body}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    use ScimType::{InvalidSyntax, InvalidValue};
    let many: Vec<Value> = (0..2_000)
        .map(|i| json!({"value": format!("{i}@x")}))
        .collect();
    let cases = [
        (json!([]), InvalidSyntax),
        (json!({"userName": "a"}), InvalidSyntax),
        (json!({"schemas": [], "userName": "a"}), InvalidSyntax),
        (
            json!({"schemas": [urn::GROUP], "userName": "a"}),
            InvalidSyntax,
        ),
        (json!({"schemas": [urn::USER]}), InvalidValue),
        (user(json!({"userName": ""})), InvalidValue),
        (user(json!({"userName": 42})), InvalidValue),
        (user(json!({"userName": "a\u{200b}b"})), InvalidValue),
        (user(json!({"userName": "a\r\nb"})), InvalidValue),
        (user(json!({"active": "yes"})), InvalidValue),
        (user(json!({"name": "x"})), InvalidValue),
        (user(json!({"emails": [null]})), InvalidValue),
        (user(json!({"emails": many})), InvalidValue),
        (
            user(
                json!({"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}),
            ),
            InvalidValue,
        ),
        (
            user(json!({"x509Certificates": [{"value": "not base64!"}]})),
            InvalidValue,
        ),
        (user(json!({"title": "x".repeat(5_000)})), InvalidValue),
        (user(json!({(urn::ENTERPRISE_USER): "x"})), InvalidValue),
    ];
    for (body, expected) in cases {
        let error = create(schemas::user(), body, &Rules::interop()).unwrap_err();
        assert_eq!(error.scim_type, Some(expected), "{error}");
    }
}

#[test]
fn strict_rules_refuse_unknown_names_and_loose_shapes() {
    let strict = |body: Value| create(schemas::user(), body, &Rules::strict());
    for more in [
        json!({"favoriteColor": "red"}),
        json!({"emails": {"value": "x"}}),
        json!({"active": "False"}),
        json!({"userName": "two words"}),
        json!({"schemas": [urn::USER, urn::USER]}),
        json!({"schemas": [urn::USER, "urn:x"]}),
        json!({(urn::ENTERPRISE_USER): {"department": "d"}}),
    ] {
        assert!(strict(user(more.clone())).is_err(), "{more}");
    }
    for good in [
        json!({"title": "t"}),
        one_address("us"),
        one_certificate("MAMCAQE="),
    ] {
        assert!(strict(user(good.clone())).is_ok(), "{good}");
    }
    for (more, row) in [
        (one_address("Sierra Leone"), "POST-46"),
        (one_address("USA"), "POST-46"),
        (one_certificate("AAAA"), "POST-47"),
        (one_certificate("MAMCAQEwAwIBAQ=="), "two of them"),
        (json!({"profileUrl": "not a uri"}), "a reference is a URI"),
        (
            json!({"photos": [{"value": "http://h/%zz"}]}),
            "a reference is a URI",
        ),
        (json!({"userName": "a\u{5d0}"}), "RFC 5893"),
    ] {
        let error = strict(user(more.clone())).unwrap_err();
        assert_eq!(
            error.scim_type,
            Some(ScimType::InvalidValue),
            "{row}: {more}"
        );
        let interop = create(schemas::user(), user(more.clone()), &Rules::interop());
        assert!(interop.is_ok(), "{row}: {more}");
    }
}

fn one_address(country: &str) -> Value {
    json!({"addresses": [{"country": country}]})
}

fn one_certificate(value: &str) -> Value {
    json!({"x509Certificates": [{"value": value}]})
}

#[test]
fn strict_rules_refuse_wrong_types_everywhere() {
    let strict = Rules::strict();
    for (name, bad) in [
        ("name", json!("x")),
        ("name", json!([{}])),
        ("name", json!({"givenName": 1})),
        ("title", json!(["x"])),
        ("title", json!({"value": "x"})),
        ("active", json!("true")),
        ("active", json!(1)),
        ("emails", json!("a@b.c")),
        ("emails", json!(["a@b.c"])),
        ("emails", json!([{"value": 1}])),
        ("emails", json!([{"value": "a@b.c", "primary": "true"}])),
        (urn::ENTERPRISE_USER, json!({"manager": "271"})),
        (urn::ENTERPRISE_USER, json!({"manager": [{"value": "271"}]})),
    ] {
        let mut body = user(json!({"schemas": [urn::USER, urn::ENTERPRISE_USER]}));
        body[name] = bad.clone();
        let error = create(schemas::user(), body, &strict).unwrap_err();
        assert_eq!(
            error.scim_type,
            Some(ScimType::InvalidValue),
            "{name}: {bad}"
        );
    }
    for bad in [
        json!({"value": "1"}),
        json!(["1"]),
        json!([{"value": "1", "type": 5}]),
        json!([{"value": "1", "type": "Car"}]),
        json!([{"value": "1", "display": {}}]),
        json!([{"value": "1", "$ref": 1}]),
        json!([{"value": "1", "colour": "red"}]),
    ] {
        let mut body = json!({"members": bad}).as_object().unwrap().clone();
        assert!(take_members(&mut body, &strict).is_err(), "{bad}");
    }
    let fine = json!([{"value": "1", "$ref": null, "type": null, "display": "d"}]);
    let mut body = json!({"members": fine}).as_object().unwrap().clone();
    assert_eq!(take_members(&mut body, &strict).unwrap().unwrap().len(), 1);
}

#[test]
fn a_put_with_another_id_is_refused_when_strict() {
    for (body, ok) in [
        (json!({}), true),
        (json!({"Id": "1"}), true),
        (json!({"id": "2"}), false),
        (json!({"id": 1}), false),
    ] {
        assert_eq!(check_id(&body, "1", &Rules::strict()).is_ok(), ok, "{body}");
        assert!(check_id(&body, "1", &Rules::interop()).is_ok(), "{body}");
    }
}

#[test]
fn put_clears_what_is_omitted_but_what_is_protected() {
    let current = made(json!({"externalId": "E1", "active": false, "title": "t",
        "name": {"givenName": "g", "familyName": "f"}, (urn::ENTERPRISE_USER): {"department": "d"}}));
    let current = current.as_object().unwrap();
    let body = user(json!({"name": {"familyName": "F"}}));
    let interop = replace(schemas::user(), current, body.clone(), &Rules::interop()).unwrap();
    assert_eq!(
        Value::Object(interop),
        json!({"userName": "a@b.c", "name": {"familyName": "F"}, "externalId": "E1", "active": false})
    );
    let strict = replace(schemas::user(), current, body, &Rules::strict()).unwrap();
    assert_eq!(
        Value::Object(strict),
        json!({"userName": "a@b.c", "name": {"familyName": "F"}})
    );
    let cleared = user(json!({"externalId": null}));
    let cleared = replace(schemas::user(), current, cleared, &Rules::interop()).unwrap();
    assert!(!cleared.contains_key("externalId"));
}

#[test]
fn members_leave_the_body() {
    let rules = Rules::interop();
    let cases = [
        (json!({}), None),
        (json!({"members": null}), Some(vec![])),
        (json!({"Members": []}), Some(vec![])),
        (
            json!({"members": [{"value": "1", "type": "Group"}, {"value": "1"}, "2"]}),
            Some(vec![("1", Some(MemberType::Group)), ("2", None)]),
        ),
    ];
    for (body, expected) in cases {
        let mut body = body.as_object().unwrap().clone();
        let found = take_members(&mut body, &rules).unwrap();
        let found = found.map(|list| list.into_iter().map(|m| (m.value, m.member_type)).collect());
        let expected: Option<Vec<(String, _)>> = expected.map(|list| {
            list.into_iter()
                .map(|(id, kind)| (id.to_owned(), kind))
                .collect()
        });
        assert_eq!(found, expected);
        assert!(body.is_empty());
    }
    for bad in [
        json!([{"id": "1"}]),
        json!([1]),
        json!([null]),
        json!(""),
        json!([{"value": 1}]),
    ] {
        let mut body = json!({"members": bad}).as_object().unwrap().clone();
        assert!(take_members(&mut body, &rules).is_err(), "{bad}");
    }
}

#[test]
fn schemas_follow_the_data() {
    let plain = made(json!({}));
    assert_eq!(
        schemas_of(schemas::user(), plain.as_object().unwrap()),
        [urn::USER]
    );
    let more = made(json!({(urn::ENTERPRISE_USER): {"department": "d"}}));
    assert_eq!(
        schemas_of(schemas::user(), more.as_object().unwrap()),
        [urn::USER, urn::ENTERPRISE_USER]
    );
}
