//! The team's groups, their indexes, and membership as edges.
//!
//! A group's members are never one value: adding one member to a group of any size touches the same
//! handful of rows. The two edge tables mirror each other and the group row carries their count.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::{Error, Reads, Write, gaps, rows, tables};
use crate::id::{ScimId, Seq};
use crate::model::{Group, ObjectKind, ObjectRef};
use crate::scim::key::prepare;

const TOTAL: &str = "groups_total";

/// The group in this row, without members.
pub fn find(tx: &impl Reads, team: Seq, group: Seq) -> Result<Option<Group>, Error> {
    rows::find(tx, tables::GROUPS, (team.0, group.0))
}

/// The group with this wire id, without members.
pub fn find_by_id(tx: &impl Reads, team: Seq, id: &ScimId) -> Result<Option<Group>, Error> {
    Ok(find(tx, team, id.seq(tx.mix()))?.filter(|group| group.id == *id))
}

/// Rows with this `displayName`, any case.
pub fn seqs_by_display_name(tx: &impl Reads, team: Seq, value: &str) -> Result<Vec<Seq>, Error> {
    rows::seqs_of(tx, tables::DISPLAY_NAME_TO_GROUP, team, &prepare(value))
}

/// Rows with this `externalId`, exact case.
pub fn seqs_by_external_id(tx: &impl Reads, team: Seq, value: &str) -> Result<Vec<Seq>, Error> {
    rows::seqs_of(tx, tables::EXTERNAL_ID_TO_GROUP, team, value)
}

/// How many groups the team has.
pub fn count(tx: &impl Reads, team: Seq) -> Result<u64, Error> {
    tx.counter(team, TOTAL)
}

/// `limit` groups after skipping `skip`, in creation order.
pub fn page_at(tx: &impl Reads, team: Seq, skip: usize, limit: usize) -> Result<Vec<Group>, Error> {
    rows::page_at(tx, tables::GROUPS, tables::GROUP_GAPS, team, skip, limit)
}

/// Hands every group to a function until it breaks, in creation order.
pub fn walk<E: From<Error>>(
    tx: &impl Reads,
    team: Seq,
    each: impl FnMut(Group) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    rows::walk(tx, tables::GROUPS, team, Seq(0), each)
}

/// A row number for a new group.
pub fn next_seq(tx: &Write<'_>, team: Seq) -> Result<Seq, Error> {
    tx.next_seq(team, "groups")
}

/// Inserts or replaces a group and moves its index entries.
pub fn put(tx: &Write<'_>, team: Seq, group: &Group) -> Result<(), Error> {
    let old = find(tx, team, group.seq)?;
    if old.is_none() {
        let count = tx.add_to_counter(team, TOTAL, 1)?;
        gaps::made(tx, tables::GROUP_GAPS, team, group.seq, count - 1)?;
    }
    index(tx, team, group.seq, old.as_ref(), Some(group))?;
    rows::put(tx, tables::GROUPS, (team.0, group.seq.0), group)
}

/// Takes a group away, with its own edges. Edges in which it is the member are the caller's
/// ([`remove_from_all`]).
pub fn remove(tx: &Write<'_>, team: Seq, group: &Group) -> Result<(), Error> {
    remove_all_members(tx, team, group.seq)?;
    index(tx, team, group.seq, Some(group), None)?;
    tx.add_to_counter(team, TOTAL, -1)?;
    gaps::removed(tx, tables::GROUP_GAPS, team, group.seq)?;
    rows::remove(tx, tables::GROUPS, (team.0, group.seq.0))
}

fn index(
    tx: &Write<'_>,
    team: Seq,
    row: Seq,
    old: Option<&Group>,
    new: Option<&Group>,
) -> Result<(), Error> {
    let prepared = |g: &Group| prepare(g.display_name());
    rows::move_entry(
        tx,
        tables::DISPLAY_NAME_TO_GROUP,
        team,
        row,
        old.map(prepared).as_deref(),
        new.map(prepared).as_deref(),
    )?;
    rows::move_entry(
        tx,
        tables::EXTERNAL_ID_TO_GROUP,
        team,
        row,
        old.and_then(Group::external_id),
        new.and_then(Group::external_id),
    )
}

