//! [`Faults`]: what the bundled provider answers instead of the truth, to requests that somebody expects.
//!
//! A fault is armed for requests that mention a word that nobody else uses, and lasts as long as its guard: a scenario
//! that ends leaves nothing behind, and nobody else's requests are touched. The web layer asks [`Faults::at`] before a
//! request is looked at.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This answer.
    Answer {
        /// Status.
        status: u16,
        /// `Content-Type`.
        content_type: &'static str,
        /// `Retry-After`, if it is sent.
        retry_after: Option<&'static str>,
        /// Body.
        body: &'static str,
    },
    /// Nothing, for longer than anybody waits.
    Silence,
}

#[derive(Debug)]
struct Rule {
    number: usize,
    mentions: String,
    fault: Fault,
}

/// The faults that are armed. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// How many there are, so that a request need not ask for the lock.
    count: AtomicUsize,
    numbers: AtomicUsize,
    rules: Mutex<Vec<Rule>>,
}

impl Inner {
    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        // Insertions and removals are single steps: consistent whatever happened to another holder.
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Faults {
    /// Answers requests whose path or query mentions a word with a fault, until the guard is dropped.
    #[must_use]
    pub fn arm(&self, mentions: &str, fault: Fault) -> Armed {
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        let mut rules = self.0.rules();
        rules.push(Rule {
            number,
            mentions: mentions.to_owned(),
            fault,
        });
        self.0.count.store(rules.len(), Ordering::Release);
        Armed {
            faults: self.clone(),
            number,
        }
    }

    /// The fault for a request with this path and query, as they came.
    pub fn at(&self, target: &str) -> Option<Fault> {
        if self.0.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        let rules = self.0.rules();
        let rule = rules.iter().find(|rule| target.contains(&rule.mentions));
        rule.map(|rule| rule.fault)
    }
}

/// While it lives, the fault is answered.
#[derive(Debug)]
pub struct Armed {
    faults: Faults,
    number: usize,
}

impl Drop for Armed {
    fn drop(&mut self) {
        let mut rules = self.faults.0.rules();
        rules.retain(|rule| rule.number != self.number);
        self.faults.0.count.store(rules.len(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_for_those_who_are_meant_and_ends_with_its_guard() {
        let faults = Faults::default();
        assert_eq!(faults.at("/scim/v2/Users?filter=a"), None);
        let first = faults.arm("k3x9q2", Fault::Silence);
        let second = faults.arm("others", Fault::Silence);
        assert_eq!(faults.at("/Users?filter=k3x9q2"), Some(Fault::Silence));
        assert_eq!(faults.at("/Users?filter=b"), None);
        drop(first);
        assert_eq!(faults.at("/Users?filter=k3x9q2"), None);
        assert_eq!(faults.at("/Users?filter=others"), Some(Fault::Silence));
        drop(second);
        assert_eq!(faults.at("/Users?filter=others"), None);
    }
}
