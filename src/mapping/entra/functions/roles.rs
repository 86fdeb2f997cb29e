//! Functions about the app roles of a person.
//!
//! `appRoleAssignments` has one value for each role: an object with `id`, `value` and `displayName`, or
//! the name of the role alone. Results follow Microsoft's "Provisioning a role to a SCIM app".

use serde_json::{Map, Value as Json, json};

use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

/// `type` of a role that an assignment makes.
const TYPE: &str = "WindowsAzureActiveDirectoryRole";

/// The texts of a role: its name, and its value for the application.
struct Role {
    display: String,
    value: String,
}

fn role(assignment: &Value) -> Option<Role> {
    let text = |role: &Map<String, Json>, member: &str| {
        let (_, value) = role
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(member))?;
        let text = Value::from_json(value.clone()).as_text()?.to_owned();
        Some(text).filter(|text| !text.is_empty())
    };
    match assignment {
        Value::Text(name) if !name.is_empty() => Some(Role {
            display: name.clone(),
            value: name.clone(),
        }),
        Value::Object(role) => {
            let (display, value) = (text(role, "displayName"), text(role, "value"));
            Some(Role {
                display: display.clone().or_else(|| value.clone())?,
                value: value.or(display)?,
            })
        }
        Value::Text(_) | Value::Null | Value::List(_) => None,
    }
}

/// The roles of the argument; what is no role is passed over.
fn roles(arguments: &Arguments<'_>) -> Result<Vec<Role>, Stop> {
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
    let object = |role: Role| match json!({
        "primary": false,
        "type": TYPE,
        "display": role.display,
        "value": role.value,
    }) {
        Json::Object(members) => Value::Object(members),
        _ => Value::Null,
    };
    Ok(list(roles(arguments)?.into_iter().map(object).collect()))
}

/// With several roles the service picks any; the first is taken here.
pub(super) fn single_app_role_assignment(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let first = roles(arguments)?.into_iter().next();
    Ok(first.map_or(Value::Null, |role| Value::from(role.display)))
}
