//! Invites: sent by hand or by a SCIM request for somebody whom the team may not simply take, answered by
//! the holder of the account (Learning Center, "SCIM overview": "Join Team").
//!
//! An invite that SCIM sent has a membership that waits for it; when it is declined or taken back, that
//! membership is gone, and the identity provider may try again. An invite sent by hand has none until it
//! is accepted. Both are for a sign-in name, and at most one per team and name is pending.
//!
//! Every invite has a link that accepts it. The link is a secret, made from the invite's row and the appliance's
//! key whenever it is shown or mailed (`model::Invite::token`): nothing of it is stored, neither in clear nor
//! sealed, and a SCIM request needs no randomness to invite. Whoever has the link and whoever
//! can sign in as the addressee may accept; a link says nothing of who else may read the mail, so it never
//! gives a password to an account that other teams know.

pub mod addresses;
pub mod answer;
pub mod send;

pub use addresses::{AT_ONCE, addresses};
pub use answer::{Opened, Opening, Way, accept, dismiss, join_with_password, open, waiting_for};
pub(super) use send::join_covered;
pub use send::{Sent, resend, roles_to_give, send, send_all};

use super::{audit, by_hand, users};
use crate::access::permission::AddUsers;
use crate::access::{May, Member};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Invite, InviteOrigin, InviteState, Operation, Outcome, User};
use crate::store::{Reads, Write, invites as rows, teams, users as user_rows};

const KIND: &str = "Invite";

fn team_name(tx: &impl Reads, team: Seq) -> Result<String> {
    Ok(teams::find(tx, team)?.map_or_else(String::new, |team| team.name))
}

/// Stores a pending invite under a number of its own. The caller has looked for another one.
pub(super) fn make(tx: &Write<'_>, team: Seq, invite: Invite, now: Timestamp) -> Result<Invite> {
    let invite = Invite {
        seq: rows::next_seq(tx, team)?,
        state: InviteState::Pending,
        created: now,
        settled: None,
        ..invite
    };
    rows::put(tx, team, &invite)?;
    Ok(invite)
}

/// Invites somebody in the name of a SCIM client, whose membership waits for the answer.
pub(super) fn ask(
    tx: &Write<'_>,
    team: Seq,
    user: &User,
    by: &str,
    now: Timestamp,
) -> Result<Invite> {
    let invite = Invite {
        seq: Seq(0),
        email: user.user_name().to_owned(),
        user: Some(user.seq),
        origin: InviteOrigin::Scim,
        state: InviteState::Pending,
        created: now,
        settled: None,
        by: by.to_owned(),
        sender: None,
        roles: user.roles.clone(),
    };
    let invite = make(tx, team, invite, now)?;
    send::mail(tx, team, &invite, now)?;
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
    may_handle(tx, member, &invite)?;
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

/// Whether somebody may see the link of an invite, send it again or take it back: whoever has the link can
/// become what it promises, so one that makes a Super Admin is handled by Super Admins alone.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn may_handle(tx: &impl Reads, member: &Member, invite: &Invite) -> Result<()> {
    let mut promised = invite.roles.clone();
    if let Some(user) = invite.user
        && let Some(waiting) = user_rows::find(tx, member.team, user)?
    {
        promised.extend(by_hand::held(tx, member.team, &waiting)?);
    }
    Ok(by_hand::appoint::may_touch(&member.roles, &promised)?)
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
