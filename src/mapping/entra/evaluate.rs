//! Evaluation: an [`Expression`] and a [`Source`] become a [`Value`].
//!
//! Owns what surrounds the functions: looking attributes up, lazy arguments, comparisons, and the way
//! an error or a dropped attribute leaves the middle of an expression. Knows no function by name.

use super::context::Context;
use super::expression::{Call, Expression, Node, Position};
use super::pattern::Pattern;
use super::random::Random;
use super::source::Source;
use super::target::TargetPath;
use super::{bounded, comparison, functions};
use crate::mapping::Value;

/// What came out of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evaluated {
    /// A value, perhaps null.
    Value(Value),
    /// The expression took the attribute out of the flow (`IgnoreFlowIfNullOrEmpty`).
    Dropped,
}

/// Why an expression has no value for an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{function} at {position}: {message}")]
pub struct EvaluationError {
    /// Where the failing call stands.
    pub position: Position,
    /// Name of the failing function.
    pub function: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// Evaluates an expression for an object.
///
/// # Errors
/// The first call that cannot be computed for this object.
pub fn evaluate(
    expression: &Expression,
    source: &Source,
    context: &Context,
) -> Result<Evaluated, EvaluationError> {
    evaluate_for(expression, source, context, None, 0)
}

/// The same for a mapping: `target` is the attribute it writes, `stream` its number within the object,
/// so that two mappings draw different random values.
pub(super) fn evaluate_for(
    expression: &Expression,
    source: &Source,
    context: &Context,
    target: Option<&TargetPath>,
    stream: usize,
) -> Result<Evaluated, EvaluationError> {
    let scope = Scope {
        source,
        context,
        target,
        stream,
    };
    match scope.value(expression.root()) {
        Ok(value) => Ok(Evaluated::Value(value)),
        Err(Stop::Dropped) => Ok(Evaluated::Dropped),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why evaluation ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The attribute leaves the flow.
    Dropped,
    /// A call cannot be computed.
    Failed(EvaluationError),
}

#[derive(Clone, Copy)]
struct Scope<'a> {
    source: &'a Source,
    context: &'a Context,
    target: Option<&'a TargetPath>,
    stream: usize,
}

impl Scope<'_> {
    fn value(self, node: &Node) -> Result<Value, Stop> {
        match node {
            Node::Attribute(name) => Ok(self.source.get(name).clone()),
            Node::Text(text) => Ok(Value::from(text.as_str())),
            Node::Number(text) => Ok(Value::from(decimal(text))),
            Node::Keyword(name) => Ok(Value::from(*name)),
            Node::Call(call) => {
                let arguments = Arguments { call, scope: self };
                let value = (call.function.run)(&arguments)?;
                if let Value::Text(text) = &value {
                    bounded::fits(text.len()).map_err(|reason| arguments.failed(reason))?;
                }
                Ok(value)
            }
            Node::Compare(left, how, right) => {
                let values = (self.value(left)?, self.value(right)?);
                let computed = |node: &Node| matches!(node, Node::Number(_) | Node::Call(_));
                let numbers = computed(left) || computed(right);
                Ok(Value::from(comparison::holds(
                    &values.0.to_string(),
                    *how,
                    &values.1.to_string(),
                    numbers,
                )))
            }
        }
    }
}

/// Hexadecimal literals as decimal digits (two's complement when all 16 are there), everything else
/// as written.
fn decimal(text: &str) -> String {
    text.get(2..)
        .filter(|_| text.starts_with('&'))
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .map_or_else(
            || text.to_owned(),
            |number| number.cast_signed().to_string(),
        )
}

/// The arguments of one call, evaluated when asked for.
pub(super) struct Arguments<'a> {
    call: &'a Call,
    scope: Scope<'a>,
}

impl<'a> Arguments<'a> {
    /// How many were written, empty ones included.
    pub(super) fn count(&self) -> usize {
        self.call.arguments.len()
    }

    /// Whether argument `index` was written and not left empty.
    pub(super) fn given(&self, index: usize) -> bool {
        self.node(index).is_some()
    }

