//! The date functions. The tests' present is 8/25/2021 5:41:18 PM.

use serde_json::{Value as Json, json};

use super::expected::Out::{self, Fails, Value};
use super::expected::{check, text};

const NULL: Out = Value(Json::Null);

#[test]
fn dates_are_read_and_printed_in_utc() {
    check(&[
        ("Now()", json!({}), text("8/25/2021 5:41:18 PM")),
        (
            "CDate([a])",
            json!({"a": "2021-06-30"}),
            text("6/30/2021 12:00:00 AM"),
        ),
        (
            "CDate([a])",
            json!({"a": "June 30, 2021 1 PM"}),
            text("6/30/2021 1:00:00 PM"),
        ),
        (
            "CDate(CDate([a]))",
            json!({"a": "2021-06-30+08:00"}),
            text("6/29/2021 4:00:00 PM"),
        ),
        ("CDate([a])", json!({}), NULL),
        ("CDate([a])", json!({"a": ""}), NULL),
        (
            "CDate([a])",
            json!({"a": "soon"}),
            Fails("'soon' is not a date; write it like 2021-06-30"),
        ),
    ]);
}

#[test]
fn intervals_are_added() {
    let date = || json!({"d": "1/31/2020 10:30:15 PM"});
    for (interval, value, wanted) in [
        ("yyyy", "1", "1/31/2021 10:30:15 PM"),
        ("m", "1", "2/29/2020 10:30:15 PM"),
        ("m", "-11", "2/28/2019 10:30:15 PM"),
        ("d", "1", "2/1/2020 10:30:15 PM"),
        ("ww", "-1", "1/24/2020 10:30:15 PM"),
        ("h", "2", "2/1/2020 12:30:15 AM"),
        ("n", "30", "1/31/2020 11:00:15 PM"),
        ("s", "-15", "1/31/2020 10:30:00 PM"),
        ("YYYY", "7979", "1/31/9999 10:30:15 PM"),
    ] {
        let expression = format!("DateAdd(\"{interval}\", {value}, CDate([d]))");
        check(&[(&expression, date(), text(wanted))]);
    }
    let leap = json!({"d": "2020-02-29"});
    check(&[
        (
            "DateAdd(\"yyyy\", 1, [d])",
            leap,
            text("2/28/2021 12:00:00 AM"),
        ),
        ("DateAdd(\"d\", 1, CDate([none]))", date(), NULL),
        (
            "DateAdd(\"q\", 1, CDate([d]))",
            date(),
            Fails("there is no interval 'q'; use yyyy (year)"),
        ),
        (
            "DateAdd(\"d\", [none], CDate([d]))",
            date(),
            Fails("[none] has no value"),
        ),
        (
            "DateAdd(\"d\", 1.5, CDate([d]))",
            date(),
            Fails("must be a whole number"),
        ),
        (
            "DateAdd(\"yyyy\", 8000, CDate([d]))",
            date(),
            Fails("outside of the years 1 to 9999"),
        ),
        (
            "DateAdd(\"yyyy\", 9223372036854775807, CDate([d]))",
            date(),
            Fails("outside of the years"),
        ),
        (
            "DateAdd(\"ww\", -9223372036854775808, CDate([d]))",
            date(),
            Fails("outside of the years"),
        ),
        (
            "DateAdd(\"s\", 9223372036854775807, CDate([d]))",
            date(),
            Fails("outside of the years"),
        ),
        (
            "DateAdd(\"m\", 9223372036854775807, CDate([d]))",
            date(),
            Fails("outside of the years"),
        ),
    ]);
}

#[test]
fn differences_are_those_of_visual_basic() {
    for (interval, from, to, wanted) in [
        // Years and months by the calendar, however short the time is.
        ("yyyy", "2020-12-31 23:59", "2021-01-01 00:00", "1"),
        ("yyyy", "2021-01-01", "2021-12-31", "0"),
        ("m", "2021-01-31", "2021-02-01", "1"),
        ("m", "2021-03-01", "2020-02-28", "-13"),
        // Weeks by the Sundays in between: 2021-08-22 was one.
        ("ww", "2021-08-21", "2021-08-22", "1"),
        ("ww", "2021-08-22", "2021-08-28", "0"),
        ("ww", "2021-08-22", "2021-08-15", "-1"),
        // The others by the time that has gone by, cut off towards zero.
        ("d", "2021-08-24 12:00", "2021-08-25 11:59", "0"),
        ("d", "2021-08-25 11:59", "2021-08-24 12:00", "0"),
        ("d", "2021-08-24 12:00", "2021-08-26 12:00", "2"),
        ("h", "2021-08-24 12:00", "2021-08-24 14:59:59", "2"),
        ("n", "2021-08-24 12:00:30", "2021-08-24 12:00:00", "0"),
        ("n", "2021-08-24 12:00:00", "2021-08-24 12:01:59", "1"),
        ("s", "2021-08-24T12:00:00.9Z", "2021-08-24T12:00:01.8Z", "0"),
        ("s", "0001-01-01", "12/31/9999 11:59:59 PM", "315537897599"),
    ] {
        let expression = format!("DateDiff(\"{interval}\", [a], [b])");
        check(&[(&expression, json!({"a": from, "b": to}), text(wanted))]);
    }
    check(&[
        ("DateDiff(\"d\", [a], Now())", json!({}), NULL),
        (
            "DateDiff(\"x\", Now(), Now())",
            json!({}),
            Fails("there is no interval 'x'"),
        ),
    ]);
}

