//! The System Log: appended, never changed, and swept when its time is over.

use redb::ReadableTable;

use crate::id::Seq;
use crate::model::Exchange;
use crate::model::okta::{EventExchanges, SystemEvent};
use crate::store::record::decode;
use crate::store::{Error, Reads, Write, rows, tables};

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
    let position = tx.next_seq(org, "okta_events")?;
    event.seq = position;
    event.sent = !exchanges.is_empty();
    rows::put(tx, tables::OKTA_EVENTS, (org.0, position.0), &event)?;
    if event.sent {
        let exchanges = EventExchanges { exchanges };
        let key = (org.0, position.0);
        rows::put(tx, tables::OKTA_EVENT_EXCHANGES, key, &exchanges)?;
    }
    Ok(position)
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
pub fn search(
    tx: &impl Reads,
    org: Seq,
    order: Order,
    after: Option<Seq>,
    (limit, rows): (usize, usize),
    mut fits: impl FnMut(&SystemEvent) -> bool,
) -> Result<Found, Error> {
    let (first, last) = match (order, after) {
        (_, None) => (1, u64::MAX),
        (Order::OldestFirst, Some(Seq(after))) => (after.saturating_add(1), u64::MAX),
        (Order::NewestFirst, Some(Seq(after))) => (1, after.saturating_sub(1)),
    };
    let mut found = Found::default();
    if first > last {
        return Ok(found);
    }
    let events = tx.open(tables::OKTA_EVENTS)?;
    let mut range = events.range((org.0, first)..=(org.0, last))?;
    let mut read = 0;
    loop {
        let row = match order {
            Order::OldestFirst => range.next(),
            Order::NewestFirst => range.next_back(),
        };
        let Some(row) = row else {
            found.next = None;
            return Ok(found);
        };
        if found.events.len() == limit || read == rows {
            return Ok(found);
        }
        let event: SystemEvent = decode(row?.1.value())?;
        read += 1;
        found.next = Some(event.seq);
        if fits(&event) {
            found.events.push(event);
        }
    }
}

/// Takes up to `limit` of the oldest events away that were published before a moment; whether some are left.
pub fn remove_before(
    tx: &Write<'_>,
    org: Seq,
    before: crate::clock::Timestamp,
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
    }
    Ok(old.len() == limit)
}
