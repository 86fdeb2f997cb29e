//! Users of a team: create, get, replace, patch, delete (RFC 7644 sections 3.3 to 3.6).

use super::{IfMatch, id_of, shown};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId, Seq};
use crate::model::{Meta, ObjectRef, User};
use crate::scim::{self, Object, PatchRequest};
use crate::store::{Reads, Write, groups as group_rows, users as rows};

const KIND: &str = "User";

/// Makes a user of attributes that `scim::resource::create` accepted.
///
/// # Errors
/// 409 `uniqueness` when the `userName` is taken.
pub fn create(
    tx: &Write<'_>,
    caller: &ScimCaller,
    attributes: Object,
    nonce: Nonce,
    now: Timestamp,
) -> Result<User> {
    let seq = rows::next_seq(tx, caller.team)?;
    let user = User {
        seq,
        id: ScimId::new(tx.mix(), seq, nonce),
        meta: Meta::new(now),
        attributes,
    };
    check_unique(tx, caller.team, &user)?;
    rows::put(tx, caller.team, &user)?;
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
    change(tx, caller, id, if_match, now, |user| {
        scim::resource::check_id(&body, id, caller.rules())?;
        scim::resource::replace(&caller.types().user, &user.attributes, body, caller.rules())
    })
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
    change(tx, caller, id, if_match, now, |user| {
        request.apply(&caller.types().user, &user.attributes, caller.rules())
    })
}

/// What PUT and PATCH share. A change that changes nothing keeps version and `lastModified`.
fn change(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    if_match: &IfMatch,
    now: Timestamp,
    edit: impl FnOnce(&User) -> std::result::Result<Object, scim::Error>,
) -> Result<User> {
    let old = get(tx, caller, id)?;
    if_match.check(old.meta)?;
    let attributes = edit(&old)?;
    if attributes == old.attributes {
        return Ok(old);
    }
    let new = User {
        attributes,
        meta: old.meta.changed(now),
        ..old
    };
    check_unique(tx, caller.team, &new)?;
    rows::put(tx, caller.team, &new)?;
    Ok(new)
}

/// DELETE: the user is gone, from its groups too, whose versions change.
///
/// # Errors
/// Unknown id, failed precondition.
pub fn delete(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    if_match: &IfMatch,
    now: Timestamp,
) -> Result<()> {
    let user = get(tx, caller, id)?;
    if_match.check(user.meta)?;
    super::groups::forget_member(tx, caller.team, ObjectRef::user(user.seq), now)?;
    rows::remove(tx, caller.team, &user)?;
    Ok(())
}

fn check_unique(tx: &Write<'_>, team: Seq, user: &User) -> Result<()> {
    match rows::find_by_user_name(tx, team, user.user_name())? {
        Some(other) if other.seq != user.seq => Err(scim::Error::uniqueness(format!(
            "A user with the userName \"{}\" is already a member of the team. Find it with \
             filter=userName eq and change it with PATCH.",
            shown(user.user_name())
        ))
        .into()),
        _ => Ok(()),
    }
}

/// Groups a user belongs to: direct ones first, then those it belongs to through other groups.
pub(super) fn groups_of(
    tx: &impl Reads,
    team: Seq,
    user: Seq,
) -> std::result::Result<Vec<(Seq, bool)>, crate::store::Error> {
    reached(user, |member| group_rows::groups_of(tx, team, member))
}

/// The same over any way to find the groups in which something is a direct member. Nested groups may
/// form cycles; each is visited once.
pub(super) fn reached<E>(
    user: Seq,
    groups_of: impl Fn(ObjectRef) -> std::result::Result<Vec<Seq>, E>,
) -> std::result::Result<Vec<(Seq, bool)>, E> {
    let mut found: Vec<(Seq, bool)> = groups_of(ObjectRef::user(user))?
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
