//! What the seeds' tutorials and the notes on Postman's console (part 3) let an administrator do, each with the
//! test that does it. `seed 002` is Postman's page on SCIM of 2022, `seed 003` the one on Entra of 2025.

use std::collections::BTreeSet;
use std::path::Path;

use crate::named::find_test;

const TABLE: &str = include_str!("actions.tsv");
const HEADER: &str = "where\taction\ttest";
/// Documents and their parts; each has rows.
const PLACES: [&str; 7] = ["seed 002", "seed 003", "3.1", "3.2", "3.3", "3.4", "3.5"];

/// What is wrong with a table, each with its line.
fn mistakes(table: &str, root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut places = BTreeSet::new();
    let mut actions = BTreeSet::new();
    let mut lines = table.lines();
    if lines.next() != Some(HEADER) {
        found.push(format!("line 1: the header is not {HEADER:?}"));
    }
    for (index, line) in lines.enumerate() {
        let mut wrong = |what: String| found.push(format!("line {}: {what}", index + 2));
        let columns: Vec<&str> = line.split('\t').collect();
        let [place, action, test] = columns[..] else {
            wrong(format!("{} columns", columns.len()));
            continue;
        };
        if !PLACES.contains(&place) {
            wrong(format!("unknown place {place:?}"));
        }
        places.insert(place);
        if action.trim().is_empty() || !actions.insert((place, action)) {
            wrong(format!("empty, or here a second time: {action:?}"));
        }
        if let Err(what) = find_test(test, root) {
            wrong(what);
        }
    }
    for place in PLACES.iter().filter(|place| !places.contains(*place)) {
        found.push(format!("nothing of {place}"));
    }
    found
}

#[test]
fn every_documented_action_of_an_administrator_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = mistakes(TABLE, root);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let mut worse = TABLE.replace("seed 003", "seed 002");
    worse.push_str("3.5\tsomething\ttests/parity/actions.rs::not_there\n");
    let found = mistakes(&worse, root).join("\n");
    assert!(found.contains("nothing of seed 003"), "{found}");
    assert!(found.contains("has no not_there"), "{found}");
}
