//! What a write closure changed, so that it alone can be taken back.
//!
//! Closures that are made durable together share one transaction of the engine: a transaction of its own
//! for each would copy the same pages again and again (measured: two thirds of the server's time for
//! creates). The engine cannot take back a part of a transaction once tables are open, so every change
//! notes what was there before; the notes of a closure that fails are replayed backwards.

use std::borrow::Borrow;
use std::cell::{RefCell, RefMut};
use std::ops::{Deref, Range, RangeBounds};

use redb::{AccessGuard, Key, Value};

use super::counters;
use super::tables::{self, Definition, Number, Visitor};
use super::{Error, Write};

/// The changes of one closure, oldest first.
#[derive(Default)]
pub(super) struct Journal(RefCell<Notes>);

#[derive(Default)]
struct Notes {
    wanted: bool,
    changes: Vec<Change>,
    /// Keys and old values of `changes`, one behind the other.
    bytes: Vec<u8>,
    counters: Vec<(counters::Name, u64)>,
}

/// That the value at a key was another one.
struct Change {
    table: Number,
    key: Range<usize>,
    old: Option<Range<usize>>,
}

impl Journal {
    /// Forgets what was noted. Without `notes` nothing is noted from now on: the whole transaction goes when
    /// its only closure fails.
    pub(super) fn begin(&self, notes: bool) {
        let mut kept = self.0.borrow_mut();
        kept.wanted = notes;
        kept.changes.clear();
        kept.bytes.clear();
        kept.counters.clear();
    }

    /// Notes that a counter had this value.
    pub(super) fn counter(&self, name: counters::Name, old: u64) {
        let mut notes = self.0.borrow_mut();
        if notes.wanted {
            notes.counters.push((name, old));
        }
    }

    /// Notes that the value at `key` was `old`.
    fn note<K: Key + 'static, V: Value + 'static>(
        &self,
        table: Number,
        key: &K::SelfType<'_>,
        old: Option<&AccessGuard<'_, V>>,
    ) {
        let mut notes = self.0.borrow_mut();
        if !notes.wanted {
            return;
        }
        let key = notes.keep(K::as_bytes(key).as_ref());
        let old = old.map(|guard| notes.keep(V::as_bytes(&guard.value()).as_ref()));
        notes.changes.push(Change { table, key, old });
    }
}

impl Notes {
    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        from..self.bytes.len()
    }
}

/// Takes back every change that was noted since [`Journal::begin`].
///
/// # Errors
/// The engine's; the transaction must then be given up as a whole.
pub(super) fn undo(write: &Write<'_>) -> Result<(), Error> {
    let notes = write.journal.0.take();
    for change in notes.changes.into_iter().rev() {
        let bytes = |range: Range<usize>| notes.bytes.get(range).unwrap_or_default();
        let mut undo = Undo {
            write,
            key: bytes(change.key),
            old: change.old.map(bytes),
        };
        tables::visit_one(change.table, &mut undo)?;
    }
    for (name, old) in notes.counters.into_iter().rev() {
        write.counters.set(name, old);
    }
    Ok(())
}

/// Takes one change back.
struct Undo<'u, 't> {
    write: &'u Write<'t>,
    key: &'u [u8],
    old: Option<&'u [u8]>,
}

impl Visitor for Undo<'_, '_> {
    type Error = Error;

    fn table<K: Key + 'static, V: Value + 'static>(
        &mut self,
        table: Definition<K, V>,
    ) -> Result<(), Error> {
        let mut rows = self.write.opened(table)?.borrow_mut();
        let key = K::from_bytes(self.key);
        match self.old {
            Some(old) => rows.insert(key, V::from_bytes(old))?,
            None => rows.remove(key)?,
        };
        Ok(())
    }
}

/// A table open for writing. Reads are the engine's own.
pub(super) struct Table<'w, 't, K: Key + 'static, V: Value + 'static> {
    rows: RefMut<'w, redb::Table<'t, K, V>>,
    number: Number,
    journal: &'w Journal,
}

impl<'w, 't, K: Key + 'static, V: Value + 'static> Table<'w, 't, K, V> {
    /// Of a write. A table is open once at a time: closures let go of one before they open it again.
    pub(super) fn open(write: &'w Write<'t>, table: Definition<K, V>) -> Result<Self, Error> {
        Ok(Self {
            rows: write.opened(table)?.borrow_mut(),
            number: table.number,
            journal: &write.journal,
        })
    }

