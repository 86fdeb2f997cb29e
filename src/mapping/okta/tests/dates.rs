//! Functions of time.

use serde_json::json;

use super::{check_plain, failure, run};
use crate::mapping::okta::{ErrorKind, Switches, UnixTime};

#[test]
fn the_present_moment_is_told_in_any_zone_and_format() {
    check_plain(&[
        ("Time.now()", json!("2015-07-31T17:18:37.979Z")),
        ("Time.now(null)", json!("2015-07-31T17:18:37.979Z")),
        ("Time.now('UTC')", json!("2015-07-31T17:18:37.979Z")),
        (
            "Time.now('America/New_York')",
            json!("2015-07-31T13:18:37.979-04:00"),
        ),
        ("Time.now('EST')", json!("2015-07-31T12:18:37.979-05:00")),
        (
            "Time.now('EST5EDT')",
            json!("2015-07-31T13:18:37.979-04:00"),
        ),
        (
            "Time.now('US/Pacific-New')",
            json!("2015-07-31T10:18:37.979-07:00"),
        ),
        (
            "Time.now('Asia/Kolkata', 'YYYY-MM-dd HH:mm:ss')",
            json!("2015-07-31 22:48:37"),
        ),
        (
            "Time.now('EST', 'YYYY-MM-dd HH:mm:ss')",
            json!("2015-07-31 12:18:37"),
        ),
    ]);
    for zone in [
        "CET",
        "CST6CDT",
        "EET",
        "HST",
        "MET",
        "MST",
        "MST7MDT",
        "PST8PDT",
        "WET",
        "US/Pacific",
        "Pacific/Johnston",
        "Etc/GMT+12",
        "Canada/Yukon",
        "Navajo",
        "Mexico/BajaSur",
    ] {
        let text = format!("Time.now('{zone}')");
        let value = run(&text, &json!({}), Switches::default());
        assert!(value.is_ok(), "{zone}: {value:?}");
    }
    for text in [
        "Time.now('Mars/Phobos')",
        "Time.now('UTC', 'b')",
        "Time.now('UTC', '''x')",
    ] {
        assert_eq!(failure(text, &json!({})).kind, ErrorKind::Date, "{text}");
    }
}

#[test]
fn counts_become_dates_and_back() {
    check_plain(&[
        (
            "Time.fromWindowsToIso8601('130827743120000000')",
            json!("2015-07-30T23:58:32.000Z"),
        ),
        (
            "Time.fromWindowsToIso8601('0')",
            json!("1601-01-01T00:00:00.000Z"),
        ),
        (
            "Time.fromWindowsToIso8601('130827743120009999')",
            json!("2015-07-30T23:58:32.000Z"),
        ),
        (
            "Time.fromUnixToIso8601('1438377580979')",
            json!("2015-07-31T21:19:40.979Z"),
        ),
        (
            "Time.fromUnixToIso8601('1438377580')",
            json!("2015-07-31T21:19:40.000Z"),
        ),
        (
            "Time.fromUnixToIso8601(0)",
            json!("1970-01-01T00:00:00.000Z"),
        ),
        (
            "Time.fromUnixToIso8601('-1')",
            json!("1969-12-31T23:59:59.000Z"),
        ),
        (
            "Time.fromIso8601ToUnix('2015-07-31T21:19:40.979Z')",
            json!("1438377580979"),
        ),
        ("Time.fromIso8601ToWindows('1601-01-01')", json!("0")),
        (
            "Time.fromIso8601ToWindows('2015-07-30T19:58:32-04:00')",
            json!("130827743120000000"),
        ),
        (
            "Time.fromIso8601ToUnix('2015-07-31T21:19')",
            json!("1438377540000"),
        ),
        ("Time.fromWindowsToIso8601(null)", json!(null)),
        ("Time.fromUnixToIso8601('')", json!(null)),
        ("Time.fromIso8601ToUnix(null)", json!(null)),
        ("Time.fromIso8601ToWindows('')", json!(null)),
        ("Time.fromStringToIso8601(null, 'yyyy')", json!(null)),
        ("Time.fromIso8601ToString('', 'yyyy')", json!(null)),
    ]);
    for (text, kind) in [
        ("Time.fromUnixToIso8601('soon')", ErrorKind::Conversion),
        (
            "Time.fromUnixToIso8601('9223372036854775807')",
            ErrorKind::Date,
        ),
        (
            "Time.fromWindowsToIso8601('9223372036854775808')",
            ErrorKind::Conversion,
        ),
        ("Time.fromIso8601ToUnix('yesterday')", ErrorKind::Date),
        (
            "Time.fromIso8601ToString('2015-02-30', 'yyyy')",
            ErrorKind::Date,
        ),
    ] {
        assert_eq!(failure(text, &json!({})).kind, kind, "{text}");
    }
}

