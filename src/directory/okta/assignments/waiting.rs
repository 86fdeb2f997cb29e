//! *Provision User*: who was assigned before provisioning was enabled, and whose account failed (parts 2.10 and 1.12 of
//! the Okta reference).

use super::super::events::{Cause as Doer, EventType};
use super::super::refusal::{NotNow, Refusal, Result};
use super::super::users;
use super::{app, get, rows, tell};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{AppUser, AppUserStatus, JobKind, OktaApp, OktaUser, SyncState};
use crate::store::okta::{AppKey, jobs, tasks};
use crate::store::{Reads, Write};

/// Jobs at the end of a queue among which another press of the button is looked for.
const TAIL: usize = 50;

/// Said of whoever was assigned while the app did not provision.
const ASSIGNED_BEFORE: &str = "User was assigned this application before Provisioning was enabled and not provisioned in the downstream application. Click Provision User.";

/// What is wrong with an assignment, in Okta's words: what failed, or that nothing was ever sent (part 1.12 of the Okta
/// reference).
pub fn complaint<'a>(app: &OktaApp, assigned: &'a AppUser) -> Option<&'a str> {
    let never = app.provisions()
        && assigned.status == AppUserStatus::Active
        && assigned.external_id.is_none();
    assigned
        .error
        .as_deref()
        .or_else(|| never.then_some(ASSIGNED_BEFORE))
}

/// Whether *Provision User* does something for somebody: the target has no account, or what was sent last failed.
pub fn waits(app: &OktaApp, assigned: &AppUser, user: &OktaUser) -> bool {
    app.provisions() && user.status.is_provisioned() && lacks(assigned)
}

fn lacks(assigned: &AppUser) -> bool {
    !has_account(assigned) || assigned.sync_state == SyncState::Error
}

fn has_account(assigned: &AppUser) -> bool {
    assigned.status == AppUserStatus::Provisioned && assigned.external_id.is_some()
}

/// Whether anybody waits, as far as up to `limit` of those who are assigned tell; true when there are more.
///
/// # Errors
/// The store's.
pub fn anybody_waits(tx: &impl Reads, app: &OktaApp, key: AppKey, limit: usize) -> Result<bool> {
    if !app.provisions() {
        return Ok(false);
    }
    let assigned = rows::after(tx, key, Seq(0), limit.saturating_add(1))?;
    if assigned.len() > limit {
        return Ok(true);
    }
    for assigned in assigned.iter().filter(|assigned| lacks(assigned)) {
        let user = users::get(tx, key.org, assigned.user)?;
        if waits(app, assigned, &user) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// *Provision User*: sends somebody who was assigned before provisioning was enabled, or what failed.
///
/// # Errors
/// `Invalid` while the app does not provision, `State` for somebody who is not activated, `NotFound`, the store's.
pub fn provision_user(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    user: Seq,
    now: Timestamp,
) -> Result<AppUser> {
    let found = provisioning(tx, key)?;
    let assigned = get(tx, key, user)?;
    let person = users::get(tx, key.org, user)?;
    if !person.status.is_provisioned() {
        return Err(Refusal::State(NotNow::Status));
    }
    let doer = Doer::Administrator(administrator);
    send(tx, doer, (key, &found), &person, assigned, now)
}

/// *Provision User* for everybody who waits: the queue goes through those who are assigned page by page.
///
/// # Errors
/// `Invalid` while the app does not provision, `NotFound`, the store's.
pub fn provision_waiting(
    tx: &Write<'_>,
    _administrator: &OrgAdministrator,
    key: AppKey,
    now: Timestamp,
) -> Result<OktaApp> {
    let found = provisioning(tx, key)?;
    let pressed = |kind: &JobKind| matches!(kind, JobKind::ProvisionWaiting { .. });
    if !jobs::last(tx, key, TAIL)?
        .iter()
        .any(|job| pressed(&job.kind))
    {
        let after = Seq(0);
        jobs::enqueue(tx, key, JobKind::ProvisionWaiting { after }, now)?;
    }
    Ok(found)
}

fn provisioning(tx: &impl Reads, key: AppKey) -> Result<OktaApp> {
    let found = app(tx, key)?;
    if found.provisions() {
        return Ok(found);
    }
    let off = format!("API integration of {} is not enabled", found.label);
    Err(Refusal::field("provisioning", "status", off))
}

/// Lets the account be found or made; of one that is there, what failed is sent again.
pub(super) fn send(
    tx: &Write<'_>,
    doer: Doer<'_>,
    (key, app): (AppKey, &OktaApp),
    person: &OktaUser,
    mut assigned: AppUser,
    now: Timestamp,
) -> Result<AppUser> {
    let user = assigned.user;
    let mut again = failed(tx, key, user)?;
    if !has_account(&assigned) {
        if assigned.status != AppUserStatus::Staged {
            assigned.status = AppUserStatus::Staged;
            assigned.status_changed = now;
        }
        again = vec![JobKind::Provision { user }];
    } else if again.is_empty() && app.to_app.update_attributes {
        again = vec![JobKind::PushProfile { user }];
    }
    if again.is_empty() {
        // What failed is not sent any more.
        assigned.error = None;
        assigned.sync_state = SyncState::Synchronized;
    } else {
        assigned.sync_state = SyncState::OutOfSync;
    }
    rows::put(tx, key, &assigned)?;
    let (event, name) = (EventType::MembershipProvision, &assigned.user_name);
    tell(tx, doer, (key, app), event, (name, person), now)?;
    for kind in again {
        jobs::enqueue(tx, key, kind, now)?;
    }
    Ok(assigned)
}

/// What of somebody's account failed and waits as a task. The tasks go when it succeeds.
fn failed(tx: &impl Reads, key: AppKey, user: Seq) -> Result<Vec<JobKind>> {
    let mut failed = Vec::new();
    for task in tasks::of_user(tx, key, user)? {
        let job = tasks::find(tx, key.org, task)?.map(|task| task.job);
        failed.extend(job.filter(|job| {
            matches!(
                job,
                JobKind::PushProfile { .. } | JobKind::PushPassword { .. }
            )
        }));
    }
    Ok(failed)
}
