//! [`Expression`]: the text of an attribute mapping, read into a tree and printed back.
//!
//! Grammar: `[attribute]`, `"text"`, a number (`12`, `-3`, `1.5`, `&HF7`), `Name(argument, ...)` with
//! arguments that may be left empty, and a comparison (`=`, `<>`, `<`, `<=`, `>`, `>=`) where a
//! function takes a condition. Inside quotes `\` and `"` are written `\\` and `\"`. Attribute names
//! run to the matching closing bracket. Function names are read in any case and printed as
//! documented. An expression has at most 10,000 characters (the service's limit); it nests at most 64
//! deep and has at most 100 constant regular expressions (ours). What a name means stands in `functions/`; what it computes in `evaluate`.

pub(super) mod parse;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::functions::Function;
use super::pattern::Pattern;
use crate::mapping::position::Near;

pub use crate::mapping::position::Position;

/// A parsed mapping expression. Stored and serialised as its text in canonical spacing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    root: Node,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `[name]`: a source attribute, without the brackets.
    Attribute(String),
    /// `"text"`: a constant, unescaped.
    Text(String),
    /// A number as written: decimal, or hexadecimal after `&H`.
    Number(String),
    /// A named constant of the language: `vbTextCompare` or `vbBinaryCompare`.
    Keyword(&'static str),
    /// A function call.
    Call(Call),
    /// Two operands and how they are compared; stands only where a function takes a condition.
    Compare(Box<Node>, Comparison, Box<Node>),
}

/// A function call with as many arguments as the function allows.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) function: &'static Function,
    pub(super) arguments: Vec<Option<Node>>,
    pub(super) position: Position,
    /// The regular expression argument, compiled, when it is a constant.
    pub(super) pattern: Option<Pattern>,
}

impl Call {
    /// The function called.
    pub fn function(&self) -> &'static Function {
        self.function
    }

    /// The arguments in order; `None` for one that was left empty.
    pub fn arguments(&self) -> &[Option<Node>] {
        &self.arguments
    }
}

/// Calls are equal when they say the same, wherever they stand.
impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name && self.arguments == other.arguments
    }
}

impl Eq for Call {}

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The operator as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// Why a text is not an expression. Displays what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {position}{}: {message}", Near(.found))]
pub struct ParseError {
    /// Where the trouble starts.
    pub position: Position,
    /// What is wrong and how to put it right.
    pub message: String,
    /// The offending text, shortened; empty at the end of the expression.
    pub found: String,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`ParseError`] with the place: syntax, an unknown function, a wrong number of arguments, a
    /// constant that is not a regular expression where one is needed, or a limit of the module.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parse::expression(text).map(|root| Self { root })
    }

    /// The outermost part.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The source attributes it reads, in the order of the text, with repetitions.
    pub fn attributes(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.visit(&mut |node| {
            if let Node::Attribute(name) = node {
                names.push(name.as_str());
            }
        });
        names
    }

    /// How many of its regular expressions are constants, compiled when it was read.
    pub(super) fn patterns(&self) -> usize {
        let mut count = 0;
        self.root.visit(&mut |node| {
            count += usize::from(matches!(node, Node::Call(call) if call.pattern.is_some()));
        });
        count
    }

    /// Whether it calls the function of this name anywhere.
    pub fn calls(&self, function: &str) -> bool {
        let mut found = false;
        self.root.visit(&mut |node| {
            found |= matches!(node, Node::Call(call) if call.function.name == function);
        });
        found
    }
}

impl Node {
    pub(super) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Node)) {
        see(self);
        match self {
            Self::Call(call) => {
                for argument in call.arguments.iter().flatten() {
                    argument.visit(see);
                }
            }
            Self::Compare(left, _, right) => {
                left.visit(see);
                right.visit(see);
            }
            Self::Attribute(_) | Self::Text(_) | Self::Number(_) | Self::Keyword(_) => {}
        }
    }
}

impl FromStr for Expression {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(name) => write!(f, "[{name}]"),
            Self::Text(text) => {
                write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Self::Number(text) => f.write_str(text),
            Self::Keyword(name) => f.write_str(name),
            Self::Call(call) => {
                write!(f, "{}(", call.function.name)?;
                for (index, argument) in call.arguments.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    if let Some(argument) = argument {
                        argument.fmt(f)?;
                    }
                }
                f.write_str(")")
            }
            Self::Compare(left, comparison, right) => {
                write!(f, "{left} {} {right}", comparison.symbol())
            }
        }
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .map_err(|e| serde::de::Error::custom(format_args!("expression {text:?}: {e}")))
    }
}
