//! Functions that draw random values.

use serde_json::json;

use super::super::super::context::Context;
use super::super::super::evaluate::{Evaluated, evaluate};
use super::super::super::expression::Expression;
use super::super::super::source::Source;
use super::expected::Out::Fails;
use super::expected::{check, run};

fn drawn(expression: &str, seed: u8) -> String {
    let expression = Expression::parse(expression).unwrap();
    let context = Context::new(0, [seed; 16], "");
    match evaluate(&expression, &Source::new(), &context).unwrap() {
        Evaluated::Value(value) => value.to_string(),
        Evaluated::Dropped => panic!("dropped"),
    }
}

#[test]
fn random_strings_meet_their_minimum_counts() {
    for seed in 0..50 {
        let text = drawn(r#"RandomString(20,2,2,2,2,"aeiou0")"#, seed);
        let count = |fits: fn(&char) -> bool| text.chars().filter(fits).count();
        assert_eq!(text.len(), 20);
        assert!(
            count(char::is_ascii_digit) >= 2
                && count(char::is_ascii_punctuation) == 2
                && count(char::is_ascii_uppercase) >= 2
                && count(char::is_ascii_lowercase) >= 2,
            "{text}"
        );
        assert!(!text.contains(['a', 'e', 'i', 'o', 'u', '0']), "{text}");
    }
    assert_eq!(drawn("RandomString(256,0,0,0,0)", 1).len(), 256);
    assert_eq!(drawn("RandomString(0,0,0,0,0)", 1), "");
    check(&[
        (
            "RandomString(2,3,0,0,0)",
            json!({}),
            Fails("smaller than the sum"),
        ),
        ("RandomString(257,0,0,0,0)", json!({}), Fails("at most 256")),
        (
            "RandomString( ,0,0,0,0)",
            json!({}),
            Fails("Length has no value"),
        ),
        (
            "RandomString(3,-1,0,0,0)",
            json!({}),
            Fails("cannot be negative"),
        ),
        (
            r#"RandomString(1,1,0,0,0,"0123456789")"#,
            json!({}),
            Fails("no character"),
        ),
    ]);
}

#[test]
fn randomness_follows_the_seed_and_the_place() {
    let guid = drawn("Guid()", 1);
    assert_eq!((guid.len(), &guid[14..15]), (36, "4"));
    assert_eq!(guid, guid.to_lowercase());
    assert_eq!(guid, drawn("Guid()", 1));
    assert_ne!(guid, drawn("Guid()", 2));
    let pair = drawn(r#"Join(" ", Guid(), Guid())"#, 1);
    let (first, second) = pair.split_once(' ').unwrap();
    assert_ne!(first, second);
}

#[test]
fn errors_name_the_call_that_failed() {
    let error = run(r#"Join("", "x", Mid([a], 0, 1))"#, &json!({"a": "x"})).unwrap_err();
    assert_eq!((error.function, error.position.column), ("Mid", 15));
}
