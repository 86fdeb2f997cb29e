//! Sending invites by hand, and sending their mail again.
//!
//! Whoever has an account and an address whose domain this team has verified is not asked: such people are on the
//! team at once (Learning Center, "Verify your organization's domain": invited people from that domain join
//! without accepting). Who has no account yet makes it through the link, which is the same as accepting.

use std::collections::BTreeSet;

use super::super::by_hand::roles::support_users;
use super::super::by_hand::{appoint, has_super_admin};
use super::super::{accounts, domains, membership};
use super::{get, make, may_handle, pending, record, settle, team_name};
use crate::access::May;
use crate::access::permission::AddUsers;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{Nonce, Seq};
use crate::mail::{Draft, outbox};
use crate::model::{
    Account, Invite, InviteOrigin, InviteState, Mail, MailKind, MailLink, MemberState, Operation,
    Outcome, Role,
};
use crate::store::{Reads, Write, accounts as account_rows, invites as rows, users as user_rows};

/// What became of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The person was invited.
    Invited(Invite),
    /// The person is on the team: the domain is verified.
    Joined,
    /// An invite waits already; nothing was sent again.
    AlreadyInvited(Invite),
    /// The person is a member, in this state.
    AlreadyMember(MemberState),
    /// This is no e-mail address.
    BadAddress,
}

