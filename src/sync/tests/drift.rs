//! What an incremental cycle never does: it repairs nothing that others changed in the target, reads no members, and
//! does not look again at a member that was out of scope.

use crate::directory::groups;
use crate::id::Seq;
use crate::model::{ObjectRef, Scope};
use crate::sync::jobs::{self, RestartScope};
use crate::sync::testing::{Lab, operator};

#[test]
fn a_change_in_the_target_is_repaired_when_the_object_changes_or_all_are_compared_only() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    lab.cycle();
    let shown = |lab: &Lab| lab.target.all("Users")[0]["displayName"].clone();
    lab.target.set("Users", "U1", "displayName", "Drifted");
    lab.target.seen();
    lab.cycle();
    assert_eq!(shown(&lab), "Drifted");
    assert!(
        lab.target.seen().iter().all(|r| !r.contains("U1")),
        "not even read"
    );
    // Another attribute changes in the source: the engine compares, and repairs.
    lab.set(user, "jobTitle", "Boss");
    lab.cycle();
    assert_eq!(shown(&lab), "ann");

    lab.target.set("Users", "U1", "displayName", "Drifted");
    let (key, now) = (lab.key, lab.now());
    let scope = RestartScope::default();
    lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
    lab.cycle();
    assert_eq!(shown(&lab), "ann");
}

#[test]
fn members_are_never_read_and_their_drift_is_never_noticed() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    let group = lab.group("Eng", &[user]);
    lab.cycle();
    lab.target
        .set("Groups", "G2", "members", serde_json::json!([]));
    lab.target.seen();
    let (now, key) = (lab.now(), lab.key);
    lab.rename_group(group, "Engineering");
    lab.cycle();
    // The group was read, without its members.
    let seen = lab.target.seen();
    let reads: Vec<&String> = seen
        .iter()
        .filter(|r| r.starts_with("GET /Groups/"))
        .collect();
    assert_eq!(reads, ["GET /Groups/G2?excludedAttributes=members"]);
    let scope = RestartScope::default();
    lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
    lab.cycle();
    assert!(lab.target.writes().is_empty());
    assert_eq!(
        lab.target.all("Groups")[0]["members"],
        serde_json::json!([])
    );
}

#[test]
fn a_member_that_comes_into_scope_later_is_added_when_the_group_changes_or_after_a_restart() {
    for restart in [false, true] {
        let lab = Lab::new(Scope::AssignedOnly);
        let (ann, bob) = (lab.user("ann", None), lab.user("bob", None));
        let group = lab.group("Eng", &[ann]);
        // Nested: the members of the outer group come into scope by assignment of their own only.
        let (now, key) = (lab.now(), lab.key);
        let outer = lab.group("Outer", &[]);
        lab.write(move |tx| {
            let inner = ObjectRef::group(group);
            groups::add_member(tx, &operator(), Seq(1), outer, inner, now)
        });
        lab.assigned(&[ObjectRef::group(outer)], true);
        lab.cycle();
        assert_eq!(
            lab.codes().last().unwrap(),
            "UnableToResolveReferenceAttributeValue"
        );
        // The inner group comes into scope: it is created, but not added.
        lab.assigned(&[ObjectRef::group(group)], true);
        lab.target.seen();
        lab.cycle();
        let sent = lab.target.writes();
        assert!(
            sent.iter().any(|r| r.starts_with("POST /Groups")),
            "{sent:?}"
        );
        assert!(
            !sent.iter().any(|r| r.starts_with("PATCH /Groups/G1")),
            "{sent:?}"
        );
        if restart {
            let scope = RestartScope::default();
            lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
        } else {
            lab.assigned(&[ObjectRef::user(bob)], true);
            lab.join(outer, bob);
        }
        lab.cycle();
        let outer = lab
            .target
            .all("Groups")
            .into_iter()
            .find(|g| g["displayName"] == "Outer")
            .unwrap();
        let members = outer["members"].as_array().unwrap().len();
        assert_eq!(members, if restart { 1 } else { 2 });
    }
}
