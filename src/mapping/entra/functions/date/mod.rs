//! The date functions.
//!
//! They compute in UTC and print dates as documented, `M/d/yyyy h:mm:ss tt`. Where the documents say
//! nothing about null, null (and the empty text, which is no date either) stays null.

mod loose;
mod moment;
mod pattern;
mod print;
mod read;
mod styles;

use jiff::SignedDuration;

use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;
use read::Unread;
use styles::Styles;

pub(in crate::mapping::entra) use moment::Moment;

/// The moment of an argument, `None` for null and the empty text.
fn moment(arguments: &Arguments<'_>, index: usize) -> Result<Option<Moment>, Stop> {
    let Some(text) = arguments.text(index)?.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let found = match Moment::from_printed(&text) {
        Some(moment) => Some(moment),
        None => loose::parse(&text, arguments.now()?),
    };
    found.map(Some).ok_or_else(|| {
        arguments.failed(format!(
            "'{text}' is not a date; write it like 2021-06-30, 2021-06-30T10:00:00+02:00 or 6/30/2021 5:41:18 PM, or read it with FormatDateTime"
        ))
    })
}

fn printed(moment: Moment) -> Value {
    Value::from(moment.to_string())
}

pub(super) fn c_date(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    Ok(moment(arguments, 0)?.map_or(Value::Null, printed))
}

pub(super) fn now(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    arguments.now().map(printed)
}

/// The unit of an interval, in any case.
#[derive(Clone, Copy)]
enum Interval {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

fn interval(arguments: &Arguments<'_>) -> Result<Interval, Stop> {
    let name = arguments.text(0)?.unwrap_or_default();
    Ok(match name.to_ascii_lowercase().as_str() {
        "yyyy" => Interval::Year,
        "m" => Interval::Month,
        "ww" => Interval::Week,
        "d" => Interval::Day,
        "h" => Interval::Hour,
        "n" => Interval::Minute,
        "s" => Interval::Second,
        _ => {
            return Err(arguments.failed(format!(
                "there is no interval '{name}'; use yyyy (year), m (month), d (day), ww (week), h (hour), n (minute) or s (second)"
            )));
        }
    })
}

/// Months and years end on the last day of a month that is too short, as .NET's `AddMonths` does.
pub(super) fn date_add(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let interval = interval(arguments)?;
    let value = arguments.required_integer(1)?;
    let Some(date) = moment(arguments, 2)? else {
        return Ok(Value::Null);
    };
    let seconds = |each: i64| {
        let span = SignedDuration::from_secs(value.checked_mul(each)?);
        date.add(span)
    };
    match interval {
        Interval::Year => value.checked_mul(12).and_then(|m| date.add_months(m)),
        Interval::Month => date.add_months(value),
        Interval::Week => seconds(7 * 86_400),
        Interval::Day => seconds(86_400),
        Interval::Hour => seconds(3_600),
        Interval::Minute => seconds(60),
        Interval::Second => seconds(1),
    }
    .map(printed)
    .ok_or_else(|| arguments.failed("the result lies outside of the years 1 to 9999"))
}

/// As Visual Basic counts: years and months by the calendar, weeks by the Sundays in between, all
/// other intervals by the time that has gone by.
pub(super) fn date_diff(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let interval = interval(arguments)?;
    let (Some(first), Some(second)) = (moment(arguments, 1)?, moment(arguments, 2)?) else {
        return Ok(Value::Null);
    };
    let (from, to) = (first.civil(), second.civil());
    let years = i64::from(to.year()) - i64::from(from.year());
    let span = second.since(first);
    let seconds = span.as_secs();
    let difference = match interval {
        Interval::Year => years,
        Interval::Month => years * 12 + i64::from(to.month()) - i64::from(from.month()),
        Interval::Week => {
            let day = |of: jiff::civil::DateTime| i64::from(of.weekday().to_sunday_zero_offset());
            let between_saturdays = span + SignedDuration::from_hours(24 * (day(from) - day(to)));
            between_saturdays.as_secs() / 86_400 / 7
        }
        Interval::Day => seconds / 86_400,
        Interval::Hour => seconds / 3_600,
        Interval::Minute => seconds / 60,
        Interval::Second => seconds,
    };
    Ok(Value::from(difference.to_string()))
}

pub(super) fn date_from_num(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let Some(number) = arguments.integer(0)? else {
        return Ok(Value::Null);
    };
    let moment = Some(number)
        .filter(|number| *number >= 0)
        .and_then(Moment::from_filetime);
    moment.map(printed).ok_or_else(|| {
        arguments.failed(format!(
            "{number} is not a FILETIME: it counts steps of 100 nanoseconds from 1601 to the end of 9999"
        ))
    })
}

pub(super) fn num_from_date(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let Some(date) = moment(arguments, 0)? else {
        return Ok(Value::Null);
    };
    date.filetime()
        .map(|number| Value::from(number.to_string()))
        .ok_or_else(|| arguments.failed("a FILETIME counts from 1601, the date lies before"))
}

/// Four parameters; three (without `dateTimeStyles`) in older schema files.
pub(super) fn format_date_time(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let older = arguments.count() == 3;
    let (input_at, output_at) = if older { (1, 2) } else { (2, 3) };
    let styles = if older { None } else { arguments.text(1)? };
    let styles = match styles.filter(|text| !text.is_empty()) {
        Some(text) => Styles::parse(&text).map_err(|reason| arguments.failed(reason))?,
        None => Styles::DEFAULT,
    };
    let output = arguments.text(output_at)?.unwrap_or_default();
    let Some(input) = arguments.text(input_at)?.filter(|text| !text.is_empty()) else {
        return Err(arguments.failed(
            "inputFormat is missing; say how the date is written, such as \"yyyy-MM-dd\"",
        ));
    };
    let Some(text) = arguments.text(0)?.filter(|text| !text.is_empty()) else {
        return Ok(Value::Null);
    };
    let (moment, kind) =
        read::read(&text, &input, styles, arguments.now()?).map_err(|why| match why {
            Unread::Pattern(reason) => arguments.failed(format!("inputFormat: {reason}")),
            Unread::Text => {
                arguments.failed(format!("'{text}' is not a date written as '{input}'"))
            }
        })?;
    print::print(moment, kind, &output)
        .map(Value::from)
        .map_err(|reason| arguments.failed(format!("outputFormat: {reason}")))
}
