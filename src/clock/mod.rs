//! Time as a value: [`Timestamp`], the [`Clock`] it comes from ([`LabClock`] in an appliance), and [`Stopwatch`] for
//! durations.
//!
//! The only module that may ask the operating system what time it is. Everything else takes a
//! `Timestamp` as an argument, so that closures can be replayed and tests can turn the clock.

mod lab;

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use lab::{LabClock, Turned};

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Printed and stored as RFC 3339 in UTC with
/// three decimals (`2026-01-31T09:30:00.000Z`), the form SCIM's `meta` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This moment plus `duration`, saturating at the end of time.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis_of(duration)))
    }

    /// This moment less `duration`, saturating at the beginning of time.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis_of(duration)))
    }

    /// This moment plus a duration in words: ISO 8601 (`PT40M`, `P28D`, `-P1D`) or as people write it (`28 days`,
    /// `1h 30m`). Months and years go by the calendar in UTC.
    ///
    /// # Errors
    /// The sentence of the date parser, naming the offending text; also for a moment that no calendar has.
    pub fn later_by(self, duration: &str) -> Result<Self, String> {
        let span: jiff::Span = duration
            .trim()
            .parse()
            .map_err(|e: jiff::Error| e.to_string())?;
        let start = jiff::Timestamp::from_millisecond(self.0).map_err(|e| e.to_string())?;
        let end = start
            .to_zoned(jiff::tz::TimeZone::UTC)
            .checked_add(span)
            .map_err(|e| e.to_string())?;
        Ok(Self(end.timestamp().as_millisecond()))
    }

    /// Time from `earlier` to `self`; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Parses RFC 3339 with any offset.
    ///
    /// # Errors
    /// The sentence of the date parser, naming the offending text.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.parse::<jiff::Timestamp>()
            .map(|t| Self(t.as_millisecond()))
            .map_err(|e| e.to_string())
    }
}

fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(t) => write!(f, "{t:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present moment of this clock.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(millis_of(since))
    }
}

/// A clock that stands still until it is set or advanced.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at `start`.
    pub const fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves forward by `duration`.
    pub fn advance(&self, duration: Duration) {
        self.0.fetch_add(millis_of(duration), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Measures how long something took; not tied to any [`Clock`], because speed is real time.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "the one place durations start")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses_rfc_3339() {
        let t = Timestamp::parse("2011-05-13T06:42:34.5+02:00").unwrap();
        assert_eq!(t.to_string(), "2011-05-13T04:42:34.500Z");
        assert_eq!(Timestamp::parse(&t.to_string()).unwrap(), t);
        assert!(Timestamp::parse("yesterday").is_err());
    }

    #[test]
    fn durations_are_read_as_iso_8601_and_as_people_write_them() {
        let start = Timestamp::parse("2024-01-31T12:00:00Z").unwrap();
        for (words, end) in [
            ("PT40M", "2024-01-31T12:40:00.000Z"),
            ("P28D", "2024-02-28T12:00:00.000Z"),
            ("P1M", "2024-02-29T12:00:00.000Z"),
            ("-P1D", "2024-01-30T12:00:00.000Z"),
            ("28 days", "2024-02-28T12:00:00.000Z"),
            ("1h 30m", "2024-01-31T13:30:00.000Z"),
        ] {
            assert_eq!(start.later_by(words).unwrap().to_string(), end, "{words}");
        }
        for words in ["", "soon", "P", "40", "P99999Y"] {
            assert!(start.later_by(words).is_err(), "{words}");
        }
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::new(Timestamp::from_millis(10));
        assert_eq!(clock.now(), clock.now());
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now().millis(), 1010);
        assert_eq!(
            clock.now().since(Timestamp::from_millis(10)),
            Duration::from_secs(1)
        );
    }
}
