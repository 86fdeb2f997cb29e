//! The refusals of RFC 8265 for user names (`UsernameCaseMapped`): which characters, and in which
//! direction. RFC 8264 section 9 and RFC 5893, over the Unicode of the property tables.
//!
//! Only refuses; what two names are compared by is `key`'s. The exceptions are those of RFC 8264 section
//! 9.6 and RFC 5892 appendix A.

use icu_properties::CodePointMapData;
use icu_properties::props::{BidiClass, GeneralCategory, Script};
use unicode_normalization::UnicodeNormalization;

use super::error::Error;
use super::key::{prepare, width_map};

/// Whether Unicode gives this code point no meaning (yet).
pub(super) fn is_unassigned(c: char) -> bool {
    category(c) == GeneralCategory::Unassigned
}

/// Checks a user name.
///
/// # Errors
/// 400 `invalidValue` naming the character, or saying that the name would be shown in a confusing order.
pub(super) fn check(text: &str) -> Result<(), Error> {
    let all: Vec<char> = text.chars().map(width_map).collect();
    let bad = (0..all.len()).find(|at| !is_permitted(&all, *at));
    if let Some(bad) = bad.and_then(|at| text.chars().nth(at)) {
        return Err(Error::invalid_value(format!(
            "the character U+{:04X} is not allowed in a user name (RFC 8265)",
            u32::from(bad)
        )));
    }
    let classes: Vec<BidiClass> = prepare(text).chars().map(direction).collect();
    if is_ordered(&classes) {
        Ok(())
    } else {
        Err(Error::invalid_value(
            "a user name cannot mix writing directions like this (RFC 5893)",
        ))
    }
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn direction(c: char) -> BidiClass {
    CodePointMapData::<BidiClass>::new().get(c)
}

/// `IdentifierClass`, RFC 8264 section 4.2, for the character at this place.
fn is_permitted(all: &[char], at: usize) -> bool {
    let Some(&c) = all.get(at) else {
        return false;
    };
    let beside = |at: Option<usize>| at.and_then(|at| all.get(at)).copied();
    let (before, after) = (beside(at.checked_sub(1)), beside(at.checked_add(1)));
    let is = |c: Option<char>, wanted: Script| c.is_some_and(|c| script(c) == wanted);
    let among = |range: std::ops::RangeInclusive<char>| all.iter().any(|c| range.contains(c));
    match c {
        '!'..='~'
        | '\u{df}'
        | '\u{3c2}'
        | '\u{6fd}'
        | '\u{6fe}'
        | '\u{f0b}'
        | '\u{3007}' => true,
        '\u{b7}' => before == Some('l') && after == Some('l'),
        '\u{375}' => is(after, Script::Greek),
        '\u{5f3}' | '\u{5f4}' => is(before, Script::Hebrew),
        '\u{30fb}' => all.iter().any(|c| {
            [Script::Hiragana, Script::Katakana, Script::Han].contains(&script(*c))
        }),
        '\u{660}'..='\u{669}' => !among('\u{6f0}'..='\u{6f9}'),
        '\u{6f0}'..='\u{6f9}' => !among('\u{660}'..='\u{669}'),
        '\u{640}'
        | '\u{7fa}'
        | '\u{302e}'
        | '\u{302f}'
        | '\u{3031}'..='\u{3035}'
        | '\u{303b}'
        // Old Hangul letters.
        | '\u{1100}'..='\u{11ff}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{d7b0}'..='\u{d7ff}' => false,
        _ => is_letter_or_digit(c) && std::iter::once(c).nfkc().eq(std::iter::once(c)),
    }
}

fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

fn is_letter_or_digit(c: char) -> bool {
    matches!(
        category(c),
        GeneralCategory::LowercaseLetter
            | GeneralCategory::UppercaseLetter
            | GeneralCategory::OtherLetter
            | GeneralCategory::DecimalNumber
            | GeneralCategory::ModifierLetter
            | GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
    )
}

/// The Bidi rule, RFC 5893 section 2, which applies as soon as something is written from right to left.
fn is_ordered(classes: &[BidiClass]) -> bool {
    const R: BidiClass = BidiClass::RightToLeft;
    const AL: BidiClass = BidiClass::ArabicLetter;
    const AN: BidiClass = BidiClass::ArabicNumber;
    const EN: BidiClass = BidiClass::EuropeanNumber;
    const L: BidiClass = BidiClass::LeftToRight;
    let neutral = [
        EN,
        BidiClass::EuropeanSeparator,
        BidiClass::CommonSeparator,
        BidiClass::EuropeanTerminator,
        BidiClass::OtherNeutral,
        BidiClass::BoundaryNeutral,
        BidiClass::NonspacingMark,
    ];
    if !classes.iter().any(|class| [R, AL, AN].contains(class)) {
        return true;
    }
    let last = classes
        .iter()
        .rev()
        .find(|class| **class != BidiClass::NonspacingMark);
    let ends = |allowed: &[BidiClass]| last.is_some_and(|last| allowed.contains(last));
    let only = |strong: &[BidiClass]| {
        classes
            .iter()
            .all(|class| strong.contains(class) || neutral.contains(class))
    };
    match classes.first() {
        Some(first) if [R, AL].contains(first) => {
            only(&[R, AL, AN])
                && ends(&[R, AL, AN, EN])
                && !(classes.contains(&EN) && classes.contains(&AN))
        }
        Some(first) if *first == L => only(&[L]) && ends(&[L, EN]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_symbols_and_compatibility_characters_are_refused() {
        let refused = [
            "a b",
            "\u{3000}",
            "\u{fb01}x",
            "\u{212a}",
            "\u{17f}",
            "\u{2603}",
            "\u{20ac}uro",
            "a\u{2013}b",
            "\u{e000}",
            "a\u{b7}b",
            "\u{1100}",
            "\u{640}",
            "\u{661}\u{6f1}",
            "\u{378}",
        ];
        for text in refused {
            assert!(check(text).is_err(), "{text:?}");
        }
        let accepted = [
            "abc",
            "a.b+c@example.com",
            "\u{ff21}\u{ff22}\u{ff23}",
            "stra\u{df}e",
            "\u{e9}",
            "e\u{301}",
            "\u{39f}\u{394}\u{3a3}",
            "col\u{b7}lega",
            "\u{5d0}\u{5f3}",
            "\u{ff76}\u{30fb}\u{ff76}",
            "\u{4e2d}\u{6587}",
            "\u{627}\u{661}\u{662}",
        ];
        for text in accepted {
            assert!(check(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn writing_directions_are_not_mixed() {
        for text in [
            "\u{5d0}\u{5d1}",
            "\u{627}\u{628}1",
            "\u{627}\u{661}",
            "\u{5d0}\u{5b0}",
            "abc1",
            "1abc",
        ] {
            assert!(check(text).is_ok(), "{text:?}");
        }
        for text in [
            "a\u{5d0}",
            "\u{5d0}a",
            "1\u{5d0}",
            "\u{5d0}-",
            "\u{627}1\u{661}",
            "\u{661}",
        ] {
            assert!(check(text).is_err(), "{text:?}");
        }
    }
}
