//! [`Pattern`]: a regular expression that was checked when it was read.
//!
//! The service's flavour is .NET's: [`dotnet`] says it in the words of the engine, and groups are
//! numbered and replaced as .NET does. The length of the text, the steps of one match, the matches of one
//! replacement and the length of its result are bounded, so that no pattern can hold a cycle up for good.

mod blocks;
mod dotnet;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use fancy_regex::{Captures, Error, Match, Regex, RegexBuilder};

use super::bounded::Bounded;

/// Steps after which a match is given up; far more than a sane pattern on a directory value needs.
const BACKTRACK_LIMIT: usize = 200_000;
/// Matches after which a replacement is given up: each of them may take all of its steps.
const MOST_MATCHES: usize = 5_000;
/// Bytes of a text that is looked at: one step may look at all of it.
const LONGEST: usize = 16 << 10;
/// Bytes a part of a compiled pattern may take: enough for a hundred word characters in a row.
const COMPILED_SIZE: usize = 8 << 20;

/// A compiled regular expression; equal when written the same.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    written: String,
    regex: Regex,
    /// The engine's groups of each .NET number.
    numbers: BTreeMap<usize, Vec<usize>>,
    /// The .NET number of each name.
    names: BTreeMap<String, usize>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Compiles; the error is the sentence of the regular expression compiler.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let translated = dotnet::translate(text)?;
        let regex = RegexBuilder::new(&translated.text)
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(COMPILED_SIZE)
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Self(Arc::new(Compiled {
            written: text.to_owned(),
            regex,
            numbers: translated.numbers,
            names: translated.names,
        })))
    }

    /// The pattern as written.
    pub(super) fn text(&self) -> &str {
        &self.0.written
    }

    /// Whether the pattern occurs anywhere in `text` (nothing is anchored unless written so).
    pub(super) fn is_match(&self, text: &str) -> Result<bool, String> {
        self.0
            .regex
            .is_match(short(text)?)
            .map_err(|error| given_up(&error))
    }

    /// Whether the pattern has a group of this name.
    pub(super) fn has_group(&self, name: &str) -> bool {
        self.number(name).is_some()
    }

    /// The .NET number of a group by its name, or by its number in digits.
    fn number(&self, name: &str) -> Option<usize> {
        match name.parse() {
            Ok(number) => Some(number).filter(|n| *n == 0 || self.0.numbers.contains_key(n)),
            Err(_) => self.0.names.get(name).copied(),
        }
    }

    /// What the group with this .NET number matched; of several with one number the last that took
    /// part.
    fn group<'t>(&self, captures: &Captures<'t, str>, number: usize) -> Option<Match<'t>> {
        match self.0.numbers.get(&number) {
            Some(groups) => groups.iter().rev().find_map(|index| captures.get(*index)),
            None if number == 0 => captures.get(0),
            None => None,
        }
    }

    /// The text of group `name` in the first match.
    pub(super) fn first_group(&self, text: &str, name: &str) -> Result<Option<String>, String> {
        let captures = self
            .0
            .regex
            .captures(short(text)?)
            .map_err(|error| given_up(&error))?;
        let group = captures
            .zip(self.number(name))
            .and_then(|(captures, number)| self.group(&captures, number));
        Ok(group.map(|m| m.as_str().to_owned()))
    }

    /// Replaces every match by `replacement`, in which `$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'`,
    /// `$+` and `$_` mean what they mean in .NET; anything else after `$` is literal.
    pub(super) fn replace_all(&self, text: &str, replacement: &str) -> Result<String, String> {
        let mut out = Bounded::default();
        let mut from = 0;
        self.each_match(text, |captures, whole| {
            out.push(&text[from..whole.start])?;
            from = whole.end;
            self.expand(replacement, captures, text, &mut out)
        })?;
        out.push(&text[from..])?;
        Ok(out.into_text())
    }

    /// Replaces, in every match, only the part that group `name` matched; `replacement` is literal.
    pub(super) fn replace_group(
        &self,
        text: &str,
        name: &str,
        replacement: &str,
    ) -> Result<String, String> {
        let mut out = Bounded::default();
        let mut from = 0;
        let number = self.number(name);
        self.each_match(text, |captures, _| {
            let group = number.and_then(|number| self.group(captures, number));
            if let Some(group) = group.filter(|g| g.start() >= from) {
                out.push(&text[from..group.start()])?;
                out.push(replacement)?;
                from = group.end();
            }
            Ok(())
        })?;
        out.push(&text[from..])?;
        Ok(out.into_text())
    }

    /// Visits the matches as .NET does: unlike Rust's iterators, an empty match may follow directly
    /// on another match.
    fn each_match(
        &self,
        text: &str,
        mut see: impl FnMut(&Captures<'_, str>, Range<usize>) -> Result<(), String>,
    ) -> Result<(), String> {
        let text = short(text)?;
        let (mut at, mut count) = (0, 0);
        while at <= text.len() {
            let Some(captures) = self
                .0
                .regex
                .captures_from_pos(text, at)
                .map_err(|error| given_up(&error))?
            else {
                break;
            };
            let Some(whole) = captures.get(0).map(|m| m.range()) else {
                break;
            };
            count += 1;
            if count > MOST_MATCHES {
                return Err(format!(
                    "the regular expression matches more than {MOST_MATCHES} times; compute from a shorter text"
                ));
            }
            see(&captures, whole.clone())?;
            at = if whole.is_empty() {
                whole.end + text[whole.end..].chars().next().map_or(1, char::len_utf8)
            } else {
                whole.end
            };
        }
        Ok(())
    }

    fn expand(
        &self,
        replacement: &str,
        captures: &Captures<'_, str>,
        text: &str,
        out: &mut Bounded,
    ) -> Result<(), String> {
        let whole = captures.get(0).map_or(0..0, |m| m.range());
        let mut rest = replacement;
        while let Some((before, after)) = rest.split_once('$') {
            out.push(before)?;
            rest = after;
            if let Some((number, after)) = self.named_by(rest) {
                out.push(self.group(captures, number).map_or("", |m| m.as_str()))?;
                rest = after;
                continue;
            }
            let last = self.0.numbers.keys().next_back().copied().unwrap_or(0);
            out.push(match rest.bytes().next() {
                Some(b'$') => "$",
                Some(b'&') => &text[whole.clone()],
                Some(b'`') => &text[..whole.start],
                Some(b'\'') => &text[whole.end..],
                Some(b'_') => text,
                Some(b'+') => self.group(captures, last).map_or("", |m| m.as_str()),
                _ => {
                    out.push("$")?;
                    continue;
                }
            })?;
            rest = &rest[1..];
        }
        out.push(rest)
    }

    /// Behind `$`: the group that digits or a name in braces mean, and what follows.
    fn named_by<'a>(&self, rest: &'a str) -> Option<(usize, &'a str)> {
        let (name, after) = match rest.strip_prefix('{') {
            Some(braced) => braced.split_once('}')?,
            None => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
        };
        self.number(name).map(|number| (number, after))
    }
}

/// The text, when it is short enough to be looked at.
fn short(text: &str) -> Result<&str, String> {
    if text.len() > LONGEST {
        return Err(format!(
            "regular expressions are matched with at most {LONGEST} bytes; compute from a shorter text"
        ));
    }
    Ok(text)
}

/// What is said of a match that took too many steps.
fn given_up(error: &Error) -> String {
    format!("{error}; write the regular expression so that a text can match it in one way only")
}
