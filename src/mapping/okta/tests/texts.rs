//! Strings, arrays, numbers and countries: what the rows of the documentation do not say.

use serde_json::json;

use super::{check, check_plain, failure, run};
use crate::mapping::okta::{ArraysRemove, ErrorKind, SubstringOutOfRange, Switches};

#[test]
fn documented_examples_beyond_the_rows() {
    check_plain(&[
        (
            r#"String.join("", "This", "is", "a", "test")"#,
            json!("Thisisatest"),
        ),
        (
            r#"String.replaceFirst("This is a test", "is", "at")"#,
            json!("That is a test"),
        ),
        (
            r#"String.stringSwitch("This is a test", "default", "key1", "value1")"#,
            json!("default"),
        ),
        (
            r#"String.substring("This is a test", 2, 9)"#,
            json!("is is a"),
        ),
        ("Arrays.remove({10, 20, 30}, 20)", json!([10, 30])),
        (
            r#"Arrays.toCsvString({"This", "is", " a ", "test"})"#,
            json!("This,is, a ,test"),
        ),
        (r#"Iso3166Convert.toAlpha2("IND")"#, json!("IN")),
        ("toUpperCase('Alexander')", json!("ALEXANDER")),
        ("toLowerCase('AlexANDER')", json!("alexander")),
    ]);
}

#[test]
fn null_in_functions_of_strings_is_as_in_string_utils() {
    check_plain(&[
        ("String.append(null, 'a')", json!("a")),
        ("String.append('a', null)", json!("a")),
        ("String.join('-', 'a', null, 'b')", json!("a--b")),
        ("String.join(null, 'a', 'b')", json!("ab")),
        ("String.len(null)", json!(0)),
        ("String.removeSpaces(null)", json!(null)),
        ("String.replace(null, 'a', 'b')", json!(null)),
        ("String.replace('a', null, 'b')", json!("a")),
        ("String.replace('a', 'a', null)", json!("a")),
        ("String.replace('a', '', 'b')", json!("a")),
        ("String.startsWith(null, 'a')", json!(false)),
        ("String.stringContains('a', null)", json!(false)),
        ("String.stringSwitch(null, 'd', 'k', 'v')", json!("d")),
        ("String.stringSwitch('a', null, 'k', 'v')", json!(null)),
        ("String.stringSwitch('a', 'd', null, 'v')", json!("d")),
        ("String.substring(null, 0, 1)", json!(null)),
        ("String.substringAfter(null, '@')", json!(null)),
        ("String.substringAfter('a@b', null)", json!("")),
        ("String.substringBefore(null, '@')", json!(null)),
        ("String.substringBefore('a@b', null)", json!("a@b")),
        ("String.toUpperCase(null)", json!(null)),
        ("toLowerCase(null)", json!(null)),
    ]);
}

#[test]
fn what_is_not_found_and_what_is_empty() {
    check_plain(&[
        ("String.substringAfter('abc', '@')", json!("")),
        ("String.substringBefore('abc', '@')", json!("abc")),
        ("String.substringAfter('a@b@c', '@')", json!("b@c")),
        ("String.substringBefore('a@b@c', '@')", json!("a")),
        ("String.substringAfter('abc', '')", json!("abc")),
        ("String.substringBefore('abc', '')", json!("")),
        ("String.replace('a.c', '.', '$0')", json!("a$0c")),
        ("String.replaceFirst('aaa', 'a', 'b')", json!("baa")),
        ("String.removeSpaces(' a\tb ')", json!("a\tb")),
        ("String.append(1, true)", json!("1true")),
        ("String.join(',', {'a', 'b'}, 'c')", json!("a,b,c")),
        ("String.toUpperCase({'a', 'b'})", json!("A,B")),
        ("String.toUpperCase('stra\u{df}e')", json!("STRASSE")),
    ]);
    for text in [
        "String.len({'a': 1})",
        "String.join(',', {'a': 1})",
        "toUpperCase(user)",
    ] {
        let error = failure(text, &json!({"user": {"a": 1}}));
        assert_eq!(error.kind, ErrorKind::Type, "{text}");
    }
}

#[test]
fn positions_count_units_of_utf_16() {
    check_plain(&[
        ("String.len('\u{e9}')", json!(1)),
        ("String.len('\u{1f600}')", json!(2)),
        ("String.substring('\u{e9}t\u{e9}', 1, 3)", json!("t\u{e9}")),
        ("String.substring('\u{1f600}x', 2, 3)", json!("x")),
        ("String.substring('\u{1f600}x', 0, 1)", json!("?")),
    ]);
}

#[test]
fn positions_outside_of_a_text_are_clamped_or_an_error() {
    let error = Switches {
        substring_out_of_range: SubstringOutOfRange::Error,
        ..Switches::default()
    };
    for (text, clamped) in [
        ("String.substring('abc', 0, 10)", "abc"),
        ("substring('abc', 5, 9)", ""),
        ("String.substring('abc', -2, 3)", "bc"),
        ("String.substring('abc', 0, -1)", "ab"),
        ("String.substring('abc', 2, 1)", ""),
        ("String.substring('', 0, 1)", ""),
    ] {
        assert_eq!(
            run(text, &json!({}), Switches::default()),
            Ok(json!(clamped)),
            "{text}"
        );
        let error = run(text, &json!({}), error).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Range, "{text}");
    }
    let within = run("String.substring('abc', 1, 3)", &json!({}), error);
    assert_eq!(within, Ok(json!("bc")));
    assert_eq!(
        failure("String.substring('abc', 'x', 1)", &json!({})).kind,
        ErrorKind::Type
    );
}