#[test]
fn file_times_are_read_and_written() {
    check(&[
        ("DateFromNum(0)", json!({}), text("1/1/1601 12:00:00 AM")),
        (
            "DateFromNum([a])",
            json!({"a": "132539615990000000"}),
            text("1/1/2021 7:59:59 AM"),
        ),
        (
            "DateFromNum(2650467743999999999)",
            json!({}),
            text("12/31/9999 11:59:59 PM"),
        ),
        (
            "DateFromNum(2650467744000000000)",
            json!({}),
            Fails("is not a FILETIME"),
        ),
        (
            "DateFromNum(9223372036854775807)",
            json!({}),
            Fails("is not a FILETIME"),
        ),
        (
            "DateFromNum(99999999999999999999)",
            json!({}),
            Fails("must be a whole number"),
        ),
        ("DateFromNum(-1)", json!({}), Fails("is not a FILETIME")),
        ("DateFromNum([a])", json!({}), NULL),
        ("NumFromDate(\"1601-01-01\")", json!({}), text("0")),
        (
            "NumFromDate(\"2012-01-01 23:00:00.000\")",
            json!({}),
            text("129699324000000000"),
        ),
        (
            "NumFromDate(\"2012-01-01T23:00:00.0000001Z\")",
            json!({}),
            text("129699324000000001"),
        ),
        (
            "NumFromDate(DateFromNum(129699324000000000))",
            json!({}),
            text("129699324000000000"),
        ),
        (
            "NumFromDate(\"1600-12-31\")",
            json!({}),
            Fails("the date lies before"),
        ),
        ("NumFromDate([a])", json!({}), NULL),
    ]);
}

#[test]
fn dates_go_from_one_pattern_to_another() {
    let four = r#"FormatDateTime([d], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")"#;
    let three = r#"FormatDateTime([d], "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")"#;
    let stamp = || json!({"d": "20150123105347.1Z"});
    let day = || json!({"d": "2021-03-07"});
    check(&[
        (four, stamp(), text("2015-01-23")),
        // The form of older schema files, without dateTimeStyles.
        (three, stamp(), text("2015-01-23")),
        (
            r#"FormatDateTime([d], "", "yyyy-MM-dd", "MMMM d, yyyy")"#,
            day(),
            text("March 7, 2021"),
        ),
        (
            r#"FormatDateTime([d], "AdjustToUniversal", "yyyy-MM-ddzzz", "o")"#,
            json!({"d": "2021-03-07+01:00"}),
            text("2021-03-06T23:00:00.0000000Z"),
        ),
        (
            r#"FormatDateTime([d], "AllowInnerWhite", "yyyy-M-d", "d")"#,
            json!({"d": "2021 - 3 - 7"}),
            text("3/7/2021"),
        ),
        (
            r#"FormatDateTime([d], , "yyyy-MM-dd", "")"#,
            day(),
            text("3/7/2021 12:00:00 AM"),
        ),
        (four, json!({}), NULL),
        (four, json!({"d": ""}), NULL),
        (
            four,
            day(),
            Fails("'2021-03-07' is not a date written as 'yyyyMMddHHmmss.fZ'"),
        ),
        (
            r#"FormatDateTime([d], , "", "yyyy")"#,
            day(),
            Fails("inputFormat is missing"),
        ),
        (
            r#"FormatDateTime([d], , "'yyyy", "yyyy")"#,
            day(),
            Fails("inputFormat: a quotation"),
        ),
        (
            r#"FormatDateTime([d], , "yyyy-MM-dd", "x")"#,
            day(),
            Fails("outputFormat: 'x' is not a standard"),
        ),
        (
            r#"FormatDateTime([d], "Sloppy", "yyyy-MM-dd", "d")"#,
            day(),
            Fails("'Sloppy' is no date-time style"),
        ),
    ]);
}
