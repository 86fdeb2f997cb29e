//! Accounts that sign in to the console: the first administrator, sign-in, recovery.
//!
//! Hashing a password takes tens of milliseconds, so it happens before a write closure and its result
//! comes in as an argument.

use std::time::Duration;

use crate::access::{Member, Operator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Account, SetupLink};
use crate::secret::{PasswordHash, Plain};
use crate::store::{Reads, Write, accounts as rows, teams};

/// How long a setup link is good for.
pub const SETUP_LINK_LIFE: Duration = Duration::from_mins(30);

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
    Ok(rows::is_empty(tx)?
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
    upsert(tx, email, name, password, now)
}

/// Creates an administrator, or gives an existing one a new password and ends its sessions. For the
/// command line and for bootstrap settings only.
///
/// # Errors
/// A bad address or name.
pub fn upsert(
    tx: &Write<'_>,
    email: &str,
    name: &str,
    password: PasswordHash,
    now: Timestamp,
) -> Result<Account> {
    let email = checked_email(email)?;
    let account = match rows::find_by_email(tx, email)? {
        Some(old) => {
            rows::sweep_sessions(tx, now, Some(old.seq))?;
            Account { password, ..old }
        }
        None => Account {
            seq: rows::next_seq(tx)?,
            email: email.to_owned(),
            name: checked_name(name, email)?,
            password,
            created: now,
        },
    };
    rows::put(tx, &account)?;
    Ok(account)
}

fn checked_email(email: &str) -> Result<&str> {
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

fn checked_name(name: &str, email: &str) -> Result<String> {
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

/// The account a sign-in form speaks of, for checking the password outside the transaction.
///
/// # Errors
/// The store's.
pub fn find_by_email(tx: &impl Reads, email: &str) -> Result<Option<Account>> {
    Ok(rows::find_by_email(tx, email)?)
}

/// Checks a password; takes as long for an unknown address as for a known one.
pub fn verify(account: Option<Account>, password: &Plain) -> Option<Account> {
    match account {
        Some(account) => account.password.verify(password).then_some(account),
        None => {
            PasswordHash::verify_nothing(password);
            None
        }
    }
}

/// Who a signed-in account is: operator, and member of the team that was chosen; of the first one when none
/// was, or when it is gone.
///
/// # Errors
/// [`Error::NotFound`] when the account is gone, or there is no team.
pub fn signed_in(
    tx: &impl Reads,
    account: Seq,
    chosen: Option<Seq>,
) -> Result<(Account, Member, Operator)> {
    let account = rows::find(tx, account)?.ok_or_else(|| Error::not_found("account", account))?;
    let chosen = match chosen {
        Some(team) => teams::find(tx, team)?,
        None => None,
    };
    let team = match chosen {
        Some(team) => Some(team),
        None => teams::first(tx)?,
    };
    let team = team.ok_or_else(|| Error::not_found("team", "1"))?;
    let member = Member::authenticated(team.seq, &account);
    let operator = Operator::authenticated(&account);
    Ok((account, member, operator))
}
