//! Enterprise applications and who is assigned to them.

use super::{get_application, get_group, get_user, in_recycle_bin, record};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{Application, Assignment, ChangeKind, ObjectKind, ObjectRef};
use crate::store::{Write, directory as rows};

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
    };
    rows::put_application(tx, tenant, &application)?;
    Ok(application)
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

/// Assigns a user or a group; false when it is assigned already. A group entitles its direct members
/// only.
///
/// # Errors
/// `NotFound` for either, `Conflict` when the principal is in the recycle bin or a group is not
/// security-enabled, the store's.
pub fn assign(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    principal: ObjectRef,
    now: Timestamp,
) -> Result<bool> {
    get_application(tx, tenant, application)?;
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
    if rows::assignment(tx, tenant, application, principal)?.is_some() {
        return Ok(false);
    }
    let assignment = Assignment {
        principal,
        created: now,
    };
    rows::put_assignment(tx, tenant, application, &assignment)?;
    let kind = ChangeKind::Assigned { application };
    record(tx, tenant, principal, kind, now)?;
    Ok(true)
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
