//! Evaluation: an [`Expression`] and a [`Source`] become a [`Value`].
//!
//! Owns what surrounds the functions: looking attributes up, lazy arguments, the way an error or a
//! dropped attribute leaves the middle of an expression, and the deterministic randomness of
//! [`Context`]. Knows no function by name.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::expression::{Call, Comparison, Expression, Node, Position};
use super::pattern::Pattern;
use crate::mapping::Value;

/// A source object as the mapping sees it: attribute names and values, flat. Names are compared
/// without regard to (ASCII) case; an absent attribute is null.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source(BTreeMap<String, (String, Value)>);

impl Source {
    /// Without attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// From one flat JSON object.
    pub fn from_json(members: Map<String, Json>) -> Self {
        members
            .into_iter()
            .map(|(name, value)| (name, Value::from_json(value)))
            .collect()
    }

    /// Sets an attribute, replacing what it had.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let name = name.into();
        self.0
            .insert(name.to_ascii_lowercase(), (name, value.into()));
    }

    /// The value of an attribute; null when it is absent.
    pub fn get(&self, name: &str) -> &Value {
        const ABSENT: &Value = &Value::Null;
        self.0
            .get(&name.to_ascii_lowercase())
            .map_or(ABSENT, |(_, value)| value)
    }

    /// Attributes by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.values().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Source {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(attributes: I) -> Self {
        let mut source = Self::new();
        for (name, value) in attributes {
            source.set(name, value);
        }
        source
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from_json)
    }
}

/// What an evaluation needs besides the object. The same context gives the same results, also from
/// functions that draw random values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The present moment, in milliseconds since 1970-01-01T00:00:00Z.
    pub now_millis: i64,
    /// What random values are derived from; fresh for every object that may be created.
    pub seed: [u8; 16],
    /// Answer of `DefaultDomain()`: the tenant's default domain name.
    pub default_domain: String,
    /// Number of the mapping within its object, so that two mappings draw different values.
    pub(super) stream: usize,
}

impl Context {
    /// A context for one object.
    pub fn new(now_millis: i64, seed: [u8; 16], default_domain: impl Into<String>) -> Self {
        Self {
            now_millis,
            seed,
            default_domain: default_domain.into(),
            stream: 0,
        }
    }
}

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
#[error("{function} at column {}: {message}", .position.column)]
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
    match (Scope { source, context }).value(expression.root()) {
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
}

impl Scope<'_> {
    fn value(self, node: &Node) -> Result<Value, Stop> {
        match node {
            Node::Attribute(name) => Ok(self.source.get(name).clone()),
            Node::Text(text) => Ok(Value::from(text.as_str())),
            Node::Number(text) => Ok(Value::from(decimal(text))),
            Node::Keyword(name) => Ok(Value::from(*name)),
            Node::Call(call) => (call.function.run)(&Arguments { call, scope: self }),
            Node::Compare(left, comparison, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                Ok(Value::from(compare(&left, *comparison, &right)))
            }
        }
    }
}

/// Hexadecimal literals as decimal digits, everything else as written.
fn decimal(text: &str) -> String {
    text.get(2..)
        .filter(|_| text.starts_with('&'))
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .map_or_else(|| text.to_owned(), |number| number.to_string())
}

/// Numbers by size when both sides are numbers, else texts by their characters, case-sensitively.
fn compare(left: &Value, comparison: Comparison, right: &Value) -> bool {
    use std::cmp::Ordering;
    let (left, right) = (left.to_string(), right.to_string());
    let ordering = match (left.trim().parse::<f64>(), right.trim().parse::<f64>()) {
        (Ok(l), Ok(r)) => l.partial_cmp(&r).unwrap_or_else(|| left.cmp(&right)),
        _ => left.cmp(&right),
    };
    match comparison {
        Comparison::Equal => ordering == Ordering::Equal,
        Comparison::NotEqual => ordering != Ordering::Equal,
        Comparison::Less => ordering == Ordering::Less,
        Comparison::LessOrEqual => ordering != Ordering::Greater,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::GreaterOrEqual => ordering != Ordering::Less,
    }
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
        let mut key = Sha256::new();
        key.update(self.scope.context.seed);
        key.update(self.scope.context.stream.to_be_bytes());
        key.update(self.call.position.offset.to_be_bytes());
        Random {
            key: key.finalize().into(),
            block: 0,
            bytes: Vec::new(),
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

/// A stream of bytes nobody can guess without the seed: SHA-256 in counter mode.
pub(super) struct Random {
    key: [u8; 32],
    block: u64,
    bytes: Vec<u8>,
}

impl Random {
    /// The next byte.
    pub(super) fn byte(&mut self) -> u8 {
        loop {
            if let Some(byte) = self.bytes.pop() {
                return byte;
            }
            let mut digest = Sha256::new();
            digest.update(self.key);
            digest.update(self.block.to_be_bytes());
            self.block = self.block.wrapping_add(1);
            self.bytes = digest.finalize().to_vec();
        }
    }

    /// A number below `bound` (at most 256), every one as likely as the others.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = bound.clamp(1, 256);
        loop {
            let byte = usize::from(self.byte());
            if byte < 256 - 256 % bound {
                return byte % bound;
            }
        }
    }
}
