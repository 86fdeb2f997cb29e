//! Users of a team: create, get, replace, patch, delete (RFC 7644 sections 3.3 to 3.6).
//!
//! A user is an account's membership of the team; which account, and whether the person joins at once or
//! is invited, is decided in `provider::membership`.

use serde_json::Value;

use super::{IfMatch, audit, id_of, invites, membership, shown};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId, Seq};
use crate::model::{MemberState, Meta, ObjectRef, Operation, Outcome, Role, User};
use crate::scim::{self, Object, PatchRequest};
use crate::store::{Reads, Write, groups as group_rows, users as rows};

const KIND: &str = "User";

/// Makes a user of attributes that `scim::resource::create` accepted: an account's membership of the team,
/// at once or after an invite, as the endpoint's switches say.
///
/// # Errors
/// 409 when the `userName` is a member's already, or when the person cannot be taken into the team.
pub fn create(
    tx: &Write<'_>,
    caller: &ScimCaller,
    attributes: Object,
    nonce: Nonce,
    now: Timestamp,
) -> Result<User> {
    let changed = attributes.keys().cloned().collect();
    let mut old = None;
    let (user, outcome) = match membership::with_name(tx, caller, &attributes)? {
        None => {
            let seq = rows::next_seq(tx, caller.team)?;
            let mut user = User {
                seq,
                id: ScimId::new(tx.mix(), seq, nonce),
                meta: Meta::new(now),
                attributes,
                account: Seq::default(),
                roles: Role::by_default(),
                invite: None,
                written_by_scim: Some(now),
            };
            membership::admit(tx, caller, &mut user, now)?;
            let outcome = match user.state() {
                MemberState::Active => Outcome::Joined,
                MemberState::Invited => Outcome::Invited,
                MemberState::Deactivated => Outcome::Deactivated,
            };
            (user, outcome)
        }
        Some(deactivated) => {
            let mut attributes = attributes;
            attributes.insert("active".into(), Value::Bool(true));
            let user = User {
                attributes,
                meta: deactivated.meta.changed(now),
                written_by_scim: Some(now),
                ..deactivated.clone()
            };
            old = Some(deactivated);
            (user, Outcome::Reactivated)
        }
    };
    rows::replace(tx, caller.team, old.as_ref(), &user)?;
    audit::Entry::new(caller, now, Operation::UserCreate, outcome)
        .of_user(&user)
        .changed(changed)
        .write(tx, caller.team)?;
    Ok(user)
}

/// The user with this id.
///
/// # Errors
/// [`Error::NotFound`], also for another team's user.
pub fn get(tx: &impl Reads, caller: &ScimCaller, id: &str) -> Result<User> {
    rows::find_by_id(tx, caller.team, &id_of(KIND, id)?)?
        .ok_or_else(|| Error::not_found(KIND, shown(id)))
}

/// PUT: the attributes become those of the body.
///
/// # Errors
/// Unknown id, failed precondition, a body that does not fit, a taken `userName`.
pub fn replace(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    body: serde_json::Value,
    if_match: &IfMatch,
    now: Timestamp,
) -> Result<User> {
    let edit = |user: &User| {
        scim::resource::check_id(&body, id, caller.rules())?;
        scim::resource::replace(&caller.types().user, &user.attributes, body, caller.rules())
    };
    change(tx, caller, id, if_match, now, Operation::UserReplace, edit)
}

/// PATCH: the operations are applied in order, all or none.
///
/// # Errors
/// Unknown id, failed precondition, an operation that cannot be applied, a taken `userName`.
pub fn patch(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    request: &PatchRequest,
    if_match: &IfMatch,
    now: Timestamp,
) -> Result<User> {
    let edit = |user: &User| {
        request.check_id(id)?;
        request.apply(&caller.types().user, &user.attributes, caller.rules())
    };
    change(tx, caller, id, if_match, now, Operation::UserPatch, edit)
}

