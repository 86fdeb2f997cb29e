//! What happens to people: create, update, enable and disable, user type, manager, recycle bin, purge.
//!
//! Whatever changes a person weighs them against the rules of dynamic groups, in the same write.

use std::collections::BTreeMap;

use super::{
    AttributeChange, dynamic, get_user, in_recycle_bin, not_in_recycle_bin, record, recycle_bin,
    tenants,
};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{ChangeKind, DirectoryUser, ObjectKind, ObjectRef};
use crate::store::{Reads, Write, directory as rows, inbound};

/// A person to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Object id.
    pub id: Guid,
    /// May this person sign in?
    pub account_enabled: bool,
    /// `Guest` rather than `Member`.
    pub guest: bool,
    /// Row of the manager, who exists already.
    pub manager: Option<Seq>,
    /// Everything else; `userPrincipalName` and `displayName` must be among them. `mailNickname` is
    /// the part of the user principal name before the `@` unless it is given.
    pub attributes: Vec<AttributeChange>,
}

/// Creates a person.
///
/// # Errors
/// `Field` when a required attribute is missing, an extension is not defined or the manager is unknown, `Conflict` when
/// the user principal name or the object id is taken, the store's.
pub fn create(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    new: &NewUser,
    now: Timestamp,
) -> Result<DirectoryUser> {
    let mut user = DirectoryUser {
        seq: Seq(0),
        id: new.id,
        user_principal_name: String::new(),
        account_enabled: new.account_enabled,
        guest: new.guest,
        manager: new.manager,
        deleted: None,
        created: now,
        attributes: BTreeMap::new(),
    };
    let attributes = tenants::typed(tx, tenant, ObjectKind::User, &new.attributes)?;
    apply(&mut user, &attributes);
    for (name, missing) in [
        ("userPrincipalName", user.user_principal_name.is_empty()),
        ("displayName", user.text("displayName").is_none()),
    ] {
        if missing {
            return Err(Error::field(name, format!("{name} is required")));
        }
    }
    if user.text("mailNickname").is_none()
        && let Some((alias, _)) = user.user_principal_name.split_once('@')
    {
        // A guest's alias can be longer than a nickname may be.
        let nickname: String = alias.chars().take(64).collect();
        user.attributes
            .insert("mailNickname".into(), nickname.into());
    }
    claim_principal_name(tx, tenant, &user)?;
    check_manager(tx, tenant, user.manager)?;
    super::claim_id(tx, tenant, &user.id)?;
    user.seq = rows::next_user_seq(tx, tenant)?;
    rows::put_user(tx, tenant, &user)?;
    record(
        tx,
        tenant,
        ObjectRef::user(user.seq),
        ChangeKind::Created,
        now,
    )?;
    dynamic::weigh(tx, tenant, &user, now)?;
    Ok(user)
}

/// Sets and clears attributes, in order. Nothing is recorded when all have these values already.
///
/// # Errors
/// `Conflict` when a new user principal name is taken or the person is in the recycle bin, `Field` when an extension is
/// not defined or does not take the value, `NotFound`, the store's.
pub fn update(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    user: Seq,
    changes: &[AttributeChange],
    now: Timestamp,
) -> Result<DirectoryUser> {
    let old = get_present(tx, tenant, user)?;
    let mut new = old.clone();
    apply(
        &mut new,
        &tenants::typed(tx, tenant, ObjectKind::User, changes)?,
    );
    if new.user_principal_name != old.user_principal_name {
        claim_principal_name(tx, tenant, &new)?;
    }
    save(tx, tenant, &old, new, now)
}

/// Allows or blocks sign-in. A blocked person becomes inactive in every application.
///
/// # Errors
/// `Conflict` in the recycle bin, `NotFound`, the store's.
pub fn set_account_enabled(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    user: Seq,
    enabled: bool,
    now: Timestamp,
) -> Result<DirectoryUser> {
    let old = get_present(tx, tenant, user)?;
    let new = DirectoryUser {
        account_enabled: enabled,
        ..old.clone()
    };
    save(tx, tenant, &old, new, now)
}

/// Makes somebody a guest or a member: `userType`. The user principal name stays as it is.
///
/// # Errors
/// `Conflict` in the recycle bin, `NotFound`, the store's.
pub fn set_guest(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    user: Seq,
    guest: bool,
    now: Timestamp,
) -> Result<DirectoryUser> {
    let old = get_present(tx, tenant, user)?;
    let new = DirectoryUser {
        guest,
        ..old.clone()
    };
    save(tx, tenant, &old, new, now)
}

/// The user principal name here of a guest whose address elsewhere is known: `ann@fabrikam.example` becomes
/// `ann_fabrikam.example#EXT#@contoso.example`. A name that has `#EXT#` already stays.
pub fn guest_principal_name(home: &str, domain: &str) -> String {
    if home.contains("#EXT#") {
        home.to_owned()
    } else {
        format!("{}#EXT#@{domain}", home.replace('@', "_"))
    }
}

/// Sets or clears the manager. Cycles, and being one's own manager, are allowed: the directory
/// forbids neither.
///
/// # Errors
/// `Field` when the manager does not exist or is in the recycle bin, `Conflict` when the person is,
/// `NotFound`, the store's.
pub fn set_manager(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    user: Seq,
    manager: Option<Seq>,
    now: Timestamp,
) -> Result<DirectoryUser> {
    let old = get_present(tx, tenant, user)?;
    if manager != old.manager {
        check_manager(tx, tenant, manager)?;
    }
    let new = DirectoryUser {
        manager,
        ..old.clone()
    };
    save(tx, tenant, &old, new, now)
}

