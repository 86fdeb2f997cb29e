//! Patterns of Joda-Time's `DateTimeFormat`, taken apart.

/// Longest accepted pattern, in bytes.
const LONGEST: usize = 200;

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// What stands there as it is.
    Literal(String),
    /// A letter and how often it stands there.
    Field(Field, usize),
}

/// What a letter means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// `G`: AD or BC.
    Era,
    /// `C`: the year of the era without its last two digits.
    Century,
    /// `Y`: the year counted from 1, before and after Christ; the plain year of today.
    YearOfEra,
    /// `x`: the year that the week belongs to.
    WeekYear,
    /// `w`: week of the week year.
    Week,
    /// `e`: 1 for Monday to 7.
    DayOfWeek,
    /// `E`: name of the day.
    DayName,
    /// `y`
    Year,
    /// `D`: 1 to 366.
    DayOfYear,
    /// `M`: digits for one or two letters, the short name for three, the name for more.
    Month,
    /// `d`
    Day,
    /// `a`: AM or PM.
    HalfDay,
    /// `K`: 0 to 11.
    HourOfHalfDay,
    /// `h`: 1 to 12.
    ClockHourOfHalfDay,
    /// `H`: 0 to 23.
    Hour,
    /// `k`: 1 to 24.
    ClockHour,
    /// `m`
    Minute,
    /// `s`
    Second,
    /// `S`: digits of the fraction.
    Fraction,
    /// `z`: name of the zone.
    ZoneName,
    /// `Z`: offset, with a colon for two letters, the id of the zone for three.
    Zone,
}

impl Field {
    fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'G' => Self::Era,
            'C' => Self::Century,
            'Y' => Self::YearOfEra,
            'x' => Self::WeekYear,
            'w' => Self::Week,
            'e' => Self::DayOfWeek,
            'E' => Self::DayName,
            'y' => Self::Year,
            'D' => Self::DayOfYear,
            'M' => Self::Month,
            'd' => Self::Day,
            'a' => Self::HalfDay,
            'K' => Self::HourOfHalfDay,
            'h' => Self::ClockHourOfHalfDay,
            'H' => Self::Hour,
            'k' => Self::ClockHour,
            'm' => Self::Minute,
            's' => Self::Second,
            'S' => Self::Fraction,
            'z' => Self::ZoneName,
            'Z' => Self::Zone,
            _ => return None,
        })
    }

    /// Whether digits stand for it.
    pub(super) fn is_number(self, letters: usize) -> bool {
        match self {
            Self::Month => letters < 3,
            Self::Era | Self::DayName | Self::HalfDay | Self::ZoneName | Self::Zone => false,
            _ => true,
        }
    }
}

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(pub(super) Vec<Part>);

impl Pattern {
    /// Takes a pattern apart; the error is a sentence.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("the format is empty; write one like yyyy-MM-dd".to_owned());
        }
        if text.len() > LONGEST {
            return Err(format!("the format is longer than {LONGEST} characters"));
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first.is_ascii_alphabetic() {
                let count = rest.chars().take_while(|c| *c == first).count();
                let field = Field::of(first).ok_or_else(|| {
                    format!("'{first}' means nothing in a format; put text between single quotes")
                })?;
                parts.push(Part::Field(field, count));
                rest = &rest[count..];
                continue;
            }
            let (literal, after) = if first == '\'' {
                quoted(&rest[1..])?
            } else {
                let (one, after) = rest.split_at(first.len_utf8());
                (one.to_owned(), after)
            };
            rest = after;
            match parts.last_mut() {
                Some(Part::Literal(before)) => before.push_str(&literal),
                _ => parts.push(Part::Literal(literal)),
            }
        }
        Ok(Self(parts))
    }
}

/// What stands behind an opening quote; two quotes are one.
fn quoted(rest: &str) -> Result<(String, &str), String> {
    if let Some(after) = rest.strip_prefix('\'') {
        return Ok(("'".to_owned(), after));
    }
    let mut text = String::new();
    let mut characters = rest.char_indices().peekable();
    while let Some((index, c)) = characters.next() {
        if c != '\'' {
            text.push(c);
        } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
            text.push('\'');
        } else {
            return Ok((text, &rest[index + 1..]));
        }
    }
    Err("the text between single quotes is never closed in the format".to_owned())
}
