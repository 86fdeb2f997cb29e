//! Answering an invite: by its link, with an account or without one yet, or by an account that is signed in.

use super::super::{accounts, membership, shown};
use super::{KIND, pending, record, remove_waiting, settle, settled, team_name};
use crate::access::{AccountHolder, LinkHolder};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Account, Invite, InviteState, Operation, Outcome, User};
use crate::scim::key::Comparison;
use crate::secret::{LinkKey, PasswordHash, Plain};
use crate::store::{
    Reads, Write, accounts as account_rows, invites as rows, memberships, teams, users as user_rows,
};

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// An invite that can be accepted.
    Pending(Opening),
    /// An invite that was accepted: the person can sign in.
    Accepted,
    /// Nothing: there never was such a link, or it was taken back or declined. Which of these is not told.
    Nothing,
}

/// An invite that can be accepted, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The proof that somebody has the link.
    pub holder: LinkHolder,
    /// The invite.
    pub invite: Invite,
    /// Name of the team.
    pub team: String,
    /// How the person gets in.
    pub way: Way,
}

/// How somebody who was invited gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// There is no account with this address: it is made here, with a name and a password.
    NewAccount,
    /// The account of the address has a password, which is asked for.
    Password,
    /// The account has none, and other teams know it by their identity provider: this team's link is no reason
    /// to give it one.
    Elsewhere,
}

/// Opens a link: the part of its path behind `/invites/`.
///
/// # Errors
/// The store's.
pub fn open(tx: &impl Reads, key: &LinkKey, token: &Plain) -> Result<Opened> {
    let Some((team, invite)) = found(tx, key, token)? else {
        return Ok(Opened::Nothing);
    };
    Ok(match invite.state {
        InviteState::Revoked | InviteState::Dismissed => Opened::Nothing,
        InviteState::Accepted => Opened::Accepted,
        InviteState::Pending => Opened::Pending(Opening {
            holder: LinkHolder::of_link(team, invite.seq),
            team: team_name(tx, team)?,
            way: way(tx, team, &invite)?,
            invite,
        }),
    })
}

/// The invite whose token this is. Its numbers are no secret, the rest of it is compared in constant time.
fn found(tx: &impl Reads, key: &LinkKey, token: &Plain) -> Result<Option<(Seq, Invite)>> {
    let mut parts = token.expose().splitn(3, '-');
    let mut number = || parts.next()?.parse().ok().map(Seq);
    let (Some(team), Some(invite)) = (number(), number()) else {
        return Ok(None);
    };
    let given = Plain::new(parts.next().unwrap_or_default());
    if teams::find(tx, team)?.is_none() {
        return Ok(None);
    }
    Ok(rows::find(tx, team, invite)?
        .filter(|invite| invite.token(team, key).same(&given))
        .map(|invite| (team, invite)))
}

fn way(tx: &impl Reads, team: Seq, invite: &Invite) -> Result<Way> {
    let Some(account) = account_rows::find_by_name(tx, &invite.email)? else {
        return Ok(Way::NewAccount);
    };
    if account.password.is_some() {
        return Ok(Way::Password);
    }
    let elsewhere = memberships::of_account(tx, account.seq)?
        .iter()
        .any(|(other, _)| *other != team);
    Ok(if elsewhere {
        Way::Elsewhere
    } else {
        Way::NewAccount
    })
}

/// *Join Team* by somebody without an account, or with one that nobody can sign in to and that only this team
/// knows: makes it, or gives it a password, and joins.
///
/// # Errors
/// [`Error::Conflict`] when the invite is not pending any more; [`Error::Forbidden`] when the address has an account
/// that one signs in to; a bad name.
pub fn join_with_password(
    tx: &Write<'_>,
    holder: &LinkHolder,
    name: &str,
    password: PasswordHash,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Account> {
    let (team, invite) = (holder.team, held(tx, holder)?);
    if way(tx, team, &invite)? != Way::NewAccount {
        return Err(Error::Forbidden {
            detail: format!(
                "{} has an account. Sign in with it to join.",
                shown(&invite.email)
            ),
        });
    }
    let name = accounts::checked_name(name, &invite.email)?;
    let account = match account_rows::find_by_name(tx, &invite.email)? {
        Some(account) => Account {
            name,
            password: Some(password),
            ..account
        },
        None => Account {
            seq: account_rows::next_seq(tx)?,
            sign_in_name: invite.email.clone(),
            name,
            password: Some(password),
            operator: false,
            created: now,
        },
    };
    account_rows::put(tx, &account)?;
    let joining = AccountHolder::authenticated(&account);
    accept(tx, &joining, team, invite.seq, nonce, now)?;
    Ok(account)
}

fn held(tx: &impl Reads, holder: &LinkHolder) -> Result<Invite> {
    let found = rows::find(tx, holder.team, holder.invite)?;
    pending(found.ok_or_else(|| Error::not_found(KIND, holder.invite))?)
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
    if let Some(user) = invite.user {
        let waiting = user_rows::find(tx, team, user)?;
        if !waiting.is_some_and(|user| user.active()) {
            return Err(settled(
                "The membership behind this invite was deactivated. Ask an administrator of the team.",
            ));
        }
    }
    let user = membership::join_by_invite(tx, team, holder.account, &invite, nonce, now)?;
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

/// Pending invites for the holder of an account, each with its team.
///
/// # Errors
/// The store's.
pub fn waiting_for(tx: &impl Reads, holder: &AccountHolder) -> Result<Vec<(Seq, String, Invite)>> {
    let mut found = Vec::new();
    for team in teams::list(tx)? {
        if let Some(invite) = rows::find_pending(tx, team.seq, &holder.sign_in_name)? {
            found.push((team.seq, team.name, invite));
        }
    }
    Ok(found)
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
