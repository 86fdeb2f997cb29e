//! The provisioning log: appended, never changed, searched by anything an entry is known by, and swept when its time
//! is over.
//!
//! Positions count up from 1 without gaps; an entry's ids are made of its position. What lists read of an entry
//! ([`LogHead`]) and the rest ([`LogDetails`]) are two rows, so that a search reads little. `log_blocks` says which
//! entries a search has to read at all.

use std::ops::{ControlFlow, Range};

use redb::ReadableTable;

use super::jobs::JobKey;
use super::log_blocks::{Block, SIZE, block, describe, lower};
use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::clock::Timestamp;
use crate::id::{Guid, IdMix, Seq};
use crate::model::{
    Action, Identity, LogDetails, LogEntry, LogHead, LogRetention, ObjectKind, Status,
};

/// `id` of the entry at a position.
pub fn id(mix: IdMix, tenant: Seq, entry: Seq) -> Guid {
    Guid::of_row(mix, "log entry", tenant, entry)
}

/// `changeId` of the entry at a position.
pub fn change_id(mix: IdMix, tenant: Seq, entry: Seq) -> Guid {
    Guid::of_row(mix, "change", tenant, entry)
}

/// The position that an `id` belongs to; whether there still is an entry is another question.
pub fn position_of_id(mix: IdMix, tenant: Seq, id: &Guid) -> Option<Seq> {
    id.row(mix, "log entry", tenant)
}

/// The position that a `changeId` belongs to.
pub fn position_of_change(mix: IdMix, tenant: Seq, change: &Guid) -> Option<Seq> {
    change.row(mix, "change", tenant)
}

/// Appends an entry; the position is assigned here.
///
/// # Errors
/// The engine's.
pub fn append(tx: &Write<'_>, tenant: Seq, entry: LogEntry) -> Result<Seq, Error> {
    let (mut head, details) = entry.into_parts();
    head.seq = tx.next_seq(tenant, "log_entries")?;
    let position = head.seq;
    let key = (tenant.0, position.0);
    rows::put(tx, tables::LOG_ENTRIES, key, &head)?;
    rows::put(tx, tables::LOG_DETAILS, key, &details)?;
    if position.0 % SIZE == SIZE - 1 {
        let heads = heads_of(tx, tenant, block(position.0))?;
        let key = (tenant.0, block(position.0));
        tx.table(tables::LOG_BLOCKS)?
            .insert(key, describe(&heads).as_slice())?;
    }
    Ok(position)
}

/// What there is of a block, in order.
fn heads_of(tx: &impl Reads, tenant: Seq, block: u64) -> Result<Vec<LogHead>, Error> {
    let first = block * SIZE;
    tx.open(tables::LOG_ENTRIES)?
        .range((tenant.0, first)..=(tenant.0, first + (SIZE - 1)))?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// The entry at this position.
///
/// # Errors
/// The engine's.
pub fn find(tx: &impl Reads, tenant: Seq, entry: Seq) -> Result<Option<LogEntry>, Error> {
    let Some(head) = head(tx, tenant, entry)? else {
        return Ok(None);
    };
    Ok(Some(complete(tx, tenant, head)?))
}

/// What lists show of the entry at this position.
///
/// # Errors
/// The engine's.
pub fn head(tx: &impl Reads, tenant: Seq, entry: Seq) -> Result<Option<LogHead>, Error> {
    rows::find(tx, tables::LOG_ENTRIES, (tenant.0, entry.0))
}

/// The whole of an entry of which the head is known.
///
/// # Errors
/// The engine's.
pub fn complete(tx: &impl Reads, tenant: Seq, head: LogHead) -> Result<LogEntry, Error> {
    let details: Option<LogDetails> = rows::find(tx, tables::LOG_DETAILS, (tenant.0, head.seq.0))?;
    Ok(LogEntry::new(head, details.unwrap_or_default()))
}

/// An end of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `sourceIdentity`.
    Source,
    /// `targetIdentity`.
    Target,
}

