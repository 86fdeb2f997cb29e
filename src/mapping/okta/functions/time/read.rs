//! A text, read by a pattern of Joda-Time.
//!
//! What the pattern does not name is as in Joda: the beginning of 1970, or of 2000 when there is a month or
//! a day without a year; UTC when there is no zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;

use super::iso;
use super::joda::{Field, Part, Pattern};
use super::names::{DAYS, MONTHS, ZONES, beginning};

/// Most digits of a year.
const YEAR_DIGITS: usize = 9;

/// Milliseconds since 1970; `this_year` decides which century two digits mean.
pub(super) fn read(pattern: &Pattern, text: &str, this_year: i16) -> Option<i64> {
    let mut found = Found::default();
    let mut rest = text;
    for (index, part) in pattern.0.iter().enumerate() {
        rest = match part {
            Part::Literal(literal) => {
                let beginning = rest.get(..literal.len())?;
                let same = beginning.eq_ignore_ascii_case(literal);
                same.then(|| &rest[literal.len()..])?
            }
            Part::Field(field, letters) => {
                let next = pattern.0.get(index + 1);
                let digits_follow =
                    matches!(next, Some(Part::Field(f, letters)) if f.is_number(*letters));
                let reader = Reader {
                    field: *field,
                    letters: *letters,
                    digits_follow,
                    this_year,
                };
                reader.read(rest, &mut found)?
            }
        };
    }
    if !rest.is_empty() {
        return None;
    }
    let at = DateTime::from_parts(found.date()?, found.time()?);
    match found.zone {
        Some(Zone::Offset(seconds)) => iso::millis(at, seconds),
        Some(Zone::Named(zone)) => Some(at.to_zoned(zone).ok()?.timestamp().as_millisecond()),
        None => iso::millis(at, 0),
    }
    .filter(|millis| Timestamp::from_millisecond(*millis).is_ok())
}

enum Zone {
    /// Seconds east of UTC.
    Offset(i32),
    Named(TimeZone),
}

#[derive(Default)]
struct Found {
    before_christ: bool,
    century: Option<i64>,
    year: Option<i64>,
    week_year: Option<i64>,
    week: Option<i64>,
    day_of_week: Option<i64>,
    day_of_year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    afternoon: Option<bool>,
    hour_of_half: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    nanosecond: i32,
    zone: Option<Zone>,
}

struct Reader {
    field: Field,
    letters: usize,
    digits_follow: bool,
    this_year: i16,
}

impl Reader {
    /// Reads one field and gives what follows.
    fn read<'t>(&self, text: &'t str, found: &mut Found) -> Option<&'t str> {
        match self.field {
            Field::Era => {
                let (index, length) =
                    [("AD", false), ("BC", true)]
                        .iter()
                        .find_map(|(name, bc)| {
                            let same = text.get(..2)?.eq_ignore_ascii_case(name);
                            same.then_some((*bc, 2))
                        })?;
                found.before_christ = index;
                return Some(&text[length..]);
            }
            Field::DayName => {
                let (index, length) = beginning(&DAYS, text)?;
                found.day_of_week = Some(i64::try_from(index).ok()? + 1);
                return Some(&text[length..]);
            }
            Field::Month if self.letters > 2 => {
                let (index, length) = beginning(&MONTHS, text)?;
                found.month = Some(i64::try_from(index).ok()? + 1);
                return Some(&text[length..]);
            }
            Field::HalfDay => {
                let half = text.get(..2)?;
                let afternoon = half.eq_ignore_ascii_case("pm");
                found.afternoon = Some(afternoon);
                return (afternoon || half.eq_ignore_ascii_case("am")).then(|| &text[2..]);
            }
            Field::ZoneName => {
                let (name, minutes) = ZONES.iter().find(|(name, _)| text.starts_with(name))?;
                found.zone = Some(Zone::Offset(minutes * 60));
                return Some(&text[name.len()..]);
            }
            Field::Zone if self.letters > 2 => {
                let part_of_name = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
                let end = text.find(|c| !part_of_name(c)).unwrap_or(text.len());
                found.zone = Some(Zone::Named(TimeZone::get(&text[..end]).ok()?));
                return Some(&text[end..]);
            }
            Field::Zone => return offset(text, found),
            Field::Fraction => {
                let digits = digits(text, self.letters)?;
                let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
                found.nanosecond = nine.parse().ok()?;
                return Some(&text[digits.len()..]);
            }
            _ => {}
        }
        self.number(text, found)
    }

    fn number<'t>(&self, text: &'t str, found: &mut Found) -> Option<&'t str> {
        let is_year = matches!(self.field, Field::Year | Field::YearOfEra | Field::WeekYear);
        let negative = is_year && text.starts_with('-');
        let unsigned = &text[usize::from(negative)..];
        let most = match self.field {
            _ if is_year && self.digits_follow => self.letters,
            _ if is_year => YEAR_DIGITS,
            Field::DayOfYear => 3.max(self.letters),
            Field::Century => YEAR_DIGITS,
            _ => 2.max(self.letters),
        };
        // Digits that follow belong to the next field.
        let most = if self.digits_follow {
            most.min(self.letters.max(1))
        } else {
            most
        };
        let digits = digits(unsigned, most)?;
        let mut number: i64 = digits.parse().ok()?;
        if is_year && self.letters == 2 && digits.len() == 2 && !negative {
            number = self.century_of(number);
        }
        if negative {
            number = -number;
        }
        *match self.field {
            Field::Century => &mut found.century,
            Field::WeekYear => &mut found.week_year,
            Field::Week => &mut found.week,
            Field::DayOfWeek => &mut found.day_of_week,
            Field::Year | Field::YearOfEra => &mut found.year,
            Field::DayOfYear => &mut found.day_of_year,
            Field::Month => &mut found.month,
            Field::Day => &mut found.day,
            Field::HourOfHalfDay | Field::ClockHourOfHalfDay => &mut found.hour_of_half,
            Field::Hour | Field::ClockHour => &mut found.hour,
            Field::Minute => &mut found.minute,
            _ => &mut found.second,
        } = Some(self.counted_from_zero(number)?);
        Some(&unsigned[digits.len()..])
    }

    /// Clock hours begin with 1, and their last is the first.
    fn counted_from_zero(&self, number: i64) -> Option<i64> {
        match self.field {
            Field::ClockHourOfHalfDay => (1..=12).contains(&number).then_some(number % 12),
            Field::ClockHour => (1..=24).contains(&number).then_some(number % 24),
            _ => Some(number),
        }
    }

    /// Two digits of a year: from 80 years ago to 19 years ahead.
    fn century_of(&self, two: i64) -> i64 {
        let first = i64::from(self.this_year) - 80;
        first + (two - first).rem_euclid(100)
    }
}

