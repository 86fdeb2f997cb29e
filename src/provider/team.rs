//! Teams: making, naming and counting them for the operator; the SCIM toggle and the profile of one's own.

use std::collections::BTreeSet;

use super::{audit, roles, sso};
use crate::access::permission::ManageScim;
use crate::access::{May, Member, Operator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Invite, InviteOrigin, InviteState, Operation, Outcome, Team};
use crate::scim::Profile;
use crate::scim::profile::Setting;
use crate::store::{Reads, Write, groups, invites, keys, memberships, teams as rows, users};

/// Most characters of a team's name.
pub const NAME_MAXIMUM: usize = 100;

/// Makes a team with SCIM off, as a new Postman team has it, and the standard profile.
///
/// # Errors
/// The name is empty, too long or taken.
pub fn create(tx: &Write<'_>, operator: &Operator, name: &str, now: Timestamp) -> Result<Team> {
    create_with(tx, operator, name, Setting::default(), now)
}

/// Makes a team with SCIM off that starts with this profile.
///
/// # Errors
/// The name is empty, too long or taken; the setting has a switch that does not exist or does not take
/// its value.
pub fn create_with(
    tx: &Write<'_>,
    operator: &Operator,
    name: &str,
    profile: Setting,
    now: Timestamp,
) -> Result<Team> {
    checked(&profile)?;
    let team = Team {
        name: free_name(tx, name, None)?,
        seq: rows::next_seq(tx)?,
        scim_enabled: false,
        created: now,
        profile,
        revision: 0,
        audit_days: Team::AUDIT_DAYS,
        built_ins_off: BTreeSet::new(),
    };
    rows::put(tx, &team)?;
    let (by, operation) = (operator, Operation::TeamCreate);
    audit::of_action(tx, team.seq, by, now, operation, "", Outcome::Done)?;
    Ok(team)
}

/// Gives a team another name. Ids, keys and addresses stay as they are.
///
/// # Errors
/// [`Error::NotFound`]; the name is empty, too long or taken.
pub fn rename(
    tx: &Write<'_>,
    operator: &Operator,
    team: Seq,
    name: &str,
    now: Timestamp,
) -> Result<Team> {
    let mut team = find(tx, operator, team)?;
    let name = free_name(tx, name, Some(team.seq))?;
    let outcome = if team.name == name {
        Outcome::Unchanged
    } else {
        team.name = name;
        rows::put(tx, &team)?;
        Outcome::Done
    };
    let (by, operation) = (operator, Operation::TeamRename);
    audit::of_action(tx, team.seq, by, now, operation, "", outcome)?;
    Ok(team)
}

/// Names of teams are compared without regard to case, so that nobody has to guess which one is meant.
fn free_name(tx: &impl Reads, name: &str, own: Option<Seq>) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAXIMUM || name.chars().any(char::is_control)
    {
        return Err(Error::field(
            "name",
            format!("Give the team a name of 1 to {NAME_MAXIMUM} characters."),
        ));
    }
    let folded = name.to_lowercase();
    let taken = rows::list(tx)?
        .iter()
        .any(|team| Some(team.seq) != own && team.name.to_lowercase() == folded);
    if taken {
        return Err(Error::field(
            "name",
            "Another team has this name. Choose a different one.",
        ));
    }
    Ok(name.to_owned())
}

/// The team of a member.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &impl Reads, member: &Member) -> Result<Team> {
    rows::find(tx, member.team)?.ok_or_else(|| Error::not_found("team", member.team))
}

/// Every team, oldest first.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, _operator: &Operator) -> Result<Vec<Team>> {
    Ok(rows::list(tx)?)
}

/// The teams in which somebody is an active member, oldest first.
///
/// # Errors
/// The store's.
pub fn of_account(tx: &impl Reads, account: Seq) -> Result<Vec<Team>> {
    let mut teams = Vec::new();
    for (team, _) in memberships::of_account(tx, account)? {
        if roles::of_account(tx, team, account)?.is_some_and(|roles| !roles.is_empty()) {
            teams.extend(rows::find(tx, team)?);
        }
    }
    Ok(teams)
}

/// Any team, for the operator.
///
/// # Errors
/// [`Error::NotFound`].
pub fn find(tx: &impl Reads, _operator: &Operator, team: Seq) -> Result<Team> {
    rows::find(tx, team)?.ok_or_else(|| Error::not_found("Team", team))
}

/// A team and how much is in it.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The team.
    pub team: Team,
    /// Its members, deactivated ones too.
    pub members: u64,
    /// Its groups.
    pub groups: u64,
    /// Its keys that open the endpoint, were SCIM on.
    pub keys: u64,
}

