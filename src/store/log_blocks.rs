//! What is in a block of the provisioning log, so that a search reads few entries whatever it looks for.
//!
//! A block is 64 neighbouring positions. When the last of them is written, one row of about two kilobytes says of
//! each entry: action, status, kind, job, cycle, time, duration, and short fingerprints of the two ids; and of
//! all together which sequences of three bytes occur in their names. A search walks the blocks (15,625 for a million
//! entries), gets from each a mask of the entries that may fit, and reads only those. That costs a write for every 64
//! entries, in order, where an index of ids and names would touch a page of its own for each.
//!
//! Bytes: version, number of jobs and of cycles, earliest and latest time; 64 slots of 16 bytes; the set of
//! sequences; jobs; cycles. Numbers are little-endian.

use std::ops::Range;

use super::logs::{Condition, End, Text};
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};
use crate::model::{Action, LogHead, ObjectKind, Status};

/// Positions in a block: as many as there are slots.
pub(super) const SIZE: u64 = 64;
const VERSION: u8 = 1;
const HEADER: usize = 3 + 8 + 8;
const SLOT: usize = 16;
const SLOTS: Range<usize> = HEADER..HEADER + SLOT * 64;
/// Bytes of the set of sequences: 8,192 bits.
const SET: usize = 1024;
const SET_AT: usize = SLOTS.end;
const LISTS_AT: usize = SET_AT + SET;
/// Code of a slot without an entry.
const ABSENT: u8 = 0xff;
/// An entry that somebody asked for.
const ASKED_FOR: u8 = 0x40;

/// The block of a position.
pub(super) const fn block(position: u64) -> u64 {
    position / SIZE
}

fn action_code(action: Action) -> u8 {
    match action {
        Action::Create => 0,
        Action::Update => 1,
        Action::Disable => 2,
        Action::Delete => 3,
        Action::StagedDelete => 4,
        Action::Other => 5,
    }
}

fn status_code(status: Status) -> u8 {
    match status {
        Status::Success => 0,
        Status::Failure => 1,
        Status::Skipped => 2,
        Status::Warning => 3,
    }
}

fn kind_code(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::User => 0,
        ObjectKind::Group => 1,
    }
}

/// Action, status, kind, and whether somebody asked for it, in one byte.
fn code(head: &LogHead) -> u8 {
    let asked = if head.initiated_by.is_some() {
        ASKED_FOR
    } else {
        0
    };
    action_code(head.action) | status_code(head.status) << 3 | kind_code(head.kind) << 5 | asked
}

/// Sixteen bits of a text in any ASCII case; 0 is the empty text.
pub(super) fn fingerprint(text: &str) -> u16 {
    if text.is_empty() {
        return 0;
    }
    let mut hash: u32 = 0x811c_9dc5;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193);
    }
    let folded = (hash >> 16) ^ (hash & 0xffff);
    u16::try_from(folded).unwrap_or(u16::MAX).max(1)
}

/// A text in lower case, character by character: whatever surrounds it, a part of a text is a part of this too. A
/// capital sigma at the end of a word would be another letter in [`str::to_lowercase`].
pub(super) fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Places in the set of the sequences of a text in lower case.
fn sequences(text: &str) -> impl Iterator<Item = usize> {
    let lower = lower(text).into_bytes();
    let windows: Vec<usize> = lower
        .windows(3)
        .map(|w| {
            let number = u32::from(w[0]) << 16 | u32::from(w[1]) << 8 | u32::from(w[2]);
            (number.wrapping_mul(0x9e37_79b1) >> 19) as usize
        })
        .collect();
    windows.into_iter()
}

