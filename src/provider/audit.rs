//! The record of a team's writes: who did what to which object, and which attributes changed.
//!
//! One event a write, in the write's own transaction, so that there is never one without the other.
//! Names of attributes are kept, values never. What was refused changed nothing and leaves no event.

use crate::access::permission::ViewAuditLogs;
use crate::access::{May, ScimCaller};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Actor, AuditEvent, Operation, Outcome};
use crate::scim::Object;
use crate::store::{Reads, Write, audit as rows};

/// Appends the event of a SCIM request.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers hand over ids and names of any kind"
)]
pub(super) fn of_caller(
    tx: &Write<'_>,
    caller: &ScimCaller,
    now: Timestamp,
    operation: Operation,
    target: impl ToString,
    attributes: Vec<String>,
    outcome: Outcome,
) -> Result<()> {
    let event = AuditEvent {
        at: now,
        by: caller.actor(),
        operation,
        target: target.to_string(),
        attributes,
        outcome,
    };
    Ok(rows::append(tx, caller.team, &event)?)
}

/// Appends the event of an action in the console or at the command line.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers hand over ids and names of any kind"
)]
pub(super) fn of_action(
    tx: &Write<'_>,
    team: Seq,
    by: Actor,
    now: Timestamp,
    operation: Operation,
    target: impl ToString,
    outcome: Outcome,
) -> Result<()> {
    let event = AuditEvent {
        at: now,
        by,
        operation,
        target: target.to_string(),
        attributes: Vec::new(),
        outcome,
    };
    Ok(rows::append(tx, team, &event)?)
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

/// The `limit` events before a position, newest first; without one, the newest. A position is what
/// stands beside each event.
///
/// # Errors
/// The store's.
pub fn list(
    tx: &impl Reads,
    member: &May<ViewAuditLogs>,
    before: Option<Seq>,
    limit: usize,
) -> Result<Vec<(Seq, AuditEvent)>> {
    Ok(rows::page(tx, member.team, before, limit)?)
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
