//! Accounts that sign in to the console: the first administrator, sign-in, recovery.
//!
//! People whom SCIM brought have an account too, without a password (`provider::membership`).
//!
//! Hashing a password takes tens of milliseconds, so it happens before a write closure and its result
//! comes in as an argument.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{audit, membership, roles};
use crate::access::{AccountHolder, Member, Operator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Account, Actor, BuiltIn, MemberState, Operation, Outcome, Role, SetupLink};
use crate::secret::{PasswordHash, Plain};
use crate::store::{Reads, Write, accounts as rows, memberships, sessions, teams, users};

/// How long a setup link is good for.
pub const SETUP_LINK_LIFE: Duration = Duration::from_mins(30);

/// Postman's sentence at sign-in (its help center).
const DEACTIVATED: &str = "This account is deactivated. Enter a different email or username.";

/// For members of a team that has switched passwords off.
const NO_PASSWORDS: &str = "Your team has switched off signing in with a password. Ask an operator of \
                            this appliance to switch it on again under Authentication.";

/// Makes a fresh setup link the only valid one.
///
/// # Errors
/// The store's.
pub fn offer_setup(tx: &Write<'_>, token: &Plain, now: Timestamp) -> Result<SetupLink> {
    let link = SetupLink {
        digest: token.digest(),
        expires: now.plus(SETUP_LINK_LIFE),
    };
    teams::put_setup_link(tx, Some(&link))?;
    Ok(link)
}

/// Whether this token opens the setup page now.
///
/// # Errors
/// The store's.
pub fn may_set_up(tx: &impl Reads, token: &Plain, now: Timestamp) -> Result<bool> {
    Ok(rows::nobody_can_sign_in(tx)?
        && teams::setup_link(tx)?
            .is_some_and(|link| link.digest == token.digest() && now < link.expires))
}

/// Uses the setup link: makes the first administrator.
///
/// # Errors
/// [`Error::Forbidden`] for a link that was used, replaced or has expired; a bad address or name.
pub fn set_up(
    tx: &Write<'_>,
    token: &Plain,
    email: &str,
    name: &str,
    password: PasswordHash,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Account> {
    if !may_set_up(tx, token, now)? {
        return Err(Error::Forbidden {
            detail: "This setup link is no longer valid. Restart scimlab for a fresh one, or run \
                     scimlab admin upsert."
                .into(),
        });
    }
    teams::put_setup_link(tx, None)?;
    upsert(tx, email, name, password, nonce, now)
}

/// Creates an administrator of the first team, or gives an existing account a new password and makes it
/// one again, and ends its sessions. For the command line and for bootstrap settings only.
///
/// # Errors
/// A bad address or name; [`Error::NotFound`] when there is no team.
pub fn upsert(
    tx: &Write<'_>,
    email: &str,
    name: &str,
    password: PasswordHash,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Account> {
    let email = checked_email(email)?;
    let team = teams::first(tx)?.ok_or_else(|| Error::not_found("team", "1"))?;
    let account = match rows::find_by_name(tx, email)? {
        Some(old) => {
            sessions::end_all(tx, old.seq)?;
            Account {
                password: Some(password),
                operator: true,
                ..old
            }
        }
        None => Account {
            seq: rows::next_seq(tx)?,
            sign_in_name: email.to_owned(),
            name: checked_name(name, email)?,
            password: Some(password),
            operator: true,
            created: now,
        },
    };
    rows::put(tx, &account)?;
    membership::administer(tx, team.seq, &account, nonce, now)?;
    let (by, operation) = (Actor::CommandLine, Operation::AdministratorUpsert);
    let target = &account.sign_in_name;
    audit::of_action(tx, team.seq, by, now, operation, target, Outcome::Done)?;
    Ok(account)
}

pub(super) fn checked_email(email: &str) -> Result<&str> {
    let email = email.trim();
    let well_formed = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        });
    if well_formed {
        Ok(email)
    } else {
        Err(Error::field(
            "email",
            "Enter an e-mail address such as admin@example.com.",
        ))
    }
}

pub(super) fn checked_name(name: &str, email: &str) -> Result<String> {
    let name = name.trim();
    match name.chars().count() {
        0 => Ok(email.split('@').next().unwrap_or(email).to_owned()),
        1..=100 => Ok(name.to_owned()),
        _ => Err(Error::field(
            "name",
            "The name may have at most 100 characters.",
        )),
    }
}

/// The account a sign-in form speaks of, for checking the password outside the transaction. Spaces around
/// the address are not part of it.
///
/// # Errors
/// The store's.
pub fn find_by_email(tx: &impl Reads, email: &str) -> Result<Option<Account>> {
    Ok(rows::find_by_name(tx, email.trim())?)
}

