//! The record of a team's writes: who did what to which object, and which attributes changed.
//!
//! One event a write, in the write's own transaction, so that there is never one without the other.
//! Names of attributes are kept, values never. What was refused changed nothing and leaves no event, but for
//! sign-ins that failed. What is not about one team (operators, repairs at the command line) is in the record of
//! the oldest team.
//!
//! Where a request came from travels inside the proof of who is calling ([`crate::access`]), so no function has an
//! argument for it. How people were called is kept with each event; of a SCIM request the actor is the key, and
//! its author's account stands beside it.

mod entry;
mod find;
mod retention;

pub use entry::By;
pub(super) use entry::{Entry, house};
pub use find::{Event, Filter, Order, Page, Subject, export, get, gone, list, of_person, page};
pub use retention::{RETENTION_DAYS, Swept, keep_for, sweep};

use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Operation, Outcome};
use crate::scim::Object;
use crate::store::Write;

/// Appends the event of an action in the console or at the command line; how the target is called is looked up.
/// Hand over whoever acts (`member`, `operator`, …) rather than its [`Actor`](crate::model::Actor): then the event
/// says where from.
pub(super) fn of_action(
    tx: &Write<'_>,
    team: Seq,
    by: impl Into<By>,
    now: Timestamp,
    operation: Operation,
    target: impl ToString,
    outcome: Outcome,
) -> Result<()> {
    Entry::new(by, now, operation, outcome)
        .of(target)
        .write(tx, team)
}

/// Names of the attributes that differ; those of an extension carry its URN.
pub(super) fn changed(before: &Object, after: &Object) -> Vec<String> {
    let mut names = Vec::new();
    differences(before, after, "", &mut names);
    names.sort_unstable();
    names
}

fn differences(before: &Object, after: &Object, prefix: &str, names: &mut Vec<String>) {
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    for name in after.keys().chain(gone) {
        let (old, new) = (before.get(name), after.get(name));
        if old == new {
            continue;
        }
        // Only extensions have a colon in their name: their attributes are named one by one.
        if name.contains(':') {
            let none = Object::new();
            let data =
                |value: Option<&serde_json::Value>| value.and_then(|v| v.as_object().cloned());
            let (old, new) = (data(old), data(new));
            let inside = format!("{name}:");
            differences(
                old.as_ref().unwrap_or(&none),
                new.as_ref().unwrap_or(&none),
                &inside,
                names,
            );
        } else {
            names.push(format!("{prefix}{name}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_what_changed_are_sorted_and_extensions_name_their_attributes() {
        let object = |value: serde_json::Value| value.as_object().unwrap().clone();
        let before = object(json!({
            "userName": "a", "active": true, "title": "x", "urn:x:User": { "a": 1, "b": 2 }
        }));
        let after = object(json!({
            "userName": "b", "active": true, "nickName": "n", "urn:x:User": { "a": 1, "b": 3 }
        }));
        assert_eq!(
            changed(&before, &after),
            ["nickName", "title", "urn:x:User:b", "userName"]
        );
        assert!(changed(&after, &after).is_empty());
        assert_eq!(changed(&Object::new(), &after).len(), 5);
    }
}
