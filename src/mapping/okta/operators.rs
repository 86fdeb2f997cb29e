//! What the operators of the language mean, as in the Spring expression language.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value as Json;

use super::error::{ErrorKind, Failure};
use super::evaluate::{Outcome, Scope};
use super::expression::node::Operator;
use super::pattern::{Pattern, compile_work};
use super::switches::NullConcat;
use super::value::Value;

/// Whether two values are the same: numbers by size whatever their type, everything else by type and value.
pub(super) fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => left == right,
        (Value::Integer(_) | Value::Number(_), Value::Integer(_) | Value::Number(_)) => {
            numbers(left, right) == Some(Ordering::Equal)
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| equal(a, b))
        }
        _ => left == right,
    }
}

/// Which is smaller. Null is smaller than everything else.
pub(super) fn order(at: usize, left: &Value<'_>, right: &Value<'_>) -> Result<Ordering, Failure> {
    let found = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Some((!left.is_null()).cmp(&!right.is_null())),
        (Value::Text(left), Value::Text(right)) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
        _ => numbers(left, right),
    };
    found.ok_or_else(|| {
        let message = format!(
            "{} and {} cannot be compared by size; convert one with Convert.toInt or Convert.toNum",
            left.kind(),
            right.kind()
        );
        Failure::new(at, ErrorKind::Type, message)
    })
}

fn numbers(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    if let (Value::Integer(left), Value::Integer(right)) = (left, right) {
        return Some(left.cmp(right));
    }
    number(left)?.partial_cmp(&number(right)?)
}

/// A number as a double, as Java widens it.
#[expect(clippy::cast_precision_loss, reason = "as Java widens a long")]
fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Integer(integer) => Some(*integer as f64),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// `+x` and `-x`.
pub(super) fn sign(at: usize, negative: bool, value: Value<'_>) -> Outcome<'_> {
    match value {
        Value::Integer(_) | Value::Number(_) if !negative => Ok(value),
        Value::Integer(integer) => integer
            .checked_neg()
            .map(Value::Integer)
            .ok_or_else(|| too_large(at)),
        Value::Number(number) => Ok(Value::Number(-number)),
        other => Err(not_numbers(at, &other, &Value::Null)),
    }
}

/// `left + right` and so on; a text on either side of `+` makes it a text.
pub(super) fn compute<'a>(
    scope: &Scope<'_, 'a>,
    at: usize,
    left: Value<'a>,
    operator: Operator,
    right: &Value<'a>,
) -> Outcome<'a> {
    let texts = matches!(left, Value::Text(_)) || matches!(right, Value::Text(_));
    if operator == Operator::Add && texts {
        return concatenate(scope, at, left, right);
    }
    if operator == Operator::Add && left.is_null() && right.is_null() {
        return Ok(Value::Null);
    }
    if let (Value::Integer(left), Value::Integer(right)) = (&left, right) {
        return integers(at, *left, operator, *right);
    }
    let (Some(a), Some(b)) = (number(&left), number(right)) else {
        return Err(not_numbers(at, &left, right));
    };
    let result = match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        Operator::Remainder => a % b,
    };
    if result.is_finite() {
        Ok(Value::Number(result))
    } else {
        Err(too_large(at))
    }
}

fn integers<'a>(at: usize, left: i64, operator: Operator, right: i64) -> Outcome<'a> {
    if right == 0 && matches!(operator, Operator::Divide | Operator::Remainder) {
        return Err(Failure::new(at, ErrorKind::Range, "a division by zero"));
    }
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        Operator::Remainder => left.checked_rem(right),
    };
    result.map(Value::Integer).ok_or_else(|| too_large(at))
}

fn concatenate<'a>(
    scope: &Scope<'_, 'a>,
    at: usize,
    left: Value<'a>,
    right: &Value<'a>,
) -> Outcome<'a> {
    let any_null = left.is_null() || right.is_null();
    let word = match scope.context.switches.null_concat {
        NullConcat::Null if any_null => return Ok(Value::Null),
        NullConcat::Word => "null",
        NullConcat::Empty | NullConcat::Null => "",
    };
    let refused = |value: &Value<'_>| {
        let message = format!(
            "{} cannot be joined to a string; name one attribute of it",
            value.kind()
        );
        Failure::new(at, ErrorKind::Type, message)
    };
    let mut whole = match left {
        Value::Null => word.to_owned(),
        Value::Map(_) => return Err(refused(&left)),
        left => left.into_text().unwrap_or_default().into_owned(),
    };
    match right {
        Value::Null => whole.push_str(word),
        Value::Map(_) => return Err(refused(right)),
        right => whole.push_str(&right.as_text().unwrap_or_default()),
    }
    scope.made(at, whole.len())?;
    Ok(Value::from(whole))
}

fn too_large(at: usize) -> Failure {
    Failure::new(at, ErrorKind::Range, "the number is too large")
}

fn not_numbers(at: usize, left: &Value<'_>, right: &Value<'_>) -> Failure {
    let culprit = if number(left).is_some() { right } else { left };
    let message = format!(
        "{} is no number to compute with; convert it with Convert.toInt or Convert.toNum",
        culprit.kind()
    );
    Failure::new(at, ErrorKind::Type, message)
}

/// A regular expression that was computed.
pub(super) fn pattern(
    scope: &Scope<'_, '_>,
    at: usize,
    value: Value<'_>,
) -> Result<Pattern, Failure> {
    let kind = value.kind();
    let text = value.into_text().ok_or_else(|| {
        let message = format!("a regular expression is a string, this is {kind}");
        Failure::new(at, ErrorKind::Type, message)
    })?;
    scope.charge(at, compile_work(&text))?;
    Pattern::computed(&text).map_err(|reason| {
        let message = format!("this is not a regular expression: {reason}");
        Failure::new(at, ErrorKind::Pattern, message)
    })
}

/// A member of an object; null of anything else.
pub(super) fn property<'a>(value: Value<'a>, name: &str) -> Value<'a> {
    match value {
        Value::Map(Cow::Borrowed(members)) => members.get(name).map_or(Value::Null, Value::of),
        Value::Map(Cow::Owned(mut members)) => {
            members.remove(name).map_or(Value::Null, Value::from_json)
        }
        _ => Value::Null,
    }
}

/// `value[index]`: an element by its number, counted from 0, or a member by its name.
pub(super) fn element<'a>(at: usize, value: Value<'a>, index: &Value<'a>) -> Outcome<'a> {
    match (value, index) {
        (Value::List(mut items), Value::Integer(index)) => {
            let count = items.len();
            let place = usize::try_from(*index).ok().filter(|place| *place < count);
            place.map(|place| items.swap_remove(place)).ok_or_else(|| {
                let message =
                    format!("there is no element {index}, the array has {count}, counted from 0");
                Failure::new(at, ErrorKind::Range, message)
            })
        }
        (value @ Value::Map(_), Value::Text(name)) => Ok(property(value, name)),
        (value, index) => {
            let message = format!("{} has no element at {}", value.kind(), index.kind());
            Err(Failure::new(at, ErrorKind::Type, message))
        }
    }
}

/// The members of an object of JSON, for criteria.
pub(super) fn texts(json: &Json) -> Option<Vec<&str>> {
    match json {
        Json::String(text) => Some(vec![text]),
        Json::Array(items) => items.iter().map(Json::as_str).collect(),
        _ => None,
    }
}
