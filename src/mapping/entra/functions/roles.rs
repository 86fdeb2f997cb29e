//! Functions about the app roles of a person.
//!
//! `appRoleAssignments` has one value for each role: an object with `id`, `value` and `displayName`, or
//! the name of the role alone. Results follow Microsoft's "Provisioning a role to a SCIM app".

use serde_json::{Map, Value as Json, json};

use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

/// `type` of a role that an assignment makes.
const TYPE: &str = "WindowsAzureActiveDirectoryRole";

/// The name of a role: its display name, or its value when it has none.
fn role(assignment: &Value) -> Option<String> {
    let text = |role: &Map<String, Json>, member: &str| {
        let (_, value) = role
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(member))?;
        let text = Value::from_json(value.clone()).as_text()?.to_owned();
        Some(text).filter(|text| !text.is_empty())
    };
    match assignment {
        Value::Text(name) => Some(name.clone()).filter(|name| !name.is_empty()),
        Value::Object(role) => text(role, "displayName").or_else(|| text(role, "value")),
        Value::Null | Value::List(_) => None,
    }
}

/// The roles of the argument; what is no role is passed over.
fn roles(arguments: &Arguments<'_>) -> Result<Vec<String>, Stop> {
    Ok(arguments
        .value(0)?
        .elements()
        .iter()
        .filter_map(role)
        .collect())
}

/// Several values; none is null.
fn list(values: Vec<Value>) -> Value {
    if values.is_empty() {
        Value::Null
    } else {
        Value::List(values)
    }
}

pub(super) fn app_role_assignments(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let names = roles(arguments)?
        .into_iter()
        .map(|r| Value::from(r.display));
    Ok(list(names.collect()))
}

/// One object for each role. The assertive function gives the same; what differs is that the agent
/// replaces the whole list in the target instead of adding to it.
pub(super) fn app_role_assignments_complex(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let object = |name: String| match json!({
        "primary": false,
        "type": TYPE,
        "display": name,
        "value": name,
    }) {
        Json::Object(members) => Value::Object(members),
        _ => Value::Null,
    };
    Ok(list(roles(arguments)?.into_iter().map(object).collect()))
}

/// With several roles the service picks any; the first is taken here.
pub(super) fn single_app_role_assignment(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let first = roles(arguments)?.into_iter().next();
    Ok(first.map_or(Value::Null, Value::from))
}
