//! What a short expression may ask for: bounded work and bounded results, whatever is nested.

use serde_json::json;

use super::expected::Out::Fails;
use super::expected::{check, text};

const TOO_LONG: &str = "longer than 1048576 bytes";

/// `[a]` wrapped as often.
fn nested(times: usize, before: &str, after: &str) -> String {
    format!("{}[a]{}", before.repeat(times), after.repeat(times))
}

/// Were an argument computed twice, these would take 2 to the power of 60 steps.
#[test]
fn every_argument_is_computed_once() {
    let duplicates = nested(60, "RemoveDuplicates(", ")");
    let pattern = nested(60, "Replace(\"x\", , ", ", \"g\", \"(?<g>x)\", , )");
    let other = nested(60, "Replace(\"\", , ", ", \"g\", , \"(?<g>x)\", )");
    let a = json!({"a": "(?<g>x)"});
    check(&[
        (duplicates.as_str(), json!({"a": "x"}), text("x")),
        (pattern.as_str(), a.clone(), text("(?<g>x)")),
        (other.as_str(), a, Fails("has no group 'g'")),
    ]);
}

#[test]
fn no_nesting_makes_a_value_grow_without_end() {
    let hexadecimal = nested(60, "ConvertToUTF8Hex(", ")");
    let base64 = nested(60, "ConvertToBase64(", ")");
    let replaced = nested(60, "Replace(", ", \"a\", , , \"aaaaaaaaaa\", , )");
    let template = "Replace([a], \"a\", , , , , [a])";
    let matched = nested(60, "Replace(", ", , \"a\", , \"$&$_\", , )");
    let joined = "Join([a], Split([a], \"a\"), \"b\", \"b\", \"b\")";
    let a = json!({"a": "a"});
    let long = json!({"a": "a".repeat(2_000)});
    let most = json!({"a": "b".repeat(400_000)});
    check(&[
        (hexadecimal.as_str(), a.clone(), Fails(TOO_LONG)),
        (base64.as_str(), a.clone(), Fails(TOO_LONG)),
        (replaced.as_str(), a.clone(), Fails(TOO_LONG)),
        (matched.as_str(), a, Fails(TOO_LONG)),
        (template, long.clone(), Fails(TOO_LONG)),
        ("Replace([a], , \"a\", , \"$_\", , )", long, Fails(TOO_LONG)),
        (joined, most, Fails(TOO_LONG)),
    ]);
}

#[test]
fn a_replacement_has_bounded_matches() {
    let blank = "Replace([a], , \"a\", , \"\", , )";
    check(&[
        (blank, json!({"a": "a".repeat(5_000)}), text("")),
        (
            blank,
            json!({"a": "a".repeat(5_001)}),
            Fails("more than 5000 times"),
        ),
    ]);
}

/// Each step of the first may look at the whole rest of the text.
#[test]
fn a_regular_expression_looks_at_texts_of_bounded_length() {
    let ahead = r#"Replace([a], , "(?=.*z)a", , "", , )"#;
    let group = r#"Replace([b], , "(?<g>a+)", "g", , [a], )"#;
    let short = "a".repeat(16_384);
    let long = "a".repeat(16_385);
    let too_long = || Fails("at most 16384 bytes");
    check(&[
        (group, json!({"a": short}), text(&short)),
        (group, json!({"a": long}), too_long()),
        (ahead, json!({"a": long}), too_long()),
    ]);
}

#[test]
fn a_year_may_be_as_wide_as_a_value() {
    let year = r#"Mid(FormatDateTime("2021-03-07", , "yyyy-MM-dd", [a]), 69997, 9)"#;
    check(&[
        (year, json!({"a": "y".repeat(70_000)}), text("2021")),
        (
            r#"FormatDateTime("0021-03-07", , "yyyy-MM-dd", "yyy yyyy yyyyyy")"#,
            json!({}),
            text("021 0021 000021"),
        ),
    ]);
}
