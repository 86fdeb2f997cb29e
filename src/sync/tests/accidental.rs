//! The prevention of accidental deletions: what is above the threshold is held back, told, and approved or rejected.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::directory::{applications, groups, users};
use crate::id::Seq;
use crate::model::{
    Action, CycleKind, CycleState, Deletions, JobStatus, ObjectRef, QuarantineReason, Scope,
};
use crate::store::jobs as rows;
use crate::sync::jobs::{self, RestartScope};
use crate::sync::run_cycle;
use crate::sync::testing::{Lab, operator};

/// Six people and a group are provisioned; at most three may go in one cycle.
fn lab() -> Lab {
    let lab = Lab::new(Scope::AssignedOnly);
    let mut all: Vec<ObjectRef> = (0..6)
        .map(|n| ObjectRef::user(lab.user(&format!("user{n}"), None)))
        .collect();
    all.push(ObjectRef::group(lab.group("Eng", &[])));
    lab.assigned(&all, true);
    lab.configure(|job| {
        job.settings.delete_threshold = Some(3);
        job.notification_email = Some("ops@example.com".into());
    });
    assert_eq!(lab.cycle().counts.created, 7);
    lab.target.seen();
    lab
}

fn people(numbers: std::ops::RangeInclusive<u64>) -> Vec<ObjectRef> {
    numbers.map(|n| ObjectRef::user(Seq(n))).collect()
}

fn staged(lab: &Lab) -> usize {
    let log = lab.log();
    log.iter()
        .filter(|e| e.action == Action::StagedDelete)
        .count()
}

/// Two people are unassigned, one is purged, the group goes: four, of users and groups, disabled and deleted.
fn four_leave(lab: &Lab) {
    lab.assigned(&people(1..=2), false);
    let now = lab.now();
    lab.write(move |tx| {
        users::delete(tx, &operator(), Seq(1), Seq(3), now)?;
        users::purge(tx, &operator(), Seq(1), Seq(3), now)?;
        groups::delete(tx, &operator(), Seq(1), Seq(1), now)
    });
}

#[test]
fn as_many_as_the_threshold_go() {
    let lab = lab();
    lab.assigned(&people(1..=3), false);
    let cycle = lab.cycle();
    assert_eq!(
        (cycle.counts.disabled, cycle.deletions),
        (3, Deletions::Allowed)
    );
    assert_eq!(lab.job().status, JobStatus::Active);
}

#[test]
fn above_it_nothing_goes_and_the_job_is_in_quarantine() {
    let lab = lab();
    four_leave(&lab);
    lab.rename(Seq(6), "Somebody else");
    let cycle = lab.cycle();
    let counts = cycle.counts;
    assert_eq!(cycle.deletions, Deletions::Held);
    assert_eq!((counts.disabled, counts.deleted, counts.staged), (0, 0, 4));
    // Everything else is provisioned.
    let sent = lab.target.writes();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains("Somebody else"));
    assert_eq!(staged(&lab), 4);

    let job = lab.job();
    let quarantine = job.quarantine.unwrap();
    assert_eq!(job.status, JobStatus::Quarantine);
    assert_eq!(quarantine.reason, QuarantineReason::TooManyDeletes);
    assert_eq!(quarantine.error.error_code, "TooManyDeletes");
    let mail = (
        "ops@example.com".into(),
        "Deletions of Postman are held back".into(),
    );
    assert_eq!(lab.mails(), [mail]);

    // Attempts go on, and what is held back stays so, though nothing changed since.
    lab.pass(Duration::from_hours(1));
    assert!(lab.target.writes().is_empty());
    assert_eq!(lab.job().quarantine.unwrap().count, 4);
    assert_eq!(lab.mails().len(), 1);
}

#[test]
fn deletes_that_are_allowed_go_in_the_next_cycle_which_is_no_initial_one() {
    let lab = lab();
    four_leave(&lab);
    lab.cycle();
    let (key, now) = (lab.key, lab.now());
    let scope = RestartScope::FORCE_DELETES;
    lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
    assert_eq!(lab.job().next_run, Some(now));
    let cycle = lab.cycle();
    assert_eq!(cycle.kind, CycleKind::Incremental);
    assert_eq!((cycle.counts.disabled, cycle.counts.deleted), (2, 2));
    let job = lab.job();
    assert_eq!((job.status, job.quarantine), (JobStatus::Active, None));
    assert!(!job.force_deletes, "for one cycle");
    let tx = lab.context.store.read().unwrap();
    assert!(rows::held_deletions(&tx, lab.key).unwrap().is_empty());
}

#[test]
fn an_allowance_ends_with_the_rules_it_was_given_under() {
    let lab = lab();
    four_leave(&lab);
    lab.cycle();
    let (key, now, rules) = (lab.key, lab.now(), lab.job().rules);
    lab.write(move |tx| {
        jobs::restart(tx, &operator(), key, RestartScope::FORCE_DELETES, now)?;
        jobs::set_rules(tx, &operator(), key, rules, now)
    });
    assert_eq!(lab.cycle().deletions, Deletions::Held);
    assert!(lab.target.writes().is_empty());
}