impl End {
    fn of(self, head: &LogHead) -> &Identity {
        match self {
            Self::Source => &head.source,
            Self::Target => &head.target,
        }
    }
}

/// How a text is compared, with regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// It is this.
    Is(String),
    /// This occurs in it.
    Contains(String),
}

impl Text {
    /// Whether a text is what is wanted.
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Is(wanted) => text == wanted,
            Self::Contains(wanted) => text.contains(wanted.as_str()),
        }
    }
}

/// Something that entries are looked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One of these jobs.
    Jobs(Vec<Seq>),
    /// Of a cycle, or of any but that.
    Cycle {
        /// `cycleId`.
        id: Guid,
        /// Whether it is that cycle.
        is: bool,
    },
    /// Of a cycle whose id, as it is printed, contains this.
    CycleLike(String),
    /// One of these actions.
    Actions(Vec<Action>),
    /// One of these results.
    Statuses(Vec<Status>),
    /// User or group.
    Kind(ObjectKind),
    /// Who asked for it.
    InitiatedBy {
        /// The name of somebody who did.
        name: Text,
        /// Whether what the service did by itself fits as well.
        service: bool,
    },
    /// The id of the object at one end.
    Id(End, Text),
    /// The name at one end.
    Name(End, Text),
    /// An id at either end is this, or a name at either end contains it, in any case.
    Identity(String),
    /// From a moment on and before another.
    Time(Range<Timestamp>),
    /// Milliseconds it took.
    Duration(Range<u64>),
}

impl Condition {
    /// Whether an entry fits.
    pub fn fits(&self, head: &LogHead) -> bool {
        match self {
            Self::Jobs(jobs) => jobs.contains(&head.job),
            Self::Cycle { id, is } => (head.cycle_id == *id) == *is,
            Self::Actions(actions) => actions.contains(&head.action),
            Self::Statuses(statuses) => statuses.contains(&head.status),
            Self::Kind(kind) => head.kind == *kind,
            Self::CycleLike(text) => head.cycle_id.to_string().contains(text.as_str()),
            Self::InitiatedBy { name, service } => match &head.initiated_by {
                None => *service,
                Some(somebody) => name.fits(somebody),
            },
            Self::Id(end, id) => id.fits(&end.of(head).id),
            Self::Name(end, name) => name.fits(&end.of(head).display_name),
            Self::Identity(text) => {
                let needle = lower(text);
                [&head.source, &head.target].iter().any(|identity| {
                    identity.id.eq_ignore_ascii_case(text)
                        || lower(&identity.display_name).contains(&needle)
                })
            }
            Self::Time(wanted) => wanted.contains(&head.activity_date_time),
            Self::Duration(wanted) => wanted.contains(&head.duration_in_milliseconds),
        }
    }
}

/// Which entries come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    #[default]
    NewestFirst,
    /// The oldest.
    OldestFirst,
}

/// How much a search may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most entries it hands over.
    pub entries: usize,
    /// Most entries it reads to find them: few unless a text is looked for that stands in many names but not where
    /// it is wanted.
    pub reads: usize,
}

/// A page of what was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Entries, in the order asked for.
    pub entries: Vec<LogHead>,
    /// Where to go on behind. `None`: there is no more.
    pub next: Option<Seq>,
    /// The search stopped for its bounds before the page was full.
    pub unfinished: bool,
}

