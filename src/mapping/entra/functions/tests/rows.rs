//! The table of functions as a whole: its order, its arities, and that no call on any object panics.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::super::evaluate::evaluate;
use super::super::super::expression::{Expression, Node};
use super::super::super::source::Source;
use super::super::{Arity, FUNCTIONS, Function};
use super::expected::context;

#[test]
fn the_table_is_sorted_and_its_arities_fit_its_parameters() {
    for pair in FUNCTIONS.windows(2) {
        assert!(
            pair[0].name.to_lowercase() < pair[1].name.to_lowercase(),
            "{}",
            pair[1].name
        );
    }
    for function in FUNCTIONS {
        let parameters = function.parameters.len();
        match function.arity {
            Arity::Between(least, most) => assert!(least <= most && most == parameters),
            Arity::AtLeast(least) => assert!(least >= parameters),
            Arity::ThenPairs(before) => assert_eq!(before + 2, parameters),
        }
        assert!(function.summary.ends_with('.'), "{}", function.name);
    }
    assert_eq!(FUNCTIONS.len(), 48);
}

#[test]
fn a_comparison_reads_any_operand() {
    let expression = Expression::parse(r#"IIF(Count([a]) > 1, "many", "one")"#).unwrap();
    let Node::Call(call) = expression.root() else {
        panic!("not a call")
    };
    assert!(matches!(call.arguments()[0], Some(Node::Compare(..))));
}

/// The text of an operand without calls.
fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("[a]".to_owned()),
        Just("[b]".to_owned()),
        Just("[none]".to_owned()),
        Just("[list]".to_owned()),
        Just("[roles]".to_owned()),
        prop::sample::select(&[
            "\"\"",
            "\"d\"",
            "\"yyyy\"",
            "\"ww\"",
            "\"yyyy-MM-dd\"",
            "\"zzz\"",
            "\"o\"",
            "\"%\"",
            "\"(a)|b\"",
            "\"$1\"",
            "\"tr-TR\"",
            "vbTextCompare",
            "&HFFFFFFFFFFFFFFFF",
            "-9223372036854775808",
            "9223372036854775807",
            "2650467743999999999",
            "\"2021-02-28\"",
            "\"12/31/9999 11:59:59 PM\"",
            "\"0001-01-01\"",
        ])
        .prop_map(str::to_owned),
        "-?[0-9]{1,19}",
        "\"[a-zA-Z0-9 :/.+-]{0,20}\"",
    ]
}

/// A call of this function with these operands in a row, as many as it takes.
fn call(function: &Function, operands: &[String], extra: usize) -> String {
    let count = match function.arity {
        Arity::Between(least, most) => least + extra % (most - least + 1),
        Arity::AtLeast(least) => least + extra % 3,
        Arity::ThenPairs(before) => before + 2 + extra % 2 * 2,
    };
    let operands = operands.iter().map(String::as_str).cycle().take(count);
    let operands: Vec<&str> = operands.collect();
    format!("{}({})", function.name, operands.join(", "))
}

fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(3, 24, 7, |inner| {
        let inside: Vec<&'static Function> = FUNCTIONS.iter().filter(|f| !f.top_level).collect();
        (
            prop::sample::select(inside),
            prop::collection::vec(prop_oneof![inner, Just(String::new())], 7),
            0_usize..4,
        )
            .prop_map(|(function, operands, extra)| call(function, &operands, extra))
    })
}

fn object() -> impl Strategy<Value = Json> {
    let value = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        "\\PC{0,12}".prop_map(|t| json!(t)),
        "[0-9/:TZ+-]{0,20}".prop_map(|t| json!(t)),
    ];
    (
        value.clone(),
        value.clone(),
        prop::collection::vec(value, 0..3),
    )
        .prop_map(|(a, b, list)| {
            json!({
                "a": a, "b": b, "list": list.clone(),
                "roles": [{"displayName": list, "value": a}, b],
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_call_on_any_object_panics(text in expression(), object in object()) {
        // Constants that are no regular expression are refused while reading.
        if let Ok(expression) = Expression::parse(&text) {
            let source: Source = serde_json::from_value(object).unwrap();
            let first = evaluate(&expression, &source, &context());
            prop_assert_eq!(&evaluate(&expression, &source, &context()), &first);
            let again = Expression::parse(&expression.to_string()).unwrap();
            prop_assert_eq!(again, expression);
        }
    }
}
