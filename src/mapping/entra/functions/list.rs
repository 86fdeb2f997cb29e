//! Functions about several values.

use super::super::bounded::Bounded;
use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

pub(super) fn count(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(Value::from(
        arguments.value(0)?.elements().len().to_string(),
    ))
}

/// An index outside of the values gives null.
pub(super) fn item(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let index = arguments.required_integer(1)?;
    let values = arguments.value(0)?;
    let found = index
        .checked_sub(1)
        .and_then(|skip| usize::try_from(skip).ok())
        .and_then(|skip| values.elements().get(skip));
    Ok(found.cloned().unwrap_or_default())
}

/// Several values of a source are joined one by one. Nothing to join gives null, so that an absent
/// name is not sent as an empty one.
pub(super) fn join(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let separator = arguments.text(0)?.unwrap_or_default();
    let mut joined = Bounded::default();
    let mut any = false;
    for index in 1..arguments.count() {
        for value in arguments.value(index)?.elements() {
            if value.is_null_or_empty() {
                continue;
            }
            let between = if any { separator.as_str() } else { "" };
            any = true;
            joined
                .push(between)
                .and_then(|()| joined.push(&value.to_string()))
                .map_err(|reason| arguments.failed(reason))?;
        }
    }
    Ok(if any {
        Value::from(joined.into_text())
    } else {
        Value::Null
    })
}

/// Values are compared exactly; the first of equal ones stays.
pub(super) fn remove_duplicates(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let values = match arguments.value(0)? {
        Value::List(values) => values,
        single => return Ok(single),
    };
    let mut seen = std::collections::HashSet::new();
    Ok(Value::List(
        values
            .into_iter()
            .filter(|value| seen.insert(value.to_json().to_string()))
            .collect(),
    ))
}

/// Blanks around the parts are cut off, as in the documented output.
pub(super) fn split(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let Some(text) = arguments.text(0)? else {
        return Ok(Value::Null);
    };
    let delimiter = arguments.text(1)?.unwrap_or_default();
    if delimiter.is_empty() {
        return Ok(Value::List(vec![Value::from(text)]));
    }
    Ok(Value::List(
        text.split(&delimiter)
            .map(|part| Value::from(part.trim()))
            .collect(),
    ))
}
