//! A text that is a date in some usual form (`DateTime.Parse`), brought to UTC.
//!
//! Understood are ISO 8601 (`2021-06-30`, `2021-06-30T01:45:30.5-07:00`, `2020-03-16-07:00`), numbers
//! in the order of `en-US` (`8/25/2021 5:41:18 PM`, `8-25-21`), month names (`30 June 2021`,
//! `Jun 30, 2021`, `Wed, 30 Jun 2021 10:00:00 GMT`), and a time alone, which is today's. A date without
//! offset is in UTC.

use jiff::civil::{Date, DateTime, Time};

use super::moment::Moment;
use super::pattern::{DAYS, MONTHS, SHORT};
use super::read::{century, east_of_utc, minutes_east, nanoseconds};

/// Longest text that is looked at.
const LONGEST: usize = 100;

/// The moment that a text means.
pub(super) fn parse(text: &str, now: Moment) -> Option<Moment> {
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    let mut words = Words::default();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '0'..='9' => words.number(rest)?,
            'a'..='z' | 'A'..='Z' => words.word(rest)?,
            '+' => words.offset(rest)?,
            '-' if words.date_is_complete() => words.offset(rest)?,
            '-' | '/' | '.' => words.separator(first, rest)?,
            ' ' | ',' | '\t' => &rest[1..],
            _ => return None,
        };
    }
    words.moment(now)
}

#[derive(Default)]
struct Words {
    /// Numbers of the date with their count of digits, in order.
    numbers: Vec<(i16, usize)>,
    /// The month by name, and how many numbers stood before it.
    month: Option<(i8, usize)>,
    weekday: Option<i8>,
    time: Option<(i8, i8, i8, i32)>,
    afternoon: Option<bool>,
    offset: Option<i32>,
}

impl Words {
    /// Whether a `-` can only begin an offset.
    fn date_is_complete(&self) -> bool {
        let parts = self.numbers.len() + usize::from(self.month.is_some());
        self.time.is_some() || parts >= 3
    }

