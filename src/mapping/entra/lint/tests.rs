//! One table: mappings, and what is said of them.

use serde_json::{Value as Json, json};

use super::super::{Preset, non_gallery, postman};
use super::*;

fn codes(found: &[Finding]) -> Vec<&'static str> {
    found.iter().map(|finding| finding.code).collect()
}

fn users(rows: &Json) -> ObjectMapping {
    let mut all = vec![
        json!({"source": {"type": "Direct", "value": "userPrincipalName"}, "target": "userName", "matching_priority": 1}),
        json!({"source": {"type": "Expression", "value": "Not([IsSoftDeleted])"}, "target": "active"}),
    ];
    for row in rows.as_array().unwrap() {
        all.retain(|known| known["target"] != row["target"]);
        all.push(row.clone());
    }
    serde_json::from_value(
        json!({"name": "Users", "source_type": "User", "enabled": true, "attributes": all}),
    )
    .unwrap()
}

fn direct(name: &str, target: &str) -> Json {
    json!({"source": {"type": "Direct", "value": name}, "target": target})
}

fn expression(text: &str, target: &str) -> Json {
    json!({"source": {"type": "Expression", "value": text}, "target": target})
}

fn said(rows: &Json, circumstances: Circumstances) -> Vec<&'static str> {
    codes(&lint_mapping(&users(rows), circumstances))
}

