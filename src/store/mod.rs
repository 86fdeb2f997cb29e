//! The store: the only module that names the engine (redb).
//!
//! * [`Store::read`] gives a [`Snapshot`]: count, page and members seen through it agree with each
//!   other. It costs next to nothing until something is committed (`snapshot`). Never hold one across network
//!   I/O: it pins pages of the file.
//! * [`Store::write`] sends a closure to the one writer thread. What waits runs in one transaction and is
//!   acknowledged only after its durable commit (`writer`); a closure that fails is undone alone (`journal`).
//!   Tables are opened, and counters (`counters`) read and written, once a batch.
//!   Closures are deterministic and short: time, randomness and ids come in as arguments, no I/O happens
//!   inside. Readers never see what is not durable yet.
//! * Indexes and counters are maintained only inside the noun files, by their `put` and `remove`;
//!   [`check()`] rebuilds and compares them.

#![expect(
    clippy::disallowed_types,
    reason = "this module is the seam to the engine"
)]

pub mod accounts;
pub mod api_keys;
pub mod appliance;
pub mod audit;
mod check;
mod check_jobs;
mod check_logs;
mod check_okta;
mod counters;
pub mod directory;
pub mod directory_names;
pub mod domains;
mod gaps;
pub mod groups;
pub mod inbound;
pub mod invites;
mod job_counts;
pub mod jobs;
mod journal;
pub mod key_uses;
pub mod keys;
mod log_blocks;
pub mod logs;
pub mod mail;
pub mod memberships;
pub mod okta;
mod open;
pub mod record;
pub mod recycle_bin;
pub mod registrations;
mod rows;
pub mod schemas;
pub mod sessions;
mod snapshot;
pub mod sso;
pub mod stored;
mod tables;
pub mod teams;
#[cfg(test)]
mod tests;
mod text;
mod upgrade;
mod upgrade_people;
pub mod users;
pub mod view;
mod writer;

use std::cell::RefCell;
use std::ops::Deref;
use std::sync::Arc;

use redb::{Database, ReadableTable, WriteTransaction};

use crate::id::{IdMix, Seq};

pub use check::{Finding, check};
use counters::Counters;
use journal::Journal;
pub use open::{OpenError, Options};
pub use snapshot::Snapshot;
pub use stored::Stored;
use tables::Definition;
pub use text::dump;
pub use view::View;
pub use writer::Submission;

/// What can go wrong below the domain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine or the disk.
    #[error("the storage engine failed: {0}")]
    Engine(#[from] redb::Error),
    /// A row or an index is not what it must be.
    #[error("the data is damaged: {0}")]
    Corrupt(String),
    /// The queue of writes stayed full for too long.
    #[error("too many writes are waiting")]
    Busy,
    /// A durable commit failed earlier, or the writer is gone; nothing is written any more.
    #[error("writes are refused since a commit failed; restart to go on")]
    Refused,
    /// A write closure panicked. Its changes are gone.
    #[error("a write failed unexpectedly")]
    Panicked,
    /// The receiver of a dump failed.
    #[error("cannot write the dump: {0}")]
    Output(String),
}

macro_rules! from_engine {
    ($($type:ty),*) => {
        $(impl From<$type> for Error {
            fn from(error: $type) -> Self {
                Self::Engine(error.into())
            }
        })*
    };
}
from_engine!(
    redb::StorageError,
    redb::TableError,
    redb::TransactionError,
    redb::CommitError,
    redb::SetDurabilityError
);

/// The open data file and its writer thread. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    latest: Arc<snapshot::Latest>,
    database: Arc<Database>,
    writer: Arc<writer::Writer>,
    mix: IdMix,
}

impl Store {
    /// A store in memory, for tests.
    ///
    /// # Errors
    /// Never in practice; the engine's.
    pub fn in_memory() -> Result<Self, OpenError> {
        open::in_memory()
    }

    /// Opens or creates the data file `scimlab.redb` in a directory.
    ///
    /// # Errors
    /// One clear sentence for each way this can fail: another process, a newer version, no
    /// permission, damage.
    pub fn open(options: &Options) -> Result<Self, OpenError> {
        open::open(options)
    }

    /// A consistent view of everything, as it is now.
    ///
    /// # Errors
    /// The engine's.
    pub fn read(&self) -> Result<Snapshot, Error> {
        self.latest.read(&self.database, self.mix)
    }