    /// A separator stands between two parts of a date.
    fn separator<'a>(&self, letter: char, rest: &'a str) -> Option<&'a str> {
        let after = &rest[1..];
        let begins = after.starts_with(|c: char| c.is_ascii_alphanumeric());
        let any = !self.numbers.is_empty() || self.month.is_some();
        let abbreviated = letter == '.' && self.month.is_some();
        (abbreviated || (any && begins && self.time.is_none())).then_some(after)
    }

    fn number<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let (digits, after) = split_digits(rest);
        if let Some(behind) = after.strip_prefix(':') {
            return self.time(digits, behind);
        }
        // `5 PM`: an hour alone.
        let half = after.trim_start();
        let alone = half
            .get(..2)
            .is_some_and(|two| two.eq_ignore_ascii_case("am") || two.eq_ignore_ascii_case("pm"))
            && !half[2..].starts_with(|c: char| c.is_ascii_alphanumeric());
        if alone {
            return self.set_time(digits, "0", "0", 0, after);
        }
        let most = if self.time.is_some() { 0 } else { 3 };
        if self.numbers.len() >= most || !matches!(digits.len(), 1 | 2 | 4) {
            return None;
        }
        self.numbers.push((digits.parse().ok()?, digits.len()));
        // `T` joins a date and a time.
        Some(match after.strip_prefix(['T', 't']) {
            Some(time) if time.starts_with(|c: char| c.is_ascii_digit()) => time,
            _ => after,
        })
    }

    fn time<'a>(&mut self, hour: &str, rest: &'a str) -> Option<&'a str> {
        let (minute, mut rest) = split_digits(rest);
        let (mut second, mut nanosecond) = ("0", 0);
        if let Some(after) = rest.strip_prefix(':') {
            (second, rest) = split_digits(after);
            if let Some(after) = rest.strip_prefix(['.', ',']) {
                let (fraction, after) = split_digits(after);
                nanosecond = nanoseconds(Some(fraction).filter(|f| !f.is_empty())?)?;
                rest = after;
            }
        }
        self.set_time(hour, minute, second, nanosecond, rest)
    }

    fn set_time<'a>(
        &mut self,
        hour: &str,
        minute: &str,
        second: &str,
        nanosecond: i32,
        rest: &'a str,
    ) -> Option<&'a str> {
        let part = |digits: &str| {
            (digits.len() <= 2)
                .then(|| digits.parse::<i8>().ok())
                .flatten()
        };
        let time = (part(hour)?, part(minute)?, part(second)?, nanosecond);
        self.time.replace(time).is_none().then_some(rest)
    }

    fn word<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let end = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let lower = word.to_ascii_lowercase();
        let unused = match lower.as_str() {
            "am" | "a" => self.afternoon.replace(false).is_none() && self.time.is_some(),
            "pm" | "p" => self.afternoon.replace(true).is_none() && self.time.is_some(),
            "z" | "gmt" => self.offset.replace(0).is_none(),
            _ => match (index(&MONTHS, &lower), index(&DAYS, &lower)) {
                (Some(month), _) => self
                    .month
                    .replace((month + 1, self.numbers.len()))
                    .is_none(),
                (None, Some(day)) => self.weekday.replace(day).is_none(),
                (None, None) => false,
            },
        };
        unused.then_some(after)
    }

    fn offset<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let east = rest.starts_with('+');
        let (digits, mut after) = split_digits(&rest[1..]);
        let (hours, minutes) = match digits.len() {
            1 | 2 => match after.strip_prefix(':') {
                Some(behind) => {
                    let (minutes, behind) = split_digits(behind);
                    after = behind;
                    (digits, Some(minutes).filter(|m| m.len() == 2)?)
                }
                None => (digits, "0"),
            },
            4 => digits.split_at(2),
            _ => return None,
        };
        let offset = minutes_east(east, hours.parse().ok()?, minutes.parse().ok()?)?;
        let something = !self.numbers.is_empty() || self.time.is_some();
        (self.offset.replace(offset).is_none() && something).then_some(after)
    }

    fn date(&self, now: Moment) -> Option<Date> {
        let today = now.civil().date();
        let is_year = |(_, digits): (i16, usize)| digits > 2;
        let year = |number: (i16, usize)| {
            if is_year(number) {
                number.0
            } else {
                century(number.0)
            }
        };
        let (year, month, day) = match (self.month, self.numbers.as_slice()) {
            (None, []) if self.time.is_some() => return Some(today),
            (None, &[y, m]) if is_year(y) => (year(y), m.0, 1),
            (None, &[m, y]) if is_year(y) => (year(y), m.0, 1),
            (None, &[m, d]) => (today.year(), m.0, d.0),
            (None, &[y, m, d]) if is_year(y) => (year(y), m.0, d.0),
            (None, &[m, d, y]) => (year(y), m.0, d.0),
            (Some((month, _)), &[y]) if is_year(y) => (year(y), i16::from(month), 1),
            (Some((month, _)), &[d]) => (today.year(), i16::from(month), d.0),
            (Some((month, _)), &[y, d]) if is_year(y) => (year(y), i16::from(month), d.0),
            (Some((month, _)), &[d, y]) => (year(y), i16::from(month), d.0),
            _ => return None,
        };
        let small = |number: i16| i8::try_from(number).ok();
        let date = Date::new(year, small(month)?, small(day)?).ok()?;
        let weekday = date.weekday().to_sunday_zero_offset();
        (self.weekday.unwrap_or(weekday) == weekday).then_some(date)
    }

    fn moment(&self, now: Moment) -> Option<Moment> {
        let date = self.date(now)?;
        let (hour, minute, second, nanosecond) = self.time.unwrap_or_default();
        let hour = match (self.afternoon, hour) {
            (Some(false), 13..) => return None,
            (Some(false), 12) => 0,
            (Some(true), 0..=11) => hour + 12,
            _ => hour,
        };
        let time = Time::new(hour, minute, second, nanosecond).ok()?;
        let moment = Moment::new(DateTime::from_parts(date, time))?;
        east_of_utc(moment, self.offset.unwrap_or(0))
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at(digits)
}