/// Invites one person with these roles.
///
/// # Errors
/// [`crate::error::Error::Field`] (`roles`) without any; [`crate::error::Error::Forbidden`] for roles that are not this person's to give.
pub fn send(
    tx: &Write<'_>,
    member: &May<AddUsers>,
    email: &str,
    roles: &BTreeSet<Role>,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Sent> {
    may_give(tx, member, roles, 1)?;
    send_one(tx, member, email, roles, nonce, now)
}

/// Invites many people with the same roles, each as [`send`] does; a bad address stops nobody else's invite.
///
/// # Errors
/// Those of [`send`].
pub fn send_all(
    tx: &Write<'_>,
    member: &May<AddUsers>,
    emails: Vec<String>,
    roles: &BTreeSet<Role>,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Vec<(String, Sent)>> {
    may_give(tx, member, roles, emails.len())?;
    (0..)
        .zip(emails)
        .map(|(number, email)| {
            let sent = send_one(tx, member, &email, roles, nonce.nth(number), now)?;
            Ok((email, sent))
        })
        .collect()
}

fn send_one(
    tx: &Write<'_>,
    member: &May<AddUsers>,
    email: &str,
    roles: &BTreeSet<Role>,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Sent> {
    let Ok(email) = accounts::checked_email(email) else {
        return Ok(Sent::BadAddress);
    };
    if let Some(pending) = rows::find_pending(tx, member.team, email)? {
        return Ok(Sent::AlreadyInvited(pending));
    }
    if let Some(user) = user_rows::find_by_user_name(tx, member.team, email)? {
        return Ok(Sent::AlreadyMember(user.state()));
    }
    let invite = make(
        tx,
        member.team,
        Invite {
            seq: Seq(0),
            email: email.to_owned(),
            user: None,
            origin: InviteOrigin::Console,
            state: InviteState::Pending,
            created: now,
            settled: None,
            by: member.name.clone(),
            sender: member.account,
            roles: roles.clone(),
        },
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
    if let Some(account) = account_rows::find_by_name(tx, email)?
        && domains::covers(tx, member.team, email)?
    {
        join(tx, member.team, invite, &account, nonce, now)?;
        return Ok(Sent::Joined);
    }
    mail(tx, member.team, &invite, now)?;
    Ok(Sent::Invited(invite))
}

/// Somebody who need not be asked is on the team, and hears of it.
fn join(
    tx: &Write<'_>,
    team: Seq,
    invite: Invite,
    account: &Account,
    nonce: Nonce,
    now: Timestamp,
) -> Result<()> {
    membership::join_by_invite(tx, team, account.seq, &invite, nonce, now)?;
    let invite = settle(tx, team, invite, InviteState::Accepted, now)?;
    let name = team_name(tx, team)?;
    let draft = Draft::new(
        MailKind::Joined,
        invite.email.as_str(),
        format!("You are on the team {name} now"),
    )
    .say(format!(
        "{} added you to the team {name}. There is nothing to accept: the team has verified the domain of your \
         address.",
        invite.by
    ))
    .link(MailLink::Page {
        label: "Open the team".into(),
        path: "/profile".into(),
    });
    outbox::queue(tx, Some(team), draft, now)?;
    let by = crate::model::Actor::Account(account.seq);
    record(
        tx,
        team,
        by,
        now,
        Operation::InviteAccept,
        &invite,
        Outcome::Joined,
    )
}

/// After the team verified a domain: whoever was invited from there and has an account joins. `nonce` makes
/// their ids. Returns how many joined.
///
/// # Errors
/// The store's.
pub(in super::super) fn join_covered(
    tx: &Write<'_>,
    team: Seq,
    domain: &str,
    nonce: Nonce,
    now: Timestamp,
) -> Result<u64> {
    let mut joined = 0;
    for invite in rows::list(tx, team)? {
        if invite.state != InviteState::Pending || !domains::is_of(&invite.email, domain) {
            continue;
        }
        let Some(account) = account_rows::find_by_name(tx, &invite.email)? else {
            continue;
        };
        if let Some(user) = invite.user
            && !user_rows::find(tx, team, user)?.is_some_and(|user| user.active())
        {
            // Deactivated meanwhile: nobody joins by that.
            continue;
        }
        join(tx, team, invite, &account, nonce.nth(joined), now)?;
        joined += 1;
    }
    Ok(joined)
}

/// *Resend Invite*: the same link goes out again.
///
/// # Errors
/// [`crate::error::Error::NotFound`]; [`crate::error::Error::Conflict`] when the invite is not pending any more.
pub fn resend(
    tx: &Write<'_>,
    member: &May<AddUsers>,
    invite: Seq,
    now: Timestamp,
) -> Result<Invite> {
    let invite = pending(get(tx, member, invite)?)?;
    may_handle(tx, member, &invite)?;
    mail(tx, member.team, &invite, now)?;
    record(
        tx,
        member.team,
        member,
        now,
        Operation::InviteResend,
        &invite,
        Outcome::Done,
    )?;
    Ok(invite)
}

/// Writes the mail of an invite.
pub(in super::super) fn mail(
    tx: &Write<'_>,
    team: Seq,
    invite: &Invite,
    now: Timestamp,
) -> Result<Mail> {
    let name = team_name(tx, team)?;
    let mut draft = Draft::new(
        MailKind::Invite,
        invite.email.as_str(),
        match invite.origin {
            InviteOrigin::Console => format!("{} invited you to join {name}", invite.by),
            InviteOrigin::Scim => format!("You are invited to join {name}"),
        },
    );
    draft = match invite.origin {
        InviteOrigin::Console => draft.say(format!(
            "{} invited you to join the team {name} as {}.",
            invite.by,
            roles_in_words(&invite.roles)
        )),
        InviteOrigin::Scim => draft.say(format!(
            "The identity provider of the team {name} wants to add you. You have an account already, so you are \
             asked first."
        )),
    };
    draft = draft
        .say(
            "Open the link to join. It works once, and only for this address. If you do not know the team, do \
             nothing.",
        )
        .link(MailLink::Invite(invite.seq));
    outbox::queue(tx, Some(team), draft, now)
}

/// `Developer`, `Admin and Billing`.
fn roles_in_words(roles: &BTreeSet<Role>) -> String {
    let labels: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    match labels.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Every role, and why this person cannot give it with an invite; none when it can.
///
/// # Errors
/// The store's.
pub fn roles_to_give(
    tx: &impl Reads,
    member: &May<AddUsers>,
) -> Result<Vec<(Role, Option<String>)>> {
    let exists = has_super_admin(tx, member.team)?;
    let why = |role| appoint::may_change(&member.roles, exists, role, false).err();
    Ok(Role::ALL
        .into_iter()
        .map(|role| (role, why(role).map(|refused| refused.to_string())))
        .collect())
}

/// Whether these roles may be given to so many people with an invite: the rules are those of giving them to a member (Learning
/// Center, "Manage roles": a Super Admin may be made at invite time too).
fn may_give(
    tx: &impl Reads,
    member: &May<AddUsers>,
    roles: &BTreeSet<Role>,
    people: usize,
) -> Result<()> {
    let exists = has_super_admin(tx, member.team)?;
    appoint::may_update(&member.roles, exists, &BTreeSet::new(), roles)?;
    if appoint::is_support_user(roles) {
        let invited = rows::list(tx, member.team)?
            .iter()
            .filter(|invite| invite.state == InviteState::Pending && invite.user.is_none())
            .filter(|invite| appoint::is_support_user(&invite.roles))
            .count();
        if support_users(tx, member.team, None)? + invited + people > appoint::SUPPORT_USERS {
            return Err(appoint::Refused::TooManySupportUsers.into());
        }
    }
    Ok(())
}
