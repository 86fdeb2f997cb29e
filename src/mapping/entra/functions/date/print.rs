//! A moment through a .NET date pattern.

use std::fmt::Write as _;

use super::moment::{Moment, twelve};
use super::pattern::{DAYS, ERA, Field, MONTHS, Part, SHORT, parts};
use super::read::Kind;

/// Prints a moment.
///
/// # Errors
/// A sentence about what is wrong with the pattern.
pub(super) fn print(moment: Moment, kind: Kind, pattern: &str) -> Result<String, String> {
    if pattern.is_empty() {
        return Ok(moment.to_string());
    }
    let mut out = String::new();
    for part in parts(pattern)? {
        match part {
            Part::Literal(letter) => out.push(letter),
            Part::Zulu => out.push('Z'),
            Part::Field(field, count) => push(&mut out, moment, kind, field, count),
        }
    }
    Ok(out)
}

fn push(out: &mut String, moment: Moment, kind: Kind, field: Field, count: usize) {
    let at = moment.civil();
    let mut number = |value: i8| {
        let width = count.min(2);
        // Writing to a String cannot fail.
        let _ = write!(out, "{value:0width$}");
    };
    match field {
        Field::Day if count <= 2 => number(at.day()),
        Field::Month if count <= 2 => number(at.month()),
        Field::Hour12 => number(twelve(at.hour()).0),
        Field::Hour24 => number(at.hour()),
        Field::Minute => number(at.minute()),
        Field::Second => number(at.second()),
        Field::Day => {
            let day = usize::try_from(at.weekday().to_sunday_zero_offset()).unwrap_or(0);
            out.push_str(named(&DAYS, day, count));
        }
        Field::Month => {
            let month = usize::try_from(at.month() - 1).unwrap_or(0);
            out.push_str(named(&MONTHS, month, count));
        }
        Field::Year => {
            let _ = match count {
                1 => write!(out, "{}", at.year() % 100),
                2 => write!(out, "{:02}", at.year() % 100),
                width => {
                    // A year has four digits; the rest is filled, at whatever width.
                    out.extend(std::iter::repeat_n('0', width.saturating_sub(4)));
                    write!(out, "{:0least$}", at.year(), least = width.min(4))
                }
            };
        }
        Field::Fraction | Field::ShortFraction => {
            let digits = format!("{:09}", at.subsec_nanosecond());
            let digits = &digits[..count.min(7)];
            if field == Field::Fraction {
                out.push_str(digits);
                return;
            }
            let digits = digits.trim_end_matches('0');
            out.push_str(digits);
            // A point before a fraction that is not there goes as well.
            if digits.is_empty() && out.ends_with('.') {
                out.pop();
            }
        }
        Field::Era => out.push_str(ERA),
        Field::Half => {
            let half = twelve(at.hour()).1;
            out.push_str(if count == 1 { &half[..1] } else { half });
        }
        Field::Kind => out.push_str(match kind {
            Kind::Unspecified => "",
            Kind::Utc => "Z",
            Kind::Local => "+00:00",
        }),
        Field::Offset => out.push_str(match count {
            1 => "+0",
            2 => "+00",
            _ => "+00:00",
        }),
    }
}

/// A name, cut short when the pattern has three letters.
fn named(names: &[&'static str], index: usize, count: usize) -> &'static str {
    let name = names.get(index).copied().unwrap_or_default();
    if count == SHORT { &name[..SHORT] } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment() -> Moment {
        let at = jiff::civil::date(2021, 3, 7).at(17, 4, 9, 120_000_000);
        Moment::new(at).unwrap()
    }

    #[test]
    fn every_letter_of_a_custom_pattern_prints_as_in_dotnet() {
        for (pattern, printed) in [
            ("%d", "7"),
            ("dd", "07"),
            ("ddd", "Sun"),
            ("dddd", "Sunday"),
            ("%M", "3"),
            ("MM", "03"),
            ("MMM", "Mar"),
            ("MMMM", "March"),
            ("%y", "21"),
            ("yy", "21"),
            ("yyy", "2021"),
            ("yyyy", "2021"),
            ("yyyyy", "02021"),
            ("%h", "5"),
            ("hh", "05"),
            ("%H", "17"),
            ("HH", "17"),
            ("%m", "4"),
            ("mm", "04"),
            ("%s", "9"),
            ("ss", "09"),
            ("%f", "1"),
            ("fff", "120"),
            ("fffffff", "1200000"),
            ("%F", "1"),
            ("FFF", "12"),
            ("ss.FFF", "09.12"),
            ("%t", "P"),
            ("tt", "PM"),
            ("%z", "+0"),
            ("zz", "+00"),
            ("zzz", "+00:00"),
            ("%K", "Z"),
            ("%g", "A.D."),
            ("yyyy-MM-dd'T'HH:mm:ss\\Z", "2021-03-07T17:04:09Z"),
            ("\"day\" d 'of' MMMM", "day 7 of March"),
            ("yyyyMMddHHmmss.fZ", "20210307170409.1Z"),
            ("", "3/7/2021 5:04:09 PM"),
            ("d", "3/7/2021"),
            ("D", "Sunday, March 7, 2021"),
            ("f", "Sunday, March 7, 2021 5:04 PM"),
            ("F", "Sunday, March 7, 2021 5:04:09 PM"),
            ("g", "3/7/2021 5:04 PM"),
            ("G", "3/7/2021 5:04:09 PM"),
            ("m", "March 7"),
            ("o", "2021-03-07T17:04:09.1200000Z"),
            ("R", "Sun, 07 Mar 2021 17:04:09 GMT"),
            ("s", "2021-03-07T17:04:09"),
            ("t", "5:04 PM"),
            ("T", "5:04:09 PM"),
            ("u", "2021-03-07 17:04:09Z"),
            ("Y", "March 2021"),
        ] {
            let got = print(moment(), Kind::Utc, pattern);
            assert_eq!(got.as_deref(), Ok(printed), "{pattern}");
        }
        let whole = Moment::new(jiff::civil::date(2021, 3, 7).at(0, 0, 0, 0)).unwrap();
        let got = print(whole, Kind::Unspecified, "hh:ss.FFK");
        assert_eq!(got.as_deref(), Ok("12:00"));
        assert_eq!(print(whole, Kind::Local, "%K").as_deref(), Ok("+00:00"));
    }

    #[test]
    fn patterns_that_dotnet_refuses_are_refused() {
        for (pattern, part) in [
            ("x", "write %x"),
            ("h", "write %h"),
            ("yyyy%", "% in a date pattern"),
            ("'abc", "never closed"),
            ("yy\\", "ends with a backslash"),
            ("ffffffff", "at most 7 digits"),
        ] {
            let error = print(moment(), Kind::Utc, pattern).expect_err(pattern);
            assert!(error.contains(part), "{pattern}: {error}");
        }
    }
}
