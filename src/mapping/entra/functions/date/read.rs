//! A text through a .NET date pattern (`DateTime.ParseExact`).
//!
//! The service's machines stand in UTC, so local time is UTC here. Two digits of a year up to 49 are
//! of this century, as in .NET. Parts of the date that the pattern does not have are filled in as .NET
//! does: no date at all is today, a missing year is this one, a missing month or day the first.

use jiff::civil::{Date, DateTime, Time};

use super::moment::Moment;
use super::pattern::{DAYS, ERA, Field, MONTHS, Part, SHORT, parts};
use super::styles::Styles;

/// What a date says about its time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Unspecified,
    /// It is in UTC.
    Utc,
    /// It was brought to local time, which is UTC too.
    Local,
}

/// Why a text cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// The pattern is wrong.
    Pattern(String),
    /// The text does not follow the pattern, or is no date of the calendar.
    Text,
}

/// Reads a text that follows the pattern.
pub(super) fn read(
    text: &str,
    pattern: &str,
    styles: Styles,
    now: Moment,
) -> Result<(Moment, Kind), Unread> {
    let parts = parts(pattern).map_err(Unread::Pattern)?;
    let mut rest = text;
    if styles.has(Styles::LEADING_WHITE) {
        rest = rest.trim_start();
    }
    if styles.has(Styles::TRAILING_WHITE) {
        rest = rest.trim_end();
    }
    let mut reader = Reader {
        rest,
        found: Found::default(),
    };
    reader
        .all(&parts, styles)
        .and_then(|()| reader.found.moment(styles, now))
        .ok_or(Unread::Text)
}

/// Two digits as a year.
pub(super) fn century(year: i16) -> i16 {
    if year < 50 { year + 2000 } else { year + 1900 }
}

/// The parts of a date as far as they are known.
#[derive(Default)]
struct Found {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    weekday: Option<i8>,
    hour12: Option<i8>,
    hour24: Option<i8>,
    minute: Option<i8>,
    second: Option<i8>,
    nanosecond: Option<i32>,
    afternoon: Option<bool>,
    /// Minutes east of UTC.
    offset: Option<i32>,
    zulu: bool,
}

/// Where a number of one or two digits is kept.
type Place = fn(&mut Found) -> &mut Option<i8>;

/// Keeps a value; a second, different one is a contradiction.
fn keep<T: PartialEq + Copy>(place: &mut Option<T>, value: T) -> Option<()> {
    let known = *place.get_or_insert(value);
    (known == value).then_some(())
}

struct Reader<'a> {
    rest: &'a str,
    found: Found,
}

impl<'a> Reader<'a> {
    fn all(&mut self, parts: &[Part], styles: Styles) -> Option<()> {
        let mut parts = parts.iter().peekable();
        while let Some(part) = parts.next() {
            if styles.has(Styles::INNER_WHITE) {
                self.rest = self.rest.trim_start();
            }
            match part {
                Part::Literal(' ') if styles.has(Styles::INNER_WHITE) => {}
                // A point may be missing before a fraction that may be missing.
                Part::Literal('.')
                    if !self.rest.starts_with('.')
                        && matches!(parts.peek(), Some(Part::Field(Field::ShortFraction, _))) =>
                {
                    parts.next();
                }
                Part::Zulu => {
                    let gmt = self.rest.strip_prefix("GMT");
                    self.rest = gmt.or_else(|| self.rest.strip_prefix('Z'))?;
                    self.zulu()?;
                }
                Part::Literal(letter) => self.literal(*letter)?,
                Part::Field(field, count) => self.field(*field, *count)?,
            }
        }
        self.rest.is_empty().then_some(())
    }

    fn literal(&mut self, letter: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(letter)?;
        Some(())
    }

    fn zulu(&mut self) -> Option<()> {
        self.found.zulu = true;
        keep(&mut self.found.offset, 0)
    }

