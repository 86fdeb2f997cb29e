//! The table "What the flag changes" of the wire reference, row by row.

use super::*;
use crate::sync::dialect::{COMPLIANT, DEFAULT, STANDARD};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn path(text: &str) -> TargetPath {
    TargetPath::parse(text).unwrap()
}

fn difference(target: &str, old: Option<Json>, new: Json) -> Difference {
    Difference {
        target: path(target),
        old: old.map(Value::from_json),
        new: Value::from_json(new),
        redacted: false,
        roles: None,
    }
}

fn operations(request: &Request) -> Json {
    let body = request.body.as_ref().unwrap();
    assert_eq!(body["schemas"], json!([PATCH_OP]));
    assert_eq!(request.method, Method::Patch);
    body["Operations"].clone()
}

/// Asserts what the default dialect and what the one with the flag send.
fn send(differences: &[Difference], default: &Json, compliant: &Json) {
    for (dialect, wanted) in [(&DEFAULT, default), (&COMPLIANT, compliant)] {
        let request = dialect.update(ObjectKind::User, "U1", differences);
        assert_eq!(request.path, "Users/U1");
        assert_eq!(&operations(&request), wanted, "{}", dialect.name);
    }
}

#[test]
fn an_update_looks_like_the_documented_sample() {
    let department = format!("{ENTERPRISE}:department");
    let number = format!("{ENTERPRISE}:employeeNumber");
    let differences = [
        difference(
            r#"emails[type eq "work"].value"#,
            Some(json!("old")),
            json!("x@y"),
        ),
        difference("displayName", Some(json!("old")), json!("Bjfe")),
        difference("name.givenName", Some(json!("old")), json!("Kjfe")),
        difference(&number, Some(json!("1")), json!("42")),
        difference(&department, None, json!("Sales")),
        difference(r#"addresses[type eq "work"].country"#, None, json!("US")),
    ];
    send(
        &differences,
        &json!([
            { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "x@y" },
            { "op": "Replace", "path": "displayName", "value": "Bjfe" },
            { "op": "Replace", "path": "name.givenName", "value": "Kjfe" },
            { "op": "Replace", "path": number, "value": "42" },
            { "op": "Add", "path": department, "value": "Sales" },
            { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "US" },
        ]),
        &json!([
            { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "x@y" },
            { "op": "add", "path": department, "value": "Sales" },
            { "op": "add", "path": "addresses[type eq \"work\"].country", "value": "US" },
            { "op": "replace", "value": {
                "displayName": "Bjfe", "name.givenName": "Kjfe", number: "42",
            } },
        ]),
    );
}

#[test]
fn a_simple_attribute_is_added_by_its_path() {
    send(
        &[difference("nickName", None, json!("Babs"))],
        &json!([{ "op": "Add", "path": "nickName", "value": "Babs" }]),
        &json!([{ "op": "add", "path": "nickName", "value": "Babs" }]),
    );
}

#[test]
fn booleans_are_texts_or_booleans() {
    for (new, text, flag) in [
        (json!("false"), "False", false),
        (json!(true), "True", true),
        (json!("TRUE"), "True", true),
    ] {
        send(
            &[difference("active", Some(json!(!flag)), new)],
            &json!([{ "op": "Replace", "path": "active", "value": text }]),
            &json!([{ "op": "replace", "path": "active", "value": flag }]),
        );
    }
    // A text that only looks like one.
    send(
        &[difference("title", None, json!("True"))],
        &json!([{ "op": "Add", "path": "title", "value": "True" }]),
        &json!([{ "op": "add", "path": "title", "value": "True" }]),
    );
}

#[test]
fn several_values_and_null_keep_their_shape() {
    send(
        &[
            difference("tags", Some(json!(["a"])), json!(["a", "b"])),
            difference("title", Some(json!("Boss")), json!(null)),
        ],
        &json!([
            { "op": "Replace", "path": "tags", "value": ["a", "b"] },
            { "op": "Replace", "path": "title", "value": null },
        ]),
        &json!([
            { "op": "replace", "path": "tags", "value": ["a", "b"] },
            { "op": "replace", "value": { "title": null } },
        ]),
    );
}

#[test]
fn roles_are_json_text_or_objects() {
    let role = json!([{ "id": "06b07648", "value": "25", "displayName": "Role1234" }]);
    let element = json!({ "primary": false, "type": "WindowsAzureActiveDirectoryRole", "display": "Role1234", "value": "Role1234" });
    let with = |flow, old: Option<Json>| Difference {
        roles: Some(flow),
        ..difference("roles", old, role.clone())
    };
    for old in [None, Some(json!([{ "value": "Other" }]))] {
        send(
            &[with(RoleFlow::Additive, old)],
            &json!([{ "op": "Add", "path": "roles", "value": [
                { "value": r#"{"id":"06b07648","value":"25","displayName":"Role1234"}"# } ] }]),
            &json!([{ "op": "add", "path": "roles", "value": [element] }]),
        );
    }
    send(
        &[with(RoleFlow::Assertive, None)],
        &json!([{ "op": "Replace", "path": "roles", "value": [element] }]),
        &json!([{ "op": "replace", "path": "roles", "value": [element] }]),
    );
}

#[test]
fn a_single_role_is_the_primary_one() {
    let target = r#"roles[primary eq "True"].value"#;
    for (old, default, compliant) in [
        (None, "Add", "add"),
        (Some(json!("User")), "Replace", "replace"),
    ] {
        send(
            &[difference(target, old, json!("Admin"))],
            &json!([{ "op": default, "path": target, "value": "Admin" }]),
            &json!([{ "op": compliant, "path": target, "value": "Admin" }]),
        );
    }
}

#[test]
fn a_manager_is_a_plain_string() {
    let manager = path(&format!("{ENTERPRISE}:manager"));
    for (dialect, had_one, op) in [
        (&DEFAULT, false, "Add"),
        (&DEFAULT, true, "Replace"),
        (&COMPLIANT, false, "add"),
        (&COMPLIANT, true, "replace"),
    ] {
        let request = dialect.set_manager("U1", &manager, "M1", had_one);
        let wanted = json!([{ "op": op, "path": manager.as_str(), "value": "M1" }]);
        assert_eq!(operations(&request), wanted);
    }
}

#[test]
fn a_manager_is_cleared_in_the_form_that_the_job_asks_for() {
    let manager = path(&format!("{ENTERPRISE}:manager"));
    let filtered = format!("{}[value eq \"M1\"]", manager.as_str());
    for (form, wanted) in [
        (
            ManagerRemoval::Remove,
            json!({ "op": "Remove", "path": manager.as_str() }),
        ),
        (
            ManagerRemoval::RemoveByFilter,
            json!({ "op": "Remove", "path": filtered }),
        ),
        (
            ManagerRemoval::RemoveByValue,
            json!({ "op": "Remove", "path": manager.as_str(), "value": "M1" }),
        ),
        (
            ManagerRemoval::ReplaceWithEmpty,
            json!({ "op": "Replace", "path": manager.as_str(), "value": { "value": "" } }),
        ),
    ] {
        let request = DEFAULT.clear_manager("U1", &manager, "M1", form);
        assert_eq!(operations(&request), json!([wanted]));
        let request = COMPLIANT.clear_manager("U1", &manager, "M1", form);
        let op = operations(&request)[0]["op"].clone();
        assert_eq!(op, json!(wanted["op"].as_str().unwrap().to_lowercase()));
    }
}

#[test]
fn members_are_added_by_value_and_removed_by_value_or_filter() {
    let members = path("members");
    let values = json!([{ "value": "U1" }, { "value": "U\"2" }]);
    let ids = ["U1", "U\"2"];
    for (dialect, add, remove) in [
        (
            &DEFAULT,
            json!([{ "op": "Add", "path": "members", "value": values }]),
            json!([{ "op": "Remove", "path": "members", "value": values }]),
        ),
        (
            &COMPLIANT,
            json!([{ "op": "add", "path": "members", "value": values }]),
            json!([
                { "op": "remove", "path": "members[value eq \"U1\"]" },
                { "op": "remove", "path": "members[value eq \"U\\\"2\"]" },
            ]),
        ),
    ] {
        assert_eq!(operations(&dialect.add_members("G1", &members, &ids)), add);
        assert_eq!(
            operations(&dialect.remove_members("G1", &members, &ids)),
            remove
        );
    }
}

#[test]
fn a_group_is_renamed_by_path_or_without() {
    let renamed = [difference(
        "displayName",
        Some(json!("Eng")),
        json!("Engineering"),
    )];
    for (dialect, wanted) in [
        (
            &DEFAULT,
            json!([{ "op": "Replace", "path": "displayName", "value": "Engineering" }]),
        ),
        (
            &COMPLIANT,
            json!([{ "op": "replace", "value": { "displayName": "Engineering" } }]),
        ),
    ] {
        let request = dialect.update(ObjectKind::Group, "G1", &renamed);
        assert_eq!(
            (request.path.as_str(), operations(&request)),
            ("Groups/G1", wanted)
        );
    }
}

/// Ours: nothing that a target which follows RFC 7643 and 7644 to the letter would refuse.
#[test]
fn the_standard_dialect_sends_what_the_rfcs_say() {
    let manager = path(&format!("{ENTERPRISE}:manager"));
    assert_eq!(
        operations(&STANDARD.set_manager("U1", &manager, "M1", false)),
        json!([{ "op": "add", "path": manager.as_str(), "value": { "value": "M1" } }])
    );
    assert_eq!(
        operations(&STANDARD.remove_members("G1", &path("members"), &["U1"])),
        json!([{ "op": "remove", "path": "members[value eq \"U1\"]" }])
    );
    let changes = [
        difference("name.givenName", Some(json!("Ann")), json!("Anna")),
        difference("active", Some(json!("True")), json!("False")),
    ];
    assert_eq!(
        operations(&STANDARD.update(ObjectKind::User, "U1", &changes)),
        json!([
            { "op": "replace", "path": "name.givenName", "value": "Anna" },
            { "op": "replace", "path": "active", "value": false },
        ])
    );
    let schemas = |dialect: &Dialect| {
        let request = dialect.create(ObjectKind::Group, &[]);
        request.body.unwrap()["schemas"].clone()
    };
    let core = "urn:ietf:params:scim:schemas:core:2.0:Group";
    assert_eq!(schemas(&STANDARD), json!([core]));
    assert_eq!(schemas(&DEFAULT).as_array().unwrap().len(), 2);
}
