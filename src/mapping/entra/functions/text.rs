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

/// Binary comparison unless `vbTextCompare` (or its number, 1) is given. As in Visual Basic, nothing
/// is found in null or behind the end, and nothing to find is found at the start.
pub(super) fn in_str(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let text = arguments.text(0)?.unwrap_or_default();
    let wanted = arguments.text(1)?.unwrap_or_default();
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
    let fold = |text: String| -> String {
        if ignore_case {
            let folded = text.chars().map(|c| c.to_lowercase().next().unwrap_or(c));
            folded.collect()
        } else {
            text
        }
    };
    let (text, wanted) = (fold(text), fold(wanted));
    let position = text.char_indices().nth(skip).and_then(|(from, _)| {
        let before = text[from..].find(&wanted)?;
        Some(skip + text[from..][..before].chars().count() + 1)
    });
    Ok(Value::from(position.unwrap_or(0).to_string()))
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
                    c.is_alphabetic() && !is_combining_mark(c) && !c.is_numeric(),
                ),
            };
            if divides {
                in_word = false;
                c
            } else if starts && !in_word {
                in_word = true;
                title(c)
            } else {
                lower(c, Culture::Invariant)
            }
        };
        Ok(text.chars().map(change).collect())
    })
}

pub(super) fn strip_spaces(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    through(arguments, |text| Ok(text.replace(' ', "")))
}

/// What a culture means for letter case: cultures differ in nothing but the letter i.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Culture {
    /// None given: the dotted capital and the dotless small i stay as they are.
    Invariant,
    /// Turkish and Azerbaijani: the dotted and the dotless i are two letters.
    Turkic,
    /// Any other: both are forms of one letter.
    Other,
}

/// The culture of the second argument, a name of RFC 4646 such as `tr-TR`.
fn culture(arguments: &Arguments<'_>) -> Result<Culture, Stop> {
    let name = arguments.text(1)?.unwrap_or_default();
    if name.is_empty() {
        return Ok(Culture::Invariant);
    }
    let mut parts = name.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    let is_language =
        matches!(language.len(), 2..=8) && language.bytes().all(|b| b.is_ascii_alphabetic());
    let are_parts = parts
        .all(|part| matches!(part.len(), 1..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !is_language || !are_parts {
        return Err(arguments.failed(format!(
            "'{name}' is not the name of a culture; write it like tr-TR"
        )));
    }
    let turkic = ["tr", "az"]
        .iter()
        .any(|t| language.eq_ignore_ascii_case(t));
    Ok(if turkic {
        Culture::Turkic
    } else {
        Culture::Other
    })
}

pub(super) fn to_lower(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let culture = culture(arguments)?;
    through(arguments, |text| {
        Ok(text.chars().map(|c| lower(c, culture)).collect())
    })
}

pub(super) fn to_upper(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let culture = culture(arguments)?;
    through(arguments, |text| {
        Ok(text.chars().map(|c| upper(c, culture)).collect())
    })
}

/// .NET maps one character to one: a letter whose other case is longer stays as it is.
fn lower(c: char, culture: Culture) -> char {
    match c {
        'I' if culture == Culture::Turkic => '\u{131}',
        '\u{130}' if culture != Culture::Invariant => 'i',
        _ => single(c.to_lowercase(), c),
    }
}

fn upper(c: char, culture: Culture) -> char {
    match c {
        'i' if culture == Culture::Turkic => '\u{130}',
        '\u{131}' if culture == Culture::Invariant => c,
        _ => single(c.to_uppercase(), c),
    }
}

/// The capital a word begins with: letters that are two in one have a form of their own.
fn title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        _ => upper(c, Culture::Invariant),
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
