//! What people do to their own account and memberships: name, password, leaving a team.
//!
//! While SCIM is on for a team somebody is on, that person's account belongs to the identity provider's side:
//! Postman then lets nobody leave the team or change e-mail address or password, and says "contact a Team
//! Admin" (Learning Center, "SCIM provisioning overview"). The address changes nowhere here: it is the sign-in
//! name under which teams and identity providers know the account, so a new address is another account
//! (`provider::membership`).
//!
//! Operators are the way back in when all else fails, so they may always change their password, and leave
//! no last team.

use super::{membership, roles, users};
use crate::access::AccountHolder;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Account, KeyStatus, MemberState, Operation, Outcome, Role, Team, User};
use crate::secret::PasswordHash;
use crate::store::{
    Reads, Write, accounts as account_rows, groups, keys, memberships, sessions, teams,
    users as rows,
};

use super::{accounts, audit};

/// A team of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTeam {
    /// Row of the team.
    pub team: Seq,
    /// Its name.
    pub name: String,
    /// How one stands there.
    pub state: MemberState,
    /// Roles of one's own.
    pub roles: Vec<Role>,
    /// Roles that come through groups, with the group's name.
    pub through: Vec<(Role, String)>,
    /// Whether SCIM provisioning is on.
    pub managed: bool,
    /// Why one cannot leave; none when one can.
    pub stays: Option<String>,
}

/// The account of somebody who signed in.
///
/// # Errors
/// [`Error::NotFound`] when it is gone.
pub fn account(tx: &impl Reads, holder: &AccountHolder) -> Result<Account> {
    account_rows::find(tx, holder.account)?
        .ok_or_else(|| Error::not_found("account", holder.account))
}

/// Every team of one's own, the oldest first.
///
/// # Errors
/// The store's.
pub fn teams(tx: &impl Reads, holder: &AccountHolder) -> Result<Vec<OwnTeam>> {
    let mut found = Vec::new();
    for (team, user) in own(tx, holder)? {
        let through = roles::through(tx, team.seq, user.seq)?
            .into_iter()
            .map(|(role, group)| {
                let group = groups::find(tx, team.seq, group)?;
                let name = group.map_or_else(String::new, |group| group.display_name().to_owned());
                Ok((role, name))
            })
            .collect::<Result<_>>()?;
        found.push(OwnTeam {
            stays: why_to_stay(tx, holder, &team, &user)?,
            team: team.seq,
            name: team.name,
            state: user.state(),
            roles: user.roles.iter().copied().collect(),
            through,
            managed: team.scim_enabled,
        });
    }
    Ok(found)
}

fn own(tx: &impl Reads, holder: &AccountHolder) -> Result<Vec<(Team, User)>> {
    let mut found = Vec::new();
    for (team, user) in memberships::of_account(tx, holder.account)? {
        if let (Some(team), Some(user)) = (teams::find(tx, team)?, rows::find(tx, team, user)?) {
            found.push((team, user));
        }
    }
    Ok(found)
}

/// Teams that keep this person from changing the password: those where SCIM is on. None for operators.
///
/// # Errors
/// The store's.
pub fn managed_by(tx: &impl Reads, holder: &AccountHolder) -> Result<Vec<String>> {
    if account(tx, holder)?.operator {
        return Ok(Vec::new());
    }
    let managing = own(tx, holder)?
        .into_iter()
        .filter(|(team, user)| team.scim_enabled && user.state() == MemberState::Active);
    Ok(managing.map(|(team, _)| team.name).collect())
}

