//! Retries of single objects: the published series, its end after 28 days, and what ends it early.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::model::{CycleState, JobStatus, Scope, Status};
use crate::store::jobs as rows;
use crate::sync::jobs;
use crate::sync::testing::{Fault, Lab, operator};

const JSON: &str = "application/scim+json";
const DAY: Duration = Duration::from_hours(24);

/// A lab in which every creation is answered with this status.
fn refusing(status: u16) -> Lab {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.target
        .chaos(move |method, _| (method == "POST").then_some(Fault::Answer(status, JSON, "{}")));
    lab
}

fn posts(lab: &Lab) -> usize {
    let seen = lab.target.seen();
    seen.iter().filter(|r| r.starts_with("POST")).count()
}

/// Hours after `began` at which creations were tried, up to a number of hours.
fn tried(lab: &Lab, hours: u64) -> Vec<u64> {
    let began = lab.now();
    let mut tried = Vec::new();
    for _ in 0..hours * 3 {
        lab.pass(Duration::from_mins(20));
        for _ in 0..posts(lab) {
            tried.push(lab.now().since(began).as_secs() / 3600);
        }
    }
    tried
}

#[test]
fn lasting_failures_are_tried_after_6_12_and_24_hours_and_then_daily() {
    let lab = refusing(409);
    assert_eq!(tried(&lab, 75), [0, 6, 12, 24, 48, 72]);
}

#[test]
fn transient_failures_are_tried_in_the_next_cycle_first() {
    for status in [429, 500, 503] {
        let lab = refusing(status);
        assert_eq!(tried(&lab, 50), [0, 0, 6, 12, 24, 48], "{status}");
    }
}

#[test]
fn the_reason_says_how_often_it_was_retried_and_when_it_is_again() {
    let lab = refusing(409);
    lab.pass(Duration::from_hours(13));
    let reasons: Vec<String> = lab
        .log()
        .into_iter()
        .filter(|e| e.status == Status::Failure)
        .map(|e| e.error.unwrap().reason)
        .collect();
    // The clock of the tests begins at 2025-06-15T15:06:40Z.
    for (reason, (retried, again)) in reasons.iter().zip([
        (0, "2025-06-15T21:06:40.0000000Z"),
        (1, "2025-06-16T03:06:40.0000000Z"),
        (2, "2025-06-16T15:06:40.0000000Z"),
    ]) {
        let sentence = format!(
            "This operation was retried {retried} times. It will be retried again after this date: {again} UTC"
        );
        assert!(reason.ends_with(&sentence), "{reason}");
    }
    assert_eq!(reasons.len(), 3);
}

#[test]
fn after_28_days_the_entry_ends_and_the_job_is_disabled() {
    let lab = refusing(409);
    lab.configure(|job| job.notification_email = Some("ops@example.com".into()));
    // Just before: still tried every day.
    lab.pass((28 * DAY).checked_sub(Duration::from_secs(1)).unwrap());
    assert_eq!(lab.job().status, JobStatus::Active);
    let escrows = || rows::escrows(&lab.context.store.read().unwrap(), lab.key).unwrap();
    let waiting = escrows();
    assert_eq!((waiting.len(), waiting[0].attempts), (1, 30));
    assert!(lab.mails().is_empty(), "single objects mail nobody");

    lab.pass(Duration::from_hours(1));
    let job = lab.job();
    assert_eq!((job.status, job.next_run), (JobStatus::Disabled, None));
    let disabled = job.disabled.unwrap();
    assert_eq!(disabled.error.error_code, "EntryConflict");
    assert!(
        disabled
            .error
            .reason
            .starts_with("'ann' failed for 28 days")
    );
    assert!(escrows().is_empty());
    assert_eq!(
        lab.mails(),
        [(
            "ops@example.com".into(),
            "Provisioning of Postman was disabled".into()
        )]
    );
    lab.target.seen();
    assert_eq!(lab.pass(10 * DAY), 0);

    // Started again, it goes on where it was; the object is tried when it changes.
    let (key, now) = (lab.key, lab.now());
    lab.target.calm();
    lab.rename(crate::id::Seq(1), "Ann");
    lab.write(move |tx| jobs::start(tx, &operator(), key, now));
    lab.pass(Duration::from_secs(1));
    let job = lab.job();
    assert_eq!((job.status, job.disabled), (JobStatus::Active, None));
    assert_eq!(lab.target.all("Users").len(), 1);
}