    /// Runs a closure in a write transaction and waits until it is durable. If it returns an error or
    /// panics, nothing of it remains.
    ///
    /// # Errors
    /// The closure's; or the store's when the closure could not run or could not be made durable.
    pub fn write<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        F: FnOnce(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.submit(closure)
    }

    /// Queues a write without waiting for anything; gives it back when the queue is full.
    ///
    /// # Errors
    /// The submission itself: hand it to [`Store::enqueue`] where waiting is allowed.
    pub fn try_enqueue(&self, submission: Submission) -> Result<(), Submission> {
        self.writer.try_enqueue(submission)
    }

    /// Queues a write, waiting for a place in the queue for a few seconds.
    ///
    /// # Errors
    /// [`Error::Busy`] when there was none, [`Error::Refused`] after a failed commit.
    pub fn enqueue(&self, submission: Submission) -> Result<(), Error> {
        self.writer.enqueue(submission)
    }

    /// Whether writes are accepted; false after a failed durable commit.
    pub fn is_writable(&self) -> bool {
        self.writer.is_accepting()
    }

    /// The mix of this file's SCIM ids.
    pub fn mix(&self) -> IdMix {
        self.mix
    }
}

/// A write transaction, seen from inside a write closure. The closures of a batch share it one after the
/// other.
pub struct Write<'t> {
    transaction: &'t WriteTransaction,
    open: tables::ForWriting<'t>,
    counters: Counters,
    journal: Journal,
    mix: IdMix,
}

/// What [`Snapshot`] and [`Write`] have in common, so that one `get` serves both.
pub trait Reads {
    /// Opens a table for reading.
    ///
    /// # Errors
    /// The engine's.
    fn open<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: Definition<K, V>,
    ) -> Result<impl Deref<Target: ReadableTable<K, V> + Sized>, Error>;

    /// A counter's value; 0 when there is none.
    ///
    /// # Errors
    /// The engine's.
    fn counter(&self, tenant: Seq, kind: &'static str) -> Result<u64, Error>;

    /// The mix of this file's SCIM ids.
    fn mix(&self) -> IdMix;
}

impl Reads for Write<'_> {
    fn open<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: Definition<K, V>,
    ) -> Result<impl Deref<Target: ReadableTable<K, V> + Sized>, Error> {
        Ok(self.opened(table)?.borrow())
    }

    fn counter(&self, tenant: Seq, kind: &'static str) -> Result<u64, Error> {
        self.counters.get((tenant, kind), || {
            rows::stored_counter(&*self.open(tables::COUNTERS)?, tenant, kind)
        })
    }

    fn mix(&self) -> IdMix {
        self.mix
    }
}

impl<'t> Write<'t> {
    fn new(transaction: &'t WriteTransaction, mix: IdMix) -> Self {
        Self {
            transaction,
            open: tables::ForWriting::default(),
            counters: Counters::default(),
            journal: Journal::default(),
            mix,
        }
    }

    /// A table, opened at most once.
    fn opened<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: Definition<K, V>,
    ) -> Result<&RefCell<redb::Table<'t, K, V>>, Error> {
        let place = (table.written)(&self.open);
        if let Some(open) = place.get() {
            return Ok(open);
        }
        let open = self.transaction.open_table(table.engine)?;
        Ok(place.get_or_init(|| RefCell::new(open)))
    }

    fn table<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: Definition<K, V>,
    ) -> Result<journal::Table<'_, 't, K, V>, Error> {
        journal::Table::open(self, table)
    }

    /// Hands out the next row number of a kind.
    fn next_seq(&self, tenant: Seq, kind: &'static str) -> Result<Seq, Error> {
        self.add_to_counter(tenant, kind, 1).map(Seq)
    }

    /// Adds to a counter (wrapping downwards is a bug that `check` finds) and returns the new value.
    fn add_to_counter(&self, tenant: Seq, kind: &'static str, by: i64) -> Result<u64, Error> {
        let old = self.counter(tenant, kind)?;
        let new = old.saturating_add_signed(by);
        self.journal.counter((tenant, kind), old);
        self.counters.set((tenant, kind), new);
        Ok(new)
    }

    /// Writes what was counted, at the end of a batch.
    fn finish(mut self) -> Result<(), Error> {
        let counters = std::mem::take(&mut self.counters);
        let mut table = self.opened(tables::COUNTERS)?.borrow_mut();
        counters.changed(|(tenant, kind), value| {
            table.insert((tenant.0, kind), value)?;
            Ok(())
        })
    }
}
