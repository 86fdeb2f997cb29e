//! Rate limits of a team: how many reads and how many writes a minute.
//!
//! Postman documents 300 reads and 180 writes a minute for each team, then 429. Clients and acceptance lists read
//! that literally: 180 writes pass at whatever pace, the 181st within the minute is refused, and after
//! `Retry-After` seconds everything is open again. That is a fixed window which begins with its first
//! request. The generic cell rate algorithm of the usual packages hands tokens back one by one: it would
//! let a 181st write pass a third of a second after the first, or, without a burst, refuse the second.
//!
//! Knows no HTTP. The clock is an argument; counters live in memory, because a restart may forgive a minute.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;

/// Length of a window.
const WINDOW: Duration = Duration::from_mins(1);
/// Counters remembered at most. Only teams with a limit have any, so this is far away; beyond it the
/// oldest window is forgotten.
const COUNTERS: usize = 10_000;

/// What a request counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// GET, HEAD, and a search sent by POST.
    Read,
    /// Everything else, DELETE too.
    Write,
}

/// Requests a minute; none means unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Reads a minute.
    pub reads_per_minute: Option<u32>,
    /// Writes a minute.
    pub writes_per_minute: Option<u32>,
}

/// What is left of a limit after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The limit that applies.
    pub limit: u32,
    /// How many more requests pass until `resets`.
    pub remaining: u32,
    /// When the window ends.
    pub resets: Timestamp,
    /// The request is over the limit: whole seconds to wait, at least 1.
    pub retry_after_seconds: Option<u32>,
}

impl Allowance {
    /// Lets a request pass that is within the limit.
    ///
    /// # Errors
    /// [`Error::RateLimited`] for one that is over it.
    pub const fn admit(&self) -> Result<()> {
        match self.retry_after_seconds {
            None => Ok(()),
            Some(retry_after_seconds) => Err(Error::RateLimited {
                retry_after_seconds,
            }),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Timestamp,
    passed: u32,
}

impl Window {
    /// Over, or begun in the future because somebody turned the clock back.
    fn is_over(self, now: Timestamp) -> bool {
        now < self.began || now.since(self.began) >= WINDOW
    }
}

/// The counters of all teams.
#[derive(Debug, Default)]
pub struct RateLimiter(Mutex<HashMap<(Seq, Kind), Window>>);

impl RateLimiter {
    /// Counts a request of `team` at `now`. None when no limit applies. Refused requests are not counted.
    pub fn check(
        &self,
        team: Seq,
        kind: Kind,
        limits: Limits,
        now: Timestamp,
    ) -> Option<Allowance> {
        let limit = match kind {
            Kind::Read => limits.reads_per_minute,
            Kind::Write => limits.writes_per_minute,
        }?;
        let mut windows = self.lock();
        make_room(&mut windows, (team, kind), now);
        let fresh = Window {
            began: now,
            passed: 0,
        };
        let window = windows.entry((team, kind)).or_insert(fresh);
        if window.is_over(now) {
            *window = fresh;
        }
        let resets = window.began.plus(WINDOW);
        let refused = window.passed >= limit;
        if !refused {
            window.passed += 1;
        }
        let remaining = limit.saturating_sub(window.passed);
        drop(windows);
        Some(Allowance {
            limit,
            remaining,
            resets,
            retry_after_seconds: refused.then(|| seconds_until(resets, now)),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Seq, Kind), Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds_until(then: Timestamp, now: Timestamp) -> u32 {
    let seconds = then.since(now).as_millis().div_ceil(1_000);
    u32::try_from(seconds).unwrap_or(u32::MAX).max(1)
}

fn make_room(windows: &mut HashMap<(Seq, Kind), Window>, wanted: (Seq, Kind), now: Timestamp) {
    if windows.len() < COUNTERS || windows.contains_key(&wanted) {
        return;
    }
    windows.retain(|_, window| !window.is_over(now));
    if windows.len() >= COUNTERS
        && let Some(oldest) = windows
            .iter()
            .min_by_key(|(_, window)| window.began)
            .map(|(key, _)| *key)
    {
        windows.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, FixedClock};

    const TEAM: Seq = Seq(1);
    /// Postman's documented limits.
    const POSTMAN: Limits = Limits {
        reads_per_minute: Some(300),
        writes_per_minute: Some(180),
    };

    fn clock() -> FixedClock {
        FixedClock::new(Timestamp::from_millis(1_750_000_000_000))
    }

    #[test]
    fn misc_12_the_181st_write_within_a_minute_is_refused_until_the_window_ends() {
        let (rates, clock) = (RateLimiter::default(), clock());
        let write = |at| rates.check(TEAM, Kind::Write, POSTMAN, at).unwrap();
        for n in 1..=180 {
            let allowance = write(clock.now());
            assert_eq!(allowance.admit().ok(), Some(()), "MISC-12: write {n}");
            assert_eq!(allowance.remaining, 180 - n, "MISC-12");
            clock.advance(Duration::from_millis(250));
        }
        // 45 seconds have passed.
        let refused = write(clock.now());
        assert_eq!(refused.retry_after_seconds, Some(15), "MISC-12");
        assert!(matches!(
            refused.admit(),
            Err(Error::RateLimited {
                retry_after_seconds: 15
            })
        ));
        clock.advance(Duration::from_millis(14_999));
        assert_eq!(
            write(clock.now()).retry_after_seconds,
            Some(1),
            "MISC-12: never 0"
        );
        clock.advance(Duration::from_millis(1));
        let next = write(clock.now());
        assert_eq!(
            (next.retry_after_seconds, next.remaining),
            (None, 179),
            "MISC-12"
        );
    }

    #[test]
    fn reads_and_writes_are_counted_apart_and_so_are_teams() {
        let (rates, now) = (RateLimiter::default(), clock().now());
        let one = Limits {
            reads_per_minute: Some(1),
            writes_per_minute: Some(1),
        };
        let passes = |team, kind| {
            let allowance = rates.check(team, kind, one, now).unwrap();
            allowance.retry_after_seconds.is_none()
        };
        assert!(passes(TEAM, Kind::Write));
        assert!(!passes(TEAM, Kind::Write));
        assert!(passes(TEAM, Kind::Read));
        assert!(!passes(TEAM, Kind::Read));
        assert!(passes(Seq(2), Kind::Write));
        assert!(passes(Seq(2), Kind::Read));
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let rates = RateLimiter::default();
        assert_eq!(
            rates.check(TEAM, Kind::Read, Limits::default(), clock().now()),
            None
        );
        assert!(rates.lock().is_empty());
    }

    #[test]
    fn a_clock_that_is_turned_back_begins_a_new_window() {
        let rates = RateLimiter::default();
        let one = Limits {
            reads_per_minute: Some(1),
            writes_per_minute: None,
        };
        for millis in [1_000_000_000, 0] {
            let at = Timestamp::from_millis(millis);
            let allowance = rates.check(TEAM, Kind::Read, one, at).unwrap();
            assert_eq!(allowance.retry_after_seconds, None, "{millis}");
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let (rates, now) = (RateLimiter::default(), clock().now());
        for team in 0..=COUNTERS as u64 {
            rates.check(Seq(team), Kind::Read, POSTMAN, now);
        }
        assert_eq!(rates.lock().len(), COUNTERS);
        // All of these windows are over: the next team makes room for thousands.
        let later = now.plus(WINDOW);
        rates.check(Seq(u64::MAX), Kind::Read, POSTMAN, later);
        assert_eq!(rates.lock().len(), 1);
    }
}
