//! What people do to members and groups in the console, by hand, as against what SCIM does to them.
//!
//! Both change the same rows: a group here is the group of SCIM, and what SCIM shows of it moves its version.
//! Roles, managers and descriptions are not shown by SCIM, so they move none. Whoever calls must have the
//! permission that the signature names; rules about particular people and groups stand in [`appoint`] and are
//! asked here.

pub mod appoint;
pub mod estate;
pub mod groups;
pub mod members;
pub mod roles;

use std::collections::BTreeSet;

use super::{roles as held_roles, users};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Group, MemberState, ObjectKind, ObjectRef, Role, User};
use crate::store::{Reads, groups as group_rows, memberships, users as user_rows};

/// Own roles and those through groups, of active people and of others.
///
/// # Errors
/// The store's.
pub fn held(tx: &impl Reads, team: Seq, user: &User) -> Result<BTreeSet<Role>> {
    let mut roles = user.roles.clone();
    let through = held_roles::through(tx, team, user.seq)?;
    roles.extend(through.into_iter().map(|(role, _)| role));
    Ok(roles)
}

/// The roles that members get from a group: its own and those of the groups it is in.
///
/// # Errors
/// The store's.
pub fn conveyed(tx: &impl Reads, team: Seq, group: &Group) -> Result<BTreeSet<Role>> {
    let mut roles = group.roles.clone();
    let above = users::reached_from(ObjectRef::group(group.seq), |member| {
        group_rows::groups_of(tx, team, member)
    })?;
    for (parent, _) in above {
        if let Some(parent) = group_rows::find(tx, team, parent)? {
            roles.extend(parent.roles);
        }
    }
    Ok(roles)
}

/// Whether somebody active is a Super Admin of the team, by an own role or through a group.
///
/// # Errors
/// The store's.
pub fn has_super_admin(tx: &impl Reads, team: Seq) -> Result<bool> {
    for user in memberships::administrators(tx, team)? {
        let own = user_rows::find(tx, team, user)?;
        if own.is_some_and(|user| user.roles.contains(&Role::SuperAdmin)) {
            return Ok(true);
        }
    }
    let mut holding = Vec::new();
    group_rows::walk::<Error>(tx, team, |group| {
        if group.roles.contains(&Role::SuperAdmin) {
            holding.push(group.seq);
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    for user in people_in(tx, team, holding)? {
        let found = user_rows::find(tx, team, user)?;
        if found.is_some_and(|user| user.state() == MemberState::Active) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Everybody in these groups and in the groups inside them. Groups may form cycles.
///
/// # Errors
/// The store's.
pub fn people_in(tx: &impl Reads, team: Seq, groups: Vec<Seq>) -> Result<BTreeSet<Seq>> {
    let (mut people, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting = groups;
    while let Some(group) = waiting.pop() {
        if !seen.insert(group) {
            continue;
        }
        for member in group_rows::members(tx, team, group, 0, usize::MAX)? {
            match member.kind {
                ObjectKind::User => drop(people.insert(member.seq)),
                ObjectKind::Group => waiting.push(member.seq),
            }
        }
    }
    Ok(people)
}

/// Somebody changed what a form shows after it was drawn.
fn stale(what: &str) -> Error {
    Error::Conflict {
        attribute: "revision",
        detail: format!(
            "{what} changed after this page was drawn, so nothing was saved. Look at it again, then decide."
        ),
    }
}
