//! [`Pattern`]: a regular expression that was checked when it was read.
//!
//! The service's flavour is .NET's; look-around and back-references are understood, matching is
//! bounded so that no pattern can hold a cycle up.

use std::ops::Range;
use std::sync::Arc;

use fancy_regex::{Captures, Regex, RegexBuilder};

/// Steps after which a match is given up; far more than a sane pattern on a directory value needs.
const BACKTRACK_LIMIT: usize = 200_000;

/// A compiled regular expression; equal when written the same.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Arc<Regex>);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Compiles; the error is the sentence of the regular expression compiler.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        RegexBuilder::new(text)
            .backtrack_limit(BACKTRACK_LIMIT)
            .build()
            .map(|regex| Self(Arc::new(regex)))
            .map_err(|e| e.to_string())
    }

    /// The pattern as written.
    pub(super) fn text(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the pattern occurs anywhere in `text` (nothing is anchored unless written so).
    pub(super) fn is_match(&self, text: &str) -> Result<bool, String> {
        self.0.is_match(text).map_err(|e| e.to_string())
    }

    /// Whether the pattern has a group of this name.
    pub(super) fn has_group(&self, name: &str) -> bool {
        self.0.capture_names().flatten().any(|known| known == name)
    }

    /// The text of group `name` in the first match.
    pub(super) fn first_group(&self, text: &str, name: &str) -> Result<Option<String>, String> {
        let captures = self.0.captures(text).map_err(|e| e.to_string())?;
        Ok(captures.and_then(|c| c.name(name).map(|m| m.as_str().to_owned())))
    }

    /// Replaces every match by `replacement`, in which `$1`, `${name}`, `$&` and `$$` mean what
    /// they mean in .NET; anything else after `$` is literal.
    pub(super) fn replace_all(&self, text: &str, replacement: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        self.each_match(text, |captures, whole| {
            out.push_str(&text[from..whole.start]);
            expand(self, replacement, captures, &mut out);
            from = whole.end;
        })?;
        out.push_str(&text[from..]);
        Ok(out)
    }

    /// Replaces, in every match, only the part that group `name` matched; `replacement` is literal.
    pub(super) fn replace_group(
        &self,
        text: &str,
        name: &str,
        replacement: &str,
    ) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        self.each_match(text, |captures, _| {
            if let Some(group) = captures.name(name).filter(|g| g.start() >= from) {
                out.push_str(&text[from..group.start()]);
                out.push_str(replacement);
                from = group.end();
            }
        })?;
        out.push_str(&text[from..]);
        Ok(out)
    }

    /// Visits the matches as .NET does: unlike Rust's iterators, an empty match may follow directly
    /// on another match.
    fn each_match(
        &self,
        text: &str,
        mut see: impl FnMut(&Captures<'_, str>, Range<usize>),
    ) -> Result<(), String> {
        let mut at = 0;
        while at <= text.len() {
            let Some(captures) = self
                .0
                .captures_from_pos(text, at)
                .map_err(|e| e.to_string())?
            else {
                break;
            };
            let Some(whole) = captures.get(0).map(|m| m.range()) else {
                break;
            };
            see(&captures, whole.clone());
            at = if whole.is_empty() {
                whole.end + text[whole.end..].chars().next().map_or(1, char::len_utf8)
            } else {
                whole.end
            };
        }
        Ok(())
    }
}

fn expand(pattern: &Pattern, replacement: &str, captures: &Captures<'_, str>, out: &mut String) {
    let mut rest = replacement;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('&') {
            out.push_str(captures.get(0).map_or("", |m| m.as_str()));
            rest = after;
        } else if digits > 0 {
            let number = rest[..digits]
                .parse()
                .ok()
                .filter(|&n: &usize| n < captures.len());
            if let Some(number) = number {
                out.push_str(captures.get(number).map_or("", |m| m.as_str()));
            } else {
                out.push('$');
                out.push_str(&rest[..digits]);
            }
            rest = &rest[digits..];
        } else if let Some((name, after)) = rest
            .strip_prefix('{')
            .and_then(|braced| braced.split_once('}'))
        {
            let known = match name.parse::<usize>() {
                Ok(number) => number < captures.len(),
                Err(_) => pattern.has_group(name),
            };
            let group = match name.parse::<usize>() {
                Ok(number) => captures.get(number),
                Err(_) => captures.name(name),
            };
            if known {
                out.push_str(group.map_or("", |m| m.as_str()));
            } else {
                out.push_str("${");
                out.push_str(name);
                out.push('}');
            }
            rest = after;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
}
