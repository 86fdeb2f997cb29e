//! The System Log: appended, never changed, and swept when its time is over.
//!
//! Positions count up from 1 without gaps. `event_blocks` says which events a search has to read at all.

use redb::ReadableTable;

pub use super::event_blocks::Condition;
use super::event_blocks::{Mask, SIZE, block, candidates, describe};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::Exchange;
use crate::model::okta::{EventExchanges, SystemEvent};
use crate::store::record::decode;
use crate::store::{Error, Reads, Write, rows, tables};

/// Counts positions.
pub(in crate::store) const POSITIONS: &str = "okta_events";

/// Which events come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    NewestFirst,
    /// The oldest.
    OldestFirst,
}

/// Appends an event with the requests behind it; returns its position. Its own `seq` and `sent` do not count.
pub fn append(
    tx: &Write<'_>,
    org: Seq,
    mut event: SystemEvent,
    exchanges: Vec<Exchange>,
) -> Result<Seq, Error> {
    let position = tx.next_seq(org, POSITIONS)?;
    event.seq = position;
    event.sent = !exchanges.is_empty();
    rows::put(tx, tables::OKTA_EVENTS, (org.0, position.0), &event)?;
    if event.sent {
        let exchanges = EventExchanges { exchanges };
        let key = (org.0, position.0);
        rows::put(tx, tables::OKTA_EVENT_EXCHANGES, key, &exchanges)?;
    }
    if position.0 % SIZE == SIZE - 1 {
        let number = block(position.0);
        let description = describe(&of_block(tx, org, number)?);
        tx.table(tables::OKTA_EVENT_BLOCKS)?
            .insert((org.0, number), description.as_slice())?;
    }
    Ok(position)
}

/// What there is of a block, in order.
fn of_block(tx: &impl Reads, org: Seq, number: u64) -> Result<Vec<SystemEvent>, Error> {
    let first = number * SIZE;
    tx.open(tables::OKTA_EVENTS)?
        .range((org.0, first)..=(org.0, first + (SIZE - 1)))?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// The event at a position.
pub fn find(tx: &impl Reads, org: Seq, position: Seq) -> Result<Option<SystemEvent>, Error> {
    rows::find(tx, tables::OKTA_EVENTS, (org.0, position.0))
}

/// The requests behind an event.
pub fn exchanges(tx: &impl Reads, org: Seq, position: Seq) -> Result<Vec<Exchange>, Error> {
    let found: Option<EventExchanges> =
        rows::find(tx, tables::OKTA_EVENT_EXCHANGES, (org.0, position.0))?;
    Ok(found.map(|e| e.exchanges).unwrap_or_default())
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The events.
    pub events: Vec<SystemEvent>,
    /// The position to go on behind, when there may be more.
    pub next: Option<Seq>,
}

/// Up to `limit` events behind `after` that fit, in this order. A search that has read `rows` events stops and says
/// where.
///
/// # Errors
/// The engine's.
pub fn search(
    tx: &impl Reads,
    org: Seq,
    order: Order,
    after: Option<Seq>,
    bounds: (usize, usize),
    fits: impl FnMut(&SystemEvent) -> bool,
) -> Result<Found, Error> {
    search_for(tx, org, &[], order, after, bounds, fits)
}

/// The same among the events for which all conditions hold. Others cost next to nothing: 64 of them as much as one that
/// is read.
///
/// # Errors
/// The engine's.
pub fn search_for(
    tx: &impl Reads,
    org: Seq,
    wanted: &[Condition],
    order: Order,
    after: Option<Seq>,
    (limit, rows): (usize, usize),
    mut fits: impl FnMut(&SystemEvent) -> bool,
) -> Result<Found, Error> {
    let mut found = Found::default();
    let events = tx.open(tables::OKTA_EVENTS)?;
    let Some((first, last)) = ends(&*events, org, order, after)? else {
        return Ok(found);
    };
    let blocks = tx.open(tables::OKTA_EVENT_BLOCKS)?;
    let (lowest, highest) = (block(first), block(last));
    let mut read = 0;
    for step in 0..=highest - lowest {
        let number = match order {
            Order::OldestFirst => lowest + step,
            Order::NewestFirst => highest - step,
        };
        let (low, high) = (number * SIZE, number * SIZE + (SIZE - 1));
        let mask = if wanted.is_empty() {
            Mask::MAX
        } else {
            // The newest block is not described before it is full.
            let described = blocks.get((org.0, number))?;
            described.map_or(Mask::MAX, |bytes| candidates(bytes.value(), wanted))
        };
        if mask == 0 {
            if found.events.len() == limit || read == rows {
                return Ok(found);
            }
            read += 1;
            found.next = Some(Seq(match order {
                Order::OldestFirst => high.min(last),
                Order::NewestFirst => low.max(first),
            }));
            continue;
        }
        let mut range = events.range((org.0, low.max(first))..=(org.0, high.min(last)))?;
        loop {
            let row = match order {
                Order::OldestFirst => range.next(),
                Order::NewestFirst => range.next_back(),
            };
            let Some(row) = row else {
                break;
            };
            if found.events.len() == limit || read == rows {
                return Ok(found);
            }
            let (key, bytes) = row?;
            let position = key.value().1;
            found.next = Some(Seq(position));
            if mask >> (position % SIZE) & 1 == 0 {
                continue;
            }
            read += 1;
            let event: SystemEvent = decode(bytes.value())?;
            if wanted.iter().all(|condition| condition.fits(&event)) && fits(&event) {
                found.events.push(event);
            }
        }
    }
    found.next = None;
    Ok(found)
}

/// The first and the last position that are there behind `after`.
fn ends(
    events: &impl ReadableTable<(u64, u64), tables::Row>,
    org: Seq,
    order: Order,
    after: Option<Seq>,
) -> Result<Option<(u64, u64)>, Error> {
    let (first, last) = match (order, after) {
        (_, None) => (1, u64::MAX),
        (Order::OldestFirst, Some(Seq(after))) => (after.saturating_add(1), u64::MAX),
        (Order::NewestFirst, Some(Seq(after))) => (1, after.saturating_sub(1)),
    };
    if first > last {
        return Ok(None);
    }
    let mut range = events.range((org.0, first)..=(org.0, last))?;
    let Some(first) = range.next().transpose()? else {
        return Ok(None);
    };
    let first = first.0.value().1;
    let last = range.next_back().transpose()?;
    Ok(Some((first, last.map_or(first, |(key, _)| key.value().1))))
}

/// Takes up to `limit` of the oldest events away that were published before a moment; whether some are left.
pub fn remove_before(
    tx: &Write<'_>,
    org: Seq,
    before: Timestamp,
    limit: usize,
) -> Result<bool, Error> {
    let old: Vec<Seq> = rows::page::<SystemEvent>(tx, tables::OKTA_EVENTS, org, Seq(0), limit)?
        .into_iter()
        .take_while(|event| event.published < before)
        .map(|event| event.seq)
        .collect();
    for position in &old {
        rows::remove(tx, tables::OKTA_EVENTS, (org.0, position.0))?;
        rows::remove(tx, tables::OKTA_EVENT_EXCHANGES, (org.0, position.0))?;
        // The oldest go first: with the last of a block goes its description.
        if position.0 % SIZE == SIZE - 1 {
            tx.table(tables::OKTA_EVENT_BLOCKS)?
                .remove((org.0, block(position.0)))?;
        }
    }
    Ok(old.len() == limit)
}
