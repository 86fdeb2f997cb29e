//! What an app user's profile consists of: values of groups, mappings, and what was typed.
//!
//! At an assignment: what was typed, else the highest group that has a value, else the mapping. Later: the group's
//! value, else the mapping if it is applied on updates too, else what is there already.

use serde_json::Value;

use super::super::evaluation::{Evaluated, Evaluator, typed};
use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::refusal::{BLANK, Cause, Refusal, Result};
use super::super::user_schema::check_value;
use super::{granting, rows, tell};
use crate::clock::Timestamp;
use crate::model::okta::{
    AppAttribute, AppGroup, AppUser, AppUserStatus, AssignmentScope, JobKind, OktaApp, OktaUser,
    Profile, PushStatus, SyncState,
};
use crate::store::okta::jobs;
use crate::store::{Reads as _, Write};

/// How somebody comes to be assigned.
pub(super) struct New<'a> {
    pub(super) scope: AssignmentScope,
    pub(super) user_name: Option<&'a str>,
    pub(super) typed: Profile,
    pub(super) groups: &'a [AppGroup],
}

/// Assigns somebody who is not assigned yet.
pub(super) fn assign(
    tx: &Write<'_>,
    doer: Doer<'_>,
    evaluator: &Evaluator,
    user: &OktaUser,
    new: New<'_>,
    now: Timestamp,
) -> Result<AppUser> {
    let (key, app) = (evaluator.key(), &evaluator.app);
    let evaluated = evaluator.evaluate(tx, user, None, now)?;
    let mut profile = evaluated.values.clone();
    for attribute in &app.attributes {
        if let Some(value) = of_groups(attribute, new.groups) {
            profile.insert(attribute.name.clone(), value);
        }
    }
    profile.extend(new.typed.clone());
    if new.scope == AssignmentScope::User {
        required(app, &profile)?;
    }
    let provisions = app.provisions();
    let assigned = AppUser {
        user: user.seq,
        scope: new.scope,
        status: if provisions {
            AppUserStatus::Staged
        } else {
            AppUserStatus::Active
        },
        sync_state: if provisions {
            SyncState::OutOfSync
        } else {
            SyncState::Disabled
        },
        external_id: None,
        user_name: new
            .user_name
            .map_or_else(|| evaluated.user_name.clone(), str::to_owned),
        profile,
        typed: new.typed,
        pushed: None,
        pushed_user_name: None,
        error: None,
        remote_inactive: false,
        created: now,
        last_updated: now,
        status_changed: now,
        last_sync: None,
        password_changed: None,
    };
    rows::put(tx, key, &assigned)?;
    let kind = EventType::MembershipAdd;
    tell(tx, doer, (key, app), kind, (&assigned.user_name, user), now)?;
    tell_invalid(tx, doer, evaluator, &evaluated, &assigned, user, now)?;
    if provisions && user.status.is_provisioned() {
        jobs::enqueue(tx, key, JobKind::Provision { user: user.seq }, now)?;
    }
    Ok(assigned)
}

/// Evaluates the mappings of somebody again after the person changed (`old`), the groups, or the mappings themselves.
pub(super) fn refresh(
    tx: &Write<'_>,
    doer: Doer<'_>,
    evaluator: &Evaluator,
    assigned: &AppUser,
    (old, user): (Option<&OktaUser>, &OktaUser),
    force: bool,
    now: Timestamp,
) -> Result<AppUser> {
    let (key, app) = (evaluator.key(), &evaluator.app);
    let evaluated = evaluator.evaluate(tx, user, Some(&assigned.profile), now)?;
    let groups = match assigned.scope {
        AssignmentScope::Group => granting(tx, key, user.seq)?,
        AssignmentScope::User => Vec::new(),
    };
    let mut new = assigned.clone();
    for attribute in &app.attributes {
        let name = attribute.name.as_str();
        let wanted = match (of_groups(attribute, &groups), evaluator.push_of(name)) {
            (Some(value), _) => Some(value),
            (None, Some(PushStatus::Push)) => {
                if evaluated.invalid.iter().any(|(invalid, _)| invalid == name) {
                    continue;
                }
                evaluated.values.get(name).cloned()
            }
            (None, None) if assigned.scope == AssignmentScope::Group => {
                assigned.typed.get(name).cloned()
            }
            (None, Some(PushStatus::DontPush) | None) => continue,
        };
        set(&mut new.profile, name, wanted);
    }
    if app.username.push == PushStatus::Push {
        let before = match old {
            Some(old) => Some(evaluator.user_name(tx, old, Some(&assigned.profile), now)?),
            None => None,
        };
        // A name that was typed stays until what it would have been without changes.
        if before.as_ref() != Some(&evaluated.user_name) {
            new.user_name.clone_from(&evaluated.user_name);
        }
    }
    tell_invalid(tx, doer, evaluator, &evaluated, &new, user, now)?;
    save(tx, doer, evaluator, (assigned, new), user, force, now)
}

