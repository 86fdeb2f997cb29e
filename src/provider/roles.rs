//! What somebody may do in a team: own roles, and those of the groups one is in (Postman's Learning Center of
//! 2025: "roles assigned directly and through groups").
//!
//! Only active members have any. Groups inside groups count.

use std::collections::BTreeSet;

use super::users;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{MemberState, Role, User};
use crate::store::{Reads, groups as group_rows, memberships, users as rows};

/// Own roles and those through groups; none for somebody who is not active.
///
/// # Errors
/// The store's.
pub fn effective(tx: &impl Reads, team: Seq, user: &User) -> Result<BTreeSet<Role>> {
    if user.state() != MemberState::Active {
        return Ok(BTreeSet::new());
    }
    let mut roles = user.roles.clone();
    roles.extend(
        through(tx, team, user.seq)?
            .into_iter()
            .map(|(role, _)| role),
    );
    Ok(roles)
}

/// Roles that come through groups, each with the row of the group; direct groups first.
///
/// # Errors
/// The store's.
pub fn through(tx: &impl Reads, team: Seq, user: Seq) -> Result<Vec<(Role, Seq)>> {
    let mut found = Vec::new();
    for (group, _) in users::groups_of(tx, team, user)? {
        if let Some(group) = group_rows::find(tx, team, group)? {
            found.extend(group.roles.iter().map(|role| (*role, group.seq)));
        }
    }
    Ok(found)
}

/// Whether an account administers a team, by a role of its own or through a group.
///
/// # Errors
/// The store's.
pub fn administers(tx: &impl Reads, team: Seq, account: Seq) -> Result<bool> {
    if memberships::administers(tx, team, account)? {
        return Ok(true);
    }
    Ok(of_account(tx, team, account)?.is_some_and(|roles| roles.iter().any(|r| r.administers())))
}

/// The effective roles of an account in a team; none when it has no membership of it.
///
/// # Errors
/// The store's.
pub fn of_account(tx: &impl Reads, team: Seq, account: Seq) -> Result<Option<BTreeSet<Role>>> {
    let Some(user) = memberships::find(tx, account, team)? else {
        return Ok(None);
    };
    match rows::find(tx, team, user)? {
        Some(user) => effective(tx, team, &user).map(Some),
        None => Ok(None),
    }
}
