//! The table of every documented behaviour of the mock Okta that somebody could look for, by its place in
//! the reference, each with the test that would fail if it were not so.
//!
//! `okta.tsv` has the rows: place, claim, test. `okta-places.txt` has the places that must have one. Where
//! the reference lies beside the checkout, that list is held to it. To have the places of another part
//! guarded, add its section to [`PARTS`] with the function that reads them out of it.

use std::collections::BTreeSet;

use crate::places::{HEADER, missing, mistakes, order_of, records, section, statements};
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
    /// Reads them out of the lines of the section, without its number.
    read: fn(&[&str]) -> Vec<String>,
}

const fn part(section: &'static str, least: usize, read: fn(&[&str]) -> Vec<String>) -> Part {
    Part {
        section,
        least,
        read,
    }
}

const PARTS: &[Part] = &[
    part("1.1", 13, first_cells),
    part("1.2", 4, first_cells),
    part("1.3", 6, first_cells),
    part("1.4", 11, first_cells),
    part("1.5", 4, statements),
    part("1.6", 10, first_cells),
    part("1.7", 5, first_cells),
    part("1.8", 4, statements),
    part("1.9", 3, first_cells),
    part("1.10", 10, first_cells),
    part("1.11.2", 10, first_cells),
    part("1.11.4", 5, first_cells),
    part("1.12", 10, first_cells),
    part("1.13", 9, first_cells),
    part("1.16", 2, conversations),
    part("2.8", 16, transitions),
    part("2.9", 9, first_cells),
    part("2.11", 38, first_cells),
    part("3.3", 52, functions),
    part("3.6", 49, vectors),
    part("4.2", 12, first_cells),
    part("4.3", 8, in_parentheses),
    part("4.4", 13, first_cells),
    part("4.7", 27, first_cells),
];

/// Places about which there is nothing to test, and why. They have no rows.
const NOTHING: &[(&str, &str)] = &[
    ("1.1 SCIM 1.1", "no app of the mock speaks it"),
    (
        "1.1 test suite UA",
        "sent by the suites of part 4, which name it; never by Okta",
    ),
    (
        "1.11.4 AWS IAM Identity Center allows at most 100 changes per PATCH (a target that works with Okta)",
        "says something of a target",
    ),
    (
        "2.9 APPROVED, REVOKED",
        "no operation of the mock leads to it",
    ),
    ("2.9 IMPLICIT", "no operation of the mock leads to it"),
    (
        "2.9 IMPORTED, MATCHED, UNASSIGNED",
        "an imported user waits in a row of its own and is no app user before it is confirmed",
    ),
    (
        "2.9 INACTIVE, SUSPENDED",
        "no operation of the mock leads to it",
    ),
    ("2.9 PENDING", "no operation of the mock leads to it"),
    ("4.7 C21902", "there is no OAuth 2 sign-in to a target"),
    (
        "4.7 C9342, C9343, C9299",
        "the reference says that it cannot be automated",
    ),
];

/// First cells of the rows of tables: what a row is about.
fn first_cells(lines: &[&str]) -> Vec<String> {
    let rows = records(lines).into_iter();
    rows.map(|row| plain(&row[0]))
        // Rows of pauses have no name.
        .filter(|name| name != "-")
        .collect()
}

/// A name in ASCII.
fn plain(text: &str) -> String {
    let text = text.replace(['\u{2013}', '\u{2194}'], "-");
    text.replace('\u{2192}', "->").replace('\u{2026}', "...")
}

/// Golden conversations: each begins with a heading in bold, up to its comma.
fn conversations(lines: &[&str]) -> Vec<String> {
    let headings = lines.iter().filter_map(|line| line.strip_prefix("**"));
    headings
        .filter_map(|line| Some(line.split_once(',')?.0.to_owned()))
        .collect()
}

/// Both tables of the lifecycle: outcomes of a creation by their three conditions, transitions by their operation.
fn transitions(lines: &[&str]) -> Vec<String> {
    let rows = records(lines).into_iter();
    rows.map(|row| match row[0].as_str() {
        "true" | "false" => plain(&format!("activate {}", row[..3].join(", "))),
        _ => plain(&row[1]),
    })
    .collect()
}