/// The value that groups give, the highest first: that of the first which has one, or of an attribute that combines them
/// the elements of all, each once.
fn of_groups(attribute: &AppAttribute, groups: &[AppGroup]) -> Option<Value> {
    let mut given = groups
        .iter()
        .filter_map(|group| group.profile.get(&attribute.name));
    if !attribute.union {
        return given.next().cloned();
    }
    let mut all: Option<Vec<Value>> = None;
    for element in given.filter_map(Value::as_array).flatten() {
        let all = all.get_or_insert_default();
        if !all.contains(element) {
            all.push(element.clone());
        }
    }
    all.map(Value::Array)
}

/// Keeps a changed app user, and tells the target if it is to be told.
pub(super) fn save(
    tx: &Write<'_>,
    doer: Doer<'_>,
    evaluator: &Evaluator,
    (old, mut new): (&AppUser, AppUser),
    user: &OktaUser,
    force: bool,
    now: Timestamp,
) -> Result<AppUser> {
    let (key, app) = (evaluator.key(), &evaluator.app);
    let changed = new.profile != old.profile || new.user_name != old.user_name;
    if new != *old {
        new.last_updated = now;
    }
    if (changed || force)
        && app.provisions()
        && app.to_app.update_attributes
        && new.external_id.is_some()
        && user.status.is_provisioned()
    {
        new.sync_state = SyncState::OutOfSync;
        jobs::enqueue(tx, key, JobKind::PushProfile { user: user.seq }, now)?;
    }
    if new != *old {
        rows::put(tx, key, &new)?;
    }
    if new.user_name != old.user_name {
        let kind = EventType::MembershipChangeUsername;
        tell(tx, doer, (key, app), kind, (&new.user_name, user), now)?;
    }
    Ok(new)
}

/// An attribute that had a value and has none now is the empty text: cleared.
pub(in crate::directory::okta) fn set(profile: &mut Profile, name: &str, value: Option<Value>) {
    match (value, profile.contains_key(name)) {
        (Some(value), _) => drop(profile.insert(name.to_owned(), value)),
        (None, true) => drop(profile.insert(name.to_owned(), Value::String(String::new()))),
        (None, false) => {}
    }
}

/// What somebody typed, as the app's profile has it; null clears.
pub(super) fn checked(app: &OktaApp, given: &Profile) -> Result<Vec<(String, Option<Value>)>> {
    let mut causes = Vec::new();
    let mut values = Vec::new();
    for (name, value) in given {
        let Some(attribute) = app.attribute(name) else {
            causes.push(Cause::new(
                "",
                format!("Property name '{name}' is not defined in profile"),
            ));
            continue;
        };
        match typed(attribute.data_type, value.clone()) {
            Ok(Some(value)) => {
                let lengths = (attribute.min_length, attribute.max_length);
                match check_value(&attribute.values, lengths, &value) {
                    Ok(()) => values.push((name.clone(), Some(value))),
                    Err(why) => causes.push(Cause::new(name, why)),
                }
            }
            Ok(None) => values.push((name.clone(), None)),
            Err(why) => causes.push(Cause::new(name, why)),
        }
    }
    if causes.is_empty() {
        Ok(values)
    } else {
        let subject = "appUser";
        Err(Refusal::Invalid { subject, causes })
    }
}

fn required(app: &OktaApp, profile: &Profile) -> Result<()> {
    let causes: Vec<Cause> = app
        .attributes
        .iter()
        .filter(|attribute| attribute.required && !profile.contains_key(&attribute.name))
        .map(|attribute| Cause::new(&attribute.name, BLANK))
        .collect();
    if causes.is_empty() {
        Ok(())
    } else {
        let subject = "appUser";
        Err(Refusal::Invalid { subject, causes })
    }
}

fn tell_invalid(
    tx: &Write<'_>,
    doer: Doer<'_>,
    evaluator: &Evaluator,
    evaluated: &Evaluated,
    assigned: &AppUser,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    if evaluated.invalid.is_empty() {
        return Ok(());
    }
    let (key, mix) = (evaluator.key(), tx.mix());
    let what: Vec<String> = evaluated
        .invalid
        .iter()
        .map(|(name, why)| format!("{name}: {why}"))
        .collect();
    let targets = vec![
        events::app_user(mix, key, assigned, user),
        events::app(mix, key.org, &evaluator.app),
        events::user(mix, key.org, user),
    ];
    let event = Event::failure(EventType::InvalidExpression, &what.join("; "), targets);
    record(tx, key.org, doer, event, Vec::new(), now)?;
    Ok(())
}
