//! The table of every documented behaviour of the mock Entra that somebody could look for, by its place in
//! the reference, each with the test that would fail if it were not so.
//!
//! `entra.tsv` has the rows: place, claim, test. `entra-places.txt` has the places that must have one:
//! functions (4.2), operators (5.2), cells of the deprovisioning table (1.9), numbers of retries and
//! quarantine (1.13, 1.14), golden traces (2.7), addresses (6.1) and types (6.2) of the synchronization API, endpoints of
//! the directory (6.7), filters of the log and queries of real clients (7.1), step names (7.4), limits and refusals of
//! uploads and of tokens (8.1, 8.3, 8.5), vectors (appendix B). `entra-types.tsv` has the types and enumerations of 6.2
//! themselves, which answers are held to. Where the reference lies beside the checkout, both lists are held to it.

use std::collections::BTreeSet;

use crate::places::{HEADER, missing, mistakes, order_of, rows, says, section};
use crate::root;

const TABLE: &str = include_str!("entra.tsv");
const PLACES: &str = include_str!("entra-places.txt");
const TYPES: &str = include_str!("entra-types.tsv");
/// Places that the test of a row has to name: the vectors.
const SAID: &str = "B ";

/// Rows of the reference that are about something else than this table, each with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "1.14 Extra cause",
        "roles are imported from two gallery applications only, which are not imitated",
    ),
    (
        "6.1 POST SP/synchronization/acquireAccessToken",
        "it exchanges the code of somebody's consent, and no application here asks for one",
    ),
    (
        "6.2 bulkUpload",
        "it has no properties: it is the address that uploads are sent to",
    ),
];

/// Types with kind and properties, enumerations with their members.
fn types(reference: &str) -> Vec<Vec<String>> {
    let mut rows = rows(&section(reference, "## 6.2"));
    rows.retain(|columns| !["Type", "Enum"].contains(&columns[0].as_str()));
    rows
}