/// Adds an edge; false when it was there already. The caller counts ([`Group::member_count`]).
pub fn add_member(tx: &Write<'_>, team: Seq, group: Seq, member: ObjectRef) -> Result<bool, Error> {
    let code = member.kind.code();
    let added = tx
        .table(tables::GROUP_TO_MEMBER)?
        .insert((team.0, group.0, code, member.seq.0), ())?
        .is_none();
    if added {
        tx.table(tables::MEMBER_TO_GROUP)?
            .insert((team.0, code, member.seq.0, group.0), ())?;
    }
    Ok(added)
}

/// Takes an edge away; false when there was none. The caller counts.
pub fn remove_member(
    tx: &Write<'_>,
    team: Seq,
    group: Seq,
    member: ObjectRef,
) -> Result<bool, Error> {
    let code = member.kind.code();
    let removed = tx
        .table(tables::GROUP_TO_MEMBER)?
        .remove((team.0, group.0, code, member.seq.0))?
        .is_some();
    if removed {
        tx.table(tables::MEMBER_TO_GROUP)?
            .remove((team.0, code, member.seq.0, group.0))?;
    }
    Ok(removed)
}

/// Takes all edges of a group away; returns how many there were.
pub fn remove_all_members(tx: &Write<'_>, team: Seq, group: Seq) -> Result<u64, Error> {
    let mut forward = tx.table(tables::GROUP_TO_MEMBER)?;
    let mut backward = tx.table(tables::MEMBER_TO_GROUP)?;
    let range = (team.0, group.0, 0, 0)..=(team.0, group.0, u8::MAX, u64::MAX);
    let mut count = 0;
    forward.remove_range(range, |(_, _, code, member)| {
        backward.remove((team.0, code, member, group.0))?;
        count += 1;
        Ok(())
    })?;
    Ok(count)
}

/// Takes away every edge in which `member` is the member; returns the groups it was in.
pub fn remove_from_all(tx: &Write<'_>, team: Seq, member: ObjectRef) -> Result<Vec<Seq>, Error> {
    let groups = groups_of(tx, team, member)?;
    for &group in &groups {
        remove_member(tx, team, group, member)?;
    }
    Ok(groups)
}

/// Members of a group after skipping `skip`, users first, each kind in creation order.
pub fn members(
    tx: &impl Reads,
    team: Seq,
    group: Seq,
    skip: usize,
    limit: usize,
) -> Result<Vec<ObjectRef>, Error> {
    tx.open(tables::GROUP_TO_MEMBER)?
        .range((team.0, group.0, 0, 0)..=(team.0, group.0, u8::MAX, u64::MAX))?
        .skip(skip)
        .take(limit)
        .map(|edge| {
            let (_, _, code, seq) = edge?.0.value();
            object(code, seq)
        })
        .collect()
}

/// Groups in which `member` is a direct member, in creation order.
pub fn groups_of(tx: &impl Reads, team: Seq, member: ObjectRef) -> Result<Vec<Seq>, Error> {
    let code = member.kind.code();
    tx.open(tables::MEMBER_TO_GROUP)?
        .range((team.0, code, member.seq.0, 0)..=(team.0, code, member.seq.0, u64::MAX))?
        .map(|edge| Ok(Seq(edge?.0.value().3)))
        .collect()
}

/// The object behind a kind byte and a row number of a table key.
pub(super) fn object(code: u8, seq: u64) -> Result<ObjectRef, Error> {
    ObjectKind::from_code(code)
        .map(|kind| ObjectRef {
            kind,
            seq: Seq(seq),
        })
        .ok_or_else(|| Error::Corrupt(format!("an edge has the unknown kind {code}")))
}
