//! Functions that choose: comparisons, null tests and switches.

use super::super::comparison::fraction;
use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

/// A value counts as true when it is `True` or a number other than zero.
fn is_true(value: &Value) -> bool {
    match value.as_text() {
        Some(text) => {
            text.eq_ignore_ascii_case("true")
                || fraction(text.trim()).is_some_and(|number| number != 0.0)
        }
        None => false,
    }
}

pub(super) fn c_bool(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(Value::from(is_true(&arguments.value(0)?)))
}

pub(super) fn coalesce(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    for index in 0..arguments.count() {
        let value = arguments.value(index)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

pub(super) fn ignore_flow_if_null_or_empty(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let value = arguments.value(0)?;
    if value.is_null_or_empty() {
        return Err(Stop::Dropped);
    }
    Ok(value)
}

/// A condition on an attribute without value fails, as documented: whoever wants to test for
/// absence uses Switch.
pub(super) fn iif(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    if let Some(name) = arguments.missing_attribute(0) {
        return Err(arguments.failed(format!(
            "the condition cannot be checked because [{name}] is null or empty; use Switch([{name}], default, \"\", value) to tell absent values apart"
        )));
    }
    arguments.value(if is_true(&arguments.value(0)?) { 1 } else { 2 })
}

pub(super) fn is_null(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(Value::from(arguments.value(0)?.is_null()))
}

pub(super) fn is_null_or_empty(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(Value::from(arguments.value(0)?.is_null_or_empty()))
}

pub(super) fn is_present(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(Value::from(!arguments.value(0)?.is_null_or_empty()))
}

pub(super) fn is_string(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(Value::from(arguments.value(0)?.as_text().is_some()))
}

/// Null is not `True`, so it becomes `True`: the documented "otherwise returns True".
pub(super) fn not(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let value = arguments.value(0)?;
    Ok(Value::from(
        !value
            .as_text()
            .is_some_and(|t| t.eq_ignore_ascii_case("true")),
    ))
}

/// The value itself; what makes it special is that the expression calls this function.
pub(super) fn redact(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    arguments.value(0)
}

/// Keys are compared case-sensitively; the empty key, and one left empty, also stand for null.
pub(super) fn switch(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let nulled = |node| arguments.context().nulls_switch_on(node);
    if arguments.node(0).is_some_and(nulled) {
        return Ok(Value::Null);
    }
    let source = arguments.text(0)?.unwrap_or_default();
    for key in (2..arguments.count()).step_by(2) {
        if arguments.text(key)?.unwrap_or_default() == source {
            return arguments.value(key + 1);
        }
    }
    arguments.value(1)
}