/// Entries of a tenant that fit all conditions and that `also` takes, behind the position `after` in this order.
///
/// # Errors
/// The engine's.
pub fn search(
    tx: &impl Reads,
    tenant: Seq,
    wanted: &[Condition],
    order: Order,
    after: Option<Seq>,
    bounds: Bounds,
    mut also: impl FnMut(&LogHead) -> bool,
) -> Result<Found, Error> {
    let mut found = Found::default();
    let entries = tx.open(tables::LOG_ENTRIES)?;
    let Some((first, last)) = ends(&*entries, tenant, order, after)? else {
        return Ok(found);
    };
    let blocks = tx.open(tables::LOG_BLOCKS)?;
    let mut described = blocks.range((tenant.0, block(first))..=(tenant.0, block(last)))?;
    // The newest block is not described before it is full.
    let open = blocks.get((tenant.0, block(last)))?.is_none();
    let mut open = open.then_some((block(last), u64::MAX));
    let mut read = 0;
    let mut behind = after;
    loop {
        let next = match order {
            Order::NewestFirst => match open.take() {
                Some(open) => Some(open),
                None => described
                    .next_back()
                    .transpose()?
                    .map(|row| masked(row.0.value().1, row.1.value(), wanted)),
            },
            Order::OldestFirst => match described.next().transpose()? {
                Some(row) => Some(masked(row.0.value().1, row.1.value(), wanted)),
                None => open.take(),
            },
        };
        let Some((block, mask)) = next else {
            return Ok(found);
        };
        let mut mask = mask;
        while mask != 0 {
            let place = match order {
                Order::NewestFirst => mask.ilog2(),
                Order::OldestFirst => mask.trailing_zeros(),
            };
            mask &= !(1 << place);
            let position = block * SIZE + u64::from(place);
            if position < first || position > last {
                continue;
            }
            if read == bounds.reads {
                found.next = behind;
                found.unfinished = true;
                return Ok(found);
            }
            let Some(row) = entries.get((tenant.0, position))? else {
                continue;
            };
            read += 1;
            let head: LogHead = decode(row.value())?;
            if wanted.iter().all(|condition| condition.fits(&head)) && also(&head) {
                if found.entries.len() == bounds.entries {
                    found.next = found.entries.last().map(|head| head.seq);
                    return Ok(found);
                }
                found.entries.push(head);
            }
            behind = Some(Seq(position));
        }
    }
}

/// The newest entries that fit, at most `limit`.
///
/// # Errors
/// The engine's.
pub fn newest(
    tx: &impl Reads,
    tenant: Seq,
    wanted: &[Condition],
    limit: usize,
) -> Result<Vec<LogHead>, Error> {
    let bounds = Bounds {
        entries: limit,
        reads: usize::MAX,
    };
    let found = search(tx, tenant, wanted, Order::NewestFirst, None, bounds, |_| {
        true
    })?;
    Ok(found.entries)
}

