//! The team itself: making one, and its SCIM toggle.

use super::audit;
use crate::access::{Member, Operator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{Operation, Outcome, Team};
use crate::scim::Profile;
use crate::scim::profile::Setting;
use crate::store::{Reads, Write, teams as rows};

/// Makes a team with SCIM off, as a new Postman team has it.
///
/// # Errors
/// The name is empty or longer than 100 characters.
pub fn create(tx: &Write<'_>, operator: &Operator, name: &str, now: Timestamp) -> Result<Team> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::field(
            "name",
            "Give the team a name of 1 to 100 characters.",
        ));
    }
    let team = Team {
        seq: rows::next_seq(tx)?,
        name: name.to_owned(),
        scim_enabled: false,
        created: now,
        profile: Setting::default(),
        revision: 0,
    };
    rows::put(tx, &team)?;
    let (by, operation) = (operator.actor(), Operation::TeamCreate);
    audit::of_action(tx, team.seq, by, now, operation, "", Outcome::Done)?;
    Ok(team)
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

/// Chooses what the team's SCIM endpoint is like, from the next request on.
///
/// # Errors
/// A switch that does not exist or does not take its value.
pub fn set_profile(
    tx: &Write<'_>,
    member: &Member,
    setting: Setting,
    now: Timestamp,
) -> Result<Team> {
    Profile::resolve(&setting).map_err(|error| Error::field("profile", error.to_string()))?;
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

/// *Turn On* and off. Keys keep; while SCIM is off every request with them is answered with 403.
///
/// # Errors
/// [`Error::NotFound`].
pub fn set_scim_enabled(
    tx: &Write<'_>,
    member: &Member,
    enabled: bool,
    now: Timestamp,
) -> Result<Team> {
    let mut team = get(tx, member)?;
    let outcome = if team.scim_enabled == enabled {
        Outcome::Unchanged
    } else {
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

fn record(
    tx: &Write<'_>,
    member: &Member,
    now: Timestamp,
    operation: Operation,
    outcome: Outcome,
) -> Result<()> {
    audit::of_action(tx, member.team, member.actor(), now, operation, "", outcome)
}
