//! The record of a team's events: appended, never changed, and swept when their time is over.
//!
//! Positions count up from 1 without gaps. What events are looked for by (kind of event, account, member, group,
//! day) is an index of *buckets*: 64 neighbouring positions share one entry for each thing that occurs in any of
//! them. That costs a look-up and hardly ever an insertion when an event is appended, and a search that jumps
//! from bucket to bucket reads a few rows for each that it finds. A day is in the index and not implied by the
//! position, because clocks are set back.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use redb::ReadableTable;

use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::clock::Timestamp;
use crate::id::{IdMix, ScimId, Seq};
use crate::model::{Actor, AuditEvent, Operation};

/// Neighbouring positions that share entries of the index.
const BUCKET: u64 = 64;
const DAY: i64 = 86_400_000;

/// Something that events are looked for by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Slug of the kind of event.
    Action(String),
    /// Account of whoever did it, or stands behind the key that did.
    Account(Seq),
    /// Member of the team it was done to.
    User(Seq),
    /// Group it was done to.
    Group(Seq),
}

impl Key {
    fn text(&self) -> String {
        match self {
            Self::Action(slug) => format!("action:{slug}"),
            Self::Account(account) => format!("account:{account}"),
            Self::User(user) => format!("user:{user}"),
            Self::Group(group) => format!("group:{group}"),
        }
    }
}

/// Days since the epoch, in an order that text has too.
fn day(at: Timestamp) -> String {
    format!("day:{:07}", at.millis().div_euclid(DAY).max(0))
}

/// Everything that an event is found by.
fn keys(event: &AuditEvent, mix: IdMix) -> Vec<Key> {
    let mut keys = vec![Key::Action(event.action().slug.to_owned())];
    match event.by {
        Actor::Account(account) => keys.push(Key::Account(account)),
        Actor::Key(_) => keys.extend(event.author.map(Key::Account)),
        Actor::CommandLine => {}
    }
    let target = || event.target.parse::<ScimId>().ok().map(|id| id.seq(mix));
    match event.operation {
        Operation::GroupCreate
        | Operation::GroupReplace
        | Operation::GroupPatch
        | Operation::GroupDelete
        | Operation::GroupRoleAdd
        | Operation::GroupRoleRemove
        | Operation::GroupManagerAdd
        | Operation::GroupManagerRemove => keys.extend(target().map(Key::Group)),
        _ => keys.extend(target().map(Key::User)),
    }
    keys.extend(event.about.iter().copied().map(Key::User));
    keys
}

fn texts(event: &AuditEvent, mix: IdMix) -> impl Iterator<Item = String> {
    let keys = keys(event, mix).into_iter().map(|key| key.text());
    keys.chain([day(event.at)])
}

/// Appends an event; returns its position.
pub fn append(tx: &Write<'_>, team: Seq, event: &AuditEvent) -> Result<Seq, Error> {
    let position = tx.next_seq(team, "audit")?;
    rows::put(tx, tables::TEAM_AUDIT, (team.0, position.0), event)?;
    let mut index = tx.table(tables::AUDIT_TO_BUCKET)?;
    for text in texts(event, tx.mix()) {
        let key = (team.0, text.as_str(), position.0 / BUCKET);
        // Asked first: most are there already, and a look-up changes no page.
        if index.get(key)?.is_none() {
            index.insert(key, ())?;
        }
    }
    Ok(position)
}

/// The event at a position.
pub fn find(tx: &impl Reads, team: Seq, position: Seq) -> Result<Option<AuditEvent>, Error> {
    rows::find(tx, tables::TEAM_AUDIT, (team.0, position.0))
}

/// What is looked for; empty parts do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of each of these, at least one.
    pub all: Vec<Vec<Key>>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
}

/// Which events come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    #[default]
    NewestFirst,
    /// The oldest.
    OldestFirst,
}

/// A page of what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Events with their positions.
    pub events: Vec<(Seq, AuditEvent)>,
    /// Where to go on behind: there may be more.
    pub next: Option<Seq>,
}

/// How much a search may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most events it hands over.
    pub events: usize,
    /// Most rows it reads.
    pub rows: usize,
}

