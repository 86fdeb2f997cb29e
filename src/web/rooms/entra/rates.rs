//! How fast the running cycles are: samples of their progress, taken whenever somebody looks.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::super::super::console::chart::Sparkline;
use crate::clock::Timestamp;
use crate::id::Guid;

/// Shortest time between two samples; several people may watch the same cycle.
const APART: Duration = Duration::from_millis(800);
/// Samples kept of a cycle.
const SAMPLES: usize = 60;
/// Cycles remembered.
const CYCLES: usize = 32;

/// Progress of the cycles that somebody watches, kept in memory only.
#[derive(Debug, Default)]
pub(in super::super) struct Rates(Mutex<HashMap<Guid, VecDeque<(Timestamp, u64)>>>);

impl Rates {
    /// Notes that a cycle has worked off `done` objects, and draws objects per second since it is watched.
    /// None until there are two samples.
    pub(super) fn note(&self, cycle: Guid, done: u64, now: Timestamp) -> Option<Sparkline> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CYCLES && !all.contains_key(&cycle) {
            all.clear();
        }
        let samples = all.entry(cycle).or_default();
        if samples.back().is_none_or(|(at, _)| now.since(*at) >= APART) {
            samples.push_back((now, done));
            if samples.len() > SAMPLES {
                samples.pop_front();
            }
        }
        let rates: Vec<u32> = samples
            .iter()
            .zip(samples.iter().skip(1))
            .map(|(from, to)| per_second(to.1.saturating_sub(from.1), to.0.since(from.0)))
            .collect();
        let last = *rates.last()?;
        Some(Sparkline::new(&rates, format!("{last}/s")))
    }
}

/// Whole objects per second.
pub(super) fn per_second(objects: u64, time: Duration) -> u32 {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    u32::try_from(objects.saturating_mul(1_000) / millis).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Nonce;

    #[test]
    fn a_rate_needs_two_looks_a_second_apart() {
        let (rates, cycle) = (Rates::default(), Guid::from_nonce(Nonce([1; 16])));
        let at = Timestamp::from_millis;
        assert_eq!(rates.note(cycle, 0, at(0)), None);
        assert_eq!(rates.note(cycle, 90, at(100)), None, "too soon");
        assert_eq!(rates.note(cycle, 500, at(1_000)).unwrap().last, "500/s");
        assert_eq!(rates.note(cycle, 700, at(3_000)).unwrap().last, "100/s");
        let other = Guid::from_nonce(Nonce([2; 16]));
        assert_eq!(rates.note(other, 9, at(3_000)), None);
    }
}
