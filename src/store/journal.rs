//! What a write closure changed, so that it alone can be taken back.
//!
//! Closures that are made durable together share one transaction of the engine: a transaction of its own
//! for each would copy the same pages again and again (measured: two thirds of the server's time for
//! creates). The engine cannot take back a part of a transaction once tables are open, so every change
//! notes how to undo it; the notes of a closure that fails are replayed backwards.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::ops::{Deref, RangeBounds};

use redb::{AccessGuard, Key, TableDefinition, Value, WriteTransaction};

use super::Error;

/// Takes one change back.
type Undo = Box<dyn FnOnce(&WriteTransaction) -> Result<(), Error>>;

/// The changes of one closure, oldest first.
pub(super) struct Journal(Option<RefCell<Vec<Undo>>>);

impl Journal {
    /// Notes every change.
    pub(super) fn new() -> Self {
        Self(Some(RefCell::default()))
    }

    /// Notes nothing: the whole transaction goes when its only closure fails.
    pub(super) const fn of_one() -> Self {
        Self(None)
    }

    fn note(&self, undo: impl FnOnce() -> Undo) {
        if let Some(notes) = &self.0 {
            notes.borrow_mut().push(undo());
        }
    }

    /// Takes every change back.
    ///
    /// # Errors
    /// The engine's; the transaction must then be given up as a whole.
    pub(super) fn undo(self, transaction: &WriteTransaction) -> Result<(), Error> {
        for undo in self
            .0
            .map(RefCell::into_inner)
            .unwrap_or_default()
            .into_iter()
            .rev()
        {
            undo(transaction)?;
        }
        Ok(())
    }
}

/// A table open for writing. Reads are the engine's own.
pub(super) struct Table<'t, K: Key + 'static, V: Value + 'static> {
    rows: redb::Table<'t, K, V>,
    definition: TableDefinition<'static, K, V>,
    journal: &'t Journal,
}

impl<'t, K: Key + 'static, V: Value + 'static> Table<'t, K, V> {
    /// Opens a table of a transaction.
    pub(super) fn open(
        transaction: &'t WriteTransaction,
        definition: TableDefinition<'static, K, V>,
        journal: &'t Journal,
    ) -> Result<Self, Error> {
        Ok(Self {
            rows: transaction.open_table(definition)?,
            definition,
            journal,
        })
    }

    /// Inserts or replaces; returns the value that was there.
    pub(super) fn insert<'k, 'v>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
        value: impl Borrow<V::SelfType<'v>>,
    ) -> Result<Option<AccessGuard<'_, V>>, Error> {
        let old = self.rows.insert(key.borrow(), value)?;
        note(self.journal, self.definition, key.borrow(), old.as_ref());
        Ok(old)
    }

    /// Takes away; returns the value that was there.
    pub(super) fn remove<'k>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<Option<AccessGuard<'_, V>>, Error> {
        let old = self.rows.remove(key.borrow())?;
        if old.is_some() {
            note(self.journal, self.definition, key.borrow(), old.as_ref());
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
            note(self.journal, self.definition, &key.value(), Some(&value));
            each(key.value())?;
        }
        Ok(())
    }
}

/// Notes that the value at `key` was `old`.
fn note<K: Key + 'static, V: Value + 'static>(
    journal: &Journal,
    definition: TableDefinition<'static, K, V>,
    key: &K::SelfType<'_>,
    old: Option<&AccessGuard<'_, V>>,
) {
    journal.note(|| {
        let key = K::as_bytes(key).as_ref().to_vec();
        let old = old.map(|guard| V::as_bytes(&guard.value()).as_ref().to_vec());
        Box::new(move |transaction| {
            let mut rows = transaction.open_table(definition)?;
            let key = K::from_bytes(&key);
            match &old {
                Some(old) => rows.insert(key, V::from_bytes(old))?,
                None => rows.remove(key)?,
            };
            Ok(())
        })
    });
}

impl<'t, K: Key + 'static, V: Value + 'static> Deref for Table<'t, K, V> {
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

    const TEXTS: TableDefinition<'static, (u64, &'static str), &'static [u8]> =
        TableDefinition::new("TEXTS");

    #[derive(Debug, Clone)]
    enum Change {
        Insert(u64, String, Vec<u8>),
        Remove(u64, String),
        RemoveAll(u64),
    }

    fn change() -> impl Strategy<Value = Change> {
        let (tenant, name) = (1_u64..3, "[ab]{1,2}");
        prop_oneof![
            3 => (tenant.clone(), name, any::<[u8; 2]>())
                .prop_map(|(t, n, v)| Change::Insert(t, n, v.to_vec())),
            2 => (tenant.clone(), name).prop_map(|(t, n)| Change::Remove(t, n)),
            1 => tenant.prop_map(Change::RemoveAll),
        ]
    }

    fn apply(transaction: &WriteTransaction, journal: &Journal, changes: Vec<Change>) {
        let mut table = Table::open(transaction, TEXTS, journal).unwrap();
        for change in changes {
            match change {
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

    fn rows(transaction: &WriteTransaction) -> Vec<(u64, String, Vec<u8>)> {
        let table = transaction.open_table(TEXTS).unwrap();
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
            apply(&transaction, &Journal::new(), before);
            let kept = rows(&transaction);
            let journal = Journal::new();
            apply(&transaction, &journal, failed);
            journal.undo(&transaction).unwrap();
            prop_assert_eq!(rows(&transaction), kept.clone());
            let journal = Journal::new();
            apply(&transaction, &journal, after);
            journal.undo(&transaction).unwrap();
            prop_assert_eq!(rows(&transaction), kept);
        }
    }
}
