//! The mock Entra directory: what an administrator, a seed or an import does to people, groups and
//! enterprise applications, and what the provisioning service reads from them.
//!
//! One operation is one function, called inside one write closure. Each that changes something
//! appends to the change feed; one that changes nothing appends nothing. Must not know the provider,
//! the agent or HTTP. Follows Microsoft Entra's rules for users, groups and app assignments; where
//! Entra documents nothing, the function says what was chosen.
//!
//! Which entries an operation appends:
//!
//! | operation | entries |
//! |---|---|
//! | create, delete, restore, purge | `Created`, `Deleted`, `Restored`, `Purged` on the object |
//! | update, enable or disable, set the manager | `Updated` on the object |
//! | add or remove a member | `MembersChanged` on the group; `Updated` on a user when the group is assigned |
//! | delete or restore an assigned group | also `Updated` on each user in it: entitlements change |
//! | purge | also `MembersChanged` on each group left, `Updated` on each report |
//! | assign, unassign | `Assigned`, `Unassigned` on the principal, a group's members not among them |
//! | give or take a role | the same: what somebody is in an application is part of what its cycle sends |
//! | change of a person, rule of a dynamic group | for each member who comes or goes, as adding and removing |

pub mod access_token;
pub mod app_roles;
pub mod applications;
mod attributes;
pub mod dynamic;
pub mod graph;
pub mod groups;
pub mod import;
pub mod inbound;
pub mod okta;
pub mod recycle_bin;
pub mod registrations;
pub mod rule;
pub mod search;
pub mod source;
pub mod tenants;
pub mod users;

pub use attributes::{AttributeChange, AttributeValue, is_extension};

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{Application, Change, ChangeKind, DirectoryGroup, DirectoryUser, ObjectRef};
use crate::store::{self, Reads, Write, directory as rows};

/// Appends to the change feed.
fn record(
    tx: &Write<'_>,
    tenant: Seq,
    object: ObjectRef,
    kind: ChangeKind,
    now: Timestamp,
) -> Result<()> {
    let change = Change {
        seq: Seq(0),
        object,
        kind,
        at: now,
    };
    rows::append_change(tx, tenant, change)?;
    Ok(())
}

/// The user in a row, in the recycle bin or not.
///
/// # Errors
/// `NotFound`, or the store's.
pub fn get_user(tx: &impl Reads, tenant: Seq, user: Seq) -> Result<DirectoryUser> {
    rows::user(tx, tenant, user)?.ok_or_else(|| Error::not_found("User", user))
}

/// The group in a row, in the recycle bin or not.
///
/// # Errors
/// `NotFound`, or the store's.
pub fn get_group(tx: &impl Reads, tenant: Seq, group: Seq) -> Result<DirectoryGroup> {
    rows::group(tx, tenant, group)?.ok_or_else(|| Error::not_found("Group", group))
}

/// The enterprise application in a row.
///
/// # Errors
/// `NotFound`, or the store's.
pub fn get_application(tx: &impl Reads, tenant: Seq, application: Seq) -> Result<Application> {
    rows::application(tx, tenant, application)?
        .filter(|application| application.removal.is_none())
        .ok_or_else(|| Error::not_found("Application", application))
}

fn in_recycle_bin(name: &str) -> Error {
    Error::Conflict {
        attribute: "deletedDateTime",
        detail: format!("{name} is in the recycle bin; restore it first"),
    }
}

fn not_in_recycle_bin(name: &str) -> Error {
    Error::Conflict {
        attribute: "deletedDateTime",
        detail: format!("{name} is not in the recycle bin; delete it first"),
    }
}

/// Makes sure that no object has this id.
fn claim_id(tx: &impl Reads, tenant: Seq, id: &Guid) -> Result<()> {
    if *id != Guid::ZERO && rows::object_by_id(tx, tenant, id)?.is_none() {
        return Ok(());
    }
    Err(Error::Conflict {
        attribute: "id",
        detail: format!("the object id {id} is taken or is none; leave it out to get a new one"),
    })
}

/// Whether a group, or a user itself, is assigned to any application.
fn is_assigned(
    tx: &impl Reads,
    tenant: Seq,
    principal: ObjectRef,
) -> std::result::Result<bool, store::Error> {
    Ok(!rows::applications_of(tx, tenant, principal)?.is_empty())
}

/// Ends an object's memberships and assignments, the part of a purge that users and groups share.
fn detach(tx: &Write<'_>, tenant: Seq, object: ObjectRef, now: Timestamp) -> Result<()> {
    for group in rows::groups_of(tx, tenant, object)? {
        groups::unlink(tx, tenant, group, object, now)?;
    }
    for application in rows::applications_of(tx, tenant, object)? {
        rows::remove_assignment(tx, tenant, application, object)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
