//! Functions about several values, encodings, app roles and values that come from outside.

use serde_json::{Value as Json, json};

use super::super::super::context::Taken;
use super::expected::Out::{self, Fails, Value};
use super::expected::{check, check_in, context, text};

const NULL: Out = Value(Json::Null);

fn addresses() -> Json {
    json!({"a": ["x", "y", "X", "x"]})
}

#[test]
fn values_are_counted_and_chosen() {
    check(&[
        ("Count([a])", addresses(), text("4")),
        ("Count([a])", json!({"a": "x"}), text("1")),
        ("Count([a])", json!({}), text("0")),
        ("Item([a], 2)", addresses(), text("y")),
        ("Item([a], 1)", json!({"a": "x"}), text("x")),
        ("Item([a], 5)", addresses(), NULL),
        ("Item([a], 0)", addresses(), NULL),
        ("Item([a], -1)", addresses(), NULL),
        ("Item([a], [b])", addresses(), Fails("[b] has no value")),
        // Only what is exactly the same is a duplicate.
        (
            "RemoveDuplicates([a])",
            addresses(),
            Value(json!(["x", "y", "X"])),
        ),
        ("RemoveDuplicates([a])", json!({"a": "x"}), text("x")),
        ("RemoveDuplicates([a])", json!({}), NULL),
    ]);
}

#[test]
fn texts_are_joined_and_split() {
    let names = r#"Join(" ", [givenName], [surname])"#;
    check(&[
        (names, json!({"surname": "Doe"}), text("Doe")),
        (
            names,
            json!({"givenName": "", "surname": "Doe"}),
            text("Doe"),
        ),
        (names, json!({}), NULL),
        (r#"Join(";", [a])"#, addresses(), text("x;y;X;x")),
        (r#"Join(";", [a], "z")"#, addresses(), text("x;y;X;x;z")),
        (r#"Join("", 1000, "x")"#, json!({}), text("1000x")),
        (r#"Join( , "x", "y")"#, json!({}), text("xy")),
        (
            r#"Split([s], ",")"#,
            json!({"s": " a ,b,,c"}),
            Value(json!(["a", "b", "", "c"])),
        ),
        (
            r#"Split([s], "||")"#,
            json!({"s": "a||b|c"}),
            Value(json!(["a", "b|c"])),
        ),
        (
            r#"Split([s], "")"#,
            json!({"s": "ab"}),
            Value(json!(["ab"])),
        ),
        (r#"Split([s], ",")"#, json!({}), NULL),
    ]);
}

#[test]
fn numbers_and_bytes_are_written() {
    check(&[
        ("BitAnd(12, 10)", json!({}), text("8")),
        ("BitAnd(&Hff, [a])", json!({"a": 3}), text("3")),
        ("BitAnd(&HFFFFFFFFFFFFFFFF, 5)", json!({}), text("5")),
        ("BitAnd(-2, 7)", json!({}), text("6")),
        (
            "BitAnd([a], 1)",
            json!({"a": "x"}),
            Fails("must be a whole number"),
        ),
        ("BitAnd([a], 1)", json!({}), Fails("[a] has no value")),
        (r#"ConvertToBase64("a")"#, json!({}), text("YQA=")),
        (r#"ConvertToBase64("")"#, json!({}), text("")),
        ("ConvertToBase64([a])", json!({}), NULL),
        (r#"ConvertToUTF8Hex("ü€")"#, json!({}), text("C3BCE282AC")),
        ("ConvertToUTF8Hex([a])", json!({}), NULL),
        ("DefaultDomain()", json!({}), text("contoso.com")),
    ]);
}

#[test]
fn app_roles_are_names_or_complex_values() {
    let role = |name: &str, value: &str| json!({"id": "06b0", "value": value, "displayName": name});
    let two = || json!({"r": [role("Admin", "25"), "User"]});
    let complex = json!([
        {"primary": false, "type": "WindowsAzureActiveDirectoryRole", "display": "Admin", "value": "Admin"},
        {"primary": false, "type": "WindowsAzureActiveDirectoryRole", "display": "User", "value": "User"},
    ]);
    check(&[
        ("SingleAppRoleAssignment([r])", two(), text("Admin")),
        (
            "SingleAppRoleAssignment([r])",
            json!({"r": "User"}),
            text("User"),
        ),
        (
            "SingleAppRoleAssignment([r])",
            json!({"r": role("", "25")}),
            text("25"),
        ),
        ("SingleAppRoleAssignment([r])", json!({"r": [{}, ""]}), NULL),
        ("SingleAppRoleAssignment([r])", json!({}), NULL),
        (
            "AppRoleAssignments([r])",
            two(),
            Value(json!(["Admin", "User"])),
        ),
        ("AppRoleAssignments([r])", json!({}), NULL),
        (
            "AppRoleAssignmentsComplex([r])",
            two(),
            Value(complex.clone()),
        ),
        ("AppRoleAssignmentsComplex([r])", json!({}), NULL),
        (
            "AssertiveAppRoleAssignmentsComplex([r])",
            two(),
            Value(complex),
        ),
        (
            "AssertiveAppRoleAssignmentsComplex([r])",
            json!({"r": []}),
            NULL,
        ),
    ]);
}

#[test]
fn a_value_is_chosen_that_nobody_has() {
    let rules = "SelectUniqueValue([a], [b], Append([b], \"2\"))";
    let taken = |all: &'static [&str]| {
        context().with_taken(Taken::new(|_, value| Ok(all.contains(&value))))
    };
    let person = || json!({"a": "x", "b": "y"});
    check(&[(rules, person(), text("x"))]);
    check_in(&taken(&["x"]), &[(rules, person(), text("y"))]);
    check_in(&taken(&["x", "y"]), &[(rules, person(), text("y2"))]);
    let none_left = Fails("the value of every rule is taken in the target, also 'y2'");
    check_in(&taken(&["x", "y", "y2"]), &[(rules, person(), none_left)]);
    // A rule without a value is no choice.
    check(&[(rules, json!({"a": "", "b": "y"}), text("y"))]);
    check(&[(rules, json!({}), NULL)]);
    let unsure = context().with_taken(Taken::new(|_, _| Err("the target is silent".to_owned())));
    check_in(&unsure, &[(rules, person(), Fails("the target is silent"))]);
}
