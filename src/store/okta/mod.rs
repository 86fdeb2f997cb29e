//! The mock Okta org: a file a noun. Puts and removes here maintain indexes and counters; what a change means (events,
//! what must be sent) is the operation's duty (`crate::directory::okta`, `crate::sync::okta`).

pub mod app_users;
pub mod apps;
pub(super) mod event_blocks;
pub mod events;
pub mod groups;
pub mod imports;
pub mod jobs;
pub mod orgs;
pub mod push;
pub mod push_rules;
pub mod rules;
pub mod tasks;
pub mod users;

use redb::ReadableTable as _;

use super::record::{Record, decode};
use super::tables::{Definition, Row};
use super::{Error, Reads, Write};
use crate::id::Seq;

/// An app and whose it is: `(org, app)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppKey {
    /// Row of the org.
    pub org: Seq,
    /// Row of the app.
    pub app: Seq,
}

impl AppKey {
    /// The queue of the org itself, for what it has to do page by page: rows of apps begin at 1.
    pub const fn of_org(org: Seq) -> Self {
        Self { org, app: Seq(0) }
    }

    /// Whether it is the queue of an org rather than of an app.
    pub const fn is_of_org(self) -> bool {
        self.app.0 == 0
    }
}

/// Rows of something that belongs to something of an org: `(org, owner, row)`.
type Owned<V> = Definition<(u64, u64, u64), V>;

/// The first `limit` rows of an owner after `after`, in their order.
fn page<T: Record>(
    tx: &impl Reads,
    table: Owned<Row>,
    org: Seq,
    owner: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<T>, Error> {
    tx.open(table)?
        .range((org.0, owner.0, after.0.saturating_add(1))..=(org.0, owner.0, u64::MAX))?
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// The `limit` rows of an org that have `skip` rows before them; those are walked over, and not read.
fn page_at<T: Record>(
    tx: &impl Reads,
    table: Definition<(u64, u64), Row>,
    org: Seq,
    skip: usize,
    limit: usize,
) -> Result<Vec<T>, Error> {
    tx.open(table)?
        .range((org.0, 1)..=(org.0, u64::MAX))?
        .skip(skip)
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// The first `limit` of the third parts of an edge's key after `after`, in their order.
fn edges<V: redb::Value + 'static>(
    tx: &impl Reads,
    table: Owned<V>,
    org: Seq,
    owner: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<Seq>, Error> {
    tx.open(table)?
        .range((org.0, owner.0, after.0.saturating_add(1))..=(org.0, owner.0, u64::MAX))?
        .take(limit)
        .map(|row| Ok(Seq(row?.0.value().2)))
        .collect()
}

/// What has an account at the target, by the `id` there: `(org, app, id, row)`.
type Accounts = Definition<(u64, u64, &'static str, u64), ()>;

/// The first row behind an `id` at the target.
fn first(tx: &impl Reads, index: Accounts, key: AppKey, id: &str) -> Result<Option<Seq>, Error> {
    let at = |row: u64| (key.org.0, key.app.0, id, row);
    match tx.open(index)?.range(at(0)..=at(u64::MAX))?.next() {
        Some(entry) => Ok(Some(Seq(entry?.0.value().3))),
        None => Ok(None),
    }
}

/// Moves the entry of a row from the `id` it had to the one it has.
fn move_account(
    tx: &Write<'_>,
    index: Accounts,
    key: AppKey,
    row: Seq,
    before: Option<&str>,
    after: Option<&str>,
) -> Result<(), Error> {
    if before == after {
        return Ok(());
    }
    let mut table = tx.table(index)?;
    if let Some(id) = before {
        table.remove((key.org.0, key.app.0, id, row.0))?;
    }
    if let Some(id) = after {
        table.insert((key.org.0, key.app.0, id, row.0), ())?;
    }
    Ok(())
}

/// Adds an edge and its mirror; false when it was there already.
fn connect(
    tx: &Write<'_>,
    (there, back): (Owned<()>, Owned<()>),
    org: Seq,
    from: Seq,
    to: Seq,
) -> Result<bool, Error> {
    let added = tx
        .table(there)?
        .insert((org.0, from.0, to.0), ())?
        .is_none();
    if added {
        tx.table(back)?.insert((org.0, to.0, from.0), ())?;
    }
    Ok(added)
}

/// Takes an edge and its mirror away; false when there was none.
fn disconnect(
    tx: &Write<'_>,
    (there, back): (Owned<()>, Owned<()>),
    org: Seq,
    from: Seq,
    to: Seq,
) -> Result<bool, Error> {
    let removed = tx.table(there)?.remove((org.0, from.0, to.0))?.is_some();
    if removed {
        tx.table(back)?.remove((org.0, to.0, from.0))?;
    }
    Ok(removed)
}