/// The digits a text begins with, one to `most` of them.
fn digits(text: &str, most: usize) -> Option<&str> {
    let count = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    (count > 0).then(|| &text[..count])
}

/// `Z`, `-0700`, `-07:00` or `-07`.
fn offset<'t>(text: &'t str, found: &mut Found) -> Option<&'t str> {
    if let Some(rest) = text.strip_prefix('Z') {
        found.zone = Some(Zone::Offset(0));
        return Some(rest);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let two = |text: &str| {
        digits(text, 2)
            .filter(|d| d.len() == 2)?
            .parse::<i32>()
            .ok()
    };
    let mut rest = &text[1..];
    let hours = two(rest)?;
    rest = &rest[2..];
    let behind_colon = rest.strip_prefix(':').unwrap_or(rest);
    let mut minutes = 0;
    if let Some(given) = two(behind_colon) {
        minutes = given;
        rest = &behind_colon[2..];
    }
    let within = hours < 24 && minutes < 60;
    found.zone = Some(Zone::Offset(sign * (hours * 3600 + minutes * 60)));
    within.then_some(rest)
}

fn small<T: TryFrom<i64>>(number: Option<i64>, default: i64) -> Option<T> {
    T::try_from(number.unwrap_or(default)).ok()
}

impl Found {
    fn date(&self) -> Option<Date> {
        let of_era = match (self.century, self.year) {
            (Some(century), None) => Some(century.checked_mul(100)?),
            (Some(century), Some(year)) if year < 100 => {
                Some(century.checked_mul(100)?.checked_add(year)?)
            }
            (_, year) => year,
        };
        let year = of_era.map(|year| if self.before_christ { 1 - year } else { year });
        if let (Some(_), _) | (_, Some(_)) = (self.week, self.week_year) {
            let weekday = Weekday::from_monday_one_offset(small(self.day_of_week, 1)?).ok()?;
            let year = small(self.week_year.or(year), 1970)?;
            return Some(
                ISOWeekDate::new(year, small(self.week, 1)?, weekday)
                    .ok()?
                    .date(),
            );
        }
        let named = self.month.is_some() || self.day.is_some() || self.day_of_year.is_some();
        let year = small(year, if named { 2000 } else { 1970 })?;
        let date = match self.day_of_year {
            Some(_) => Date::new(year, 1, 1)
                .ok()?
                .with()
                .day_of_year(small(self.day_of_year, 1)?)
                .build()
                .ok()?,
            None => Date::new(year, small(self.month, 1)?, small(self.day, 1)?).ok()?,
        };
        let weekday = i64::from(date.weekday().to_monday_one_offset());
        let agrees = self.day_of_week.is_none_or(|day| day == weekday);
        // A day of the week alone moves the date into it.
        if agrees {
            return Some(date);
        }
        if named || self.year.is_some() {
            return None;
        }
        let ahead = (self.day_of_week? - weekday).rem_euclid(7);
        date.checked_add(jiff::Span::new().try_days(ahead).ok()?)
            .ok()
    }

    fn time(&self) -> Option<Time> {
        let hour = match (self.hour, self.hour_of_half) {
            (Some(hour), _) => hour,
            (None, Some(hour)) if hour < 12 => {
                hour + if self.afternoon == Some(true) { 12 } else { 0 }
            }
            (None, None) if self.afternoon == Some(true) => 12,
            (None, None) => 0,
            (None, Some(_)) => return None,
        };
        Time::new(
            small(Some(hour), 0)?,
            small(self.minute, 0)?,
            small(self.second, 0)?,
            self.nanosecond,
        )
        .ok()
    }
}