/// The bytes that describe the entries of one block.
pub(super) fn describe(heads: &[LogHead]) -> Vec<u8> {
    let mut jobs: Vec<Seq> = Vec::new();
    let mut cycles: Vec<Guid> = Vec::new();
    let millis = || heads.iter().map(|h| h.activity_date_time.millis());
    let (least, most) = (
        millis().min().unwrap_or_default(),
        millis().max().unwrap_or_default(),
    );
    let mut bytes = vec![0; LISTS_AT];
    for slot in bytes[SLOTS].chunks_exact_mut(SLOT) {
        slot[0] = ABSENT;
    }
    for head in heads {
        let at = SLOTS.start + SLOT * usize::try_from(head.seq.0 % SIZE).unwrap_or_default();
        let slot = &mut bytes[at..at + SLOT];
        slot[0] = code(head);
        slot[1] = place(&mut jobs, head.job);
        slot[2] = place(&mut cycles, head.cycle_id);
        slot[4..6].copy_from_slice(&fingerprint(&head.source.id).to_le_bytes());
        slot[6..8].copy_from_slice(&fingerprint(&head.target.id).to_le_bytes());
        let since = head.activity_date_time.millis().saturating_sub(least);
        let since = u32::try_from(since).unwrap_or(u32::MAX);
        slot[8..12].copy_from_slice(&since.to_le_bytes());
        let duration = u32::try_from(head.duration_in_milliseconds).unwrap_or(u32::MAX);
        slot[12..16].copy_from_slice(&duration.to_le_bytes());
        for name in [&head.source.display_name, &head.target.display_name] {
            for sequence in sequences(name) {
                bytes[SET_AT + sequence / 8] |= 1 << (sequence % 8);
            }
        }
    }
    bytes[0] = VERSION;
    bytes[1] = u8::try_from(jobs.len()).unwrap_or(u8::MAX);
    bytes[2] = u8::try_from(cycles.len()).unwrap_or(u8::MAX);
    bytes[3..11].copy_from_slice(&least.to_le_bytes());
    bytes[11..19].copy_from_slice(&most.to_le_bytes());
    for job in jobs {
        bytes.extend_from_slice(&job.0.to_le_bytes());
    }
    for cycle in cycles {
        bytes.extend_from_slice(cycle.bytes());
    }
    bytes
}

/// Where a value stands in a list of at most 64, in which it is from now on.
fn place<T: PartialEq>(list: &mut Vec<T>, value: T) -> u8 {
    let at = list.iter().position(|known| *known == value);
    let at = at.unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    });
    u8::try_from(at).unwrap_or(u8::MAX)
}

/// Whether a description holds for the entries of its block that are left.
pub(super) fn agrees(bytes: &[u8], heads: &[LogHead]) -> bool {
    let Some(stored) = Block::new(bytes) else {
        return false;
    };
    heads.iter().all(|head| {
        let place = head.seq.0 % SIZE;
        let only = [
            Condition::Jobs(vec![head.job]),
            Condition::Cycle {
                id: head.cycle_id,
                is: true,
            },
            Condition::Actions(vec![head.action]),
            Condition::Statuses(vec![head.status]),
            Condition::Kind(head.kind),
            Condition::InitiatedBy {
                name: Text::Is(head.initiated_by.clone().unwrap_or_default()),
                service: head.initiated_by.is_none(),
            },
            Condition::Id(End::Source, Text::Is(head.source.id.clone())),
            Condition::Id(End::Target, Text::Is(head.target.id.clone())),
            Condition::Name(End::Source, Text::Is(head.source.display_name.clone())),
            Condition::Name(End::Target, Text::Is(head.target.display_name.clone())),
            Condition::Time(
                head.activity_date_time
                    ..Timestamp::from_millis(head.activity_date_time.millis().saturating_add(1)),
            ),
            Condition::Duration(
                head.duration_in_milliseconds..head.duration_in_milliseconds.saturating_add(1),
            ),
        ];
        stored.candidates(&only) >> place & 1 == 1
    })
}

/// A described block. Of bytes that are no description, everything may fit.
pub(super) struct Block<'a>(&'a [u8]);

/// Of each slot, whether it may fit.
type Mask = u64;
const ALL: Mask = u64::MAX;

