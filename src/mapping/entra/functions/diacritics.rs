//! `NormalizeDiacritics` and its table.
//!
//! The documented table lists letters with their diacritics; anything outside of it stays as it is.
//! A letter is looked at decomposed (NFD), so that every spelling of the same character counts.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

const GRAVE: char = '\u{300}';
const ACUTE: char = '\u{301}';
const CIRCUMFLEX: char = '\u{302}';
const TILDE: char = '\u{303}';
const MACRON: char = '\u{304}';
const BREVE: char = '\u{306}';
const DOT_ABOVE: char = '\u{307}';
const DIAERESIS: char = '\u{308}';
const RING: char = '\u{30a}';
const DOUBLE_ACUTE: char = '\u{30b}';
const CARON: char = '\u{30c}';
const DOT_BELOW: char = '\u{323}';
const DIAERESIS_BELOW: char = '\u{324}';
const COMMA_BELOW: char = '\u{326}';
const CEDILLA: char = '\u{327}';
const OGONEK: char = '\u{328}';
const MACRON_BELOW: char = '\u{331}';

/// Base letter, sequences of combining marks it may carry (in canonical order), replacement.
type Row = (char, &'static [&'static [char]], &'static str);

const TABLE: &[Row] = &[
    (
        'a',
        &[
            &[DIAERESIS],
            &[GRAVE],
            &[CIRCUMFLEX],
            &[TILDE],
            &[RING],
            &[ACUTE],
            &[OGONEK],
            &[BREVE],
            &[MACRON],
            &[MACRON, ACUTE],
            &[MACRON, GRAVE],
            &[MACRON, CIRCUMFLEX],
            &[MACRON, TILDE],
            &[DIAERESIS, MACRON],
            &[DOT_ABOVE, MACRON],
            &[MACRON_BELOW],
            &[RING, MACRON],
        ],
        "a",
    ),
    ('\u{e6}', &[&[], &[MACRON]], "ae"),
    (
        'c',
        &[&[CEDILLA], &[CARON], &[ACUTE], &[MACRON], &[MACRON_BELOW]],
        "c",
    ),
    ('d', &[&[CARON], &[MACRON], &[MACRON_BELOW]], "d"),
    (
        'e',
        &[
            &[DIAERESIS],
            &[GRAVE],
            &[ACUTE],
            &[CIRCUMFLEX],
            &[OGONEK],
            &[CARON],
            &[DOT_ABOVE],
            &[MACRON],
            &[MACRON, ACUTE],
            &[MACRON, GRAVE],
            &[MACRON, CIRCUMFLEX],
            &[MACRON, TILDE],
            &[CIRCUMFLEX, MACRON],
            &[MACRON_BELOW],
            &[DIAERESIS, MACRON],
            &[RING, MACRON],
        ],
        "e",
    ),
    ('g', &[&[BREVE], &[MACRON], &[MACRON_BELOW]], "g"),
    (
        'i',
        &[
            &[DIAERESIS],
            &[CIRCUMFLEX],
            &[GRAVE],
            &[ACUTE],
            &[MACRON],
            &[MACRON, ACUTE],
            &[MACRON, GRAVE],
            &[MACRON, CIRCUMFLEX],
            &[MACRON, TILDE],
            &[MACRON_BELOW],
            &[DOT_ABOVE],
        ],
        "i",
    ),
    ('\u{131}', &[&[]], "i"),
    (
        'l',
        &[&[CARON], &[MACRON], &[DOT_BELOW, MACRON], &[MACRON_BELOW]],
        "l",
    ),
    ('\u{142}', &[&[]], "l"),
    (
        'n',
        &[&[TILDE], &[ACUTE], &[CARON], &[MACRON], &[MACRON_BELOW]],
        "n",
    ),
    (
        'o',
        &[
            &[DIAERESIS],
            &[GRAVE],
            &[DOUBLE_ACUTE],
            &[TILDE],
            &[CIRCUMFLEX],
            &[ACUTE],
            &[MACRON],
            &[MACRON, ACUTE],
            &[MACRON, GRAVE],
            &[MACRON, CIRCUMFLEX],
            &[MACRON, TILDE],
            &[DIAERESIS, MACRON],
            &[MACRON, DIAERESIS],
            &[OGONEK, MACRON],
            &[TILDE, MACRON],
            &[DOT_ABOVE, MACRON],
            &[MACRON_BELOW],
        ],
        "o",
    ),
    ('\u{f8}', &[&[], &[MACRON]], "oe"),
    ('\u{153}', &[&[MACRON]], "oe"),
    (
        'r',
        &[&[CARON], &[MACRON], &[MACRON_BELOW], &[DOT_BELOW, MACRON]],
        "r",
    ),
    ('\u{df}', &[&[]], "ss"),
    (
        's',
        &[
            &[CARON],
            &[ACUTE],
            &[COMMA_BELOW],
            &[CEDILLA],
            &[MACRON],
            &[MACRON_BELOW],
        ],
        "s",
    ),
    (
        't',
        &[&[CARON], &[COMMA_BELOW], &[MACRON], &[MACRON_BELOW]],
        "t",
    ),
    (
        'u',
        &[
            &[DIAERESIS],
            &[GRAVE],
            &[CIRCUMFLEX],
            &[ACUTE],
            &[RING],
            &[DOUBLE_ACUTE],
            &[MACRON],
            &[MACRON, ACUTE],
            &[MACRON, GRAVE],
            &[MACRON, CIRCUMFLEX],
            &[MACRON, TILDE],
            &[DOT_ABOVE, MACRON],
            &[DIAERESIS, MACRON],
            &[MACRON, DIAERESIS],
            &[DIAERESIS_BELOW, MACRON],
            &[MACRON_BELOW],
        ],
        "u",
    ),
    (
        'y',
        &[
            &[DIAERESIS],
            &[ACUTE],
            &[MACRON],
            &[MACRON, ACUTE],
            &[MACRON, GRAVE],
            &[MACRON, TILDE],
            &[MACRON_BELOW],
        ],
        "y",
    ),
    (
        'z',
        &[&[ACUTE], &[CARON], &[DOT_ABOVE], &[MACRON], &[MACRON_BELOW]],
        "z",
    ),
];