/// Moves a person to the recycle bin. Memberships, manager and assignments stay, for a restore; the
/// user principal name becomes free. Nothing happens to one who is there already.
///
/// # Errors
/// `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    user: Seq,
    now: Timestamp,
) -> Result<DirectoryUser> {
    let mut user = get_user(tx, tenant, user)?;
    if user.deleted.is_none() {
        user.deleted = Some(now);
        rows::put_user(tx, tenant, &user)?;
        record(
            tx,
            tenant,
            ObjectRef::user(user.seq),
            ChangeKind::Deleted,
            now,
        )?;
    }
    Ok(user)
}

/// Brings a person back from the recycle bin. Nothing happens to one who is not there.
///
/// # Errors
/// `Conflict` when somebody else has the user principal name now or 30 days have passed, `NotFound`, the store's.
pub fn restore(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    user: Seq,
    now: Timestamp,
) -> Result<DirectoryUser> {
    let mut user = get_user(tx, tenant, user)?;
    if let Some(deleted) = user.deleted {
        recycle_bin::still_kept(user.display_name(), deleted, now)?;
        claim_principal_name(tx, tenant, &user)?;
        user.deleted = None;
        rows::put_user(tx, tenant, &user)?;
        record(
            tx,
            tenant,
            ObjectRef::user(user.seq),
            ChangeKind::Restored,
            now,
        )?;
        dynamic::weigh(tx, tenant, &user, now)?;
    }
    Ok(user)
}

/// Deletes a person in the recycle bin for good, with memberships, assignments and the manager
/// reference of each report.
///
/// # Errors
/// `Conflict` when the person is not in the recycle bin, `NotFound`, the store's.
pub fn purge(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    user: Seq,
    now: Timestamp,
) -> Result<()> {
    let found = get_user(tx, tenant, user)?;
    if found.deleted.is_none() {
        return Err(not_in_recycle_bin(found.display_name()));
    }
    end(tx, tenant, user, now)
}

/// Takes a person away for good.
pub(super) fn end(tx: &Write<'_>, tenant: Seq, user: Seq, now: Timestamp) -> Result<()> {
    let user = get_user(tx, tenant, user)?;
    let object = ObjectRef::user(user.seq);
    super::detach(tx, tenant, object, now)?;
    for report in rows::reports_of(tx, tenant, user.seq)? {
        if report != user.seq
            && let Some(mut report) = rows::user(tx, tenant, report)?
        {
            report.manager = None;
            rows::put_user(tx, tenant, &report)?;
            let report = ObjectRef::user(report.seq);
            record(tx, tenant, report, ChangeKind::Updated, now)?;
        }
    }
    inbound::forget_user(tx, tenant, user.seq)?;
    rows::remove_user(tx, tenant, &user)?;
    record(tx, tenant, object, ChangeKind::Purged { id: user.id }, now)
}

fn get_present(tx: &impl Reads, tenant: Seq, user: Seq) -> Result<DirectoryUser> {
    let user = get_user(tx, tenant, user)?;
    match user.deleted {
        Some(_) => Err(in_recycle_bin(user.display_name())),
        None => Ok(user),
    }
}

fn apply(user: &mut DirectoryUser, changes: &[AttributeChange]) {
    for change in changes {
        match (change.name(), change.text()) {
            ("userPrincipalName", Some(name)) => name.clone_into(&mut user.user_principal_name),
            _ => change.apply(&mut user.attributes),
        }
    }
}

fn save(
    tx: &Write<'_>,
    tenant: Seq,
    old: &DirectoryUser,
    new: DirectoryUser,
    now: Timestamp,
) -> Result<DirectoryUser> {
    if new != *old {
        rows::put_user(tx, tenant, &new)?;
        record(
            tx,
            tenant,
            ObjectRef::user(new.seq),
            ChangeKind::Updated,
            now,
        )?;
        dynamic::weigh(tx, tenant, &new, now)?;
    }
    Ok(new)
}

/// Makes sure that nobody else who is not in the recycle bin has the name.
fn claim_principal_name(tx: &impl Reads, tenant: Seq, user: &DirectoryUser) -> Result<()> {
    let name = &user.user_principal_name;
    match rows::user_by_principal_name(tx, tenant, name)? {
        Some(other) if other.seq != user.seq => Err(Error::Conflict {
            attribute: "userPrincipalName",
            detail: format!(
                "another user ({}) has the user principal name {name}; choose another name",
                other.display_name()
            ),
        }),
        Some(_) | None => Ok(()),
    }
}

fn check_manager(tx: &impl Reads, tenant: Seq, manager: Option<Seq>) -> Result<()> {
    let Some(manager) = manager else {
        return Ok(());
    };
    match rows::user(tx, tenant, manager)? {
        Some(found) if found.deleted.is_none() => Ok(()),
        Some(found) => Err(Error::field(
            "manager",
            format!(
                "{} is in the recycle bin and cannot become a manager",
                found.display_name()
            ),
        )),
        None => Err(Error::field("manager", "there is no such user")),
    }
}
