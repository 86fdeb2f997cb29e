//! Invites: sent by hand or by a SCIM request for somebody whom the team may not simply take, answered by
//! the holder of the account (Learning Center, "SCIM overview": "Join Team").
//!
//! An invite that SCIM sent has a membership that waits for it; when it is declined or taken back, that
//! membership is gone, and the identity provider may try again. An invite sent by hand has none until it
//! is accepted. Both are for a sign-in name, and at most one per team and name is pending.

use super::{accounts, audit, membership, users};
use crate::access::permission::AddUsers;
use crate::access::{AccountHolder, May};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Invite, InviteOrigin, InviteState, Operation, Outcome, User};
use crate::scim::key::Comparison;
use crate::store::{Reads, Write, invites as rows, memberships, users as user_rows};

const KIND: &str = "Invite";

/// Invites somebody by hand.
///
/// # Errors
/// A bad address; [`Error::Conflict`] when it is a member's, or has a pending invite.
pub fn send(tx: &Write<'_>, member: &May<AddUsers>, email: &str, now: Timestamp) -> Result<Invite> {
    let email = accounts::checked_email(email)?;
    let taken = |detail: &str| Error::Conflict {
        attribute: "email",
        detail: detail.into(),
    };
    if let Some(pending) = rows::find_pending(tx, member.team, email)? {
        return Err(taken(&format!(
            "{} was invited already. Revoke that invite to send another one.",
            pending.email
        )));
    }
    if user_rows::find_by_user_name(tx, member.team, email)?.is_some() {
        return Err(taken("This person is already a member of the team."));
    }
    let invite = make(
        tx,
        member.team,
        email,
        None,
        InviteOrigin::Console,
        &member.name,
        now,
    )?;
    record(
        tx,
        member.team,
        member,
        now,
        Operation::InviteSend,
        &invite,
        Outcome::Done,
    )?;
    Ok(invite)
}

/// A pending invite. The caller has looked for another one.
pub(super) fn make(
    tx: &Write<'_>,
    team: Seq,
    email: &str,
    user: Option<Seq>,
    origin: InviteOrigin,
    by: &str,
    now: Timestamp,
) -> Result<Invite> {
    let invite = Invite {
        seq: rows::next_seq(tx, team)?,
        email: email.to_owned(),
        user,
        origin,
        state: InviteState::Pending,
        created: now,
        settled: None,
        by: by.to_owned(),
    };
    rows::put(tx, team, &invite)?;
    Ok(invite)
}

/// *Join Team*: the holder of the account is on the team from now on.
///
/// # Errors
/// [`Error::NotFound`] for an invite that is somebody else's; [`Error::Conflict`] for one that is not
/// pending any more, or whose membership was deactivated meanwhile.
pub fn accept(
    tx: &Write<'_>,
    holder: &AccountHolder,
    team: Seq,
    invite: Seq,
    nonce: Nonce,
    now: Timestamp,
) -> Result<User> {
    let invite = addressed_to(tx, holder, team, invite)?;
    let user = match invite.user {
        Some(user) => {
            let mut user = user_rows::find(tx, team, user)?
                .ok_or_else(|| Error::not_found(KIND, invite.seq))?;
            if !user.active() {
                return Err(settled(
                    "The membership behind this invite was deactivated. Ask an administrator of \
                     the team.",
                ));
            }
            user.invite = None;
            user_rows::put(tx, team, &user)?;
            user
        }
        None => membership::join_by_invite(tx, team, holder, nonce, now)?,
    };
    let invite = settle(tx, team, invite, InviteState::Accepted, now)?;
    record(
        tx,
        team,
        holder,
        now,
        Operation::InviteAccept,
        &invite,
        Outcome::Joined,
    )?;
    Ok(user)
}

