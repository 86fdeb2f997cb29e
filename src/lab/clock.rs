//! [`ClockControl`]: turning the appliance's clock, and running what became due on the way.
//!
//! *Advance* goes from one due moment to the next, the clock standing still at each, and runs everything that is due
//! there to its end before it goes on: cycles, retries, the purge of recycle bins. So 28 days pass in seconds, in the
//! order in which they would have passed. Any other turn only moves the hands; what is overdue then runs at once.
//!
//! Each of those moments is kept before anything happens at it. A process that ends in the middle of an advance comes
//! back at the moment it had reached, and never shows one before what it has done.
//!
//! Sessions and throttles are not touched: they belong to people and follow the real clock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::access::Operator;
use crate::clock::{Clock as _, LabClock, Timestamp, Turned};
use crate::error::{Error, Result};
use crate::provider::operator_token::clock_turned;
use crate::store::{self, Store, appliance};
use crate::sync::{self, AgentContext, Waker};

/// Earliest moment that the clock can be turned to; the latest is [`Turned::LATEST`].
const EARLIEST: Timestamp = Timestamp::from_millis(0);

/// Where to put the hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hands {
    /// To this moment.
    At(Timestamp),
    /// To real time plus a duration (see [`Timestamp::later_by`]).
    Offset(String),
    /// To real time.
    Real,
}

/// How to turn the clock. What is not said stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turn {
    /// Where to put the hands.
    pub hands: Option<Hands>,
    /// How many of its seconds go by in a real one, up to [`Turned::FASTEST`]; 0 to let it stand still.
    pub speed: Option<u32>,
}

/// How far an advance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// Where it began.
    pub from: Timestamp,
    /// Where it leads.
    pub to: Timestamp,
    /// Where it is.
    pub reached: Timestamp,
    /// Cycles that have run.
    pub cycles: u64,
}

/// How the last advance ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How far it came.
    pub advance: Advance,
    /// Why it ended early, if it was an error of this program or of the store.
    pub failure: Option<String>,
}

/// What the clock shows and how it got there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The moment of the appliance.
    pub now: Timestamp,
    /// The moment of the world outside.
    pub real: Timestamp,
    /// How it is turned; none while it follows the real clock.
    pub turned: Option<Turned>,
    /// An advance that is under way.
    pub advance: Option<Advance>,
    /// The one before.
    pub last: Option<Ended>,
}

/// Turns the clock. Clones control the same one.
#[derive(Clone)]
pub struct ClockControl {
    clock: Arc<LabClock>,
    store: Store,
    agent: AgentContext,
    waker: Waker,
    advance: Arc<Mutex<Option<Advance>>>,
    last: Arc<Mutex<Option<Ended>>>,
    halt: Arc<AtomicBool>,
}

impl std::fmt::Debug for ClockControl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClockControl")
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

impl ClockControl {
    /// Control of `clock`, whose turns are kept in `store`, with the cycles of `agent`.
    pub fn new(clock: Arc<LabClock>, store: Store, agent: AgentContext, waker: Waker) -> Self {
        Self {
            clock,
            store,
            agent,
            waker,
            advance: Arc::default(),
            last: Arc::default(),
            halt: Arc::default(),
        }
    }

    /// Turns the clock as it was turned before the appliance was started.
    ///
    /// # Errors
    /// The store's.
    pub fn restore(clock: &LabClock, store: &Store) -> Result<()> {
        clock.turn(appliance::clock(&store.read()?)?);
        Ok(())
    }

    /// What it shows.
    pub fn shown(&self) -> Shown {
        Shown {
            now: self.clock.now(),
            real: self.clock.real_now(),
            turned: self.clock.turned(),
            advance: *self.advancing(),
            last: self.last().clone(),
        }
    }

