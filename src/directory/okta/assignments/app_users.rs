//! Assignments of people: assign, change, provision, take away.

use super::super::evaluation::Evaluator;
use super::super::events::{Cause as Doer, EventType};
use super::super::refusal::{BLANK, NotNow, Refusal, Result};
use super::super::{orgs, users};
use super::values::{self, New};
use super::{app, end, granting, rows, tell};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{AppUser, AssignmentScope, Profile, PushStatus, UserStatus};
use crate::store::okta::AppKey;
use crate::store::{Reads, Write};

/// Longest name that an app knows a person by, in characters.
const USER_NAME_LIMIT: usize = 255;

/// What is typed for an assignment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AppUserChange {
    /// `credentials.userName`; that of the mapping when it is not given.
    pub user_name: Option<String>,
    /// `profile`; null clears.
    pub profile: Profile,
}

/// The assignment of a person.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, key: AppKey, user: Seq) -> Result<AppUser> {
    rows::find(tx, key, user)?.ok_or_else(|| Refusal::not_found("AppUser", user))
}

/// Assigns a person. Whoever is assigned through a group only is assigned in person from now on; whoever is assigned in
/// person already gets what was typed.
///
/// # Errors
/// `State` for somebody who is deactivated, `Invalid` for values that the app's profile does not take or lacks,
/// `NotFound`, the store's.
pub fn assign_user(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    user: Seq,
    change: &AppUserChange,
    now: Timestamp,
) -> Result<AppUser> {
    let found = app(tx, key)?;
    let user = users::get(tx, key.org, user)?;
    if user.status == UserStatus::Deprovisioned {
        return Err(Refusal::State(NotNow::Status));
    }
    let typed = values::checked(&found, &change.profile)?;
    let user_name = checked_name(change.user_name.as_deref())?;
    let org = orgs::get(tx, key.org)?;
    let evaluator = Evaluator::new(tx, &org, found)?;
    let doer = Doer::Administrator(administrator);
    let Some(assigned) = rows::find(tx, key, user.seq)? else {
        let new = New {
            scope: AssignmentScope::User,
            user_name,
            typed: typed
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
            groups: &[],
        };
        return values::assign(tx, doer, &evaluator, &user, new, now);
    };
    let mut new = assigned.clone();
    new.scope = AssignmentScope::User;
    apply(&mut new, user_name, typed);
    let new = values::save(tx, doer, &evaluator, (&assigned, new), &user, false, now)?;
    if new != assigned {
        let kind = EventType::MembershipUpdate;
        tell(
            tx,
            doer,
            (key, &evaluator.app),
            kind,
            (&new.user_name, &user),
            now,
        )?;
    }
    Ok(new)
}

/// Changes what an assignment says.
///
/// # Errors
/// `Mapped` for another value of an attribute that a mapping keeps up to date, else as [`assign_user`].
pub fn update_app_user(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    user: Seq,
    change: &AppUserChange,
    now: Timestamp,
) -> Result<AppUser> {
    let found = app(tx, key)?;
    let assigned = get(tx, key, user)?;
    let user = users::get(tx, key.org, user)?;
    let typed = values::checked(&found, &change.profile)?;
    let user_name = checked_name(change.user_name.as_deref())?;
    if found.to_app.update_attributes {
        for (name, value) in &typed {
            let mapped = found.attribute(name).and_then(|one| one.mapping.as_ref());
            if mapped.is_some_and(|mapping| mapping.push == PushStatus::Push)
                && assigned.profile.get(name) != value.as_ref()
            {
                let attribute = name.clone();
                return Err(Refusal::Mapped { attribute });
            }
        }
    }
    let org = orgs::get(tx, key.org)?;
    let evaluator = Evaluator::new(tx, &org, found)?;
    let doer = Doer::Administrator(administrator);
    let mut new = assigned.clone();
    apply(&mut new, user_name, typed);
    let new = values::save(tx, doer, &evaluator, (&assigned, new), &user, false, now)?;
    if new != assigned {
        let kind = EventType::MembershipUpdate;
        tell(
            tx,
            doer,
            (key, &evaluator.app),
            kind,
            (&new.user_name, &user),
            now,
        )?;
    }
    Ok(new)
}

/// Ends the assignment of a person. Whoever is in a group that assigns stays assigned through it.
///
/// # Errors
/// `Invalid` for somebody who is assigned through groups only, `NotFound`, the store's.
pub fn unassign_user(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    user: Seq,
    now: Timestamp,
) -> Result<()> {
    let found = app(tx, key)?;
    let assigned = get(tx, key, user)?;
    let user = users::get(tx, key.org, user)?;
    if assigned.scope == AssignmentScope::Group {
        let sentence = "The user is assigned through a group; take the user out of it, or the group from the app";
        return Err(Refusal::field("appUser", "user", sentence));
    }
    let doer = Doer::Administrator(administrator);
    if granting(tx, key, user.seq)?.is_empty() {
        return end(tx, doer, (key, &found), &assigned, &user, now);
    }
    let org = orgs::get(tx, key.org)?;
    let evaluator = Evaluator::new(tx, &org, found)?;
    let of_group = AppUser {
        scope: AssignmentScope::Group,
        typed: Profile::new(),
        ..assigned
    };
    rows::put(tx, key, &of_group)?;
    values::refresh(tx, doer, &evaluator, &of_group, (None, &user), false, now)?;
    Ok(())
}

fn apply(
    assigned: &mut AppUser,
    user_name: Option<&str>,
    typed: Vec<(String, Option<serde_json::Value>)>,
) {
    if let Some(name) = user_name {
        name.clone_into(&mut assigned.user_name);
    }
    for (name, value) in typed {
        values::set(&mut assigned.profile, &name, value.clone());
        match value {
            Some(value) => drop(assigned.typed.insert(name, value)),
            None => drop(assigned.typed.remove(&name)),
        }
    }
}

fn checked_name(name: Option<&str>) -> Result<Option<&str>> {
    let Some(name) = name.map(str::trim) else {
        return Ok(None);
    };
    if name.is_empty() {
        return Err(Refusal::field("appUser", "userName", BLANK));
    }
    if name.chars().count() > USER_NAME_LIMIT {
        let long =
            format!("The field is too long. It may have at most {USER_NAME_LIMIT} characters");
        return Err(Refusal::field("appUser", "userName", long));
    }
    Ok(Some(name))
}
