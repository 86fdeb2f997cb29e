//! Tasks: failed jobs that wait for *Retry Selected* (part 2.10 of the Okta reference).

use std::mem::discriminant;

use super::groups::mapping_of;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::okta::{JobKind, PushMappingStatus, SyncState, Task};
use crate::store::okta::{AppKey, app_users, jobs, push, tasks};
use crate::store::{Reads, Write};

/// Tasks that are looked at, at once.
const PAGE: usize = 500;

/// *Retry Selected*: the job of a task goes to the end of its queue, and the task goes away. A failed group push pushes
/// again.
///
/// # Errors
/// `NotFound`, the store's.
pub fn retry(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    task: Seq,
    now: Timestamp,
) -> Result<()> {
    let task = get(tx, administrator, task)?;
    let key = AppKey {
        org: administrator.org,
        app: task.app,
    };
    if let Some(mapping) = mapping_of(&task.job)
        && let Some(mut mapping) = push::find(tx, key, mapping)?
        && mapping.status == PushMappingStatus::Error
    {
        mapping.status = PushMappingStatus::Active;
        push::put(tx, key, &mapping)?;
    }
    if let Some(user) = task.job.user()
        && let Some(mut assigned) = app_users::find(tx, key, user)?
        && assigned.sync_state == SyncState::Error
    {
        assigned.sync_state = SyncState::OutOfSync;
        app_users::put(tx, key, &assigned)?;
    }
    let seq = jobs::enqueue(tx, key, task.job.clone(), now)?;
    // What failed may have been made all the same.
    if let Some(mut job) = jobs::after(tx, key, Seq(seq.0 - 1), 1)?.pop() {
        job.begun = true;
        jobs::put(tx, key, &job)?;
    }
    Ok(tasks::remove(tx, key.org, &task)?)
}

/// *Mark as resolved*: the task goes away, and nothing is sent.
///
/// # Errors
/// `NotFound`, the store's.
pub fn dismiss(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    task: Seq,
    _now: Timestamp,
) -> Result<()> {
    let task = get(tx, administrator, task)?;
    Ok(tasks::remove(tx, administrator.org, &task)?)
}

fn get(tx: &impl Reads, administrator: &OrgAdministrator, task: Seq) -> Result<Task> {
    let found = tasks::find(tx, administrator.org, task)?;
    found.ok_or_else(|| Error::not_found("task", task.to_string()))
}

/// A job failed: a task tells of it, in place of one that told of the same before.
pub(super) fn add(
    tx: &Write<'_>,
    key: AppKey,
    job: &JobKind,
    subject: String,
    text: String,
    now: Timestamp,
) -> Result<()> {
    if let Some(user) = job.user() {
        take(tx, key, user, |old| discriminant(old) == discriminant(job))?;
    }
    let task = Task {
        seq: tasks::next_seq(tx, key.org)?,
        app: key.app,
        job: job.clone(),
        subject,
        text,
        created: now,
    };
    Ok(tasks::put(tx, key.org, &task)?)
}

/// A success about a person: what failed before is solved.
pub(super) fn clear(tx: &Write<'_>, key: AppKey, user: Seq) -> Result<()> {
    take(tx, key, user, |_| true)
}

fn take(tx: &Write<'_>, key: AppKey, user: Seq, solved: impl Fn(&JobKind) -> bool) -> Result<()> {
    for row in tasks::of_user(tx, key, user)? {
        if let Some(task) = tasks::find(tx, key.org, row)?
            && solved(&task.job)
        {
            tasks::remove(tx, key.org, &task)?;
        }
    }
    Ok(())
}

/// A failed mapping pushes again: what failed before is solved.
pub(super) fn clear_mapping(tx: &Write<'_>, key: AppKey, mapping: Seq) -> Result<()> {
    let mut after = Seq(0);
    loop {
        let page = tasks::after(tx, key.org, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.seq;
        for task in page {
            if task.app == key.app && mapping_of(&task.job) == Some(mapping) {
                tasks::remove(tx, key.org, &task)?;
            }
        }
    }
}
