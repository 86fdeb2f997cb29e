//! Do an org of the mock Okta and the team agree? Asked of both stores, not of the wire, so that a passing
//! demonstration proves the wire.
//!
//! Who is assigned must be there under the same user name, with the same given and family name, and active. Whoever the
//! app provisioned and is no longer assigned must be inactive.

use crate::error::Result;
use crate::id::{ScimId, Seq};
use crate::model::User;
use crate::model::okta::{AppUser, Profile};
use crate::store::okta::{AppKey, app_users, users as people};
use crate::store::{Reads, users};

/// App users read at once.
const PAGE: usize = 500;

/// A person of the org, and how the team has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub name: String,
    /// Whether the person is assigned.
    pub assigned: bool,
    /// What differs; empty when both agree.
    pub mismatches: Vec<String>,
}

/// Compares everybody who is assigned to an app, and everybody in `before` who is not any more, with a team.
///
/// # Errors
/// The store's.
pub fn compare(
    tx: &impl Reads,
    key: AppKey,
    team: Seq,
    before: &[(Seq, String)],
) -> Result<Vec<Standing>> {
    let mut standings = Vec::new();
    let mut after = Seq(0);
    loop {
        let page = app_users::after(tx, key, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.user;
        for one in &page {
            standings.push(Standing {
                name: name_of(tx, key.org, one.user)?,
                assigned: true,
                mismatches: assigned(tx, team, one)?,
            });
        }
    }
    for (user, external_id) in before {
        if app_users::find(tx, key, *user)?.is_some() {
            continue;
        }
        let account = account(tx, team, external_id)?;
        let active = account.is_some_and(|account| account.active());
        standings.push(Standing {
            name: name_of(tx, key.org, *user)?,
            assigned: false,
            mismatches: if active {
                vec!["active in the team but no longer assigned".to_owned()]
            } else {
                Vec::new()
            },
        });
    }
    Ok(standings)
}

/// The accounts of everybody who is assigned: row of the person, and the id at the target.
///
/// # Errors
/// The store's.
pub fn accounts(tx: &impl Reads, key: AppKey) -> Result<Vec<(Seq, String)>> {
    let mut found = Vec::new();
    let mut after = Seq(0);
    loop {
        let page = app_users::after(tx, key, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = last.user;
        let known = page.into_iter();
        found.extend(known.filter_map(|one| Some((one.user, one.external_id?))));
    }
}

fn name_of(tx: &impl Reads, org: Seq, user: Seq) -> Result<String> {
    let person = people::find(tx, org, user)?;
    Ok(person.map_or_else(
        || "somebody who was deleted".to_owned(),
        |p| p.display_name(),
    ))
}

fn account(tx: &impl Reads, team: Seq, external_id: &str) -> Result<Option<User>> {
    match external_id.parse::<ScimId>() {
        Ok(id) => Ok(users::find_by_id(tx, team, &id)?),
        Err(_) => Ok(None),
    }
}

fn assigned(tx: &impl Reads, team: Seq, one: &AppUser) -> Result<Vec<String>> {
    let Some(external_id) = &one.external_id else {
        let why = one.error.clone().unwrap_or_else(|| "still waiting".into());
        return Ok(vec![format!("has no account: {why}")]);
    };
    let Some(account) = account(tx, team, external_id)? else {
        return Ok(vec!["is not in the team".to_owned()]);
    };
    let mut mismatches = Vec::new();
    if !account.active() {
        mismatches.push("not active in the team".to_owned());
    }
    if account.user_name() != one.user_name {
        mismatches.push(format!("userName is {}", account.user_name()));
    }
    let given = |name: &str| account.attributes.get("name").and_then(|all| all.get(name));
    for name in ["givenName", "familyName"] {
        let (wanted, found) = (
            text(&one.profile, name),
            given(name).and_then(|v| v.as_str()),
        );
        if wanted != found {
            mismatches.push(format!("{name} is {}", found.unwrap_or("not there")));
        }
    }
    Ok(mismatches)
}

fn text<'a>(profile: &'a Profile, name: &str) -> Option<&'a str> {
    profile.get(name).and_then(|value| value.as_str())
}
