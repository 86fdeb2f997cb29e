//! A clock that is turned: what became due in between runs, in order, each cycle at its own moment.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use crate::model::{CycleKind, CycleState, Scope};
use crate::store::jobs as rows;
use crate::sync::due::{self, Rest};
use crate::sync::jobs;
use crate::sync::testing::{Lab, operator};
use crate::sync::{next_due, run_cycle, run_due};

#[test]
fn stepping_from_due_to_due_runs_a_day_of_cycles() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    let began = lab.now();
    let cycles = lab.pass(Duration::from_hours(24));
    // One at the start, then every 40 minutes.
    assert_eq!(cycles, 1 + 24 * 60 / 40);
    let tx = lab.context.store.read().unwrap();
    let moments: Vec<u64> = rows::cycles(&tx, lab.key, 100)
        .unwrap()
        .iter()
        .rev()
        .map(|c| c.began.since(began).as_secs() / 60)
        .collect();
    assert_eq!(moments, (0..=24 * 60).step_by(40).collect::<Vec<u64>>());
    assert_eq!(lab.target.all("Users").len(), 1);
}

#[test]
fn nothing_is_due_of_a_job_that_is_stopped_but_a_cycle_that_was_interrupted() {
    let mut lab = Lab::new(Scope::All);
    for n in 0..20 {
        lab.user(&format!("user{n}"), None);
    }
    lab.context.settings.batch = 5;
    lab.context.settings.observer = Some(Arc::new(|_| ControlFlow::Break(())));
    assert_eq!(lab.cycle().state, CycleState::Running);
    lab.context.settings.observer = None;
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| jobs::stop(tx, &operator(), key, now));
    let due = || next_due(&lab.context.store.read().unwrap()).unwrap();
    assert_eq!(due(), Some(now));
    assert_eq!(run_due(&lab.context, now).unwrap(), 1);
    assert_eq!(due(), None);
    assert_eq!(run_due(&lab.context, now).unwrap(), 0);
    assert_eq!(lab.target.all("Users").len(), 20);
}

#[test]
fn a_cycle_that_runs_already_is_waited_for_and_not_run_again() {
    let mut lab = Lab::new(Scope::All);
    lab.user("ann", None);
    let (inside, arrived) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    lab.context.settings.observer = Some(Arc::new(move |_| {
        let _ = inside.send(());
        let _ = gate.lock().unwrap().recv();
        ControlFlow::Continue(())
    }));
    let (context, key) = (lab.context.clone(), lab.key);
    let other = std::thread::spawn(move || run_cycle(&context, key).unwrap());
    arrived.recv().unwrap();
    assert!(lab.context.is_running(lab.key));
    let (context, now) = (lab.context.clone(), lab.now());
    let waiting = std::thread::spawn(move || run_due(&context, now).unwrap());
    drop(go);
    assert_eq!(other.join().unwrap().kind, CycleKind::Initial);
    assert_eq!(waiting.join().unwrap(), 0);
    assert_eq!(lab.target.all("Users").len(), 1);
}

#[test]
fn a_cycle_that_two_threads_found_due_is_run_by_one() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    let now = lab.now();
    assert_eq!(due::run(&lab.context, lab.key, now), Rest::Ended);
    // The other one comes late: the clock may stand somewhere else by then.
    assert_eq!(due::run(&lab.context, lab.key, now), Rest::NotRun);
    let tx = lab.context.store.read().unwrap();
    assert_eq!(rows::cycles(&tx, lab.key, 9).unwrap().len(), 1);
}
