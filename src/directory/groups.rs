//! What happens to groups: create, update, members, recycle bin, purge.

use std::collections::BTreeMap;

use super::{
    AttributeChange, dynamic, get_group, get_user, in_recycle_bin, is_assigned, not_in_recycle_bin,
    record, recycle_bin, tenants,
};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{ChangeKind, DirectoryGroup, ObjectKind, ObjectRef};
use crate::store::{Reads, Write, directory as rows};

/// Members read at once while a whole group is walked.
const PAGE: usize = 1000;

/// A group to be created.
#[derive(Debug, Clone)]
pub struct NewGroup {
    /// Object id.
    pub id: Guid,
    /// Everything else; `displayName` must be among them. `securityEnabled` is `True` unless it is
    /// given.
    pub attributes: Vec<AttributeChange>,
}

/// Creates a group without members. Names need not be unique.
///
/// # Errors
/// `Field` when the name is missing or an extension is not defined, `Conflict` when the object id is taken, the store's.
pub fn create(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    new: &NewGroup,
    now: Timestamp,
) -> Result<DirectoryGroup> {
    let mut group = DirectoryGroup {
        seq: Seq(0),
        id: new.id,
        display_name: String::new(),
        security_enabled: true,
        member_count: 0,
        deleted: None,
        created: now,
        attributes: BTreeMap::new(),
        dynamic: None,
    };
    let attributes = tenants::typed(tx, tenant, ObjectKind::Group, &new.attributes)?;
    apply(&mut group, &attributes);
    if group.display_name.is_empty() {
        return Err(Error::field("displayName", "displayName is required"));
    }
    super::claim_id(tx, tenant, &group.id)?;
    group.seq = rows::next_group_seq(tx, tenant)?;
    rows::put_group(tx, tenant, &group)?;
    let object = ObjectRef::group(group.seq);
    record(tx, tenant, object, ChangeKind::Created, now)?;
    Ok(group)
}

/// Sets and clears attributes, the name among them. Nothing is recorded when all have these values
/// already.
///
/// # Errors
/// `Conflict` when `securityEnabled` is taken from an assigned group or the group is in the recycle
/// bin, `NotFound`, the store's.
pub fn update(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    changes: &[AttributeChange],
    now: Timestamp,
) -> Result<DirectoryGroup> {
    let old = get_present(tx, tenant, group)?;
    let mut new = old.clone();
    apply(
        &mut new,
        &tenants::typed(tx, tenant, ObjectKind::Group, changes)?,
    );
    if new == old {
        return Ok(old);
    }
    let object = ObjectRef::group(group);
    if old.security_enabled && !new.security_enabled && is_assigned(tx, tenant, object)? {
        return Err(Error::Conflict {
            attribute: "securityEnabled",
            detail: format!(
                "{} is assigned to an application, which needs a security-enabled group; unassign it first",
                old.display_name
            ),
        });
    }
    rows::put_group(tx, tenant, &new)?;
    record(tx, tenant, object, ChangeKind::Updated, now)?;
    Ok(new)
}

/// Adds a direct member, a user or another group; false when it is one already. Groups may contain each other in a
/// circle, but not themselves: Microsoft documents neither, and nothing here follows nesting further than one level.
///
/// # Errors
/// `NotFound` for either, `Conflict` when either is in the recycle bin or the group is dynamic, `Field` when a group is
/// to contain itself, the store's.
pub fn add_member(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    member: ObjectRef,
    now: Timestamp,
) -> Result<bool> {
    let mut group = get_present(tx, tenant, group)?;
    dynamic::by_hand(&group)?;
    match member.kind {
        ObjectKind::User => {
            let user = get_user(tx, tenant, member.seq)?;
            if user.deleted.is_some() {
                return Err(in_recycle_bin(user.display_name()));
            }
        }
        ObjectKind::Group => {
            let nested = get_present(tx, tenant, member.seq)?;
            if nested.seq == group.seq {
                return Err(Error::field(
                    "members",
                    format!("{} cannot be a member of itself", group.display_name),
                ));
            }
        }
    }
    if !rows::add_member(tx, tenant, group.seq, member)? {
        return Ok(false);
    }
    group.member_count += 1;
    rows::put_group(tx, tenant, &group)?;
    record_membership(tx, tenant, &group, member, now)?;
    Ok(true)
}

/// Takes a direct member out; false when it is none.
///
/// # Errors
/// `NotFound` when there is no such group, `Conflict` when it is in the recycle bin or dynamic, the store's.
pub fn remove_member(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    member: ObjectRef,
    now: Timestamp,
) -> Result<bool> {
    dynamic::by_hand(&get_present(tx, tenant, group)?)?;
    unlink(tx, tenant, group, member, now)
}

