//! Writing down what a batch of jobs brought: rows, events with their exchanges, tasks, what is left of the queue, all
//! in one write. Whoever is killed before it does the batch again.

mod groups;
mod people;

use std::collections::BTreeSet;

use super::outcome::{Change, DEFAULT_WAIT, End, Outcome};
use super::tasks;
use crate::clock::Timestamp;
use crate::directory::okta::events::{self, Cause};
use crate::error::Result;
use crate::id::Seq;
use crate::model::okta::{JobKind, OktaApp, ProvisioningJob, PushMappingStatus};
use crate::store::okta::{AppKey, groups as group_rows, jobs, push};
use crate::store::{Reads, Store, Write};

/// Jobs at the end of the queue among which a push of members is looked for before another is appended.
const TAIL: usize = 50;

/// Writes the outcomes of a batch down.
///
/// # Errors
/// The store's.
pub(super) fn save(
    store: &Store,
    key: AppKey,
    app: &OktaApp,
    outcomes: Vec<Outcome>,
    now: Timestamp,
) -> Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let app = app.clone();
    store.write(move |tx| {
        let mut shrunk_or_grown = BTreeSet::new();
        for outcome in outcomes {
            one(tx, key, &app, outcome, &mut shrunk_or_grown, now)?;
        }
        push_members(tx, key, &shrunk_or_grown, now)
    })
}

fn one(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    outcome: Outcome,
    mappings: &mut BTreeSet<Seq>,
    now: Timestamp,
) -> Result<()> {
    let Outcome {
        job,
        end,
        change,
        events,
    } = outcome;
    for (event, exchanges) in events {
        events::record(tx, key.org, Cause::Job(job.seq), event, exchanges, now)?;
    }
    match change {
        Change::None => {}
        Change::Person(change) => {
            if people::changed(tx, key, app, &change, &end, &job, now)? {
                mappings.extend(pushed_with(tx, key, app, change.user)?);
            }
        }
        Change::Left(user) => {
            tasks::clear(tx, key, user)?;
            mappings.extend(pushed_with(tx, key, app, user)?);
        }
        Change::Group(change) => groups::changed(tx, key, &change, &end, now)?,
    }
    left(tx, key, job, end, now)
}

/// What is left of a job.
fn left(
    tx: &Write<'_>,
    key: AppKey,
    mut job: ProvisioningJob,
    end: End,
    now: Timestamp,
) -> Result<()> {
    match end {
        End::Interrupted => return Ok(()),
        End::Later(patience) => {
            (job.attempts, job.waited) = (patience.attempts, patience.waited);
            job.due = patience.due(now);
            job.begun = true;
            return Ok(jobs::put(tx, key, &job)?);
        }
        End::GoesOn => {
            (job.attempts, job.waited, job.begun) = (0, 0, true);
            return Ok(jobs::put(tx, key, &job)?);
        }
        End::Done => {}
        End::Failed { subject, text } => tasks::add(tx, key, &job.kind, subject, text, now)?,
        End::PutOff { subject, text } => {
            tasks::add(tx, key, &job.kind, subject, text, now)?;
            let again = jobs::enqueue(tx, key, job.kind.clone(), now)?;
            let again = ProvisioningJob {
                seq: again,
                due: now.plus(std::time::Duration::from_secs(DEFAULT_WAIT)),
                created: now,
                attempts: 0,
                waited: 0,
                reactivations: job.reactivations + 1,
                ..job.clone()
            };
            jobs::put(tx, key, &again)?;
        }
    }
    Ok(jobs::remove(tx, key, job.seq)?)
}

/// Mappings that push a group of somebody to this app.
fn pushed_with(tx: &impl Reads, key: AppKey, app: &OktaApp, user: Seq) -> Result<Vec<Seq>> {
    let mut found = Vec::new();
    if !app.group_push {
        return Ok(found);
    }
    for group in group_rows::groups_of(tx, key.org, user)? {
        let mapping = push::of_group(tx, key, group)?;
        let active = mapping.filter(|mapping| mapping.status == PushMappingStatus::Active);
        found.extend(active.map(|mapping| mapping.seq));
    }
    Ok(found)
}

/// Lets the members of these groups be pushed, where that does not wait already behind everybody it is about.
fn push_members(
    tx: &Write<'_>,
    key: AppKey,
    mappings: &BTreeSet<Seq>,
    now: Timestamp,
) -> Result<()> {
    if mappings.is_empty() {
        return Ok(());
    }
    let waiting: BTreeSet<Seq> = jobs::last(tx, key, TAIL)?
        .iter()
        .filter_map(|job| match &job.kind {
            JobKind::PushMembers { mapping } => Some(*mapping),
            _ => None,
        })
        .collect();
    for mapping in mappings.difference(&waiting) {
        let mapping = *mapping;
        jobs::enqueue(tx, key, JobKind::PushMembers { mapping }, now)?;
    }
    Ok(())
}
