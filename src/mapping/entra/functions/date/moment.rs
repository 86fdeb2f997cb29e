//! [`Moment`]: a date with a time of day, as .NET's `DateTime` counts it.
//!
//! In steps of 100 nanoseconds from 0001-01-01 to the end of 9999. Arithmetic that leaves this range
//! gives `None`. There is no time zone: the functions compute in UTC.

use std::fmt;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span};

/// Steps of a moment in a second.
const TICKS_PER_SECOND: i64 = 10_000_000;
const NANOSECONDS_PER_TICK: i32 = 100;
/// Steps from 0001-01-01 to 1601-01-01, where FILETIME begins.
const FILETIME_BEGIN: i64 = 504_911_232_000_000_000;
/// Seconds from 0001-01-01 to 1970-01-01.
const UNIX_BEGIN: i64 = 62_135_596_800;

/// A moment. Displays as the service prints dates: `3/16/2020 7:00:00 AM`, which leaves fractions of
/// a second out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::mapping::entra) struct Moment(DateTime);

impl Moment {
    /// From a date of the years 1 to 9999.
    pub(super) fn new(at: DateTime) -> Option<Self> {
        (at.year() >= 1).then_some(Self(at))
    }

    /// From milliseconds since 1970.
    pub(in crate::mapping::entra) fn from_unix_millis(millis: i64) -> Option<Self> {
        let begin = Self::begin().add(SignedDuration::from_secs(UNIX_BEGIN))?;
        begin.add(SignedDuration::from_millis(millis))
    }

    /// From the text that [`fmt::Display`] writes, and nothing else.
    pub(in crate::mapping::entra) fn from_printed(text: &str) -> Option<Self> {
        // Cheap refusal of what most texts are.
        if !text.ends_with('M') || !text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (date, time) = text.split_once(' ')?;
        let (time, half) = time.split_once(' ')?;
        let [month, day, year] = numbers(date, '/')?;
        let [hour, minute, second] = numbers(time, ':')?;
        let hour = match (half, hour) {
            ("AM", 12) => 0,
            ("PM", 1..=11) => hour + 12,
            ("AM", 1..=11) | ("PM", 12) => hour,
            _ => return None,
        };
        let small = |number: i16| i8::try_from(number).ok();
        let at = DateTime::new(
            year,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            0,
        );
        Self::new(at.ok()?)
    }

    /// From steps of 100 nanoseconds since 1601.
    pub(super) fn from_filetime(steps: i64) -> Option<Self> {
        let since = steps.checked_add(FILETIME_BEGIN)?;
        let rest = i32::try_from(since % TICKS_PER_SECOND).ok()? * NANOSECONDS_PER_TICK;
        Self::begin().add(SignedDuration::new(since / TICKS_PER_SECOND, rest))
    }

    /// Steps of 100 nanoseconds since 1601; none before.
    pub(super) fn filetime(self) -> Option<i64> {
        let since = self.since(Self::begin());
        let steps = since.as_secs() * TICKS_PER_SECOND
            + i64::from(since.subsec_nanos() / NANOSECONDS_PER_TICK);
        Some(steps - FILETIME_BEGIN).filter(|steps| *steps >= 0)
    }

    /// The calendar date and the time of day.
    pub(super) fn civil(self) -> DateTime {
        self.0
    }

    /// Later, or earlier when `span` is negative.
    pub(super) fn add(self, span: SignedDuration) -> Option<Self> {
        // The date library adds no more than some 8,000 years in seconds, but any number of days.
        let seconds = span.as_secs();
        let days = Span::new().try_days(seconds / 86_400).ok()?;
        let rest = SignedDuration::new(seconds % 86_400, span.subsec_nanos());
        let at = self.0.checked_add(days).ok()?.checked_add(rest).ok()?;
        Self::new(at)
    }

    /// As many months later; a day the month does not have becomes its last one.
    pub(super) fn add_months(self, months: i64) -> Option<Self> {
        Self::new(
            self.0
                .checked_add(Span::new().try_months(months).ok()?)
                .ok()?,
        )
    }

    /// From `earlier` to this; negative when it is later.
    pub(super) fn since(self, earlier: Self) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }

    fn begin() -> Self {
        Self(jiff::civil::date(1, 1, 1).at(0, 0, 0, 0))
    }
}

/// Three numbers of digits only between two separators.
fn numbers(text: &str, separator: char) -> Option<[i16; 3]> {
    let mut parts = text.split(separator).map(|part| {
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse::<i16>().ok())
            .flatten()
    });
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.0;
        let (hour, half) = twelve(at.hour());
        write!(
            f,
            "{}/{}/{:04} {hour}:{:02}:{:02} {half}",
            at.month(),
            at.day(),
            at.year(),
            at.minute(),
            at.second()
        )
    }
}

/// The hour on a clock of twelve hours, and which half of the day it is.
pub(super) fn twelve(hour: i8) -> (i8, &'static str) {
    let half = if hour < 12 { "AM" } else { "PM" };
    ((hour + 11) % 12 + 1, half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_moments_read_back() {
        for text in [
            "1/1/0001 12:00:00 AM",
            "12/31/9999 11:59:59 PM",
            "2/29/2020 12:30:05 PM",
        ] {
            let moment = Moment::from_printed(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(moment.to_string(), text);
        }
        for text in [
            "2/30/2020 1:00:00 AM",
            "1/1/2020 13:00:00 PM",
            "1/1/2020 0:00:00 AM",
            "1/1/2020 1:00 AM",
            "1/1/-200 1:00:00 AM",
            "1/1/2020/1 1:00:00 AM",
            "Tom",
        ] {
            assert_eq!(Moment::from_printed(text), None, "{text}");
        }
    }

    #[test]
    fn file_times_begin_in_1601_and_end_with_9999() {
        let first = Moment::from_filetime(0).unwrap();
        assert_eq!(first.to_string(), "1/1/1601 12:00:00 AM");
        assert_eq!(first.filetime(), Some(0));
        let last = 2_650_467_743_999_999_999;
        assert_eq!(Moment::from_filetime(last).unwrap().filetime(), Some(last));
        assert_eq!(Moment::from_filetime(last + 1), None);
        assert_eq!(Moment::from_filetime(i64::MAX), None);
        assert_eq!(Moment::begin().filetime(), None);
        assert_eq!(
            Moment::from_unix_millis(0).unwrap().to_string(),
            "1/1/1970 12:00:00 AM"
        );
        assert_eq!(Moment::from_unix_millis(i64::MAX), None);
        assert_eq!(Moment::from_unix_millis(i64::MIN), None);
    }
}
