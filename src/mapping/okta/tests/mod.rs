//! Tests of the language: tables of expression, person and what must come out. `vectors` are the rows of
//! the reference; the other files say what its rules mean where no row does.

mod dates;
mod errors;
mod groups;
mod operators;
mod properties;
mod references;
mod rules;
mod syntax;
mod texts;
mod vectors;

use serde_json::{Value as Json, json};

use super::{Context, EvaluationError, Expression, Switches};

/// The present moment of the tests: 2015-07-31T17:18:37.979Z.
const NOW: i64 = 1_438_363_117_979;

fn parse(text: &str) -> Expression {
    Expression::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn run(text: &str, input: &Json, switches: Switches) -> Result<Json, EvaluationError> {
    let expression = parse(text);
    let profiles = input.as_object().expect("the input is an object");
    let mut context = Context::from_json(profiles, NOW).expect("the input is a context");
    context.switches = switches;
    expression.evaluate(&context).map(super::Value::into_json)
}

/// The value of an expression that has one.
fn value(text: &str, input: &Json) -> Json {
    run(text, input, Switches::default()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// Checks a table of expression, input and value.
fn check(rows: &[(&str, Json, Json)]) {
    for (text, input, wanted) in rows {
        assert_eq!(value(text, input), *wanted, "{text} with {input}");
    }
}

/// The same for expressions that need nobody.
fn check_plain(rows: &[(&str, Json)]) {
    for (text, wanted) in rows {
        assert_eq!(value(text, &json!({})), *wanted, "{text}");
    }
}

/// The error of an expression that has no value.
fn failure(text: &str, input: &Json) -> EvaluationError {
    match run(text, input, Switches::default()) {
        Ok(value) => panic!("{text} gave {value}"),
        Err(error) => error,
    }
}
