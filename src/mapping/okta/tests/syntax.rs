//! What is read, what is refused, and where an error is said to be.

use serde_json::json;

use super::{check_plain, parse, value};
use crate::mapping::okta::expression::parse::{MAX_CHARACTERS, MAX_DEPTH};
use crate::mapping::okta::pattern::MOST_WRITTEN;
use crate::mapping::okta::{Context, Expression, Purpose, Reference, SyntaxError, Template};

#[test]
fn strings_stand_in_either_quotes_and_backslashes_are_characters() {
    check_plain(&[
        (r#""""#, json!("")),
        ("''", json!("")),
        (r#""\""#, json!("\\")),
        (r#""XDOMAIN\" + 'a'"#, json!("XDOMAIN\\a")),
        ("'it''s'", json!("it's")),
        (r#""say ""so""""#, json!("say \"so\"")),
        (r#"'a "b"'"#, json!("a \"b\"")),
        (r#""it's""#, json!("it's")),
        (r"'\n'", json!("\\n")),
        ("'two\nlines'", json!("two\nlines")),
    ]);
}

#[test]
fn literals_and_words_of_the_language_are_read_in_any_case() {
    check_plain(&[
        ("NULL", json!(null)),
        ("null", json!(null)),
        ("Null", json!(null)),
        ("TRUE", json!(true)),
        ("1234", json!(1234)),
        ("3.25", json!(3.25)),
        ("1e3", json!(1000.0)),
        ("1.5E-1", json!(0.15)),
        ("{1, 'a', {true}}", json!([1, "a", [true]])),
        ("true And not false", json!(true)),
    ]);
    assert_eq!(value("user.not", &json!({"user": {"not": 1}})), json!(1));
}

fn refused(text: &str) -> SyntaxError {
    match Expression::parse(text) {
        Ok(_) => panic!("{text} was read"),
        Err(error) => error,
    }
}

#[test]
fn errors_say_what_and_where() {
    for (text, column, part) in [
        ("", 1, "a value is missing at the end"),
        ("user.firstName = \"x\"", 16, "nothing can be assigned"),
        ("user = 1", 6, "nothing can be assigned"),
        ("T(java.lang.Runtime)", 1, "types of Java"),
        ("new String(\"x\")", 1, "objects cannot be made"),
        ("#var", 1, "no variables"),
        ("#func(1)", 1, "no variables"),
        ("@bean", 1, "beans"),
        ("Groups.contains(\"OKTA\",\"x\",10)", 1, "for claims only"),
        ("\"abc", 1, "never closed"),
        ("'it's'", 5, "has ended here"),
        ("String.foo(\"x\")", 1, "there is no function String.foo"),
        ("string.toUpperCase('x')", 8, "Identity Engine"),
        ("toUppercase('x')", 1, "did you mean"),
        (
            "append('x', 'y')",
            1,
            "did you mean String.append(input, suffix)?",
        ),
        (
            "user.firstName.toUpperCase()",
            16,
            "write String.toUpperCase(input)",
        ),
        ("user.firstName.foo()", 16, "there is no foo"),
        ("String", 1, "a family of functions"),
        ("String.len", 1, "write String.len(input)"),
        ("String.len()", 1, "exactly 1 arguments, 0 given"),
        ("String.substring('a', 1)", 1, "exactly 3"),
        ("String.join(',')", 1, "at least 2"),
        ("Time.now('a', 'b', 'c')", 1, "at most 2"),
        (
            "String.stringSwitch('a', 'b', 'c')",
            1,
            "the last key has no value",
        ),
        ("String.append('a' 'b')", 19, "expected ',' or ')'"),
        ("a ++", 3, "no ++"),
        ("--a", 1, "no ++ and no --"),
        ("a eq b", 3, "no operator eq; write =="),
        ("a instanceof b", 3, "types cannot be asked for"),
        ("a between {1, 2}", 3, "two comparisons"),
        ("a & b", 3, "write AND"),
        ("a | b", 3, "write OR"),
        ("'a' 'b'", 5, "join texts with +"),
        ("a ? b", 6, "the part for otherwise is missing"),
        ("a ? b c", 7, "has ended here"),
        ("(a", 3, "never closed; add ')'"),
        ("a)", 2, "never opened"),
        ("a[1", 4, "never closed; add ']'"),
        ("{1, 2", 6, "never closed; add '}'"),
        ("{'a': 1, 2}", 10, "this key has no value"),
        ("{1: 2}", 2, "a key of a map"),
        ("a.", 3, "name of an attribute is missing"),
        ("a.?[x]", 3, "elements cannot be selected"),
        ("1 +", 4, "a value is missing at the end"),
        ("1 + )", 5, "a value is missing here"),
        ("!= 1", 1, "a value is missing before !="),
        ("12abc", 1, "digits only"),
        ("99999999999999999999", 1, "too large"),
        ("user.x matches '('", 16, "not a regular expression"),
        (
            "isMemberOfGroupNameRegex('[')",
            26,
            "not a regular expression",
        ),
        ("\u{201c}x\u{201d}", 1, "straight quotes"),
        ("fn:toLowerCase(user.a)", 3, "has ended here"),
        ("${user.a}", 2, "has ended here"),
    ] {
        let error = refused(text);
        assert_eq!(error.position.column, column, "{text}: {error}");
        assert!(error.message.contains(part), "{text}: {error}");
        let place = format!("at line 1, column {column}");
        assert!(error.to_string().starts_with(&place), "{error}");
    }
    let error = refused("user.a +\n  String.foo('x')");
    let place = (error.position.line, error.position.column);
    assert_eq!((place, error.found.as_str()), ((2, 3), "String.foo('x')"));
}

#[test]
fn length_and_depth_are_limited_and_chains_do_not_nest() {
    let text = |length: usize| format!("'{}'", "\u{fc}".repeat(length - 2));
    assert!(Expression::parse(&text(MAX_CHARACTERS)).is_ok());
    assert!(
        refused(&text(MAX_CHARACTERS + 1))
            .message
            .contains("longer")
    );
    for (open, close) in [
        ("(", ")"),
        ("!", ""),
        ("- ", ""),
        ("String.len(", ")"),
        ("{", "}"),
        ("a[", "]"),
        ("{'k': ", "}"),
        ("user.a.![", "]"),
        ("true ? ", " : 1"),
    ] {
        let nested = |depth: usize| format!("{}true{}", open.repeat(depth), close.repeat(depth));
        assert!(Expression::parse(&nested(MAX_DEPTH)).is_ok(), "{open}");
        let error = refused(&nested(MAX_DEPTH + 1));
        assert!(error.message.contains("nested"), "{open}: {error}");
    }
    let sum = vec!["1"; 4_000].join("+");
    assert_eq!(value(&sum, &json!({})), json!(4_000));
    let choices = format!("{}'z'", "null ?: ".repeat(1_000));
    assert_eq!(value(&choices, &json!({})), json!("z"));
    let cases = format!("{}'z'", "1==2?'a':".repeat(1_000));
    assert_eq!(value(&cases, &json!({})), json!("z"));
    let path = format!("user{}", ".a".repeat(4_000));
    assert_eq!(value(&path, &json!({})), json!(null));
}

#[test]
fn the_regular_expressions_of_an_expression_are_limited_together() {
    let text = |length: usize| {
        let half = "a".repeat(1_000);
        let rest = "b".repeat(length - 1_000);
        format!("isMemberOfGroupNameRegex('{half}') OR user.a matches '{rest}'")
    };
    assert!(Expression::parse(&text(MOST_WRITTEN)).is_ok());
    let error = refused(&text(MOST_WRITTEN + 1));
    assert!(error.message.contains("2000 bytes together"), "{error}");
    assert!(error.found.starts_with("'bbb"), "{error}");
    let template = format!("${{{}}}", text(MOST_WRITTEN + 1));
    assert!(Template::parse(&template).is_err());
}

#[test]
fn templates_hold_expressions_in_placeholders() {
    let given = json!({
        "user": {"login": "Ann.Lee@Example.com", "email": "a@b.c", "n": 1},
        "org": {"subDomain": "acme"},
    });
    let context = Context::from_json(given.as_object().unwrap(), 0).unwrap();
    for (text, wanted) in [
        ("${source.login}", json!("Ann.Lee@Example.com")),
        (
            "${fn:substringBefore(source.login, \"@\")}",
            json!("Ann.Lee"),
        ),
        (
            "${fn:toLowerCase(source.login)}",
            json!("ann.lee@example.com"),
        ),
        (
            "${fn:toLowerCase(fn:substringBefore(source.login, '@'))}@${org.subDomain}.com",
            json!("ann.lee@acme.com"),
        ),
        ("${String.toUpperCase(user.email)}", json!("A@B.C")),
        ("${fn:length(user.email)}", json!(5)),
        ("x${user.none}y", json!("xy")),
        ("${user.n}", json!(1)),
        ("${'}'}!", json!("}!")),
        ("${user.n == 1 ? fn:toUpperCase('a') : 'b'}", json!("A")),
        ("user.email", json!("a@b.c")),
        (
            "https://${org.subDomain}.example.com/scim/v2",
            json!("https://acme.example.com/scim/v2"),
        ),
    ] {
        let template = Template::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let value = template.evaluate(&context).unwrap();
        assert_eq!(value.to_json(), wanted, "{text}");
    }
    for (text, column, part) in [
        ("a${user.email", 2, "never closed"),
        ("a${user.email)}", 14, "never opened"),
        ("a${}", 4, "a value is missing"),
        ("${fn:foo(user.email)}", 3, "no function fn:foo"),
        ("", 1, "a value is missing"),
    ] {
        let error = Template::parse(text).unwrap_err();
        assert_eq!(error.position.column, column, "{text}: {error}");
        assert!(error.message.contains(part), "{text}: {error}");
    }
    let template = Template::parse("x${1 + user.email.foo}").unwrap();
    assert_eq!(template.evaluate(&context).unwrap_err().position.column, 8);
}

#[test]
fn group_rules_know_strings_arrays_users_and_groups_only() {
    for text in [
        "user.city == \"San Francisco\"",
        "String.stringContains(user.firstName, \"dummy\") AND user.salary >= 1000000",
        "Arrays.contains(user.skills, 'rust')",
        "isMemberOfGroupName('x') OR user.getInternalProperty('status') == 'ACTIVE'",
        "user.getGroups({'group.type': 'OKTA_GROUP'}).![name] == {'a'}",
    ] {
        let rule = Expression::parse_for(text, Purpose::GroupRule);
        assert!(rule.is_ok(), "{text}: {rule:?}");
    }
    for (text, part) in [
        (
            "Convert.toInt(\"2018\") == user.yearJoined",
            "cannot be used in a group rule",
        ),
        ("Time.now() == 'x'", "cannot be used in a group rule"),
        (
            "Iso3166Convert.toName(user.c) == 'x'",
            "cannot be used in a group rule",
        ),
        ("hasWorkdayUser()", "cannot be used in a group rule"),
        ("appuser.city == 'x'", "the user only"),
        ("city == 'x'", "write user.city"),
    ] {
        let error = Expression::parse_for(text, Purpose::GroupRule).unwrap_err();
        assert!(error.message.contains(part), "{text}: {error}");
    }
    let given = json!({"user": {"salary": 5, "name": "x"}});
    let context = Context::from_json(given.as_object().unwrap(), 0).unwrap();
    let rule = |text| Expression::parse_for(text, Purpose::GroupRule).unwrap();
    assert_eq!(rule("user.salary > 4").holds(&context), Ok(true));
    assert_eq!(rule("user.salary > 5").holds(&context), Ok(false));
    assert!(rule("user.name").holds(&context).is_err());
}

#[test]
fn what_the_documentation_does_not_support_in_conditions_is_warned_of() {
    let expression = parse(
        "Arrays.contains(user.a, 1) AND Convert.toInt(user.b) == 2 ? Convert.toInt(user.c) : Time.now()",
    );
    let warnings = expression.warnings();
    let columns: Vec<usize> = warnings.iter().map(|w| w.position.column).collect();
    assert_eq!(columns, [1, 32]);
    assert!(warnings[0].to_string().contains("Arrays.contains"));
    assert!(
        parse("String.len(user.a) == 1 ? 1 : 2")
            .warnings()
            .is_empty()
    );
}

#[test]
fn the_attributes_of_an_expression_are_told_with_their_places() {
    let expression = parse(
        "user.firstName + lastName + zendesk.role[app.index] + String.len(user) + user.getGroups({'group.id': source.g}).![name]",
    );
    let found: Vec<(&str, Option<&str>)> = expression
        .references()
        .iter()
        .map(
            |Reference {
                 root, attribute, ..
             }| (*root, *attribute),
        )
        .collect();
    assert_eq!(
        found,
        [
            ("user", Some("firstName")),
            ("", Some("lastName")),
            ("zendesk", Some("role")),
            ("app", Some("index")),
            ("user", None),
            ("source", Some("g")),
        ]
    );
    assert_eq!(expression.references()[1].position.column, 18);
}

#[test]
fn an_expression_is_stored_as_its_text() {
    let expression = parse(" user.a  + 'x' ");
    let stored = serde_json::to_value(&expression).unwrap();
    assert_eq!(stored, json!(" user.a  + 'x' "));
    assert_eq!(
        serde_json::from_value::<Expression>(stored).unwrap(),
        expression
    );
    assert!(serde_json::from_value::<Expression>(json!("1 +")).is_err());
    let template: Template = serde_json::from_value(json!("${user.a}x")).unwrap();
    assert_eq!(
        serde_json::to_value(&template).unwrap(),
        json!("${user.a}x")
    );
    assert!(serde_json::from_value::<Template>(json!("${")).is_err());
}
