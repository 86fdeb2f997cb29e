//! The examples of a user's and a group's PATCH as tables.

use serde_json::{Value, json};

use super::super::error::ScimType;
use super::super::quirks::QUIRKS;
use super::super::resource::{MemberType, MemberValue};
use super::super::{Error, Object, Rules, schemas, urn};
use super::{MemberEdit, PatchRequest};

fn person() -> Object {
    let value = json!({
        "userName": "bjensen@example.com",
        "externalId": "E1",
        "name": {"givenName": "Barbara", "familyName": "Jensen"},
        "displayName": "Babs Jensen",
        "title": "Guide",
        "active": true,
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": true},
            {"value": "babs@jensen.org", "type": "home"}
        ],
        (urn::ENTERPRISE_USER): {"department": "Tour", "employeeNumber": "701984"}
    });
    value.as_object().unwrap().clone()
}

fn message(operations: &Value) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": operations})
}

pub(super) fn patch_with(operations: &Value, rules: &Rules) -> Result<Object, Error> {
    PatchRequest::parse(schemas::user(), message(operations), rules)?.apply(
        schemas::user(),
        &person(),
        rules,
    )
}

fn patch(operations: &Value) -> Result<Object, Error> {
    patch_with(operations, &Rules::interop())
}

/// The person after the operations equals the person with the given members set (null removes).
fn check(operations: &Value, changes: &Value) {
    let mut expected = person();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            expected.shift_remove(name);
        } else {
            expected.insert(name.clone(), value.clone());
        }
    }
    match patch(operations) {
        Ok(found) => assert_eq!(
            Value::Object(found),
            Value::Object(expected),
            "{operations}"
        ),
        Err(e) => panic!("{operations}: {e}"),
    }
}

const ENT: &str = urn::ENTERPRISE_USER;

#[test]
fn simple_and_complex_attributes_are_added_replaced_and_removed() {
    let title = json!({"title": "X"});
    check(
        &json!([{"op": "replace", "path": "title", "value": "X"}]),
        &title,
    );
    check(
        &json!([{"op": "Add", "path": "TITLE", "value": "X"}]),
        &title,
    );
    check(
        &json!([{"op": "add", "path": "title", "value": "Guide"}]),
        &json!({}),
    );
    check(
        &json!([{"op": "replace", "path": "nickName", "value": "B"}]),
        &json!({"nickName": "B"}),
    );
    check(
        &json!([{"op": "remove", "path": "title"}]),
        &json!({"title": null}),
    );
    check(
        &json!([{"op": "replace", "path": "title", "value": null}]),
        &json!({"title": null}),
    );
    check(&json!([{"op": "remove", "path": "nickName"}]), &json!({}));
    check(
        &json!([{"op": "replace", "path": "name", "value": {"familyName": "X"}}]),
        &json!({"name": {"givenName": "Barbara", "familyName": "X"}}),
    );
    check(
        &json!([{"op": "replace", "path": "name", "value": {"familyName": null, "givenName": "Y"}}]),
        &json!({"name": {"givenName": "Y"}}),
    );
    check(
        &json!([{"op": "remove", "path": "name"}, {"op": "replace", "path": "name.familyName", "value": "Z"}]),
        &json!({"name": {"familyName": "Z"}}),
    );
    check(
        &json!([{"op": "add", "path": "nickName", "value": "A"}, {"op": "remove", "path": "nickName"}]),
        &json!({}),
    );
    check(
        &json!([{"op": "add", "path": "password", "value": "secret"}]),
        &json!({}),
    );
}

