//! Rules by example.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::clock::Timestamp;
use crate::id::{Guid, Nonce, Seq};

const EXTENSION: &str = "extension_0123456789abcdef0123456789abcdef_badge";

fn user() -> DirectoryUser {
    let attributes = [
        ("department", json!("Sales")),
        ("jobTitle", json!("Sales Manager")),
        ("displayName", json!("Jo \"Red\" O'Neil")),
        ("dirSyncEnabled", json!("True")),
        ("extensionAttribute3", json!("EU")),
        (
            "proxyAddresses",
            json!(["SMTP:jo@a.example", "smtp:j@a.example"]),
        ),
        (EXTENSION, json!("77")),
    ];
    DirectoryUser {
        seq: Seq(1),
        id: Guid::from_nonce(Nonce([7; 16])),
        user_principal_name: "Jo@a.example".into(),
        account_enabled: true,
        guest: false,
        manager: None,
        deleted: None,
        created: Timestamp::from_millis(0),
        attributes: attributes
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
    }
}

fn holds(rule: &str) -> bool {
    rule.parse::<MembershipRule>()
        .unwrap_or_else(|error| panic!("{rule}: {error}"))
        .matches(&user())
}

#[test]
fn every_operator_means_what_it_says() {
    for (rule, expected) in [
        (r#"user.department -eq "Sales""#, true),
        (r#"user.department -eq "sALES""#, true),
        (r#"USER.Department eq "sales""#, true),
        (r#"user.department -ne "Sales""#, false),
        (r#"user.department -startsWith "SA""#, true),
        (r#"user.department -notStartsWith "SA""#, false),
        (r#"user.jobTitle -contains "manag""#, true),
        (r#"user.jobTitle -notContains "manag""#, false),
        (r#"user.jobTitle -match "^sales .+er$""#, true),
        (r#"user.jobTitle -notMatch "^sales .+er$""#, false),
        (r#"user.jobTitle -match "sales(?= man)""#, true),
        (r#"user.department -in ["HR", "Sales"]"#, true),
        (r#"user.department -notIn ["HR", "Sales"]"#, false),
        ("user.accountEnabled -eq true", true),
        ("user.accountEnabled -ne true", false),
        (r#"user.accountEnabled -eq "False""#, false),
        ("user.dirSyncEnabled -eq true", true),
        (r#"user.userType -eq "Member""#, true),
        (r#"user.userPrincipalName -contains "@a.example""#, true),
        (
            r#"user.objectId -eq "07070707-0707-4707-8707-070707070707""#,
            true,
        ),
        (r#"user.extensionAttribute3 -eq "eu""#, true),
        (
            r#"user.extension_0123456789abcdef0123456789abcdef_badge -eq "77""#,
            true,
        ),
        (
            r#"user.proxyAddresses -any (_ -startsWith "smtp:jo")"#,
            true,
        ),
        (
            r#"user.proxyAddresses -all (_ -contains "@a.example")"#,
            true,
        ),
        (
            r#"user.proxyAddresses -all (_ -startsWith "smtp:jo")"#,
            false,
        ),
        (r#"user.displayName -eq "jo `"red`" o'neil""#, true),
        (r#"user.displayName -eq 'Jo "Red" O''Neil'"#, true),
    ] {
        assert_eq!(holds(rule), expected, "{rule}");
    }
}

#[test]
fn what_has_no_value_equals_null_and_nothing_else() {
    for (rule, expected) in [
        ("user.city -eq null", true),
        ("user.city -ne null", false),
        ("user.department -eq $null", false),
        ("user.dirSyncEnabled -ne NULL", true),
        (r#"user.city -eq "X""#, false),
        (r#"user.city -ne "X""#, true),
        (r#"user.city -startsWith "X""#, false),
        (r#"user.city -notStartsWith "X""#, true),
        (r#"user.city -contains """#, false),
        (r#"user.city -notContains """#, true),
        (r#"user.city -match ".*""#, false),
        (r#"user.city -notMatch ".*""#, true),
        (r#"user.city -in ["X"]"#, false),
        (r#"user.city -notIn ["X"]"#, true),
    ] {
        assert_eq!(holds(rule), expected, "{rule}");
    }
}

#[test]
fn not_binds_tighter_than_and_and_and_tighter_than_or() {
    let (t, f) = (
        "(user.accountEnabled -eq true)",
        "(user.accountEnabled -eq false)",
    );
    for (rule, expected) in [
        (format!("{t} -or {t} -and {f}"), true),
        (format!("({t} -or {t}) -and {f}"), false),
        (format!("-not {f} -and {f}"), false),
        (format!("-not ({f} -and {f})"), true),
        (format!("not {t} or {t}"), true),
        (format!("-not -not {t}"), true),
    ] {
        assert_eq!(holds(&rule), expected, "{rule}");
    }
}

#[test]
fn a_mistake_is_told_with_its_place() {
    for (rule, position, message) in [
        (
            "",
            1,
            "expected a property such as user.department, found the end of the rule",
        ),
        ("user.department", 16, "expected one of -eq, -ne"),
        ("user.department -like \"x\"", 17, "expected one of"),
        (
            "user.department -eq",
            20,
            "expected a text in quotation marks",
        ),
        ("user.department -eq Sales", 21, "found \"Sales\""),
        ("user.department -eq \"x", 21, "no \" at its end"),
        (
            "device.name -eq \"x\"",
            1,
            "a property such as user.department",
        ),
        (
            "user.nickname -eq \"x\"",
            1,
            "user.nickname is not a property",
        ),
        ("user.manager -eq \"x\"", 1, "is not a property"),
        (
            "user.city -eq \"x\" user.city",
            19,
            "expected -and, -or or the end",
        ),
        ("(user.city -eq \"x\"", 19, "expected ')'"),
        ("user.city -match \"(\"", 18, "not a regular expression"),
        ("user.city -in \"x\"", 15, "expected '['"),
        ("user.city -in [\"x\" \"y\"]", 20, "',' or ']'"),
        (
            "user.city -startsWith null",
            23,
            "null is compared with -eq and -ne",
        ),
        ("user.accountEnabled -eq 1", 25, "true, false or null"),
        ("user.accountEnabled -contains true", 21, "-eq and -ne"),
        ("user.city -any (_ -eq \"x\")", 11, "several values"),
        ("user.proxyAddresses -eq \"x\"", 21, "-any or -all"),
        ("user.proxyAddresses -any (x -eq \"x\")", 27, "each value"),
        ("user.city -eq \"\u{e9}\" )", 19, "found ')'"),
    ] {
        let error = rule.parse::<MembershipRule>().unwrap_err();
        assert_eq!(error.position, position, "{rule}: {error}");
        assert!(error.message.contains(message), "{rule}: {error}");
    }
    let long = format!("user.city -eq \"{}\"", "x".repeat(LENGTH));
    assert!(long.parse::<MembershipRule>().is_err());
    let deep = format!("{}user.city -eq null{}", "(".repeat(40), ")".repeat(40));
    assert!(
        deep.parse::<MembershipRule>()
            .unwrap_err()
            .message
            .contains("nested")
    );
}

proptest! {
    #[test]
    fn any_text_is_a_rule_or_a_mistake_within_it(text in r#"[-a-z(). "'`\[\],_$^*é]{0,60}"#) {
        if let Err(error) = text.parse::<MembershipRule>() {
            prop_assert!((1..=text.trim().chars().count() + 1).contains(&error.position));
        }
    }

    #[test]
    fn a_negative_operator_is_the_opposite_of_its_pair(value in "[a-zA-Z]{0,6}", city in proptest::option::of("[a-z]{0,6}")) {
        let mut user = user();
        if let Some(city) = city {
            user.attributes.insert("city".into(), city.into());
        }
        for (positive, negative) in [("eq", "ne"), ("startsWith", "notStartsWith"), ("contains", "notContains"), ("match", "notMatch")] {
            let holds = |operator| {
                let rule = format!("user.city -{operator} \"{value}\"");
                rule.parse::<MembershipRule>().unwrap().matches(&user)
            };
            prop_assert_ne!(holds(positive), holds(negative));
        }
    }
}
