//! Functions about bits and encodings, and values that come from outside of the object.

use std::fmt::Write as _;

use base64ct::{Base64, Encoding as _};

use super::super::evaluate::{Arguments, Stop};
use super::super::random::Random;
use crate::mapping::Value;

pub(super) fn bit_and(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let (left, right) = (
        arguments.required_integer(0)?,
        arguments.required_integer(1)?,
    );
    Ok(Value::from((left & right).to_string()))
}

pub(super) fn convert_to_base64(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(arguments.text(0)?.map_or(Value::Null, |text| {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        Value::from(Base64::encode_string(&bytes))
    }))
}

pub(super) fn convert_to_utf8_hex(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(arguments.text(0)?.map_or(Value::Null, |text| {
        Value::from(text.bytes().fold(String::new(), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02X}");
            out
        }))
    }))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature of the function table"
)]
pub(super) fn default_domain(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(Value::from(arguments.context().default_domain.as_str()))
}

/// Version 4, lower case, with hyphens.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature of the function table"
)]
pub(super) fn guid(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let mut random = arguments.random();
    let mut text = String::with_capacity(36);
    for index in 0..16 {
        let byte = match (index, random.byte()) {
            (6, byte) => byte & 0x0f | 0x40,
            (8, byte) => byte & 0x3f | 0x80,
            (_, byte) => byte,
        };
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Value::from(text))
}

const DIGITS: &str = "0123456789";
/// The special characters of Windows' password complexity rule.
const SPECIAL: &str = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/";
const CAPITAL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

/// What the minimum counts leave open is filled with digits and letters.
pub(super) fn random_string(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    const LONGEST: usize = 256;
    let number = |index: usize| {
        let number = match index {
            0 => arguments.required_integer(index)?,
            _ => arguments.integer(index)?.unwrap_or(0),
        };
        usize::try_from(number)
            .map_err(|_| arguments.failed(format!("counts cannot be negative, {number} was given")))
    };
    let length = number(0)?;
    if length > LONGEST {
        return Err(arguments.failed(format!("Length is at most {LONGEST}, {length} was given")));
    }
    let avoid = arguments.text(5)?.unwrap_or_default();
    let allowed =
        |set: &str| -> Vec<char> { set.chars().filter(|c| !avoid.contains(*c)).collect() };
    let mut random = arguments.random();
    let mut out = Vec::new();
    for (index, set) in [(1, DIGITS), (2, SPECIAL), (3, CAPITAL), (4, LOWER)] {
        let wanted = number(index)?;
        if wanted > length - out.len() {
            return Err(arguments.failed("Length is smaller than the sum of the minimum counts"));
        }
        draw(arguments, &mut random, &allowed(set), wanted, &mut out)?;
    }
    let rest = length - out.len();
    let filling = allowed(&[DIGITS, CAPITAL, LOWER].concat());
    draw(arguments, &mut random, &filling, rest, &mut out)?;
    for last in (1..out.len()).rev() {
        out.swap(last, random.below(last + 1));
    }
    Ok(Value::from(out.into_iter().collect::<String>()))
}

fn draw(
    arguments: &Arguments<'_>,
    random: &mut Random,
    set: &[char],
    count: usize,
    out: &mut Vec<char>,
) -> Result<(), Stop> {
    if count > 0 && set.is_empty() {
        return Err(arguments.failed("CharactersToAvoid leaves no character to choose from"));
    }
    out.extend((0..count).map(|_| set[random.below(set.len())]));
    Ok(())
}
