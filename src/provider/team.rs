//! The team itself: making one, and its SCIM toggle.

use crate::access::{Member, Operator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::Team;
use crate::scim::Profile;
use crate::scim::profile::Setting;
use crate::store::{Reads, Write, teams as rows};

/// Makes a team with SCIM off, as a new Postman team has it.
///
/// # Errors
/// The name is empty or longer than 100 characters.
pub fn create(tx: &Write<'_>, _operator: &Operator, name: &str, now: Timestamp) -> Result<Team> {
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
pub fn set_profile(tx: &Write<'_>, member: &Member, setting: Setting) -> Result<Team> {
    Profile::resolve(&setting).map_err(|error| Error::field("profile", error.to_string()))?;
    let mut team = get(tx, member)?;
    if team.profile != setting {
        team.profile = setting;
        team.revision += 1;
        rows::put(tx, &team)?;
    }
    Ok(team)
}

/// *Turn On* and off. Keys keep; while SCIM is off every request with them is answered with 403.
///
/// # Errors
/// [`Error::NotFound`].
pub fn set_scim_enabled(tx: &Write<'_>, member: &Member, enabled: bool) -> Result<Team> {
    let mut team = get(tx, member)?;
    if team.scim_enabled != enabled {
        team.scim_enabled = enabled;
        rows::put(tx, &team)?;
    }
    Ok(team)
}