    /// At least `least` and at most `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<&'a str> {
        let letters = self.rest.bytes().take(most);
        let count = letters.take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        (count >= least).then_some(digits)
    }

    /// One letter of a pattern reads one or two digits, more letters as many.
    fn number(&mut self, count: usize) -> Option<i8> {
        let (least, most) = if count == 1 { (1, 2) } else { (count, count) };
        self.digits(least, most)?.parse().ok()
    }

    fn year(&mut self, count: usize) -> Option<i16> {
        let (least, most) = if count == 1 { (1, 2) } else { (count, count) };
        let year = self.digits(least, most)?.parse().ok()?;
        Some(if count <= 2 { century(year) } else { year })
    }

    /// A number and its place.
    fn keep_number(&mut self, count: usize, place: Place) -> Option<()> {
        let number = self.number(count.min(2))?;
        keep(place(&mut self.found), number)
    }

    /// The index of the name that stands here, in any case.
    fn name(&mut self, names: &[&str], short: bool) -> Option<i8> {
        let index = names.iter().position(|name| {
            let name = if short { &name[..SHORT] } else { name };
            self.rest
                .get(..name.len())
                .is_some_and(|there| there.eq_ignore_ascii_case(name))
        })?;
        let length = if short { SHORT } else { names[index].len() };
        self.rest = &self.rest[length..];
        i8::try_from(index).ok()
    }

    fn field(&mut self, field: Field, count: usize) -> Option<()> {
        match field {
            Field::Day if count <= 2 => self.keep_number(count, |found| &mut found.day),
            Field::Day => {
                let day = self.name(&DAYS, count == SHORT)?;
                keep(&mut self.found.weekday, day)
            }
            Field::Month if count <= 2 => self.keep_number(count, |found| &mut found.month),
            Field::Month => {
                let month = self.name(&MONTHS, count == SHORT)? + 1;
                keep(&mut self.found.month, month)
            }
            Field::Year => {
                let year = self.year(count)?;
                keep(&mut self.found.year, year)
            }
            Field::Hour12 => self.keep_number(count, |found| &mut found.hour12),
            Field::Hour24 => self.keep_number(count, |found| &mut found.hour24),
            Field::Minute => self.keep_number(count, |found| &mut found.minute),
            Field::Second => self.keep_number(count, |found| &mut found.second),
            Field::Fraction => self.fraction(count, count),
            Field::ShortFraction => self.fraction(0, count),
            Field::Era => {
                let there = self.rest.get(..ERA.len())?;
                self.rest = &self.rest[ERA.len()..];
                there.eq_ignore_ascii_case(ERA).then_some(())
            }
            Field::Half => self.half(count),
            Field::Kind if self.rest.starts_with('Z') => {
                self.literal('Z')?;
                self.zulu()
            }
            Field::Kind if !self.rest.starts_with(['+', '-']) => Some(()),
            Field::Kind => self.offset(3),
            Field::Offset => self.offset(count),
        }
    }

    fn fraction(&mut self, least: usize, most: usize) -> Option<()> {
        let nanosecond = nanoseconds(self.digits(least, most)?)?;
        keep(&mut self.found.nanosecond, nanosecond)
    }

    fn half(&mut self, count: usize) -> Option<()> {
        let afternoon = match self.rest.bytes().next()?.to_ascii_lowercase() {
            b'a' => false,
            b'p' => true,
            _ => return None,
        };
        self.rest = &self.rest[1..];
        if count > 1 {
            self.rest = self.rest.strip_prefix(['M', 'm'])?;
        }
        keep(&mut self.found.afternoon, afternoon)
    }

    fn offset(&mut self, count: usize) -> Option<()> {
        let east = self.rest.starts_with('+');
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let (hours, minutes) = if count <= 2 {
            (i32::from(self.number(count)?), 0)
        } else {
            let hours = i32::from(self.number(1)?);
            self.rest = self.rest.strip_prefix(':').unwrap_or(self.rest);
            (hours, i32::from(self.number(2)?))
        };
        let offset = minutes_east(east, hours, minutes)?;
        keep(&mut self.found.offset, offset)
    }
}

/// An offset, no further than fourteen hours.
pub(super) fn minutes_east(east: bool, hours: i32, minutes: i32) -> Option<i32> {
    let offset = hours * 60 + minutes;
    let fits = minutes < 60 && offset <= 14 * 60;
    fits.then_some(if east { offset } else { -offset })
}

