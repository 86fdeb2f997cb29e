//! Names of months, days and zones in English.

/// Months in order.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days from Monday on.
pub(super) const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Letters of a short name.
pub(super) const SHORT: usize = 3;

/// Names of zones that can be read, with their offset in minutes. Longer names before their beginnings.
pub(super) const ZONES: [(&str, i32); 12] = [
    ("UTC", 0),
    ("GMT", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("UT", 0),
    ("Z", 0),
];

/// The index of the name that `text` begins with, in any case, and how long it is: the whole name, else the
/// short one.
pub(super) fn beginning(names: &[&str], text: &str) -> Option<(usize, usize)> {
    let begins = |name: &str| {
        let beginning = text.get(..name.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(name))
    };
    let whole = names.iter().position(|name| begins(name));
    whole.map(|index| (index, names[index].len())).or_else(|| {
        let short = names.iter().position(|name| begins(&name[..SHORT]))?;
        Some((short, SHORT))
    })
}
