//! `String.*`. Positions and lengths count as Java does, in units of UTF-16.

use std::borrow::Cow;

use super::super::error::ErrorKind;
use super::super::evaluate::{MAX_TEXT, Outcome};
use super::super::switches::SubstringOutOfRange;
use super::super::value::Value;
use super::Arguments;

/// Null on either side is the empty text.
pub(super) fn append<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut whole = arguments.text_or_empty(0)?.into_owned();
    whole.push_str(&arguments.text_or_empty(1)?);
    arguments.made(whole)
}

/// Null parts are empty texts, as in `StringUtils.join`; an array gives each of its elements.
pub(super) fn join<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let separator = arguments.text_or_empty(0)?;
    let mut parts: Vec<Cow<'a, str>> = Vec::new();
    for index in 1..arguments.count() {
        match arguments.take(index) {
            Value::List(items) => {
                let texts = items.into_iter().map(|v| v.into_text().unwrap_or_default());
                parts.extend(texts);
            }
            Value::Null => parts.push(Cow::Borrowed("")),
            value => {
                let kind = value.kind();
                let text = value.into_text();
                parts.push(text.ok_or_else(|| arguments.mistyped(index, "a string", kind))?);
            }
        }
    }
    let bytes = parts.iter().map(|part| part.len() + separator.len()).sum();
    arguments.scope.made(arguments.at, bytes)?;
    Ok(Value::from(parts.join(&*separator)))
}

/// Null has no length: 0.
pub(super) fn len<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let units = arguments.text_or_empty(0)?.encode_utf16().count();
    Ok(Value::Integer(i64::try_from(units).unwrap_or(i64::MAX)))
}

/// Takes out blanks; other white space stays.
pub(super) fn remove_spaces<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    each(arguments, |text| text.replace(' ', ""))
}

pub(super) fn replace<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    replaced(arguments, usize::MAX)
}

pub(super) fn replace_first<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    replaced(arguments, 1)
}

/// Literal, not a regular expression. Nothing is searched for in vain: null or empty leaves the text as it is.
fn replaced<'a>(arguments: &mut Arguments<'_, 'a>, most: usize) -> Outcome<'a> {
    let Some(text) = arguments.text(0)? else {
        return Ok(Value::Null);
    };
    let search = arguments.text_or_empty(1)?;
    let Some(replacement) = arguments.text(2)?.filter(|_| !search.is_empty()) else {
        return Ok(Value::Text(text));
    };
    let count = text.matches(&*search).take(most).count();
    if count == 0 {
        return Ok(Value::Text(text));
    }
    let bytes = text
        .len()
        .saturating_add(count.saturating_mul(replacement.len()));
    // Before it is made: what is replaced in what was replaced grows fast.
    arguments
        .scope
        .made(arguments.at, bytes.min(MAX_TEXT + 1))?;
    Ok(Value::from(text.replacen(&*search, &replacement, count)))
}

pub(super) fn starts_with<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    asked(arguments, |text, part| text.starts_with(part))
}

pub(super) fn contains<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    asked(arguments, |text, part| text.contains(part))
}

/// Null contains nothing and is in nothing.
fn asked<'a>(arguments: &mut Arguments<'_, 'a>, ask: fn(&str, &str) -> bool) -> Outcome<'a> {
    let both = (arguments.text(0)?, arguments.text(1)?);
    let (Some(text), Some(part)) = both else {
        return Ok(Value::Boolean(false));
    };
    Ok(Value::Boolean(ask(&text, &part)))
}

/// The value of the first key, in the order of the arguments, that occurs in the text; else the default.
pub(super) fn switch<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let text = arguments.text_or_empty(0)?;
    for key in (2..arguments.count()).step_by(2) {
        let Some(wanted) = arguments.text(key)? else {
            continue;
        };
        if text.contains(&*wanted) {
            return Ok(arguments.text(key + 1)?.map_or(Value::Null, Value::Text));
        }
    }
    Ok(arguments.text(1)?.map_or(Value::Null, Value::Text))
}

pub(super) fn substring<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(text) = arguments.text(0)? else {
        return Ok(Value::Null);
    };
    let (start, end) = (arguments.integer(1)?, arguments.integer(2)?);
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = i64::try_from(units.len()).unwrap_or(i64::MAX);
    let outside = start < 0 || end > length || start > end;
    let switch = arguments.context().switches.substring_out_of_range;
    if outside && switch == SubstringOutOfRange::Error {
        let message = format!(
            "the positions {start} to {end} lie outside of the text, which has {length} characters"
        );
        return Err(arguments.failed(ErrorKind::Range, message));
    }
    let from_end = |position: i64| {
        let counted = if position < 0 {
            position.saturating_add(length)
        } else {
            position
        };
        usize::try_from(counted.clamp(0, length)).unwrap_or(0)
    };
    let (start, end) = (from_end(start), from_end(end));
    let part = units.get(start..end).unwrap_or_default();
    match text {
        // Every character is one unit and one byte.
        Cow::Borrowed(text) if text.len() == units.len() => {
            Ok(Value::from(text.get(start..end).unwrap_or_default()))
        }
        _ => arguments.made(from_units(part)),
    }
}

/// Half a character is a question mark, as where Java writes it out.
fn from_units(units: &[u16]) -> String {
    char::decode_utf16(units.iter().copied())
        .map(|unit| unit.unwrap_or('?'))
        .collect()
}

/// As in `StringUtils`: behind the first occurrence; empty when there is none.
pub(super) fn substring_after<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(text) = arguments.text(0)? else {
        return Ok(Value::Null);
    };
    let search = arguments.text(1)?;
    let begin = search.and_then(|search| Some(text.find(&*search)? + search.len()));
    let begin = begin.unwrap_or(text.len());
    Ok(Value::from(match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[begin..]),
        Cow::Owned(text) => Cow::Owned(text[begin..].to_owned()),
    }))
}

/// As in `StringUtils`: before the first occurrence; everything when there is none.
pub(super) fn substring_before<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(text) = arguments.text(0)? else {
        return Ok(Value::Null);
    };
    let search = arguments.text(1)?;
    let end = search.and_then(|search| text.find(&*search));
    let end = end.unwrap_or(text.len());
    Ok(Value::from(match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }))
}

pub(super) fn to_upper_case<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    each(arguments, str::to_uppercase)
}

pub(super) fn to_lower_case<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    each(arguments, str::to_lowercase)
}

/// What becomes of a text; null stays null.
fn each<'a>(arguments: &mut Arguments<'_, 'a>, make: fn(&str) -> String) -> Outcome<'a> {
    match arguments.text(0)? {
        Some(text) => arguments.made(make(&text)),
        None => Ok(Value::Null),
    }
}
