//! [`Value`]: what mapping expressions compute with.
//!
//! Owns the conversion from and to plain JSON. Booleans and numbers become text on the way in
//! (`true` is `"True"`, the spelling of Entra's language), so that every function sees one kind of
//! scalar; whoever renders for a target decides which texts become JSON booleans again.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

/// A value of the mapping language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// No value: the attribute is absent.
    #[default]
    Null,
    /// A single value. Booleans are `True` and `False`, numbers their decimal digits.
    Text(String),
    /// Several values, in the order of the source.
    List(Vec<Value>),
    /// A complex value such as an app role, kept as it came.
    Object(Map<String, Json>),
}

impl Value {
    /// From JSON: booleans become `True` or `False`, numbers their digits.
    pub fn from_json(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::from(flag),
            Json::Number(number) => Self::Text(number.to_string()),
            Json::String(text) => Self::Text(text),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from_json).collect()),
            Json::Object(members) => Self::Object(members),
        }
    }

    /// As JSON: `null`, a string, an array or an object. Texts stay strings.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => Json::String(text.clone()),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Object(members) => Json::Object(members.clone()),
        }
    }

    /// Whether there is no value: null, or a list without elements.
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(items) => items.is_empty(),
            Self::Text(_) | Self::Object(_) => false,
        }
    }

    /// Whether there is nothing to see: null, an empty list or the empty text.
    pub fn is_null_or_empty(&self) -> bool {
        self.is_null() || self.as_text() == Some("")
    }

    /// The text of a single value; a list with exactly one element counts as its element.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(items) => match items.as_slice() {
                [only] => only.as_text(),
                _ => None,
            },
            Self::Null | Self::Object(_) => None,
        }
    }

    /// The values one by one: none for null, the elements of a list, else the value itself.
    pub fn elements(&self) -> &[Value] {
        match self {
            Self::Null => &[],
            Self::List(items) => items,
            Self::Text(_) | Self::Object(_) => std::slice::from_ref(self),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::from(if flag { "True" } else { "False" })
    }
}

/// The bare text of a single value, JSON for anything else; null prints nothing.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::List(_) | Self::Object(_) => write!(f, "{}", self.to_json()),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => items.serialize(serializer),
            Self::Object(members) => members.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer).map(Self::from_json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn booleans_and_numbers_are_text_in_the_language() {
        let value: Value = serde_json::from_value(json!([true, false, 12, "x", null])).unwrap();
        assert_eq!(
            serde_json::to_value(&value).unwrap(),
            json!(["True", "False", "12", "x", null])
        );
    }

    #[test]
    fn an_empty_list_is_null_and_a_list_of_one_is_its_element() {
        assert!(Value::List(vec![]).is_null());
        assert_eq!(Value::List(vec!["a".into()]).as_text(), Some("a"));
        assert_eq!(Value::List(vec!["a".into(), "b".into()]).as_text(), None);
        assert!(Value::from("").is_null_or_empty() && !Value::from("").is_null());
    }
}
