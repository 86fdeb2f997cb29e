//! Functions that test and choose, and the defects that can be switched on.

use serde_json::{Value as Json, json};

use super::expected::Out::{self, Dropped, Fails, Value};
use super::expected::{check, check_in, context, text};

const NULL: Out = Value(Json::Null);

#[test]
fn the_first_value_that_is_not_null_is_taken() {
    check(&[
        (
            "Coalesce([a],[b],[c])",
            json!({"b": "", "c": "x"}),
            text(""),
        ),
        (
            "Coalesce([a],[b])",
            json!({"a": [], "b": ["x", "y"]}),
            Value(json!(["x", "y"])),
        ),
        ("Coalesce([a],[b])", json!({}), NULL),
        (r#"Coalesce([a],"x")"#, json!({"a": null}), text("x")),
    ]);
}

#[test]
fn an_attribute_without_value_leaves_the_flow() {
    check(&[
        ("IgnoreFlowIfNullOrEmpty([a])", json!({"a": ""}), Dropped),
        ("IgnoreFlowIfNullOrEmpty([a])", json!({"a": " "}), text(" ")),
        (
            r#"Append("x", IgnoreFlowIfNullOrEmpty([a]))"#,
            json!({}),
            Dropped,
        ),
        ("Redact(IgnoreFlowIfNullOrEmpty([a]))", json!({}), Dropped),
        // A branch that is not taken is not computed.
        (
            r#"Switch([b], "d", "x", IgnoreFlowIfNullOrEmpty([a]))"#,
            json!({"b": "y"}),
            text("d"),
        ),
    ]);
}

#[test]
fn a_condition_on_nothing_fails() {
    check(&[
        (
            r#"IIF([country]="",1,2)"#,
            json!({}),
            Fails("[country] is null or empty"),
        ),
        (
            r#"IIF([country]="",1,2)"#,
            json!({"country": ""}),
            Fails("[country] is null or empty"),
        ),
        (
            r#"IIF(IsNullOrEmpty([country]),"none",[country])"#,
            json!({}),
            Fails("use Switch"),
        ),
        (
            "IIF(IsPresent([country]),1,2)",
            json!({}),
            Fails("use Switch"),
        ),
        (
            "IIF(IsPresent([country]),1,2)",
            json!({"country": "x"}),
            text("1"),
        ),
        // Only attributes of the condition count.
        (r#"IIF([a]="x",[b],[c])"#, json!({"a": "x"}), NULL),
    ]);
}

#[test]
fn a_condition_compares() {
    let person = || json!({"n": 10, "a": "b", "id": "007", "flag": true});
    for (condition, wanted) in [
        ("[n]>=10", true),
        ("[n]<=9", false),
        ("[n]>9", true),
        ("[n]<9", false),
        ("[n]=10", true),
        ("[n]<>10", false),
        (r#"[a]="b""#, true),
        (r#"[a]="B""#, false),
        (r#"[a]<>"B""#, true),
        (r#"[id]="7""#, false),
        (r#"[flag]="True""#, true),
        ("[flag]", true),
        ("Not([flag])", false),
        ("[n]", true),
        (r#"CDate("2021-10-01") > CDate("2021-09-01")"#, true),
        ("DateDiff(\"d\", Now(), CDate(\"2021-09-01\")) > 5", true),
    ] {
        let expression = format!(r#"IIF({condition}, "yes", "no")"#);
        let wanted = text(if wanted { "yes" } else { "no" });
        check(&[(&expression, person(), wanted)]);
    }
}

#[test]
fn tests_give_true_or_false() {
    let cases: [(&str, Json, [&str; 5]); 6] = [
        (
            "absent",
            json!({}),
            ["True", "True", "False", "False", "True"],
        ),
        (
            "empty",
            json!({"a": ""}),
            ["False", "True", "False", "True", "True"],
        ),
        (
            "text",
            json!({"a": "x"}),
            ["False", "False", "True", "True", "True"],
        ),
        (
            "true",
            json!({"a": true}),
            ["False", "False", "True", "True", "False"],
        ),
        (
            "list",
            json!({"a": ["x", "y"]}),
            ["False", "False", "True", "False", "True"],
        ),
        (
            "no values",
            json!({"a": []}),
            ["True", "True", "False", "False", "True"],
        ),
    ];
    let functions = [
        "IsNull([a])",
        "IsNullOrEmpty([a])",
        "IsPresent([a])",
        "IsString([a])",
        "Not([a])",
    ];
    for (_, input, wanted) in cases {
        for (function, wanted) in functions.into_iter().zip(wanted) {
            check(&[(function, input.clone(), text(wanted))]);
        }
        let (old, new) = ("IsNothing([a])", wanted[0]);
        check(&[(old, input, text(new))]);
    }
}

#[test]
fn true_is_a_comparison_that_holds_or_a_number_that_is_not_zero() {
    let equal = json!({"a": "x", "b": "x"});
    check(&[
        ("CBool([a]=[b])", equal, text("True")),
        (r#"CBool([a]="y")"#, json!({"a": "x"}), text("False")),
        ("CBool([a])", json!({"a": "0"}), text("False")),
        ("CBool([a])", json!({"a": "0.0"}), text("False")),
        ("CBool([a])", json!({"a": "-2"}), text("True")),
        ("CBool([a])", json!({"a": "true"}), text("True")),
        ("CBool([a])", json!({"a": "NaN"}), text("False")),
        ("CBool([a])", json!({}), text("False")),
    ]);
}

#[test]
fn a_switch_compares_keys_case_sensitively() {
    let status = r#"Switch([s], "0", "true", "1")"#;
    check(&[
        (status, json!({"s": "true"}), text("1")),
        (status, json!({"s": "TRUE"}), text("0")),
        (status, json!({}), text("0")),
        // The empty key stands for null too, and an attribute may be key, value or default.
        (r#"Switch([s], "d", "", "none")"#, json!({}), text("none")),
        (
            r#"Switch([s], "d", "", "none")"#,
            json!({"s": ""}),
            text("none"),
        ),
        (
            "Switch([s], [d], [k], [v])",
            json!({"s": "1", "k": "1", "v": "x"}),
            text("x"),
        ),
        (
            "Switch([s], [d], [k], [v])",
            json!({"s": "2", "k": "1", "d": "x"}),
            text("x"),
        ),
        (r#"Switch([s], , "1", "x")"#, json!({"s": "2"}), NULL),
        (
            r#"Switch([s], "d", "1", "a", "1", "b")"#,
            json!({"s": "1"}),
            text("a"),
        ),
        (
            r#"Switch([s], "d", "1", "a")"#,
            json!({"s": ["1", "2"]}),
            Fails("[s] has 2 values"),
        ),
    ]);
}

#[test]
fn the_defect_of_switch_can_be_switched_on() {
    let row = |expression: &'static str, wanted| (expression, json!({"a": "1", "b": "2"}), wanted);
    let switch = r#"Switch([a], "d", "1", "x")"#;
    let changed = |names: &[&str]| context().with_switch_null_bug(names);
    // Another attribute changed, its own did not.
    check_in(&changed(&["b"]), &[row(switch, NULL)]);
    let inside = r#"Coalesce(Switch(ToUpper([a]), "d", "1", "x"), "null")"#;
    check_in(&changed(&["B"]), &[row(inside, text("null"))]);
    // Its own changed; nothing changed; its source reads no attribute; off, as it is by default.
    check_in(&changed(&["b", "A"]), &[row(switch, text("x"))]);
    check_in(&changed(&[]), &[row(switch, text("x"))]);
    let constant = r#"Switch("1", "d", "1", [b])"#;
    check_in(&changed(&["b"]), &[row(constant, text("2"))]);
    check(&[row(switch, text("x"))]);
}