/// The index of a name, written out or with its first three letters.
fn index(names: &[&str], lower: &str) -> Option<i8> {
    let index = names.iter().position(|name| {
        name.eq_ignore_ascii_case(lower) || name[..SHORT].eq_ignore_ascii_case(lower)
    })?;
    i8::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Moment {
        Moment::from_printed("8/25/2021 5:41:18 PM").unwrap()
    }

    #[test]
    fn usual_forms_of_dates_are_understood() {
        for (text, wanted) in [
            ("2020-03-16-07:00", "3/16/2020 7:00:00 AM"),
            ("2021-06-30+08:00", "6/29/2021 4:00:00 PM"),
            ("2009-06-15T01:45:30-07:00", "6/15/2009 8:45:30 AM"),
            ("2009-06-15T01:45:30.1234567Z", "6/15/2009 1:45:30 AM"),
            ("2009-06-15t01:45:30z", "6/15/2009 1:45:30 AM"),
            ("2012-01-01 23:00:00.000", "1/1/2012 11:00:00 PM"),
            ("2020-12-31 23:59:59-08:00", "1/1/2021 7:59:59 AM"),
            ("2020-12-31 23:59 +0530", "12/31/2020 6:29:00 PM"),
            ("2021-08-24", "8/24/2021 12:00:00 AM"),
            ("2021/8/4", "8/4/2021 12:00:00 AM"),
            ("2021-08", "8/1/2021 12:00:00 AM"),
            ("8/25/2021 5:41:18 PM", "8/25/2021 5:41:18 PM"),
            ("8/25/2021 5:41:18 PM -07:00", "8/26/2021 12:41:18 AM"),
            ("8/25/2021 12:00 am", "8/25/2021 12:00:00 AM"),
            ("8/25/2021 17:41", "8/25/2021 5:41:00 PM"),
            ("8/25/2021 5 PM", "8/25/2021 5:00:00 PM"),
            ("8-25-21", "8/25/2021 12:00:00 AM"),
            ("8.25.2021", "8/25/2021 12:00:00 AM"),
            ("8/2021", "8/1/2021 12:00:00 AM"),
            ("8/25", "8/25/2021 12:00:00 AM"),
            ("10:30", "8/25/2021 10:30:00 AM"),
            ("30 June 2021", "6/30/2021 12:00:00 AM"),
            ("Jun 30, 2021", "6/30/2021 12:00:00 AM"),
            ("Jun. 30, 2021 10:00 AM", "6/30/2021 10:00:00 AM"),
            ("30-Jun-2021", "6/30/2021 12:00:00 AM"),
            ("2021 June 30", "6/30/2021 12:00:00 AM"),
            ("June 2021", "6/1/2021 12:00:00 AM"),
            ("June 30", "6/30/2021 12:00:00 AM"),
            ("Wed, 30 Jun 2021 10:00:00 GMT", "6/30/2021 10:00:00 AM"),
            (
                "Wednesday, June 30, 2021 5:41:18 PM",
                "6/30/2021 5:41:18 PM",
            ),
            ("12/31/9999 11:59:59 PM", "12/31/9999 11:59:59 PM"),
        ] {
            let got = parse(text, now()).map(|moment| moment.to_string());
            assert_eq!(got.as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "tomorrow",
            "20210630",
            "2021",
            "2021-02-29",
            "13/13/2021",
            "2021-06-30T24:00:00",
            "8/25/2021 13:00 AM",
            "8/25/2021 PM",
            "Mon, 30 Jun 2021",
            "2021-06-30+15:00",
            "2021-06-30+08:0",
            "+08:00",
            "1/2/3/4",
            "2021-06-",
            "-2021-06-30",
            "10:00 11:00",
            "June July 2021",
            "0000-01-01",
            "0001-01-01+01:00",
            "10:30:15.",
            "2021\u{2013}06\u{2013}30",
        ] {
            assert_eq!(parse(text, now()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[0-9TZ:/.,+ aApPmMJunWed-]{0,24}") {
            let _ = parse(&text, now());
        }

        #[test]
        fn what_is_printed_reads_back(steps in 0_i64..2_650_467_743_999_999_999) {
            let moment = Moment::from_filetime(steps).unwrap();
            let printed = moment.to_string();
            prop_assert_eq!(parse(&printed, now()).unwrap().to_string(), printed);
        }
    }
}
