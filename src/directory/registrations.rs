//! App registrations: clients of the Graph API, their secrets, their permissions, and what they own.
//!
//! Follows *App registrations* of the portal: a name, *Certificates & secrets*, *API permissions* with admin consent.

mod preset;

pub use preset::{PRESET_CLIENT_ID, preset, preset_secret, with_preset_secret};

use super::get_application;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{AppRegistration, ClientSecret, GraphPermission};
use crate::secret::PasswordHash;
use crate::store::{Reads, Write, registrations as rows};

/// Most registrations of a tenant.
pub const REGISTRATIONS: usize = 250;
/// Most client secrets of a registration.
pub const SECRETS: usize = 50;
/// Longest name, in characters, of a registration.
const NAME_LIMIT: usize = 120;
/// Longest description of a secret, in characters.
const DESCRIPTION_LIMIT: usize = 120;

/// A registration to be made.
#[derive(Debug, Clone)]
pub struct NewRegistration {
    /// *Application (client) ID*.
    pub app_id: Guid,
    /// Object id of its service principal.
    pub object_id: Guid,
    /// Shown in the console. Need not be unique.
    pub display_name: String,
}

/// A client secret to be kept; its value was made and hashed outside the write.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// *Secret ID*.
    pub id: Guid,
    /// *Description*.
    pub description: String,
    /// Last characters of the value.
    pub hint: String,
    /// What is kept of the value.
    pub hash: PasswordHash,
    /// *Expires*.
    pub expires: Timestamp,
}

/// Makes a registration without secrets and permissions.
///
/// # Errors
/// `Field` for a name that is none, `Conflict` when there are too many or the client id is taken, the store's.
pub fn add(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    new: &NewRegistration,
    now: Timestamp,
) -> Result<AppRegistration> {
    let others = rows::all(tx, tenant)?;
    if others.len() >= REGISTRATIONS {
        return Err(full("a tenant", REGISTRATIONS, "app registrations"));
    }
    if others.iter().any(|other| other.app_id == new.app_id) {
        return Err(Error::Conflict {
            attribute: "appId",
            detail: format!("another registration has the client id {}", new.app_id),
        });
    }
    let registration = AppRegistration {
        seq: rows::next_seq(tx, tenant)?,
        app_id: new.app_id,
        object_id: new.object_id,
        display_name: checked(&new.display_name, "displayName", NAME_LIMIT)?,
        created: now,
        permissions: std::collections::BTreeSet::new(),
        owns: std::collections::BTreeSet::new(),
        secrets: Vec::new(),
    };
    rows::put(tx, tenant, &registration)?;
    Ok(registration)
}

/// Gives a registration another name.
///
/// # Errors
/// `Field` for a name that is none, `NotFound`, the store's.
pub fn rename(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    registration: Seq,
    name: &str,
) -> Result<AppRegistration> {
    let name = checked(name, "displayName", NAME_LIMIT)?;
    change(tx, tenant, registration, |row| {
        row.display_name = name;
        Ok(())
    })
}

/// Takes a registration away; its tokens open nothing from now on.
///
/// # Errors
/// `NotFound`, the store's.
pub fn remove(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    registration: Seq,
) -> Result<AppRegistration> {
    let found = get(tx, tenant, registration)?;
    rows::remove(tx, tenant, registration)?;
    Ok(found)
}

/// Sets the permissions, all of them. They count for tokens that are issued from now on.
///
/// # Errors
/// `NotFound`, the store's.
pub fn set_permissions(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    registration: Seq,
    permissions: impl IntoIterator<Item = GraphPermission>,
) -> Result<AppRegistration> {
    change(tx, tenant, registration, |row| {
        row.permissions = permissions.into_iter().collect();
        Ok(())
    })
}

/// Makes the registration an owner of an enterprise application, or takes that away.
///
/// # Errors
/// `NotFound` for either, the store's.
pub fn set_owner(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    registration: Seq,
    application: Seq,
    owns: bool,
) -> Result<AppRegistration> {
    get_application(tx, tenant, application)?;
    change(tx, tenant, registration, |row| {
        if owns {
            row.owns.insert(application);
        } else {
            row.owns.remove(&application);
        }
        Ok(())
    })
}

/// Nobody owns an application any more.
pub(super) fn disown(tx: &Write<'_>, tenant: Seq, application: Seq) -> Result<()> {
    for mut owner in rows::all(tx, tenant)? {
        if owner.owns.remove(&application) {
            rows::put(tx, tenant, &owner)?;
        }
    }
    Ok(())
}

/// Keeps a new client secret.
///
/// # Errors
/// `Field` for a description that is too long or an expiry that is past, `Conflict` when there are too many, `NotFound`,
/// the store's.
pub fn add_secret(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    registration: Seq,
    new: NewSecret,
    now: Timestamp,
) -> Result<AppRegistration> {
    let description = checked(&new.description, "description", DESCRIPTION_LIMIT)?;
    if new.expires <= now {
        return Err(Error::field("expires", "choose a moment in the future"));
    }
    change(tx, tenant, registration, |row| {
        if row.secrets.len() >= SECRETS {
            return Err(full("a registration", SECRETS, "client secrets"));
        }
        row.secrets.push(ClientSecret {
            id: new.id,
            description,
            hint: new.hint,
            hash: new.hash,
            created: now,
            expires: new.expires,
        });
        Ok(())
    })
}

/// Takes a client secret away.
///
/// # Errors
/// `NotFound`, the store's.
pub fn remove_secret(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    registration: Seq,
    secret: &Guid,
) -> Result<AppRegistration> {
    change(tx, tenant, registration, |row| {
        let before = row.secrets.len();
        row.secrets.retain(|kept| kept.id != *secret);
        if row.secrets.len() == before {
            return Err(Error::not_found("Client secret", secret));
        }
        Ok(())
    })
}

/// The registration in this row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, tenant: Seq, registration: Seq) -> Result<AppRegistration> {
    rows::find(tx, tenant, registration)?
        .ok_or_else(|| Error::not_found("App registration", registration))
}

fn change(
    tx: &Write<'_>,
    tenant: Seq,
    registration: Seq,
    edit: impl FnOnce(&mut AppRegistration) -> Result<()>,
) -> Result<AppRegistration> {
    let mut row = get(tx, tenant, registration)?;
    edit(&mut row)?;
    rows::put(tx, tenant, &row)?;
    Ok(row)
}

fn checked(text: &str, field: &'static str, limit: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field(field, "enter a text"));
    }
    if text.chars().count() > limit {
        return Err(Error::field(field, format!("at most {limit} characters")));
    }
    Ok(text.to_owned())
}

fn full(whose: &str, most: usize, what: &str) -> Error {
    Error::Conflict {
        attribute: "count",
        detail: format!("{whose} has at most {most} {what}; delete one first"),
    }
}
