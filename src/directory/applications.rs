//! Enterprise applications and who is assigned to them.

use super::{
    app_roles, get_application, get_group, get_user, in_recycle_bin, record, registrations,
};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{AppRole, Application, Assignment, ChangeKind, ObjectKind, ObjectRef, Removal};
use crate::store::{Reads, Write, directory as rows};

/// Longest name of an application, in characters.
const NAME_LIMIT: usize = 256;

/// An application to be added.
#[derive(Debug, Clone)]
pub struct NewApplication {
    /// Object id of the service principal.
    pub id: Guid,
    /// Application (client) id.
    pub app_id: Guid,
    /// Shown in the console. Need not be unique.
    pub display_name: String,
}

/// Adds an application, to which nobody is assigned yet. Its synchronization job is made by `sync`.
///
/// # Errors
/// `Field` when the name is empty or longer than 256 characters, the store's.
pub fn add(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    new: &NewApplication,
    now: Timestamp,
) -> Result<Application> {
    check_name(&new.display_name)?;
    let application = Application {
        seq: rows::next_application_seq(tx, tenant)?,
        id: new.id,
        app_id: new.app_id,
        display_name: new.display_name.clone(),
        created: now,
        roles: Vec::new(),
        removal: None,
        deleted_jobs: Vec::new(),
    };
    rows::put_application(tx, tenant, &application)?;
    Ok(application)
}

/// Gives an application another name.
///
/// # Errors
/// `Field` when it is none, `NotFound`, the store's.
pub fn rename(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    name: &str,
) -> Result<Application> {
    check_name(name)?;
    let mut application = get_application(tx, tenant, application)?;
    name.trim().clone_into(&mut application.display_name);
    rows::put_application(tx, tenant, &application)?;
    Ok(application)
}

/// Deletes an application: nobody sees it any more, and no client owns it. Its assignments are taken away by [`take_apart`], what belongs to its
/// `job` by whoever knows jobs.
///
/// # Errors
/// `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    job: Option<Seq>,
) -> Result<Application> {
    let mut application = get_application(tx, tenant, application)?;
    registrations::disown(tx, tenant, application.seq)?;
    application.removal = Some(Removal { job });
    rows::put_application(tx, tenant, &application)?;
    Ok(application)
}

/// Takes up to `limit` assignments of a deleted application away, and the application itself with the last of them;
/// whether there is more to do. Nobody is told: the application's cycles were the only ones to care.
///
/// # Errors
/// The store's.
pub fn take_apart(tx: &Write<'_>, tenant: Seq, application: Seq, limit: usize) -> Result<bool> {
    let assignments = rows::assignments(tx, tenant, application, None, limit)?;
    for assignment in &assignments {
        rows::remove_assignment(tx, tenant, application, assignment.principal)?;
    }
    if assignments.len() < limit {
        rows::remove_application(tx, tenant, application)?;
        return Ok(false);
    }
    Ok(true)
}

/// Whether this can be the name of an application.
///
/// # Errors
/// `Field` when it is empty or longer than 256 characters.
pub fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::field("displayName", "the application needs a name"));
    }
    if name.chars().count() > NAME_LIMIT {
        return Err(Error::field(
            "displayName",
            format!("the name of an application has at most {NAME_LIMIT} characters"),
        ));
    }
    Ok(())
}

/// Assigns a user or a group with *Default Access*; false when it is assigned already. A group entitles its direct
/// members only.
///
/// # Errors
/// `NotFound` for either, `Conflict` when the principal is in the recycle bin or a group is not
/// security-enabled, the store's.
pub fn assign(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    application: Seq,
    principal: ObjectRef,
    now: Timestamp,
) -> Result<bool> {
    let role = AppRole::DEFAULT_ACCESS;
    assign_role(tx, operator, tenant, application, principal, role, now)
}

/// Assigns a user or a group with a role, or [`AppRole::DEFAULT_ACCESS`]; whoever is assigned already gets the role in
/// addition. False when they have it already, or are assigned at all where no role is given.
///
/// # Errors
/// As [`assign`]; `Field` for a role that the application has not or that is disabled.
pub fn assign_role(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    principal: ObjectRef,
    role: Guid,
    now: Timestamp,
) -> Result<bool> {
    let found = get_application(tx, tenant, application)?;
    check_principal(tx, tenant, principal)?;
    let before = rows::assignment(tx, tenant, application, principal)?;
    let had = before.as_ref().map_or(&[][..], |before| &before.roles);
    let mut wanted = had.to_vec();
    wanted.push(role);
    let roles = app_roles::checked_roles(&found, &wanted, had)?;
    let assignment = Assignment {
        principal,
        created: before.as_ref().map_or(now, |before| before.created),
        roles,
    };
    if before.as_ref() == Some(&assignment) {
        return Ok(false);
    }
    rows::put_assignment(tx, tenant, application, &assignment)?;
    let kind = ChangeKind::Assigned { application };
    record(tx, tenant, principal, kind, now)?;
    Ok(true)
}

/// Whether a user or group can be assigned.
fn check_principal(tx: &impl Reads, tenant: Seq, principal: ObjectRef) -> Result<()> {
    match principal.kind {
        ObjectKind::User => {
            let user = get_user(tx, tenant, principal.seq)?;
            if user.deleted.is_some() {
                return Err(in_recycle_bin(user.display_name()));
            }
        }
        ObjectKind::Group => {
            let group = get_group(tx, tenant, principal.seq)?;
            if group.deleted.is_some() {
                return Err(in_recycle_bin(&group.display_name));
            }
            if !group.security_enabled {
                return Err(Error::Conflict {
                    attribute: "securityEnabled",
                    detail: format!(
                        "{} is not security-enabled; only security-enabled groups can be assigned",
                        group.display_name
                    ),
                });
            }
        }
    }
    Ok(())
}

/// Ends an assignment; false when there is none.
///
/// # Errors
/// `NotFound` when there is no such application, the store's.
pub fn unassign(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    principal: ObjectRef,
    now: Timestamp,
) -> Result<bool> {
    get_application(tx, tenant, application)?;
    if !rows::remove_assignment(tx, tenant, application, principal)? {
        return Ok(false);
    }
    let kind = ChangeKind::Unassigned { application };
    record(tx, tenant, principal, kind, now)?;
    Ok(true)
}
