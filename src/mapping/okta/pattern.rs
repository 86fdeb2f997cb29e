//! [`Pattern`]: a regular expression of Java, in the words of the engine that runs it here.
//!
//! Rewritten is what differs: the classes of ASCII (`\d`, `\w`, `\s`, `\p{Alpha}`), quotation (`\Q..\E`), `\Z`
//! and literal brackets in classes. A pattern has to match the whole text. Mappings are evaluated inside of writes, so
//! compiling and matching are bounded: constants by their length in an expression, everything else by the work it is
//! charged for.

use std::sync::Arc;

use fancy_regex::{Expr, Regex, RegexBuilder};

/// Steps after which a match is given up; far more than a sane pattern on an attribute needs.
const BACKTRACK_LIMIT: usize = 50_000;
/// Bytes a part of a compiled constant may take: enough for forty-eight letters of any script in a row.
const COMPILED_SIZE: usize = 2 << 20;
/// Bytes a part of a compiled pattern may take that an evaluation made, as it may make many.
const COMPUTED_SIZE: usize = 256 << 10;
/// Bytes of a text that is looked at: one step may look at all of it.
const LONGEST: usize = 16 << 10;
/// Bytes that all constants of an expression may have: each part of them may take [`COMPILED_SIZE`].
pub(super) const MOST_WRITTEN: usize = 2_000;
/// Units of work of an evaluation that a match with a short text takes.
const MATCH_WORK: usize = 250;
/// Bytes of a longer text that take as much again: each step may look at all of them.
const MATCH_BLOCK: usize = 128;
/// Units of work of an evaluation that a byte of a pattern takes to compile.
const COMPILE_WORK: usize = 64;

/// Units of work of an evaluation that a match with `text` takes.
pub(super) fn match_work(text: &str) -> usize {
    MATCH_WORK * (1 + text.len() / MATCH_BLOCK)
}

/// Units of work of an evaluation that compiling `text` takes.
pub(super) fn compile_work(text: &str) -> usize {
    COMPILE_WORK.saturating_mul(text.len())
}

/// What Java's names of ASCII classes mean, without the brackets around.
const CLASSES: [(&str, &str); 13] = [
    ("Lower", "a-z"),
    ("Upper", "A-Z"),
    ("ASCII", r"\x00-\x7F"),
    ("Alpha", "a-zA-Z"),
    ("Digit", "0-9"),
    ("Alnum", "a-zA-Z0-9"),
    ("Punct", r"!-/:-@\[-`{-~"),
    ("Graph", "!-~"),
    ("Print", " -~"),
    ("Blank", r" \t"),
    ("Cntrl", r"\x00-\x1F\x7F"),
    ("XDigit", "0-9a-fA-F"),
    ("Space", r" \t\n\x0B\f\r"),
];

/// A compiled regular expression that matches whole texts.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Arc<Regex>,
    begins_with_slash: bool,
}

impl Pattern {
    /// Compiles a constant; the error is the sentence of the regular expression compiler.
    pub(super) fn constant(text: &str) -> Result<Self, String> {
        Self::compiled(text, COMPILED_SIZE)
    }

    /// Compiles what an evaluation made; the error is the sentence of the regular expression compiler.
    pub(super) fn computed(text: &str) -> Result<Self, String> {
        Self::compiled(text, COMPUTED_SIZE)
    }

    fn compiled(text: &str, size: usize) -> Result<Self, String> {
        let pattern = translate(text);
        let whole = format!(r"\A(?:{pattern})\z");
        // By itself first: a parenthesis of its own must not close the group around it.
        Expr::parse_tree(&pattern)
            .and_then(|_| {
                RegexBuilder::new(&whole)
                    .backtrack_limit(BACKTRACK_LIMIT)
                    .delegate_size_limit(size)
                    .build()
            })
            .map(|regex| Self {
                regex: Arc::new(regex),
                begins_with_slash: text.starts_with('/'),
            })
            .map_err(|e| e.to_string().lines().last().unwrap_or_default().to_owned())
    }

    /// Whether it was written with a slash before it.
    pub(super) fn begins_with_slash(&self) -> bool {
        self.begins_with_slash
    }

    /// Whether the pattern is the whole of `text`; an error when that takes too long.
    pub(super) fn is_match(&self, text: &str) -> Result<bool, String> {
        if text.len() > LONGEST {
            return Err("the text is longer than 16 KiB, which is not matched".to_owned());
        }
        self.regex.is_match(text).map_err(|e| e.to_string())
    }
}

fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut depth = 0_usize;
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let length = first.len_utf8();
        match first {
            '\\' => {
                rest = escape(&rest[1..], depth > 0, &mut out);
                continue;
            }
            '[' if depth == 0 => {
                depth = 1;
                out.push('[');
                // A bracket that stands first closes nothing.
                let after = &rest[1..];
                let negated = after.strip_prefix('^');
                if negated.is_some() {
                    out.push('^');
                }
                rest = negated.unwrap_or(after);
                if let Some(behind) = rest.strip_prefix(']') {
                    out.push_str(r"\]");
                    rest = behind;
                }
                continue;
            }
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '-' | '~' if depth > 0 && rest[1..].starts_with(first) => out.push('\\'),
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// What stands behind a backslash; gives what follows it.
fn escape<'a>(rest: &'a str, in_class: bool, out: &mut String) -> &'a str {
    let Some(letter) = rest.chars().next() else {
        out.push('\\');
        return rest;
    };
    let after = &rest[letter.len_utf8()..];
    let mut class = |ranges: &str, negated: bool| {
        let caret = if negated { "^" } else { "" };
        if in_class && !negated {
            out.push_str(ranges);
        } else {
            out.push('[');
            out.push_str(caret);
            out.push_str(ranges);
            out.push(']');
        }
    };
    match letter {
        'd' | 'D' => class("0-9", letter == 'D'),
        'w' | 'W' => class("a-zA-Z0-9_", letter == 'W'),
        's' | 'S' => class(r" \t\n\x0B\f\r", letter == 'S'),
        'Q' => {
            let (literal, after) = after.split_once("\\E").unwrap_or((after, ""));
            out.push_str(&fancy_regex::escape(literal));
            return after;
        }
        'E' => {}
        'Z' => out.push_str(r"(?=\n?\z)"),
        'p' | 'P' => {
            let named = after
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'))
                .and_then(|(name, behind)| {
                    let (_, ranges) = CLASSES.iter().find(|(class, _)| *class == name)?;
                    Some((*ranges, behind))
                });
            if let Some((ranges, behind)) = named {
                class(ranges, letter == 'P');
                return behind;
            }
            out.push('\\');
            out.push(letter);
        }
        _ => {
            out.push('\\');
            out.push(letter);
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_match_whole_texts_as_in_java() {
        for (pattern, text, wanted) in [
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("a|ab", "ab", true),
            ("(?i)engineer", "Engineer", true),
            (r"\d+", "12", true),
            (r"\d+", "\u{663}", false),
            (r"\w*", "a_9", true),
            (r"\w", "\u{e9}", false),
            (r"[\w.-]+@\S+", "a.b-c@d", true),
            (r"[^\d]", "a", true),
            (r"[\D]", "5", false),
            (r"\Qa.b\E+", "a.bbb", true),
            (r"\Qa.b", "a.b", true),
            (r"\p{Alpha}{3}", "abc", true),
            (r"[\p{Upper}\p{Digit}]+", "A1", true),
            (r"\P{Digit}", "x", true),
            (r"\p{L}+", "\u{e9}t\u{e9}", true),
            ("[]a]+", "a]", true),
            ("[^]a]", "b", true),
            ("[a-z&&[^m]]", "m", false),
            ("(a)\\1", "aa", true),
            ("(?=.*x).*", "axb", true),
            ("a++b", "aab", true),
        ] {
            let compiled = Pattern::constant(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
            assert_eq!(compiled.is_match(text), Ok(wanted), "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_said_and_what_never_ends_is_given_up() {
        for pattern in ["(", ")", "a)|(?:b", "[a", "*", "\\"] {
            assert!(Pattern::constant(pattern).is_err(), "{pattern}");
        }
        let letters = r"\p{L}{1,48}";
        assert!(Pattern::constant(letters).is_ok());
        assert!(Pattern::computed(letters).is_err());
        let slow = Pattern::constant("^(a|a?)+(?=c)$").unwrap();
        assert!(slow.is_match(&"a".repeat(60)).is_err());
        let any = Pattern::constant(".*").unwrap();
        assert_eq!(any.is_match(&"a".repeat(LONGEST)), Ok(true));
        assert!(any.is_match(&"a".repeat(LONGEST + 1)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_compiler_panic(text in "\\PC{0,20}|[\\[\\]\\\\^&~QEpwdsZ{}()a-]{0,20}") {
            if let Ok(pattern) = Pattern::constant(&text) {
                let _ = pattern.is_match("a-b");
            }
        }
    }
}
