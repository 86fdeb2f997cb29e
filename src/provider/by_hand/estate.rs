//! What somebody holds who is about to leave, and who takes it over.
//!
//! Postman asks who gets the personal workspaces of a removed member. The appliance has none; what hangs on a person
//! here are the groups that the person manages and the SCIM API keys that the person made, which answer 403 as
//! soon as their author is gone.

use std::ops::ControlFlow;

use super::super::{audit, keys, roles, shown};
use super::appoint;
use super::groups::recast;
use crate::access::{May, Member, Permission, permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{Group, MemberState, Operation, Outcome, Party, Role, ScimKey, User};
use crate::store::{Reads, Write, groups as group_rows, keys as key_rows, users as rows};

/// What somebody holds.
#[derive(Debug, Clone, Default)]
pub struct Estate {
    /// Groups this person manages.
    pub groups: Vec<Group>,
    /// Keys that work now and stop when this person is not on the team, or administers it, any more.
    pub keys: Vec<ScimKey>,
}

impl Estate {
    /// Whether there is nothing to hand over.
    pub const fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.keys.is_empty()
    }
}

/// The `userName` of whoever takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heir(pub String);

/// What was handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handed {
    /// Name of whoever has it now; empty when nobody.
    pub to: String,
    /// How many groups.
    pub groups: usize,
    /// How many keys.
    pub keys: usize,
}

/// What a member holds.
///
/// # Errors
/// The store's.
pub fn of(
    tx: &impl Reads,
    by: &May<permission::RemoveUsers>,
    user: &User,
    now: Timestamp,
) -> Result<Estate> {
    let mut estate = Estate::default();
    group_rows::walk::<Error>(tx, by.team, |group| {
        if group.managers.contains(&user.seq) {
            estate.groups.push(group);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    estate.keys = keys::by_author(tx, by.team, user.account)?;
    estate.keys.retain(|key| key.opens_at(now));
    Ok(estate)
}

/// Gives everything to the heir.
pub(super) fn hand_over(
    tx: &Write<'_>,
    by: &May<permission::RemoveUsers>,
    user: &User,
    heir: Option<&Heir>,
    now: Timestamp,
) -> Result<Handed> {
    let estate = of(tx, by, user, now)?;
    let heir = match heir {
        Some(heir) if !estate.is_empty() => Some(able(tx, by, user, heir, &estate)?),
        _ => None,
    };
    let groups = estate.groups.len();
    for mut group in estate.groups {
        group.managers.remove(&user.seq);
        group.managers.extend(heir.as_ref().map(|heir| heir.seq));
        group_rows::put(tx, by.team, &group)?;
        recast(tx, by, now, &group, Operation::GroupManagerRemove, user)?;
        if let Some(heir) = &heir {
            recast(tx, by, now, &group, Operation::GroupManagerAdd, heir)?;
        }
    }
    let Some(heir) = heir else {
        return Ok(Handed::default());
    };
    let keys = estate.keys.len();
    for mut key in estate.keys {
        key.author = Some(heir.account);
        key_rows::put(tx, by.team, &key)?;
        audit::Entry::new(by, now, Operation::KeyHandOver, Outcome::Done)
            .of(key.seq)
            .called(Party::named(key.name))
            .about(vec![user.seq, heir.seq])
            .with("heir", heir.label())
            .write(tx, by.team)?;
    }
    Ok(Handed {
        to: heir.label(),
        groups,
        keys,
    })
}

/// The heir, if that is somebody who can hold what there is.
fn able(
    tx: &impl Reads,
    by: &Member,
    leaving: &User,
    heir: &Heir,
    estate: &Estate,
) -> Result<User> {
    let wrong = |detail: String| Err(Error::field("heir", detail));
    let found = rows::find_by_user_name(tx, by.team, heir.0.trim())?;
    let Some(user) = found.filter(|user| user.seq != leaving.seq) else {
        return wrong(
            "Nobody else on the team has this user name. Look it up under Members.".to_owned(),
        );
    };
    let name = shown(&user.label());
    if user.state() != MemberState::Active {
        return wrong(format!("{name} is not active. Choose somebody who is."));
    }
    let held = roles::effective(tx, by.team, &user)?;
    if !estate.groups.is_empty() && !has(&held, Permission::CreateGroups) {
        return wrong(format!(
            "{name} cannot manage groups without the Developer role. Choose somebody else, or give {name} the role \
             first."
        ));
    }
    if !estate.keys.is_empty() {
        if !has(&held, Permission::ManageScim) {
            return wrong(format!(
                "{name} is not an administrator, so the SCIM API keys would stop working. Choose an Admin or a Super \
                 Admin."
            ));
        }
        // Whoever knows the key would change groups that only a Super Admin's key may change.
        if held.contains(&Role::SuperAdmin) && appoint::may_touch(&by.roles, &held).is_err() {
            return wrong(
                "Only a Super Admin can hand SCIM API keys to a Super Admin. Choose an Admin."
                    .to_owned(),
            );
        }
    }
    Ok(user)
}

fn has(roles: &std::collections::BTreeSet<Role>, permission: Permission) -> bool {
    roles.iter().any(|role| permission.is_of(*role))
}