#[test]
fn a_sound_mapping_is_left_in_peace() {
    assert_eq!(
        said(
            &json!([direct("department", "title")]),
            Circumstances::default()
        ),
        [""; 0]
    );
    let rules = Preset::find("postman-2024").unwrap().rules();
    let circumstances = Circumstances::new(false, &rules, None);
    assert!(circumstances.postman);
    assert_eq!(lint(&rules, circumstances), []);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table is long")]
fn each_mistake_is_named() {
    let matching = |name: &str, target: &str| json!({"source": {"type": "Direct", "value": name}, "target": target, "matching_priority": 1});
    for (code, rows) in [
        ("matching-mail", json!([matching("mail", "userName")])),
        (
            "active-polarity",
            json!([direct("IsSoftDeleted", "active")]),
        ),
        (
            "active-polarity",
            json!([expression(
                r#"Switch([IsSoftDeleted], , "False", "False", "True", "True")"#,
                "active"
            )]),
        ),
        (
            "active-polarity",
            json!([expression("Not(Not([IsSoftDeleted]))", "active")]),
        ),
        ("active-source", json!([direct("accountEnabled", "active")])),
        (
            "active-source",
            json!([json!({"source": {"type": "Constant", "value": "True"}, "target": "active"})]),
        ),
        (
            "same-place",
            json!([
                direct("mail", "emails[type eq \"work\"].value"),
                direct(
                    "mailNickname",
                    "urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq \"Work\"].value"
                )
            ]),
        ),
        (
            "same-place",
            json!([
                direct("mail", "emails[type eq \"work\"].value"),
                direct("mailNickname", "emails[primary eq \"True\"].value")
            ]),
        ),
        (
            "same-place",
            json!([
                direct("givenName", "name.givenName"),
                direct("displayName", "name")
            ]),
        ),
        (
            "several-values",
            json!([direct("proxyAddresses", "emails[type eq \"work\"].value")]),
        ),
        (
            "several-values",
            json!([direct("proxyAddresses", "nickName")]),
        ),
        (
            "matching-kind",
            json!([matching("proxyAddresses", "userName")]),
        ),
        (
            "iif-empty",
            json!([expression(r#"IIF([country]="", "a", "b")"#, "title")]),
        ),
        (
            "iif-empty",
            json!([expression(
                r#"IIF(IsNullOrEmpty([country]), "a", "b")"#,
                "title"
            )]),
        ),
        (
            "iif-empty",
            json!([expression(
                r#"Append(IIF(IsPresent([country]), "a", "b"), "c")"#,
                "title"
            )]),
        ),
        (
            "iif-null",
            json!([expression(r#"IIF([country]="NO", "a", "b")"#, "title")]),
        ),
        (
            "switch-test",
            json!([expression(
                r#"Switch(IsPresent([city]), "x", "True", "y")"#,
                "title"
            )]),
        ),
        (
            "switch-null",
            json!([expression(r#"Switch([city], "x", "a", "b")"#, "title")]),
        ),
        ("random-always", json!([expression("Guid()", "title")])),
        (
            "case-not-exact",
            json!([expression("ToLower([mail])", "nickName")]),
        ),
        (
            "reference-in-expression",
            json!([expression(r#"Append([manager], "x")"#, "title")]),
        ),
        (
            "single-app-role",
            json!([expression(
                "SingleAppRoleAssignment([appRoleAssignments])",
                "roles[primary eq \"True\"].value"
            )]),
        ),
        (
            "unknown-source",
            json!([direct(
                "extension_0123456789abcdef0123456789abcdef_badge",
                "title"
            )]),
        ),
        (
            "unavailable-source",
            json!([direct("userType", "userType")]),
        ),
        (
            "unknown-target",
            json!([direct(
                "city",
                "urn:ietf:params:scim:schemas:extension:X:2.0:User:city"
            )]),
        ),
        ("entitlements", json!([direct("city", "entitlements")])),
        (
            "none-on-create",
            json!([json!({"source": {"type": "None"}, "default_value": "x", "target": "title"})]),
        ),
        ("read-only-target", json!([direct("objectId", "id")])),
    ] {
        let found = said(&rows, Circumstances::default());
        assert!(found.contains(&code), "{code}: {found:?} of {rows}");
        for finding in lint_mapping(&users(&rows), Circumstances::default()) {
            assert!(
                finding.sentence.ends_with('.') && finding.remedy.ends_with('.'),
                "{finding:?}"
            );
        }
    }
}

#[test]
fn what_is_missing_is_named_too() {
    let bare: ObjectMapping = serde_json::from_value(json!({
        "name": "Users", "source_type": "User", "enabled": true,
        "actions": {"create": false, "update": false, "delete": false},
        "attributes": [{"source": {"type": "Direct", "value": "objectId"}, "target": "externalId", "matching_priority": 1}],
    }))
    .unwrap();
    let found = codes(&lint_mapping(&bare, Circumstances::default()));
    assert_eq!(
        found,
        ["active-unmapped", "required-unmapped", "no-actions"]
    );
    let mut fields = bare.into_fields();
    fields.enabled = false;
    let off = ObjectMapping::new(fields).unwrap();
    assert_eq!(lint_mapping(&off, Circumstances::default()), []);
}

#[test]
fn app_roles_need_assignments() {
    let rows = json!([expression(
        "SingleAppRoleAssignment([appRoleAssignments])",
        "roles[primary eq \"True\"].value"
    )]);
    let everybody = Circumstances {
        everybody: true,
        ..Circumstances::default()
    };
    assert!(said(&rows, everybody).contains(&"app-roles-everybody"));
    assert!(!said(&rows, Circumstances::default()).contains(&"app-roles-everybody"));
}

/// The page of 2025 asks for `mail`, and warns of everything else left in place.
#[test]
fn postman_is_told_of_default_mappings_left_in_place() {
    let rules = postman();
    assert_eq!(
        codes(&lint(&rules, Circumstances::new(false, &rules, None))),
        ["matching-mail"]
    );
    let rules = non_gallery();
    let urls = [
        "https://api.getpostman.com/scim/v2/",
        "https://api.eu.postman.com/scim/v2",
    ];
    for url in urls {
        let circumstances = Circumstances::new(false, &rules, Some(url));
        let found = lint(&rules, circumstances);
        let left = found
            .iter()
            .filter(|finding| finding.code == "not-on-postmans-list");
        assert_eq!(left.count(), 19, "18 of users, externalId of groups");
    }
    for url in [
        "http://127.0.0.1:7644/scim/v2",
        "https://postman.com.example/scim",
    ] {
        assert!(
            !Circumstances::new(false, &rules, Some(url)).postman,
            "{url}"
        );
    }
}

#[test]
fn the_worst_comes_first() {
    let rows = json!([
        expression(r#"Switch([city], "x", "a", "b")"#, "title"),
        direct("IsSoftDeleted", "active")
    ]);
    let found = lint_mapping(&users(&rows), Circumstances::default());
    assert_eq!(codes(&found), ["active-polarity", "switch-null"]);
    assert!(found.is_sorted_by_key(|finding| finding.severity));
}
