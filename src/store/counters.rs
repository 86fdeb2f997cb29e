//! Counters while a batch of writes runs: read once, written once, whatever the number of closures.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::id::Seq;

/// `(team or tenant, kind)`.
pub(super) type Name = (Seq, &'static str);

/// The counters that the closures of a batch have looked at.
#[derive(Default)]
pub(super) struct Counters(RefCell<BTreeMap<Name, Counter>>);

#[derive(Clone, Copy)]
struct Counter {
    stored: u64,
    now: u64,
}

impl Counters {
    /// Its value now; `stored` reads what the table has, when nobody has yet.
    pub(super) fn get<E>(
        &self,
        name: Name,
        stored: impl FnOnce() -> Result<u64, E>,
    ) -> Result<u64, E> {
        let known = self.0.borrow().get(&name).map(|counter| counter.now);
        if let Some(now) = known {
            return Ok(now);
        }
        let stored = stored()?;
        let counter = Counter {
            stored,
            now: stored,
        };
        self.0.borrow_mut().insert(name, counter);
        Ok(stored)
    }

    /// Gives a counter that was read another value.
    pub(super) fn set(&self, name: Name, value: u64) {
        if let Some(counter) = self.0.borrow_mut().get_mut(&name) {
            counter.now = value;
        }
    }

    /// Hands what the table does not have yet to a function.
    pub(super) fn changed<E>(
        self,
        mut each: impl FnMut(Name, u64) -> Result<(), E>,
    ) -> Result<(), E> {
        let changed = self.0.into_inner().into_iter();
        changed
            .filter(|(_, counter)| counter.now != counter.stored)
            .try_for_each(|(name, counter)| each(name, counter.now))
    }
}