fn why_to_stay(
    tx: &impl Reads,
    holder: &AccountHolder,
    team: &Team,
    user: &User,
) -> Result<Option<String>> {
    Ok(if user.state() != MemberState::Active {
        Some("You are not active on this team. Its administrators can remove you.".to_owned())
    } else if team.scim_enabled {
        Some(format!(
            "SCIM provisioning is on for {}, so members cannot leave by themselves. Contact a Team Admin.",
            team.name
        ))
    } else if let Err(Error::Forbidden { detail }) =
        membership::keep_an_administrator(tx, team.seq, user)
    {
        Some(detail)
    } else if account(tx, holder)?.operator && !active_elsewhere(tx, holder, team.seq)? {
        Some(
            "You are an operator of this appliance and this is your last team: without one nobody signs in. \
             Join another team first."
                .to_owned(),
        )
    } else {
        None
    })
}

fn active_elsewhere(tx: &impl Reads, holder: &AccountHolder, team: Seq) -> Result<bool> {
    Ok(own(tx, holder)?
        .iter()
        .any(|(other, user)| other.seq != team && user.state() == MemberState::Active))
}

/// Changes the name that the console and mails call this person by. What SCIM says of a member stays.
///
/// # Errors
/// A name that is empty or too long.
pub fn rename(tx: &Write<'_>, holder: &AccountHolder, name: &str, now: Timestamp) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::field("name", "Enter your name."));
    }
    let old = account(tx, holder)?;
    let name = accounts::checked_name(name, &old.sign_in_name)?;
    if name == old.name {
        return Ok(());
    }
    account_rows::put(tx, &Account { name, ..old })?;
    record(tx, holder, now, Operation::AccountRename)
}

/// Replaces the password and ends every session of the account. The present password was checked before.
///
/// # Errors
/// [`Error::Forbidden`] while a team with SCIM on has this person.
pub fn change_password(
    tx: &Write<'_>,
    holder: &AccountHolder,
    password: PasswordHash,
    now: Timestamp,
) -> Result<()> {
    if let Some(team) = managed_by(tx, holder)?.first() {
        return Err(Error::Forbidden {
            detail: password_belongs_to(team),
        });
    }
    let account = Account {
        password: Some(password),
        ..account(tx, holder)?
    };
    account_rows::put(tx, &account)?;
    sessions::end_all(tx, account.seq)?;
    record(tx, holder, now, Operation::PasswordChange)
}

/// Why a member of this team cannot change the password.
pub fn password_belongs_to(team: &str) -> String {
    format!(
        "SCIM provisioning is on for {team}, so members cannot change their e-mail address or password. Contact a \
         Team Admin."
    )
}

/// The names of this account's SCIM API keys of a team, which stop working when it leaves.
///
/// # Errors
/// The store's.
pub fn keys_that_stop(tx: &impl Reads, holder: &AccountHolder, team: Seq) -> Result<Vec<String>> {
    let all = keys::list(tx, team)?;
    let own = all
        .into_iter()
        .filter(|key| key.author == Some(holder.account) && key.status == KeyStatus::Active);
    Ok(own.map(|key| key.name).collect())
}

/// Leaves a team.
///
/// # Errors
/// [`Error::NotFound`] for a team that is not one's own; [`Error::Forbidden`] with why one stays.
pub fn leave(tx: &Write<'_>, holder: &AccountHolder, team: Seq, now: Timestamp) -> Result<Team> {
    let found = own(tx, holder)?.into_iter().find(|(t, _)| t.seq == team);
    let (team, user) = found.ok_or_else(|| Error::not_found("Team", team))?;
    if let Some(detail) = why_to_stay(tx, holder, &team, &user)? {
        return Err(Error::Forbidden { detail });
    }
    audit::Entry::new(holder, now, Operation::TeamLeave, Outcome::Done)
        .of_user(&user)
        .write(tx, team.seq)?;
    users::remove(tx, team.seq, &user, now)?;
    Ok(team)
}

/// In the record of every team one is on.
fn record(
    tx: &Write<'_>,
    holder: &AccountHolder,
    now: Timestamp,
    operation: Operation,
) -> Result<()> {
    for (team, user) in own(tx, holder)? {
        audit::Entry::new(holder, now, operation, Outcome::Done)
            .of_user(&user)
            .write(tx, team.seq)?;
    }
    Ok(())
}
