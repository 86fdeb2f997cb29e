//! What the tests of the functions share: evaluate an expression, compare with what is expected.

use serde_json::{Value as Json, json};

use super::super::super::context::Context;
use super::super::super::evaluate::{Evaluated, EvaluationError, evaluate};
use super::super::super::expression::Expression;
use super::super::super::source::Source;
use Out::{Dropped, Fails, Value};

/// What must come out.
#[derive(Debug, PartialEq)]
pub(super) enum Out {
    Value(Json),
    Dropped,
    /// An error whose sentence contains this.
    Fails(&'static str),
}

/// 2021-08-25T17:41:18Z.
const NOW: i64 = 1_629_913_278_000;

/// A context at a fixed moment of a tenant `contoso.com`.
pub(super) fn context() -> Context {
    Context::new(NOW, [7; 16], "contoso.com")
}

pub(super) fn run(expression: &str, input: &Json) -> Result<Evaluated, EvaluationError> {
    run_in(&context(), expression, input)
}

pub(super) fn run_in(
    context: &Context,
    expression: &str,
    input: &Json,
) -> Result<Evaluated, EvaluationError> {
    let expression = Expression::parse(expression).unwrap_or_else(|e| panic!("{expression}: {e}"));
    let source: Source = serde_json::from_value(input.clone()).unwrap();
    evaluate(&expression, &source, context)
}

pub(super) fn check(rows: &[(&str, Json, Out)]) {
    check_in(&context(), rows);
}

pub(super) fn check_in(context: &Context, rows: &[(&str, Json, Out)]) {
    for (expression, input, wanted) in rows {
        let got = match run_in(context, expression, input) {
            Ok(Evaluated::Value(value)) => Value(value.to_json()),
            Ok(Evaluated::Dropped) => Dropped,
            Err(error) => match wanted {
                Fails(part) if error.to_string().contains(part) => Fails(part),
                _ => panic!("{expression} with {input}: {error}"),
            },
        };
        assert_eq!(&got, wanted, "{expression} with {input}");
    }
}

/// A single value.
pub(super) fn text(text: &str) -> Out {
    Value(json!(text))
}
