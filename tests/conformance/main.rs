//! The examples of SCIM conformance (RFC 7643, RFC 7644, RFC 9865, and what clients send), each with the
//! test that proves it.
//!
//! `rows.tsv` has one line for each example and profile. This program holds it to the tree: a row names a
//! test that exists and says the row's id, and no test says an id that has no row. It prints the listing
//! (`cargo test --test conformance -- --nocapture`) and holds the README's table to it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../parity/named.rs"]
mod named;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use named::find_test;

const TABLE: &str = include_str!("rows.tsv");
const HEADER: &str = "id\tprofile\ttest";

/// Prefix of the ids of an area, what it is about, and where profiles differ in it.
const AREAS: [(&str, &str, &str); 13] = [
    (
        "DISC",
        "Discovery, media types",
        "strict answers 406 to an `Accept` without JSON",
    ),
    ("AUTH", "Authentication, tenancy", ""),
    (
        "POST",
        "Create",
        "strict refuses unknown and repeated schemas, unknown attributes, one object for a list, \
         countries that are no code",
    ),
    ("GET", "Read, projection", ""),
    (
        "FLT",
        "Filters",
        "strict refuses a text where a boolean is compared",
    ),
    ("PAGE", "Sort, pages, cursors, search", ""),
    ("PUT", "Replace", "strict clears `active` too"),
    (
        "PAT",
        "PATCH of users",
        "strict refuses texts for booleans, read-only keys with other values, value paths without a \
         match, one object for a list, URN keys, a text or list for a manager",
    ),
    (
        "GRP",
        "PATCH of groups",
        "strict lets two groups have one name, refuses `remove` with a value and another `id` in a value",
    ),
    ("DEL", "Delete, versions", ""),
    ("BULK", "Bulk", ""),
    (
        "EVIL",
        "Hostile and odd input",
        "strict refuses user names that PRECIS disallows",
    ),
    (
        "MISC",
        "What Entra and Okta send",
        "strict refuses texts for booleans",
    ),
];

/// Whether the example is the same in every profile, or what a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Profile {
    Every,
    Standard,
    Strict,
}

/// Profile and test of each example.
type Rows = BTreeMap<String, Vec<(Profile, String)>>;

/// Reads a table; what is wrong with it, each with its line.
fn read(table: &str, root: &Path) -> (Rows, Vec<String>) {
    let mut rows = Rows::new();
    let mut found = Vec::new();
    let mut lines = table.lines();
    if lines.next() != Some(HEADER) {
        found.push(format!("line 1: the header is not {HEADER:?}"));
    }
    for (index, line) in lines.enumerate() {
        let mut wrong = |what: String| found.push(format!("line {}: {what}", index + 2));
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, profile, test] = columns[..] else {
            wrong(format!("{} columns", columns.len()));
            continue;
        };
        if ids(id).collect::<Vec<_>>() != [id] {
            wrong(format!("{id:?} is no id"));
        }
        let profile = match profile {
            "every" => Profile::Every,
            "standard" => Profile::Standard,
            "strict" => Profile::Strict,
            other => {
                wrong(format!("unknown profile {other:?}"));
                continue;
            }
        };
        match find_test(test, root) {
            Ok(body) if ids(&body).any(|named| named == id) => {}
            Ok(_) => wrong(format!("{test} does not say {id}")),
            Err(what) => wrong(what),
        }
        let tests: &mut Vec<(Profile, String)> = rows.entry(id.to_owned()).or_default();
        if tests.iter().any(|(other, _)| *other == profile) {
            wrong(format!("{id} stands here a second time"));
        }
        tests.push((profile, test.to_owned()));
    }
    for (id, tests) in &rows {
        let mut profiles: Vec<Profile> = tests.iter().map(|(profile, _)| *profile).collect();
        profiles.sort();
        if profiles != [Profile::Every] && profiles != [Profile::Standard, Profile::Strict] {
            found.push(format!("{id} is tested in {profiles:?}"));
        }
    }
    (rows, found)
}

/// The ids of examples in a text.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .filter(|word| {
            word.split_once('-').is_some_and(|(area, number)| {
                AREAS.iter().any(|(prefix, ..)| *prefix == area)
                    && number.len() == 2
                    && number.bytes().all(|b| b.is_ascii_digit())
            })
        })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a directory of the tree.
fn sources(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(directory)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_example_has_a_test_that_names_it() {
    let (rows, found) = read(TABLE, root());
    assert!(found.is_empty(), "{}", found.join("\n"));
    for (area, ..) in AREAS {
        assert!(rows.keys().any(|id| id.starts_with(area)), "no {area}");
    }
}

#[test]
fn no_test_names_an_example_that_does_not_exist() {
    let (rows, _) = read(TABLE, root());
    let mut unknown = Vec::new();
    for file in sources("tests").into_iter().chain(sources("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for id in ids(&text).filter(|id| !rows.contains_key(*id)) {
            unknown.push(format!("{}: {id}", file.display()));
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

/// The README's table, as it has to stand there. Only tests that the listing names are counted; one may
/// prove many examples.
fn summary(rows: &Rows) -> String {
    let mut text =
        String::from("| area | examples | tests | where profiles differ |\n|---|---|---|---|\n");
    let mut all = BTreeSet::new();
    for (area, title, differences) in AREAS {
        let rows = rows.iter().filter(|(id, _)| id.starts_with(area));
        let tests: BTreeSet<&String> = rows.clone().flat_map(|(_, t)| t).map(|(_, t)| t).collect();
        let examples = rows.count();
        let _ = writeln!(
            text,
            "| {title} ({area}) | {examples} | {} | {differences} |",
            tests.len()
        );
        all.extend(tests);
    }
    let _ = writeln!(text, "| all | {} | {} | |", rows.len(), all.len());
    text
}

#[test]
fn the_readme_shows_what_is_tested() {
    let (rows, _) = read(TABLE, root());
    for (id, tests) in &rows {
        for (profile, test) in tests {
            println!("{id}\t{profile:?}\t{test}");
        }
    }
    let summary = summary(&rows);
    println!("{summary}");
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.contains(&summary),
        "the README's conformance table has to be:\n{summary}"
    );
}

#[test]
fn a_bad_table_is_noticed() {
    let table = |rows: &[&str]| format!("{HEADER}\n{}\n", rows.join("\n"));
    let here = "tests/conformance/main.rs";
    // The table below makes this test one that says DISC-01 and PUT-02.
    let good = format!("DISC-01\tevery\t{here}::a_bad_table_is_noticed");
    assert_eq!(read(&table(&[&good]), root()).1, [""; 0]);
    for (row, expected) in [
        (good.as_str(), "line 3: DISC-01 stands here a second time"),
        ("DISC-1\tevery\tx", "\"DISC-1\" is no id"),
        ("PUT-02\tlenient\tx", "unknown profile"),
        ("PUT-02\tevery", "2 columns"),
        ("PUT-02\tevery\ttests/none.rs::x", "tests/none.rs: "),
        (
            "PUT-02\tevery\ttests/conformance/main.rs::find_test",
            "has no find_test",
        ),
        (
            "PUT-02\tevery\ttests/conformance/main.rs::the_readme_shows_what_is_tested",
            "does not say PUT-02",
        ),
        (
            "PUT-02\tstrict\ttests/conformance/main.rs::a_bad_table_is_noticed",
            "PUT-02 is tested in [Strict]",
        ),
    ] {
        let found = read(&table(&[&good, row]), root()).1;
        assert!(
            found.iter().any(|what| what.contains(expected)),
            "{expected}: {found:?}"
        );
    }
}
