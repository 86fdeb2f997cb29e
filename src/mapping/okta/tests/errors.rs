//! Errors of evaluation: their kind, their place, their sentence; and the limits.

use serde_json::json;

use super::{failure, parse};
use crate::mapping::okta::{Context, ErrorKind, Template, Value};

#[test]
fn errors_say_where_and_what() {
    let error = failure(
        "'a' +\n  Convert.toInt(user.a)",
        &json!({"user": {"a": "x"}}),
    );
    assert_eq!(error.kind, ErrorKind::Conversion);
    assert_eq!(
        error.to_string(),
        "at line 2, column 3, near 'Convert.toInt(user.a': Convert.toInt: 'x' is not a number"
    );
    let error = failure("1 + true", &json!({}));
    assert_eq!(
        error.to_string(),
        "at line 1, column 3, near '+ true': a boolean is no number to compute with; convert it with Convert.toInt or Convert.toNum"
    );
    assert_eq!(ErrorKind::TooLarge.to_string(), "too large");
}

#[test]
fn the_size_of_texts_and_the_work_of_an_evaluation_are_limited() {
    let ten = "aaaaaaaaaa";
    let mut grown = format!("'{ten}'");
    for _ in 0..8 {
        grown = format!("String.replace({grown}, 'a', '{ten}')");
    }
    let error = failure(&grown, &json!({}));
    assert_eq!(error.kind, ErrorKind::TooLarge);
    let list: Vec<i32> = (0..200).collect();
    let given = json!({"user": {"a": list}});
    let error = failure("user.a.![user.a.![user.a.![1]]]", &given);
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert_eq!(
        super::value("Arrays.size(user.a.![user.a])", &given),
        json!(200)
    );
    let text = "user.a.![user.a.!['x' matches '(a|a?)+(?=c)b']]";
    assert_eq!(failure(text, &given).kind, ErrorKind::TooLarge);
    let computed = |length: usize| {
        let text = "a".repeat(length);
        format!("user.a.!['x' matches ('{text}' + 'x')]")
    };
    assert_eq!(super::value(&computed(20), &given), json!(vec![false; 200]));
    let error = failure(&computed(200), &given);
    assert_eq!(error.kind, ErrorKind::TooLarge);
    let name = "user.a.![user.big matches 'y']";
    let of = |bytes: usize| json!({"user": {"a": list, "big": "x".repeat(bytes)}});
    assert_eq!(super::value(name, &of(100)), json!(vec![false; 200]));
    assert_eq!(failure(name, &of(10_000)).kind, ErrorKind::TooLarge);
    for function in [
        "isMemberOfGroupName('x')",
        "isMemberOfGroup('x')",
        "isMemberOfGroupNameContains('x')",
        "getFilteredGroups({'x'}, 'group.id', 1)",
        "user.getGroups({'group.id': 'x'})",
    ] {
        let text = format!("user.a.![{function}]");
        let groups = vec![json!({"id": "g", "name": "n"}); 8_000];
        let few = json!({"user": {"a": list}, "groups": groups[..10]});
        assert_eq!(
            super::value(&text, &few).as_array().map(Vec::len),
            Some(200)
        );
        let many = json!({"user": {"a": list}, "groups": groups});
        assert_eq!(failure(&text, &many).kind, ErrorKind::TooLarge, "{text}");
    }
    for function in [
        "String.toUpperCase(user.big)",
        "String.toLowerCase(user.big)",
        "String.removeSpaces(user.big)",
        "String.substring(user.big + '\u{fc}', 0, 500000)",
    ] {
        let text = format!("user.a.![{function}]");
        assert_eq!(
            failure(&text, &of(500_000)).kind,
            ErrorKind::TooLarge,
            "{text}"
        );
    }
    // The expressions of a template are limited together.
    let given = of(1 << 19);
    let context = Context::from_json(given.as_object().unwrap(), 0).unwrap();
    for (text, fits) in [
        ("${user.big}${user.big}", true),
        ("${user.big}${user.big}${'x'}", false),
        ("${user.a.![user.a.![1]][0]}x".repeat(26).as_str(), false),
        ("${user.a.![user.a.![1]][0]}x".repeat(8).as_str(), true),
    ] {
        let template = Template::parse(text).unwrap();
        let kind = template.evaluate(&context).err().map(|error| error.kind);
        assert_eq!(kind, (!fits).then_some(ErrorKind::TooLarge), "{text}");
    }
    let long = json!({"user": {"a": "x,".repeat(2_000_000)}});
    assert_eq!(
        failure("Arrays.size(user.a)", &long).kind,
        ErrorKind::TooLarge
    );
}

#[test]
fn values_in_templates_are_texts_and_conditions_are_booleans() {
    let given = json!({"user": {"n": 3, "l": ["a", "b"], "o": {}, "yes": true}});
    let context = Context::from_json(given.as_object().unwrap(), 0).unwrap();
    let text = |text: &str| {
        let template = Template::parse(&format!("x${{{text}}}")).unwrap();
        template.evaluate(&context).map(Value::into_json)
    };
    assert_eq!(text("user.n"), Ok(json!("x3")));
    assert_eq!(text("user.l"), Ok(json!("xa,b")));
    assert_eq!(text("user.none"), Ok(json!("x")));
    assert_eq!(text("user.o").unwrap_err().kind, ErrorKind::Type);
    assert_eq!(parse("user.yes").holds(&context), Ok(true));
    assert_eq!(
        parse("user.n").holds(&context).unwrap_err().kind,
        ErrorKind::Type
    );
}
