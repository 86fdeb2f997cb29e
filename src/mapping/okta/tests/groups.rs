//! Groups of the user.

use serde_json::{Value as Json, json};

use super::{check, failure};
use crate::mapping::okta::{Context, ErrorKind, Expression, Purpose};

/// The groups that the rows of the reference are about.
pub(super) fn note() -> Json {
    json!({"groups": [
        {"id": "00gak46y5hydV6NdM0g4", "type": "BUILT_IN", "name": "Everyone"},
        {"id": "00g1emaKYZTWRYYRRTSK", "type": "OKTA_GROUP", "name": "West Coast Users"},
        {"id": "00garwpuyxHaWOkdV0g4", "type": "OKTA_GROUP", "name": "West Coast Admins"},
        {"id": "00gjitX9HqABSoqTB0g3", "type": "APP_GROUP", "name": "Engineering Users", "source_id": "0aae4be2456eb62f7c3d"},
        {"id": "00gnftmgQxC2L19j6I9c", "type": "APP_GROUP", "name": "Engineering Users", "source_id": "0a61c8dacb58b3c0716e"},
    ]})
}

#[test]
fn membership_is_asked_by_name_and_by_id() {
    let rows = [
        (r#"isMemberOfGroupName("Everyone")"#, true),
        (r#"isMemberOfGroupName("everyone")"#, false),
        (r#"isMemberOfGroupName("Every")"#, false),
        (r#"isMemberOfGroup("00g1emaKYZTWRYYRRTSK")"#, true),
        (r#"isMemberOfGroup("00g1")"#, false),
        (r#"isMemberOfAnyGroup("x", "00gnftmgQxC2L19j6I9c")"#, true),
        (r#"isMemberOfAnyGroup("x", "y", "z")"#, false),
        (r#"isMemberOfGroupNameStartsWith("West")"#, true),
        (r#"isMemberOfGroupNameStartsWith("Coast")"#, false),
        (r#"isMemberOfGroupNameContains("Coast")"#, true),
        (r#"isMemberOfGroupNameContains("coast")"#, false),
        (r#"isMemberOfGroupNameRegex("/.*Admin.*")"#, true),
        (r#"isMemberOfGroupNameRegex(".*Admin.*")"#, true),
        (r#"isMemberOfGroupNameRegex("Admin")"#, false),
        (r#"isMemberOfGroupNameRegex("(?i)west.*" + "users")"#, true),
        ("isMemberOfGroupName(null)", false),
        ("isMemberOfGroup(user.none)", false),
        ("isMemberOfGroupNameContains(null)", false),
        ("isMemberOfGroupNameRegex(user.none)", false),
    ];
    check(&rows.map(|(text, wanted)| (text, note(), json!(wanted))));
    for (text, _) in rows {
        let value = super::value(text, &json!({}));
        assert_eq!(value, json!(false), "{text} of nobody's groups");
    }
}

#[test]
fn listed_groups_are_filtered_and_limited() {
    let rows = [
        (
            r#"getFilteredGroups({"00gak46y5hydV6NdM0g4", "00gnftmgQxC2L19j6I9c", "00gx"}, "group.name", 40)"#,
            json!(["Everyone", "Engineering Users"]),
        ),
        (
            r#"getFilteredGroups({"00gak46y5hydV6NdM0g4", "00gnftmgQxC2L19j6I9c"}, "group.id", 1)"#,
            json!(["00gak46y5hydV6NdM0g4"]),
        ),
        (r#"getFilteredGroups({}, "group.name", 1)"#, json!([])),
    ];
    check(&rows.map(|(text, wanted)| (text, note(), wanted)));
    for (text, kind) in [
        (
            r#"getFilteredGroups({}, "group.owner", 1)"#,
            ErrorKind::Reference,
        ),
        (
            r#"getFilteredGroups({}, "group.name", 0)"#,
            ErrorKind::Range,
        ),
        (
            r#"getFilteredGroups({}, "group.name", "x")"#,
            ErrorKind::Type,
        ),
    ] {
        assert_eq!(failure(text, &note()).kind, kind, "{text}");
    }
}

#[test]
fn criteria_are_all_met_by_any_of_their_values() {
    let rows = [
        (
            "user.getGroups({'group.id': {'00gjitX9HqABSoqTB0g3', '00garwpuyxHaWOkdV0g4'}}, {'group.type': 'APP_GROUP'})",
            json!(["00gjitX9HqABSoqTB0g3"]),
        ),
        (
            "user.getGroups({'group.source.id': '0a61c8dacb58b3c0716e'})",
            json!(["00gnftmgQxC2L19j6I9c"]),
        ),
        (
            "user.getGroups({'group.profile.name': 'West', 'operator': 'EXACT'})",
            json!([]),
        ),
        (
            "user.getGroups({'group.profile.name': 'Everyone', 'operator': 'EXACT'})",
            json!(["00gak46y5hydV6NdM0g4"]),
        ),
        (
            "user.getGroups({'group.profile.name': 'West'}).![name]",
            json!(["West Coast Users", "West Coast Admins"]),
        ),
        (
            "user.getGroups({'group.type': 'APP_GROUP'}).![name + '/' + source.id]",
            json!([
                "Engineering Users/0aae4be2456eb62f7c3d",
                "Engineering Users/0a61c8dacb58b3c0716e"
            ]),
        ),
        (
            "user.getGroups({'group.type': 'BUILT_IN'})[0].name",
            json!("Everyone"),
        ),
        (
            "Arrays.size(user.getGroups({'group.type': 'APP_GROUP'}))",
            json!(2),
        ),
        (
            "Arrays.contains(user.getGroups({'group.type': 'BUILT_IN'}), '00gak46y5hydV6NdM0g4')",
            json!(true),
        ),
        (
            "Arrays.toCsvString(user.getGroups({'group.profile.name': 'West'}).![name])",
            json!("West Coast Users,West Coast Admins"),
        ),
    ];
    check(&rows.map(|(text, wanted)| (text, note(), wanted)));
    for text in [
        "user.getGroups('x')",
        "user.getGroups({'group.owner': 'x'})",
        "user.getGroups({'operator': 'EXACT'})",
        "user.getGroups({'group.type': 1})",
        "user.getGroups({'group.profile.name': 'x', 'operator': 'ENDS_WITH'})",
    ] {
        assert_eq!(failure(text, &note()).kind, ErrorKind::Type, "{text}");
    }
}

#[test]
fn functions_for_claims_are_refused_in_mappings_and_give_names_in_claims() {
    let given = note();
    let context = Context::from_json(given.as_object().unwrap(), 0).unwrap();
    for (text, wanted) in [
        (
            r#"Groups.contains("OKTA", "Coast", 10)"#,
            json!(["West Coast Users", "West Coast Admins"]),
        ),
        (
            r#"Groups.contains("OKTA", "Coast", 1)"#,
            json!(["West Coast Users"]),
        ),
        (
            r#"Groups.startsWith("OKTA", "Every", 10)"#,
            json!(["Everyone"]),
        ),
        (
            r#"Groups.endsWith("0aae4be2456eb62f7c3d", "Users", 10)"#,
            json!(["Engineering Users"]),
        ),
        (
            r#"Groups.endsWith("OKTA", "Users", 10)"#,
            json!(["West Coast Users"]),
        ),
    ] {
        for purpose in [Purpose::Mapping, Purpose::GroupRule] {
            let error = Expression::parse_for(text, purpose).unwrap_err();
            assert!(error.message.contains("for claims only"), "{text}: {error}");
        }
        let expression = Expression::parse_for(text, Purpose::Claim).unwrap();
        let value = expression.evaluate(&context).unwrap();
        assert_eq!(value.to_json(), wanted, "{text}");
    }
}
