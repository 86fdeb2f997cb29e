//! [`Template`]: a text with expressions in `${...}`, as `userNameTemplate` and base URLs have it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::context::Context;
use super::super::error::{EvaluationError, SyntaxError};
use super::super::evaluate;
use super::super::value::Value;
use super::node::Node;
use super::parse::{self, Parser};
use super::{Purpose, Reference, Warning};

/// A text with expressions in `${...}`; there functions may also be written `fn:toLowerCase(...)`. A text
/// without any `${` is one expression as a whole, as a custom format is written in the console.
#[derive(Debug, Clone)]
pub struct Template {
    text: Arc<str>,
    parts: Arc<[Part]>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Expression(Node),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`SyntaxError`] with the place in the whole text: what [`super::Expression::parse`] refuses, or a
    /// `${` that is never closed.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        parse::check_length(text)?;
        let parts = if text.contains("${") {
            parts(text)?
        } else {
            vec![Part::Expression(parse::expression(text, Purpose::Mapping)?)]
        };
        Ok(Self {
            text: Arc::from(text),
            parts: Arc::from(parts),
        })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As [`super::Expression::warnings`], for all of its expressions.
    pub fn warnings(&self) -> Vec<Warning> {
        let expressions = self.parts.iter().filter_map(|part| match part {
            Part::Expression(node) => Some(super::warnings(node, &self.text)),
            Part::Text(_) => None,
        });
        expressions.flatten().collect()
    }

    /// As [`super::Expression::references`], for all of its expressions.
    pub fn references(&self) -> Vec<Reference<'_>> {
        let expressions = self.parts.iter().filter_map(|part| match part {
            Part::Expression(node) => Some(super::references(node, &self.text)),
            Part::Text(_) => None,
        });
        expressions.flatten().collect()
    }

    /// What it is for a person: the value itself where one expression is all, else the text with every
    /// expression replaced by its text, null by nothing.
    ///
    /// # Errors
    /// The first expression that cannot be computed for this person.
    pub fn evaluate<'a>(&'a self, context: &Context<'a>) -> Result<Value<'a>, EvaluationError> {
        if let [Part::Expression(only)] = &self.parts[..] {
            return evaluate::evaluate(only, context).map_err(|f| f.locate(&self.text));
        }
        let mut whole = evaluate::Joined::new(context);
        for part in &*self.parts {
            match part {
                Part::Text(text) => whole.text.push_str(text),
                Part::Expression(node) => whole.push(node).map_err(|f| f.locate(&self.text))?,
            }
        }
        Ok(Value::from(whole.text))
    }
}

fn parts(text: &str) -> Result<Vec<Part>, SyntaxError> {
    let mut parser = Parser::new(text, Purpose::Mapping, true);
    let mut parts = Vec::new();
    while let Some(begin) = parser.rest().find("${") {
        if begin > 0 {
            parts.push(Part::Text(parser.rest()[..begin].to_owned()));
        }
        let opened = parser.at + begin;
        parser.at = opened + 2;
        parts.push(Part::Expression(parser.expression(0)?));
        if !parser.take("}") {
            return Err(if parser.rest().is_empty() {
                SyntaxError::at(text, opened, "the placeholder is never closed; add '}'")
            } else {
                parser.unexpected()
            });
        }
    }
    if !parser.rest().is_empty() {
        parts.push(Part::Text(parser.rest().to_owned()));
    }
    Ok(parts)
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Template {}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .map_err(|e| serde::de::Error::custom(format_args!("template {text:?}: {e}")))
    }
}
