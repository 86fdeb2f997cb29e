//! Quarantine from the first failing probe to 28 days later, by thresholds, and the ways out.

use std::time::Duration;

use crate::model::{CycleKind, CycleState, JobStatus, QuarantineReason, Scope};
use crate::store::jobs as rows;
use crate::sync::jobs::{self, RestartScope};
use crate::sync::testing::{Fault, Lab, operator};
use crate::sync::{Thresholds, next_due};

const JSON: &str = "application/scim+json";
const DAY: Duration = Duration::from_hours(24);

/// Every request is answered with this status.
fn broken(lab: &Lab, status: u16) {
    lab.target
        .chaos(move |_, _| Some(Fault::Answer(status, JSON, "{}")));
}

/// Every creation is answered with a conflict.
fn conflicting(lab: &Lab) {
    lab.target
        .chaos(|method, _| (method == "POST").then_some(Fault::Answer(409, JSON, "{}")));
}

fn notified(lab: &Lab) {
    lab.configure(|job| job.notification_email = Some("ops@example.com".into()));
}

fn subjects(lab: &Lab) -> Vec<String> {
    lab.mails()
        .into_iter()
        .map(|(_, subject)| subject)
        .collect()
}

#[test]
fn a_target_that_fails_for_28_days_ends_in_a_disabled_job_and_two_mails() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    notified(&lab);
    broken(&lab, 401);
    let began = lab.now();
    lab.pass((28 * DAY).checked_sub(Duration::from_secs(1)).unwrap());
    let job = lab.job();
    let quarantine = job.quarantine.unwrap();
    assert_eq!(job.status, JobStatus::Quarantine);
    assert_eq!(
        quarantine.reason,
        QuarantineReason::EncounteredQuarantineException
    );
    assert_eq!(quarantine.began, began);
    // 5, 10, 20 … 1,280 minutes, then daily; the last attempt when 28 days are over.
    assert_eq!(quarantine.count, 9 + 1 + 26);
    assert_eq!(job.next_run, Some(began.plus(28 * DAY)));
    assert!(quarantine.current_began.unwrap() > began.plus(27 * DAY));

    lab.pass(Duration::from_secs(1));
    let job = lab.job();
    assert_eq!((job.status, job.next_run), (JobStatus::Disabled, None));
    assert_eq!(job.quarantine, None);
    assert_eq!(
        job.disabled.unwrap().error.error_code,
        "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
    );
    assert_eq!(job.successive_complete_failures, 37);
    assert_eq!(
        subjects(&lab),
        [
            "Provisioning of Postman is in quarantine",
            "Provisioning of Postman was disabled"
        ]
    );
    assert_eq!(next_due(&lab.context.store.read().unwrap()).unwrap(), None);
}

#[test]
fn it_is_left_by_itself_when_the_target_is_back() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    broken(&lab, 503);
    lab.pass(Duration::from_hours(1));
    assert_eq!(lab.job().status, JobStatus::Quarantine);
    lab.target.calm();
    lab.pass(Duration::from_hours(2));
    let job = lab.job();
    assert_eq!((job.status, job.quarantine), (JobStatus::Active, None));
    assert_eq!(job.successive_complete_failures, 0);
    assert_eq!(lab.target.all("Users").len(), 1);
    // A new series begins with the next failure.
    broken(&lab, 503);
    // Tried at 5, 15, 35 and 75 minutes, then every 40 minutes: the next cycle is after 195.
    lab.pass(Duration::from_mins(15));
    let quarantine = lab.job().quarantine.unwrap();
    assert_eq!((quarantine.began, quarantine.count), (lab.now(), 1));
}

#[test]
fn a_restart_ends_it_and_a_start_tries_at_once() {
    let lab = Lab::new(Scope::All);
    broken(&lab, 401);
    lab.pass(Duration::from_hours(1));
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| jobs::start(tx, &operator(), key, now));
    let job = lab.job();
    assert_eq!(
        (job.status, job.next_run),
        (JobStatus::Quarantine, Some(now))
    );
    let scope = RestartScope::QUARANTINE_STATE;
    lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
    let job = lab.job();
    assert_eq!((job.status, job.quarantine), (JobStatus::Active, None));
}

/// Numbers small enough for a test: evaluated from 3 failures on, 40 percent, 6 failures, 8 with references.
fn small(lab: &mut Lab) {
    lab.context.settings.thresholds = Thresholds {
        evaluated_from: 3,
        percent: 40,
        failures: 6,
        with_references: 8,
    };
}

