//! `Time.*`: moments as texts, in ISO 8601, as counts of Windows and Unix, and by patterns of Joda-Time.
//!
//! A moment is a count of milliseconds, as in Joda. What has no offset is in UTC, and what is printed is in
//! UTC, except for `Time.now` with a zone. Null and the empty text, about which the documentation is
//! silent, give null.

mod iso;
mod joda;
mod names;
mod read;
mod write;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::super::error::{ErrorKind, Failure};
use super::super::evaluate::Outcome;
use super::super::switches::UnixTime;
use super::super::value::Value;
use super::Arguments;
use joda::Pattern;

/// Milliseconds from 1601-01-01, where Windows begins to count, to 1970.
const WINDOWS_BEGIN: i64 = 11_644_473_600_000;
/// Steps of Windows in a millisecond.
const STEPS: i64 = 10_000;
/// From here on a Unix time is taken for milliseconds.
const CERTAINLY_MILLIS: i64 = 100_000_000_000;
/// An alias that newer lists of zones have dropped.
const PACIFIC_NEW: &str = "US/Pacific-New";

fn zone(arguments: &Arguments<'_, '_>, name: &str) -> Result<TimeZone, Failure> {
    let known = match name {
        PACIFIC_NEW => "US/Pacific",
        name => name,
    };
    TimeZone::get(known).map_err(|_| {
        let message =
            format!("there is no time zone '{name}'; use one like America/New_York, EST or UTC");
        arguments.failed(ErrorKind::Date, message)
    })
}

/// The moment of a count of milliseconds, in UTC.
fn moment(arguments: &Arguments<'_, '_>, millis: i64) -> Result<Zoned, Failure> {
    Timestamp::from_millisecond(millis)
        .map(|moment| moment.to_zoned(TimeZone::UTC))
        .map_err(|_| {
            arguments.failed(
                ErrorKind::Date,
                "the date lies outside of the years -9999 to 9999",
            )
        })
}

fn pattern(arguments: &Arguments<'_, '_>, text: &str) -> Result<Pattern, Failure> {
    Pattern::parse(text).map_err(|reason| arguments.failed(ErrorKind::Date, reason))
}

pub(super) fn now<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut moment = moment(arguments, arguments.context().now_millis)?;
    if let Some(name) = arguments.filled(0)? {
        moment = moment.with_time_zone(zone(arguments, name.trim())?);
    }
    match arguments.filled(1)? {
        None => Ok(Value::from(iso::write(&moment))),
        Some(format) => {
            let pattern = pattern(arguments, &format)?;
            arguments.made(write::write(&pattern, &moment))
        }
    }
}

/// A count in digits.
fn count(arguments: &mut Arguments<'_, '_>) -> Result<Option<i64>, Failure> {
    let Some(text) = arguments.filled(0)? else {
        return Ok(None);
    };
    text.trim().parse().map(Some).map_err(|_| {
        arguments.failed(
            ErrorKind::Conversion,
            format!("'{text}' is not a whole number"),
        )
    })
}

/// A moment in ISO 8601, as milliseconds.
fn iso8601(arguments: &mut Arguments<'_, '_>) -> Result<Option<i64>, Failure> {
    let Some(text) = arguments.filled(0)? else {
        return Ok(None);
    };
    iso::read(text.trim()).map(Some).ok_or_else(|| {
        let message =
            format!("'{text}' is not a date of ISO 8601 such as 2015-07-30T23:58:32.000Z");
        arguments.failed(ErrorKind::Date, message)
    })
}

pub(super) fn from_windows<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(steps) = count(arguments)? else {
        return Ok(Value::Null);
    };
    let millis = steps.div_euclid(STEPS) - WINDOWS_BEGIN;
    Ok(Value::from(iso::write(&moment(arguments, millis)?)))
}

pub(super) fn from_unix<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(count) = count(arguments)? else {
        return Ok(Value::Null);
    };
    let in_seconds = match arguments.context().switches.unix_time {
        UnixTime::Guess => count.unsigned_abs() < CERTAINLY_MILLIS.unsigned_abs(),
        UnixTime::Seconds => true,
        UnixTime::Milliseconds => false,
    };
    let millis = if in_seconds {
        count.saturating_mul(1000)
    } else {
        count
    };
    Ok(Value::from(iso::write(&moment(arguments, millis)?)))
}

pub(super) fn from_string<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let format = arguments.text_or_empty(1)?;
    let pattern = pattern(arguments, &format)?;
    let Some(text) = arguments.filled(0)? else {
        return Ok(Value::Null);
    };
    let this_year = moment(arguments, arguments.context().now_millis)?.year();
    let millis = read::read(&pattern, text.trim(), this_year).ok_or_else(|| {
        let message = format!("'{text}' is not a date written as '{format}'");
        arguments.failed(ErrorKind::Date, message)
    })?;
    Ok(Value::from(iso::write(&moment(arguments, millis)?)))
}

pub(super) fn to_windows<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(millis) = iso8601(arguments)? else {
        return Ok(Value::Null);
    };
    let steps = millis.saturating_add(WINDOWS_BEGIN).saturating_mul(STEPS);
    Ok(Value::from(steps.to_string()))
}

pub(super) fn to_unix<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(millis) = iso8601(arguments)? else {
        return Ok(Value::Null);
    };
    let count = match arguments.context().switches.unix_time {
        UnixTime::Seconds => millis.div_euclid(1000),
        UnixTime::Guess | UnixTime::Milliseconds => millis,
    };
    Ok(Value::from(count.to_string()))
}

pub(super) fn to_string<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let format = arguments.text_or_empty(1)?;
    let pattern = pattern(arguments, &format)?;
    let Some(millis) = iso8601(arguments)? else {
        return Ok(Value::Null);
    };
    let moment = moment(arguments, millis)?;
    arguments.made(write::write(&pattern, &moment))
}
