//! [`Value`]: what Okta's expressions compute with.
//!
//! Typed as attributes of a profile are: text, boolean, integer, number, lists of them, and objects.
//! Values of a profile are borrowed from it, so that mapping a person copies what it changes only.

use std::borrow::Cow;

use serde_json::{Map, Number, Value as Json};

/// A value of the language.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value<'a> {
    /// Never set, or nothing there.
    #[default]
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction; always finite.
    Number(f64),
    /// A text. An attribute that was cleared is the empty text.
    Text(Cow<'a, str>),
    /// An array, in the order of the profile.
    List(Vec<Value<'a>>),
    /// An object: a profile, a group, or a map written as `{'key': value}`.
    Map(Cow<'a, Map<String, Json>>),
}

impl<'a> Value<'a> {
    /// A view of JSON. Whole numbers that fit into 64 bits are integers.
    pub fn of(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Boolean(*flag),
            Json::Number(number) => Self::number(number),
            Json::String(text) => Self::Text(Cow::Borrowed(text)),
            Json::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Json::Object(members) => Self::Map(Cow::Borrowed(members)),
        }
    }

    /// From JSON that nobody else needs.
    pub fn from_json(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Boolean(flag),
            Json::Number(number) => Self::number(&number),
            Json::String(text) => Self::Text(Cow::Owned(text)),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from_json).collect()),
            Json::Object(members) => Self::Map(Cow::Owned(members)),
        }
    }

    fn number(number: &Number) -> Self {
        match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Self::Integer(integer),
            (None, Some(number)) => Self::Number(number),
            (None, None) => Self::Null,
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> Json {
        self.clone().into_json()
    }

    /// As JSON, without copies of what it owns.
    pub fn into_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Boolean(flag) => Json::Bool(flag),
            Self::Integer(integer) => Json::from(integer),
            Self::Number(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
            Self::Text(text) => Json::String(text.into_owned()),
            Self::List(items) => Json::Array(items.into_iter().map(Self::into_json).collect()),
            Self::Map(members) => Json::Object(members.into_owned()),
        }
    }

    /// The same, borrowed from nobody.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(flag) => Value::Boolean(flag),
            Self::Integer(integer) => Value::Integer(integer),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Self::Map(members) => Value::Map(Cow::Owned(members.into_owned())),
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether there is nothing to see: null or the empty text.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// As a text: scalars in the spelling of Java, a list with commas between its elements; none for null
    /// and for objects.
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Null | Self::Map(_) => return None,
            Self::Text(text) => Cow::Borrowed(text.as_ref()),
            Self::Boolean(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::Integer(integer) => Cow::Owned(integer.to_string()),
            Self::Number(number) => Cow::Owned(decimal(*number)),
            Self::List(items) => Cow::Owned(csv(items)),
        })
    }

    /// The same without a copy of a text it already is.
    pub(super) fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text),
            other => other.as_text().map(|text| Cow::Owned(text.into_owned())),
        }
    }

    /// What kind of value it is, for sentences.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Map(_) => "an object",
        }
    }
}

/// The elements with commas between them; null and objects are nothing.
pub(super) fn csv(items: &[Value<'_>]) -> String {
    let texts: Vec<Cow<'_, str>> = items
        .iter()
        .map(|item| item.as_text().unwrap_or_default())
        .collect();
    texts.join(",")
}

/// A number as Java prints a double: `3.0`, `1.25`, `1.0E7`.
fn decimal(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{number:?}");
    }
    let text = format!("{number:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<i64> for Value<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_goes_in_and_out_unchanged() {
        let json =
            json!({"a": [1, 2.5, "x", true, null, {"b": []}], "c": 9_007_199_254_740_993_i64});
        assert_eq!(Value::of(&json).to_json(), json);
        assert_eq!(Value::of(&json).into_owned().into_json(), json);
        assert_eq!(Value::from_json(json.clone()).into_json(), json);
        assert_eq!(Value::of(&json!(u64::MAX)).kind(), "a number");
    }

    #[test]
    fn numbers_are_written_as_java_writes_them() {
        for (number, text) in [
            (3.0, "3.0"),
            (-0.5, "-0.5"),
            (0.0, "0.0"),
            (123.456, "123.456"),
            (1e7, "1.0E7"),
            (1.25e-4, "1.25E-4"),
            (9_999_999.0, "9999999.0"),
        ] {
            assert_eq!(Value::Number(number).as_text().unwrap(), text);
        }
        assert_eq!(Value::Integer(-7).as_text().unwrap(), "-7");
    }

    #[test]
    fn a_list_is_its_elements_with_commas() {
        let list = json!(["This", "is", " a ", 4, null, true]);
        assert_eq!(Value::of(&list).as_text().unwrap(), "This,is, a ,4,,true");
        assert_eq!(Value::of(&json!({})).as_text(), None);
    }
}
