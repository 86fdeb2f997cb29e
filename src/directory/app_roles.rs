//! App roles: what somebody can be in an application, and who is it.
//!
//! Follows `appRole` and `appRoleAssignment` of Microsoft Graph: a role has a display name, a value that is unique in
//! its application, and can be disabled; an assignment without a role is *Default Access*. A user or group may have
//! several roles in one application.

use super::{get_application, record};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{AppRole, Application, Assignment, ChangeKind, ObjectRef};
use crate::store::{Write, directory as rows};

/// Most roles of one application.
const ROLES: usize = 200;
/// Longest display name, in characters.
pub const NAME_LIMIT: usize = 100;
/// Longest value, in characters.
pub const VALUE_LIMIT: usize = 120;
/// Longest description, in characters.
const DESCRIPTION_LIMIT: usize = 1024;

/// What a role is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleDetails {
    /// Shown to people.
    pub display_name: String,
    /// What an application is told; empty is none.
    pub value: String,
    /// What it is for.
    pub description: String,
    /// Whether it can be assigned.
    pub enabled: bool,
}

/// The role that every new application has: *User*.
pub fn default_role(id: Guid) -> AppRole {
    AppRole {
        id,
        display_name: "User".into(),
        value: None,
        description: "User".into(),
        enabled: true,
    }
}

impl RoleDetails {
    /// The role, if it can stand beside the others of its application; one of these with the same id is itself.
    ///
    /// # Errors
    /// `Field` for what is no role or a value that is taken.
    pub fn checked(&self, id: Guid, others: &[AppRole]) -> Result<AppRole> {
        let name = self.display_name.trim();
        let (value, description) = (self.value.trim(), self.description.trim());
        if name.is_empty() {
            return Err(Error::field("displayName", "the role needs a display name"));
        }
        for (field, text, limit) in [
            ("displayName", name, NAME_LIMIT),
            ("value", value, VALUE_LIMIT),
            ("description", description, DESCRIPTION_LIMIT),
        ] {
            if text.chars().count() > limit {
                return Err(Error::field(field, format!("at most {limit} characters")));
            }
        }
        if value.starts_with('.') || value.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Error::field(
                "value",
                "the value contains no blanks and does not begin with a dot",
            ));
        }
        let clash = others.iter().find(|role| {
            role.id != id && !value.is_empty() && role.value.as_deref() == Some(value)
        });
        if let Some(other) = clash {
            return Err(Error::field(
                "value",
                format!("{value} is the value of {} already", other.display_name),
            ));
        }
        Ok(AppRole {
            id,
            display_name: name.to_owned(),
            value: Some(value.to_owned()).filter(|value| !value.is_empty()),
            description: description.to_owned(),
            enabled: self.enabled,
        })
    }
}

/// Adds a role.
///
/// # Errors
/// `Field` for what is no role or a value that is taken, `NotFound`, the store's.
pub fn add(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    details: &RoleDetails,
    id: Guid,
) -> Result<AppRole> {
    let mut application = get_application(tx, tenant, application)?;
    if application.roles.len() >= ROLES {
        return Err(Error::field(
            "displayName",
            format!("an application has at most {ROLES} roles"),
        ));
    }
    let role = details.checked(id, &application.roles)?;
    application.roles.push(role.clone());
    rows::put_application(tx, tenant, &application)?;
    Ok(role)
}

/// Changes a role. What whoever has it is sent changes with the next full cycle, or when something else of them does: as
/// in Entra, a role is no object that people change with.
///
/// # Errors
/// As [`add`].
pub fn update(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    role: &Guid,
    details: &RoleDetails,
) -> Result<AppRole> {
    let mut application = get_application(tx, tenant, application)?;
    let changed = details.checked(*role, &application.roles)?;
    match application.roles.iter_mut().find(|known| known.id == *role) {
        Some(known) => known.clone_from(&changed),
        None => return Err(Error::not_found("App role", role)),
    }
    rows::put_application(tx, tenant, &application)?;
    Ok(changed)
}

/// Takes a role away that was disabled before, as in Entra. Whoever has it loses it, and has *Default Access* if that
/// was the only one.
///
/// # Errors
/// `Conflict` while it is enabled, `NotFound`, the store's.
pub fn remove(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    role: &Guid,
    now: Timestamp,
) -> Result<()> {
    let mut found = get_application(tx, tenant, application)?;
    let known = found
        .role(role)
        .ok_or_else(|| Error::not_found("App role", role))?;
    if known.enabled {
        return Err(Error::Conflict {
            attribute: "isEnabled",
            detail: format!("{} is enabled; disable it first", known.display_name),
        });
    }
    found.roles.retain(|known| known.id != *role);
    rows::put_application(tx, tenant, &found)?;
    for mut assignment in rows::assignments(tx, tenant, application, None, usize::MAX)? {
        if assignment.roles.contains(role) {
            assignment.roles.retain(|had| had != role);
            save(tx, tenant, application, &assignment, now)?;
        }
    }
    Ok(())
}

/// Sets the roles with which somebody is assigned; none is *Default Access*. Whether that changed anything.
///
/// # Errors
/// `Field` for a role that the application has not, or that is disabled and new to them; `NotFound` when there is no
/// assignment; the store's.
pub fn set_roles(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    principal: ObjectRef,
    roles: &[Guid],
    now: Timestamp,
) -> Result<bool> {
    let found = get_application(tx, tenant, application)?;
    let mut assignment = rows::assignment(tx, tenant, application, principal)?
        .ok_or_else(|| Error::not_found("Assignment", ""))?;
    let wanted = checked_roles(&found, roles, &assignment.roles)?;
    if wanted == assignment.roles {
        return Ok(false);
    }
    assignment.roles = wanted;
    save(tx, tenant, application, &assignment, now)?;
    Ok(true)
}

/// The roles, each once and in the order of the application. `had` may be disabled by now.
pub(super) fn checked_roles(
    application: &Application,
    roles: &[Guid],
    had: &[Guid],
) -> Result<Vec<Guid>> {
    for id in roles.iter().filter(|id| **id != AppRole::DEFAULT_ACCESS) {
        let refused = |why: &str| Err(Error::field("appRoleId", format!("the role {why}")));
        match application.role(id) {
            None => return refused(&format!("{id} is none of this application")),
            Some(role) if !role.enabled && !had.contains(id) => {
                return refused(&format!("{} is disabled", role.display_name));
            }
            Some(_) => {}
        }
    }
    Ok(application
        .roles
        .iter()
        .map(|role| role.id)
        .filter(|id| roles.contains(id))
        .collect())
}

fn save(
    tx: &Write<'_>,
    tenant: Seq,
    application: Seq,
    assignment: &Assignment,
    now: Timestamp,
) -> Result<()> {
    rows::put_assignment(tx, tenant, application, assignment)?;
    let kind = ChangeKind::Assigned { application };
    record(tx, tenant, assignment.principal, kind, now)
}
