//! How people come into a team, change their name there, and leave.
//!
//! Accounts are global and known by their sign-in name; a user is an account's membership of one team, and
//! its `userName` is that account's name. So a user is never renamed into somebody else's account: another
//! `userName` is a membership of another account.
//!
//! What a SCIM create means follows the table of Postman's behaviour (Learning Center and the official API
//! file of 2026), row by row:
//!
//! | row | account with this name | outcome |
//! |---|---|---|
//! | A | none | made, joins at once |
//! | B | on this team | 409 |
//! | C, D | elsewhere or nowhere, domain verified here | joins at once |
//! | E | on no other team, domain not verified | invited; listed as active meanwhile |
//! | F | on another team, domain not verified | 409 |
//! | G | has a pending invite sent by hand | 409 naming the invite |
//! | H | deactivated on this team | 409, or the same user comes back (`reactivateOnCreate`) |
//! | I | any, `active` false in the body | made deactivated |
//!
//! C to G are Postman's, so they hold where `existingAccount` and `otherTeam` say so: in the Postman
//! presets. In `standard` and `strict` everybody joins at once, because what other teams have is nobody's
//! business (RFC 7644 section 6), and a pending invite is settled by that.
//!
//! Roles beyond Developer are given to a person by hand and stay with that person's account: SCIM never
//! gives them, takes the last administrator away, or moves them to another account.

use std::collections::BTreeSet;

use super::by_hand::{self, appoint};
use super::{accounts, domains, invites, keys, postman, roles, shown};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId, Seq};
use crate::model::{Account, Invite, InviteState, MemberState, Meta, Role, User};
use crate::scim::key::Comparison;
use crate::scim::profile::{ExistingAccount, OtherTeam, Sentences, UserNameChange};
use crate::scim::{self, Object};
use crate::store::{
    Reads, Write, accounts as account_rows, invites as invite_rows, memberships, sessions,
    users as rows,
};

/// Our words or the vendor's.
fn say(caller: &ScimCaller, own: impl FnOnce() -> String, postman: &str) -> String {
    match caller.service().sentences {
        Sentences::Own => own(),
        Sentences::Postman => postman.to_owned(),
    }
}

fn user_name(attributes: &Object) -> &str {
    attributes
        .get("userName")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
}

/// Rows B and H: the member who has the name of a new user already, if that one is to come back.
///
/// # Errors
/// 409 `uniqueness` when it is not.
pub(super) fn with_name(
    tx: &Write<'_>,
    caller: &ScimCaller,
    attributes: &Object,
) -> Result<Option<User>> {
    let Some(member) = rows::find_by_user_name(tx, caller.team, user_name(attributes))? else {
        return Ok(None);
    };
    let wanted = attributes
        .get("active")
        .and_then(serde_json::Value::as_bool)
        != Some(false);
    if caller.service().reactivate_on_create && wanted && member.state() == MemberState::Deactivated
    {
        return Ok(Some(member));
    }
    Err(taken(caller, &member))
}

fn taken(caller: &ScimCaller, member: &User) -> Error {
    let own = || {
        format!(
            "A user with the userName \"{}\" is already a member of the team. Find it with \
             filter=userName eq and change it with PATCH.",
            shown(member.user_name())
        )
    };
    scim::Error::uniqueness(say(caller, own, postman::PERSON_TAKEN.detail)).into()
}

/// Gives a user that is about to be stored its account, and an invite if it has to be asked first. The
/// account is found by `userName`, or made.
///
/// # Errors
/// 409: row F without, row G with the keyword `uniqueness`.
pub(super) fn admit(
    tx: &Write<'_>,
    caller: &ScimCaller,
    user: &mut User,
    now: Timestamp,
) -> Result<()> {
    let (team, service) = (caller.team, caller.service());
    let name = user.user_name().to_owned();
    if let Some(pending) = invite_rows::find_pending(tx, team, &name)? {
        if service.existing_account != ExistingAccount::Join {
            return Err(Error::Refused(scim::Error::uniqueness(format!(
                "{} has a pending invite to the team, sent by {}. Revoke the invite or have it \
                 accepted, then provision again.",
                shown(&pending.email),
                shown(&pending.by)
            ))));
        }
        invites::settle(tx, team, pending, InviteState::Accepted, now)?;
    }
    let Some(account) = account_rows::find_by_name(tx, &name)? else {
        user.account = open_account(tx, user, now)?.seq;
        return Ok(());
    };
    user.account = account.seq;
    let joins = match service.existing_account {
        ExistingAccount::Join => true,
        ExistingAccount::InviteUnlessVerified => domains::covers(tx, team, &name)?,
        ExistingAccount::Invite => false,
    };
    if service.other_team == OtherTeam::RefuseUnlessVerified
        && on_another_team(tx, team, account.seq)?
        && !domains::covers(tx, team, &name)?
    {
        return Err(Error::Refused(scim::Error::new(
            409,
            format!(
                "This person belongs to another team, and the domain of {} is not verified by this \
                 team. Verify the domain, then provision again.",
                shown(&name)
            ),
        )));
    }
    if !joins {
        let invite = invites::ask(tx, team, user, &caller.key_name, now)?;
        user.invite = Some(invite.seq);
    }
    Ok(())
}

