//! What can be wrong: [`SyntaxError`] with a text, [`EvaluationError`] with a person.

use std::fmt;

use super::super::position::{Near, Position, found_at};

/// Why a text is no expression. Displays what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {position}{}: {message}", Near(.found))]
pub struct SyntaxError {
    /// Where the trouble starts.
    pub position: Position,
    /// The offending text, shortened; empty at the end of the expression.
    pub found: String,
    /// What is wrong and how to put it right.
    pub message: String,
}

impl SyntaxError {
    pub(super) fn at(text: &str, offset: usize, message: impl Into<String>) -> Self {
        Self {
            position: Position::of(text, offset),
            found: found_at(text, offset),
            message: message.into(),
        }
    }
}

/// What kind of trouble an evaluation met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A value is of a type that does not belong there.
    Type,
    /// A name means nothing here: an app the organisation does not have.
    Reference,
    /// A text is not the number it should be.
    Conversion,
    /// A text is not the date it should be, or the date cannot be written so.
    Date,
    /// A computed text is no regular expression, or matching it takes too long.
    Pattern,
    /// A position or a number lies outside of what is allowed.
    Range,
    /// The result or the way to it is larger than the limits.
    TooLarge,
}

impl ErrorKind {
    /// One word for logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Reference => "reference",
            Self::Conversion => "conversion",
            Self::Date => "date",
            Self::Pattern => "pattern",
            Self::Range => "range",
            Self::TooLarge => "too large",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why an expression has no value for a person. Displays where and what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {position}{}: {message}", Near(.found))]
pub struct EvaluationError {
    /// What kind of trouble.
    pub kind: ErrorKind,
    /// Where in the expression.
    pub position: Position,
    /// What stands there, shortened.
    pub found: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// An error before its place is looked up: `at` is in bytes.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) at: usize,
    pub(super) kind: ErrorKind,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(at: usize, kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            at,
            kind,
            message: message.into(),
        }
    }

    pub(super) fn locate(self, text: &str) -> EvaluationError {
        EvaluationError {
            kind: self.kind,
            position: Position::of(text, self.at),
            found: found_at(text, self.at),
            message: self.message,
        }
    }
}