    /// Inserts or replaces; returns the value that was there.
    pub(super) fn insert<'k, 'v>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
        value: impl Borrow<V::SelfType<'v>>,
    ) -> Result<Option<AccessGuard<'_, V>>, Error> {
        let old = self.rows.insert(key.borrow(), value)?;
        self.journal
            .note::<K, V>(self.number, key.borrow(), old.as_ref());
        Ok(old)
    }

    /// Takes away; returns the value that was there.
    pub(super) fn remove<'k>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<Option<AccessGuard<'_, V>>, Error> {
        let old = self.rows.remove(key.borrow())?;
        if old.is_some() {
            self.journal
                .note::<K, V>(self.number, key.borrow(), old.as_ref());
        }
        Ok(old)
    }

    /// Takes everything in a range away and hands each key over.
    pub(super) fn remove_range<'r, R: Borrow<K::SelfType<'r>> + 'r>(
        &mut self,
        range: impl RangeBounds<R> + 'r,
        mut each: impl FnMut(K::SelfType<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for entry in self.rows.extract_from_if(range, |_, _| true)? {
            let (key, value) = entry?;
            self.journal
                .note::<K, V>(self.number, &key.value(), Some(&value));
            each(key.value())?;
        }
        Ok(())
    }
}

impl<'t, K: Key + 'static, V: Value + 'static> Deref for Table<'_, 't, K, V> {
    type Target = redb::Table<'t, K, V>;

    fn deref(&self) -> &Self::Target {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redb::Database;
    use redb::ReadableTable as _;
    use redb::backends::InMemoryBackend;

    use super::*;
    use crate::id::{IdMix, Seq};

    /// Some table of texts.
    const TEXTS: Definition<(u64, &'static str), tables::Row> = tables::DOMAINS;

    #[derive(Debug, Clone)]
    enum Change {
        Insert(u64, String, Vec<u8>),
        Remove(u64, String),
        RemoveAll(u64),
        Count(u64, i64),
    }

    fn change() -> impl Strategy<Value = Change> {
        let (tenant, name) = (1_u64..3, "[ab]{1,2}");
        prop_oneof![
            3 => (tenant.clone(), name, any::<[u8; 2]>())
                .prop_map(|(t, n, v)| Change::Insert(t, n, v.to_vec())),
            2 => (tenant.clone(), name).prop_map(|(t, n)| Change::Remove(t, n)),
            1 => tenant.clone().prop_map(Change::RemoveAll),
            1 => (tenant, 1_i64..3).prop_map(|(t, by)| Change::Count(t, by)),
        ]
    }

    fn apply(write: &Write<'_>, changes: Vec<Change>) {
        write.journal.begin(true);
        for change in changes {
            if let Change::Count(t, by) = change {
                write.add_to_counter(Seq(t), "texts", by).unwrap();
                continue;
            }
            let mut table = write.table(TEXTS).unwrap();
            match change {
                Change::Count(..) => unreachable!("counted above"),
                Change::Insert(t, n, v) => {
                    table.insert((t, n.as_str()), v.as_slice()).unwrap();
                }
                Change::Remove(t, n) => {
                    table.remove((t, n.as_str())).unwrap();
                }
                Change::RemoveAll(t) => {
                    let all = (t, "")..(t + 1, "");
                    table.remove_range(all, |_| Ok(())).unwrap();
                }
            }
        }
    }

    type Everything = (Vec<(u64, String, Vec<u8>)>, [u64; 2]);

    fn everything(write: &Write<'_>) -> Everything {
        let counters =
            [1, 2].map(|t| super::super::Reads::counter(write, Seq(t), "texts").unwrap());
        (rows(write), counters)
    }

    fn rows(write: &Write<'_>) -> Vec<(u64, String, Vec<u8>)> {
        let table = write.table(TEXTS).unwrap();
        let all = table.iter().unwrap().map(|row| {
            let (key, value) = row.unwrap();
            (
                key.value().0,
                key.value().1.to_owned(),
                value.value().to_vec(),
            )
        });
        all.collect()
    }

    proptest! {
        #[test]
        fn what_a_closure_changed_is_taken_back_and_nothing_else(
            before in proptest::collection::vec(change(), 0..12),
            failed in proptest::collection::vec(change(), 0..12),
            after in proptest::collection::vec(change(), 0..4),
        ) {
            let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
            let transaction = database.begin_write().unwrap();
            let write = Write::new(&transaction, IdMix::new(0));
            apply(&write, before);
            let kept = everything(&write);
            apply(&write, failed);
            undo(&write).unwrap();
            prop_assert_eq!(everything(&write), kept.clone());
            apply(&write, after);
            undo(&write).unwrap();
            prop_assert_eq!(everything(&write), kept);
        }
    }
}
