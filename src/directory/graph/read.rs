//! Properties of users and groups as Microsoft Graph writes them, read as what the directory keeps.
//!
//! One value at a time, without its place: a file says where a mistake stands, the Graph API which property it is of.

use serde_json::Value;

use super::{GraphName, NOT_KEPT, Shape, names};
use crate::directory::attributes::is_extension;
use crate::directory::import::Reference;
use crate::directory::{AttributeChange, AttributeValue};
use crate::model::ObjectKind;

/// Errors say what was expected, as a sentence without its end.
type Result<T> = std::result::Result<T, String>;

/// What a property is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// A plain attribute, with its change.
    Attribute(AttributeChange),
    /// Known to Graph, and nothing that this directory keeps.
    NotKept,
    /// An annotation such as `@odata.type`.
    Annotation,
    /// Nobody knows it.
    Unknown,
}

/// Reads a property that is a plain attribute, `within` another property or not. Names of the provisioning service are
/// understood too.
///
/// # Errors
/// When the value is none of this attribute.
pub fn property(
    kind: ObjectKind,
    within: Option<&str>,
    name: &str,
    value: &Value,
) -> Result<Property> {
    let known = names(kind).iter().find(|known| {
        let fits = match known.shape {
            Shape::Within(outer) => within == Some(outer),
            _ => within.is_none(),
        };
        (fits && known.graph == name) || (within.is_none() && known.attribute == name)
    });
    let (attribute, value) = match known {
        Some(known) => (known.attribute, value_of(known, name, value)?),
        None if is_extension(name) => (name, extension(value)?),
        None if name.starts_with('@') || name.contains("@odata.") => {
            return Ok(Property::Annotation);
        }
        None if is_not_kept(name) => return Ok(Property::NotKept),
        None => return Ok(Property::Unknown),
    };
    let change = match value {
        Some(value) => AttributeChange::set(kind, attribute, value),
        None => AttributeChange::clear(kind, attribute),
    };
    change
        .map(Property::Attribute)
        .map_err(|error| error.to_string())
}

/// Whether Graph or the portal has such a property, and this directory does not keep it.
pub fn is_not_kept(name: &str) -> bool {
    NOT_KEPT
        .iter()
        .any(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// A value that is not what was expected.
///
/// # Errors
/// Always.
pub fn expected<T>(what: &str, found: &Value) -> Result<T> {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    Err(format!("expected {what}, found {found}"))
}

/// A text; null and nothing but blanks are none.
///
/// # Errors
/// For another type.
pub fn text(value: &Value) -> Result<Option<&str>> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        other => expected("a text or null", other),
    }
}

/// Texts; null is none.
///
/// # Errors
/// For another type.
pub fn texts(value: &Value) -> Result<Vec<String>> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => {
            let mut all = Vec::new();
            for item in items {
                all.extend(text(item)?.map(str::to_owned));
            }
            Ok(all)
        }
        other => expected("an array of texts", other),
    }
}

/// True or false.
///
/// # Errors
/// For another type.
pub fn flag(value: &Value) -> Result<Option<bool>> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(*flag)),
        other => expected("true, false or null", other),
    }
}

/// `userType`: whether it is `Guest`.
///
/// # Errors
/// For anything but `Guest` and `Member`.
pub fn guest(value: &Value) -> Result<Option<bool>> {
    match text(value)? {
        None => Ok(None),
        Some(text) => user_type(text)
            .map(Some)
            .ok_or_else(|| "expected Member or Guest".into()),
    }
}

/// Whether a `userType` is `Guest` and not `Member`, in any case.
pub fn user_type(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "guest" => Some(true),
        "member" => Some(false),
        _ => None,
    }
}

/// An object that is referred to: its id, its name, its address, or an object with one of these.
///
/// # Errors
/// When there is none of them.
pub fn reference(value: &Value) -> Result<Option<Reference>> {
    let of_text = |text: &str| {
        // An address such as https://graph.example/v1.0/directoryObjects/{id}
        let last = text.rsplit('/').next().unwrap_or(text);
        Reference::of(last)
    };
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(of_text(text))),
        Value::Object(members) => {
            for name in ["id", "@odata.id", "userPrincipalName", "displayName"] {
                if let Some(value) = members.get(name)
                    && let Some(found) = text(value)?
                {
                    return Ok(Some(match name {
                        "displayName" => Reference::Name(found.to_owned()),
                        _ => of_text(found),
                    }));
                }
            }
            Err("expected id, userPrincipalName or @odata.id in this object".into())
        }
        other => expected("an object, an object id or null", other),
    }
}

fn value_of(known: &GraphName, name: &str, value: &Value) -> Result<Option<AttributeValue>> {
    Ok(match known.shape {
        Shape::Flag => flag(value)?
            .map(|flag| AttributeValue::Text(if flag { "True" } else { "False" }.to_owned())),
        Shape::List => Some(texts(value)?)
            .filter(|values| !values.is_empty())
            .map(AttributeValue::List),
        // Under the provisioning service's name it is one text.
        Shape::First if name == known.graph => {
            texts(value)?.into_iter().next().map(AttributeValue::Text)
        }
        Shape::Text | Shape::First | Shape::Within(_) => {
            text(value)?.map(|text| AttributeValue::Text(text.to_owned()))
        }
    })
}

/// An extension's value of whatever type, as text: the tenant's definition says what it takes.
fn extension(value: &Value) -> Result<Option<AttributeValue>> {
    Ok(match value {
        Value::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => text(value)?.map(str::to_owned),
    }
    .map(AttributeValue::Text))
}
