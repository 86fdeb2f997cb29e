//! A moment, written by a pattern of Joda-Time, in English.

use std::fmt::{Display, Write as _};

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::iso;
use super::joda::{Field, Part, Pattern};
use super::names::{DAYS, MONTHS, SHORT};

pub(super) fn write(pattern: &Pattern, moment: &Zoned) -> String {
    let mut text = String::new();
    for part in &pattern.0 {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Field(field, letters) => write_field(&mut text, *field, *letters, moment),
        }
    }
    text
}

fn padded(text: &mut String, number: impl Display, digits: usize) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{number:0digits$}");
}

/// Two letters are the last two digits.
fn year(text: &mut String, year: i16, letters: usize) {
    match letters {
        2 => padded(text, year.unsigned_abs() % 100, 2),
        _ if year < 0 => {
            text.push('-');
            padded(text, year.unsigned_abs(), letters);
        }
        _ => padded(text, year, letters),
    }
}

fn name(text: &mut String, names: &[&str], number: i8, whole: bool) {
    let index = usize::try_from(number - 1).unwrap_or(0);
    let name = names.get(index).copied().unwrap_or_default();
    text.push_str(if whole { name } else { &name[..SHORT] });
}

fn write_field(text: &mut String, field: Field, letters: usize, moment: &Zoned) {
    let of_era = if moment.year() < 1 {
        1 - moment.year()
    } else {
        moment.year()
    };
    let week = moment.date().iso_week_date();
    match field {
        Field::Era => text.push_str(if moment.year() < 1 { "BC" } else { "AD" }),
        Field::Century => padded(text, of_era / 100, letters),
        Field::YearOfEra => year(text, of_era, letters),
        Field::WeekYear => year(text, week.year(), letters),
        Field::Week => padded(text, week.week(), letters),
        Field::DayOfWeek => padded(text, week.weekday().to_monday_one_offset(), letters),
        Field::DayName => {
            let day = week.weekday().to_monday_one_offset();
            name(text, &DAYS, day, letters > SHORT);
        }
        Field::Year => year(text, moment.year(), letters),
        Field::DayOfYear => padded(text, moment.day_of_year(), letters),
        Field::Month if letters < SHORT => padded(text, moment.month(), letters),
        Field::Month => name(text, &MONTHS, moment.month(), letters > SHORT),
        Field::Day => padded(text, moment.day(), letters),
        Field::HalfDay => text.push_str(if moment.hour() < 12 { "AM" } else { "PM" }),
        Field::HourOfHalfDay => padded(text, moment.hour() % 12, letters),
        Field::ClockHourOfHalfDay => padded(text, (moment.hour() + 11) % 12 + 1, letters),
        Field::Hour => padded(text, moment.hour(), letters),
        Field::ClockHour => padded(text, (moment.hour() + 23) % 24 + 1, letters),
        Field::Minute => padded(text, moment.minute(), letters),
        Field::Second => padded(text, moment.second(), letters),
        Field::Fraction => {
            let digits = format!("{:09}", moment.subsec_nanosecond());
            text.extend(digits.chars().chain(std::iter::repeat('0')).take(letters));
        }
        Field::ZoneName => {
            let zone = moment.time_zone();
            let info = zone.to_offset_info(moment.timestamp());
            text.push_str(match (zone == &TimeZone::UTC, letters > SHORT) {
                (true, true) => "Coordinated Universal Time",
                _ => info.abbreviation(),
            });
        }
        Field::Zone if letters > 2 => {
            text.push_str(moment.time_zone().iana_name().unwrap_or("UTC"));
        }
        Field::Zone => iso::offset(text, moment.offset(), letters == 2),
    }
}
