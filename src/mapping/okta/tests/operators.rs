//! What the operators mean.

use serde_json::json;

use super::{check, check_plain, failure, run};
use crate::mapping::okta::{ErrorKind, NullConcat, Switches};

#[test]
fn arithmetic_is_that_of_java() {
    check_plain(&[
        ("1 + 2 * 3", json!(7)),
        ("(1 + 2) * 3", json!(9)),
        ("7 / 2", json!(3)),
        ("-7 / 2", json!(-3)),
        ("-7 % 3", json!(-1)),
        ("7 / 2.0", json!(3.5)),
        ("1.5 + 1", json!(2.5)),
        ("10 - 2 - 3", json!(5)),
        ("- -3", json!(3)),
        ("+3", json!(3)),
        ("2 * -3", json!(-6)),
    ]);
    for (text, kind) in [
        ("1 / 0", ErrorKind::Range),
        ("1 % 0", ErrorKind::Range),
        ("1.0 / 0", ErrorKind::Range),
        ("9223372036854775807 + 1", ErrorKind::Range),
        ("'a' - 1", ErrorKind::Type),
        ("null * 2", ErrorKind::Type),
        ("1 + null", ErrorKind::Type),
        ("-'a'", ErrorKind::Type),
        ("{1} + {2}", ErrorKind::Type),
    ] {
        assert_eq!(failure(text, &json!({})).kind, kind, "{text}");
    }
}

#[test]
fn a_string_makes_plus_a_concatenation() {
    check_plain(&[
        ("'a' + 'b'", json!("ab")),
        ("'a' + 1 + 2", json!("a12")),
        ("1 + 2 + 'a'", json!("3a")),
        ("'a' + 1.5", json!("a1.5")),
        ("'a' + 3.0", json!("a3.0")),
        ("'a' + true", json!("atrue")),
        ("'a' + {1, 2}", json!("a1,2")),
        ("null + null", json!(null)),
    ]);
    let error = failure("'a' + user", &json!({"user": {"x": 1}}));
    assert!(error.message.contains("name one attribute"), "{error}");
}

#[test]
fn null_beside_a_string_is_what_the_switch_says() {
    for (switch, wanted) in [
        (NullConcat::Word, json!("xnull")),
        (NullConcat::Empty, json!("x")),
        (NullConcat::Null, json!(null)),
    ] {
        let switches = Switches {
            null_concat: switch,
            ..Switches::default()
        };
        let given = json!({"user": {"a": null}});
        assert_eq!(run("'x' + user.a", &given, switches), Ok(wanted));
        let first = run("user.a + 'x'", &given, switches).unwrap();
        assert_eq!(
            first.as_str().map(str::len),
            match switch {
                NullConcat::Word => Some(5),
                NullConcat::Empty => Some(1),
                NullConcat::Null => None,
            }
        );
    }
}

#[test]
fn equality_looks_at_type_and_value_and_null_is_smallest() {
    check_plain(&[
        ("null == null", json!(true)),
        ("null == ''", json!(false)),
        ("null != ''", json!(true)),
        ("1 == 1.0", json!(true)),
        ("1 == '1'", json!(false)),
        ("'a' == \"a\"", json!(true)),
        ("'a' == 'A'", json!(false)),
        ("true == true", json!(true)),
        ("{1, 'a'} == {1, 'a'}", json!(true)),
        ("{1} == {1.0}", json!(true)),
        ("{1} == {2}", json!(false)),
        ("null < 1", json!(true)),
        ("null < -1", json!(true)),
        ("null > ''", json!(false)),
        ("null <= null", json!(true)),
        ("1 > null", json!(true)),
        ("2 >= 2", json!(true)),
        ("1.5 < 2", json!(true)),
        ("'a' < 'b'", json!(true)),
        ("'a' < 'B'", json!(false)),
        ("false < true", json!(true)),
    ]);
    for text in ["1 < 'a'", "{1} < {2}", "true > 1"] {
        assert_eq!(failure(text, &json!({})).kind, ErrorKind::Type, "{text}");
    }
}

#[test]
fn conditions_are_booleans_and_stop_early() {
    check_plain(&[
        ("true AND false OR true", json!(true)),
        ("true || 1 / 0 == 1", json!(true)),
        ("false && 1 / 0 == 1", json!(false)),
        ("NOT false", json!(true)),
        ("!true", json!(false)),
        ("! (1 == 2)", json!(true)),
        ("true or false and false", json!(true)),
        ("'TRUE' ? 1 : 2", json!(1)),
        ("false ? 1 : true ? 2 : 3", json!(2)),
        ("false ? 1 : false ? 2 : 3", json!(3)),
        ("true ? false ? 1 : 2 : 3", json!(2)),
        ("true ? 1 : 1 / 0", json!(1)),
        ("null ?: '' ?: 'x'", json!("x")),
        ("null ?: true ? 'a' : 'b'", json!("a")),
        ("'x' ?: 1 / 0", json!("x")),
        ("0 ?: 1", json!(0)),
        ("false ?: true", json!(false)),
    ]);
    for text in [
        "1 ? 2 : 3",
        "null ? 1 : 2",
        "!user.isContractor",
        "'yes' AND true",
    ] {
        let error = failure(text, &json!({"user": {}}));
        assert_eq!(error.kind, ErrorKind::Type, "{text}");
        assert!(error.message.contains("true or false"), "{text}: {error}");
    }
}

#[test]
fn matches_is_of_the_whole_text() {
    check_plain(&[
        ("'abc' matches 'b'", json!(false)),
        ("'abc' matches '.b.'", json!(true)),
        ("'abc' MATCHES 'a' + 'bc'", json!(true)),
        ("12 matches '[0-9]+'", json!(true)),
        ("null matches '.*'", json!(false)),
    ]);
    assert_eq!(
        failure("'a' matches '(' + 'x'", &json!({})).kind,
        ErrorKind::Pattern
    );
    assert_eq!(
        failure("'a' matches null", &json!({})).kind,
        ErrorKind::Type
    );
}

#[test]
fn elements_are_counted_from_zero() {
    let given = json!({"user": {"a": ["x", "y"], "o": {"k": 1}, "none": null}});
    check(&[
        ("user.a[0]", given.clone(), json!("x")),
        ("user.a[0 + 1]", given.clone(), json!("y")),
        ("user['a'][1]", given.clone(), json!("y")),
        ("user.o['k']", given.clone(), json!(1)),
        ("user.o.k", given.clone(), json!(1)),
        ("user.none[0]", given.clone(), json!(null)),
        ("{1, {2, 3}}[1][0]", given.clone(), json!(2)),
        ("user.a.![user.o.k]", given.clone(), json!([1, 1])),
        ("{'a': 1, b: {2}}", given.clone(), json!({"a": 1, "b": [2]})),
        ("{}", given.clone(), json!([])),
    ]);
    for (text, kind) in [
        ("user.a[2]", ErrorKind::Range),
        ("user.a[-1]", ErrorKind::Range),
        ("user.a['x']", ErrorKind::Type),
        ("'abc'[0]", ErrorKind::Type),
        ("user.a.b", ErrorKind::Reference),
        ("'x'.![name]", ErrorKind::Type),
    ] {
        assert_eq!(failure(text, &given).kind, kind, "{text}");
    }
}
