//! [`LabClock`]: the appliance's clock, which people can turn.
//!
//! It follows another clock, the real one, until somebody turns it; from then on it stands in a fixed relation to
//! that clock, a [`Turned`]. What depends on people and not on the simulation (sessions, throttles) asks
//! [`LabClock::real_now`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use super::{Clock, Timestamp};

/// How a clock stands to the real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    /// Real moment at which it was turned.
    pub at: Timestamp,
    /// What the clock showed at that moment.
    pub shows: Timestamp,
    /// How many of its seconds go by in a real one; 0 when it stands still.
    pub speed: u32,
}

impl Turned {
    /// Fastest: a day in 24 real seconds.
    pub const FASTEST: u32 = 3_600;
    /// Last moment that is shown, 9000-01-01T00:00:00Z: what is written has years of four digits, also what is planned
    /// for later than now.
    pub const LATEST: Timestamp = Timestamp::from_millis(221_845_392_000_000);

    /// What the clock shows when the real one shows `real`. A real clock that was put back does not turn it back.
    pub fn shown(self, real: Timestamp) -> Timestamp {
        let gone_by = real.since(self.at).saturating_mul(self.speed);
        self.shows.plus(gone_by).min(Self::LATEST)
    }
}

/// The appliance's clock.
pub struct LabClock {
    real: Arc<dyn Clock>,
    /// Whether the lock needs to be taken: nearly never, and the time is asked for at every request.
    is_turned: AtomicBool,
    turned: RwLock<Option<Turned>>,
}

impl std::fmt::Debug for LabClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LabClock")
            .field("turned", &self.turned())
            .finish_non_exhaustive()
    }
}

impl LabClock {
    /// A clock that shows what `real` shows.
    pub fn new(real: Arc<dyn Clock>) -> Self {
        Self {
            real,
            is_turned: AtomicBool::new(false),
            turned: RwLock::new(None),
        }
    }

    /// The moment of the real clock.
    pub fn real_now(&self) -> Timestamp {
        self.real.now()
    }

    /// How it is turned; none while it follows the real clock.
    pub fn turned(&self) -> Option<Turned> {
        if self.is_turned.load(Ordering::Acquire) {
            // A plain value: consistent whatever happened to another holder.
            *self.turned.read().unwrap_or_else(PoisonError::into_inner)
        } else {
            None
        }
    }

    /// Turns it; with none it follows the real clock again.
    pub fn turn(&self, turned: Option<Turned>) {
        let mut present = self.turned.write().unwrap_or_else(PoisonError::into_inner);
        *present = turned;
        self.is_turned.store(turned.is_some(), Ordering::Release);
    }

    /// Shows `moment` now and goes on at `speed`.
    pub fn show(&self, moment: Timestamp, speed: u32) -> Turned {
        let turned = Turned {
            at: self.real_now(),
            shows: moment,
            speed,
        };
        self.turn(Some(turned));
        turned
    }
}

impl Clock for LabClock {
    fn now(&self) -> Timestamp {
        match self.turned() {
            Some(turned) => turned.shown(self.real.now()),
            None => self.real.now(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::FixedClock;
    use super::*;

    #[test]
    fn it_follows_the_real_clock_until_it_is_turned() {
        let real = Arc::new(FixedClock::new(Timestamp::from_millis(1_000)));
        let clock = LabClock::new(real.clone());
        assert_eq!(clock.now().millis(), 1_000);
        clock.show(Timestamp::from_millis(500_000), 60);
        real.advance(Duration::from_secs(2));
        assert_eq!(clock.now().millis(), 500_000 + 120_000);
        assert_eq!(clock.real_now().millis(), 3_000);
        clock.show(clock.now(), 0);
        real.advance(Duration::from_secs(2));
        assert_eq!(clock.now().millis(), 620_000, "it stands still");
        clock.turn(None);
        assert_eq!(clock.now().millis(), 5_000);
    }

    #[test]
    fn a_fast_clock_stops_at_the_last_moment_that_can_be_written() {
        let real = Arc::new(FixedClock::new(Timestamp::from_millis(1_000)));
        let clock = LabClock::new(real.clone());
        let end = Timestamp::parse("9000-01-01T00:00:00Z").unwrap();
        clock.show(
            end.minus(Duration::from_secs(Turned::FASTEST.into())),
            Turned::FASTEST,
        );
        real.advance(Duration::from_secs(1));
        assert_eq!(clock.now(), end);
        real.advance(Duration::from_hours(24 * 365 * 100));
        assert_eq!(clock.now(), end);
        assert_eq!(Timestamp::parse(&clock.now().to_string()), Ok(end));
    }
}
