//! ISO 8601, in the profile of RFC 3339, with milliseconds.

use std::fmt::Write as _;

use jiff::civil::Time;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Zoned};

/// `2015-07-31T13:30:49.964-04:00`; `Z` in UTC.
pub(super) fn write(moment: &Zoned) -> String {
    let mut text = format!(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}",
        year(moment.year()),
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second(),
        moment.millisecond()
    );
    if moment.time_zone() == &TimeZone::UTC {
        text.push('Z');
    } else {
        offset(&mut text, moment.offset(), true);
    }
    text
}

/// Four digits, and a sign before Christ.
pub(super) fn year(year: i16) -> String {
    if year < 0 {
        format!("-{:04}", year.unsigned_abs())
    } else {
        format!("{year:04}")
    }
}

/// `-04:00` or `-0400`.
pub(super) fn offset(text: &mut String, offset: Offset, colon: bool) {
    let minutes = offset.seconds().abs() / 60;
    let sign = if offset.is_negative() { '-' } else { '+' };
    let between = if colon { ":" } else { "" };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{sign}{:02}{between}{:02}",
        minutes / 60,
        minutes % 60
    );
}

/// Milliseconds since 1970. A date alone is its midnight, and what has no offset is in UTC.
pub(super) fn read(text: &str) -> Option<i64> {
    let pieces = Pieces::parse(text).ok()?;
    let at = pieces
        .date()
        .to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let seconds = match pieces.offset() {
        Some(PiecesOffset::Numeric(numeric)) => numeric.offset().seconds(),
        _ => 0,
    };
    millis(at, seconds)
}

/// The moment at which clocks so many seconds east of UTC show this.
pub(super) fn millis(at: jiff::civil::DateTime, seconds_east: i32) -> Option<i64> {
    let moment = at
        .to_zoned(TimeZone::UTC)
        .ok()?
        .timestamp()
        .checked_sub(SignedDuration::from_secs(i64::from(seconds_east)))
        .ok()?;
    Some(moment.as_millisecond())
}