#[test]
fn the_unit_of_unix_times_is_a_switch() {
    let read = "Time.fromUnixToIso8601('1438377580979')";
    let written = "Time.fromIso8601ToUnix('1970-01-01T00:00:07.900Z')";
    for (unix_time, small, count) in [
        (UnixTime::Guess, "1970-01-01T00:00:05.000Z", "7900"),
        (UnixTime::Seconds, "1970-01-01T00:00:05.000Z", "7"),
        (UnixTime::Milliseconds, "1970-01-01T00:00:00.005Z", "7900"),
    ] {
        let switches = Switches {
            unix_time,
            ..Switches::default()
        };
        let run = |text| run(text, &json!({}), switches);
        assert_eq!(run("Time.fromUnixToIso8601('5')"), Ok(json!(small)));
        assert_eq!(run(written), Ok(json!(count)));
        assert_eq!(run(read).is_ok(), unix_time != UnixTime::Seconds);
    }
}

/// What the patterns print of 2015-07-30T23:08:02.045Z.
#[test]
fn every_letter_of_a_pattern_is_written() {
    for (pattern, wanted) in [
        ("G GGG", "AD AD"),
        ("C CC", "20 20"),
        ("Y YY YYYY YYYYYY", "2015 15 2015 002015"),
        ("x xx xxxx", "2015 15 2015"),
        ("w ww", "31 31"),
        ("e ee", "4 04"),
        ("E EEE EEEE", "Thu Thu Thursday"),
        ("y yy yyyy", "2015 15 2015"),
        ("D DDD", "211 211"),
        ("M MM MMM MMMM", "7 07 Jul July"),
        ("d dd ddd", "30 30 030"),
        ("a", "PM"),
        ("K h H k", "11 11 23 23"),
        ("KK hh HH kk", "11 11 23 23"),
        ("m mm s ss", "8 08 2 02"),
        ("S SS SSS SSSSSS", "0 04 045 045000"),
        ("z zzzz", "UTC Coordinated Universal Time"),
        ("Z ZZ ZZZ", "+0000 +00:00 UTC"),
        ("'at' H 'o''clock' ''", "at 23 o'clock '"),
        (
            "yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
            "2015-07-30T23:08:02.045+00:00",
        ),
    ] {
        let text = format!(
            "Time.fromIso8601ToString('2015-07-30T23:08:02.045Z', '{}')",
            pattern.replace('\'', "''")
        );
        let value = run(&text, &json!({}), Switches::default());
        assert_eq!(value, Ok(json!(wanted)), "{pattern}");
    }
}

#[test]
fn years_of_weeks_and_hours_of_halves_have_their_edges() {
    for (moment, pattern, wanted) in [
        ("2015-12-31T00:30:00Z", "YYYY", "2015"),
        ("2016-01-01T00:30:00Z", "xxxx ww e", "2015 53 5"),
        (
            "2016-01-01T00:30:00Z",
            "YYYY K h H k a",
            "2016 0 12 0 24 AM",
        ),
        ("2016-01-01T12:30:00Z", "K h H k a", "0 12 12 12 PM"),
        ("-000001-03-01T00:00:00Z", "y Y yyyy G", "-1 2 -0001 BC"),
        ("2015-07-30T23:58:32+02:00", "HH:mm", "21:58"),
    ] {
        let text = format!("Time.fromIso8601ToString('{moment}', '{pattern}')");
        let value = run(&text, &json!({}), Switches::default());
        assert_eq!(value, Ok(json!(wanted)), "{moment} {pattern}");
    }
}