/// Digits behind the point as nanoseconds, in the 100-nanosecond steps .NET has; further digits are
/// cut off.
pub(super) fn nanoseconds(digits: &str) -> Option<i32> {
    let steps: i32 = format!("{:0<7}", digits.get(..7).unwrap_or(digits))
        .parse()
        .ok()?;
    Some(steps * 100)
}

impl Found {
    fn hour(&self) -> Option<i8> {
        let hour = match (self.hour12, self.afternoon) {
            (Some(hour), afternoon) => {
                if hour > 12 {
                    return None;
                }
                hour % 12 + if afternoon == Some(true) { 12 } else { 0 }
            }
            (None, Some(true)) => match self.hour24.unwrap_or(0) {
                hour @ 0..=11 => hour + 12,
                hour => hour,
            },
            (None, Some(false)) => match self.hour24.unwrap_or(0) {
                12 => 0,
                hour @ 0..=11 => hour,
                _ => return None,
            },
            (None, None) => self.hour24.unwrap_or(0),
        };
        match (self.hour12, self.hour24) {
            (Some(_), Some(other)) if other != hour => None,
            _ => Some(hour),
        }
    }

    fn date(&self, styles: Styles, now: Moment) -> Option<Date> {
        let today = now.civil().date();
        let date = match (self.year, self.month, self.day) {
            (None, None, None) if styles.has(Styles::NO_CURRENT_DATE) => Date::new(1, 1, 1),
            (None, None, None) => Ok(today),
            (year, month, day) => Date::new(
                year.unwrap_or(today.year()),
                month.unwrap_or(1),
                day.unwrap_or(1),
            ),
        };
        let date = date.ok().filter(|date| date.year() >= 1)?;
        let says = self
            .weekday
            .unwrap_or(date.weekday().to_sunday_zero_offset());
        (says == date.weekday().to_sunday_zero_offset()).then_some(date)
    }

    fn moment(&self, styles: Styles, now: Moment) -> Option<(Moment, Kind)> {
        let time = Time::new(
            self.hour()?,
            self.minute.unwrap_or(0),
            self.second.unwrap_or(0),
            self.nanosecond.unwrap_or(0),
        );
        let moment = Moment::new(DateTime::from_parts(self.date(styles, now)?, time.ok()?))?;
        let to_universal = styles.has(Styles::TO_UNIVERSAL);
        let zone = self.offset.is_some() || styles.has(Styles::ASSUME);
        let kind = if !zone {
            Kind::Unspecified
        } else if to_universal || (self.zulu && styles.has(Styles::ROUNDTRIP)) {
            Kind::Utc
        } else {
            Kind::Local
        };
        Some((east_of_utc(moment, self.offset.unwrap_or(0))?, kind))
    }
}