/// The holder of the account declines.
///
/// # Errors
/// Those of [`accept`].
pub fn dismiss(
    tx: &Write<'_>,
    holder: &AccountHolder,
    team: Seq,
    invite: Seq,
    now: Timestamp,
) -> Result<Invite> {
    let invite = addressed_to(tx, holder, team, invite)?;
    let invite = settle(tx, team, invite, InviteState::Dismissed, now)?;
    remove_waiting(tx, team, &invite, now)?;
    record(
        tx,
        team,
        holder,
        now,
        Operation::InviteDismiss,
        &invite,
        Outcome::Done,
    )?;
    Ok(invite)
}

/// The team takes the invite back.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it is not pending any more.
pub fn revoke(
    tx: &Write<'_>,
    member: &May<AddUsers>,
    invite: Seq,
    now: Timestamp,
) -> Result<Invite> {
    let invite = pending(get(tx, member, invite)?)?;
    let invite = settle(tx, member.team, invite, InviteState::Revoked, now)?;
    remove_waiting(tx, member.team, &invite, now)?;
    record(
        tx,
        member.team,
        member,
        now,
        Operation::InviteRevoke,
        &invite,
        Outcome::Done,
    )?;
    Ok(invite)
}

/// One invite of the team.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &impl Reads, member: &May<AddUsers>, invite: Seq) -> Result<Invite> {
    rows::find(tx, member.team, invite)?.ok_or_else(|| Error::not_found(KIND, invite))
}

/// Every invite of the team, newest first.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, member: &May<AddUsers>) -> Result<Vec<Invite>> {
    let mut invites = rows::list(tx, member.team)?;
    invites.reverse();
    Ok(invites)
}

/// Takes the invite of a membership back that is going away or becomes somebody else's.
pub(super) fn withdraw(tx: &Write<'_>, team: Seq, invite: Seq, now: Timestamp) -> Result<()> {
    if let Some(invite) = rows::find(tx, team, invite)?
        && invite.state == InviteState::Pending
    {
        settle(tx, team, invite, InviteState::Revoked, now)?;
    }
    Ok(())
}

/// Ends the wait.
pub(super) fn settle(
    tx: &Write<'_>,
    team: Seq,
    invite: Invite,
    state: InviteState,
    now: Timestamp,
) -> Result<Invite> {
    let invite = Invite {
        state,
        settled: Some(now),
        ..invite
    };
    rows::put(tx, team, &invite)?;
    Ok(invite)
}

/// The membership that waited for an invite nobody will accept any more.
fn remove_waiting(tx: &Write<'_>, team: Seq, invite: &Invite, now: Timestamp) -> Result<()> {
    if let Some(user) = invite.user
        && let Some(user) = user_rows::find(tx, team, user)?
    {
        users::remove(tx, team, &user, now)?;
    }
    Ok(())
}

/// A pending invite for this person's sign-in name; whoever else asks learns nothing.
fn addressed_to(tx: &impl Reads, holder: &AccountHolder, team: Seq, invite: Seq) -> Result<Invite> {
    let found = rows::find(tx, team, invite)?
        .filter(|invite| Comparison::Prepared.same(&invite.email, &holder.sign_in_name));
    let invite = pending(found.ok_or_else(|| Error::not_found(KIND, invite))?)?;
    // A waiting membership is always the addressee's own; the index must agree.
    if let Some(user) = invite.user
        && memberships::find(tx, holder.account, team)? != Some(user)
    {
        return Err(Error::not_found(KIND, invite.seq));
    }
    Ok(invite)
}

fn pending(invite: Invite) -> Result<Invite> {
    let why = match invite.state {
        InviteState::Pending => return Ok(invite),
        InviteState::Accepted => "This invite was accepted already.",
        InviteState::Dismissed => "This invite was declined. Ask for another one.",
        InviteState::Revoked => "This invite was revoked. Ask for another one.",
    };
    Err(settled(why))
}

fn settled(detail: &str) -> Error {
    Error::Conflict {
        attribute: "invite",
        detail: detail.into(),
    }
}

fn record(
    tx: &Write<'_>,
    team: Seq,
    by: impl Into<audit::By>,
    now: Timestamp,
    operation: Operation,
    invite: &Invite,
    outcome: Outcome,
) -> Result<()> {
    audit::of_action(tx, team, by, now, operation, invite.seq, outcome)
}
