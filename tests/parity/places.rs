//! Tables of behaviours by their place in a reference: what is wrong with one, which places have no row, and
//! how the places are read out of the reference.

use std::collections::BTreeSet;
use std::path::Path;

use crate::named::find_test;

/// The first line of such a table.
pub(crate) const HEADER: &str = "place\tclaim\ttest";

/// What is wrong with a table, each with its line. A test has to name the place of its row where the place
/// begins with `said`.
pub(crate) fn mistakes(table: &str, said: &str, root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut claims = BTreeSet::new();
    let mut lines = table.lines();
    if lines.next() != Some(HEADER) {
        found.push(format!("line 1: the header is not {HEADER:?}"));
    }
    let mut before: Option<Vec<Part>> = None;
    for (index, line) in lines.enumerate() {
        let mut wrong = |what: String| found.push(format!("line {}: {what}", index + 2));
        let columns: Vec<&str> = line.split('\t').collect();
        let [place, claim, test] = columns[..] else {
            wrong(format!("{} columns", columns.len()));
            continue;
        };
        if !is_place(place) {
            wrong(format!("{place:?} is no place of the reference"));
        }
        if claim.trim().is_empty() || !claims.insert((place, claim)) {
            wrong(format!("empty, or here a second time: {claim:?}"));
        }
        let order = order_of(place);
        if before.as_ref().is_some_and(|b| *b > order) {
            wrong(format!("{place} does not stand in order"));
        }
        before = Some(order);
        match find_test(test, root) {
            Ok(body) if !place.starts_with(said) || says(&body, place) => {}
            Ok(_) => wrong(format!("{test} does not say {place}")),
            Err(what) => wrong(what),
        }
    }
    found
}

/// The places that have no row.
pub(crate) fn missing<'a>(table: &str, places: &'a str) -> Vec<&'a str> {
    let place = |line: &'_ str| line.split('\t').next().unwrap_or_default().to_owned();
    let claimed: BTreeSet<String> = table.lines().skip(1).map(place).collect();
    places.lines().filter(|p| !claimed.contains(*p)).collect()
}

/// Whether the body of a test names a vector, not only a longer number.
pub(crate) fn says(body: &str, place: &str) -> bool {
    body.match_indices(place)
        .any(|(at, _)| !body[at + place.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

/// `4.2 DateAdd`, `1.5`, `B 12`, `C`: a section, and perhaps what is meant in it.
fn is_place(place: &str) -> bool {
    let section = place.split(' ').next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    place == place.trim()
        && (matches!(section, "A" | "B" | "C") || section.split('.').all(is_number))
}

/// What a place is sorted by: numbers in it by size.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Number(u64),
    Text(String),
}

pub(crate) fn order_of(place: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = place;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let length = if digits > 0 {
            digits
        } else {
            rest.find(|c: char| c.is_ascii_digit())
                .unwrap_or(rest.len())
        };
        let (part, after) = rest.split_at(length);
        parts.push(match part.parse() {
            Ok(number) => Part::Number(number),
            Err(_) => Part::Text(part.to_lowercase()),
        });
        rest = after;
    }
    parts
}

/// The lines of a section, from its heading to the next one.
pub(crate) fn section<'a>(reference: &'a str, heading: &str) -> Vec<&'a str> {
    reference
        .lines()
        .skip_while(|line| !line.starts_with(&format!("{heading} ")))
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .collect()
}

/// The cells of the rows of the tables in these lines, headings among them, without marks.
pub(crate) fn rows(lines: &[&str]) -> Vec<Vec<String>> {
    let cell = |text: &str| text.trim().replace(['`', '*'], "");
    lines
        .iter()
        .filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'))
        .filter(|row| !row.starts_with("---"))
        .map(|row| row.split('|').map(cell).collect())
        .collect()
}

/// The same without the headings.
pub(crate) fn records(lines: &[&str]) -> Vec<Vec<String>> {
    let is_heading = |index: usize| {
        lines
            .get(index + 1)
            .is_some_and(|next| next.starts_with("|---"))
    };
    let records = lines.iter().enumerate();
    let records = records.filter(|(index, _)| !is_heading(*index));
    rows(&records.map(|(_, line)| *line).collect::<Vec<_>>())
}

/// Statements that are counted, `1. ` at the beginning of their line.
pub(crate) fn statements(lines: &[&str]) -> Vec<String> {
    let numbers = lines.iter().filter_map(|line| line.split_once(". "));
    numbers
        .filter(|(number, _)| number.parse::<u32>().is_ok())
        .map(|(number, _)| format!("statement {number}"))
        .collect()
}