/// Takes an edge away whatever state the group is in.
pub(super) fn unlink(
    tx: &Write<'_>,
    tenant: Seq,
    group: Seq,
    member: ObjectRef,
    now: Timestamp,
) -> Result<bool> {
    if !rows::remove_member(tx, tenant, group, member)? {
        return Ok(false);
    }
    let mut group = get_group(tx, tenant, group)?;
    group.member_count = group.member_count.saturating_sub(1);
    rows::put_group(tx, tenant, &group)?;
    record_membership(tx, tenant, &group, member, now)?;
    Ok(true)
}

/// Moves a group to the recycle bin. Members and assignments stay, for a restore, but entitle nobody
/// meanwhile. Nothing happens to one that is there already.
///
/// # Errors
/// `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    now: Timestamp,
) -> Result<DirectoryGroup> {
    let mut group = get_group(tx, tenant, group)?;
    if group.deleted.is_none() {
        group.deleted = Some(now);
        rows::put_group(tx, tenant, &group)?;
        let object = ObjectRef::group(group.seq);
        record(tx, tenant, object, ChangeKind::Deleted, now)?;
        record_entitlements(tx, tenant, group.seq, now)?;
    }
    Ok(group)
}

/// Brings a group back from the recycle bin, with its members and assignments. Nothing happens to one
/// that is not there.
///
/// # Errors
/// `Conflict` when 30 days have passed, `NotFound`, the store's.
pub fn restore(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    now: Timestamp,
) -> Result<DirectoryGroup> {
    let mut group = get_group(tx, tenant, group)?;
    if let Some(deleted) = group.deleted {
        recycle_bin::still_kept(&group.display_name, deleted, now)?;
        group.deleted = None;
        rows::put_group(tx, tenant, &group)?;
        let object = ObjectRef::group(group.seq);
        record(tx, tenant, object, ChangeKind::Restored, now)?;
        record_entitlements(tx, tenant, group.seq, now)?;
    }
    Ok(group)
}

/// Deletes a group in the recycle bin for good, with its members' edges, its memberships and its
/// assignments.
///
/// # Errors
/// `Conflict` when the group is not in the recycle bin, `NotFound`, the store's.
pub fn purge(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    now: Timestamp,
) -> Result<()> {
    let found = get_group(tx, tenant, group)?;
    if found.deleted.is_none() {
        return Err(not_in_recycle_bin(&found.display_name));
    }
    end(tx, tenant, group, now)
}

/// Takes a group away for good.
pub(super) fn end(tx: &Write<'_>, tenant: Seq, group: Seq, now: Timestamp) -> Result<()> {
    let group = get_group(tx, tenant, group)?;
    let object = ObjectRef::group(group.seq);
    super::detach(tx, tenant, object, now)?;
    rows::remove_group(tx, tenant, &group)?;
    record(tx, tenant, object, ChangeKind::Purged { id: group.id }, now)
}

fn get_present(tx: &impl Reads, tenant: Seq, group: Seq) -> Result<DirectoryGroup> {
    let group = get_group(tx, tenant, group)?;
    match group.deleted {
        Some(_) => Err(in_recycle_bin(&group.display_name)),
        None => Ok(group),
    }
}

fn apply(group: &mut DirectoryGroup, changes: &[AttributeChange]) {
    for change in changes {
        match (change.name(), change.text()) {
            ("displayName", Some(name)) => name.clone_into(&mut group.display_name),
            ("securityEnabled", Some(flag)) => group.security_enabled = flag == "True",
            _ => change.apply(&mut group.attributes),
        }
    }
}

/// A member came or went.
pub(super) fn record_membership(
    tx: &Write<'_>,
    tenant: Seq,
    group: &DirectoryGroup,
    member: ObjectRef,
    now: Timestamp,
) -> Result<()> {
    let object = ObjectRef::group(group.seq);
    record(
        tx,
        tenant,
        object,
        ChangeKind::MembersChanged { member },
        now,
    )?;
    if member.kind == ObjectKind::User
        && group.deleted.is_none()
        && is_assigned(tx, tenant, object)?
    {
        record(tx, tenant, member, ChangeKind::Updated, now)?;
    }
    Ok(())
}

/// An assigned group came or went: every user in it must be looked at again.
fn record_entitlements(tx: &Write<'_>, tenant: Seq, group: Seq, now: Timestamp) -> Result<()> {
    if !is_assigned(tx, tenant, ObjectRef::group(group))? {
        return Ok(());
    }
    let mut after = None;
    loop {
        let members = rows::members(tx, tenant, group, after, PAGE)?;
        for member in members.iter().filter(|m| m.kind == ObjectKind::User) {
            record(tx, tenant, *member, ChangeKind::Updated, now)?;
        }
        match members.last() {
            Some(last) if members.len() == PAGE => after = Some(*last),
            Some(_) | None => return Ok(()),
        }
    }
}
