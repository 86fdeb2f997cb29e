//! What is in a block of the System Log, so that a search for events by what they are reads few of them.
//!
//! A block is 64 neighbouring positions. When the last of them is written, one row of about a kilobyte says of each event
//! how it ended and short fingerprints of its type, its actor and its targets, and of all together when the first and the
//! last were published. A search asks the description of a block which events may fit and reads only those. That costs a
//! write for every 64 events, in order, where an index of ids would touch a page of its own for each event.
//!
//! Bytes: version; earliest and latest moment; 64 slots of 16 bytes. Numbers are little-endian.

use crate::clock::Timestamp;
use crate::model::okta::{EventResult, SystemEvent};
use crate::store::log_blocks::fingerprint;

/// Positions in a block: as many as there are slots.
pub(in crate::store) const SIZE: u64 = 64;
const VERSION: u8 = 1;
const SLOTS_AT: usize = 1 + 8 + 8;
const SLOT: usize = 16;
const LENGTH: usize = SLOTS_AT + SLOT * 64;
/// Code of a slot without an event.
const ABSENT: u8 = 0xff;
/// Targets of an event that a slot has room for.
const TARGETS: usize = 5;
/// Where they stand in a slot, behind how it ended, how many targets there are, the type and the actor.
const TARGETS_AT: usize = 6;

/// Of each slot, whether it may fit.
pub(super) type Mask = u64;

/// Something that events are looked for by. Texts are compared in any case; of several one must fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `eventType`.
    Types(Vec<String>),
    /// `actor.id`.
    Actors(Vec<String>),
    /// `target.id` of one of the targets.
    Targets(Vec<String>),
    /// `outcome.result`.
    Results(Vec<EventResult>),
    /// Published at this moment or later.
    Since(Timestamp),
    /// Published before this moment.
    Until(Timestamp),
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl Condition {
    /// Whether an event fits.
    pub fn fits(&self, event: &SystemEvent) -> bool {
        let among = |texts: &[String], text: &str| texts.iter().any(|wanted| same(wanted, text));
        match self {
            Self::Types(types) => among(types, &event.event_type),
            Self::Actors(ids) => among(ids, &event.actor.id),
            Self::Targets(ids) => event.targets.iter().any(|target| among(ids, &target.id)),
            Self::Results(results) => results.contains(&event.outcome.result),
            Self::Since(moment) => event.published >= *moment,
            Self::Until(moment) => event.published < *moment,
        }
    }
}

/// The block of a position.
pub(in crate::store) const fn block(position: u64) -> u64 {
    position / SIZE
}

fn code(result: EventResult) -> u8 {
    match result {
        EventResult::Success => 0,
        EventResult::Failure => 1,
        EventResult::Skipped => 2,
    }
}

/// Two bytes of a text in any case.
fn mark(text: &str) -> [u8; 2] {
    fingerprint(&text.to_lowercase()).to_le_bytes()
}

/// The bytes that describe the events of one block.
pub(in crate::store) fn describe(events: &[SystemEvent]) -> Vec<u8> {
    let millis = || events.iter().map(|event| event.published.millis());
    let mut bytes = vec![0; LENGTH];
    bytes[0] = VERSION;
    bytes[1..9].copy_from_slice(&millis().min().unwrap_or_default().to_le_bytes());
    bytes[9..17].copy_from_slice(&millis().max().unwrap_or_default().to_le_bytes());
    for slot in bytes[SLOTS_AT..].chunks_exact_mut(SLOT) {
        slot[0] = ABSENT;
    }
    for event in events {
        let at = SLOTS_AT + SLOT * usize::try_from(event.seq.0 % SIZE).unwrap_or_default();
        let slot = &mut bytes[at..at + SLOT];
        slot[0] = code(event.outcome.result);
        slot[1] = u8::try_from(event.targets.len()).unwrap_or(u8::MAX);
        slot[2..4].copy_from_slice(&mark(&event.event_type));
        slot[4..6].copy_from_slice(&mark(&event.actor.id));
        let places = slot[TARGETS_AT..].chunks_exact_mut(2);
        for (place, target) in places.zip(&event.targets) {
            place.copy_from_slice(&mark(&target.id));
        }
    }
    bytes
}

/// The events of a block that may fit all conditions. Of bytes that are no description, everything may.
pub(super) fn candidates(bytes: &[u8], wanted: &[Condition]) -> Mask {
    if bytes.first() != Some(&VERSION) || bytes.len() != LENGTH {
        return Mask::MAX;
    }
    let mut mask = slots(bytes, |slot| slot[0] != ABSENT);
    for condition in wanted {
        if mask == 0 {
            break;
        }
        mask &= candidates_of(bytes, condition);
    }
    mask
}

fn slots(bytes: &[u8], fits: impl Fn(&[u8]) -> bool) -> Mask {
    let mut mask = 0;
    for (place, slot) in bytes[SLOTS_AT..].chunks_exact(SLOT).enumerate() {
        mask |= Mask::from(fits(slot)) << place;
    }
    mask
}

fn candidates_of(bytes: &[u8], condition: &Condition) -> Mask {
    let moment = |at: usize| {
        let mut number = [0; 8];
        number.copy_from_slice(&bytes[at..at + 8]);
        i64::from_le_bytes(number)
    };
    let whole = |fits: bool| if fits { Mask::MAX } else { 0 };
    let marks = |texts: &[String]| texts.iter().map(|text| mark(text)).collect::<Vec<_>>();
    match condition {
        Condition::Types(types) => {
            let marks = marks(types);
            slots(bytes, |slot| marks.iter().any(|mark| slot[2..4] == *mark))
        }
        Condition::Actors(ids) => {
            let marks = marks(ids);
            slots(bytes, |slot| marks.iter().any(|mark| slot[4..6] == *mark))
        }
        Condition::Targets(ids) => {
            let marks = marks(ids);
            slots(bytes, |slot| {
                let count = usize::from(slot[1]);
                let mut places = slot[TARGETS_AT..].chunks_exact(2).take(count);
                // What had no room may be any.
                count > TARGETS || places.any(|place| marks.iter().any(|mark| place == mark))
            })
        }
        Condition::Results(results) => {
            let codes: Vec<u8> = results.iter().map(|result| code(*result)).collect();
            slots(bytes, |slot| codes.contains(&slot[0]))
        }
        Condition::Since(wanted) => whole(moment(9) >= wanted.millis()),
        Condition::Until(wanted) => whole(moment(1) < wanted.millis()),
    }
}

/// Whether a description holds for the events of its block that are left.
pub(in crate::store) fn agrees(bytes: &[u8], events: &[SystemEvent]) -> bool {
    bytes.len() == LENGTH
        && events.iter().all(|event| {
            let mut wanted = vec![
                Condition::Types(vec![event.event_type.clone()]),
                Condition::Actors(vec![event.actor.id.clone()]),
                Condition::Results(vec![event.outcome.result]),
                Condition::Since(event.published),
                Condition::Until(Timestamp::from_millis(
                    event.published.millis().saturating_add(1),
                )),
            ];
            let targets = event.targets.iter().map(|target| target.id.clone());
            wanted.extend(targets.map(|id| Condition::Targets(vec![id])));
            candidates(bytes, &wanted) >> (event.seq.0 % SIZE) & 1 == 1
        })
}