/// Checks a password; takes as long for an unknown address, and for somebody without a password, as for
/// anybody else.
pub fn verify(account: Option<Account>, password: &Plain) -> Option<Account> {
    let Some(account) = account.filter(|account| account.password.is_some()) else {
        PasswordHash::verify_nothing(password);
        return None;
    };
    let right = account
        .password
        .as_ref()
        .is_some_and(|hash| hash.verify(password));
    right.then_some(account)
}

/// Who a signed-in account is: member of the team that was chosen; of the oldest that it administers when
/// none was, or when it may not enter that one, or of the oldest it is in; and operator, if it is one. An operator
/// is a Super Admin in teams in which it has no membership or that nobody else administers: somebody has to
/// look after them. Elsewhere it is what its roles say, and nothing where it is not an active member. Whoever
/// is on no team any more is out, an operator too: that is what deprovisioning is for.
///
/// # Errors
/// [`Error::NotFound`] when the account is gone; [`Error::Forbidden`] when it may enter no team.
pub fn signed_in(
    tx: &impl Reads,
    account: Seq,
    chosen: Option<Seq>,
) -> Result<(Account, Member, Option<Operator>)> {
    let account = rows::find(tx, account)?.ok_or_else(|| Error::not_found("account", account))?;
    let Some((team, roles)) = entered(tx, &account, chosen)? else {
        return Err(Error::Forbidden {
            detail: if is_in_team_without_passwords(tx, account.seq)? {
                NO_PASSWORDS.into()
            } else if was_deactivated(tx, account.seq)? {
                DEACTIVATED.into()
            } else {
                "This account is on no team. Ask an administrator of one for an invite.".into()
            },
        });
    };
    let member = Member::authenticated(team, &account, roles);
    let operator = account.operator.then(|| Operator::authenticated(&account));
    Ok((account, member, operator))
}

/// The team an account enters, and its roles there.
fn entered(
    tx: &impl Reads,
    account: &Account,
    chosen: Option<Seq>,
) -> Result<Option<(Seq, BTreeSet<Role>)>> {
    if let Some(team) = chosen
        && let Some(roles) = roles_in(tx, account, team)?
    {
        return Ok(Some((team, roles)));
    }
    let mut first = None;
    for (team, _) in memberships::of_account(tx, account.seq)? {
        match roles_in(tx, account, team)? {
            Some(roles) if roles.iter().any(|role| role.administers()) => {
                return Ok(Some((team, roles)));
            }
            Some(roles) => first = first.or(Some((team, roles))),
            None => {}
        }
    }
    Ok(first)
}

/// The roles with which an account enters a team; none when it may not.
fn roles_in(tx: &impl Reads, account: &Account, team: Seq) -> Result<Option<BTreeSet<Role>>> {
    if !account.operator && refuses_passwords(tx, team)? {
        return Ok(None);
    }
    let own = roles::of_account(tx, team, account.seq)?;
    let administers = |roles: &BTreeSet<Role>| roles.iter().any(|role| role.administers());
    if own.as_ref().is_some_and(administers) {
        return Ok(own);
    }
    let alone = || -> Result<bool> {
        Ok(own.is_none() || !memberships::others_administer(tx, team, account.seq)?)
    };
    if account.operator && teams::find(tx, team)?.is_some() && alone()? {
        return Ok(Some(BTreeSet::from([Role::SuperAdmin])));
    }
    Ok(own.filter(|roles| !roles.is_empty()))
}

/// Whether the team switched passwords off, which is how everybody signs in to the console.
fn refuses_passwords(tx: &impl Reads, team: Seq) -> Result<bool> {
    let team = teams::find(tx, team)?;
    Ok(team.is_some_and(|team| team.built_ins_off.contains(&BuiltIn::Password)))
}

fn is_in_team_without_passwords(tx: &impl Reads, account: Seq) -> Result<bool> {
    for (team, user) in memberships::of_account(tx, account)? {
        let user = users::find(tx, team, user)?;
        if user.is_some_and(|user| user.state() == MemberState::Active)
            && refuses_passwords(tx, team)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn was_deactivated(tx: &impl Reads, account: Seq) -> Result<bool> {
    for (team, user) in memberships::of_account(tx, account)? {
        if users::find(tx, team, user)?.is_some_and(|u| u.state() == MemberState::Deactivated) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The holder of an account that signed in, for answering invites.
///
/// # Errors
/// [`Error::NotFound`] when the account is gone.
pub fn holder(tx: &impl Reads, account: Seq) -> Result<AccountHolder> {
    let account = rows::find(tx, account)?.ok_or_else(|| Error::not_found("account", account))?;
    Ok(AccountHolder::authenticated(&account))
}
