//! Groups of an org and who is in them.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::{AppKey, connect, disconnect, edges, first, move_account};
use crate::id::Seq;
use crate::model::okta::OktaGroup;
use crate::store::tables::Definition;
use crate::store::{Error, Reads, Write, rows, tables};

pub(in crate::store) const TOTAL: &str = "okta_groups_total";
/// `(org, from, to)`.
type Edges = Definition<(u64, u64, u64), ()>;
const MEMBERS: (Edges, Edges) = (tables::OKTA_GROUP_TO_MEMBER, tables::OKTA_MEMBER_TO_GROUP);

/// The key a name is found by: compared without regard to case.
pub(in crate::store) fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// The group in this row.
pub fn find(tx: &impl Reads, org: Seq, group: Seq) -> Result<Option<OktaGroup>, Error> {
    rows::find(tx, tables::OKTA_GROUPS, (org.0, group.0))
}

/// Rows of the groups with this name, of whatever type.
pub fn by_name(tx: &impl Reads, org: Seq, name: &str) -> Result<Vec<Seq>, Error> {
    rows::seqs_of(tx, tables::NAME_TO_OKTA_GROUP, org, &name_key(name))
}

/// Up to `limit` rows of groups whose name begins like this, by name.
pub fn by_prefix(tx: &impl Reads, org: Seq, prefix: &str, limit: usize) -> Result<Vec<Seq>, Error> {
    let prefix = name_key(prefix);
    let mut found = Vec::new();
    for entry in tx
        .open(tables::NAME_TO_OKTA_GROUP)?
        .range((org.0, prefix.as_str(), 0)..)?
    {
        let (key, _) = entry?;
        let (owner, name, group) = key.value();
        if owner != org.0 || !name.starts_with(&prefix) || found.len() == limit {
            break;
        }
        found.push(Seq(group));
    }
    Ok(found)
}

/// How many groups there are.
pub fn count(tx: &impl Reads, org: Seq) -> Result<u64, Error> {
    tx.counter(org, TOTAL)
}

/// The first `limit` groups after `after`, in creation order.
pub fn after(tx: &impl Reads, org: Seq, after: Seq, limit: usize) -> Result<Vec<OktaGroup>, Error> {
    rows::page(tx, tables::OKTA_GROUPS, org, after, limit)
}

/// The `limit` groups that have `skip` groups before them, in creation order.
pub fn page_at(
    tx: &impl Reads,
    org: Seq,
    skip: usize,
    limit: usize,
) -> Result<Vec<OktaGroup>, Error> {
    super::page_at(tx, tables::OKTA_GROUPS, org, skip, limit)
}

/// Hands every group to a function until it breaks, in creation order.
pub fn walk<E: From<Error>>(
    tx: &impl Reads,
    org: Seq,
    each: impl FnMut(OktaGroup) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    rows::walk(tx, tables::OKTA_GROUPS, org, Seq(0), each)
}

/// A row number for a new group.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_groups")
}

/// Inserts or replaces a group and moves its index entry.
pub fn put(tx: &Write<'_>, org: Seq, new: &OktaGroup) -> Result<(), Error> {
    let old = find(tx, org, new.seq)?;
    if old.is_none() {
        tx.add_to_counter(org, TOTAL, 1)?;
    }
    account(tx, org, old.as_ref(), Some(new))?;
    let before = old.map(|group| name_key(&group.name));
    let after = name_key(&new.name);
    let index = tables::NAME_TO_OKTA_GROUP;
    rows::move_entry(tx, index, org, new.seq, before.as_deref(), Some(&after))?;
    rows::put(tx, tables::OKTA_GROUPS, (org.0, new.seq.0), new)
}

/// Takes a group and its index entry away. Members, assignments and mappings are the caller's.
pub fn remove(tx: &Write<'_>, org: Seq, old: &OktaGroup) -> Result<(), Error> {
    account(tx, org, Some(old), None)?;
    let name = name_key(&old.name);
    rows::move_entry(
        tx,
        tables::NAME_TO_OKTA_GROUP,
        org,
        old.seq,
        Some(&name),
        None,
    )?;
    tx.add_to_counter(org, TOTAL, -1)?;
    rows::remove(tx, tables::OKTA_GROUPS, (org.0, old.seq.0))
}

/// The app group with this `id` at the target of an app.
pub fn by_account(tx: &impl Reads, key: AppKey, id: &str) -> Result<Option<Seq>, Error> {
    first(tx, tables::OKTA_ACCOUNT_TO_GROUP, key, id)
}

/// Every app group of an app.
pub fn of_app(tx: &impl Reads, key: AppKey, after: Seq, limit: usize) -> Result<Vec<Seq>, Error> {
    let mut found: Vec<Seq> = Vec::new();
    let index = tx.open(tables::OKTA_ACCOUNT_TO_GROUP)?;
    for entry in index.range((key.org.0, key.app.0, "", 0)..)? {
        let (org, app, _, group) = entry?.0.value();
        if (org, app) != (key.org.0, key.app.0) {
            break;
        }
        if group > after.0 {
            found.push(Seq(group));
        }
    }
    found.sort_unstable();
    found.truncate(limit);
    Ok(found)
}

/// Moves the entry of a group of an app.
fn account(
    tx: &Write<'_>,
    org: Seq,
    old: Option<&OktaGroup>,
    new: Option<&OktaGroup>,
) -> Result<(), Error> {
    let id = |group: Option<&OktaGroup>| group.and_then(|group| group.external_id.clone());
    let Some((app, group)) = new.or(old).and_then(|group| Some((group.app?, group.seq))) else {
        return Ok(());
    };
    let (key, index) = (AppKey { org, app }, tables::OKTA_ACCOUNT_TO_GROUP);
    if new.is_none() {
        super::imports::forget_found(tx, key, super::imports::Found::Group, group)?;
    }
    let (before, after) = (id(old), id(new));
    move_account(tx, index, key, group, before.as_deref(), after.as_deref())
}

/// Adds a member; false when it was one already. Does not count: the group's row is the caller's.
pub fn add_member(tx: &Write<'_>, org: Seq, group: Seq, user: Seq) -> Result<bool, Error> {
    connect(tx, MEMBERS, org, group, user)
}

/// Takes a member away; false when it was none. Does not count.
pub fn remove_member(tx: &Write<'_>, org: Seq, group: Seq, user: Seq) -> Result<bool, Error> {
    disconnect(tx, MEMBERS, org, group, user)
}

/// Whether somebody is a member.
pub fn is_member(tx: &impl Reads, org: Seq, group: Seq, user: Seq) -> Result<bool, Error> {
    Ok(tx
        .open(tables::OKTA_GROUP_TO_MEMBER)?
        .get((org.0, group.0, user.0))?
        .is_some())
}

/// The first `limit` members after `after`, in the order in which they were made.
pub fn members(
    tx: &impl Reads,
    org: Seq,
    group: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<Seq>, Error> {
    edges(tx, tables::OKTA_GROUP_TO_MEMBER, org, group, after, limit)
}

/// The groups somebody is in.
pub fn groups_of(tx: &impl Reads, org: Seq, user: Seq) -> Result<Vec<Seq>, Error> {
    edges(
        tx,
        tables::OKTA_MEMBER_TO_GROUP,
        org,
        user,
        Seq(0),
        usize::MAX,
    )
}
