//! Errors of evaluation: their kind, their place, their sentence; and the limits.

use serde_json::json;

use super::{failure, parse};
use crate::mapping::okta::{Context, ErrorKind};

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
    let long = json!({"user": {"a": "x,".repeat(2_000_000)}});
    assert_eq!(
        failure("Arrays.size(user.a)", &long).kind,
        ErrorKind::TooLarge
    );
}

#[test]
fn values_as_texts_and_conditions_for_the_engine() {
    let given = json!({"user": {"n": 3, "l": ["a", "b"], "o": {}, "yes": true}});
    let context = Context::from_json(given.as_object().unwrap(), 0).unwrap();
    let text = |text: &str| parse(text).evaluate_text(&context);
    assert_eq!(text("user.n"), Ok(Some("3".to_owned())));
    assert_eq!(text("user.l"), Ok(Some("a,b".to_owned())));
    assert_eq!(text("user.none"), Ok(None));
    assert_eq!(text("user.o").unwrap_err().kind, ErrorKind::Type);
    assert_eq!(parse("user.yes").holds(&context), Ok(true));
    assert_eq!(
        parse("user.n").holds(&context).unwrap_err().kind,
        ErrorKind::Type
    );
}
