//! The members of a group as a client names them. RFC 7643 section 4.2.
//!
//! They are edges and no attribute of the stored object, so they are taken out of a body first. Whether
//! they exist is for the provider to say.

use std::collections::HashSet;

use serde_json::Value;

use super::super::Object;
use super::super::error::{Error, echo, kind_of};
use super::super::profile::{Rules, Unknown};
use super::super::quirks;

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberType {
    /// A user.
    User,
    /// A group in a group.
    Group,
}

/// A member as a client names it. Whether it exists is for the provider to say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemberValue {
    /// The `id` of the member; not empty.
    pub value: String,
    /// What the client says it is.
    pub member_type: Option<MemberType>,
}

/// Takes `members` out of a group's body. `None`: the body does not name them; empty: null or `[]`.
/// Repeated members collapse.
///
/// # Errors
/// 400 `invalidValue` for an element without a `value` string.
pub fn take_members(body: &mut Object, rules: &Rules) -> Result<Option<Vec<MemberValue>>, Error> {
    let Some(key) = body.keys().find(|k| k.eq_ignore_ascii_case("members")) else {
        return Ok(None);
    };
    let key = key.clone();
    body.shift_remove(&key)
        .map(|value| members(value, rules))
        .transpose()
}

/// Members from any accepted shape: an array of `{value}` objects, or (coerced) of strings, or one.
pub(in crate::scim) fn members(value: Value, rules: &Rules) -> Result<Vec<MemberValue>, Error> {
    let elements = match value {
        Value::Null => return Ok(vec![]),
        Value::Array(elements) => elements,
        // Fails closed: an empty string is not "no members".
        Value::String(text) if text.is_empty() => return Err(bad_member("an empty string")),
        other => quirks::as_elements(other, rules).map_err(|other| bad_member(kind_of(&other)))?,
    };
    let mut seen = HashSet::with_capacity(elements.len());
    let mut members = Vec::with_capacity(elements.len());
    for element in elements {
        let member = member(element, rules)?;
        if seen.insert(member.value.clone()) {
            members.push(member);
        }
    }
    Ok(members)
}

fn member(element: Value, rules: &Rules) -> Result<MemberValue, Error> {
    let strict = rules.unknown_attributes == Unknown::Refuse;
    let (value, kind) = match element {
        Value::String(text) if rules.coerce_shapes => (Some(text), None),
        Value::Object(object) => {
            let (mut value, mut kind) = (None, None);
            for (name, found) in object {
                if name.eq_ignore_ascii_case("value") {
                    value = Some(found);
                } else if name.eq_ignore_ascii_case("type") {
                    kind = Some(found);
                } else if strict {
                    check_member_part(&name, &found)?;
                }
            }
            match value {
                Some(Value::String(text)) => (Some(text), kind),
                Some(other) => return Err(bad_member(kind_of(&other))),
                None => return Err(bad_member("an object without \"value\"")),
            }
        }
        other => return Err(bad_member(kind_of(&other))),
    };
    let value = value.filter(|text| !text.is_empty());
    let value = value.ok_or_else(|| bad_member("an empty string"))?;
    let member_type = match kind {
        Some(Value::String(text)) if text.eq_ignore_ascii_case("User") => Some(MemberType::User),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("Group") => Some(MemberType::Group),
        Some(other) if strict && !other.is_null() => {
            return Err(Error::invalid_value(format!(
                "the \"type\" of a member is User or Group, not {}",
                other.as_str().map_or(kind_of(&other).to_owned(), |text| {
                    format!("\"{}\"", echo(text))
                })
            )));
        }
        _ => None,
    };
    Ok(MemberValue { value, member_type })
}

/// What a member has besides `value` and `type` is computed, but must be what the schema says when the
/// rules are strict.
fn check_member_part(name: &str, found: &Value) -> Result<(), Error> {
    let known = ["$ref", "display"]
        .iter()
        .any(|k| name.eq_ignore_ascii_case(k));
    if !known && !found.is_null() {
        return Err(Error::invalid_syntax(format!(
            "\"members\" has no sub-attribute \"{}\"",
            echo(name)
        )));
    }
    if found.is_string() || found.is_null() {
        return Ok(());
    }
    Err(Error::invalid_value(format!(
        "\"members.{}\" must be a string, not {}",
        echo(name),
        kind_of(found)
    )))
}

fn bad_member(found: &str) -> Error {
    Error::invalid_value(format!(
        "\"members\" lists objects with the member's id as \"value\", not {found}"
    ))
}