/// How much is in a team.
///
/// # Errors
/// The store's.
pub fn overview(
    tx: &impl Reads,
    _operator: &Operator,
    team: Team,
    now: Timestamp,
) -> Result<Overview> {
    let keys = keys::list(tx, team.seq)?;
    Ok(Overview {
        members: users::count(tx, team.seq)?,
        groups: groups::count(tx, team.seq)?,
        keys: keys.iter().filter(|key| key.opens_at(now)).count() as u64,
        team,
    })
}

/// Chooses what the team's SCIM endpoint is like, from the next request on.
///
/// # Errors
/// A switch that does not exist or does not take its value.
pub fn set_profile(
    tx: &Write<'_>,
    member: &May<ManageScim>,
    setting: Setting,
    now: Timestamp,
) -> Result<Team> {
    checked(&setting)?;
    let mut team = get(tx, member)?;
    let outcome = if team.profile == setting {
        Outcome::Unchanged
    } else {
        team.profile = setting;
        team.revision += 1;
        rows::put(tx, &team)?;
        Outcome::Done
    };
    record(tx, member, now, Operation::ProfileChoose, outcome)?;
    Ok(team)
}

fn checked(setting: &Setting) -> Result<()> {
    match Profile::resolve(setting) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::field("profile", error.to_string())),
    }
}

/// *Turn On* and off. Keys keep; while SCIM is off every request with them is answered with 403. Turning on
/// needs exactly one SSO method; where it is on already nothing is asked.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when no SSO method, or more than one, is in use.
pub fn set_scim_enabled(
    tx: &Write<'_>,
    member: &May<ManageScim>,
    enabled: bool,
    now: Timestamp,
) -> Result<Team> {
    let mut team = get(tx, member)?;
    let outcome = if team.scim_enabled == enabled {
        Outcome::Unchanged
    } else {
        if enabled {
            sso::require_exactly_one(tx, team.seq)?;
        }
        team.scim_enabled = enabled;
        rows::put(tx, &team)?;
        Outcome::Done
    };
    let operation = if enabled {
        Operation::ScimTurnOn
    } else {
        Operation::ScimTurnOff
    };
    record(tx, member, now, operation, outcome)?;
    Ok(team)
}

/// What turning SCIM off leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurningOff {
    /// Keys that stop answering.
    pub keys: u64,
    /// Invites sent by SCIM that are pending.
    pub invites: u64,
    /// Members, deactivated ones too.
    pub members: u64,
    /// Groups.
    pub groups: u64,
}

/// Counts what turning SCIM off at `now` leaves behind.
///
/// # Errors
/// The store's.
pub fn effects_of_turning_off(
    tx: &impl Reads,
    member: &May<ManageScim>,
    now: Timestamp,
) -> Result<TurningOff> {
    let (keys, invites) = (
        keys::list(tx, member.team)?,
        invites::list(tx, member.team)?,
    );
    let of_scim = |invite: &&Invite| {
        invite.state == InviteState::Pending && invite.origin == InviteOrigin::Scim
    };
    Ok(TurningOff {
        keys: keys.iter().filter(|key| key.opens_at(now)).count() as u64,
        invites: invites.iter().filter(of_scim).count() as u64,
        members: users::count(tx, member.team)?,
        groups: groups::count(tx, member.team)?,
    })
}

fn record(
    tx: &Write<'_>,
    member: &Member,
    now: Timestamp,
    operation: Operation,
    outcome: Outcome,
) -> Result<()> {
    audit::of_action(tx, member.team, member, now, operation, "", outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Options, Store};

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    #[test]
    fn names_of_teams_are_unique_in_any_case_and_a_team_may_keep_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Options::new(folder.path())).unwrap();
        let operator = Operator::of_this_process();
        store
            .write(move |tx| {
                let acme = create(tx, &operator, " Acme ", NOW)?;
                let other = create(tx, &operator, "Other", NOW)?;
                assert_eq!(acme.name, "Acme");
                for name in ["", "   ", "ACME", "a\u{7}b", &"n".repeat(101)] {
                    let made = create(tx, &operator, name, NOW);
                    assert!(
                        matches!(made, Err(Error::Field { field: "name", .. })),
                        "{name:?}"
                    );
                    let renamed = rename(tx, &operator, other.seq, name, NOW);
                    assert!(renamed.is_err(), "{name:?}");
                }
                assert_eq!(rename(tx, &operator, acme.seq, "acme", NOW)?.name, "acme");
                assert!(matches!(
                    rename(tx, &operator, Seq(9), "Nobody", NOW),
                    Err(Error::NotFound { .. })
                ));
                let names = list(tx, &operator)?.into_iter().map(|team| team.name);
                assert_eq!(names.collect::<Vec<_>>(), ["acme", "Other"]);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