/// A clock reading this many minutes east of UTC, in UTC.
pub(super) fn east_of_utc(moment: Moment, minutes: i32) -> Option<Moment> {
    moment.add(jiff::SignedDuration::from_mins(-i64::from(minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Moment {
        Moment::from_printed("8/25/2021 5:41:18 PM").unwrap()
    }

    #[test]
    fn texts_are_read_as_parse_exact_does() {
        for row in [
            "2020-12-31-08:00 | yyyy-MM-ddzzz | 12/31/2020 8:00:00 AM",
            "20150123105347.1Z | yyyyMMddHHmmss.fZ | 1/23/2015 10:53:47 AM",
            " 1/2/2020  | M/d/yyyy | 1/2/2020 12:00:00 AM",
            "12/31/49 | MM/dd/yy | 12/31/2049 12:00:00 AM",
            "12/31/50 | MM/dd/yy | 12/31/1950 12:00:00 AM",
            "7 mar 2021 | d MMM yyyy | 3/7/2021 12:00:00 AM",
            "Sunday, MARCH 7 2021 | dddd, MMMM d yyyy | 3/7/2021 12:00:00 AM",
            "2021-03-07 12:05 AM | yyyy-MM-dd hh:mm tt | 3/7/2021 12:05:00 AM",
            "2021-03-07 12:05 P | yyyy-MM-dd hh:mm t | 3/7/2021 12:05:00 PM",
            "2021-03-07 5 | yyyy-MM-dd h | 3/7/2021 5:00:00 AM",
            "2021 | yyyy | 1/1/2021 12:00:00 AM",
            "07 | dd | 1/7/2021 12:00:00 AM",
            "10:30 | HH:mm | 8/25/2021 10:30:00 AM",
            "2021-03-07T01:02:03.5+02:00 | yyyy-MM-dd'T'HH:mm:ss.FFFK | 3/6/2021 11:02:03 PM",
            "2021-03-07T01:02:03 | yyyy-MM-dd'T'HH:mm:ss.FFFK | 3/7/2021 1:02:03 AM",
            "2021-03-07T01:02:03.0000000Z | o | 3/7/2021 1:02:03 AM",
            "Sun, 07 Mar 2021 17:04:09 GMT | r | 3/7/2021 5:04:09 PM",
            "20210307 +5 | yyyyMMdd z | 3/6/2021 7:00:00 PM",
        ] {
            let columns: Vec<&str> = row.split(" | ").collect();
            let [text, pattern, wanted] = columns[..] else {
                panic!("{row}");
            };
            let got = read(text, pattern, Styles::DEFAULT, now());
            let got = got.map(|(moment, _)| moment.to_string());
            assert_eq!(got, Ok(wanted.to_owned()), "{row}");
        }
    }

    #[test]
    fn texts_that_do_not_follow_are_refused() {
        for (text, pattern) in [
            ("2021-3-07", "yyyy-MM-dd"),
            ("2021-02-29", "yyyy-MM-dd"),
            ("2021-03-07x", "yyyy-MM-dd"),
            ("Monday 2021-03-07", "dddd yyyy-MM-dd"),
            ("13:00 PM", "hh:mm tt"),
            ("24:00", "HH:mm"),
            ("0000-01-01", "yyyy-MM-dd"),
            ("2021 2022", "yyyy yyyy"),
            ("2021-03-07+15:00", "yyyy-MM-ddzzz"),
            ("0001-01-01+01:00", "yyyy-MM-ddzzz"),
            ("\u{fc}", "yyyy"),
            ("M\u{fc}rz", "MMMM"),
        ] {
            let got = read(text, pattern, Styles::DEFAULT, now());
            assert_eq!(got, Err(Unread::Text), "{text} by {pattern}");
        }
    }

    #[test]
    fn styles_decide_about_blanks_today_and_the_kind() {
        let with = |styles: &str, text: &str, pattern: &str| {
            let styles = Styles::parse(styles).unwrap();
            read(text, pattern, styles, now())
                .ok()
                .map(|(moment, kind)| (moment.to_string(), kind))
        };
        let some = |text: &str, kind| Some((text.to_owned(), kind));
        let noon = "3/7/2021 12:00:00 PM";
        for (styles, text, pattern, wanted) in [
            ("None", " 2021", "yyyy", None),
            (
                "AllowInnerWhite",
                "2021- 3 -7 12",
                "yyyy-M-d H",
                some(noon, Kind::Unspecified),
            ),
            (
                "NoCurrentDateDefault",
                "10:30",
                "HH:mm",
                some("1/1/0001 10:30:00 AM", Kind::Unspecified),
            ),
            (
                "AssumeUniversal",
                "2021-03-07 12",
                "yyyy-MM-dd HH",
                some(noon, Kind::Local),
            ),
            (
                "AdjustToUniversal",
                "2021-03-07 13+01",
                "yyyy-MM-dd HHzz",
                some(noon, Kind::Utc),
            ),
            (
                "RoundtripKind",
                "2021-03-07 12Z",
                "yyyy-MM-dd HHK",
                some(noon, Kind::Utc),
            ),
            (
                "RoundtripKind",
                "2021-03-07 13+01:00",
                "yyyy-MM-dd HHK",
                some(noon, Kind::Local),
            ),
        ] {
            assert_eq!(with(styles, text, pattern), wanted, "{styles}: {text}");
        }
    }
}