#[test]
fn values_without_a_path_are_operations_of_their_own() {
    check(
        &json!([{"op": "replace", "value": {"id": "other", "meta": {}, "groups": [], "title": "X"}}]),
        &json!({"title": "X"}),
    );
    check(
        &json!([{"op": "replace", "value": {"active": false}}]),
        &json!({"active": false}),
    );
    let key = format!("{ENT}:department");
    let merged = json!({(ENT): {"department": "D", "employeeNumber": "701984"}});
    check(
        &json!([{"op": "replace", "value": {(key.as_str()): "D"}}]),
        &merged,
    );
    check(
        &json!([{"op": "add", "value": {(ENT): {"department": "D"}}}]),
        &merged,
    );
    check(
        &json!([{"op": "replace", "path": key, "value": "D"}]),
        &merged,
    );
    check(
        &json!([{"op": "add", "path": ENT, "value": {"department": "D"}}]),
        &merged,
    );
    check(
        &json!([{"op": "remove", "path": ENT}]),
        &json!({(ENT): null}),
    );
    check(
        &json!([{"op": "remove", "path": key}, {"op": "remove", "path": format!("{ENT}:employeeNumber")}]),
        &json!({(ENT): null}),
    );
    check(
        &json!([{"op": "replace", "value": {"displayName": "x", "name.givenName": "y",
                 "emails[type eq \"home\"].value": "z@x"}}]),
        &json!({"displayName": "x", "name": {"givenName": "y", "familyName": "Jensen"},
                "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true},
                           {"value": "z@x", "type": "home"}]}),
    );
}