#[test]
fn too_large_a_part_of_failures_means_quarantine_until_they_are_mended() {
    let mut lab = Lab::new(Scope::All);
    small(&mut lab);
    notified(&lab);
    for n in 0..4 {
        lab.user(&format!("user{n}"), None);
    }
    lab.cycle();
    // Two failures are not looked at, whatever the part.
    conflicting(&lab);
    lab.user("late0", None);
    lab.user("late1", None);
    assert_eq!(lab.cycle().state, CycleState::EntryLevelErrors);
    assert_eq!(lab.job().status, JobStatus::Active);
    // Three of seven are 42 percent.
    lab.user("late2", None);
    lab.cycle();
    let job = lab.job();
    let quarantine = job.quarantine.unwrap();
    assert_eq!(job.status, JobStatus::Quarantine);
    assert_eq!(
        quarantine.reason,
        QuarantineReason::EncounteredEscrowProportionThreshold
    );
    assert_eq!(
        quarantine.error.error_code,
        "EncounteredEscrowProportionThreshold"
    );
    assert!(
        quarantine
            .error
            .reason
            .starts_with("3 objects failed and 4 did not")
    );
    assert_eq!(subjects(&lab), ["Provisioning of Postman is in quarantine"]);
    assert!(!job.escrows_pruned);
    // The probe passes, the failures stay: so does the quarantine, with growing pauses and without another mail.
    lab.pass(Duration::from_hours(1));
    assert_eq!(lab.job().quarantine.unwrap().count, 4);
    assert_eq!(lab.mails().len(), 1);
    lab.target.calm();
    lab.pass(DAY);
    let job = lab.job();
    assert_eq!((job.status, job.quarantine), (JobStatus::Active, None));
    assert_eq!(lab.target.all("Users").len(), 7);
}

#[test]
fn references_count_only_towards_the_absolute_number() {
    let mut lab = Lab::new(Scope::AssignedOnly);
    small(&mut lab);
    let boss = lab.user("mia", None);
    let people: Vec<_> = (0..9)
        .map(|n| lab.user(&format!("user{n}"), Some(boss)))
        .map(crate::model::ObjectRef::user)
        .collect();
    lab.assigned(&people[..8], true);
    let cycle = lab.cycle();
    assert_eq!((cycle.counts.unresolved, cycle.counts.failed), (8, 0));
    assert_eq!(lab.job().status, JobStatus::Active, "eight are allowed");
    let (key, now) = (lab.key, lab.now());
    lab.assigned(&people[8..], true);
    let scope = RestartScope::default();
    lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
    assert_eq!(lab.cycle().counts.unresolved, 9);
    assert_eq!(
        lab.job().quarantine.unwrap().reason,
        QuarantineReason::EncounteredTotalEscrowThreshold
    );
}

#[test]
fn an_initial_cycle_that_meets_a_threshold_clears_the_failures_and_is_repeated() {
    let mut lab = Lab::new(Scope::All);
    small(&mut lab);
    for n in 0..5 {
        lab.user(&format!("user{n}"), None);
    }
    conflicting(&lab);
    lab.cycle();
    let job = lab.job();
    assert_eq!(job.status, JobStatus::Quarantine);
    assert!(job.escrows_pruned);
    assert_eq!(job.watermark, None);
    let waiting = || rows::count_escrows(&lab.context.store.read().unwrap(), lab.key).unwrap();
    assert_eq!(waiting(), 0);
    lab.target.calm();
    lab.pass(Duration::from_mins(5));
    let tx = lab.context.store.read().unwrap();
    assert_eq!(
        rows::cycles(&tx, lab.key, 1).unwrap()[0].kind,
        CycleKind::Initial
    );
    let job = lab.job();
    assert_eq!((job.status, job.escrows_pruned), (JobStatus::Active, false));
    assert_eq!(lab.target.all("Users").len(), 5);
}

#[test]
fn mails_are_sent_only_when_notification_is_on_and_once_a_reason() {
    for (notify, mails) in [(false, 0), (true, 2)] {
        let lab = Lab::new(Scope::All);
        lab.configure(|job| {
            job.notification_email = Some("ops@example.com".into());
            job.settings.notify = notify;
        });
        broken(&lab, 401);
        lab.pass(Duration::from_hours(2));
        broken(&lab, 404);
        lab.pass(Duration::from_hours(12));
        assert_eq!(lab.mails().len(), mails);
    }
}

#[test]
fn changing_the_mappings_ends_it() {
    let lab = Lab::new(Scope::All);
    broken(&lab, 401);
    lab.cycle();
    let (key, now, rules) = (lab.key, lab.now(), lab.job().rules);
    lab.write(move |tx| jobs::set_rules(tx, &operator(), key, rules, now));
    let job = lab.job();
    assert_eq!((job.status, job.quarantine), (JobStatus::Active, None));
    assert_eq!(job.watermark, None);
}

#[test]
fn the_audit_log_of_the_job_names_what_happened() {
    let lab = Lab::new(Scope::All);
    broken(&lab, 401);
    lab.cycle();
    lab.cycle();
    let (key, now, rules) = (lab.key, lab.now(), lab.job().rules);
    lab.write(move |tx| {
        jobs::set_rules(tx, &operator(), key, rules, now)?;
        jobs::set_notification(tx, &operator(), key, "ops@example.com", true, now)?;
        jobs::stop(tx, &operator(), key, now)?;
        jobs::restart(tx, &operator(), key, RestartScope::default(), now)
    });
    let events = lab.job().events;
    let names: Vec<&str> = events.iter().map(|event| event.activity.name()).collect();
    assert_eq!(
        names,
        [
            "Enable/start provisioning configuration",
            // Once, though two attempts failed.
            "Quarantine",
            "Update attribute mappings or scope",
            "Update provisioning setting or credentials",
            "Disable/pause provisioning configuration",
            "Enable/restart provisioning configuration",
        ]
    );
    assert!(
        events[1]
            .detail
            .starts_with("EncounteredQuarantineException: System")
    );
}
