//! *Confirm Assignments*: an account is linked to a person who is there, or to one who is made for it (part 2.3 of the
//! Okta reference). Nothing is sent: the account is there already.

use super::super::assignments;
use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::refusal::{NotNow, Refusal, Result};
use super::super::users::{self, NewUser};
use super::super::{apps, orgs, push};
use super::evaluation::ToOktaEvaluator;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{
    AppUser, AppUserStatus, AssignmentScope, ImportResult, ImportedUser, JobKind, OktaApp,
    OktaUser, Profile, SyncState, UserStatus,
};
use crate::store::okta::imports::Found;
use crate::store::okta::{AppKey, app_users, groups as group_rows, imports as rows, jobs};
use crate::store::{Reads, Write};

/// Rows that are cleared at once before the rest is left to the queue.
const AT_ONCE: usize = 200;

/// What an administrator makes of an imported user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// *Exact match to* this person.
    Match(Seq),
    /// *New Okta user*.
    New,
    /// *Ignore*.
    Ignore,
}

fn get(tx: &impl Reads, key: AppKey, row: Seq) -> Result<ImportedUser> {
    rows::user(tx, key, row)?.ok_or_else(|| Refusal::not_found("ImportedUser", row))
}

/// Chooses what an imported user is, until it is confirmed.
///
/// # Errors
/// `State` for somebody who is deactivated, `Invalid` for somebody who has another account of the app, `NotFound`, the
/// store's.
pub fn choose(
    tx: &Write<'_>,
    _administrator: &OrgAdministrator,
    key: AppKey,
    row: Seq,
    choice: Choice,
) -> Result<ImportedUser> {
    let app = apps::get(tx, key)?;
    let mut imported = get(tx, key, row)?;
    imported.error = None;
    imported.chosen = choice != Choice::Ignore;
    (imported.result, imported.user) = match choice {
        Choice::Match(user) => {
            linkable(tx, key, &app, user)?;
            (ImportResult::Exact, Some(user))
        }
        Choice::New => (ImportResult::New, None),
        Choice::Ignore => (ImportResult::Ignored, imported.user),
    };
    rows::put_user(tx, key, &imported)?;
    Ok(imported)
}

/// *Confirm Assignments* for one row: the person who is assigned now. A person who is made is active at once with
/// `activate`.
///
/// # Errors
/// `Invalid` for a row that is ignored, for a person whose profile breaks a rule or whose login is taken; as [`choose`].
pub fn confirm(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    row: Seq,
    activate: bool,
    now: Timestamp,
) -> Result<AppUser> {
    let app = apps::get(tx, key)?;
    let imported = get(tx, key, row)?;
    let user = match imported.result {
        ImportResult::Exact | ImportResult::Partial => imported.user,
        ImportResult::New => {
            let evaluator = ToOktaEvaluator::new(&orgs::get(tx, key.org)?, app.clone());
            Some(make(tx, administrator, &evaluator, &imported, activate, now)?.seq)
        }
        ImportResult::Ignored => {
            let sentence = format!("{} is ignored", imported.user_name);
            return Err(Refusal::field("importedUser", "status", sentence));
        }
    };
    confirm_row(tx, administrator, (key, &app), &imported, user, now)
}

/// Makes a person for an imported user.
pub(super) fn make(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    evaluator: &ToOktaEvaluator,
    imported: &ImportedUser,
    activate: bool,
    now: Timestamp,
) -> Result<OktaUser> {
    let person = evaluator.evaluate(&imported.user_name, &imported.profile, now);
    let new = NewUser {
        activate,
        ..NewUser::active(person.profile)
    };
    users::create(tx, administrator, &new, now)
}

/// Somebody who may get an account of the app, with the assignment that is there already.
fn linkable(
    tx: &impl Reads,
    key: AppKey,
    app: &OktaApp,
    user: Seq,
) -> Result<(OktaUser, Option<AppUser>)> {
    let person = users::get(tx, key.org, user)?;
    if person.status == UserStatus::Deprovisioned {
        return Err(Refusal::State(NotNow::Status));
    }
    let assigned = app_users::find(tx, key, user)?;
    if assigned
        .as_ref()
        .is_some_and(|one| one.external_id.is_some())
    {
        let sentence = format!(
            "{} has another account of {} already",
            person.login(),
            app.label
        );
        return Err(Refusal::field("importedUser", "user", sentence));
    }
    Ok((person, assigned))
}

/// Links an imported user to a person; the row goes.
pub(super) fn confirm_row(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    (key, app): (AppKey, &OktaApp),
    imported: &ImportedUser,
    user: Option<Seq>,
    now: Timestamp,
) -> Result<AppUser> {
    let user = user.ok_or_else(|| Refusal::not_found("User", ""))?;
    let (person, before) = linkable(tx, key, app, user)?;
    let linked = AppUser {
        user,
        scope: before
            .as_ref()
            .map_or(AssignmentScope::User, |before| before.scope),
        status: AppUserStatus::Active,
        sync_state: SyncState::Synchronized,
        external_id: Some(imported.external_id.clone()),
        user_name: imported.user_name.clone(),
        profile: imported.profile.clone(),
        typed: Profile::new(),
        pushed: Some(imported.profile.clone()),
        pushed_user_name: Some(imported.user_name.clone()),
        error: None,
        remote_inactive: false,
        created: before.as_ref().map_or(now, |before| before.created),
        last_updated: now,
        status_changed: now,
        last_sync: Some(now),
        password_changed: None,
    };
    let doer = Doer::Administrator(administrator);
    if let Some(before) = &before {
        // What failed for want of an account is solved.
        assignments::solved(tx, key, before.user)?;
    }
    app_users::put(tx, key, &linked)?;
    rows::put_found(tx, key, Found::User, user, imported.run)?;
    rows::remove_user(tx, key, imported)?;
    let who = (linked.user_name.as_str(), &person);
    if before.is_none() {
        assignments::tell(tx, doer, (key, app), EventType::MembershipAdd, who, now)?;
    }
    assignments::tell(tx, doer, (key, app), EventType::ImportMatch, who, now)?;
    for group in group_rows::groups_of(tx, key.org, user)? {
        push::members_changed(tx, key.org, group, now)?;
    }
    Ok(linked)
}

/// *Clear Unconfirmed Users*: what waits for confirmation goes, and comes back with the next import.
///
/// # Errors
/// `NotFound`, the store's.
pub fn clear_unconfirmed(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    now: Timestamp,
) -> Result<()> {
    let app = apps::get(tx, key)?;
    if clear_page(tx, key, AT_ONCE)? {
        jobs::enqueue(tx, key, JobKind::ClearUnconfirmed, now)?;
    }
    let targets = vec![events::app(tx.mix(), key.org, &app)];
    let event = Event::success(EventType::ImportClear, targets);
    let doer = Doer::Administrator(administrator);
    record(tx, key.org, doer, event, Vec::new(), now)?;
    Ok(())
}

/// Clears up to `limit` rows; whether there are more.
///
/// # Errors
/// The store's.
pub fn clear_page(tx: &Write<'_>, key: AppKey, limit: usize) -> Result<bool> {
    let mut left = limit;
    for result in [
        ImportResult::Exact,
        ImportResult::Partial,
        ImportResult::New,
    ] {
        for imported in rows::with_result(tx, key, result, 0, left)? {
            rows::remove_user(tx, key, &imported)?;
            left -= 1;
        }
        if left == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
