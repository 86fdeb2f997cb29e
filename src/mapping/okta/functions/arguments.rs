//! [`Arguments`]: the values a function is called with, and how it says what is wrong with them.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::error::{ErrorKind, Failure};
use super::super::evaluate::{Outcome, Scope};
use super::super::expression::node::Call;
use super::super::operators;
use super::super::pattern::Pattern;
use super::super::value::Value;

/// The arguments of one call, evaluated. A function takes each out once.
pub(in crate::mapping::okta) struct Arguments<'s, 'a> {
    pub(in crate::mapping::okta) at: usize,
    pub(in crate::mapping::okta) call: &'a Call,
    pub(in crate::mapping::okta) values: Vec<Value<'a>>,
    pub(in crate::mapping::okta) scope: Scope<'s, 'a>,
}

impl<'s, 'a> Arguments<'s, 'a> {
    pub(super) fn count(&self) -> usize {
        self.values.len()
    }

    /// Takes an argument out; null when it was not given.
    pub(super) fn take(&mut self, index: usize) -> Value<'a> {
        self.values
            .get_mut(index)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// The text of an argument, none for null. Numbers and booleans become text, a list its elements with
    /// commas between.
    pub(super) fn text(&mut self, index: usize) -> Result<Option<Cow<'a, str>>, Failure> {
        let value = self.take(index);
        if value.is_null() {
            return Ok(None);
        }
        let kind = value.kind();
        let text = value.into_text();
        text.map(Some)
            .ok_or_else(|| self.mistyped(index, "a string", kind))
    }

    /// The text of an argument, empty for null.
    pub(super) fn text_or_empty(&mut self, index: usize) -> Result<Cow<'a, str>, Failure> {
        Ok(self.text(index)?.unwrap_or_default())
    }

    /// The text of an argument that is a date or a code: none for null and for blanks.
    pub(super) fn filled(&mut self, index: usize) -> Result<Option<Cow<'a, str>>, Failure> {
        Ok(self.text(index)?.filter(|text| !text.trim().is_empty()))
    }

    /// The whole number of an argument.
    pub(super) fn integer(&mut self, index: usize) -> Result<i64, Failure> {
        let value = self.take(index);
        let found = match &value {
            Value::Integer(integer) => Some(*integer),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        found.ok_or_else(|| self.mistyped(index, "an integer", value.kind()))
    }

    /// The elements of an argument: none of null, the parts of a text between its commas, one of any other
    /// value.
    pub(super) fn list(&mut self, index: usize) -> Result<Vec<Value<'a>>, Failure> {
        let items = match self.take(index) {
            Value::Null => Vec::new(),
            Value::List(items) => items,
            Value::Text(text) if text.is_empty() => Vec::new(),
            Value::Text(Cow::Borrowed(text)) => text.split(',').map(Value::from).collect(),
            Value::Text(Cow::Owned(text)) => {
                let own = |part: &str| Value::from(part.to_owned());
                text.split(',').map(own).collect()
            }
            other => vec![other],
        };
        self.scope.charge(self.at, items.len())?;
        Ok(items)
    }

    /// The regular expression of an argument; none for null.
    pub(super) fn pattern(&mut self, index: usize) -> Result<Option<Pattern>, Failure> {
        if let Some(pattern) = &self.call.pattern {
            return Ok(Some(pattern.clone()));
        }
        match self.take(index) {
            Value::Null => Ok(None),
            value => operators::pattern(&self.scope, self.at, value).map(Some),
        }
    }

    pub(super) fn context(&self) -> &'s Context<'a> {
        self.scope.context
    }

    /// A text that the function made, within the limits.
    pub(super) fn made(&self, text: String) -> Outcome<'a> {
        self.scope.made(self.at, text.len())?;
        Ok(Value::from(text))
    }

    /// The error of this call.
    pub(super) fn failed(&self, kind: ErrorKind, message: impl AsRef<str>) -> Failure {
        let name = self.call.function.name;
        Failure::new(self.at, kind, format!("{name}: {}", message.as_ref()))
    }

    pub(super) fn mistyped(&self, index: usize, wanted: &str, given: &str) -> Failure {
        let parameters = self.call.function.parameters;
        let message = match parameters.get(index).or(parameters.last()) {
            Some(name) => format!("{name} has to be {wanted}, not {given}"),
            None => format!("an argument has to be {wanted}, not {given}"),
        };
        self.failed(ErrorKind::Type, message)
    }
}
