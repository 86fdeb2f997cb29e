//! [`AttributeType`]: what an attribute of a profile can hold, and whether a result fits into it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::value::Value;

/// Data type of an attribute, by the names of the Profile Editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// Text. Also what *country code*, *language code* and *timezone* hold.
    #[default]
    String,
    /// A number with or without a fraction.
    Number,
    /// A whole number of 32 bits.
    Integer,
    /// True or false.
    Boolean,
    /// Texts.
    StringArray,
    /// Whole numbers.
    IntegerArray,
    /// Numbers.
    NumberArray,
}

/// A result that is not of the attribute's type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the result is {given}, the attribute holds {wanted}")]
pub struct TypeMismatch {
    /// What the attribute holds.
    pub wanted: AttributeType,
    /// What the result is.
    pub given: &'static str,
}

impl AttributeType {
    /// Whether it holds several values.
    pub const fn is_array(self) -> bool {
        matches!(
            self,
            Self::StringArray | Self::NumberArray | Self::IntegerArray
        )
    }

    /// The name in the Profile Editor.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::StringArray => "string array",
            Self::IntegerArray => "integer array",
            Self::NumberArray => "number array",
        }
    }

    /// The result as the attribute holds it. Null fits everywhere, and the empty text, which stands for a
    /// cleared attribute; numbers and booleans become texts where a text is wanted.
    ///
    /// # Errors
    /// The result is of another type.
    pub fn accept(self, value: Value<'_>) -> Result<Value<'_>, TypeMismatch> {
        if value.is_empty() {
            return Ok(value);
        }
        let given = value.kind();
        let fits = match (self, value) {
            (Self::Boolean, value @ Value::Boolean(_)) => Some(value),
            (Self::StringArray, Value::List(items)) => elements(Self::String, items),
            (Self::IntegerArray, Value::List(items)) => elements(Self::Integer, items),
            (Self::NumberArray, Value::List(items)) => elements(Self::Number, items),
            (one, value) => one.single(value),
        };
        fits.ok_or(TypeMismatch {
            wanted: self,
            given,
        })
    }

    fn single(self, value: Value<'_>) -> Option<Value<'_>> {
        match (self, value) {
            (Self::String, Value::Text(text)) => Some(Value::Text(text)),
            (Self::String, value @ (Value::Integer(_) | Value::Number(_) | Value::Boolean(_))) => {
                value.into_text().map(Value::Text)
            }
            (Self::Number, value @ (Value::Integer(_) | Value::Number(_))) => Some(value),
            (Self::Integer, value @ Value::Integer(integer)) => {
                i32::try_from(integer).is_ok().then_some(value)
            }
            _ => None,
        }
    }
}

fn elements(each: AttributeType, items: Vec<Value<'_>>) -> Option<Value<'_>> {
    let fitting: Option<Vec<_>> = items.into_iter().map(|item| each.single(item)).collect();
    fitting.map(Value::List)
}

impl fmt::Display for AttributeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let article = if *self == Self::Integer || *self == Self::IntegerArray {
            "an"
        } else {
            "a"
        };
        write!(f, "{article} {}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use AttributeType::{Boolean, Integer, IntegerArray, Number, NumberArray, String, StringArray};

    #[test]
    fn a_result_fits_its_attribute_or_is_a_mismatch() {
        let fits: &[(AttributeType, Json, Json)] = &[
            (String, json!("a"), json!("a")),
            (String, json!(3), json!("3")),
            (String, json!(true), json!("true")),
            (Boolean, json!(true), json!(true)),
            (Integer, json!(7), json!(7)),
            (Number, json!(7), json!(7)),
            (Number, json!(7.5), json!(7.5)),
            (StringArray, json!(["a", 1]), json!(["a", "1"])),
            (IntegerArray, json!([1, 2]), json!([1, 2])),
            (NumberArray, json!([1, 2.5]), json!([1, 2.5])),
            (Boolean, json!(null), json!(null)),
            (Integer, json!(""), json!("")),
        ];
        for (kind, given, wanted) in fits {
            let value = kind.accept(Value::of(given)).unwrap();
            assert_eq!(value.to_json(), *wanted, "{kind} {given}");
        }
        for (kind, given) in [
            (Boolean, json!("true")),
            (Boolean, json!(1)),
            (String, json!(["a"])),
            (String, json!({})),
            (Integer, json!(1.5)),
            (Integer, json!("1")),
            (Integer, json!(2_147_483_648_i64)),
            (Number, json!("1.5")),
            (StringArray, json!("a,b")),
            (IntegerArray, json!(["1"])),
            (NumberArray, json!([null])),
        ] {
            assert!(kind.accept(Value::of(&given)).is_err(), "{kind} {given}");
        }
        let error = Boolean.accept(Value::from("x")).unwrap_err();
        let sentence = "the result is a string, the attribute holds a boolean";
        assert_eq!(error.to_string(), sentence);
    }
}
