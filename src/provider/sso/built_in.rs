//! The built-in methods, which need no identity provider and can be switched off ("SSO only").
//!
//! With passwords off, members who are no operators cannot enter the team: Postman says that such a lock-out
//! is repaired by its support alone. Operators go on signing in, and `scimlab admin upsert` makes one.

use std::ops::ControlFlow;

use super::super::{audit, team};
use crate::access::May;
use crate::access::permission::ManageSso;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{BuiltIn, MemberState, Operation, Outcome, Team, User};
use crate::store::{Reads, Write, accounts, teams as rows, users};

/// Switches a built-in method on or off for the whole team. Asking for what is so already changes nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub fn set_built_in(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    method: BuiltIn,
    on: bool,
    now: Timestamp,
) -> Result<Team> {
    let mut team = team::get(tx, member)?;
    let changed = if on {
        team.built_ins_off.remove(&method)
    } else {
        team.built_ins_off.insert(method)
    };
    let outcome = if changed {
        rows::put(tx, &team)?;
        Outcome::Done
    } else {
        Outcome::Unchanged
    };
    let operation = if on {
        Operation::BuiltInTurnOn
    } else {
        Operation::BuiltInTurnOff
    };
    let (by, target) = (member.actor(), method.label());
    audit::of_action(tx, member.team, by, now, operation, target, outcome)?;
    Ok(team)
}

/// How many active members cannot enter the team any more when passwords are switched off. Counts to `most`
/// at the furthest.
///
/// # Errors
/// The store's.
pub fn lockout(tx: &impl Reads, member: &May<ManageSso>, most: u64) -> Result<u64> {
    let mut count = 0;
    users::walk::<Error>(tx, member.team, |user: User| {
        let account = accounts::find(tx, user.account)?;
        let signs_in = user.state() == MemberState::Active
            && account.is_some_and(|account| account.password.is_some() && !account.operator);
        count += u64::from(signs_in);
        Ok(if count >= most {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })?;
    Ok(count)
}
