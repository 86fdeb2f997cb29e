//! Start, stop, restart: what each flag of a restart clears, and what stays.

use std::time::Duration;

use crate::model::{CycleKind, JobStatus, ObjectKind, Scope};
use crate::store::jobs as rows;
use crate::sync::jobs::{self, RestartScope};
use crate::sync::testing::{Fault, Lab, operator};

const JSON: &str = "application/scim+json";

/// One user linked, one waiting for another attempt, in quarantine, with a watermark.
fn lab() -> Lab {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.cycle();
    lab.user("bob", None);
    lab.target
        .chaos(|method, _| (method == "POST").then_some(Fault::Answer(409, JSON, "{}")));
    lab.cycle();
    lab.target
        .chaos(|_, _| Some(Fault::Answer(401, JSON, "{}")));
    lab.cycle();
    lab.target.calm();
    lab
}

/// Links, escrows, whether there is a watermark, whether in quarantine.
fn state(lab: &Lab) -> (u64, u64, bool, bool) {
    let tx = lab.context.store.read().unwrap();
    let job = lab.job();
    (
        rows::count_links(&tx, lab.key, ObjectKind::User).unwrap(),
        rows::count_escrows(&tx, lab.key).unwrap(),
        job.watermark.is_some(),
        job.status == JobStatus::Quarantine,
    )
}

#[test]
fn each_flag_clears_its_own() {
    for (scope, expected) in [
        ("None", (1, 1, true, true)),
        ("ConnectorDataStore", (0, 1, true, true)),
        ("Escrows", (1, 0, true, true)),
        ("Watermark", (1, 1, false, true)),
        ("QuarantineState", (1, 1, true, false)),
        ("Full", (0, 0, false, false)),
        ("ForceDeletes", (1, 1, true, true)),
        ("", (1, 0, false, false)),
    ] {
        let lab = lab();
        assert_eq!(state(&lab), (1, 1, true, true));
        let (key, now) = (lab.key, lab.now());
        let asked: RestartScope = scope.parse().unwrap();
        lab.write(move |tx| jobs::restart(tx, &operator(), key, asked, now));
        assert_eq!(state(&lab), expected, "{scope}");
        let job = lab.job();
        assert_eq!(job.next_run, Some(now), "{scope}");
        assert_eq!(job.force_deletes, scope == "ForceDeletes");
        let kind = if expected.2 {
            CycleKind::Incremental
        } else {
            CycleKind::Initial
        };
        assert_eq!(lab.cycle().kind, kind, "{scope}");
    }
}

#[test]
fn it_works_from_stopped_and_from_disabled() {
    for status in [JobStatus::Paused, JobStatus::Disabled] {
        for scope in [RestartScope::NONE, RestartScope::default()] {
            let lab = Lab::new(Scope::All);
            lab.configure(|job| {
                job.status = status;
                job.next_run = None;
            });
            let (key, now) = (lab.key, lab.now());
            lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
            assert_eq!(lab.job().status, JobStatus::Active);
            assert_eq!(lab.pass(Duration::from_secs(1)), 1);
        }
    }
}

#[test]
fn started_again_it_goes_on_from_the_watermark() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    assert_eq!(lab.cycle().kind, CycleKind::Initial);
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| jobs::stop(tx, &operator(), key, now));
    assert_eq!(lab.pass(Duration::from_hours(2)), 0);
    lab.user("bob", None);
    lab.write(move |tx| jobs::start(tx, &operator(), key, now));
    assert_eq!(lab.pass(Duration::from_secs(1)), 1);
    let tx = lab.context.store.read().unwrap();
    let cycle = rows::cycles(&tx, lab.key, 1).unwrap().remove(0);
    assert_eq!(
        (cycle.kind, cycle.counts.examined),
        (CycleKind::Incremental, 1)
    );
    assert_eq!(lab.target.all("Users").len(), 2);
}

#[test]
fn assigning_and_the_scope_setting_begin_no_initial_cycle_and_mappings_do() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.cycle();
    let (key, now, job) = (lab.key, lab.now(), lab.job());
    let new = jobs::NewSettings {
        scope: Scope::AssignedOnly,
        settings: job.settings,
    };
    let stale = new.clone();
    lab.write(move |tx| {
        let seen = jobs::settings_revision(&jobs::get(tx, key)?);
        jobs::save_settings(tx, &operator(), key, &seen, new, now)?;
        let again = jobs::save_settings(tx, &operator(), key, &seen, stale, now);
        assert!(matches!(
            again,
            Err(crate::error::Error::Precondition { .. })
        ));
        Ok(())
    });
    assert!(lab.job().watermark.is_some());
    // Who was handled before stays as it is until a restart.
    assert_eq!(lab.cycle().counts.disabled, 0);
    lab.write(move |tx| jobs::set_rules(tx, &operator(), key, job.rules, now));
    assert_eq!(lab.job().watermark, None);
    let cycle = lab.cycle();
    assert_eq!((cycle.kind, cycle.counts.disabled), (CycleKind::Initial, 1));
}