#[test]
fn elements_are_added_selected_and_removed() {
    let work = json!({"value": "bjensen@example.com", "type": "work", "primary": true});
    let home = json!({"value": "babs@jensen.org", "type": "home"});
    check(
        &json!([{"op": "add", "path": "emails", "value": {"value": "n@x", "type": "other"}}]),
        &json!({"emails": [work, home, {"value": "n@x", "type": "other"}]}),
    );
    check(
        &json!([{"op": "add", "path": "emails", "value": [{"value": "bjensen@example.com", "type": "work"}]}]),
        &json!({}),
    );
    check(
        &json!([{"op": "add", "path": "emails", "value": [{"value": "n@x", "primary": "True"}]}]),
        &json!({"emails": [{"value": "bjensen@example.com", "type": "work", "primary": false}, home,
                           {"value": "n@x", "primary": true}]}),
    );
    check(
        &json!([{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}]),
        &json!({"emails": [{"value": "bjensen@example.com", "type": "work", "primary": false},
                           {"value": "babs@jensen.org", "type": "home", "primary": true}]}),
    );
    check(
        &json!([{"op": "replace", "path": "emails", "value": [{"value": "n@x"}]}]),
        &json!({"emails": [{"value": "n@x"}]}),
    );
    for nothing in [json!([]), Value::Null] {
        check(
            &json!([{"op": "replace", "path": "emails", "value": nothing}]),
            &json!({"emails": null}),
        );
    }
    check(
        &json!([{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "n@x"}}]),
        &json!({"emails": [{"value": "n@x", "type": "work"}, home]}),
    );
    check(
        &json!([{"op": "add", "path": "emails[type eq \"work\"]", "value": {"display": "D"}}]),
        &json!({"emails": [{"value": "bjensen@example.com", "type": "work", "primary": true, "display": "D"}, home]}),
    );
    check(
        &json!([{"op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "1"}]),
        &json!({"phoneNumbers": [{"type": "work", "value": "1"}]}),
    );
    check(
        &json!([{"op": "add", "path": "addresses[type eq \"work\"].locality", "value": "L"},
                {"op": "add", "path": "addresses[type eq \"work\"].region", "value": "R"}]),
        &json!({"addresses": [{"type": "work", "locality": "L", "region": "R"}]}),
    );
    check(
        &json!([{"op": "remove", "path": "emails[type eq \"home\"]"}]),
        &json!({"emails": [work]}),
    );
    check(
        &json!([{"op": "remove", "path": "emails[type eq \"nope\"]"}]),
        &json!({}),
    );
    check(
        &json!([{"op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]"}]),
        &json!({"emails": [home]}),
    );
    check(
        &json!([{"op": "remove", "path": "emails[type eq \"home\"].type"}]),
        &json!({"emails": [work, {"value": "babs@jensen.org"}]}),
    );
    check(
        &json!([{"op": "Remove", "path": "emails", "value": [{"value": "BABS@jensen.org"}]}]),
        &json!({"emails": [work]}),
    );
    check(
        &json!([{"op": "remove", "path": "emails", "value": []}]),
        &json!({}),
    );
}

#[test]
fn managers_come_in_every_shape() {
    let path = format!("{ENT}:manager");
    let with = json!({(ENT): {"department": "Tour", "employeeNumber": "701984", "manager": {"value": "9"}}});
    for value in [
        json!("9"),
        json!({"value": "9"}),
        json!([{"value": "9"}]),
        json!(["9"]),
        json!({"value": "9", "displayName": "Boss", "$ref": null}),
    ] {
        check(&json!([{"op": "Add", "path": path, "value": value}]), &with);
    }
    check(
        &json!([{"op": "replace", "path": format!("{path}.value"), "value": "9"}]),
        &with,
    );
    check(
        &json!([{"op": "add", "path": path, "value": "9"}, {"op": "replace", "path": path, "value": ""}]),
        &json!({}),
    );
    check(
        &json!([{"op": "add", "path": path, "value": "9"}, {"op": "remove", "path": path}]),
        &json!({}),
    );
}

#[test]
fn entra_sends_this_bundle() {
    check(
        &json!([
            {"op": "Replace", "path": "displayName", "value": "N"},
            {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "n@x"},
            {"op": "Add", "path": "name.givenName", "value": "G"},
            {"op": "Replace", "path": "externalId", "value": "E2"},
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "Replace", "path": format!("{ENT}:employeeNumber"), "value": "7"}
        ]),
        &json!({"displayName": "N", "name": {"givenName": "G", "familyName": "Jensen"}, "externalId": "E2",
                "active": false, (ENT): {"department": "Tour", "employeeNumber": "7"},
                "emails": [{"value": "n@x", "type": "work", "primary": true},
                           {"value": "babs@jensen.org", "type": "home"}]}),
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of data")]
fn what_cannot_be_done_is_refused_with_its_keyword() {
    use ScimType::{InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget};
    let cases = [
        (json!([{"op": "move", "path": "title"}]), InvalidSyntax),
        (json!([{"path": "title", "value": "x"}]), InvalidSyntax),
        (json!([]), InvalidSyntax),
        (json!({}), InvalidSyntax),
        (json!([1]), InvalidSyntax),
        (json!([{"op": "remove"}]), NoTarget),
        (json!([{"op": "remove", "path": "userName"}]), Mutability),
        (
            json!([{"op": "replace", "path": "userName", "value": null}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "userName", "value": ""}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "userName", "value": "a\u{202e}b"}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "id", "value": "x"}]),
            Mutability,
        ),
        (
            json!([{"op": "replace", "path": "meta.created", "value": "x"}]),
            Mutability,
        ),
        (
            json!([{"op": "add", "path": "groups", "value": [{"value": "g"}]}]),
            Mutability,
        ),
        (json!([{"op": "add", "path": "title"}]), InvalidValue),
        (json!([{"op": "add", "value": "x"}]), InvalidValue),
        (json!([{"op": "add", "path": 5, "value": "x"}]), InvalidPath),
        (
            json!([{"op": "replace", "path": "nosuch", "value": "x"}]),
            InvalidPath,
        ),
        (
            json!([{"op": "replace", "value": {"nosuch": "x"}}]),
            InvalidPath,
        ),
        (
            json!([{"op": "replace", "path": "emails[type gt 5].value", "value": "x"}]),
            InvalidFilter,
        ),
        (
            json!([{"op": "replace", "path": "emails[value co \"zzz\"].value", "value": "x"}]),
            NoTarget,
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "emails[value pr].primary", "value": true}]),
            InvalidValue,
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [null]}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "title", "value": 5}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "active", "value": {}}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "active", "value": "yes"}]),
            InvalidValue,
        ),
        (
            json!([{"op": "replace", "path": "name", "value": "x"}]),
            InvalidValue,
        ),
        (
            json!([{"op": "remove", "path": "emails", "value": 5}]),
            InvalidValue,
        ),
        (
            json!([{"op": "remove", "path": "emails", "value": [{"id": "1"}]}]),
            InvalidValue,
        ),
        (
            json!([{"op": "add", "path": "schemas", "value": ["urn:unknown"]}]),
            InvalidValue,
        ),
        (
            json!([{"op": "remove", "path": format!("schemas[value eq \"{}\"]", urn::USER)}]),
            Mutability,
        ),
        (
            json!([{"op": "replace", "path": "title", "value": "A"}, {"op": "replace", "path": "nosuch", "value": "B"}]),
            InvalidPath,
        ),
    ];
    for (operations, expected) in cases {
        match patch(&operations) {
            Ok(_) => panic!("{operations} was accepted"),
            Err(e) => assert_eq!(e.scim_type, Some(expected), "{operations}: {e}"),
        }
    }
}

