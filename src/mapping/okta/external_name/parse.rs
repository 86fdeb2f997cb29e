//! The text of an external name, taken apart.

use super::super::error::SyntaxError;
use super::{Literal, Segment};

/// Longest accepted name, in bytes.
const LONGEST: usize = 500;
/// Most segments.
const DEEPEST: usize = 10;

pub(super) fn segments(name: &str) -> Result<Vec<Segment>, SyntaxError> {
    let wrong = |at: usize, message: &str| SyntaxError::at(name, at, message);
    if name.len() > LONGEST {
        return Err(wrong(0, "the external name is longer than 500 characters"));
    }
    let mut segments: Vec<Segment> = Vec::new();
    let mut at = name.len() - name.trim_start().len();
    let end = name.trim_end().len();
    loop {
        let rest = &name[at..end];
        if segments.len() == DEEPEST {
            return Err(wrong(at, "the external name has more than 10 parts"));
        }
        let length = if rest.starts_with("^[") {
            if !matches!(segments.last(), Some(Segment::Member(_))) {
                return Err(wrong(at, "^[...] stands behind the name of an array"));
            }
            let close =
                closing(rest).ok_or_else(|| wrong(at, "the bracket is never closed; add ']'"))?;
            segments.push(
                element(&rest[2..close])
                    .ok_or_else(|| wrong(at, "write ^[primary==true] or ^[type=='work']"))?,
            );
            close + 1
        } else {
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && !"_-$".contains(c))
                .unwrap_or(rest.len());
            if length == 0 {
                return Err(wrong(at, "the name of an attribute is missing"));
            }
            segments.push(Segment::Member(rest[..length].to_owned()));
            length
        };
        at += length;
        match name[at..end].chars().next() {
            None => break,
            Some('.') => at += 1,
            Some(_) => return Err(wrong(at, "parts of an external name are separated by dots")),
        }
    }
    match segments.last() {
        Some(Segment::Member(_)) => Ok(segments),
        _ => Err(wrong(
            name.len(),
            "name the attribute of the element, such as .value",
        )),
    }
}

/// Where the bracket ends that stands second, outside of quotes.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, ']') => return Some(at),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// `key==literal`
fn element(text: &str) -> Option<Segment> {
    let (key, literal) = text.split_once("==")?;
    let (key, literal) = (key.trim(), literal.trim());
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    let quoted = |quote: char| {
        let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then(|| Literal::Text(inner.to_owned()))
    };
    let literal = match literal {
        "true" => Some(Literal::Boolean(true)),
        "false" => Some(Literal::Boolean(false)),
        _ => quoted('\'').or_else(|| quoted('"')),
    }?;
    is_name.then(|| Segment::Element {
        key: key.to_owned(),
        literal,
    })
}
