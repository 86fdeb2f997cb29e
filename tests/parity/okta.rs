//! The table of every documented behaviour of the mock Okta that somebody could look for, by its place in
//! the reference, each with the test that would fail if it were not so.
//!
//! `okta.tsv` has the rows: place, claim, test. `okta-places.txt` has the places that must have one. Where
//! the reference lies beside the checkout, that list is held to it. To have the places of another part
//! guarded, add a function to [`PARTS`] that reads them out of its section.

use std::collections::BTreeSet;

use crate::places::{HEADER, missing, mistakes, order_of, rows, section};
use crate::root;

const TABLE: &str = include_str!("okta.tsv");
const PLACES: &str = include_str!("okta-places.txt");
/// Places that the test of a row has to name: the rows of the table of expressions.
const SAID: &str = "3.6 row ";

/// A part of the reference whose places must have rows.
struct Part {
    /// What its places begin with.
    section: &'static str,
    /// How many there are at least, also where the reference is not at hand.
    least: usize,
    /// Reads them out of the reference, without the section.
    read: fn(&str) -> Vec<String>,
}

const PARTS: &[Part] = &[
    Part {
        section: "3.3",
        least: 52,
        read: functions,
    },
    Part {
        section: "3.6",
        least: 49,
        read: vectors,
    },
];

/// Names of the functions of the expression language: what stands in backticks before a parenthesis, in the
/// first cells of the tables and in the paragraphs that begin with the name of a family.
fn functions(reference: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in section(reference, "### 3.3") {
        let (family, text) = match (line.strip_prefix("| "), line.strip_prefix("**")) {
            (Some(row), _) => ("", row.split(" | ").next().unwrap_or_default()),
            (_, Some(paragraph)) => match paragraph.split_once("** \u{2013} ") {
                Some((family, text)) => (family, text),
                None => continue,
            },
            _ => continue,
        };
        for quoted in text.split('`').skip(1).step_by(2) {
            let name = quoted.split('(').next().unwrap_or_default();
            // `Groups.contains/startsWith/endsWith`: the family counts for all of them.
            let inner = name.split_once('.').map(|(family, _)| family);
            for (index, one) in name.split('/').enumerate() {
                let name = match (family, inner) {
                    ("", Some(inner)) if index > 0 => format!("{inner}.{one}"),
                    ("", _) => one.to_owned(),
                    (family, _) => format!("{family}.{one}"),
                };
                if !one.is_empty() && !found.contains(&name) {
                    found.push(name);
                }
            }
        }
    }
    found
}

/// Rows of the table of expressions.
fn vectors(reference: &str) -> Vec<String> {
    rows(&section(reference, "### 3.6"))
        .into_iter()
        .filter(|row| row[0].parse::<u32>().is_ok())
        .map(|row| format!("row {}", row[0]))
        .collect()
}

fn derive(reference: &str) -> Vec<String> {
    let mut places = Vec::new();
    for part in PARTS {
        let read = (part.read)(reference).into_iter();
        places.extend(read.map(|place| format!("{} {place}", part.section)));
    }
    places.sort_by_cached_key(|place| order_of(place));
    places
}

#[test]
fn every_row_has_its_place_and_its_test() {
    let found = mistakes(TABLE, SAID, root());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_place_has_a_row() {
    let missing = missing(TABLE, PLACES);
    assert!(missing.is_empty(), "nothing of:\n{}", missing.join("\n"));
}

#[test]
fn the_places_are_those_of_the_reference() {
    for part in PARTS {
        let of_part = |place: &&str| place.starts_with(&format!("{} ", part.section));
        let count = PLACES.lines().filter(of_part).count();
        assert!(count >= part.least, "{count} places of {}", part.section);
    }
    let path = root().join("../shared/reference/okta.md");
    if let Ok(reference) = std::fs::read_to_string(path) {
        let listed: Vec<&str> = PLACES.lines().collect();
        assert_eq!(derive(&reference).join("\n"), listed.join("\n"));
    }
}

#[test]
fn every_function_is_a_place() {
    let functions = scimlab::mapping::okta::FUNCTIONS
        .iter()
        .filter(|function| {
            !function.name.starts_with("user.get") || function.name == "user.getGroups"
        })
        .filter(|function| function.family != scimlab::mapping::okta::Family::Directory);
    let built: BTreeSet<String> = functions.map(|f| format!("3.3 {}", f.name)).collect();
    let listed = PLACES.lines().filter(|place| place.starts_with("3.3 "));
    assert_eq!(built, listed.map(str::to_owned).collect());
}

#[test]
fn a_bad_table_of_behaviours_is_noticed() {
    let here = "tests/parity/okta.rs::a_bad_table_of_behaviours_is_noticed";
    let row = |place: &str| format!("{place}\ta claim\t{here}");
    let table = |rows: &[String]| format!("{HEADER}\n{}\n", rows.join("\n"));
    // This test says "3.6 row 1" and not the other one.
    let good = table(&[row("3.3 x"), row("3.6 row 1")]);
    assert_eq!(mistakes(&good, SAID, root()), [""; 0]);
    assert_eq!(missing(&good, "3.3 x\n3.3 y"), ["3.3 y"]);
    let unsaid = table(&[row(&format!("3.6 row {}", 900 + 1))]);
    let found = mistakes(&unsaid, SAID, root()).join("\n");
    assert!(found.contains("does not say 3.6 row"), "{found}");
    let reference = "### 3.3 F\n| `a.b(x)`, `c` | x |\n| `G.d/e(x)` / `(y)` |\n**I** \u{2013} input. `f(s)`\n### 3.6 V\n| # | E |\n|---|---|\n| 7 | x |\n";
    assert_eq!(
        derive(reference),
        [
            "3.3 a.b",
            "3.3 c",
            "3.3 G.d",
            "3.3 G.e",
            "3.3 I.f",
            "3.6 row 7"
        ]
    );
}