/// Steps that are counted in a sentence: `(1) this; (2) that`.
fn in_parentheses(lines: &[&str]) -> Vec<String> {
    let text = lines.join(" ");
    (1..1000)
        .map(|number| format!("({number})"))
        .take_while(|step| text.contains(step.as_str()))
        .collect()
}

/// Names of the functions of the expression language: what stands in backticks before a parenthesis, in the
/// first cells of the tables and in the paragraphs that begin with the name of a family.
fn functions(lines: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines {
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
fn vectors(lines: &[&str]) -> Vec<String> {
    records(lines)
        .into_iter()
        .map(|row| format!("row {}", row[0]))
        .collect()
}

fn derive(reference: &str) -> Vec<String> {
    let mut places = Vec::new();
    for part in PARTS {
        let level = "#".repeat(2 + part.section.split('.').count() - 1);
        let lines = section(reference, &format!("{level} {}", part.section));
        let read = (part.read)(&lines).into_iter();
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
    let mut missing = missing(TABLE, PLACES);
    missing.retain(|place| !NOTHING.iter().any(|(nothing, _)| nothing == place));
    assert!(missing.is_empty(), "nothing of:\n{}", missing.join("\n"));
}

#[test]
fn what_needs_no_row_is_a_place_without_one() {
    for (nothing, why) in NOTHING {
        assert!(PLACES.lines().any(|place| place == *nothing), "{nothing}");
        assert!(
            missing(TABLE, nothing) == [*nothing],
            "{nothing} has a row, though: {why}"
        );
    }
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

/// The rows of part 4 name the tests that run a suite; what a suite does is in its file.
#[test]
fn the_suites_have_every_step_of_their_tables() {
    for (section, suite, count) in [
        (
            "4.2 S",
            include_str!("../suites/okta-scim-20-spec.json"),
            12,
        ),
        ("4.3 (", include_str!("../suites/okta-scim-beta.json"), 7),
        (
            "4.4 C",
            include_str!("../suites/okta-scim-20-crud.json"),
            13,
        ),
    ] {
        let suite: serde_json::Value = serde_json::from_str(suite).unwrap();
        let steps = suite["steps"].as_array().unwrap();
        let ids: Vec<&str> = steps
            .iter()
            .filter_map(|step| step["id"].as_str())
            .collect();
        let wanted = PLACES.lines().filter(|place| place.starts_with(section));
        // The third step of the older suite asks a generator of people.
        let wanted = wanted.filter(|place| *place != "4.3 (3)");
        let ids_wanted: Vec<&str> = wanted
            .map(|place| place["4.2 ".len()..].trim_matches(['(', ')']))
            .collect();
        assert_eq!(ids_wanted.len(), count, "{section}");
        for id in ids_wanted {
            assert!(ids.contains(&id), "{section}: no step {id}");
        }
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
    let reference = "### 1.4 C\n| M | R |\n|---|---|\n| `a` \u{2013} b | 1. x |\n### 1.8 R\n1. one\n   2. x\n2. two\n\
        #### 1.11.2 G\n| O | A |\n|---|---|\n| Link | x |\n### 1.16 G\n**AIW, full**\n**x** y\n\
        ### 2.8 L\n| a | p | q | s |\n|---|---|---|---|\n| true | none | OKTA | P |\n| T | O |\n|---|---|\n| \u{2192} S | `DELETE` |\n\
        ### 4.3 O\n(1) a; (2) b\n### 3.3 F\n| `a.b(x)`, `c` | x |\n| `G.d/e(x)` / `(y)` |\n**I** \u{2013} input. `f(s)`\n### 3.6 V\n| # | E |\n|---|---|\n| 7 | x |\n";
    assert_eq!(
        derive(reference),
        [
            "1.4 a - b",
            "1.8 statement 1",
            "1.8 statement 2",
            "1.11.2 Link",
            "1.16 AIW",
            "2.8 activate true, none, OKTA",
            "2.8 DELETE",
            "3.3 a.b",
            "3.3 c",
            "3.3 G.d",
            "3.3 G.e",
            "3.3 I.f",
            "3.6 row 7",
            "4.3 (1)",
            "4.3 (2)",
        ]
    );
}
