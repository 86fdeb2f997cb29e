//! The mock Entra directory: tenants, people, groups, memberships, managers, applications,
//! assignments, and the append-only change feed.
//!
//! Puts here maintain indexes; they do not write to the feed. That is the operation's duty
//! (`crate::directory`), because only it knows what the change means.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::groups::object;
use super::record::decode;
use super::{Error, Reads, Write, directory_names, recycle_bin, rows, tables};
use crate::id::{Guid, Seq};
use crate::model::{
    Application, Assignment, Change, DirectoryGroup, DirectoryUser, ObjectKind, ObjectRef, Tenant,
};

const ALL: Seq = Seq(0);
const USERS_TOTAL: &str = "directory_users_total";
const GROUPS_TOTAL: &str = "directory_groups_total";

/// The tenant in this row.
pub fn tenant(tx: &impl Reads, tenant: Seq) -> Result<Option<Tenant>, Error> {
    rows::find(tx, tables::TENANTS, tenant.0)
}

/// The oldest tenant.
pub fn first_tenant(tx: &impl Reads) -> Result<Option<Tenant>, Error> {
    match tx.open(tables::TENANTS)?.first()? {
        Some((_, bytes)) => decode(bytes.value()).map(Some),
        None => Ok(None),
    }
}

/// Every tenant, oldest first.
pub fn tenants(tx: &impl Reads) -> Result<Vec<Tenant>, Error> {
    tx.open(tables::TENANTS)?
        .iter()?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// A row number for a new tenant.
pub fn next_tenant_seq(tx: &Write<'_>) -> Result<Seq, Error> {
    tx.next_seq(ALL, "tenants")
}

/// Inserts or replaces a tenant.
pub fn put_tenant(tx: &Write<'_>, tenant: &Tenant) -> Result<(), Error> {
    rows::put(tx, tables::TENANTS, tenant.seq.0, tenant)
}

// People.

pub(super) fn upn_key(name: &str) -> String {
    name.to_lowercase()
}

/// The user in this row, in the recycle bin or not.
pub fn user(tx: &impl Reads, tenant: Seq, user: Seq) -> Result<Option<DirectoryUser>, Error> {
    rows::find(tx, tables::DIRECTORY_USERS, (tenant.0, user.0))
}

/// The user with this name who is not in the recycle bin.
pub fn user_by_principal_name(
    tx: &impl Reads,
    tenant: Seq,
    name: &str,
) -> Result<Option<DirectoryUser>, Error> {
    let key = upn_key(name);
    let seq = tx
        .open(tables::UPN_TO_DIRECTORY_USER)?
        .get((tenant.0, key.as_str()))?
        .map(|v| v.value());
    match seq {
        Some(seq) => user(tx, tenant, Seq(seq)),
        None => Ok(None),
    }
}

/// What an object id stands for.
pub fn object_by_id(tx: &impl Reads, tenant: Seq, id: &Guid) -> Result<Option<ObjectRef>, Error> {
    match tx
        .open(tables::OBJECT_ID_TO_OBJECT)?
        .get((tenant.0, id.bytes()))?
    {
        Some(found) => {
            let (code, seq) = found.value();
            object(code, seq).map(Some)
        }
        None => Ok(None),
    }
}

/// How many users there are, those in the recycle bin among them.
pub fn count_users(tx: &impl Reads, tenant: Seq) -> Result<u64, Error> {
    tx.counter(tenant, USERS_TOTAL)
}

/// The first `limit` users after `after`, in creation order.
pub fn users_after(
    tx: &impl Reads,
    tenant: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<DirectoryUser>, Error> {
    rows::page(tx, tables::DIRECTORY_USERS, tenant, after, limit)
}

/// Hands every user to a function until it breaks, in creation order.
pub fn walk_users<E: From<Error>>(
    tx: &impl Reads,
    tenant: Seq,
    each: impl FnMut(DirectoryUser) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    rows::walk(tx, tables::DIRECTORY_USERS, tenant, Seq(0), each)
}

/// A row number for a new user.
pub fn next_user_seq(tx: &Write<'_>, tenant: Seq) -> Result<Seq, Error> {
    tx.next_seq(tenant, "directory_users")
}

/// Inserts or replaces a user and moves its index entries. The caller has made sure that the name is
/// free.
pub fn put_user(tx: &Write<'_>, tenant: Seq, new: &DirectoryUser) -> Result<(), Error> {
    let old = user(tx, tenant, new.seq)?;
    if old.is_none() {
        tx.add_to_counter(tenant, USERS_TOTAL, 1)?;
    }
    index_user(tx, tenant, new.seq, old.as_ref(), Some(new))?;
    rows::put(tx, tables::DIRECTORY_USERS, (tenant.0, new.seq.0), new)
}

/// Plain attributes by which users are found: those that inbound provisioning may match by, besides
/// `userPrincipalName`.
pub const LOOKED_UP: [&str; 2] = ["employeeId", "mail"];

/// What a user outside the recycle bin is found by: values are compared without regard to case.
pub(super) fn looked_up(user: &DirectoryUser) -> impl Iterator<Item = (&'static str, String)> {
    LOOKED_UP
        .into_iter()
        .filter(|_| user.deleted.is_none())
        .filter_map(|attribute| Some((attribute, user.text(attribute)?.to_lowercase())))
}

/// Users outside the recycle bin with this value of one of [`LOOKED_UP`], in any case, at most `limit`.
pub fn users_by_value(
    tx: &impl Reads,
    tenant: Seq,
    attribute: &str,
    value: &str,
    limit: usize,
) -> Result<Vec<DirectoryUser>, Error> {
    let rows = directory_names::rows_by_value(tx, tenant, attribute, value, limit)?;
    let mut users = Vec::with_capacity(rows.len());
    for row in rows {
        users.extend(user(tx, tenant, row)?);
    }
    Ok(users)
}

/// Takes a user and its index entries away. Edges, reports and assignments are the caller's.
pub fn remove_user(tx: &Write<'_>, tenant: Seq, old: &DirectoryUser) -> Result<(), Error> {
    index_user(tx, tenant, old.seq, Some(old), None)?;
    tx.add_to_counter(tenant, USERS_TOTAL, -1)?;
    rows::remove(tx, tables::DIRECTORY_USERS, (tenant.0, old.seq.0))
}

fn index_user(
    tx: &Write<'_>,
    tenant: Seq,
    row: Seq,
    old: Option<&DirectoryUser>,
    new: Option<&DirectoryUser>,
) -> Result<(), Error> {
    let name = |u: &DirectoryUser| u.deleted.is_none().then(|| upn_key(&u.user_principal_name));
    let (before, after) = (old.and_then(name), new.and_then(name));
    if before != after {
        let mut names = tx.table(tables::UPN_TO_DIRECTORY_USER)?;
        if let Some(before) = &before {
            names.remove((tenant.0, before.as_str()))?;
        }
        if let Some(after) = &after {
            names.insert((tenant.0, after.as_str()), row.0)?;
        }
    }
    let values = |u: Option<&DirectoryUser>| u.into_iter().flat_map(looked_up).collect::<Vec<_>>();
    let (before, after) = (values(old), values(new));
    if before != after {
        let mut values = tx.table(tables::VALUE_TO_DIRECTORY_USER)?;
        for (attribute, value) in &before {
            values.remove((tenant.0, *attribute, value.as_str(), row.0))?;
        }
        for (attribute, value) in &after {
            values.insert((tenant.0, *attribute, value.as_str(), row.0), ())?;
        }
    }
    let (before, after) = (old.and_then(|u| u.manager), new.and_then(|u| u.manager));
    if before != after {
        let mut reports = tx.table(tables::MANAGER_TO_REPORT)?;
        if let Some(before) = before {
            reports.remove((tenant.0, before.0, row.0))?;
        }
        if let Some(after) = after {
            reports.insert((tenant.0, after.0, row.0), ())?;
        }
    }
    let object = ObjectRef::user(row);
    recycle_bin::index(
        tx,
        tenant,
        object,
        old.and_then(|u| u.deleted),
        new.and_then(|u| u.deleted),
    )?;
    index_id(tx, tenant, object, old.map(|u| &u.id), new.map(|u| &u.id))
}

fn index_id(
    tx: &Write<'_>,
    tenant: Seq,
    row: ObjectRef,
    old: Option<&Guid>,
    new: Option<&Guid>,
) -> Result<(), Error> {
    if old == new {
        return Ok(());
    }
    let mut ids = tx.table(tables::OBJECT_ID_TO_OBJECT)?;
    if let Some(old) = old {
        ids.remove((tenant.0, old.bytes()))?;
    }
    if let Some(new) = new {
        ids.insert((tenant.0, new.bytes()), (row.kind.code(), row.seq.0))?;
    }
    Ok(())
}

/// People whose manager is `manager`.
pub fn reports_of(tx: &impl Reads, tenant: Seq, manager: Seq) -> Result<Vec<Seq>, Error> {
    tx.open(tables::MANAGER_TO_REPORT)?
        .range((tenant.0, manager.0, 0)..=(tenant.0, manager.0, u64::MAX))?
        .map(|entry| Ok(Seq(entry?.0.value().2)))
        .collect()
}

// Groups.

/// The group in this row, in the recycle bin or not.
pub fn group(tx: &impl Reads, tenant: Seq, group: Seq) -> Result<Option<DirectoryGroup>, Error> {
    rows::find(tx, tables::DIRECTORY_GROUPS, (tenant.0, group.0))
}

/// How many groups there are, those in the recycle bin among them.
pub fn count_groups(tx: &impl Reads, tenant: Seq) -> Result<u64, Error> {
    tx.counter(tenant, GROUPS_TOTAL)
}

/// The first `limit` groups after `after`, in creation order.
pub fn groups_after(
    tx: &impl Reads,
    tenant: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<DirectoryGroup>, Error> {
    rows::page(tx, tables::DIRECTORY_GROUPS, tenant, after, limit)
}

/// Hands every group to a function until it breaks, in creation order.
pub fn walk_groups<E: From<Error>>(
    tx: &impl Reads,
    tenant: Seq,
    each: impl FnMut(DirectoryGroup) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    rows::walk(tx, tables::DIRECTORY_GROUPS, tenant, Seq(0), each)
}

/// A row number for a new group.
pub fn next_group_seq(tx: &Write<'_>, tenant: Seq) -> Result<Seq, Error> {
    tx.next_seq(tenant, "directory_groups")
}

/// Inserts or replaces a group and its index entry.
pub fn put_group(tx: &Write<'_>, tenant: Seq, new: &DirectoryGroup) -> Result<(), Error> {
    let old = group(tx, tenant, new.seq)?;
    if old.is_none() {
        tx.add_to_counter(tenant, GROUPS_TOTAL, 1)?;
    }
    index_group(tx, tenant, new.seq, old.as_ref(), Some(new))?;
    rows::put(tx, tables::DIRECTORY_GROUPS, (tenant.0, new.seq.0), new)
}

/// Takes a group and its own edges away. Edges in which it is a member, and assignments, are the
/// caller's.
pub fn remove_group(tx: &Write<'_>, tenant: Seq, old: &DirectoryGroup) -> Result<(), Error> {
    for member in members(tx, tenant, old.seq, None, usize::MAX)? {
        remove_member(tx, tenant, old.seq, member)?;
    }
    index_group(tx, tenant, old.seq, Some(old), None)?;
    tx.add_to_counter(tenant, GROUPS_TOTAL, -1)?;
    rows::remove(tx, tables::DIRECTORY_GROUPS, (tenant.0, old.seq.0))
}

fn index_group(
    tx: &Write<'_>,
    tenant: Seq,
    row: Seq,
    old: Option<&DirectoryGroup>,
    new: Option<&DirectoryGroup>,
) -> Result<(), Error> {
    let object = ObjectRef::group(row);
    recycle_bin::index(
        tx,
        tenant,
        object,
        old.and_then(|g| g.deleted),
        new.and_then(|g| g.deleted),
    )?;
    let mark = |g: &DirectoryGroup| g.dynamic.is_some().then(|| u64::from(g.is_processing()));
    let (before, after) = (old.and_then(mark), new.and_then(mark));
    if before != after {
        let mut dynamic = tx.table(tables::DYNAMIC_GROUPS)?;
        match after {
            Some(mark) => dynamic.insert((tenant.0, row.0), mark)?,
            None => dynamic.remove((tenant.0, row.0))?,
        };
    }
    index_id(tx, tenant, object, old.map(|g| &g.id), new.map(|g| &g.id))
}

/// Dynamic groups, and whether people are still looked at since their rule was saved.
pub fn dynamic_groups(tx: &impl Reads, tenant: Seq) -> Result<Vec<(Seq, bool)>, Error> {
    tx.open(tables::DYNAMIC_GROUPS)?
        .range((tenant.0, 0)..=(tenant.0, u64::MAX))?
        .map(|row| {
            let (key, mark) = row?;
            Ok((Seq(key.value().1), mark.value() != 0))
        })
        .collect()
}

/// Adds an edge; false when it was there already. The caller counts.
pub fn add_member(
    tx: &Write<'_>,
    tenant: Seq,
    group: Seq,
    member: ObjectRef,
) -> Result<bool, Error> {
    let code = member.kind.code();
    let added = tx
        .table(tables::DIRECTORY_GROUP_TO_MEMBER)?
        .insert((tenant.0, group.0, code, member.seq.0), ())?
        .is_none();
    if added {
        tx.table(tables::DIRECTORY_MEMBER_TO_GROUP)?
            .insert((tenant.0, code, member.seq.0, group.0), ())?;
    }
    Ok(added)
}

/// Takes an edge away; false when there was none. The caller counts.
pub fn remove_member(
    tx: &Write<'_>,
    tenant: Seq,
    group: Seq,
    member: ObjectRef,
) -> Result<bool, Error> {
    let code = member.kind.code();
    let removed = tx
        .table(tables::DIRECTORY_GROUP_TO_MEMBER)?
        .remove((tenant.0, group.0, code, member.seq.0))?
        .is_some();
    if removed {
        tx.table(tables::DIRECTORY_MEMBER_TO_GROUP)?.remove((
            tenant.0,
            code,
            member.seq.0,
            group.0,
        ))?;
    }
    Ok(removed)
}

/// Whether `member` is a direct member of `group`.
pub fn is_member(
    tx: &impl Reads,
    tenant: Seq,
    group: Seq,
    member: ObjectRef,
) -> Result<bool, Error> {
    let key = (tenant.0, group.0, member.kind.code(), member.seq.0);
    Ok(tx
        .open(tables::DIRECTORY_GROUP_TO_MEMBER)?
        .get(key)?
        .is_some())
}

/// Up to `limit` direct members after `after`, users first, each kind in creation order.
pub fn members(
    tx: &impl Reads,
    tenant: Seq,
    group: Seq,
    after: Option<ObjectRef>,
    limit: usize,
) -> Result<Vec<ObjectRef>, Error> {
    let (kind, seq) = after.map_or((0, 0), |a| (a.kind.code(), a.seq.0.saturating_add(1)));
    tx.open(tables::DIRECTORY_GROUP_TO_MEMBER)?
        .range((tenant.0, group.0, kind, seq)..=(tenant.0, group.0, u8::MAX, u64::MAX))?
        .take(limit)
        .map(|edge| {
            let (_, _, code, seq) = edge?.0.value();
            object(code, seq)
        })
        .collect()
}

/// Groups in which `member` is a direct member.
pub fn groups_of(tx: &impl Reads, tenant: Seq, member: ObjectRef) -> Result<Vec<Seq>, Error> {
    let code = member.kind.code();
    tx.open(tables::DIRECTORY_MEMBER_TO_GROUP)?
        .range((tenant.0, code, member.seq.0, 0)..=(tenant.0, code, member.seq.0, u64::MAX))?
        .map(|edge| Ok(Seq(edge?.0.value().3)))
        .collect()
}

// Applications and assignments.

/// The application in this row.
pub fn application(tx: &impl Reads, tenant: Seq, app: Seq) -> Result<Option<Application>, Error> {
    rows::find(tx, tables::APPLICATIONS, (tenant.0, app.0))
}

/// Every application of a tenant that was not deleted.
pub fn applications(tx: &impl Reads, tenant: Seq) -> Result<Vec<Application>, Error> {
    let mut all = every_application(tx, tenant)?;
    all.retain(|application| application.removal.is_none());
    Ok(all)
}

/// Every application of a tenant, those among them that were deleted and are still taken apart.
pub fn every_application(tx: &impl Reads, tenant: Seq) -> Result<Vec<Application>, Error> {
    rows::page(tx, tables::APPLICATIONS, tenant, Seq(0), usize::MAX)
}

/// Takes an application away. Its assignments and its job are the caller's.
pub fn remove_application(tx: &Write<'_>, tenant: Seq, app: Seq) -> Result<(), Error> {
    rows::remove(tx, tables::APPLICATIONS, (tenant.0, app.0))
}

/// A row number for a new application.
pub fn next_application_seq(tx: &Write<'_>, tenant: Seq) -> Result<Seq, Error> {
    tx.next_seq(tenant, "applications")
}

/// Inserts or replaces an application.
pub fn put_application(tx: &Write<'_>, tenant: Seq, app: &Application) -> Result<(), Error> {
    rows::put(tx, tables::APPLICATIONS, (tenant.0, app.seq.0), app)
}

/// The assignment of a principal itself (not through a group).
pub fn assignment(
    tx: &impl Reads,
    tenant: Seq,
    app: Seq,
    principal: ObjectRef,
) -> Result<Option<Assignment>, Error> {
    let key = (tenant.0, app.0, principal.kind.code(), principal.seq.0);
    rows::find(tx, tables::ASSIGNMENTS, key)
}

/// Up to `limit` assignments of an application after `after`, users first.
pub fn assignments(
    tx: &impl Reads,
    tenant: Seq,
    app: Seq,
    after: Option<ObjectRef>,
    limit: usize,
) -> Result<Vec<Assignment>, Error> {
    let (kind, seq) = after.map_or((0, 0), |a| (a.kind.code(), a.seq.0.saturating_add(1)));
    tx.open(tables::ASSIGNMENTS)?
        .range((tenant.0, app.0, kind, seq)..=(tenant.0, app.0, u8::MAX, u64::MAX))?
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Inserts an assignment; false when it was there already.
pub fn put_assignment(
    tx: &Write<'_>,
    tenant: Seq,
    app: Seq,
    assignment: &Assignment,
) -> Result<bool, Error> {
    let (code, seq) = (assignment.principal.kind.code(), assignment.principal.seq.0);
    let added = tx
        .table(tables::PRINCIPAL_TO_APPLICATION)?
        .insert((tenant.0, code, seq, app.0), ())?
        .is_none();
    rows::put(
        tx,
        tables::ASSIGNMENTS,
        (tenant.0, app.0, code, seq),
        assignment,
    )?;
    Ok(added)
}

/// Takes an assignment away; false when there was none.
pub fn remove_assignment(
    tx: &Write<'_>,
    tenant: Seq,
    app: Seq,
    principal: ObjectRef,
) -> Result<bool, Error> {
    let (code, seq) = (principal.kind.code(), principal.seq.0);
    let removed = tx
        .table(tables::PRINCIPAL_TO_APPLICATION)?
        .remove((tenant.0, code, seq, app.0))?
        .is_some();
    rows::remove(tx, tables::ASSIGNMENTS, (tenant.0, app.0, code, seq))?;
    Ok(removed)
}

/// Applications to which a principal itself is assigned.
pub fn applications_of(
    tx: &impl Reads,
    tenant: Seq,
    principal: ObjectRef,
) -> Result<Vec<Seq>, Error> {
    let (code, seq) = (principal.kind.code(), principal.seq.0);
    tx.open(tables::PRINCIPAL_TO_APPLICATION)?
        .range((tenant.0, code, seq, 0)..=(tenant.0, code, seq, u64::MAX))?
        .map(|entry| Ok(Seq(entry?.0.value().3)))
        .collect()
}

// The change feed.

/// Appends to the feed; the position is assigned here.
pub fn append_change(tx: &Write<'_>, tenant: Seq, mut change: Change) -> Result<Seq, Error> {
    change.seq = tx.next_seq(tenant, "changes")?;
    rows::put(tx, tables::CHANGES, (tenant.0, change.seq.0), &change)?;
    Ok(change.seq)
}

/// Position of the newest change; 0 for an empty feed.
pub fn head(tx: &impl Reads, tenant: Seq) -> Result<Seq, Error> {
    tx.counter(tenant, "changes").map(Seq)
}

/// Up to `limit` changes after `after`, oldest first.
pub fn changes_after(
    tx: &impl Reads,
    tenant: Seq,
    after: Seq,
    limit: usize,
) -> Result<Vec<Change>, Error> {
    rows::page(tx, tables::CHANGES, tenant, after, limit)
}

/// Whether an object still has a row.
pub fn exists(tx: &impl Reads, tenant: Seq, object: ObjectRef) -> Result<bool, Error> {
    Ok(match object.kind {
        ObjectKind::User => tx
            .open(tables::DIRECTORY_USERS)?
            .get((tenant.0, object.seq.0))?
            .is_some(),
        ObjectKind::Group => tx
            .open(tables::DIRECTORY_GROUPS)?
            .get((tenant.0, object.seq.0))?
            .is_some(),
    })
}