/// An account without a password for somebody whom SCIM brings.
fn open_account(tx: &Write<'_>, user: &User, now: Timestamp) -> Result<Account> {
    let account = Account {
        seq: account_rows::next_seq(tx)?,
        sign_in_name: user.user_name().to_owned(),
        name: user.label(),
        password: None,
        operator: false,
        created: now,
    };
    account_rows::put(tx, &account)?;
    Ok(account)
}

/// Whether the person has joined some other team; an invite alone does not count.
fn on_another_team(tx: &impl Reads, team: Seq, account: Seq) -> Result<bool> {
    for (other, user) in memberships::of_account(tx, account)? {
        if other != team && rows::find(tx, other, user)?.is_some_and(|u| u.invite.is_none()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a new `userName` means: true when it is another account's. Where nobody may change it, the old
/// one is put back.
///
/// # Errors
/// 400 when this name may not be taken, 409 when a member has it.
pub(super) fn judge_user_name(
    tx: &impl Reads,
    caller: &ScimCaller,
    old: &User,
    attributes: &mut Object,
) -> Result<bool> {
    let name = user_name(attributes);
    if name == old.user_name() {
        return Ok(false);
    }
    let change = caller.service().user_name_change;
    if change == UserNameChange::Ignored {
        attributes.insert("userName".into(), old.user_name().into());
        return Ok(false);
    }
    if Comparison::Prepared.same(name, old.user_name()) {
        return Ok(false);
    }
    if change == UserNameChange::VerifiedDomain {
        let refuse = |own: &str, postman: &str| -> Error {
            let detail = say(caller, || own.to_owned(), postman);
            match caller.service().sentences {
                Sentences::Own => scim::Error::invalid_value(detail),
                Sentences::Postman => scim::Error::new(400, detail),
            }
            .into()
        };
        if accounts::checked_email(name).is_err() {
            let own =
                "The new userName is not an e-mail address. Send one such as ada@example.com.";
            return Err(refuse(own, postman::NOT_AN_ADDRESS.detail));
        }
        if !domains::covers(tx, caller.team, name)? {
            let own = "The team has not verified the domain of the new userName. Verify it, then \
                       send the change again.";
            return Err(refuse(own, postman::NOT_VERIFIED.detail));
        }
    }
    match rows::find_by_user_name(tx, caller.team, name)? {
        Some(member) => Err(taken(caller, &member)),
        None => Ok(true),
    }
}

/// Makes `new` a membership of the account with its `userName`. Roles given by hand stay behind.
///
/// # Errors
/// Those of [`admit`].
pub(super) fn move_to_name(
    tx: &Write<'_>,
    caller: &ScimCaller,
    old: &User,
    new: &mut User,
    now: Timestamp,
) -> Result<()> {
    if let Some(invite) = old.invite {
        invites::withdraw(tx, caller.team, invite, now)?;
    }
    new.invite = None;
    new.roles = Role::by_default();
    admit(tx, caller, new, now)
}

/// Refuses to go on when this user is the team's only active administrator.
///
/// # Errors
/// [`Error::Forbidden`].
pub(super) fn keep_an_administrator(tx: &impl Reads, team: Seq, user: &User) -> Result<()> {
    if user.administers() && !memberships::others_administer(tx, team, user.account)? {
        return Err(Error::Forbidden {
            detail: format!(
                "{} is the only active administrator of the team, which needs one. Make somebody \
                 else an administrator first.",
                shown(user.user_name())
            ),
        });
    }
    Ok(())
}

/// After a membership is gone: its account's sessions end, and an account that was nothing else goes too.
pub(super) fn left(tx: &Write<'_>, account: Seq) -> Result<()> {
    end_sessions(tx, account)?;
    if let Some(account) = account_rows::find(tx, account)?
        && account.password.is_none()
        && memberships::of_account(tx, account.seq)?.is_empty()
    {
        account_rows::remove(tx, &account)?;
    }
    Ok(())
}

/// Ends the console sessions of an account that is active in no team any more: what one team does to a
/// member must not sign another team's member out. Every request asks anew what somebody may do where, so a
/// session that goes on shows nothing of this team. Without a password there are none.
pub(super) fn end_sessions(tx: &Write<'_>, account: Seq) -> Result<()> {
    for (team, user) in memberships::of_account(tx, account)? {
        if rows::find(tx, team, user)?.is_some_and(|u| u.state() == MemberState::Active) {
            return Ok(());
        }
    }
    if account_rows::find(tx, account)?.is_some_and(|account| account.password.is_some()) {
        sessions::end_all(tx, account)?;
    }
    Ok(())
}

/// The membership of somebody whose invite was accepted: the one that waited for it, or a new one with the
/// roles of the invite.
pub(super) fn join_by_invite(
    tx: &Write<'_>,
    team: Seq,
    account: Seq,
    invite: &Invite,
    nonce: Nonce,
    now: Timestamp,
) -> Result<User> {
    let account =
        account_rows::find(tx, account)?.ok_or_else(|| Error::not_found("account", account))?;
    let user = match invite.user {
        Some(user) => User {
            invite: None,
            ..rows::find(tx, team, user)?.ok_or_else(|| Error::not_found("User", user))?
        },
        None => User {
            roles: promised(tx, team, invite)?,
            ..from_account(tx, team, &account, nonce, now)?
        },
    };
    rows::put(tx, team, &user)?;
    Ok(user)
}

/// The roles of somebody who joins by an invite. The rules of giving them are asked again: by now the team may
/// have a Super Admin, and the sender may be none; then the person becomes a Developer. Whoever would be one
/// person too many with Admin or Billing alone is a Developer too.
fn promised(tx: &impl Reads, team: Seq, invite: &Invite) -> Result<BTreeSet<Role>> {
    let Some(sender) = invite.sender else {
        return Ok(invite.roles.clone());
    };
    let giver = roles::of_account(tx, team, sender)?.unwrap_or_default();
    let operator = account_rows::find(tx, sender)?.is_some_and(|account| account.operator);
    let exists = by_hand::has_super_admin(tx, team)?;
    let allowed = appoint::may_update(&giver, exists, &BTreeSet::new(), &invite.roles);
    let mut promised = if allowed.is_ok() || (operator && giver.is_empty()) {
        invite.roles.clone()
    } else {
        Role::by_default()
    };
    if appoint::is_support_user(&promised)
        && by_hand::roles::support_users(tx, team, None)? >= appoint::SUPPORT_USERS
    {
        promised.insert(Role::Developer);
    }
    Ok(promised)
}

/// Super Admins are looked after by Super Admins: SCIM bars them, takes them off the team or gives their place to
/// another account with a key that one of them made (Learning Center, "Super Admin role").
///
/// # Errors
/// 403.
pub(super) fn guard_super_admin(tx: &impl Reads, caller: &ScimCaller, user: &User) -> Result<()> {
    if !by_hand::held(tx, caller.team, user)?.contains(&Role::SuperAdmin)
        || keys::is_of_super_admin(tx, caller)?
    {
        return Ok(());
    }
    Err(Error::Forbidden {
        detail: format!(
            "{} is a Super Admin, so only a SCIM API key that a Super Admin generated can do this.",
            shown(user.user_name())
        ),
    })
}

/// Makes an account an active administrator of a team, whatever it was there before.
pub(super) fn administer(
    tx: &Write<'_>,
    team: Seq,
    account: &Account,
    nonce: Nonce,
    now: Timestamp,
) -> Result<()> {
    let present = match memberships::find(tx, account.seq, team)? {
        Some(user) => rows::find(tx, team, user)?,
        None => None,
    };
    let mut user = match present {
        Some(user) => user,
        None => from_account(tx, team, account, nonce, now)?,
    };
    if let Some(pending) = invite_rows::find_pending(tx, team, &account.sign_in_name)? {
        invites::settle(tx, team, pending, InviteState::Accepted, now)?;
    }
    if !user.active() {
        user.attributes.insert("active".into(), true.into());
        user.meta = user.meta.changed(now);
    }
    user.invite = None;
    user.roles.insert(Role::Admin);
    Ok(rows::put(tx, team, &user)?)
}

/// A user for an account that has no membership of the team yet; not stored.
fn from_account(
    tx: &Write<'_>,
    team: Seq,
    account: &Account,
    nonce: Nonce,
    now: Timestamp,
) -> Result<User> {
    let seq = rows::next_seq(tx, team)?;
    Ok(User {
        seq,
        id: ScimId::new(tx.mix(), seq, nonce),
        meta: Meta::new(now),
        attributes: account.as_attributes(),
        account: account.seq,
        roles: Role::by_default(),
        invite: None,
        written_by_scim: None,
    })
}
