//! Who is assigned to an app, and what is sent because of it (parts 1.4 to 1.8, 2.5 and 2.9 of the Okta reference).
//!
//! An app user's `profile` and `user_name` are always what the target should have. Whoever changes them appends a job;
//! what is sent is the difference from what the target was told last, which `sync::okta` keeps. While an app does not
//! provision (not enabled, or inactive) assignments are kept and nothing is appended.

mod app_users;
mod effects;
mod groups;
mod pages;
pub(super) mod values;
mod waiting;

pub use app_users::{AppUserChange, assign_user, get, unassign_user, update_app_user};
pub(super) use effects::{
    joined_group, left_group, password_changed, person_activated, person_changed,
    person_deactivated,
};
pub use groups::{assign_group, get_group, unassign_group, update_app_group};
pub use pages::{apply_page, assign_page, provision_page, unassign_page};
pub use waiting::{anybody_waits, complaint, provision_user, provision_waiting, waits};

use super::events::{self, Cause as Doer, Event, EventType, record};
use super::refusal::{Refusal, Result};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{AppGroup, AppUser, JobKind, OktaApp, OktaUser};
use crate::store::okta::{AppKey, app_users as rows, apps, groups as group_rows, jobs, tasks};
use crate::store::{Reads, Write};

/// People who are looked at at once when a group is assigned, before the rest is left to the queue.
const AT_ONCE: usize = 200;

/// The app in a row.
fn app(tx: &impl Reads, key: AppKey) -> Result<OktaApp> {
    apps::find(tx, key)?.ok_or_else(|| Refusal::not_found("AppInstance", key.app))
}

/// The groups that assign somebody to an app, the highest first.
fn granting(tx: &impl Reads, key: AppKey, user: Seq) -> Result<Vec<AppGroup>> {
    let mut found = Vec::new();
    for group in group_rows::groups_of(tx, key.org, user)? {
        found.extend(rows::group(tx, key, group)?);
    }
    found.sort_by_key(|group: &AppGroup| (group.priority, group.group));
    Ok(found)
}

/// Writes down what happened to an assignment.
pub(super) fn tell(
    tx: &Write<'_>,
    doer: Doer<'_>,
    (key, app): (AppKey, &OktaApp),
    kind: EventType,
    (user_name, user): (&str, &OktaUser),
    now: Timestamp,
) -> Result<()> {
    let (mix, org) = (tx.mix(), key.org);
    let targets = vec![
        events::unassigned_app_user(mix, key, user_name, user),
        events::app(mix, org, app),
        events::user(mix, org, user),
    ];
    record(
        tx,
        org,
        doer,
        Event::success(kind, targets),
        Vec::new(),
        now,
    )?;
    Ok(())
}

/// Ends an assignment: the row goes, tasks about it too, and the account is deactivated if that is on (1.7). Nothing
/// is sent when the target never had the account.
fn end(
    tx: &Write<'_>,
    doer: Doer<'_>,
    (key, app): (AppKey, &OktaApp),
    assigned: &AppUser,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    forget(tx, doer, (key, app), assigned, user, now)?;
    if app.provisions()
        && app.to_app.deactivate_users
        && let Some(external_id) = assigned.external_id.clone()
    {
        let kind = JobKind::Deactivate {
            user: user.seq,
            external_id,
            user_name: assigned.user_name.clone(),
        };
        jobs::enqueue(tx, key, kind, now)?;
    }
    Ok(())
}

/// Ends an assignment whose account is gone or inactive already: nothing is sent.
pub(super) fn forget(
    tx: &Write<'_>,
    doer: Doer<'_>,
    (key, app): (AppKey, &OktaApp),
    assigned: &AppUser,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    rows::remove(tx, key, user.seq)?;
    let kind = EventType::MembershipRemove;
    tell(tx, doer, (key, app), kind, (&assigned.user_name, user), now)?;
    solved(tx, key, user.seq)
}

/// Takes the tasks about a person in an app away.
pub(super) fn solved(tx: &Write<'_>, key: AppKey, user: Seq) -> Result<()> {
    for task in tasks::of_user(tx, key, user)? {
        if let Some(task) = tasks::find(tx, key.org, task)? {
            tasks::remove(tx, key.org, &task)?;
        }
    }
    Ok(())
}