/// The places that the reference wants to see.
fn derive(reference: &str) -> Vec<String> {
    let mut places = Vec::new();
    let mut first_cells = |number: &str, heading: &str, skip: &[&str]| {
        for row in rows(&section(reference, heading)) {
            if skip.contains(&row[0].as_str()) {
                continue;
            }
            for name in row[0].split(" / ") {
                let place = format!("{number} {name}");
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
    };
    first_cells("1.13", "## 1.13", &["Rule"]);
    first_cells("4.2", "## 4.2", &["Function"]);
    first_cells("5.2", "## 5.2", &["Operator"]);
    first_cells("7.4", "## 7.4", &["name"]);
    first_cells("6.1", "## 6.1", &["Method + path"]);
    first_cells("6.7", "## 6.7", &["Endpoint"]);
    first_cells("8.1", "## 8.1", &["Item"]);
    first_cells("8.5", "## 8.5", &["Case"]);
    let types = types(reference);
    let types = types.iter().filter(|columns| columns.len() == 3);
    places.extend(types.map(|columns| format!("6.2 {}", columns[0])));
    let table = rows(&section(reference, "## 1.9"));
    for row in &table[1..] {
        for (column, _) in table[0].iter().zip(row).skip(1) {
            places.push(format!("1.9 {} + {column}", row[0]));
        }
    }
    for row in rows(&section(reference, "## 1.14")) {
        // The worked examples have five columns and are named by their numbers.
        match row.as_slice() {
            [failures, successes, references, ..]
                if row.len() == 5 && failures.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                places.push(format!("1.14 {failures}, {successes}, {references}"));
            }
            [name, ..]
                if !["Kind", "Aspect", "Non-reference failures"].contains(&name.as_str()) =>
            {
                places.push(format!("1.14 {name}"));
            }
            _ => {}
        }
    }
    for line in section(reference, "## 2.7") {
        let number = line.split([' ', ':']).next().unwrap_or_default();
        if number.len() == 2 && number.starts_with('T') {
            places.push(format!("2.7 {number}"));
        }
    }
    for row in rows(&section(reference, "# Appendix B.")) {
        if row[0] != "#" {
            places.push(format!("B {}", row[0]));
        }
    }
    places.extend(of_the_log(&section(reference, "## 7.1")));
    for row in rows(&section(reference, "## 8.3")) {
        // The status alone would be that of several.
        let when: Vec<&str> = row[1].split(' ').take(3).collect();
        if row[0] != "Status" {
            places.push(format!("8.3 {} {}", row[0], when.join(" ")));
        }
    }
    places.retain(|place| !ELSEWHERE.iter().any(|(other, _)| other == place));
    places.sort_by_cached_key(|place| order_of(place));
    places
}

/// Every option of the query, every attribute with every operator, every query of a real client.
fn of_the_log(section: &[&str]) -> Vec<String> {
    let quoted = |cell: &str| {
        let parts = cell.split('`').skip(1).step_by(2);
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut places = Vec::new();
    for line in section.iter().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.split('|').collect();
        let (names, operators) = (quoted(cells[1]), quoted(cells[2]));
        match names.first() {
            Some(option) if option.starts_with('$') => places.push(format!("7.1 {option}")),
            Some(_) => {
                let all = names.iter().flat_map(|name| {
                    let each = operators.iter();
                    each.map(move |operator| format!("7.1 {name} {operator}"))
                });
                places.extend(all);
            }
            None => {}
        }
    }
    let is_query = |line: &&&str| line.starts_with("/beta/") || line.starts_with("/v1.0/");
    let queries = section.iter().filter(is_query).enumerate();
    places.extend(queries.map(|(number, _)| format!("7.1 query {}", number + 1)));
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
    let listed: Vec<&str> = PLACES.lines().collect();
    // Enough of each kind, also where the reference is not at hand.
    for (section, least) in [
        ("1.9 ", 30),
        ("1.13 ", 9),
        ("1.14 ", 17),
        ("2.7 ", 8),
        ("4.2 ", 48),
        ("5.2 ", 14),
        ("6.1 ", 27),
        ("6.2 ", 53),
        ("6.7 ", 8),
        ("7.1 ", 40),
        ("7.4 ", 12),
        ("8.1 ", 9),
        ("8.3 ", 7),
        ("8.5 ", 4),
        ("B ", 63),
    ] {
        let count = listed.iter().filter(|p| p.starts_with(section)).count();
        assert!(count >= least, "{count} places of {section}");
    }
    let path = root().join("../shared/reference/entra.md");
    if let Ok(reference) = std::fs::read_to_string(path) {
        assert_eq!(derive(&reference).join("\n"), listed.join("\n"));
        let types: Vec<String> = types(&reference).iter().map(|c| c.join("\t")).collect();
        assert_eq!(types.join("\n"), TYPES.trim_end());
    }
}

#[test]
fn every_function_and_operator_is_a_place() {
    use scimlab::mapping::entra::{FUNCTIONS, Operator};
    let functions = FUNCTIONS.iter().map(|f| format!("4.2 {}", f.name));
    let operators = Operator::ALL.map(|o| format!("5.2 {}", o.name()));
    let built: BTreeSet<String> = functions.chain(operators).collect();
    let listed = PLACES
        .lines()
        .filter(|place| place.starts_with("4.2 ") || place.starts_with("5.2 "));
    assert_eq!(built, listed.map(str::to_owned).collect());
}

#[test]
fn a_bad_table_of_behaviours_is_noticed() {
    let here = "tests/parity/entra.rs::a_bad_table_of_behaviours_is_noticed";
    let row = |place: &str, claim: &str| format!("{place}\t{claim}\t{here}");
    let table = |rows: &[String]| format!("{HEADER}\n{}\n", rows.join("\n"));
    // This test says "B 1" and "B 12".
    let good = table(&[row("1.9 x", "a"), row("1.13", "a"), row("B 1", "a")]);
    assert_eq!(mistakes(&good, SAID, root()), [""; 0]);
    assert_eq!(missing(&good, "1.13\n1.14 x\nB 1"), ["1.14 x"]);
    let unsaid = format!("B {}", 990 + 9);
    for (bad, expected) in [
        (good.replace(HEADER, "place"), "line 1: the header"),
        (
            table(&[row("1.13", "a"), row("1.9", "a")]),
            "1.9 does not stand in order",
        ),
        (
            table(&[row("1.13", "a"), row("1.13", "a")]),
            "here a second time",
        ),
        (table(&[row("1.13", " ")]), "empty"),
        (table(&[row("x 1", "a")]), "is no place"),
        (table(&[row(&unsaid, "a")]), "does not say B "),
        (
            table(&["1.13\ta\ttests/none.rs::x".to_owned()]),
            "tests/none.rs: ",
        ),
        (table(&["1.13\ta".to_owned()]), "2 columns"),
    ] {
        let found = mistakes(&bad, SAID, root()).join("\n");
        assert!(found.contains(expected), "{expected}: {found}");
    }
    assert!(says("(\"B 12\", 1)", "B 12") && !says("B 12", "B 1"));
    let reference =
        "## 1.9 Cells\n| Event | Default |\n|---|---|\n| Gone | x |\n## 1.10 Next\n| a | b |\n";
    assert_eq!(derive(reference), ["1.9 Gone + Default"]);
}