/// Events of a team that fit and that `also` takes, behind the position `after` in this order. A search that has
/// read its share of rows stops and says where.
pub fn search(
    tx: &impl Reads,
    team: Seq,
    wanted: &Wanted,
    order: Order,
    after: Option<Seq>,
    bounds: Bounds,
    mut also: impl FnMut(&AuditEvent) -> bool,
) -> Result<Found, Error> {
    let mut found = Found::default();
    let Some(range) = positions(tx, team, wanted, order, after)? else {
        return Ok(found);
    };
    let events = tx.open(tables::TEAM_AUDIT)?;
    let index = tx.open(tables::AUDIT_TO_BUCKET)?;
    let wanted_texts: Vec<Vec<String>> = wanted
        .all
        .iter()
        .map(|any| any.iter().map(Key::text).collect())
        .collect();
    let (mut left, mut read) = (range, 0);
    let mut last = None;
    while let Some(bucket) = next_bucket(&*index, team, &wanted_texts, order, &left)? {
        let first = bucket.saturating_mul(BUCKET).max(*left.start());
        let end = (bucket * BUCKET + (BUCKET - 1)).min(*left.end());
        let rows = events.range((team.0, first)..=(team.0, end))?;
        let mut rows: Vec<(u64, AuditEvent)> = rows
            .map(|row| {
                let (key, bytes) = row?;
                Ok((key.value().1, decode(bytes.value())?))
            })
            .collect::<Result<_, Error>>()?;
        if order == Order::NewestFirst {
            rows.reverse();
        }
        for (position, event) in rows {
            if found.events.len() == bounds.events || read == bounds.rows {
                found.next = last;
                return Ok(found);
            }
            read += 1;
            last = Some(Seq(position));
            if fits(&event, wanted, tx.mix()) && also(&event) {
                found.events.push((Seq(position), event));
            }
        }
        left = match order {
            Order::NewestFirst if first > 0 => *left.start()..=first - 1,
            Order::OldestFirst if end < u64::MAX => end + 1..=*left.end(),
            _ => break,
        };
        if left.is_empty() {
            break;
        }
    }
    Ok(found)
}

fn fits(event: &AuditEvent, wanted: &Wanted, mix: IdMix) -> bool {
    if wanted.from.is_some_and(|from| event.at < from)
        || wanted.before.is_some_and(|before| event.at >= before)
    {
        return false;
    }
    if wanted.all.is_empty() {
        return true;
    }
    let keys = keys(event, mix);
    wanted
        .all
        .iter()
        .all(|any| any.iter().any(|key| keys.contains(key)))
}

/// The positions that may hold what is wanted; none when there are none.
fn positions(
    tx: &impl Reads,
    team: Seq,
    wanted: &Wanted,
    order: Order,
    after: Option<Seq>,
) -> Result<Option<RangeInclusive<u64>>, Error> {
    let (mut first, mut last) = match (order, after) {
        (_, None) => (0, u64::MAX),
        (Order::NewestFirst, Some(Seq(after))) => match after.checked_sub(1) {
            Some(last) => (0, last),
            None => return Ok(None),
        },
        (Order::OldestFirst, Some(Seq(after))) => (after.saturating_add(1), u64::MAX),
    };
    if wanted.from.is_some() || wanted.before.is_some() {
        let Some((least, most)) = days(tx, team, wanted)? else {
            return Ok(None);
        };
        first = first.max(least * BUCKET);
        last = last.min(most * BUCKET + (BUCKET - 1));
    }
    // Whole buckets are walked: the ends are those of what is there.
    let rows = tx.open(tables::TEAM_AUDIT)?;
    if first > last {
        return Ok(None);
    }
    let mut range = rows.range((team.0, first)..=(team.0, last))?;
    let Some(least) = range.next().transpose()? else {
        return Ok(None);
    };
    let least = least.0.value().1;
    let most = range.next_back().transpose()?;
    Ok(Some(least..=most.map_or(least, |(key, _)| key.value().1)))
}

