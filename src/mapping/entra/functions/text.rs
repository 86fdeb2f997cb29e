//! Functions from text to text. Positions and lengths count characters (Unicode scalar values).
//! Where the documents say nothing about null, null stays null.

use unicode_normalization::char::is_combining_mark;

use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

/// The text of the first argument through `change`; null stays null.
fn through(
    arguments: &Arguments<'_>,
    change: impl FnOnce(String) -> Result<String, Stop>,
) -> Result<Value, Stop> {
    match arguments.text(0)? {
        Some(text) => change(text).map(Value::from),
        None => Ok(Value::Null),
    }
}

/// A null suffix adds nothing.
pub(super) fn append(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    through(arguments, |text| {
        Ok(text + &arguments.text(1)?.unwrap_or_default())
    })
}

/// A null source stays null, whatever the prefix.
pub(super) fn prepend(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    match arguments.text(1)? {
        Some(text) => Ok(Value::from(arguments.text(0)?.unwrap_or_default() + &text)),
        None => Ok(Value::Null),
    }
}

/// Scalars are text already; a complex value becomes its JSON.
pub(super) fn c_str(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let value = arguments.value(0)?;
    if value.is_null() {
        return Ok(Value::Null);
    }
    Ok(match value.as_text() {
        Some(text) => Value::from(text),
        None => Value::from(value.to_string()),
    })
}

/// Binary comparison unless `vbTextCompare` (or its number, 1) is given.
pub(super) fn in_str(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let (Some(text), Some(wanted)) = (arguments.text(0)?, arguments.text(1)?) else {
        return Ok(Value::Null);
    };
    let start = arguments.integer(2)?.unwrap_or(1);
    let Some(skip) = start.checked_sub(1).and_then(|s| usize::try_from(s).ok()) else {
        return Err(arguments.failed(format!("start counts from 1, {start} was given")));
    };
    let ignore_case = match arguments.text(3)?.as_deref() {
        None | Some("vbBinaryCompare" | "0") => false,
        Some("vbTextCompare" | "1") => true,
        Some(other) => {
            return Err(arguments.failed(format!(
                "compareType is vbTextCompare or vbBinaryCompare, not '{other}'"
            )));
        }
    };
    let fold = |c: char| {
        if ignore_case {
            c.to_lowercase().next().unwrap_or(c)
        } else {
            c
        }
    };
    let text: Vec<char> = text.chars().map(fold).collect();
    let wanted: Vec<char> = wanted.chars().map(fold).collect();
    let found = (skip..=text.len()).find(|&at| text[at..].starts_with(&wanted));
    Ok(Value::from(found.map_or(0, |at| at + 1).to_string()))
}

/// Documented: null gives the empty text, a negative count the unchanged text.
pub(super) fn left(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let count = arguments.required_integer(1)?;
    let text = arguments.text(0)?.unwrap_or_default();
    Ok(match usize::try_from(count) {
        Ok(count) => Value::from(text.chars().take(count).collect::<String>()),
        Err(_) => Value::from(text),
    })
}

/// Beyond the end there is the empty text.
pub(super) fn mid(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let start = arguments.required_integer(1)?;
    let length = arguments.required_integer(2)?;
    let Some(skip) = start.checked_sub(1).and_then(|s| usize::try_from(s).ok()) else {
        return Err(arguments.failed(format!("start counts from 1, {start} was given")));
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(arguments.failed(format!("length cannot be negative, {length} was given")));
    };
    through(arguments, |text| {
        Ok(text.chars().skip(skip).take(length).collect())
    })
}

/// With separators, only they divide words. Without, the rule is .NET's `ToTitleCase` of the
/// lower-cased text: a word starts with a letter and goes on over letters, digits and apostrophes.
pub(super) fn p_case(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let separators = arguments.text(1)?;
    through(arguments, |text| {
        let mut in_word = false;
        let change = |c: char| {
            let (divides, starts) = match &separators {
                Some(separators) => (separators.contains(c), true),
                None => (
                    !c.is_alphanumeric() && !is_combining_mark(c) && c != '\'',
                    c.is_alphabetic(),
                ),
            };
            if divides {
                in_word = false;
                c
            } else if starts && !in_word {
                in_word = true;
                upper(c, false)
            } else {
                lower(c, false)
            }
        };
        Ok(text.chars().map(change).collect())
    })
}

pub(super) fn strip_spaces(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    through(arguments, |text| Ok(text.replace(' ', "")))
}

/// Cultures in which the dotted and the dotless i are two letters.
fn is_turkic(arguments: &Arguments<'_>) -> Result<bool, Stop> {
    let culture = arguments.text(1)?.unwrap_or_default().to_ascii_lowercase();
    let language = culture.split(['-', '_']).next().unwrap_or_default();
    Ok(matches!(language, "tr" | "az"))
}

pub(super) fn to_lower(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let turkic = is_turkic(arguments)?;
    through(arguments, |text| {
        Ok(text.chars().map(|c| lower(c, turkic)).collect())
    })
}

pub(super) fn to_upper(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let turkic = is_turkic(arguments)?;
    through(arguments, |text| {
        Ok(text.chars().map(|c| upper(c, turkic)).collect())
    })
}

/// .NET maps one character to one: a letter whose other case is longer stays as it is.
fn lower(c: char, turkic: bool) -> char {
    match c {
        'I' if turkic => '\u{131}',
        '\u{130}' if turkic => 'i',
        _ => single(c.to_lowercase(), c),
    }
}

fn upper(c: char, turkic: bool) -> char {
    match c {
        'i' if turkic => '\u{130}',
        '\u{131}' if !turkic => c,
        _ => single(c.to_uppercase(), c),
    }
}

fn single(mut mapped: impl Iterator<Item = char>, otherwise: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => otherwise,
    }
}

/// Every character of the delimiters separates; several in a row count as one.
pub(super) fn word(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let number = arguments.required_integer(1)?;
    let delimiters = arguments.text(2)?.unwrap_or_default();
    let text = arguments.text(0)?.unwrap_or_default();
    let word = number
        .checked_sub(1)
        .and_then(|skip| usize::try_from(skip).ok())
        .and_then(|skip| {
            text.split(|c| delimiters.contains(c))
                .filter(|word| !word.is_empty())
                .nth(skip)
        });
    Ok(Value::from(word.unwrap_or_default()))
}