impl<'a> Block<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let lengths = (bytes.first() == Some(&VERSION) && bytes.len() >= LISTS_AT)
            .then(|| LISTS_AT + 8 * usize::from(bytes[1]) + 16 * usize::from(bytes[2]))?;
        (bytes.len() == lengths).then_some(Self(bytes))
    }

    fn number<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.0[at..at + N]);
        bytes
    }

    fn times(&self) -> (i64, i64) {
        (
            i64::from_le_bytes(self.number(3)),
            i64::from_le_bytes(self.number(11)),
        )
    }

    fn jobs(&self) -> impl Iterator<Item = Seq> {
        let list = &self.0[LISTS_AT..LISTS_AT + 8 * usize::from(self.0[1])];
        list.chunks_exact(8)
            .map(|c| Seq(u64::from_le_bytes(c.try_into().unwrap_or_default())))
    }

    fn cycles(&self) -> impl Iterator<Item = &'a [u8]> {
        self.0[LISTS_AT + 8 * usize::from(self.0[1])..].chunks_exact(16)
    }

    /// The slots for which `fits` holds.
    fn slots(&self, fits: impl Fn(&[u8]) -> bool) -> Mask {
        let mut mask = 0;
        for (place, slot) in self.0[SLOTS].chunks_exact(SLOT).enumerate() {
            mask |= Mask::from(fits(slot)) << place;
        }
        mask
    }

    /// The slots whose place in a list is among the marked.
    fn listed(&self, byte: usize, marked: Mask, length: u8) -> Mask {
        let every = Mask::MAX.checked_shr(64 - u32::from(length)).unwrap_or(0);
        match marked & every {
            0 => 0,
            marked if marked == every => ALL,
            marked => self.slots(|slot| marked >> (slot[byte] & 63) & 1 == 1),
        }
    }

    fn may_contain(&self, text: &str) -> bool {
        sequences(text).all(|at| self.0[SET_AT + at / 8] >> (at % 8) & 1 == 1)
    }

    /// The entries that may fit all conditions.
    pub(super) fn candidates(&self, wanted: &[Condition]) -> Mask {
        let mut mask = self.slots(|slot| slot[0] != ABSENT);
        for condition in wanted {
            if mask == 0 {
                break;
            }
            mask &= self.candidates_of(condition);
        }
        mask
    }

    fn candidates_of(&self, condition: &Condition) -> Mask {
        let coded = |shift: u32, bits: u8, wanted: u8| {
            self.slots(|slot| wanted >> (slot[0] >> shift & bits) & 1 == 1)
        };
        match condition {
            Condition::Jobs(wanted) => {
                let mut marked = 0;
                for (place, job) in self.jobs().enumerate() {
                    marked |= Mask::from(wanted.contains(&job)) << place;
                }
                self.listed(1, marked, self.0[1])
            }
            Condition::Cycle { id, is } => {
                let mut marked = 0;
                for (place, cycle) in self.cycles().enumerate() {
                    marked |= Mask::from((cycle == id.bytes()) == *is) << place;
                }
                self.listed(2, marked, self.0[2])
            }
            Condition::Actions(wanted) => coded(0, 7, bits(wanted.iter().map(|a| action_code(*a)))),
            Condition::Statuses(wanted) => {
                coded(3, 3, bits(wanted.iter().map(|s| status_code(*s))))
            }
            Condition::Kind(kind) => coded(5, 1, 1 << kind_code(*kind)),
            Condition::CycleLike(text) => {
                let mut marked = 0;
                for (place, cycle) in self.cycles().enumerate() {
                    let id = Guid::of_bytes(cycle.try_into().unwrap_or_default());
                    marked |= Mask::from(id.to_string().contains(text.as_str())) << place;
                }
                self.listed(2, marked, self.0[2])
            }
            // Who asked is not described, only that somebody did.
            Condition::InitiatedBy { service, .. } => {
                self.slots(|slot| slot[0] & ASKED_FOR != 0 || *service)
            }
            Condition::Id(End::Source, Text::Is(id)) => self.fingerprinted(4, id),
            Condition::Id(End::Target, Text::Is(id)) => self.fingerprinted(6, id),
            // What is in an id is not described: everything may fit.
            Condition::Id(_, Text::Contains(_)) => ALL,
            Condition::Identity(text) => {
                if self.may_contain(text) {
                    ALL
                } else {
                    self.fingerprinted(4, text) | self.fingerprinted(6, text)
                }
            }
            Condition::Name(_, Text::Is(text) | Text::Contains(text)) => {
                if self.may_contain(text) {
                    ALL
                } else {
                    0
                }
            }
            Condition::Time(wanted) => self.in_time(wanted),
            Condition::Duration(wanted) => {
                let most = u32::try_from(wanted.end).unwrap_or(u32::MAX);
                self.slots(|slot| {
                    let took = number(&slot[12..16]);
                    took == u32::MAX || u64::from(took) >= wanted.start && took < most
                })
            }
        }
    }

    fn fingerprinted(&self, at: usize, id: &str) -> Mask {
        let wanted = fingerprint(id).to_le_bytes();
        self.slots(|slot| slot[at..at + 2] == wanted)
    }

    fn in_time(&self, wanted: &Range<Timestamp>) -> Mask {
        let (least, most) = self.times();
        let (from, before) = (wanted.start.millis(), wanted.end.millis());
        if most < from || least >= before {
            return 0;
        }
        if least >= from && most < before {
            return ALL;
        }
        self.slots(|slot| {
            let since = number(&slot[8..12]);
            let at = least.saturating_add(i64::from(since));
            since == u32::MAX || at >= from && at < before
        })
    }
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().unwrap_or_default())
}

fn bits(codes: impl Iterator<Item = u8>) -> u8 {
    codes.fold(0, |bits, code| bits | 1 << code)
}
