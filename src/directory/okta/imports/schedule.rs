//! When an import begins by itself: minute, hour, day of the month, month and day of the week in a time zone, as the
//! management API has it (part 2.4 of the Okta reference). Each part is `*`, a number, `a-b`, `*/n`, `a-b/n`, or
//! several of those with commas. The panel of the Admin Console offers four of them by name.

use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp as Moment, ToSpan as _};

use crate::clock::Timestamp;
use crate::model::okta::ImportSchedule;

/// *Hourly*.
pub const HOURLY: &str = "0 * * * *";
/// *Daily*.
pub const DAILY: &str = "0 0 * * *";
/// *Weekly*.
pub const WEEKLY: &str = "0 0 * * 0";
/// Longest expression, in characters.
const LONGEST: usize = 200;
/// Days that are looked at for the next moment: the 29th of February comes within eight years.
const DAYS: usize = 8 * 366 + 1;
/// Moments between which the shortest distance counts.
const LOOKED_AT: usize = 60;

/// A schedule, read.
#[derive(Debug, Clone)]
pub struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether the day of the month, and that of the week, were named: then either will do.
    both: bool,
    zone: TimeZone,
}

/// One of the five parts as a set of bits.
fn part(text: &str, first: u64, last: u64) -> Option<u64> {
    let mut set = 0;
    for piece in text.split(',') {
        let (range, step) = match piece.split_once('/') {
            Some((range, step)) => (
                range,
                step.parse::<u64>()
                    .ok()
                    .filter(|step| (1..=last).contains(step))?,
            ),
            None => (piece, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (first, last),
            Some((from, to)) => (from.parse().ok()?, to.parse().ok()?),
            None => {
                let only: u64 = range.parse().ok()?;
                (only, if step > 1 { last } else { only })
            }
        };
        if from < first || to > last || from > to {
            return None;
        }
        let mut at = from;
        while at <= to {
            set |= 1 << at;
            at = at.checked_add(step)?;
        }
    }
    Some(set)
}

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(schedule: &ImportSchedule) -> Result<Self, String> {
        let text = schedule.expression.trim();
        let wrong = || {
            format!(
                "This is no schedule: {text}. Write minute, hour, day of the month, month and day of the week, such as {WEEKLY}"
            )
        };
        if text.chars().count() > LONGEST {
            return Err(wrong());
        }
        let parts: Vec<&str> = text.split_whitespace().collect();
        let &[minute, hour, day, month, weekday] = parts.as_slice() else {
            return Err(wrong());
        };
        let zone = TimeZone::get(schedule.timezone.trim())
            .map_err(|_| format!("There is no time zone {}", schedule.timezone))?;
        let weekdays = part(weekday, 0, 7).ok_or_else(wrong)?;
        Ok(Self {
            minutes: part(minute, 0, 59).ok_or_else(wrong)?,
            hours: part(hour, 0, 23).ok_or_else(wrong)?,
            days: part(day, 1, 31).ok_or_else(wrong)?,
            months: part(month, 1, 12).ok_or_else(wrong)?,
            // 7 is Sunday as well.
            weekdays: (weekdays | weekdays >> 7) & 0x7f,
            both: !day.starts_with('*') && !weekday.starts_with('*'),
            zone,
        })
    }

    /// The first moment after `now`; `None` for one that never comes, such as the 31st of February. A time that the
    /// clocks skip is the one they jump to.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        let now = Moment::from_millisecond(now.millis()).ok()?;
        let here = now.to_zoned(self.zone.clone());
        let mut date = here.date();
        for _ in 0..DAYS {
            if self.on(date) {
                for time in self.times() {
                    let at = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
                    if at.timestamp() > now {
                        return Some(Timestamp::from_millis(at.timestamp().as_millisecond()));
                    }
                }
            }
            date = date.checked_add(1.day()).ok()?;
        }
        None
    }

    /// The shortest time between two of its moments, of those that come next.
    pub fn shortest(&self, now: Timestamp) -> Option<Duration> {
        let (mut at, mut shortest) = (self.next(now)?, None::<Duration>);
        for _ in 0..LOOKED_AT {
            let next = self.next(at)?;
            let gap = next.since(at);
            shortest = Some(shortest.map_or(gap, |known| known.min(gap)));
            at = next;
        }
        shortest
    }

    fn on(&self, date: Date) -> bool {
        let has = |set: u64, number: i8| set >> number & 1 == 1;
        let day = has(self.days, date.day());
        let weekday = has(self.weekdays, date.weekday().to_sunday_zero_offset());
        let either = if self.both {
            day || weekday
        } else {
            day && weekday
        };
        has(self.months, date.month()) && either
    }

    fn times(&self) -> impl Iterator<Item = Time> {
        let has = |set: u64, number: i8| set >> number & 1 == 1;
        let (minutes, hours) = (self.minutes, self.hours);
        (0..24i8)
            .filter(move |hour| has(hours, *hour))
            .flat_map(move |hour| {
                (0..60i8)
                    .filter(move |minute| has(minutes, *minute))
                    .filter_map(move |minute| Time::new(hour, minute, 0, 0).ok())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(expression: &str, timezone: &str) -> ImportSchedule {
        ImportSchedule {
            expression: expression.to_owned(),
            timezone: timezone.to_owned(),
        }
    }

    fn next(expression: &str, timezone: &str, now: &str) -> Option<String> {
        let schedule = Schedule::parse(&schedule(expression, timezone)).unwrap();
        let next = schedule.next(Timestamp::parse(now).unwrap());
        next.map(|at| at.to_string())
    }

    /// 2.4: `{"expression": "0 0 * * 0", "timezone": "America/New_York"}`; 2.3: hourly, daily, weekly.
    #[test]
    fn a_schedule_names_its_next_moment() {
        for (expression, zone, now, expected) in [
            (HOURLY, "UTC", "2026-01-15T10:00:00Z", "2026-01-15T11:00:00"),
            (DAILY, "UTC", "2026-01-15T10:00:00Z", "2026-01-16T00:00:00"),
            (WEEKLY, "UTC", "2026-01-15T10:00:00Z", "2026-01-18T00:00:00"),
            (
                "0 0 * * 7",
                "UTC",
                "2026-01-15T10:00:00Z",
                "2026-01-18T00:00:00",
            ),
            (
                WEEKLY,
                "America/New_York",
                "2026-01-15T10:00:00Z",
                "2026-01-18T05:00:00",
            ),
            (
                "0 */3 * * *",
                "America/New_York",
                "2026-01-15T10:00:00Z",
                "2026-01-15T11:00:00",
            ),
            (
                "30 2 1,15 * *",
                "UTC",
                "2026-01-15T02:30:00Z",
                "2026-02-01T02:30:00",
            ),
            (
                "5-10/5 9-10 * * 1-5",
                "UTC",
                "2026-01-16T10:06:00Z",
                "2026-01-16T10:10:00",
            ),
            (
                "0 0 13 * 5",
                "UTC",
                "2026-01-10T00:00:00Z",
                "2026-01-13T00:00:00",
            ),
            (
                "0 0 29 2 *",
                "UTC",
                "2026-01-10T00:00:00Z",
                "2028-02-29T00:00:00",
            ),
            // The clocks of Berlin skip 02:30 on this day.
            (
                "30 2 29 3 *",
                "Europe/Berlin",
                "2026-03-28T12:00:00Z",
                "2026-03-29T01:30:00",
            ),
        ] {
            let at = next(expression, zone, now).unwrap_or_default();
            assert!(at.starts_with(expected), "{expression} {zone} {now}: {at}");
        }
        assert_eq!(next("0 0 31 2 *", "UTC", "2026-01-10T00:00:00Z"), None);
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for expression in [
            "",
            "0 0 * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "*/0 * * * *",
            "5-3 * * * *",
            "a * * * *",
            "1, * * * *",
            "-1 * * * *",
            "0 0 0 * * *",
        ] {
            let read = Schedule::parse(&schedule(expression, "UTC"));
            assert!(read.is_err(), "{expression}");
        }
        let nowhere = Schedule::parse(&schedule(DAILY, "Mars/Olympus")).unwrap_err();
        assert_eq!(nowhere, "There is no time zone Mars/Olympus");
        let huge = format!("*/{} * * * *", u64::MAX);
        assert!(Schedule::parse(&schedule(&huge, "UTC")).is_err());
    }

    #[test]
    fn the_shortest_time_between_two_imports_counts() {
        let now = Timestamp::parse("2026-01-15T10:00:00Z").unwrap();
        for (expression, hours) in [
            (HOURLY, 1),
            (DAILY, 24),
            (WEEKLY, 168),
            ("0 0,1 * * *", 1),
            ("0 */3 * * *", 3),
        ] {
            let schedule = Schedule::parse(&schedule(expression, "UTC")).unwrap();
            assert_eq!(
                schedule.shortest(now),
                Some(Duration::from_hours(hours)),
                "{expression}"
            );
        }
    }
}
