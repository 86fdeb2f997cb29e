//! Date patterns of .NET: the letters of a custom pattern, taken apart, and the single letters that
//! stand for a whole one.
//!
//! `FormatDateTime` has no parameter for a culture. The service prints dates as `M/d/yyyy h:mm:ss tt`,
//! which is `en-US`; so names, separators and standard patterns are those of that culture (its names of
//! months and days are also the invariant culture's).

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A letter with a meaning and how often it stands in a row.
    Field(Field, usize),
    /// Text as it is.
    Literal(char),
    /// A `Z` outside of quotations: printed as it is, read as "in UTC".
    Zulu,
}

/// What a letter of a pattern means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// `d`: day of the month, or of the week from three letters on.
    Day,
    /// `f`: fraction of a second, all digits.
    Fraction,
    /// `F`: fraction of a second without zeros at the end.
    ShortFraction,
    /// `g`: era.
    Era,
    /// `h`: hour of twelve.
    Hour12,
    /// `H`: hour of twenty-four.
    Hour24,
    /// `K`: kind of time: `Z`, an offset, or nothing.
    Kind,
    /// `m`: minute.
    Minute,
    /// `M`: month, by name from three letters on.
    Month,
    /// `s`: second.
    Second,
    /// `t`: `A` or `P`, `AM` or `PM`.
    Half,
    /// `y`: year.
    Year,
    /// `z`: offset from UTC.
    Offset,
}

impl Field {
    fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'd' => Self::Day,
            'f' => Self::Fraction,
            'F' => Self::ShortFraction,
            'g' => Self::Era,
            'h' => Self::Hour12,
            'H' => Self::Hour24,
            'K' => Self::Kind,
            'm' => Self::Minute,
            'M' => Self::Month,
            's' => Self::Second,
            't' => Self::Half,
            'y' => Self::Year,
            'z' => Self::Offset,
            _ => return None,
        })
    }
}

/// Standard patterns, by letter.
const STANDARD: &[(char, &str)] = &[
    ('d', "M/d/yyyy"),
    ('D', "dddd, MMMM d, yyyy"),
    ('f', "dddd, MMMM d, yyyy h:mm tt"),
    ('F', "dddd, MMMM d, yyyy h:mm:ss tt"),
    ('g', "M/d/yyyy h:mm tt"),
    ('G', "M/d/yyyy h:mm:ss tt"),
    ('m', "MMMM d"),
    ('M', "MMMM d"),
    ('o', "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffffK"),
    ('O', "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffffK"),
    ('r', "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"),
    ('R', "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"),
    ('s', "yyyy'-'MM'-'dd'T'HH':'mm':'ss"),
    ('t', "h:mm tt"),
    ('T', "h:mm:ss tt"),
    ('u', "yyyy'-'MM'-'dd HH':'mm':'ss'Z'"),
    ('U', "dddd, MMMM d, yyyy h:mm:ss tt"),
    ('y', "MMMM yyyy"),
    ('Y', "MMMM yyyy"),
];

/// Takes a pattern apart.
///
/// # Errors
/// A sentence about what is wrong with it.
pub(super) fn parts(pattern: &str) -> Result<Vec<Part>, String> {
    let mut letters = pattern.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        let (_, whole) = STANDARD
            .iter()
            .find(|(known, _)| *known == letter)
            .ok_or_else(|| {
                format!(
                    "'{letter}' is not a standard date pattern; write %{letter} for a custom pattern of one letter"
                )
            })?;
        return custom(whole);
    }
    custom(pattern)
}

fn custom(pattern: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped) => parts.push(Part::Literal(escaped)),
                None => return Err("the date pattern ends with a backslash".to_owned()),
            },
            '\'' | '"' => loop {
                match letters.next() {
                    None => {
                        return Err(format!(
                            "a quotation in the date pattern is never closed; add {letter}"
                        ));
                    }
                    Some(end) if end == letter => break,
                    Some('\\') => parts.extend(letters.next().map(Part::Literal)),
                    Some(quoted) => parts.push(Part::Literal(quoted)),
                }
            },
            '%' => {
                if matches!(letters.peek(), None | Some('%')) {
                    return Err(
                        "% in a date pattern must stand before one letter; write \\% for the sign"
                            .to_owned(),
                    );
                }
            }
            'Z' => parts.push(Part::Zulu),
            _ => match Field::of(letter) {
                None => parts.push(Part::Literal(letter)),
                Some(field) => {
                    let mut count = 1;
                    while letters.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    if count > 7 && matches!(field, Field::Fraction | Field::ShortFraction) {
                        return Err(format!(
                            "a fraction of a second has at most 7 digits, the date pattern has {count} times '{letter}'"
                        ));
                    }
                    parts.push(Part::Field(field, count));
                }
            },
        }
    }
    Ok(parts)
}

/// Months, in order.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of the week, from Sunday on.
pub(super) const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Letters of an abbreviated name.
pub(super) const SHORT: usize = 3;
/// Name of the era.
pub(super) const ERA: &str = "A.D.";