#[test]
fn every_letter_of_a_pattern_is_read() {
    for (written, pattern, wanted) in [
        ("2015-07-30", "yyyy-MM-dd", "2015-07-30T00:00:00.000Z"),
        ("2015-07-30", "YYYY-MM-dd", "2015-07-30T00:00:00.000Z"),
        (
            "20150730235832",
            "yyyyMMddHHmmss",
            "2015-07-30T23:58:32.000Z",
        ),
        ("7/4/2015", "MM/dd/yyyy", "2015-07-04T00:00:00.000Z"),
        ("4 Jul 15", "d MMM yy", "2015-07-04T00:00:00.000Z"),
        ("4 july 46", "d MMMM yy", "1946-07-04T00:00:00.000Z"),
        ("4 July 1899", "d MMMM yy", "1899-07-04T00:00:00.000Z"),
        (
            "Thursday, 30 July 2015",
            "EEEE, d MMMM yyyy",
            "2015-07-30T00:00:00.000Z",
        ),
        ("12:05 AM", "hh:mm a", "1970-01-01T00:05:00.000Z"),
        ("12:05 pm", "hh:mm a", "1970-01-01T12:05:00.000Z"),
        ("0:05 pm", "K:mm a", "1970-01-01T12:05:00.000Z"),
        ("24:00", "kk:mm", "1970-01-01T00:00:00.000Z"),
        ("12.5", "s.S", "1970-01-01T00:00:12.500Z"),
        ("12.045", "s.SSS", "1970-01-01T00:00:12.045Z"),
        ("2015-211", "yyyy-DDD", "2015-07-30T00:00:00.000Z"),
        ("2015 W31 4", "xxxx 'W'ww e", "2015-07-30T00:00:00.000Z"),
        ("20 15", "CC yy", "2015-01-01T00:00:00.000Z"),
        ("30.07.", "dd.MM.", "2000-07-30T00:00:00.000Z"),
        (
            "2015-07-30 02:00 +0230",
            "yyyy-MM-dd HH:mm Z",
            "2015-07-29T23:30:00.000Z",
        ),
        (
            "2015-07-30 02:00 -02:30",
            "yyyy-MM-dd HH:mm ZZ",
            "2015-07-30T04:30:00.000Z",
        ),
        (
            "2015-07-30 02:00Z",
            "yyyy-MM-dd HH:mmZ",
            "2015-07-30T02:00:00.000Z",
        ),
        (
            "2015-07-30 02:00 EST",
            "yyyy-MM-dd HH:mm z",
            "2015-07-30T07:00:00.000Z",
        ),
        (
            "2015-07-30 02:00 Europe/Berlin",
            "yyyy-MM-dd HH:mm ZZZ",
            "2015-07-30T00:00:00.000Z",
        ),
        ("2 BC", "Y G", "-000001-01-01T00:00:00.000Z"),
        ("-5", "yyyy", "-0005-01-01T00:00:00.000Z"),
    ] {
        let text = format!(
            "Time.fromStringToIso8601('{written}', '{}')",
            pattern.replace('\'', "''")
        );
        let value = run(&text, &json!({}), Switches::default());
        let wanted = wanted.replace("-000001-", "-0001-");
        assert_eq!(value, Ok(json!(wanted)), "{written} {pattern}");
    }
}

#[test]
fn what_is_not_written_so_is_refused() {
    for (written, pattern) in [
        ("2015-02-30", "yyyy-MM-dd"),
        ("2015-07-30 ", "yyyy-MM-dd HH"),
        ("2015-07-30x", "yyyy-MM-dd"),
        ("15/07", "MM/dd"),
        ("13:00 PM", "hh:mm a"),
        ("0:30 AM", "hh:mm a"),
        ("25:00", "HH:mm"),
        ("Friday 30 July 2015", "EEEE d MMMM yyyy"),
        ("Foo 2015", "MMM yyyy"),
        ("+99:00", "ZZ"),
        ("+1", "Z"),
        ("XYZ", "z"),
        ("Mars/Phobos", "ZZZ"),
        ("\u{e9}\u{e9}\u{e9}", "a"),
        ("999999999", "yyyy"),
        ("", "'x"),
    ] {
        let text = format!(
            "Time.fromStringToIso8601('{written}', '{}')",
            pattern.replace('\'', "''")
        );
        let error = failure(&text, &json!({}));
        assert_eq!(error.kind, ErrorKind::Date, "{written} {pattern}: {error}");
    }
    assert_eq!(
        failure("Time.fromStringToIso8601('x', '')", &json!({})).kind,
        ErrorKind::Date
    );
}
