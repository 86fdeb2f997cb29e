//! Reading: a view of one committed state, shared by everybody who reads that state.
//!
//! Until something is committed there is only one state to see, so beginning a transaction of the engine and
//! opening its tables is done once for a state and not once for a request. Nothing is pinned by keeping the
//! newest state open: its pages are all in use.

use std::ops::Deref;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use redb::{Database, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable};

use super::tables::{self, Definition, ForReading};
use super::{Error, Reads, rows};
use crate::id::{IdMix, Seq};

/// A read-only view. Cheap to clone; clones are the same view.
#[derive(Clone)]
pub struct Snapshot(Arc<State>);

struct State {
    transaction: ReadTransaction,
    open: ForReading,
    number: u64,
    mix: IdMix,
}

impl Snapshot {
    /// Which state of this process's store it shows: equal numbers, equal data. What was derived from one
    /// snapshot holds in every other of the same number.
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// A table, opened at most once.
    pub(super) fn table<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: Definition<K, V>,
    ) -> Result<&ReadOnlyTable<K, V>, Error> {
        let place: &OnceLock<_> = (table.read)(&self.0.open);
        if let Some(open) = place.get() {
            return Ok(open);
        }
        let open = self.0.transaction.open_table(table.engine)?;
        Ok(place.get_or_init(|| open))
    }
}

impl Reads for Snapshot {
    fn open<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: Definition<K, V>,
    ) -> Result<impl Deref<Target: ReadableTable<K, V> + Sized>, Error> {
        self.table(table)
    }

    fn counter(&self, tenant: Seq, kind: &'static str) -> Result<u64, Error> {
        rows::stored_counter(self.table(tables::COUNTERS)?, tenant, kind)
    }

    fn mix(&self) -> IdMix {
        self.0.mix
    }
}

/// The view of the newest state, once somebody has asked for it.
#[derive(Default)]
pub(super) struct Latest(RwLock<Newest>);

#[derive(Default)]
struct Newest {
    snapshot: Option<Snapshot>,
    number: u64,
}

impl Latest {
    /// The newest state.
    pub(super) fn read(&self, database: &Database, mix: IdMix) -> Result<Snapshot, Error> {
        let shared = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = &shared.snapshot {
            return Ok(snapshot.clone());
        }
        drop(shared);
        let mut newest = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = &newest.snapshot {
            return Ok(snapshot.clone());
        }
        // Begun under the lock that `outdate` takes: whatever is kept here was begun after the last commit
        // that somebody was told of, or is about to be thrown away.
        let transaction = database.begin_read()?;
        newest.number += 1;
        let snapshot = Snapshot(Arc::new(State {
            transaction,
            open: ForReading::default(),
            number: newest.number,
            mix,
        }));
        newest.snapshot = Some(snapshot.clone());
        Ok(snapshot)
    }

    /// Something was committed: who reads from now on sees it. To be called before anybody is told.
    pub(super) fn outdate(&self) {
        let mut newest = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let old = newest.snapshot.take();
        drop(newest);
        drop(old);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Error, Store, teams};
    use super::*;

    #[test]
    fn a_state_has_one_view_and_the_next_is_seen_once_it_is_acknowledged() {
        let store = Store::in_memory().unwrap();
        let count_of = |snapshot: &Snapshot| snapshot.counter(Seq(0), "teams").unwrap();
        let (first, same) = (store.read().unwrap(), store.read().unwrap());
        assert_eq!(first.number(), same.number());
        for count in 1..=100 {
            let given = store.write(teams::next_seq).unwrap();
            assert_eq!(given, Seq(count));
            let now = store.read().unwrap();
            assert_eq!(count_of(&now), count);
            assert!(now.number() > first.number());
        }
        assert_eq!(count_of(&first), 0, "an old view stays what it was");
        let failed = store.write(|tx| {
            teams::next_seq(tx)?;
            Err::<(), _>(Error::Corrupt("on purpose".into()))
        });
        assert!(failed.is_err());
        assert_eq!(count_of(&store.read().unwrap()), 100);
    }
}