    /// Turns it. What is due then runs at once; what was planned for later than it can be any more, because the
    /// clock went back, is planned anew.
    ///
    /// # Errors
    /// [`Error::Field`] for what no clock shows, [`Error::Conflict`] while it is being advanced, the store's.
    pub fn turn(&self, operator: &Operator, turn: &Turn) -> Result<Shown> {
        // Held until it is kept, so that no advance begins in between and what is kept is what it shows.
        let advancing = self.advancing();
        if advancing.is_some() {
            return Err(under_way());
        }
        if let Some(speed) = turn.speed
            && speed > Turned::FASTEST
        {
            return Err(Error::field(
                "speed",
                format!("The speed is a whole number up to {}.", Turned::FASTEST),
            ));
        }
        let (before, present) = (self.clock.now(), self.clock.turned());
        let moment = match &turn.hands {
            None => before,
            Some(Hands::At(moment)) => checked(*moment, "now")?,
            Some(Hands::Offset(by)) => later(self.clock.real_now(), by, "offset")?,
            Some(Hands::Real) => self.clock.real_now(),
        };
        let speed = turn
            .speed
            .unwrap_or_else(|| present.map_or(1, |turned| turned.speed));
        let follows = match turn.hands {
            Some(Hands::Real) => turn.speed.is_none_or(|speed| speed == 1),
            Some(_) => false,
            None => present.is_none() && speed == 1,
        };
        let how = if follows {
            self.clock.turn(None);
            "it follows real time".to_owned()
        } else {
            self.clock.show(moment, speed);
            match speed {
                0 => format!("it stands still at {moment}"),
                1 => format!("it shows {moment}"),
                more => format!("it shows {moment} and runs {more} times as fast"),
            }
        };
        self.keep(operator, how)?;
        drop(advancing);
        if self.clock.now() < before {
            let (operator, now) = (operator.clone(), self.clock.now());
            self.store
                .write(move |tx| sync::plan_anew(tx, &operator, now))?;
        }
        self.waker.wake();
        Ok(self.shown())
    }

    fn end_of(from: Timestamp, duration: &str) -> Result<Timestamp> {
        let to = later(from, duration, "advance")?;
        if to <= from {
            return Err(Error::field(
                "advance",
                "The clock is advanced by a duration above zero; to turn it back, set it to a moment.",
            ));
        }
        Ok(to)
    }

    /// Lets a duration go by (see [`Timestamp::later_by`]), and everything that becomes due in it, in order. Returns
    /// when it is over, or when somebody calls [`ClockControl::halt`].
    ///
    /// # Errors
    /// [`Error::Field`] for a duration that is none or goes back, [`Error::Conflict`] while another advance is under
    /// way, the store's.
    pub fn advance(&self, operator: &Operator, duration: &str) -> Result<Advance> {
        self.begin(duration)?.run(operator)
    }

    /// Begins such an advance: from here on [`ClockControl::shown`] tells of it, and the clock belongs to it.
    ///
    /// # Errors
    /// As [`ClockControl::advance`], without the store's.
    pub fn begin(&self, duration: &str) -> Result<Begun> {
        let mut advance = self.advancing();
        if advance.is_some() {
            return Err(under_way());
        }
        let from = self.clock.now();
        let to = Self::end_of(from, duration)?;
        self.halt.store(false, Ordering::SeqCst);
        *advance = Some(Advance {
            from,
            to,
            reached: from,
            cycles: 0,
        });
        Ok(Begun {
            control: self.clone(),
            from,
            to,
            duration: duration.to_owned(),
        })
    }

    /// Ends an advance at the moment it has reached, after the cycle that is running.
    pub fn halt(&self) {
        self.halt.store(true, Ordering::SeqCst);
    }

    /// Goes from one due moment to the next; false when it was halted, or the process is about to end. `speed` is that
    /// at which the clock goes on wherever this ends.
    fn walk(&self, to: Timestamp, speed: u32) -> Result<bool> {
        self.stand(self.clock.now(), speed)?;
        loop {
            let now = self.clock.now();
            self.purge(now)?;
            let ran = sync::run_due(&self.agent, now)?;
            self.progress(|advance| {
                advance.cycles += ran;
                advance.reached = now;
            });
            // An agent that shuts down runs no cycles any more: their time must not go by.
            if self.halt.load(Ordering::SeqCst) || self.agent.is_shutting_down() {
                return Ok(false);
            }
            let due = sync::next_due(&self.store.read()?)?;
            match due {
                Some(due) if due <= to => {
                    // What is still due after it ran waits for something else than time: it is left alone for a
                    // minute, so that an advance always ends.
                    let next = if due > now {
                        due
                    } else {
                        now.plus(std::time::Duration::from_mins(1))
                    };
                    if next > to {
                        break;
                    }
                    self.stand(next, speed)?;
                }
                _ => break,
            }
        }
        self.stand(to, speed)?;
        self.purge(to)?;
        Ok(true)
    }

