//! Removing, deactivating and reactivating members by hand.
//!
//! A removed member is gone from the team with everything that hangs on the membership; the account lives on if
//! it can sign in or belongs to other teams. A deactivated one stays listed with roles and groups, which are there
//! again after the way back.

use serde_json::Value;

use super::super::{audit, browse, invites, membership, shown, users};
use super::estate::{self, Handed, Heir};
use super::roles::support_users;
use super::{appoint, held};
use crate::access::{May, Member, permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{MemberState, Operation, Outcome, User};
use crate::store::{Reads, Write, users as rows};

/// What was done to somebody who is not on the team any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The membership as it was.
    pub user: User,
    /// What went over to somebody else.
    pub handed: Handed,
}

/// *Remove Member*. What the person holds goes to `heir`; without one, the groups have no manager and the keys
/// stop working.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for a Super Admin, unless a Super Admin asks, and for the last
/// administrator; [`Error::Field`] (`heir`) for somebody who cannot take over.
pub fn remove(
    tx: &Write<'_>,
    by: &May<permission::RemoveUsers>,
    id: &str,
    heir: Option<&Heir>,
    now: Timestamp,
) -> Result<Removed> {
    let user = removable(tx, by, id)?;
    let handed = estate::hand_over(tx, by, &user, heir, now)?;
    if let Some(invite) = user.invite {
        invites::withdraw(tx, by.team, invite, now)?;
    }
    users::remove(tx, by.team, &user, now)?;
    record(tx, by, now, Operation::MemberRemove, &user, Outcome::Done)?;
    Ok(Removed { user, handed })
}

/// The member with this id, if this person may remove it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for a Super Admin, unless a Super Admin asks, and for the last
/// administrator.
pub fn removable(tx: &impl Reads, by: &May<permission::RemoveUsers>, id: &str) -> Result<User> {
    let user = browse::get_member(tx, by, id)?;
    appoint::may_touch(&by.roles, &held(tx, by.team, &user)?)?;
    membership::keep_an_administrator(tx, by.team, &user)?;
    Ok(user)
}

/// Bars somebody from the team, as SCIM's `active` false does. Doing it twice changes nothing.
///
/// # Errors
/// Those of [`removable`]; [`Error::Conflict`] for somebody who has not joined yet.
pub fn deactivate(
    tx: &Write<'_>,
    by: &May<permission::RemoveUsers>,
    id: &str,
    now: Timestamp,
) -> Result<(User, Outcome)> {
    let user = browse::get_member(tx, by, id)?;
    match user.state() {
        MemberState::Deactivated => return Ok((user, Outcome::Unchanged)),
        MemberState::Invited => {
            return Err(Error::Conflict {
                attribute: "active",
                detail: format!(
                    "{} has not accepted the invite yet. Revoke the invite, or remove the member.",
                    shown(&user.label())
                ),
            });
        }
        MemberState::Active => {}
    }
    let user = removable(tx, by, id)?;
    let user = set_active(tx, by, user, false, now)?;
    membership::end_sessions(tx, user.account)?;
    let (operation, outcome) = (Operation::MemberDeactivate, Outcome::Deactivated);
    record(tx, by, now, operation, &user, outcome)?;
    Ok((user, outcome))
}

/// Lets somebody back in, with the roles and groups of before. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for a Super Admin, unless by another one; [`Error::Field`] (`roles`)
/// for one person too many with Admin or Billing alone.
pub fn reactivate(
    tx: &Write<'_>,
    by: &May<permission::RemoveUsers>,
    id: &str,
    now: Timestamp,
) -> Result<(User, Outcome)> {
    let user = browse::get_member(tx, by, id)?;
    if user.active() {
        return Ok((user, Outcome::Unchanged));
    }
    let holds = held(tx, by.team, &user)?;
    appoint::may_touch(&by.roles, &holds)?;
    if appoint::is_support_user(&holds)
        && support_users(tx, by.team, Some(user.seq))? >= appoint::SUPPORT_USERS
    {
        return Err(appoint::Refused::TooManySupportUsers.into());
    }
    let user = set_active(tx, by, user, true, now)?;
    let (operation, outcome) = (Operation::MemberReactivate, Outcome::Reactivated);
    record(tx, by, now, operation, &user, outcome)?;
    Ok((user, outcome))
}

fn set_active(
    tx: &Write<'_>,
    by: &Member,
    mut user: User,
    active: bool,
    now: Timestamp,
) -> Result<User> {
    user.attributes.insert("active".into(), Value::Bool(active));
    user.meta = user.meta.changed(now);
    rows::put(tx, by.team, &user)?;
    Ok(user)
}

fn record(
    tx: &Write<'_>,
    by: &Member,
    now: Timestamp,
    operation: Operation,
    user: &User,
    outcome: Outcome,
) -> Result<()> {
    audit::Entry::new(by, now, operation, outcome)
        .of_user(user)
        .write(tx, by.team)
}
