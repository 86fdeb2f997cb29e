//! Advances that end in the middle, and what a process comes back with.

use std::sync::atomic::AtomicI64;
use std::time::Duration;

use super::*;
use crate::clock::{Clock, FixedClock};
use crate::secret::Sealer;
use crate::sync::Agent;

const START: Timestamp = Timestamp::from_millis(1_750_000_000_000);

fn control(real: Arc<dyn Clock>) -> (ClockControl, Agent) {
    let clock = Arc::new(LabClock::new(real));
    let store = Store::in_memory().unwrap();
    let agent = Agent::start(store.clone(), clock.clone(), Sealer::new(&[7; 32])).unwrap();
    let context = agent.context().clone();
    let control = ClockControl::new(clock, store, context, agent.waker());
    (control, agent)
}

/// As another process would find it.
fn restored(control: &ClockControl, real: Timestamp) -> LabClock {
    let clock = LabClock::new(Arc::new(FixedClock::new(real)));
    ClockControl::restore(&clock, &control.store).unwrap();
    clock
}

#[test]
fn a_process_killed_in_the_middle_of_an_advance_comes_back_where_it_was() {
    let (control, _agent) = control(Arc::new(FixedClock::new(START)));
    control.clock.show(START, 60);
    let reached = START.plus(Duration::from_hours(24));
    // What an advance does, without what it does when it is over.
    assert!(control.walk(reached, 60).unwrap());
    assert_eq!(control.clock.turned().unwrap().speed, 0);
    let later = START.plus(Duration::from_secs(1));
    let clock = restored(&control, later);
    assert_eq!(clock.now(), reached.plus(Duration::from_mins(1)));
    assert_eq!(clock.turned().unwrap().speed, 60, "it goes on as before");
}

#[test]
fn time_in_which_no_cycle_can_run_any_more_does_not_go_by() {
    let (control, agent) = control(Arc::new(FixedClock::new(START)));
    agent.shutdown();
    let operator = Operator::of_this_process();
    let advance = control.advance(&operator, "P28D").unwrap();
    assert_eq!((advance.reached, advance.cycles), (START, 0));
    assert_eq!(restored(&control, START).now(), START);
}

/// A clock that panics when it is asked for the time a number of times more.
struct Broken(AtomicI64);

impl Clock for Broken {
    fn now(&self) -> Timestamp {
        assert_ne!(self.0.fetch_sub(1, Ordering::SeqCst), 0, "no time");
        START
    }
}

#[test]
fn a_panic_in_an_advance_ends_it_and_the_clock_goes_on() {
    let real = Arc::new(Broken(AtomicI64::new(i64::MAX)));
    let clock = Arc::new(LabClock::new(real.clone()));
    let (control, _agent) = control(Arc::new(FixedClock::new(START)));
    let control = ClockControl { clock, ..control };
    let begun = control.begin("P1D").unwrap();
    real.0.store(1, Ordering::SeqCst);
    let error = begun.run(&Operator::of_this_process()).unwrap_err();
    assert!(error.to_string().contains("unexpectedly"), "{error}");
    let shown = control.shown();
    assert_eq!(shown.advance, None);
    assert_eq!(shown.last.unwrap().failure, Some(error.to_string()));
    assert_eq!(shown.turned.unwrap().speed, 1);
    assert_eq!(restored(&control, START).turned().unwrap().speed, 1);
}
