//! Functions from text to text.

use serde_json::{Value as Json, json};

use super::expected::Out::{Fails, Value};
use super::expected::{check, text};

const NULL: super::expected::Out = Value(Json::Null);

#[test]
fn parts_are_put_together() {
    check(&[
        (r#"Append([a], ".test")"#, json!({"a": "x"}), text("x.test")),
        (r#"Append([a], ".test")"#, json!({"a": ""}), text(".test")),
        (r#"Append([a], ".test")"#, json!({}), NULL),
        ("Append([a], [b])", json!({"a": "x"}), text("x")),
        (r#"Prepend("x-", [a])"#, json!({"a": "1"}), text("x-1")),
        (r#"Prepend("x-", [a])"#, json!({}), NULL),
        ("Prepend([b], [a])", json!({"a": "1"}), text("1")),
        ("CStr([a])", json!({"a": true}), text("True")),
        ("CStr([a])", json!({"a": 12.5}), text("12.5")),
        ("CStr([a])", json!({}), NULL),
        ("CStr([a])", json!({"a": [{"b": 1}]}), text(r#"[{"b":1}]"#)),
    ]);
}

#[test]
fn a_text_is_found_by_position() {
    let in_str = |start: &'static str, wanted| (start, json!({"a": "repEated"}), text(wanted));
    check(&[
        in_str(r#"InStr([a],"e")"#, "2"),
        in_str(r#"InStr([a],"e",3,vbBinaryCompare)"#, "7"),
        in_str(r#"InStr([a],"e",3,vbTextCompare)"#, "4"),
        in_str(r#"InStr([a],"E", , "1")"#, "2"),
        in_str(r#"InStr([a],"E", , "0")"#, "4"),
        in_str(r#"InStr([a],"E")"#, "4"),
        in_str(r#"InStr([a],"z")"#, "0"),
        in_str(r#"InStr([a],"d",8)"#, "8"),
        in_str(r#"InStr([a],"d",9)"#, "0"),
        in_str(r#"InStr([a],"",3)"#, "3"),
        in_str(r#"InStr([a],"",9)"#, "0"),
        in_str(r#"InStr([none],"a")"#, "0"),
        in_str("InStr([a],[none])", "1"),
        (r#"InStr("üöä","Ä",1,vbTextCompare)"#, json!({}), text("3")),
        (r#"InStr("abc","a",0)"#, json!({}), Fails("counts from 1")),
        (
            r#"InStr("abc","a",1,"2")"#,
            json!({}),
            Fails("vbTextCompare or vbBinaryCompare"),
        ),
    ]);
}

#[test]
fn the_left_part_of_a_text() {
    check(&[
        (r#"Left("John", 99)"#, json!({}), text("John")),
        (r#"Left("John", 2)"#, json!({}), text("Jo")),
        (r#"Left("John", 0)"#, json!({}), text("")),
        (r#"Left("John", -1)"#, json!({}), text("John")),
        ("Left([a], 2)", json!({}), text("")),
        (r#"Left("Žüβ", 2)"#, json!({}), text("Žü")),
        (r#"Left("John", [a])"#, json!({}), Fails("[a] has no value")),
        (
            r#"Left("John", "two")"#,
            json!({}),
            Fails("must be a whole number, not 'two'"),
        ),
    ]);
}

#[test]
fn the_middle_of_a_text() {
    check(&[
        (r#"Mid("John", 2, 2)"#, json!({}), text("oh")),
        (r#"Mid("John", 2, 99)"#, json!({}), text("ohn")),
        (r#"Mid("John", 9, 1)"#, json!({}), text("")),
        (r#"Mid("John", 1, 0)"#, json!({}), text("")),
        ("Mid([a], 1, 1)", json!({}), NULL),
        (r#"Mid("x", 0, 1)"#, json!({}), Fails("counts from 1")),
        (r#"Mid("x", 1, -1)"#, json!({}), Fails("cannot be negative")),
        (
            "Mid([a], [b], 1)",
            json!({"a": "x", "b": "one"}),
            Fails("[b] must be a whole number, not 'one'"),
        ),
    ]);
}

#[test]
fn words_begin_with_a_capital() {
    check(&[
        (
            r#"PCase("SEAN O'NEIL-smith 2nd")"#,
            json!({}),
            text("Sean O'neil-Smith 2Nd"),
        ),
        (
            r#"PCase("anna_maria abc2def")"#,
            json!({}),
            text("Anna_Maria Abc2def"),
        ),
        (r#"PCase("ǆEMAL")"#, json!({}), text("ǅemal")),
        (
            r#"PCase("van DER berg", " ")"#,
            json!({}),
            text("Van Der Berg"),
        ),
        (
            r#"PCase("mary-ann o'neil", "-")"#,
            json!({}),
            text("Mary-Ann o'neil"),
        ),
        (r#"PCase("2nd street", " ")"#, json!({}), text("2nd Street")),
        ("PCase([a])", json!({}), NULL),
    ]);
}

#[test]
fn letter_case_follows_the_culture() {
    check(&[
        (r#"ToUpper("istanbul ı")"#, json!({}), text("ISTANBUL ı")),
        (
            r#"ToUpper("istanbul ı", "en-US")"#,
            json!({}),
            text("ISTANBUL I"),
        ),
        (
            r#"ToUpper("istanbul ı", "tr-TR")"#,
            json!({}),
            text("İSTANBUL I"),
        ),
        (
            r#"ToUpper("istanbul", "az-Latn-AZ")"#,
            json!({}),
            text("İSTANBUL"),
        ),
        (r#"ToLower("ISTANBUL İ")"#, json!({}), text("istanbul İ")),
        (
            r#"ToLower("ISTANBUL İ", "de")"#,
            json!({}),
            text("istanbul i"),
        ),
        (
            r#"ToLower("ISTANBUL İ", "TR")"#,
            json!({}),
            text("ıstanbul i"),
        ),
        // One character becomes one character.
        (r#"ToUpper("straße")"#, json!({}), text("STRAßE")),
        (r#"ToLower("ÉCOLE")"#, json!({}), text("école")),
        ("ToUpper([a])", json!({}), NULL),
        (
            r#"ToUpper("a", "turkish!")"#,
            json!({}),
            Fails("is not the name of a culture"),
        ),
        (
            "ToUpper([a])",
            json!({"a": ["x", "y"]}),
            Fails("[a] has 2 values"),
        ),
    ]);
}

#[test]
fn words_are_counted_from_one() {
    check(&[
        (r#"Word("one two",2," ")"#, json!({}), text("two")),
        (r#"Word("one  two",2," ")"#, json!({}), text("two")),
        (r#"Word("one two",3," ")"#, json!({}), text("")),
        (r#"Word("one two",0," ")"#, json!({}), text("")),
        (r#"Word("one two",-1," ")"#, json!({}), text("")),
        (r#"Word([a],1," ")"#, json!({}), text("")),
        (r#"Word("one two",1,"")"#, json!({}), text("one two")),
    ]);
}

#[test]
fn spaces_and_marks_are_taken_away() {
    check(&[
        (r#"StripSpaces(" a b ")"#, json!({}), text("ab")),
        // Only U+0020.
        (
            "StripSpaces([a])",
            json!({"a": "a\u{a0}\tb"}),
            text("a\u{a0}\tb"),
        ),
        ("StripSpaces([a])", json!({}), NULL),
        (r#"NormalizeDiacritics("Zoë Å")"#, json!({}), text("Zoe A")),
        (
            "NormalizeDiacritics([a])",
            json!({"a": "한국 Đorđe"}),
            text("한국 Đorđe"),
        ),
        ("NormalizeDiacritics([a])", json!({}), NULL),
    ]);
}
