//! Tables of whole objects: what is sent on create and on update, and why the rest is not.

use serde_json::{Value as Json, json};

use super::super::{Expression, Taken};
use super::*;
use crate::mapping::Value;

fn users(attributes: &Json) -> Result<ObjectMapping, String> {
    serde_json::from_value(json!({
        "name": "Users", "source_type": "User", "enabled": true, "attributes": attributes,
    }))
    .map_err(|e| e.to_string())
}

fn direct(name: &str, target: &str) -> Json {
    json!({"source": {"type": "Direct", "value": name}, "target": target})
}

fn matching(name: &str, target: &str, priority: u32) -> Json {
    json!({"source": {"type": "Direct", "value": name}, "target": target, "matching_priority": priority})
}

fn expression(text: &str, target: &str) -> Json {
    json!({"source": {"type": "Expression", "value": text}, "target": target})
}

#[test]
fn mappings_that_do_not_fit_together_are_refused() {
    let none = json!({"source": {"type": "None"}, "target": "title"});
    let constant = json!({"source": {"type": "Constant", "value": "x"}, "target": "title", "matching_priority": 1});
    for (attributes, part) in [
        (json!([]), "no attribute matches"),
        (json!([direct("mail", "userName")]), "no attribute matches"),
        (
            json!([matching("mail", "userName", 1), direct("mail", "USERNAME")]),
            "mapped twice",
        ),
        (
            json!([
                matching("mail", "userName", 1),
                matching("x", "externalId", 1)
            ]),
            "precedence 1 is used by 'userName' and 'externalId'",
        ),
        (json!([matching("manager", "userName", 1)]), "references"),
        (json!([constant]), "the same for every object"),
        (
            json!([matching("mail", "userName", 1), none]),
            "neither a source nor a default",
        ),
        (
            json!([matching(" ", "userName", 1)]),
            "names no source attribute",
        ),
        (
            json!([matching("mail", "user name", 1)]),
            "target attribute 'user name'",
        ),
        (
            json!([expression("Mid([a])", "title")]),
            "at line 1, column 1",
        ),
        (
            json!([expression("Append([a], Foo())", "title")]),
            "at line 1, column 13",
        ),
    ] {
        let error = users(&attributes).expect_err(part);
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn an_object_is_mapped_as_documented() {
    let mut with_default = direct("jobTitle", "title");
    with_default["default_value"] = json!("Employee");
    let mut add_only = expression("RandomString(8,1,1,1,1)", "password");
    add_only["flow"] = json!("ObjectAddOnly");
    let mapping = users(&json!([
        matching("mail", "userName", 1),
        with_default,
        add_only,
        expression("IgnoreFlowIfNullOrEmpty([city])", "nickName"),
        expression("IIF([country]=\"US\",\"a\",\"b\")", "userType"),
        direct("state", "locale"),
        direct("manager", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"),
        expression("Redact([surname])", "name.familyName"),
        direct("proxyAddresses", "emails[type eq \"work\"].value"),
        direct("tags", "name.honorificPrefix"),
        {"source": {"type": "None"}, "default_value": "en", "target": "preferredLanguage"},
        {"source": {"type": "Constant", "value": "x"}, "target": "externalId"},
    ]))
    .unwrap();
    let source: Source = serde_json::from_value(json!({
        "Mail": "k@x", "manager": "o2", "surname": "Akers", "proxyAddresses": ["a", "b"], "tags": ["Dr."],
    }))
    .unwrap();
    let context = Context::new(0, [1; 16], "");
    let mapped = mapping.map(&source, &context, Purpose::Create);
    let sent: Vec<&str> = mapped
        .attributes
        .iter()
        .map(|a| a.target.as_str())
        .collect();
    assert_eq!(
        sent,
        [
            "userName",
            "title",
            "password",
            "name.familyName",
            "name.honorificPrefix",
            "preferredLanguage",
            "externalId"
        ]
    );
    let redacted: Vec<bool> = mapped.attributes.iter().map(|a| a.redacted).collect();
    assert_eq!(redacted, [false, false, false, true, false, false, false]);
    assert_eq!(mapped.attributes[4].value, Value::from("Dr."));
    assert_eq!(
        mapped.get(&"TITLE".parse().unwrap()).unwrap().value,
        Value::from("Employee")
    );
    let reasons: Vec<(&str, &UnsentReason)> = mapped
        .unsent
        .iter()
        .map(|u| (u.target.as_str(), &u.reason))
        .collect();
    assert_eq!(reasons[0], ("nickName", &UnsentReason::Dropped));
    assert!(matches!(reasons[1], ("userType", UnsentReason::Failed(_))));
    assert_eq!(reasons[2], ("locale", &UnsentReason::Null));
    assert_eq!(reasons[3].1, &UnsentReason::SeveralValues(2));
    assert_eq!(mapped.unsent.len(), 4);

    let mapped = mapping.map(&source, &context, Purpose::Update);
    let sent: Vec<&str> = mapped
        .attributes
        .iter()
        .map(|a| a.target.as_str())
        .collect();
    assert_eq!(
        sent,
        [
            "userName",
            "name.familyName",
            "name.honorificPrefix",
            "externalId"
        ]
    );
    assert_eq!(mapped.unsent[0].reason, UnsentReason::Null);
    assert_eq!(mapped.unsent[1].reason, UnsentReason::CreateOnly);
}

#[test]
fn two_mappings_draw_different_random_values() {
    let mapping = users(&json!([
        matching("mail", "userName", 1),
        expression("Guid()", "title"),
        expression("Guid()", "nickName"),
    ]))
    .unwrap();
    let mapped = mapping.map(
        &Source::new(),
        &Context::new(0, [1; 16], ""),
        Purpose::Create,
    );
    assert_ne!(mapped.attributes[0].value, mapped.attributes[1].value);
}

#[test]
fn matching_is_tried_in_order_and_unknown_attributes_are_listed() {
    let mapping = users(&json!([
        matching("extension_a_b", "externalId", 2),
        matching("mail", "userName", 1),
        expression("Append([MAIL], [Extension_A_B])", "title"),
    ]))
    .unwrap();
    let order: Vec<&str> = mapping
        .matching()
        .iter()
        .map(|m| m.target.as_str())
        .collect();
    assert_eq!(order, ["userName", "externalId"]);
    assert_eq!(mapping.unknown_source_attributes(), ["extension_a_b"]);
    assert_eq!(mapping.soft_delete(), None);
}

#[test]
fn the_defect_of_switch_is_told_apart_from_null() {
    let mapping = users(&json!([
        matching("mail", "userName", 1),
        expression("Switch([IsSoftDeleted], , \"False\", \"True\")", "active"),
        expression("Switch([city], , \"Oslo\", \"x\")", "title"),
    ]))
    .unwrap();
    let source: Source =
        serde_json::from_value(json!({"mail": "k@x", "IsSoftDeleted": false})).unwrap();
    let reasons = |changed: &[&str], purpose| {
        let context = Context::new(0, [1; 16], "").with_switch_null_bug(changed);
        let mapped = mapping.map(&source, &context, purpose);
        let reasons = mapped.unsent.into_iter();
        reasons.map(|u| (u.mapping, u.reason)).collect::<Vec<_>>()
    };
    let nulled = (1, UnsentReason::SwitchNull);
    assert_eq!(
        reasons(&["City"], Purpose::Update),
        [nulled, (2, UnsentReason::Null)]
    );
    let both = [(2, UnsentReason::Null)];
    assert_eq!(reasons(&["city", "issoftdeleted"], Purpose::Update), both);
}

#[test]
fn a_unique_value_is_asked_for_with_the_target_it_goes_to() {
    let rules = "SelectUniqueValue([a], [b])";
    let mapping = users(&json!([
        matching("mail", "userName", 1),
        expression(rules, "nickName")
    ]));
    let source: Source = serde_json::from_value(json!({"a": "1", "b": "2"})).unwrap();
    let taken = Taken::new(|target, value| {
        Ok(target.is_some_and(|t| t.as_str() == "nickName") && value == "1")
    });
    let context = Context::new(0, [1; 16], "").with_taken(taken);
    let mapping = mapping.unwrap();
    let mapped = mapping.map(&source, &context, Purpose::Create);
    assert_eq!(mapped.attributes[0].value, Value::from("2"));
    let mut matches = matching("mail", "userName", 1);
    matches["source"] = json!({"type": "Expression", "value": rules});
    let refused = users(&json!([matches])).unwrap_err();
    assert!(refused.contains("no object has yet"), "{refused}");
}

#[test]
fn a_mapping_without_a_target_is_computed_too() {
    let source = MappingSource::Expression(
        Expression::parse(r#"SelectUniqueValue(Append([a], "1"), Append([a], "2"))"#).unwrap(),
    );
    let title = TargetPath::parse("title").unwrap();
    let taken = Taken::new(|target, value| Ok(target.is_none() && value == "x1"));
    let context = Context::new(0, [0; 16], "contoso.com").with_taken(taken);
    let mut object = Source::new();
    object.set("a", "x");
    let with = |target| {
        let computation = Computation {
            source: &source,
            target,
            default_value: None,
            flow: FlowType::Always,
        };
        computation.value(0, &object, &context, Purpose::Create)
    };
    assert_eq!(with(None), Ok(Value::from("x2")));
    assert_eq!(with(Some(&title)), Ok(Value::from("x1")));
}

#[test]
fn an_object_mapping_has_bounds() {
    let filled = |count: usize, source: &dyn Fn(usize) -> Json| {
        let rows = (1..count).map(source);
        let first = std::iter::once(matching("mail", "userName", 1));
        users(&first.chain(rows).collect())
    };
    let plain = |n: usize| direct("mail", &format!("a{n}"));
    let pattern = |n: usize| expression(r#"Replace([a], , "x", , "", , )"#, &format!("a{n}"));
    assert!(filled(1_000, &plain).is_ok() && filled(101, &pattern).is_ok());
    for (refused, part) in [
        (filled(1_001, &plain), "at most 1000 attribute mappings"),
        (filled(102, &pattern), "at most 100 regular expressions"),
    ] {
        let error = refused.unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}
