//! Golden traces of the default dialect.

use serde_json::json;

use crate::clock::Timestamp;
use crate::directory::{groups, users};
use crate::id::Seq;
use crate::model::{CycleKind, CycleState, ObjectRef, Scope};
use crate::sync::jobs::{self, RestartScope};
use crate::sync::testing::{Lab, operator};

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

/// What a cycle asks, without the two requests of the probe.
fn trace(lab: &Lab) -> Vec<String> {
    lab.target.seen();
    lab.cycle();
    let mut seen = lab.target.seen();
    assert!(
        seen[0].starts_with("GET /Users?filter=userName+eq+%22"),
        "{seen:?}"
    );
    assert!(
        seen[1].starts_with("GET /Groups?excludedAttributes=members&filter=displayName+eq+%22"),
        "{seen:?}"
    );
    seen.drain(..2);
    seen
}

fn patch(path: &str, operation: &serde_json::Value) -> String {
    format!("PATCH {path} {}", json!([operation]))
}

#[test]
fn a_new_user_is_looked_for_created_and_given_its_manager() {
    let lab = Lab::new(Scope::All);
    let manager = lab.user("mia", None);
    lab.cycle();
    lab.user("alice", Some(manager));
    assert_eq!(
        trace(&lab),
        [
            "GET /Users?filter=userName+eq+%22alice%40contoso.com%22".to_owned(),
            "POST /Users".to_owned(),
            patch(
                "/Users/U2",
                &json!({ "op": "Add", "path": MANAGER, "value": "U1" })
            ),
        ]
    );
}

#[test]
fn a_new_group_is_created_empty_and_filled_in_one_request() {
    let lab = Lab::new(Scope::All);
    let (a, b) = (lab.user("ann", None), lab.user("bob", None));
    lab.cycle();
    lab.group("Eng", &[a, b]);
    assert_eq!(
        trace(&lab),
        [
            "GET /Groups?excludedAttributes=members&filter=displayName+eq+%22Eng%22".to_owned(),
            "POST /Groups".to_owned(),
            patch(
                "/Groups/G3",
                &json!({ "op": "Add", "path": "members", "value": [{ "value": "U1" }, { "value": "U2" }] })
            ),
        ]
    );
}

#[test]
fn a_changed_attribute_is_read_and_replaced() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    lab.cycle();
    lab.rename(user, "Ann Example");
    assert_eq!(
        trace(&lab),
        [
            "GET /Users/U1".to_owned(),
            patch(
                "/Users/U1",
                &json!({ "op": "Replace", "path": "displayName", "value": "Ann Example" })
            ),
        ]
    );
}

#[test]
fn an_unassigned_user_is_disabled_and_a_reassigned_one_enabled() {
    let lab = Lab::new(Scope::AssignedOnly);
    let user = lab.user("ann", None);
    let who = [ObjectRef::user(user)];
    lab.assigned(&who, true);
    lab.cycle();
    for (on, value) in [(false, "False"), (true, "True")] {
        lab.assigned(&who, on);
        assert_eq!(
            trace(&lab),
            [
                "GET /Users/U1".to_owned(),
                patch(
                    "/Users/U1",
                    &json!({ "op": "Replace", "path": "active", "value": value })
                ),
            ]
        );
    }
}

#[test]
fn a_deleted_user_is_disabled_and_a_purged_one_deleted() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    lab.cycle();
    lab.write(move |tx| users::delete(tx, &operator(), Seq(1), user, Timestamp::default()));
    assert_eq!(trace(&lab).len(), 2);
    assert_eq!(lab.target.all("Users")[0]["active"], json!(false));
    lab.write(move |tx| users::purge(tx, &operator(), Seq(1), user, Timestamp::default()));
    assert_eq!(trace(&lab), ["DELETE /Users/U1"]);
}

#[test]
fn a_user_who_leaves_a_group_stays_a_user() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    let group = lab.group("Eng", &[user]);
    lab.cycle();
    lab.write(move |tx| {
        let member = ObjectRef::user(user);
        groups::remove_member(tx, &operator(), Seq(1), group, member, Timestamp::default())
    });
    let removal = json!({ "op": "Remove", "path": "members", "value": [{ "value": "U1" }] });
    assert_eq!(trace(&lab), [patch("/Groups/G2", &removal)]);
    assert_eq!(lab.target.all("Users")[0]["active"], json!(true));
}