/// Hands the entries of a job before `before` (all when `None`) to a function, newest first, until it breaks.
///
/// # Errors
/// The engine's, and the function's.
pub fn walk_back<E: From<Error>>(
    tx: &impl Reads,
    key: JobKey,
    before: Option<Seq>,
    mut each: impl FnMut(LogEntry) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let wanted = [Condition::Jobs(vec![key.job])];
    let bounds = Bounds {
        entries: 50,
        reads: usize::MAX,
    };
    let mut after = before;
    loop {
        let order = Order::NewestFirst;
        let found = search(tx, key.tenant, &wanted, order, after, bounds, |_| true)?;
        for head in found.entries {
            if each(complete(tx, key.tenant, head)?)?.is_break() {
                return Ok(());
            }
        }
        match found.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// A described block and its candidates.
fn masked(block: u64, bytes: &[u8], wanted: &[Condition]) -> (u64, u64) {
    let mask = Block::new(bytes).map_or(u64::MAX, |block| block.candidates(wanted));
    (block, mask)
}

/// The first and the last position that are looked at; `None` when there are none.
fn ends(
    entries: &impl ReadableTable<(u64, u64), tables::Row>,
    tenant: Seq,
    order: Order,
    after: Option<Seq>,
) -> Result<Option<(u64, u64)>, Error> {
    let (first, last) = match (order, after) {
        (_, None) => (0, u64::MAX),
        (Order::NewestFirst, Some(Seq(0))) => return Ok(None),
        (Order::NewestFirst, Some(Seq(after))) => (0, after - 1),
        (Order::OldestFirst, Some(Seq(after))) => (after.saturating_add(1), u64::MAX),
    };
    let mut range = entries.range((tenant.0, first)..=(tenant.0, last))?;
    let Some(first) = range.next().transpose()?.map(|(key, _)| key.value().1) else {
        return Ok(None);
    };
    let last = range.next_back().transpose()?;
    Ok(Some((first, last.map_or(first, |(key, _)| key.value().1))))
}

/// Tenants that have a log.
///
/// # Errors
/// The engine's.
pub fn tenants(tx: &impl Reads) -> Result<Vec<Seq>, Error> {
    let entries = tx.open(tables::LOG_ENTRIES)?;
    let (mut tenants, mut from) = (Vec::new(), 0);
    while let Some((key, _)) = entries.range((from, 0)..)?.next().transpose()? {
        let tenant = key.value().0;
        tenants.push(Seq(tenant));
        match tenant.checked_add(1) {
            Some(next) => from = next,
            None => break,
        }
    }
    Ok(tenants)
}

/// Takes away what is older than `before`, oldest first, from one block: a small write. Tells how many went; none
/// means that nothing is left to do.
///
/// # Errors
/// The engine's.
pub fn sweep(tx: &Write<'_>, tenant: Seq, before: Timestamp) -> Result<usize, Error> {
    let first = {
        let entries = tx.open(tables::LOG_ENTRIES)?;
        let first = entries.range((tenant.0, 0)..=(tenant.0, u64::MAX))?.next();
        first.transpose()?.map(|(key, _)| key.value().1)
    };
    let Some(first) = first else {
        return Ok(0);
    };
    let heads = heads_of(tx, tenant, block(first))?;
    let old = heads
        .iter()
        .take_while(|head| head.activity_date_time < before)
        .count();
    for head in &heads[..old] {
        let key = (tenant.0, head.seq.0);
        rows::remove(tx, tables::LOG_ENTRIES, key)?;
        rows::remove(tx, tables::LOG_DETAILS, key)?;
    }
    if old == heads.len() {
        rows::remove(tx, tables::LOG_BLOCKS, (tenant.0, block(first)))?;
    }
    Ok(old)
}

/// Takes up to `limit` entries of a job away, oldest first; tells how many went.
///
/// # Errors
/// The engine's.
pub fn remove_of_job(tx: &Write<'_>, key: JobKey, limit: usize) -> Result<usize, Error> {
    let wanted = [Condition::Jobs(vec![key.job])];
    let bounds = Bounds {
        entries: limit,
        reads: usize::MAX,
    };
    let order = Order::OldestFirst;
    let found = search(tx, key.tenant, &wanted, order, None, bounds, |_| true)?;
    for head in &found.entries {
        let place = (key.tenant.0, head.seq.0);
        rows::remove(tx, tables::LOG_ENTRIES, place)?;
        rows::remove(tx, tables::LOG_DETAILS, place)?;
    }
    let mut touched: Vec<u64> = found.entries.iter().map(|h| block(h.seq.0)).collect();
    touched.dedup();
    for block in touched {
        // What is left of a block is still described; of an empty one nothing is.
        if heads_of(tx, key.tenant, block)?.is_empty() {
            rows::remove(tx, tables::LOG_BLOCKS, (key.tenant.0, block))?;
        }
    }
    Ok(found.entries.len())
}

/// Where the setting of a tenant is kept.
pub(super) fn retention_key(tenant: Seq) -> String {
    format!("log_retention:{tenant}")
}

/// How long the log of a tenant is kept.
///
/// # Errors
/// The engine's.
pub fn retention(tx: &impl Reads, tenant: Seq) -> Result<LogRetention, Error> {
    let key = retention_key(tenant);
    Ok(rows::find(tx, tables::SETTINGS, key.as_str())?.unwrap_or_default())
}

/// Sets how long the log of a tenant is kept.
///
/// # Errors
/// The engine's.
pub fn put_retention(tx: &Write<'_>, tenant: Seq, retention: LogRetention) -> Result<(), Error> {
    let key = retention_key(tenant);
    rows::put(tx, tables::SETTINGS, key.as_str(), &retention)
}

#[cfg(test)]
mod tests;