    /// The argument as written.
    pub(super) fn node(&self, index: usize) -> Option<&'a Node> {
        self.call.arguments.get(index)?.as_ref()
    }

    /// The value of an argument; null when it was left empty.
    pub(super) fn value(&self, index: usize) -> Result<Value, Stop> {
        self.node(index)
            .map_or(Ok(Value::Null), |node| self.scope.value(node))
    }

    /// The text of a single-valued argument, `None` for null.
    pub(super) fn text(&self, index: usize) -> Result<Option<String>, Stop> {
        match self.value(index)? {
            Value::Text(text) => Ok(Some(text)),
            value if value.is_null() => Ok(None),
            value => match value.as_text() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.failed(format!(
                    "{} has {} values, one is needed; take one with Item or join them with Join",
                    self.name_of(index),
                    value.elements().len()
                ))),
            },
        }
    }

    /// The whole number of an argument, `None` for null.
    pub(super) fn integer(&self, index: usize) -> Result<Option<i64>, Stop> {
        self.text(index)?
            .map(|text| {
                text.trim().parse().map_err(|_| {
                    self.failed(format!(
                        "{} must be a whole number, not '{text}'",
                        self.name_of(index)
                    ))
                })
            })
            .transpose()
    }

    /// The whole number of an argument that must have one.
    pub(super) fn required_integer(&self, index: usize) -> Result<i64, Stop> {
        self.integer(index)?
            .ok_or_else(|| self.failed(format!("{} has no value", self.name_of(index))))
    }

    /// The regular expression of an argument.
    pub(super) fn pattern(&self, index: usize) -> Result<Pattern, Stop> {
        if let Some(pattern) = &self.call.pattern {
            return Ok(pattern.clone());
        }
        let text = self.text(index)?.unwrap_or_default();
        Pattern::new(&text).map_err(|reason| {
            self.failed(format!(
                "{} is not a regular expression: {reason}",
                self.name_of(index)
            ))
        })
    }

    /// The first source attribute below argument `index` that has no value.
    pub(super) fn missing_attribute(&self, index: usize) -> Option<&'a str> {
        let mut missing = None;
        self.node(index)?.visit(&mut |node| {
            if let Node::Attribute(name) = node
                && missing.is_none()
                && self.scope.source.get(name).is_null_or_empty()
            {
                missing = Some(name.as_str());
            }
        });
        missing
    }

    /// The context of the evaluation.
    pub(super) fn context(&self) -> &'a Context {
        self.scope.context
    }

    /// Random bytes of this call: the same for the same context and place.
    pub(super) fn random(&self) -> Random {
        let Scope {
            context, stream, ..
        } = self.scope;
        Random::new(context.seed, stream, self.call.position.offset)
    }

    /// The present moment, as .NET prints and counts it.
    pub(super) fn now(&self) -> Result<functions::date::Moment, Stop> {
        functions::date::Moment::from_unix_millis(self.context().now_millis)
            .ok_or_else(|| self.failed("the clock stands outside of the years 1 to 9999"))
    }

    /// Whether a value is used in the target already.
    pub(super) fn is_taken(&self, value: &str) -> Result<bool, Stop> {
        match &self.context().taken {
            Some(taken) => taken
                .ask(self.scope.target, value)
                .map_err(|reason| self.failed(reason)),
            None => Ok(false),
        }
    }

    /// The error of this call.
    pub(super) fn failed(&self, message: impl Into<String>) -> Stop {
        Stop::Failed(EvaluationError {
            position: self.call.position,
            function: self.call.function.name,
            message: message.into(),
        })
    }

    fn name_of(&self, index: usize) -> String {
        match self.node(index) {
            Some(node @ (Node::Attribute(_) | Node::Text(_))) => node.to_string(),
            _ => self
                .call
                .function
                .parameter(index)
                .map_or_else(|| format!("argument {}", index + 1), |p| p.name.to_owned()),
        }
    }
}
