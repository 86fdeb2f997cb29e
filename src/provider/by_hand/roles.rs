//! *Update Roles*: of a member and of a group.
//!
//! Billing members come in through the same door as Admins, because everybody who may give any role may give
//! Billing; [`super::appoint`] says what each may give.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::super::{audit, browse, membership, shown};
use super::{appoint, conveyed, has_super_admin, held, stale};
use crate::access::{May, permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Group, MemberState, Operation, Outcome, Role, User};
use crate::store::{Reads, Write, groups as group_rows, users as rows};

/// Roles as a page showed them, and as they shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// What the page showed: if something else is stored by now, somebody changed it meanwhile.
    pub before: BTreeSet<Role>,
    /// What shall be.
    pub after: BTreeSet<Role>,
}

/// Gives a member these roles of its own. What comes through groups stays. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when the roles changed meanwhile; [`Error::Field`] (`roles`) when none
/// is left or there would be too many support users; [`Error::Forbidden`] for roles that are not this person's
/// to give or take, and when nobody would administer the team.
pub fn update_of_member(
    tx: &Write<'_>,
    by: &May<permission::ManageBillingMembers>,
    id: &str,
    update: &Update,
    now: Timestamp,
) -> Result<(User, Outcome)> {
    let old = browse::get_member(tx, by, id)?;
    if old.roles == update.after {
        return Ok((old, Outcome::Unchanged));
    }
    if old.roles != update.before {
        return Err(stale(&format!("The roles of {}", shown(&old.label()))));
    }
    let exists = has_super_admin(tx, by.team)?;
    appoint::may_update(&by.roles, exists, &old.roles, &update.after)?;
    let new = User {
        roles: update.after.clone(),
        ..old.clone()
    };
    if old.administers() && !new.administers() {
        membership::keep_an_administrator(tx, by.team, &old)?;
    }
    let takes_no_seat = appoint::is_support_user(&held(tx, by.team, &new)?);
    if takes_no_seat && support_users(tx, by.team, Some(new.seq))? >= appoint::SUPPORT_USERS {
        return Err(appoint::Refused::TooManySupportUsers.into());
    }
    rows::put(tx, by.team, &new)?;
    audit::Entry::new(by, now, Operation::RolesUpdate, Outcome::Done)
        .of_user(&new)
        .with("roles", told(&old.roles, &new.roles))
        .write(tx, by.team)?;
    Ok((new, Outcome::Done))
}

/// Gives a group these roles. A group that has anything beside Developer has no managers any more.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when the roles changed meanwhile; [`Error::Field`] (`roles`) when none
/// is left; [`Error::Forbidden`] for roles that are not this person's to give or take.
pub fn update_of_group(
    tx: &Write<'_>,
    by: &May<permission::ManageBillingMembers>,
    id: &str,
    update: &Update,
    now: Timestamp,
) -> Result<(Group, Outcome)> {
    let mut group = browse::get_group(tx, by, id)?;
    if group.roles == update.after {
        return Ok((group, Outcome::Unchanged));
    }
    if group.roles != update.before {
        return Err(stale(&format!(
            "The roles of {}",
            shown(group.display_name())
        )));
    }
    appoint::may_touch(&by.roles, &conveyed(tx, by.team, &group)?)?;
    let exists = has_super_admin(tx, by.team)?;
    appoint::may_update(&by.roles, exists, &group.roles, &update.after)?;
    let before = std::mem::replace(&mut group.roles, update.after.clone());
    if !appoint::is_developer_only(&conveyed(tx, by.team, &group)?) {
        group.managers.clear();
    }
    group_rows::put(tx, by.team, &group)?;
    for (operation, roles) in [
        (Operation::GroupRoleAdd, group.roles.difference(&before)),
        (Operation::GroupRoleRemove, before.difference(&group.roles)),
    ] {
        let roles: BTreeSet<Role> = roles.copied().collect();
        if !roles.is_empty() {
            audit::Entry::new(by, now, operation, Outcome::Done)
                .of_group(&group)
                .with("roles", appoint::labels(&roles))
                .write(tx, by.team)?;
        }
    }
    Ok((group, Outcome::Done))
}

/// How many people have Admin or Billing alone, not counting one of them. Deactivated ones do not count.
///
/// # Errors
/// The store's.
pub fn support_users(tx: &impl Reads, team: Seq, besides: Option<Seq>) -> Result<usize> {
    let mut candidates = Vec::new();
    rows::walk::<Error>(tx, team, |user| {
        let counts = Some(user.seq) != besides && user.state() != MemberState::Deactivated;
        if counts && appoint::is_support_user(&user.roles) {
            candidates.push(user);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut found = 0;
    for user in candidates {
        found += usize::from(appoint::is_support_user(&held(tx, team, &user)?));
    }
    Ok(found)
}

/// What the record says of a change: `gave Admin, took Developer`.
fn told(before: &BTreeSet<Role>, after: &BTreeSet<Role>) -> String {
    let part = |verb: &str, roles: BTreeSet<Role>| {
        (!roles.is_empty()).then(|| format!("{verb} {}", appoint::labels(&roles)))
    };
    let given = part("gave", after - before);
    let taken = part("took", before - after);
    given
        .into_iter()
        .chain(taken)
        .collect::<Vec<_>>()
        .join(", ")
}