    /// Stands still at a moment, because nothing happens between the due moments, after it was kept that the clock goes
    /// on from there at `speed`.
    fn stand(&self, moment: Timestamp, speed: u32) -> Result<()> {
        let kept = Turned {
            at: self.clock.real_now(),
            shows: moment,
            speed,
        };
        self.store
            .write(move |tx| appliance::put_clock(tx, Some(&kept)))?;
        self.clock.show(moment, 0);
        Ok(())
    }

    fn purge(&self, now: Timestamp) -> Result<()> {
        super::sweep(&self.store, now)
    }

    fn advancing(&self) -> std::sync::MutexGuard<'_, Option<Advance>> {
        // A plain value: consistent whatever happened to another holder.
        self.advance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<Ended>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn progress(&self, change: impl FnOnce(&mut Advance)) -> Option<Advance> {
        let mut advance = self.advancing();
        if let Some(advance) = advance.as_mut() {
            change(advance);
        }
        *advance
    }

    /// Keeps how the clock is turned, and that it was.
    fn keep(&self, operator: &Operator, how: String) -> Result<()> {
        let (operator, turned, now) = (operator.clone(), self.clock.turned(), self.clock.now());
        self.store.write(move |tx| -> Result<()> {
            appliance::put_clock(tx, turned.as_ref())?;
            clock_turned(tx, &operator, &how, now)
        })
    }
}

/// An advance that has begun. While it lives, the clock belongs to it.
#[derive(Debug)]
pub struct Begun {
    control: ClockControl,
    from: Timestamp,
    to: Timestamp,
    duration: String,
}

impl Begun {
    /// Goes to the end of it, or until somebody calls [`ClockControl::halt`].
    ///
    /// # Errors
    /// The store's.
    pub fn run(self, operator: &Operator) -> Result<Advance> {
        let control = self.control.clone();
        let speed = control.clock.turned().map_or(1, |turned| turned.speed);
        // Unwind safety: the store rolls back, and the clock goes on from wherever it stands.
        let walked = catch_unwind(AssertUnwindSafe(|| control.walk(self.to, speed)))
            .unwrap_or_else(|_| Err(store::Error::Panicked.into()));
        // Wherever it ended: from here it goes on as before.
        let reached = if matches!(walked, Ok(true)) {
            self.to
        } else {
            control.clock.now()
        };
        control.clock.show(reached, speed);
        let done = control.progress(|advance| advance.reached = reached);
        let done = done.unwrap_or(Advance {
            from: self.from,
            to: self.to,
            reached,
            cycles: 0,
        });
        *control.last() = Some(Ended {
            advance: done,
            failure: walked.as_ref().err().map(ToString::to_string),
        });
        let how = format!("advanced by {} to {reached}", self.duration);
        // Before the clock belongs to anybody else: how it is turned then is theirs to keep.
        let kept = control.keep(operator, how);
        drop(self);
        control.waker.wake();
        walked?;
        kept?;
        Ok(done)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        *self.control.advancing() = None;
    }
}

fn under_way() -> Error {
    Error::Conflict {
        attribute: "clock",
        detail: "The clock is being advanced. Wait until that is over, or stop it.".into(),
    }
}

fn later(from: Timestamp, duration: &str, field: &'static str) -> Result<Timestamp> {
    let moment = from.later_by(duration).map_err(|reason| {
        Error::field(
            field,
            format!("'{duration}' is no duration such as PT40M, P28D or '28 days' ({reason})."),
        )
    })?;
    checked(moment, field)
}

fn checked(moment: Timestamp, field: &'static str) -> Result<Timestamp> {
    if moment < EARLIEST || moment > Turned::LATEST {
        return Err(Error::field(
            field,
            format!(
                "The clock shows moments from {EARLIEST} to {}.",
                Turned::LATEST
            ),
        ));
    }
    Ok(moment)
}

#[cfg(test)]
mod tests;
