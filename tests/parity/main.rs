//! The table of everything that works "like Entra", "like Okta" or "like Postman", each claim with its
//! source and with the test that would fail if it were not so.
//!
//! This program holds the table to the tree: a claim without a test cannot stand in it.

mod actions;
mod entra;
mod named;
mod okta;
mod places;

use std::collections::HashSet;
use std::path::Path;

use named::find_test;

const TABLE: &str = include_str!("parity.tsv");
const HEADER: &str = "vendor\tclaim\tsource\ttest";
const VENDORS: [&str; 3] = ["Entra", "Okta", "Postman"];

/// What is wrong with a table, each with its line.
fn mistakes(table: &str, root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut claims = HashSet::new();
    let mut lines = table.lines();
    if lines.next() != Some(HEADER) {
        found.push(format!("line 1: the header is not {HEADER:?}"));
    }
    for (index, line) in lines.enumerate() {
        let mut wrong = |what: String| found.push(format!("line {}: {what}", index + 2));
        let columns: Vec<&str> = line.split('\t').collect();
        let [vendor, claim, _, test] = columns[..] else {
            wrong(format!("{} columns", columns.len()));
            continue;
        };
        if columns.iter().any(|column| column.trim().is_empty()) {
            wrong("an empty column".to_owned());
        }
        if !VENDORS.contains(&vendor) {
            wrong(format!("unknown vendor {vendor:?}"));
        }
        if !claims.insert((vendor, claim)) {
            wrong(format!("stands here a second time: {claim}"));
        }
        if let Err(what) = find_test(test, root) {
            wrong(what);
        }
    }
    if claims.is_empty() {
        found.push("the table is empty".to_owned());
    }
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_claim_has_a_source_and_a_test() {
    let found = mistakes(TABLE, root());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether a claim begins with these words and this name.
fn is_claimed(words: &str, name: &str) -> bool {
    let beginning = format!("{words} `{name}`");
    TABLE
        .lines()
        .filter_map(|line| line.split('\t').nth(1))
        .any(|claim| claim.starts_with(&beginning))
}

#[test]
fn every_quirk_of_a_client_is_in_the_table() {
    for quirk in scimlab::scim::quirks::QUIRKS {
        let name = quirk.name;
        let claimed = is_claimed("The provider understands", name);
        assert!(claimed, "{name} is not in the table");
    }
}

#[test]
fn a_name_that_is_only_mentioned_is_not_claimed() {
    assert!(is_claimed("The provider understands", "null-ref"));
    for (words, name) in [
        ("The provider understands", "null"),
        ("The provider understands", "ref"),
        ("provider understands", "null-ref"),
    ] {
        assert!(!is_claimed(words, name), "{words} {name}");
    }
}

#[test]
fn a_test_that_does_not_run_proves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("named.rs");
    for (attributes, runs) in [
        ("#[test]", true),
        ("#[test]\n#[should_panic]", true),
        ("/// None of them may ignore this.\n#[test]", true),
        ("#[ignore]\nfn other() {\n}\n\n#[test]", true),
        ("#[test]\n#[ignore]", false),
        ("#[ignore = \"slow\"]\n#[test]", false),
        ("#[test]\n#[ignore = \"slow\"]\n#[should_panic]", false),
        (
            "#[test]\n#[cfg_attr(\n    debug_assertions,\n    ignore\n)]",
            false,
        ),
    ] {
        std::fs::write(&file, format!("{attributes}\nfn some() {{\n    f();\n}}\n")).unwrap();
        let found = find_test("named.rs::some", root.path());
        assert_eq!(found.is_ok(), runs, "{attributes}: {found:?}");
    }
}

#[test]
fn a_bad_table_is_noticed() {
    let good = "Entra\ta claim\ta page\ttests/parity/main.rs::a_bad_table_is_noticed";
    let table = |rows: &[&str]| format!("{HEADER}\n{}\n", rows.join("\n"));
    assert_eq!(mistakes(&table(&[good]), root()), [""; 0]);
    let here = "tests/parity/main.rs";
    let row = |test: &str| format!("Okta\tx\ty\t{test}");
    for (rows, expected) in [
        (table(&[good, good]), "line 3: stands here a second time"),
        (
            table(&[&good.replace("Entra", "Ping")]),
            "line 2: unknown vendor",
        ),
        (
            table(&[&good.replace("a page", " ")]),
            "line 2: an empty column",
        ),
        (table(&["Entra\ta claim\ta page"]), "line 2: 3 columns"),
        (
            table(&[&row("a_bad_table_is_noticed")]),
            "is not file::function",
        ),
        (table(&[&row("tests/none.rs::x")]), "tests/none.rs: "),
        (
            table(&[&row(&format!("{here}::nothing_of_the_kind"))]),
            "has no nothing_of_the_kind",
        ),
        (
            table(&[&row(&format!("{here}::a_bad_table"))]),
            "has no a_bad_table",
        ),
        (
            table(&[&row(&format!("{here}::mistakes"))]),
            "is not a test",
        ),
        (table(&[]).replace(HEADER, "a\tb"), "line 1: the header"),
        (format!("{HEADER}\n"), "the table is empty"),
    ] {
        let found = mistakes(&rows, root());
        assert!(
            found.iter().any(|what| what.contains(expected)),
            "{expected}: {found:?}"
        );
    }
}
