//! Comparison keys of text: what counts as the same user name, and as the same text elsewhere.
//!
//! User names follow RFC 7643 section 4.1.1 and RFC 8265 (`UsernameCaseMapped`): width mapping, lower
//! case, NFC (what it refuses is in `precis`). The value itself is stored and returned as sent; only the
//! key is compared and indexed. Lower-casing goes character by character: a capital sigma becomes the
//! common one everywhere, and a written final sigma stays a letter of its own.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::error::Error;
use super::precis::is_unassigned;

/// Whether a value that must be unique (`userName`) can be one.
///
/// # Errors
/// 400 `invalidValue` for text without a visible character, for control, zero-width, filler and
/// bidirectional-override characters, which make two names look alike, and for code points without a
/// meaning, whose comparison would change with the next version of Unicode.
pub fn check(text: &str) -> Result<(), Error> {
    let refused = |c: char| is_deceptive(c) || (!c.is_ascii() && is_unassigned(c));
    if let Some(bad) = text.chars().find(|c| refused(*c)) {
        return Err(Error::invalid_value(format!(
            "the character U+{:04X} is not allowed in an identifier; remove it",
            u32::from(bad)
        )));
    }
    if text.chars().all(char::is_whitespace) {
        return Err(Error::invalid_value("an identifier must not be empty"));
    }
    Ok(())
}

/// The comparison key of a value that must be unique and is not case exact (`userName`), and of what
/// somebody searches for.
pub fn prepare(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(width_map)
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// The comparison key of any other text whose attribute is not case exact: lower case, NFC.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).nfc().collect()
}

/// How text of an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Byte for byte.
    Exact,
    /// By [`fold`].
    Folded,
    /// By [`prepare`]: unique attributes that are not case exact.
    Prepared,
}

impl Comparison {
    /// The key of `text` under this rule.
    pub fn key(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Exact => Cow::Borrowed(text),
            Self::Folded => Cow::Owned(fold(text)),
            Self::Prepared => Cow::Owned(prepare(text)),
        }
    }

    /// Whether `text` has this key. Does not allocate for ASCII.
    pub fn is_key(self, text: &str, key: &str) -> bool {
        match self {
            Self::Exact => text == key,
            _ if text.is_ascii() => text.eq_ignore_ascii_case(key),
            _ => self.key(text) == key,
        }
    }

    /// Whether two texts are the same.
    pub fn same(self, a: &str, b: &str) -> bool {
        match self {
            Self::Exact => a == b,
            _ if a.is_ascii() && b.is_ascii() => a.eq_ignore_ascii_case(b),
            _ => self.key(a) == self.key(b),
        }
    }
}

const fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

const fn is_width_variant(c: char) -> bool {
    matches!(c, '\u{3000}' | '\u{ff01}'..='\u{ffee}')
}

/// One step of the `<wide>` and `<narrow>` decompositions of Unicode.
pub(super) fn width_map(c: char) -> char {
    if !is_width_variant(c) {
        return c;
    }
    let code = u32::from(c);
    let mapped = match code {
        0x3000 => 0x20,
        0xff01..=0xff5e => code - 0xfee0,
        0xff5f..=0xff60 => code - 0xff5f + 0x2985,
        0xff61 => 0x3002,
        0xff62..=0xff63 => code - 0xff62 + 0x300c,
        0xff64 => 0x3001,
        0xffa0 => 0x3164,
        0xffa1..=0xffbe => code - 0xffa1 + 0x3131,
        0xffc2..=0xffc7 => code - 0xffc2 + 0x314f,
        0xffca..=0xffcf => code - 0xffca + 0x3155,
        0xffd2..=0xffd7 => code - 0xffd2 + 0x315b,
        0xffda..=0xffdc => code - 0xffda + 0x3161,
        0xffe0..=0xffe1 => code - 0xffe0 + 0xa2,
        0xffe2 => 0xac,
        0xffe3 => 0xaf,
        0xffe4 => 0xa6,
        0xffe5 => 0xa5,
        0xffe6 => 0x20a9,
        0xffe8 => 0x2502,
        0xffe9..=0xffec => code - 0xffe9 + 0x2190,
        0xffed => 0x25a0,
        0xffee => 0x25cb,
        // Half-width katakana decompose in one step.
        0xff65..=0xff9f => return std::iter::once(c).nfkd().next().unwrap_or(c),
        _ => code,
    };
    char::from_u32(mapped).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_are_the_same_have_the_same_key() {
        let cases = [
            ("BJensen@Example.com", "bjensen@example.com"),
            ("\u{ff22}\u{ff2a}ensen", "bjensen"),
            ("e\u{301}", "\u{e9}"),
            ("\u{39f}\u{3a3}", "\u{3bf}\u{3c3}"),
            ("\u{212a}@x", "k@x"),
            ("\u{ff76}\u{ff9e}", "\u{30ac}"),
            ("\u{ffa1}", "\u{3131}"),
        ];
        for (text, key) in cases {
            assert!(check(text).is_ok(), "{text}");
            assert_eq!(prepare(text), key, "{text}");
        }
    }

    #[test]
    fn names_that_differ_have_different_keys() {
        let cases = [
            ("\u{130}@x", "i@x"),
            ("stra\u{df}e", "strasse"),
            ("\u{430}@x", "a@x"),
        ];
        for (one, other) in cases {
            assert!(check(one).is_ok() && check(other).is_ok(), "{one}");
            assert_ne!(prepare(one), prepare(other), "{one}");
        }
    }

    #[test]
    fn deceptive_text_is_refused() {
        for text in [
            "",
            "  ",
            "a\u{200b}b",
            "a\u{202e}b",
            "a\0",
            "a\nb",
            "\u{feff}a",
            "\u{3164}",
            "a\u{378}",
        ] {
            assert!(check(text).is_err(), "{text:?}");
        }
        assert!(check("two words").is_ok());
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in "\\PC{1,12}") {
            if check(&text).is_ok() {
                let key = prepare(&text);
                prop_assert_eq!(prepare(&key), key);
            }
        }

        #[test]
        fn the_quick_comparison_agrees_with_the_keys(a in "\\PC{0,6}", b in "\\PC{0,6}") {
            for rule in [Comparison::Exact, Comparison::Folded, Comparison::Prepared] {
                let same = rule.key(&a) == rule.key(&b);
                prop_assert_eq!(rule.same(&a, &b), same);
                prop_assert_eq!(rule.is_key(&a, &rule.key(&b)), same);
            }
        }
    }
}
