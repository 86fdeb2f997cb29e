//! The mock Okta org: a file a noun. Puts and removes here maintain indexes and counters; what a change means (events,
//! what must be sent) is the operation's duty (`crate::directory::okta`, `crate::sync::okta`).

pub mod app_users;
pub mod apps;
pub(super) mod event_blocks;
pub mod events;
pub mod groups;
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
