//! `Replace` in its five modes, and what its regular expressions are.

use serde_json::{Value as Json, json};

use super::expected::Out::{self, Fails, Value};
use super::expected::{check, text};

const NULL: Out = Value(Json::Null);

#[test]
fn old_value_and_replacement_value() {
    let domain = r#"Replace([mail], "@contoso.com", , ,"", ,)"#;
    check(&[
        (domain, json!({}), NULL),
        (
            domain,
            json!({"mail": "a@CONTOSO.com"}),
            text("a@CONTOSO.com"),
        ),
        (
            r#"Replace([a], "x", , , "yy", , )"#,
            json!({"a": "xax"}),
            text("yyayy"),
        ),
        (
            r#"Replace([a], "x", , , [b], , )"#,
            json!({"a": "xax"}),
            text("a"),
        ),
        (
            r#"Replace([a], [b], , , "y", , )"#,
            json!({"a": "xax"}),
            text("xax"),
        ),
    ]);
}

#[test]
fn old_value_and_template() {
    let template = r#"Replace([alias], "%u", , , , , "%u@%u.example")"#;
    check(&[
        (template, json!({"alias": "kim"}), text("kim@kim.example")),
        (template, json!({}), NULL),
    ]);
}

#[test]
fn pattern_and_replacement_value() {
    check(&[
        // .NET counts the empty match behind a match.
        (
            r#"Replace("abc", , "[a-z]*", , "x", , )"#,
            json!({}),
            text("xx"),
        ),
        (
            r#"Replace("ab", , "(a)(b)", , "$2$1$$$3${no}", , )"#,
            json!({}),
            text("ba$$3${no}"),
        ),
        (
            r#"Replace("ab", , "(?<x>a)(b)", , "$1-${x}", , )"#,
            json!({}),
            text("b-a"),
        ),
        (
            r#"Replace("price1", , "(?<=price)\\d", , "2", , )"#,
            json!({}),
            text("price2"),
        ),
        (
            r#"Replace("aXbX", , "X(?!b)", , "", , )"#,
            json!({}),
            text("aXb"),
        ),
        (
            r#"Replace([a], , [p], , "x", , )"#,
            json!({"a": "1a", "p": "\\d"}),
            text("xa"),
        ),
        (r#"Replace([a], , "x", , "y", , )"#, json!({}), NULL),
        (
            r#"Replace("ab", , [p], , "x", , )"#,
            json!({"p": "("}),
            Fails("[p] is not a regular expression"),
        ),
        (
            r#"Replace([a], , "^(a|a?)+(?=c)$", , "x", , )"#,
            json!({"a": "a".repeat(60)}),
            Fails("Max limit for backtracking"),
        ),
    ]);
}

#[test]
fn pattern_group_and_replacement_value() {
    let isd = r#"Replace([tel], , "\\+(?<isd>\\d+) (?<rest>\\d+)", "isd", "1", , )"#;
    check(&[
        (isd, json!({"tel": "+91 999"}), text("+1 999")),
        (
            isd,
            json!({"tel": "+91 999, +44 888"}),
            text("+1 999, +1 888"),
        ),
        (isd, json!({"tel": "none"}), text("none")),
        // The replacement is the text as it is.
        (
            r#"Replace("ab", , "(?<g>a)", "g", "$0", , )"#,
            json!({}),
            text("$0b"),
        ),
        (
            r#"Replace("ab", , "a", "digits", "x", , )"#,
            json!({}),
            Fails("no group 'digits'"),
        ),
    ]);
}

#[test]
fn pattern_group_and_replacement_attribute() {
    let other = r#"Replace([tel], , "\\+(?<isd>\\d* )(?<phone>\\d{10})", "phone" , , [mobile], )"#;
    check(&[
        (
            other,
            json!({"tel": "1", "mobile": "+91 8887779999"}),
            text("1"),
        ),
        (
            other,
            json!({"mobile": "+91 8887779999"}),
            text("8887779999"),
        ),
        (other, json!({"mobile": "none"}), NULL),
        (other, json!({}), NULL),
    ]);
}

#[test]
fn other_combinations_are_refused() {
    check(&[
        (
            r#"Replace("ab", , , , "x", , )"#,
            json!({}),
            Fails("give oldValue"),
        ),
        (
            r#"Replace("ab", "a", , , , , )"#,
            json!({}),
            Fails("give oldValue"),
        ),
        (
            r#"Replace("ab", , "a", , , [b], )"#,
            json!({}),
            Fails("give oldValue"),
        ),
    ]);
}