#[test]
fn a_restart_without_changes_reads_everything_and_writes_nothing() {
    let lab = Lab::new(Scope::All);
    let manager = lab.user("mia", None);
    let user = lab.user("ann", Some(manager));
    lab.group("Eng", &[user]);
    lab.cycle();
    let key = lab.key;
    for reset in [RestartScope::default(), RestartScope::FULL] {
        lab.write(move |tx| jobs::restart(tx, &operator(), key, reset, Timestamp::default()));
        assert!(lab.job().watermark.is_none());
        let seen = trace(&lab);
        let writes: Vec<&String> = seen.iter().filter(|s| !s.starts_with("GET ")).collect();
        if reset == RestartScope::FULL {
            // The record of exported members went with the links; adding is idempotent.
            let add = json!({ "op": "Add", "path": "members", "value": [{ "value": "U2" }] });
            assert_eq!(writes, [&patch("/Groups/G3", &add)]);
        } else {
            assert_eq!(
                seen,
                [
                    "GET /Users/U1",
                    "GET /Users/U2",
                    "GET /Groups/G3?excludedAttributes=members"
                ]
            );
        }
    }
    assert!(lab.codes().iter().all(|code| code == "RedundantExport"));
}

#[test]
fn groups_are_read_and_searched_without_their_members() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    lab.group("Eng", &[user]);
    lab.cycle();
    let key = lab.key;
    for (reset, expected) in [
        (
            RestartScope::default(),
            "GET /Groups/G2?excludedAttributes=members",
        ),
        (
            RestartScope::FULL,
            "GET /Groups?excludedAttributes=members&filter=displayName+eq+%22Eng%22",
        ),
    ] {
        lab.write(move |tx| jobs::restart(tx, &operator(), key, reset, Timestamp::default()));
        let mut seen = trace(&lab);
        seen.retain(|request| request.starts_with("GET /Groups"));
        assert_eq!(seen, [expected]);
    }
}

#[test]
fn an_existing_user_is_linked_and_only_differences_are_sent() {
    let lab = Lab::new(Scope::All);
    lab.target.put(
        "Users",
        json!({ "userName": "ann@contoso.com", "displayName": "Old", "active": true, "externalId": "ann" }),
    );
    lab.user("ann", None);
    assert_eq!(
        trace(&lab),
        [
            "GET /Users?filter=userName+eq+%22ann%40contoso.com%22".to_owned(),
            patch(
                "/Users/U1",
                &json!({ "op": "Replace", "path": "displayName", "value": "ann" })
            ),
        ]
    );
}

#[test]
fn managers_of_each_other_are_both_resolved() {
    let lab = Lab::new(Scope::All);
    let a = lab.user("ann", None);
    let b = lab.user("bob", Some(a));
    lab.write(move |tx| {
        users::set_manager(tx, &operator(), Seq(1), a, Some(b), Timestamp::default())
    });
    let seen = trace(&lab);
    let expected = [("U1", "U2"), ("U2", "U1")].map(|(user, manager)| {
        let operation = json!({ "op": "Add", "path": MANAGER, "value": manager });
        patch(&format!("/Users/{user}"), &operation)
    });
    assert_eq!(seen[seen.len() - 2..], expected);
}

#[test]
fn a_manager_out_of_scope_is_reported_and_no_failure() {
    let lab = Lab::new(Scope::AssignedOnly);
    let manager = lab.user("mia", None);
    let user = lab.user("ann", Some(manager));
    lab.assigned(&[ObjectRef::user(user)], true);
    let cycle = lab.cycle();
    assert_eq!(cycle.state, CycleState::Succeeded);
    assert_eq!(cycle.counts.created, 1);
    assert_eq!(
        lab.codes(),
        [
            "NotEffectivelyEntitled",
            "UnableToResolveReferenceAttributeValue"
        ]
    );
}

#[test]
fn an_empty_incremental_cycle_costs_the_probe_only() {
    let lab = Lab::new(Scope::All);
    for n in 0..30 {
        lab.user(&format!("user{n}"), None);
    }
    assert_eq!(lab.cycle().kind, CycleKind::Initial);
    assert!(trace(&lab).is_empty());
    lab.rename(Seq(7), "Renamed");
    assert_eq!(trace(&lab).len(), 2);
    assert_eq!(lab.cycle().kind, CycleKind::Incremental);
}

#[test]
fn a_manager_who_goes_is_cleared() {
    let lab = Lab::new(Scope::All);
    let manager = lab.user("mia", None);
    let user = lab.user("ann", Some(manager));
    lab.cycle();
    lab.write(move |tx| {
        users::set_manager(tx, &operator(), Seq(1), user, None, Timestamp::default())
    });
    let seen = trace(&lab);
    let removal = json!({ "op": "Remove", "path": MANAGER });
    assert_eq!(seen.last(), Some(&patch("/Users/U2", &removal)));
}