#[test]
fn a_retry_that_succeeds_ends_the_escrow() {
    let lab = refusing(409);
    lab.pass(Duration::from_hours(1));
    lab.target.calm();
    let waiting = || rows::count_escrows(&lab.context.store.read().unwrap(), lab.key).unwrap();
    assert_eq!(waiting(), 1);
    lab.pass(Duration::from_hours(6));
    assert_eq!((waiting(), lab.target.all("Users").len()), (0, 1));
}

#[test]
fn a_change_in_the_source_is_tried_in_the_next_cycle() {
    let lab = refusing(409);
    lab.cycle();
    lab.target.seen();
    lab.clock.advance(Duration::from_mins(40));
    lab.cycle();
    assert_eq!(posts(&lab), 0);
    lab.rename(crate::id::Seq(1), "Ann");
    lab.clock.advance(Duration::from_mins(40));
    lab.cycle();
    assert_eq!(posts(&lab), 1);
    // The series goes on from the first failure.
    let escrow = rows::escrows(&lab.context.store.read().unwrap(), lab.key).unwrap();
    assert_eq!(escrow[0].attempts, 2);
}

/// How many members the first group of the target has.
fn members(lab: &Lab) -> usize {
    let groups = lab.target.all("Groups");
    groups[0]["members"].as_array().map_or(0, Vec::len)
}

fn waiting(lab: &Lab) -> u64 {
    rows::count_escrows(&lab.context.store.read().unwrap(), lab.key).unwrap()
}

#[test]
fn a_group_whose_members_failed_keeps_them_when_only_its_name_changes() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    let group = lab.group("Eng", &[ann]);
    lab.target.chaos(|method, path| {
        (method == "PATCH" && path.contains("/Groups/")).then_some(Fault::Answer(409, JSON, "{}"))
    });
    lab.cycle();
    assert_eq!(waiting(&lab), 1);
    lab.target.calm();
    lab.clock.advance(Duration::from_mins(40));
    lab.rename_group(group, "Engineering");
    lab.cycle();
    assert_eq!((waiting(&lab), members(&lab)), (0, 1));
}

#[test]
fn who_is_created_after_a_change_comes_into_the_groups_that_waited() {
    let lab = refusing(409);
    let ann = crate::id::Seq(1);
    lab.target.chaos(|method, path| {
        let hit = method == "POST" && path.contains("/Users");
        hit.then_some(Fault::Answer(409, JSON, "{}"))
    });
    lab.group("Eng", &[ann]);
    lab.cycle();
    assert_eq!((waiting(&lab), lab.target.all("Groups").len()), (1, 1));
    lab.target.calm();
    lab.clock.advance(Duration::from_mins(40));
    lab.rename(ann, "Ann");
    lab.cycle();
    assert_eq!((waiting(&lab), members(&lab)), (0, 1));
}

#[test]
fn who_becomes_due_while_a_cycle_is_interrupted_is_tried_in_the_next() {
    let mut lab = refusing(409);
    lab.cycle();
    lab.target.calm();
    lab.clock.advance(Duration::from_mins(40));
    for name in ["bob", "cid"] {
        lab.user(name, None);
    }
    lab.context.settings.batch = 1;
    lab.context.settings.observer = Some(Arc::new(|_| ControlFlow::Break(())));
    assert_eq!(lab.cycle().state, CycleState::Running);
    lab.context.settings.observer = None;
    lab.clock.advance(Duration::from_hours(6));
    assert_eq!(lab.cycle().state, CycleState::Succeeded);
    assert_eq!((waiting(&lab), lab.target.all("Users").len()), (1, 2));
    lab.cycle();
    assert_eq!((waiting(&lab), lab.target.all("Users").len()), (0, 3));
}

#[test]
fn failures_are_counted_raw_and_by_object() {
    let lab = Lab::new(Scope::All);
    let boss = lab.user("mia", None);
    lab.user("ann", Some(boss));
    lab.cycle();
    // The name of Ann changes and her manager too: two exports of one object fail.
    lab.target
        .chaos(|method, _| (method == "PATCH").then_some(Fault::Answer(409, JSON, "{}")));
    lab.rename(crate::id::Seq(2), "Ann Lee");
    let now = lab.now();
    lab.write(move |tx| {
        let ann = crate::id::Seq(2);
        crate::directory::users::set_manager(tx, &operator(), crate::id::Seq(1), ann, None, now)
    });
    let counts = lab.cycle().counts;
    assert_eq!(
        (counts.failed, counts.escrowed_raw, counts.escrowed),
        (2, 2, 1)
    );
    assert_eq!(
        rows::count_escrows(&lab.context.store.read().unwrap(), lab.key).unwrap(),
        1
    );
}