#[test]
fn schemas_are_changed_by_registered_extensions_only() {
    check(
        &json!([{"op": "add", "path": "schemas", "value": [ENT]}]),
        &json!({}),
    );
    check(
        &json!([{"op": "remove", "path": "schemas", "value": [ENT]}]),
        &json!({(ENT): null}),
    );
    check(
        &json!([{"op": "replace", "path": "schemas", "value": [urn::USER]}]),
        &json!({(ENT): null}),
    );
}

#[test]
fn the_id_in_a_value_is_the_resources_own_or_ignored() {
    let operations = json!([{"op": "replace", "value": {"id": "own", "title": "X"}}]);
    for (rules, other) in [(Rules::strict(), false), (Rules::interop(), true)] {
        let request = PatchRequest::parse(schemas::user(), message(&operations), &rules).unwrap();
        assert_eq!(request.check_id("own"), Ok(()));
        assert_eq!(request.check_id("other").is_ok(), other);
    }
}

#[test]
fn strict_rules_refuse_what_the_rfc_does_not_say() {
    let strict = Rules::strict();
    for operations in [
        json!([{"op": "replace", "path": "active", "value": "False"}]),
        json!([{"op": "replace", "value": {"name.givenName": "x"}}]),
        json!([{"op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "1"}]),
        json!([{"op": "replace", "value": {"meta": {}, "title": "X"}}]),
        json!([{"op": "remove", "path": "emails", "value": [{"value": "babs@jensen.org"}]}]),
        json!([{"op": "add", "path": "title", "value": null}]),
        json!([{"op": "add", "path": "emails", "value": {"value": "x"}}]),
    ] {
        assert!(patch_with(&operations, &strict).is_err(), "{operations}");
    }
    assert!(
        patch_with(
            &json!([{"op": "Add", "path": "title", "value": "x"}]),
            &strict
        )
        .is_ok()
    );
}

#[test]
fn every_quirk_means_what_its_row_says() {
    for quirk in QUIRKS {
        let read = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
        let raw = json!([read(quirk.raw)]);
        let rewritten = json!([read(quirk.rewritten)]);
        let plain = patch_with(&rewritten, &Rules::strict()).unwrap();
        assert_eq!(patch(&raw).unwrap(), plain, "{}", quirk.name);
        let allowed = patch_with(&raw, &Rules::strict()).is_ok_and(|found| found == plain);
        assert_eq!(allowed, quirk.switch.is_empty(), "{}", quirk.name);
    }
}

pub(super) fn plan(operations: &Value) -> Result<Vec<MemberEdit>, Error> {
    let rules = Rules::interop();
    let request = PatchRequest::parse(schemas::group(), message(operations), &rules)?;
    Ok(request.group_edits().members)
}

fn member(id: &str) -> MemberValue {
    MemberValue {
        value: id.into(),
        member_type: None,
    }
}

#[test]
fn member_operations_become_a_plan() {
    use MemberEdit::{AddMembers, RemoveAllMembers, RemoveMembers, ReplaceMembers};
    let remove = |ids: &[&str]| RemoveMembers(ids.iter().map(|i| (*i).to_owned()).collect());
    let cases = [
        (
            json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": "U1"}]}]),
            vec![AddMembers(vec![member("U1")])],
        ),
        (
            json!([{"op": "add", "value": {"members": [{"value": "U1"}, {"value": "U1"}]}}]),
            vec![AddMembers(vec![member("U1")])],
        ),
        (
            json!([{"op": "Remove", "path": "members", "value": [{"value": "U1"}, {"value": "U2"}]}]),
            vec![remove(&["U1", "U2"])],
        ),
        (
            json!([{"op": "remove", "path": "members", "value": "U1"}]),
            vec![remove(&["U1"])],
        ),
        (
            json!([{"op": "remove", "path": "members", "value": {"value": "U1"}}]),
            vec![remove(&["U1"])],
        ),
        (
            json!([{"op": "remove", "path": "members", "value": []}]),
            vec![remove(&[])],
        ),
        (
            json!([{"op": "remove", "path": "members"}]),
            vec![RemoveAllMembers],
        ),
        (
            json!([{"op": "remove", "path": "members[value eq\"U1\"]"}]),
            vec![remove(&["U1"])],
        ),
        (
            json!([{"op": "remove", "path": "members[value eq \"U1\" or value eq \"U2\"]"}]),
            vec![remove(&["U1", "U2"])],
        ),
        (
            json!([{"op": "replace", "path": "members", "value": [{"value": "U3", "type": "user"}]}]),
            vec![ReplaceMembers(vec![MemberValue {
                value: "U3".into(),
                member_type: Some(MemberType::User),
            }])],
        ),
        (
            json!([{"op": "replace", "value": {"id": "G1", "displayName": "N"}}]),
            vec![],
        ),
        (
            json!([{"op": "remove", "path": "members[value eq \"U1\"]"}, {"op": "add", "path": "members", "value": [{"value": "U3"}]}]),
            vec![remove(&["U1"]), AddMembers(vec![member("U3")])],
        ),
    ];
    for (operations, expected) in cases {
        assert_eq!(plan(&operations).unwrap(), expected, "{operations}");
    }
}

#[test]
fn member_shapes_that_are_not_understood_fail_closed() {
    for operations in [
        json!([{"op": "Remove", "path": "members", "value": [{"id": "U1"}]}]),
        json!([{"op": "Remove", "path": "members", "value": [null]}]),
        json!([{"op": "Remove", "path": "members", "value": ""}]),
        json!([{"op": "Remove", "path": "members", "value": 5}]),
        json!([{"op": "Remove", "path": "members", "value": [[]]}]),
        json!([{"op": "replace", "path": "members", "value": [{"value": ""}]}]),
        json!([{"op": "replace", "path": "members[value eq \"U1\"].value", "value": "U3"}]),
        json!([{"op": "add", "path": "members[value eq \"U1\"]", "value": {"value": "U3"}}]),
        json!([{"op": "remove", "path": "members[type eq \"User\"]"}]),
        json!([{"op": "remove", "path": "members[not (value eq \"U1\")]"}]),
        json!([{"op": "remove", "path": "members.value"}]),
        json!([{"op": "remove", "path": "displayName"}]),
    ] {
        assert!(plan(&operations).is_err(), "{operations}");
    }
}

#[test]
fn a_group_keeps_its_attributes_apart_from_its_members() {
    let rules = Rules::interop();
    let operations =
        json!([{"op": "replace", "value": {"displayName": "N", "members": [{"value": "U1"}]}}]);
    let request = PatchRequest::parse(schemas::group(), message(&operations), &rules).unwrap();
    let split = request.group_edits();
    let current = json!({"displayName": "G"});
    let next = split
        .attributes
        .apply(schemas::group(), current.as_object().unwrap(), &rules)
        .unwrap();
    assert_eq!(Value::Object(next), json!({"displayName": "N"}));
    assert_eq!(
        split.members,
        [MemberEdit::ReplaceMembers(vec![member("U1")])]
    );
}
