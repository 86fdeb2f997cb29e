//! [`Expression`]: the text of a mapping, read into a tree that is evaluated for many people.
//!
//! Grammar: a restricted Spring expression language. Operators from loose to tight: `? :` and `?:`, `OR`
//! `||`, `AND` `&&`, one of `== != < <= > >= matches`, `+ -`, `* / %`, `! NOT -`, then `.name`, `[index]`
//! and `.![projection]`. Literals: strings in either quotes, in which a backslash is an ordinary character
//! and the quote itself is doubled; integers, numbers, `true`, `false`, `null`; lists `{1, 2}` and maps
//! `{'key': value}`. Words of the language are read in any case, names of attributes and functions as they
//! are. An expression has at most 10,000 characters, 2,000 bytes of them in regular expressions, and nests at
//! most 64 deep; the limits are ours. Long chains (`a + b + ...`, `a ? b : c ? d : ...`) are flat and do not nest.

pub(super) mod node;
pub(super) mod parse;
mod template;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::Position;
use super::context::Context;
use super::error::{EvaluationError, SyntaxError};
use super::evaluate;
use super::functions::Family;
use super::value::Value;
use node::{Kind, Node, Piece, Step};

pub use template::Template;

/// What an expression is for, which decides what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// An attribute mapping, in either direction. `Groups.*` is not for mappings.
    #[default]
    Mapping,
    /// The condition of a group rule: `String.*`, `Arrays.*`, `user.*` and the functions of groups only.
    GroupRule,
    /// A claim or SAML attribute: everything.
    Claim,
}

/// A parsed expression. Displayed, stored and serialised as its text; equal when written the same.
#[derive(Debug, Clone)]
pub struct Expression {
    text: Arc<str>,
    root: Arc<Node>,
}

/// An attribute that an expression names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    /// What stands before the dot: `user`, `source`, `appuser`, `app`, `org` or the name of an app;
    /// empty for a name alone, which is an attribute of the source.
    pub root: &'a str,
    /// Variable name of the attribute; none where the whole object is meant.
    pub attribute: Option<&'a str>,
    /// Where it stands.
    pub position: Position,
}

/// Something that is accepted here although the documentation rules it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where it stands.
    pub position: Position,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}", self.position, self.message)
    }
}

impl Expression {
    /// Reads the expression of a mapping.
    ///
    /// # Errors
    /// [`SyntaxError`] with the place: syntax, an unknown function, a wrong number of arguments, a constant
    /// that is no regular expression where one is needed, or a limit of the module.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Self::parse_for(text, Purpose::Mapping)
    }

    /// Reads an expression for any purpose.
    ///
    /// # Errors
    /// As [`Self::parse`]; also what the purpose does not allow.
    pub fn parse_for(text: &str, purpose: Purpose) -> Result<Self, SyntaxError> {
        Ok(Self {
            root: Arc::new(parse::expression(text, purpose)?),
            text: Arc::from(text),
        })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its value for a person.
    ///
    /// # Errors
    /// The first part that cannot be computed for this person.
    pub fn evaluate<'a>(&'a self, context: &Context<'a>) -> Result<Value<'a>, EvaluationError> {
        evaluate::evaluate(&self.root, context).map_err(|failure| failure.locate(&self.text))
    }

    /// Its value as a condition, for group rules.
    ///
    /// # Errors
    /// As [`Self::evaluate`]; a value that is neither true nor false.
    pub fn holds(&self, context: &Context<'_>) -> Result<bool, EvaluationError> {
        evaluate::holds(&self.root, context).map_err(|failure| failure.locate(&self.text))
    }

    /// The attributes it names, in the order of the text, so that whoever knows the profiles can refuse a
    /// name that none of them has.
    pub fn references(&self) -> Vec<Reference<'_>> {
        references(&self.root, &self.text)
    }

    /// What is accepted here although the documentation says it is not supported: functions of the families
    /// `Convert`, `Arrays` and `Time` in a condition.
    pub fn warnings(&self) -> Vec<Warning> {
        warnings(&self.root, &self.text)
    }
}

fn references<'a>(root: &'a Node, text: &str) -> Vec<Reference<'a>> {
    let mut found = Vec::new();
    root.visit(&mut |node| {
        let (root, attribute) = match &node.kind {
            Kind::Path(base, steps) => match (&base.kind, steps.first()) {
                (Kind::Name(name), Some(Step::Property(property))) => {
                    (name.as_str(), Some(property.as_str()))
                }
                _ => return,
            },
            Kind::Name(name) if node::is_root(name) => (name.as_str(), None),
            Kind::Name(name) => ("", Some(name.as_str())),
            _ => return,
        };
        found.push(Reference {
            root,
            attribute,
            position: Position::of(text, node.at),
        });
    });
    found
}

fn warnings(root: &Node, text: &str) -> Vec<Warning> {
    let mut found = Vec::new();
    root.visit(&mut |node| {
        let Kind::Choice(pieces, _) = &node.kind else {
            return;
        };
        for piece in pieces {
            let Piece::When(condition, _) = piece else {
                continue;
            };
            condition.visit(&mut |part| found.extend(warning(part, text)));
        }
    });
    // A condition inside of a condition is seen twice.
    found.sort_by_key(|warning: &Warning| warning.position.offset);
    found.dedup();
    found
}

fn warning(node: &Node, text: &str) -> Option<Warning> {
    let Kind::Call(call) = &node.kind else {
        return None;
    };
    let unsupported = matches!(
        call.function.family,
        Family::Convert | Family::Arrays | Family::Time
    );
    unsupported.then(|| Warning {
        position: Position::of(text, node.at),
        message: format!(
            "the documentation does not support {} in a condition; the real service may refuse it",
            call.function.name
        ),
    })
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl FromStr for Expression {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        Self::parse(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// As a mapping; what another purpose allows beyond that is read with [`Expression::parse_for`].
impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .map_err(|e| serde::de::Error::custom(format_args!("expression {text:?}: {e}")))
    }
}
