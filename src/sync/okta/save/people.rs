//! What a job about a person changes of its assignment.

use super::super::outcome::{End, PersonChange};
use super::super::tasks;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::okta::{AppUser, AppUserStatus, JobKind, OktaApp, ProvisioningJob, SyncState};
use crate::store::Write;
use crate::store::okta::{AppKey, app_users, jobs};

/// Keeps what is known now; whether the person has an account now and had none before. The row is read again: the
/// assignment may have changed meanwhile, or ended.
pub(super) fn changed(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    change: &PersonChange,
    end: &End,
    job: &ProvisioningJob,
    now: Timestamp,
) -> Result<bool> {
    let Some(mut row) = app_users::find(tx, key, change.user)? else {
        orphaned(tx, key, app, change, job, now)?;
        return Ok(false);
    };
    if let Some(id) = &change.external_id {
        row.external_id = Some(id.clone());
    }
    let joined = change.provisioned && row.status != AppUserStatus::Provisioned;
    if joined {
        row.status = AppUserStatus::Provisioned;
        row.status_changed = now;
    }
    if let Some((profile, user_name)) = &change.told {
        row.pushed = Some(profile.clone());
        row.pushed_user_name = Some(user_name.clone());
        row.last_sync = Some(now);
        changed_meanwhile(tx, key, app, &row, joined, now)?;
    }
    if change.password {
        row.password_changed = Some(now);
    }
    match end {
        End::Done => {
            row.error = None;
            row.sync_state = if is_told(&row) {
                SyncState::Synchronized
            } else {
                SyncState::OutOfSync
            };
            tasks::clear(tx, key, change.user)?;
        }
        End::Failed { text, .. } | End::PutOff { text, .. } => {
            row.sync_state = SyncState::Error;
            row.error = Some(text.clone());
        }
        End::Later(_) | End::Interrupted | End::GoesOn => {}
    }
    app_users::put(tx, key, &row)?;
    Ok(joined)
}

fn is_told(row: &AppUser) -> bool {
    row.pushed.as_ref() == Some(&row.profile)
        && row.pushed_user_name.as_ref() == Some(&row.user_name)
}

/// While an account is being made nobody enqueues a push of what changes: there is nothing to push to yet.
fn changed_meanwhile(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    row: &AppUser,
    joined: bool,
    now: Timestamp,
) -> Result<()> {
    if joined && !is_told(row) && app.to_app.update_attributes {
        jobs::enqueue(tx, key, JobKind::PushProfile { user: row.user }, now)?;
    }
    Ok(())
}

/// The assignment ended while the account was being made, before anybody could know its id: it is deactivated.
fn orphaned(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    change: &PersonChange,
    job: &ProvisioningJob,
    now: Timestamp,
) -> Result<()> {
    let provisioned = matches!(job.kind, JobKind::Provision { .. });
    if let Some((external_id, (_, user_name))) = change.external_id.clone().zip(change.told.clone())
        && provisioned
        && app.to_app.deactivate_users
    {
        let user = change.user;
        let kind = JobKind::Deactivate {
            user,
            external_id,
            user_name,
        };
        jobs::enqueue(tx, key, kind, now)?;
    }
    Ok(())
}
