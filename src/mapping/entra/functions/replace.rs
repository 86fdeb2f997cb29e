//! `Replace` and its five modes.
//!
//! Which mode applies depends on which arguments are written, not on their values: an argument left
//! empty is not given, `""` is.

use super::super::bounded::Bounded;
use super::super::evaluate::{Arguments, Stop};
use super::super::pattern::Pattern;
use crate::mapping::Value;

const SOURCE: usize = 0;
const OLD_VALUE: usize = 1;
const REGEX_PATTERN: usize = 2;
const REGEX_GROUP_NAME: usize = 3;
const REPLACEMENT_VALUE: usize = 4;
const REPLACEMENT_ATTRIBUTE_NAME: usize = 5;
const TEMPLATE: usize = 6;

pub(super) fn replace(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let given = |index| arguments.given(index);
    if given(OLD_VALUE) && given(TEMPLATE) {
        return in_template(arguments);
    }
    if given(OLD_VALUE) && given(REPLACEMENT_VALUE) {
        return old_value(arguments);
    }
    if given(REGEX_PATTERN) && given(REGEX_GROUP_NAME) && given(REPLACEMENT_ATTRIBUTE_NAME) {
        return from_attribute(arguments);
    }
    if given(REGEX_PATTERN) && given(REPLACEMENT_VALUE) {
        return regular_expression(arguments);
    }
    Err(arguments.failed(
        "give oldValue with replacementValue or template, or regexPattern with replacementValue, or regexPattern with regexGroupName and replacementAttributeName",
    ))
}

/// The source, with every occurrence of the old value replaced.
fn old_value(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let Some(source) = arguments.text(SOURCE)? else {
        return Ok(Value::Null);
    };
    substitute(
        arguments,
        &source,
        &arguments.text(REPLACEMENT_VALUE)?.unwrap_or_default(),
    )
}

/// The template, with every occurrence of the old value replaced by the source.
fn in_template(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let Some(source) = arguments.text(SOURCE)? else {
        return Ok(Value::Null);
    };
    substitute(
        arguments,
        &arguments.text(TEMPLATE)?.unwrap_or_default(),
        &source,
    )
}

fn substitute(arguments: &Arguments<'_>, text: &str, by: &str) -> Result<Value, Stop> {
    let old = arguments.text(OLD_VALUE)?.unwrap_or_default();
    if old.is_empty() {
        return Ok(Value::from(text));
    }
    let mut out = Bounded::default();
    for (index, part) in text.split(&old).enumerate() {
        if index > 0 {
            out.push(by).map_err(|reason| arguments.failed(reason))?;
        }
        out.push(part).map_err(|reason| arguments.failed(reason))?;
    }
    Ok(Value::from(out.into_text()))
}

/// Every match, or only the named group of every match, replaced.
fn regular_expression(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let Some(source) = arguments.text(SOURCE)? else {
        return Ok(Value::Null);
    };
    let pattern = arguments.pattern(REGEX_PATTERN)?;
    let replacement = arguments.text(REPLACEMENT_VALUE)?.unwrap_or_default();
    let replaced = match group_name(arguments, &pattern)? {
        Some(group) => pattern.replace_group(&source, &group, &replacement),
        None => pattern.replace_all(&source, &replacement),
    };
    replaced
        .map(Value::from)
        .map_err(|reason| arguments.failed(reason))
}

/// The source; when it is empty, the named group of the first match in the other attribute.
fn from_attribute(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let source = arguments.value(SOURCE)?;
    if !source.is_null_or_empty() {
        return Ok(source);
    }
    let pattern = arguments.pattern(REGEX_PATTERN)?;
    let (Some(other), Some(group)) = (
        arguments.text(REPLACEMENT_ATTRIBUTE_NAME)?,
        group_name(arguments, &pattern)?,
    ) else {
        return Ok(Value::Null);
    };
    pattern
        .first_group(&other, &group)
        .map(|found| found.map_or(Value::Null, Value::from))
        .map_err(|reason| arguments.failed(reason))
}

fn group_name(arguments: &Arguments<'_>, pattern: &Pattern) -> Result<Option<String>, Stop> {
    let Some(name) = arguments
        .text(REGEX_GROUP_NAME)?
        .filter(|name| !name.is_empty())
    else {
        return Ok(None);
    };
    if !pattern.has_group(&name) {
        return Err(arguments.failed(format!(
            "the regular expression has no group '{name}'; write (?<{name}>...) in it"
        )));
    }
    Ok(Some(name))
}