pub(super) fn normalize_diacritics(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(arguments
        .text(0)?
        .map_or(Value::Null, |text| Value::from(normalize(&text))))
}

/// A character together with the marks that follow it is looked up; what is not in the table stays as
/// it was written.
fn normalize(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let marked = &rest[first.len_utf8()..];
        let marks = marked
            .find(|c| !is_combining_mark(c))
            .unwrap_or(marked.len());
        let (cluster, after) = rest.split_at(first.len_utf8() + marks);
        let mut decomposed = cluster.nfd();
        let plain = decomposed.next().and_then(|base| {
            let marks: Vec<char> = decomposed.collect();
            replacement(base, &marks)
        });
        match plain {
            Some(plain) => out.push_str(&plain),
            None => out.push_str(cluster),
        }
        rest = after;
    }
    out
}

fn replacement(base: char, marks: &[char]) -> Option<String> {
    let lower = base.to_lowercase().next()?;
    let (_, _, plain) = TABLE
        .iter()
        .find(|(letter, accents, _)| *letter == lower && accents.contains(&marks))?;
    Some(if base == lower {
        (*plain).to_owned()
    } else {
        plain.to_uppercase()
    })
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn every_listed_letter_becomes_plain_in_both_cases() {
        let rows = [
            ("äàâãåáąăāǟǡa̱å̄", "a"),
            ("æǣ", "ae"),
            ("çčćc̄c̱", "c"),
            ("ďd̄ḏ", "d"),
            ("ëèéêęěėēḗḕē̂ē̃ê̄e̱ë̄e̊̄", "e"),
            ("ğḡg̱", "g"),
            ("ïîìíıīī́ī̀ī̂ī̃i̱", "i"),
            ("ľłl̄ḹḻ", "l"),
            ("ñńňn̄ṉ", "n"),
            ("öòőõôóōṓṑō̂ō̃ȫō̈ǭȭȱo̱", "o"),
            ("øø̄œ̄", "oe"),
            ("řr̄ṟṝ", "r"),
            ("ß", "ss"),
            ("šśșşs̄s̱", "s"),
            ("ťțt̄ṯ", "t"),
            ("üùûúůűūū́ū̀ū̂ū̃u̇̄ǖṻṳ̄u̱", "u"),
            ("ÿýȳȳ́ȳ̀ȳ̃y̱", "y"),
            ("źžżz̄ẕ", "z"),
        ];
        for (accented, plain) in rows {
            let out = normalize(accented);
            assert_eq!(out.replace(plain, ""), "", "{accented} -> {out}");
            if plain != "ss" && plain != "i" {
                let out = normalize(&accented.to_uppercase());
                assert_eq!(
                    out.replace(&plain.to_uppercase(), ""),
                    "",
                    "{accented} -> {out}"
                );
            }
        }
        assert_eq!(normalize("İÍ"), "II");
    }

    #[test]
    fn letters_outside_of_the_table_stay() {
        for text in [
            "œþðđ",
            "Привет й",
            "ṩ",
            "日本",
            "plain",
            "한국",
            "x\u{302}",
            "ẹ",
            "e\u{323}",
            "ẽũĩ",
            "\u{301}",
        ] {
            assert_eq!(normalize(text), text);
        }
    }
}
