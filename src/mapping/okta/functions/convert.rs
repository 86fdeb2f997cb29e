//! `Convert.*`. Rounds and narrows as Java's `Math.round` and its cast to 32 bits do, which fits every
//! published result.

use super::super::error::{ErrorKind, Failure};
use super::super::evaluate::Outcome;
use super::super::value::Value;
use super::Arguments;

/// From a text or a number; null and the empty text stay null.
pub(super) fn to_int<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let rounded = match arguments.take(0) {
        Value::Null => return Ok(Value::Null),
        Value::Text(text) if text.is_empty() => return Ok(Value::Null),
        Value::Integer(integer) => integer,
        Value::Number(number) => round(number),
        Value::Text(text) => match text.trim().parse() {
            Ok(integer) => integer,
            Err(_) => round(decimal(arguments, &text)?),
        },
        other => return Err(arguments.mistyped(0, "a string or a number", other.kind())),
    };
    Ok(Value::Integer(i64::from(narrow(rounded))))
}

/// From a text; null and the empty text stay null.
pub(super) fn to_num<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    match arguments.take(0) {
        Value::Null => Ok(Value::Null),
        Value::Text(text) if text.is_empty() => Ok(Value::Null),
        number @ Value::Number(_) => Ok(number),
        Value::Integer(integer) => decimal(arguments, &integer.to_string()).map(Value::Number),
        Value::Text(text) => decimal(arguments, &text).map(Value::Number),
        other => Err(arguments.mistyped(0, "a string", other.kind())),
    }
}

fn decimal(arguments: &Arguments<'_, '_>, text: &str) -> Result<f64, Failure> {
    let digits = text.trim();
    // What Rust reads beyond digits (`inf`, `NaN`) is no number here.
    let plain = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    let number = digits
        .parse::<f64>()
        .ok()
        .filter(|n| plain && n.is_finite());
    number
        .ok_or_else(|| arguments.failed(ErrorKind::Conversion, format!("'{text}' is not a number")))
}

/// The nearest whole number, halves upwards.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast that ends at the limits of 64 bits, as in Java"
)]
fn round(number: f64) -> i64 {
    let below = number.floor();
    let rounded = if number - below >= 0.5 {
        below + 1.0
    } else {
        below
    };
    rounded as i64
}

/// The lower 32 bits.
fn narrow(integer: i64) -> i32 {
    let [a, b, c, d, ..] = integer.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}