#[test]
fn a_comma_separated_text_is_an_array() {
    let given = json!({"user": {"csv": "a,b, c", "one": "x", "none": null, "n": 5}});
    check(&[
        ("Arrays.size(user.csv)", given.clone(), json!(3)),
        ("Arrays.get(user.csv, 2)", given.clone(), json!(" c")),
        ("Arrays.contains(user.csv, 'b')", given.clone(), json!(true)),
        (
            "Arrays.contains(user.csv, 'c')",
            given.clone(),
            json!(false),
        ),
        (
            "Arrays.add(user.csv, 'd')",
            given.clone(),
            json!(["a", "b", " c", "d"]),
        ),
        (
            "Arrays.remove(user.csv, 'a')",
            given.clone(),
            json!(["b", " c"]),
        ),
        (
            "Arrays.flatten(user.csv, {'x', {'y'}}, 1, null)",
            given.clone(),
            json!(["a", "b", " c", "x", "y", 1]),
        ),
        ("Arrays.isEmpty('')", given.clone(), json!(true)),
        (
            "Arrays.toCsvString(user.csv)",
            given.clone(),
            json!("a,b, c"),
        ),
        ("Arrays.toCsvString(user.none)", given.clone(), json!("")),
        ("Arrays.add(user.none, 'a')", given.clone(), json!(["a"])),
        ("Arrays.size(user.one)", given.clone(), json!(1)),
        ("Arrays.size(user.n)", given.clone(), json!(1)),
        ("Arrays.clear(user.none)", given.clone(), json!([])),
        (
            "Arrays.size(toUpperCase(user.csv))",
            given.clone(),
            json!(3),
        ),
    ]);
    for text in [
        "Arrays.get({1}, 1)",
        "Arrays.get({1}, -1)",
        "Arrays.get(null, 0)",
    ] {
        assert_eq!(failure(text, &given).kind, ErrorKind::Range, "{text}");
    }
}

#[test]
fn all_equal_elements_are_removed_or_the_first() {
    let text = "Arrays.remove({1, 2, 1.0, '1'}, 1)";
    let all = run(text, &json!({}), Switches::default());
    assert_eq!(all, Ok(json!([2, "1"])));
    let switches = Switches {
        arrays_remove: ArraysRemove::First,
        ..Switches::default()
    };
    assert_eq!(run(text, &json!({}), switches), Ok(json!([2, 1.0, "1"])));
    assert_eq!(
        run("Arrays.remove({2, 3}, 1)", &json!({}), switches),
        Ok(json!([2, 3]))
    );
}

#[test]
fn conversions_round_and_narrow_as_java_does() {
    check_plain(&[
        ("Convert.toInt('1.1')", json!(1)),
        ("Convert.toInt(-1.6)", json!(-2)),
        ("Convert.toInt(-1.5)", json!(-1)),
        ("Convert.toInt(2.5)", json!(3)),
        ("Convert.toInt(2147483647.7)", json!(-2_147_483_648_i64)),
        ("Convert.toInt('-2147483649')", json!(2_147_483_647)),
        ("Convert.toInt(' 7 ')", json!(7)),
        ("Convert.toInt(7)", json!(7)),
        ("Convert.toInt(null)", json!(null)),
        ("Convert.toInt('')", json!(null)),
        ("Convert.toNum('7')", json!(7.0)),
        ("Convert.toNum('-1e2')", json!(-100.0)),
        ("Convert.toNum(3)", json!(3.0)),
        ("Convert.toNum(null)", json!(null)),
        ("Convert.toNum('')", json!(null)),
    ]);
    for text in [
        "Convert.toNum('123This is a test')",
        "Convert.toInt('x')",
        "Convert.toNum('NaN')",
        "Convert.toNum('inf')",
        "Convert.toNum('1e999')",
    ] {
        let error = failure(text, &json!({}));
        assert_eq!(error.kind, ErrorKind::Conversion, "{text}: {error}");
    }
    assert_eq!(
        failure("Convert.toInt({1})", &json!({})).kind,
        ErrorKind::Type
    );
}

#[test]
fn country_codes_of_every_kind_are_recognised() {
    check_plain(&[
        ("Iso3166Convert.toAlpha2('276')", json!("DE")),
        ("Iso3166Convert.toAlpha2('de')", json!("DE")),
        ("Iso3166Convert.toAlpha3('DE')", json!("DEU")),
        ("Iso3166Convert.toNumeric('AF')", json!("004")),
        ("Iso3166Convert.toName('004')", json!("Afghanistan")),
        ("Iso3166Convert.toName(4)", json!("Afghanistan")),
        (
            "Iso3166Convert.toName('USA')",
            json!("United States of America"),
        ),
        ("Iso3166Convert.toAlpha2('XX')", json!(null)),
        ("Iso3166Convert.toAlpha3('United States')", json!(null)),
        ("Iso3166Convert.toName(null)", json!(null)),
        ("Iso3166Convert.toName('')", json!(null)),
        ("Iso3166Convert.toNumeric('999')", json!(null)),
    ]);
}
