//! Functions about several values, and the app roles, which are several values too.

use serde_json::Value as Json;

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
    let mut parts = Vec::new();
    for index in 1..arguments.count() {
        for value in arguments.value(index)?.elements() {
            if !value.is_null_or_empty() {
                parts.push(value.to_string());
            }
        }
    }
    if parts.is_empty() {
        return Ok(Value::Null);
    }
    Ok(Value::from(parts.join(&separator)))
}

/// Values are compared exactly; the first of equal ones stays.
pub(super) fn remove_duplicates(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let Value::List(values) = arguments.value(0)? else {
        return arguments.value(0);
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

/// Name of one assignment: its display name, or the text itself when it is given as a name.
fn role_name(assignment: &Value) -> Option<Value> {
    match assignment {
        Value::Text(name) => Some(Value::from(name.as_str())),
        Value::Object(role) => ["displayName", "value"]
            .iter()
            .find_map(|member| role.get(*member).and_then(Json::as_str))
            .map(Value::from),
        Value::Null | Value::List(_) => None,
    }
}

pub(super) fn app_role_assignments(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let names: Vec<Value> = arguments
        .value(0)?
        .elements()
        .iter()
        .filter_map(role_name)
        .collect();
    Ok(if names.is_empty() {
        Value::Null
    } else {
        Value::List(names)
    })
}

/// With several roles the service picks any; the first is taken here.
pub(super) fn single_app_role_assignment(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let assignments = arguments.value(0)?;
    Ok(assignments
        .elements()
        .iter()
        .find_map(role_name)
        .unwrap_or_default())
}