#[test]
fn rejected_by_mending_the_cause_nothing_is_deleted() {
    for restart in [true, false] {
        let lab = lab();
        lab.assigned(&people(1..=5), false);
        lab.cycle();
        lab.assigned(&people(1..=4), true);
        if restart {
            let (key, now) = (lab.key, lab.now());
            let scope = RestartScope::default();
            lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
        }
        let cycle = lab.cycle();
        assert_eq!((cycle.counts.disabled, cycle.counts.deleted), (1, 0));
        let job = lab.job();
        assert_eq!((job.status, job.quarantine), (JobStatus::Active, None));
    }
}

#[test]
fn an_initial_cycle_counts_what_it_knows_of() {
    let lab = lab();
    lab.assigned(&people(1..=4), false);
    let (key, now) = (lab.key, lab.now());
    let scope = RestartScope::default();
    lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
    let cycle = lab.cycle();
    assert_eq!(
        (cycle.kind, cycle.deletions),
        (CycleKind::Initial, Deletions::Held)
    );
    assert!(lab.target.writes().is_empty());
    assert_eq!(staged(&lab), 4);
}

#[test]
fn a_threshold_of_nothing_lets_nobody_go() {
    let lab = lab();
    lab.configure(|job| job.settings.delete_threshold = Some(0));
    lab.assigned(&people(1..=1), false);
    assert_eq!(lab.cycle().counts.staged, 1);
    assert!(lab.target.writes().is_empty());
}

#[test]
fn who_leaves_after_the_count_is_held_back_too() {
    // Somebody unassigns everybody while the cycle runs. The count saw nobody leave.
    let mut lab = lab();
    lab.context.settings.batch = 1;
    lab.context.settings.source_page = 1;
    for n in 1..=6 {
        lab.rename(Seq(n), &format!("Renamed {n}"));
    }
    let (store, app, saves) = (
        lab.context.store.clone(),
        lab.app,
        Arc::new(AtomicUsize::new(0)),
    );
    let now = lab.now();
    lab.context.settings.observer = Some(Arc::new(move |_| {
        if saves.fetch_add(1, Ordering::SeqCst) == 0 {
            store
                .write(move |tx| -> crate::error::Result<()> {
                    for n in 1..=6 {
                        let user = ObjectRef::user(Seq(n));
                        applications::unassign(tx, &operator(), Seq(1), app, user, now)?;
                    }
                    Ok(())
                })
                .unwrap();
        }
        ControlFlow::Continue(())
    }));
    let counts = run_cycle(&lab.context, lab.key).unwrap().counts;
    assert!(counts.disabled <= 3, "{counts:?}");
    lab.context.settings.observer = None;
    // Whatever the pages in flight had read before: never more than the threshold, and the next cycle counts all.
    let cycle = lab.cycle();
    assert!(cycle.counts.disabled + cycle.counts.deleted <= 3);
}

#[test]
fn a_cycle_that_died_keeps_its_verdict() {
    let mut lab = lab();
    four_leave(&lab);
    lab.context.settings.batch = 1;
    lab.context.settings.observer = Some(Arc::new(|_| ControlFlow::Break(())));
    assert_eq!(lab.cycle().state, CycleState::Running);
    lab.context.settings.observer = None;
    // One comes back: three would be allowed. The verdict of this cycle stays.
    lab.assigned(&people(2..=2), true);
    let resumed = lab.cycle();
    assert_eq!(resumed.deletions, Deletions::Held);
    assert!(lab.target.writes().is_empty());
    // Of the next it is another.
    let next = lab.cycle();
    assert_eq!(
        (next.deletions, next.counts.disabled, next.counts.deleted),
        (Deletions::Allowed, 1, 2)
    );
    assert_eq!(lab.job().status, JobStatus::Active);
}

#[test]
fn what_went_before_the_agent_was_killed_counts_after_it_was_interrupted_again() {
    let mut lab = lab();
    lab.assigned(&people(1..=3), false);
    let (key, now) = (lab.key, lab.now());
    let scope = RestartScope::default();
    lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
    // Killed after three were disabled, before that was saved: the target knows, the cycle does not.
    for id in ["U1", "U2", "U3"] {
        lab.target.set("Users", id, "active", false);
    }
    lab.context.settings.observer = Some(Arc::new(|cycle| {
        if cycle.counts.examined == 6 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }));
    let interrupted = lab.cycle();
    assert_eq!(interrupted.state, CycleState::Running);
    assert_eq!(interrupted.counts.disabled, 0, "found so");
    lab.context.settings.observer = None;
    // The group leaves while nobody runs: it would be the fourth.
    lab.assigned(&[ObjectRef::group(Seq(1))], false);
    let counts = lab.cycle().counts;
    assert_eq!((counts.deleted, counts.staged), (0, 1));
    assert_eq!(lab.target.all("Groups").len(), 1);
}