/// The first and the last bucket that hold an event of the wanted days.
fn days(tx: &impl Reads, team: Seq, wanted: &Wanted) -> Result<Option<(u64, u64)>, Error> {
    let index = tx.open(tables::AUDIT_TO_BUCKET)?;
    let mut from = day(wanted.from.unwrap_or(Timestamp::from_millis(0)));
    // The moment itself is not wanted, but its day may be.
    let until = wanted
        .before
        .map_or_else(|| "day:~".to_owned(), |before| day(before) + "~");
    let mut found: Option<(u64, u64)> = None;
    loop {
        let range = (team.0, from.as_str(), 0)..=(team.0, until.as_str(), 0);
        let Some(entry) = index.range(range)?.next().transpose()? else {
            return Ok(found);
        };
        let (_, text, first) = entry.0.value();
        let text = text.to_owned();
        let range = (team.0, text.as_str(), first)..=(team.0, text.as_str(), u64::MAX);
        let last = index.range(range)?.next_back().transpose()?;
        let last = last.map_or(first, |entry| entry.0.value().2);
        found = Some(found.map_or((first, last), |(least, most)| {
            (least.min(first), most.max(last))
        }));
        // Behind every bucket of this day.
        from = text + "!";
    }
}

/// The next bucket in this order, among the positions left, that has an entry for one of each of `wanted`.
fn next_bucket(
    index: &impl ReadableTable<(u64, &'static str, u64), ()>,
    team: Seq,
    wanted: &[Vec<String>],
    order: Order,
    left: &RangeInclusive<u64>,
) -> Result<Option<u64>, Error> {
    let (low, high) = (*left.start() / BUCKET, *left.end() / BUCKET);
    let mut bucket = match order {
        Order::NewestFirst => high,
        Order::OldestFirst => low,
    };
    // Each turn moves on to the nearest bucket of one; all agree when none moves it.
    loop {
        let before = bucket;
        for any in wanted {
            let mut nearest = None;
            for text in any {
                let range = match order {
                    Order::NewestFirst => low..=bucket,
                    Order::OldestFirst => bucket..=high,
                };
                let range =
                    (team.0, text.as_str(), *range.start())..=(team.0, text.as_str(), *range.end());
                let mut range = index.range(range)?;
                let entry = match order {
                    Order::NewestFirst => range.next_back(),
                    Order::OldestFirst => range.next(),
                };
                if let Some(entry) = entry {
                    let at = entry?.0.value().2;
                    nearest = Some(match (nearest, order) {
                        (None, _) => at,
                        (Some(nearest), Order::NewestFirst) => at.max(nearest),
                        (Some(nearest), Order::OldestFirst) => at.min(nearest),
                    });
                }
            }
            match nearest {
                Some(nearest) => bucket = nearest,
                None => return Ok(None),
            }
        }
        if bucket == before {
            return Ok(Some(bucket));
        }
    }
}

/// Takes away what is older than `before`, oldest first, from one bucket: a small write. Tells how many went; none
/// means that nothing is left to do.
pub fn sweep(tx: &Write<'_>, team: Seq, before: Timestamp) -> Result<usize, Error> {
    let mut events = tx.table(tables::TEAM_AUDIT)?;
    let first = events.range((team.0, 0)..=(team.0, u64::MAX))?.next();
    let Some(first) = first.transpose()?.map(|(key, _)| key.value().1) else {
        return Ok(0);
    };
    let bucket = first / BUCKET;
    let end = bucket * BUCKET + (BUCKET - 1);
    let mut rows: Vec<(u64, AuditEvent)> = Vec::new();
    for row in events.range((team.0, first)..=(team.0, end))? {
        let (key, bytes) = row?;
        rows.push((key.value().1, decode(bytes.value())?));
    }
    let old = rows
        .iter()
        .take_while(|(_, event)| event.at < before)
        .count();
    let mix = tx.mix();
    let of = |rows: &[(u64, AuditEvent)]| -> BTreeSet<String> {
        rows.iter()
            .flat_map(|(_, event)| texts(event, mix))
            .collect()
    };
    let (gone, kept) = rows.split_at(old);
    let kept = of(kept);
    let mut index = tx.table(tables::AUDIT_TO_BUCKET)?;
    for text in of(gone).difference(&kept) {
        index.remove((team.0, text.as_str(), bucket))?;
    }
    for (position, _) in gone {
        events.remove((team.0, *position))?;
    }
    Ok(old)
}

/// Every entry that the index must have for a team's events in `bucket`.
pub(super) fn expected(events: &[AuditEvent], mix: IdMix) -> BTreeSet<String> {
    events.iter().flat_map(|event| texts(event, mix)).collect()
}

/// The bucket of a position.
pub(super) const fn bucket(position: u64) -> u64 {
    position / BUCKET
}
