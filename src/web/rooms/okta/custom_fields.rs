//! Custom attributes of the Okta user in forms about people.

use serde_json::Value;

use super::{Typed, text_of};
use crate::model::okta::{AttributeType, OktaUser, Profile, UserAttribute};
use crate::web::console::parts::{Choice, Field};

/// The name of an attribute's field: no field of the forms themselves has a dot in its name.
fn name(attribute: &UserAttribute) -> String {
    format!("custom.{}", attribute.name)
}

const fn is_array(kind: AttributeType) -> bool {
    matches!(
        kind,
        AttributeType::StringArray | AttributeType::NumberArray | AttributeType::IntegerArray
    )
}

/// A value as a field shows it: the elements of an array stand one in a line.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What somebody has.
fn present(user: &OktaUser, attribute: &UserAttribute) -> String {
    user.profile
        .get(&attribute.name)
        .map(shown)
        .unwrap_or_default()
}

/// The field of an attribute: as it was typed, else what somebody has.
pub(super) fn field(
    attribute: &UserAttribute,
    user: Option<&OktaUser>,
    typed: Option<&Typed>,
) -> Field {
    let name = name(attribute);
    let value = match (typed, user) {
        (Some(typed), _) => text_of(typed, &name).to_owned(),
        (None, Some(user)) => present(user, attribute),
        (None, None) => String::new(),
    };
    let most = attribute
        .max_length
        .and_then(|most| u16::try_from(most).ok())
        .unwrap_or(4096);
    let mut help = attribute.description.clone();
    let field = Field::new(name, &attribute.title);
    let chosen: Vec<String> = match attribute.data_type {
        AttributeType::Boolean => vec!["true".to_owned(), "false".to_owned()],
        kind if is_array(kind) => Vec::new(),
        _ => attribute.values.iter().map(shown).collect(),
    };
    let field = if !chosen.is_empty() {
        let none = Choice::new("", "Not set");
        let each = chosen.iter().map(|one| Choice::new(one.as_str(), one));
        field.choices(std::iter::once(none).chain(each).collect())
    } else if is_array(attribute.data_type) {
        if help.is_empty() {
            "Values, one in a line.".clone_into(&mut help);
        }
        field.lines(3).max_length(u16::MAX)
    } else {
        field.max_length(most)
    };
    let field = field.value(value).help(help);
    if attribute.required {
        field.required()
    } else {
        field
    }
}

/// A text as a value of the attribute's type; what does not fit is refused where profiles are checked.
fn value(kind: AttributeType, text: &str) -> Value {
    let number = |text: &str| {
        serde_json::from_str::<serde_json::Number>(text)
            .map_or_else(|_| Value::from(text), Value::Number)
    };
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    match (kind, text) {
        (_, "") => Value::Null,
        (AttributeType::String, text) => Value::from(text),
        (AttributeType::Boolean, "true") => Value::from(true),
        (AttributeType::Boolean, "false") => Value::from(false),
        (AttributeType::Boolean, other) => Value::from(other),
        (AttributeType::Number | AttributeType::Integer, text) => number(text),
        (AttributeType::StringArray, _) => lines().map(Value::from).collect(),
        (AttributeType::NumberArray | AttributeType::IntegerArray, _) => {
            lines().map(number).collect()
        }
    }
}

/// What was typed and differs from what somebody has, added to the changes of a profile.
pub(super) fn read(
    attributes: &[UserAttribute],
    user: Option<&OktaUser>,
    typed: &Typed,
    changes: &mut Profile,
) {
    for attribute in attributes {
        let Some(text) = typed.get(&name(attribute)) else {
            continue;
        };
        // Browsers send lines with a carriage return.
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        let before = user
            .map(|user| present(user, attribute))
            .unwrap_or_default();
        if text != before {
            let value = value(attribute.data_type, text);
            changes.insert(attribute.name.clone(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_a_value_of_the_attributes_type() {
        use AttributeType::{Boolean, Integer, IntegerArray, Number, String, StringArray};
        for (kind, text, expected) in [
            (String, "44", json!("44")),
            (Integer, "44", json!(44)),
            (Number, "4.5", json!(4.5)),
            (Integer, "many", json!("many")),
            (Boolean, "true", json!(true)),
            (Boolean, "yes", json!("yes")),
            (StringArray, "a\n b \n\n", json!(["a", "b"])),
            (IntegerArray, "1\nx", json!([1, "x"])),
            (StringArray, "", json!(null)),
        ] {
            assert_eq!(value(kind, text), expected, "{text}");
        }
    }
}
