//! What the status of a job counts, in the terms of `synchronizationStatus` and `synchronizationTaskExecution`.

use crate::directory::users;
use crate::id::Seq;
use crate::model::{CycleKind, CycleState, ObjectKind, ObjectRef, Scope};
use crate::store::jobs as rows;
use crate::sync::testing::{Fault, Lab, operator};

#[test]
fn a_cycle_counts_what_graph_shows() {
    let lab = Lab::new(Scope::AssignedOnly);
    let boss = lab.user("mia", None);
    let ann = lab.user("ann", Some(boss));
    let off = lab.user("off", None);
    lab.user("nobody", None);
    let group = lab.group("Eng", &[ann]);
    lab.assigned(&[boss, ann, off].map(ObjectRef::user), true);
    lab.assigned(&[ObjectRef::group(group)], true);
    let now = lab.now();
    lab.write(move |tx| users::set_account_enabled(tx, &operator(), Seq(1), off, false, now));
    let cycle = lab.cycle();
    let c = cycle.counts;
    assert_eq!(cycle.kind, CycleKind::Initial);
    assert_eq!(
        (c.examined, c.entitled, c.entitled_for_provisioning),
        (5, 4, 3)
    );
    // Three objects, then a manager and a member.
    assert_eq!((c.exported, c.exports, c.reference_deltas), (3, 5, 2));
    assert_eq!((c.escrowed, c.escrowed_raw, c.unresolved), (0, 0, 0));

    lab.rename(ann, "Ann Lee");
    let c = lab.cycle().counts;
    assert_eq!((c.examined, c.exported, c.exports), (1, 1, 1));
}

#[test]
fn the_latest_successful_cycles_and_the_steady_state_are_kept() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    let first = lab.cycle().seq;
    let second = lab.cycle().seq;
    let job = lab.job();
    assert_eq!(job.last_successful, Some(second));
    assert_eq!(job.last_successful_with_exports, Some(first));
    let steady = job.steady_state_first.unwrap();
    assert_eq!(job.steady_state_last, Some(steady));

    lab.clock.advance(std::time::Duration::from_mins(40));
    lab.target.chaos(|method, _| {
        let body = "{}";
        (method == "PATCH").then_some(Fault::Answer(400, "application/scim+json", body))
    });
    lab.rename(user, "Ann Lee");
    assert_eq!(lab.cycle().state, CycleState::EntryLevelErrors);
    let job = lab.job();
    assert_eq!(job.last_successful, Some(second));
    assert_eq!(job.steady_state_last, Some(steady));
}

/// Users and groups of the statistics are the entries of the connector data store: they do not go down when users are
/// disabled, but when they are deleted.
#[test]
fn disabled_users_stay_in_the_statistics() {
    let lab = Lab::new(Scope::All);
    let (ann, bob) = (lab.user("ann", None), lab.user("bob", None));
    lab.group("Eng", &[]);
    lab.cycle();
    let count =
        |kind| rows::count_links(&lab.context.store.read().unwrap(), lab.key, kind).unwrap();
    assert_eq!((count(ObjectKind::User), count(ObjectKind::Group)), (2, 1));
    let now = lab.now();
    lab.write(move |tx| {
        users::set_account_enabled(tx, &operator(), Seq(1), ann, false, now)?;
        users::delete(tx, &operator(), Seq(1), bob, now)
    });
    assert_eq!(lab.cycle().counts.disabled, 2);
    assert_eq!(count(ObjectKind::User), 2);
    lab.write(move |tx| users::purge(tx, &operator(), Seq(1), bob, now));
    lab.cycle();
    assert_eq!(count(ObjectKind::User), 1);
    let clean = crate::store::check(&lab.context.store.read().unwrap()).unwrap();
    assert!(clean.is_empty(), "{clean:?}");
}

#[test]
fn progress_is_told_in_pages() {
    let lab = Lab::new(Scope::All);
    let mut cycle = lab.cycle();
    cycle.state = CycleState::Running;
    for (done, total, pages) in [
        (0, 0, (0, 0)),
        (0, 1, (0, 1)),
        (199, 400, (0, 2)),
        (200, 400, (1, 2)),
        (400, 401, (2, 3)),
        // The total is an estimate.
        (500, 400, (2, 3)),
    ] {
        (cycle.done, cycle.total) = (done, total);
        assert_eq!(cycle.pages(), pages, "{done} of {total}");
    }
    cycle.state = CycleState::Succeeded;
    assert_eq!(cycle.pages(), (3, 3));
}