/// What PUT and PATCH share. A change that changes nothing keeps version and `lastModified`.
fn change(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    if_match: &IfMatch,
    now: Timestamp,
    operation: Operation,
    edit: impl FnOnce(&User) -> std::result::Result<Object, scim::Error>,
) -> Result<User> {
    let old = get(tx, caller, id)?;
    if_match.check(old.meta)?;
    let mut attributes = edit(&old)?;
    let moves = membership::judge_user_name(tx, caller, &old, &mut attributes)?;
    if attributes == old.attributes {
        audit::Entry::new(caller, now, operation, Outcome::Unchanged)
            .of_user(&old)
            .write(tx, caller.team)?;
        return Ok(old);
    }
    let changed = audit::changed(&old.attributes, &attributes);
    let mut new = User {
        attributes,
        meta: old.meta.changed(now),
        written_by_scim: Some(now),
        ..old.clone()
    };
    if moves || (old.active() && !new.active()) {
        membership::guard_super_admin(tx, caller, &old)?;
    }
    if moves {
        membership::move_to_name(tx, caller, &old, &mut new, now)?;
    }
    if old.administers() && !new.administers() {
        membership::keep_an_administrator(tx, caller.team, &old)?;
    }
    rows::replace(tx, caller.team, Some(&old), &new)?;
    let outcome = match (old.active(), new.active()) {
        (true, false) => Outcome::Deactivated,
        (false, true) => Outcome::Reactivated,
        _ => Outcome::Done,
    };
    if moves {
        membership::left(tx, old.account)?;
    } else if outcome == Outcome::Deactivated {
        membership::end_sessions(tx, old.account)?;
    }
    audit::Entry::new(caller, now, operation, outcome)
        .of_user(&new)
        .changed(changed)
        .write(tx, caller.team)?;
    Ok(new)
}

/// DELETE: the membership is gone, from its groups too, whose versions change. The account goes with it
/// if it was only this membership.
///
/// # Errors
/// Unknown id, failed precondition; 403 for the last administrator.
pub fn delete(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    if_match: &IfMatch,
    now: Timestamp,
) -> Result<()> {
    let user = get(tx, caller, id)?;
    if_match.check(user.meta)?;
    membership::guard_super_admin(tx, caller, &user)?;
    membership::keep_an_administrator(tx, caller.team, &user)?;
    if let Some(invite) = user.invite {
        invites::withdraw(tx, caller.team, invite, now)?;
    }
    remove(tx, caller.team, &user, now)?;
    audit::Entry::new(caller, now, Operation::UserDelete, Outcome::Done)
        .of_user(&user)
        .write(tx, caller.team)
}

/// Takes a membership away, with everything that hangs on it but its invite.
pub(super) fn remove(tx: &Write<'_>, team: Seq, user: &User, now: Timestamp) -> Result<()> {
    super::groups::forget_member(tx, team, ObjectRef::user(user.seq), now)?;
    rows::remove(tx, team, user)?;
    membership::left(tx, user.account)
}

/// Groups a user belongs to: direct ones first, then those it belongs to through other groups.
pub(super) fn groups_of(
    tx: &impl Reads,
    team: Seq,
    user: Seq,
) -> std::result::Result<Vec<(Seq, bool)>, crate::store::Error> {
    reached(user, |member| group_rows::groups_of(tx, team, member))
}

/// The same over any way to find the groups in which something is a direct member.
pub(super) fn reached<E>(
    user: Seq,
    groups_of: impl Fn(ObjectRef) -> std::result::Result<Vec<Seq>, E>,
) -> std::result::Result<Vec<(Seq, bool)>, E> {
    reached_from(ObjectRef::user(user), groups_of)
}

/// The same for a group as well. Nested groups may form cycles; each is visited once.
pub(super) fn reached_from<E>(
    member: ObjectRef,
    groups_of: impl Fn(ObjectRef) -> std::result::Result<Vec<Seq>, E>,
) -> std::result::Result<Vec<(Seq, bool)>, E> {
    let mut found: Vec<(Seq, bool)> = groups_of(member)?
        .into_iter()
        .map(|group| (group, true))
        .collect();
    let mut seen: std::collections::HashSet<Seq> = found.iter().map(|(g, _)| *g).collect();
    let mut next = 0;
    while let Some(&(group, _)) = found.get(next) {
        next += 1;
        for parent in groups_of(ObjectRef::group(group))? {
            if seen.insert(parent) {
                found.push((parent, false));
            }
        }
    }
    Ok(found)
}
