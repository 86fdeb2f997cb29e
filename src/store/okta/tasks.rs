//! Tasks: failed jobs that wait for somebody.

use redb::ReadableTable;

use super::AppKey;
use crate::id::Seq;
use crate::model::okta::Task;
use crate::store::{Error, Reads, Write, rows, tables};

pub(in crate::store) const TOTAL: &str = "okta_tasks_total";

/// The task in this row.
pub fn find(tx: &impl Reads, org: Seq, task: Seq) -> Result<Option<Task>, Error> {
    rows::find(tx, tables::OKTA_TASKS, (org.0, task.0))
}

/// The first `limit` tasks of an org after `after`, oldest first.
pub fn after(tx: &impl Reads, org: Seq, after: Seq, limit: usize) -> Result<Vec<Task>, Error> {
    rows::page(tx, tables::OKTA_TASKS, org, after, limit)
}

/// The `limit` tasks of an org that have `skip` tasks before them, oldest first.
pub fn page_at(tx: &impl Reads, org: Seq, skip: usize, limit: usize) -> Result<Vec<Task>, Error> {
    super::page_at(tx, tables::OKTA_TASKS, org, skip, limit)
}

/// How many tasks wait.
pub fn count(tx: &impl Reads, org: Seq) -> Result<u64, Error> {
    tx.counter(org, TOTAL)
}

/// Tasks about a person in an app.
pub fn of_user(tx: &impl Reads, key: AppKey, user: Seq) -> Result<Vec<Seq>, Error> {
    let at = |task: u64| (key.org.0, key.app.0, user.0, task);
    tx.open(tables::OKTA_USER_TO_TASK)?
        .range(at(0)..=at(u64::MAX))?
        .map(|row| Ok(Seq(row?.0.value().3)))
        .collect()
}

/// A row number for a new task.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_tasks")
}

/// Inserts a task.
pub fn put(tx: &Write<'_>, org: Seq, task: &Task) -> Result<(), Error> {
    if let Some(user) = task.job.user() {
        tx.table(tables::OKTA_USER_TO_TASK)?
            .insert((org.0, task.app.0, user.0, task.seq.0), ())?;
    }
    tx.add_to_counter(org, TOTAL, 1)?;
    rows::put(tx, tables::OKTA_TASKS, (org.0, task.seq.0), task)
}

/// Takes a task away.
pub fn remove(tx: &Write<'_>, org: Seq, task: &Task) -> Result<(), Error> {
    if let Some(user) = task.job.user() {
        tx.table(tables::OKTA_USER_TO_TASK)?
            .remove((org.0, task.app.0, user.0, task.seq.0))?;
    }
    tx.add_to_counter(org, TOTAL, -1)?;
    rows::remove(tx, tables::OKTA_TASKS, (org.0, task.seq.0))
}
