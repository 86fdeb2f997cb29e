//! Working off the queue of one app, or of an org, as a straight line: look, send, write down, look again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::groups::{self, Group};
use super::import;
use super::next::{Next, WINDOW, done_with, is_import, is_local, next};
use super::outcome::{Change, End, Outcome};
use super::people::{self, Person};
use super::save::save;
use super::session::Session;
use crate::clock::{Stopwatch, Timestamp};
use crate::directory::okta::assignments::{apply_page, assign_page, provision_page, unassign_page};
use crate::directory::okta::{imports as import_rules, rules, user_schema};
use crate::error::Result;
use crate::id::Seq;
use crate::model::okta::{JobKind, ProvisioningJob};
use crate::store::Write;
use crate::store::okta::{AppKey, apps, imports, jobs};
use crate::sync::context::AgentContext;

/// People in one page of a job that expands.
const PAGE: usize = 500;
/// A batch begins nothing more after this time, so that what is done becomes visible while a target is slow.
const BATCH_TIME: Duration = Duration::from_secs(1);

/// Works off the queue of an app until nothing in it can begin now, or the agent shuts down. Nobody else works at it
/// meanwhile.
///
/// # Errors
/// `Conflict` while somebody works at it already, the store's.
pub fn drain(context: &AgentContext, key: AppKey) -> Result<()> {
    let _reserved = context.reserve(key)?;
    if key.is_of_org() {
        return drain_org(context, key);
    }
    let (mut session, mut importing) = (None::<Session>, import::Importing::default());
    while !context.is_shutting_down() {
        let now = context.clock.now();
        begin_scheduled(context, key, now)?;
        // The snapshot is given back before anything is sent.
        let (app, waiting) = {
            let tx = context.store.read()?;
            (
                apps::find(&tx, key)?,
                jobs::after(&tx, key, Seq(0), WINDOW)?,
            )
        };
        let Some(app) = app else {
            if waiting.is_empty() {
                break;
            }
            discard(context, key, waiting, now)?;
            continue;
        };
        if !app.provisions() && waiting.iter().any(|job| !is_local(&job.kind)) {
            let send = waiting.into_iter().filter(|job| !is_local(&job.kind));
            discard(context, key, send.collect(), now)?;
            continue;
        }
        let concurrency = app.wire.concurrency;
        match &mut session {
            Some(session) => session.refresh(app),
            None => session = Some(Session::open(context, key, app)),
        }
        let Some(session) = &session else { break };
        match next(&waiting, concurrency, now) {
            Next::Wait => break,
            Next::Alone(job) if is_local(&job.kind) => expand(context, key, job, now)?,
            Next::Alone(job) if is_import(&job.kind) => page(session, &mut importing, &job)?,
            Next::Alone(job) => {
                let same = done_with(&job, &waiting);
                if !same.is_empty() {
                    let ends = |job: &&ProvisioningJob| same.contains(&job.seq);
                    let ended = waiting.iter().filter(ends).cloned().collect();
                    discard(context, key, ended, now)?;
                }
                group(session, job)?;
            }
            Next::People(jobs, width) => people(session, jobs, width)?,
        }
    }
    Ok(())
}

/// A page of an import. A panic ends the import, and not the queue.
fn page(session: &Session, importing: &mut import::Importing, job: &ProvisioningJob) -> Result<()> {
    // Unwind safety: the store rolls back, and what was kept in memory is made again.
    let done = catch_unwind(AssertUnwindSafe(|| import::step(session, importing, job)));
    done.unwrap_or_else(|_| {
        *importing = import::Importing::default();
        let (key, now, job) = (session.key, session.context.clock.now(), job.clone());
        session.context.store.write(move |tx| {
            if let JobKind::Import { run } = job.kind {
                let why = "The import broke off because of an error in this program.";
                import::called_off(tx, key, run, why, now)?;
            }
            Ok(jobs::remove(tx, key, job.seq)?)
        })
    })
}

/// Works off the queue of an org: pages of what reaches many people, which send nothing themselves.
fn drain_org(context: &AgentContext, key: AppKey) -> Result<()> {
    while !context.is_shutting_down() {
        let now = context.clock.now();
        let Some(job) = jobs::after(&context.store.read()?, key, Seq(0), 1)?.pop() else {
            break;
        };
        expand(context, key, job, now)?;
    }
    Ok(())
}

/// Jobs that end without anything being sent.
fn discard(
    context: &AgentContext,
    key: AppKey,
    ended: Vec<ProvisioningJob>,
    now: Timestamp,
) -> Result<()> {
    context.store.write(move |tx| {
        for job in ended {
            if let JobKind::Import { run } = job.kind {
                import::called_off(tx, key, run, "API integration is not enabled", now)?;
            }
            jobs::remove(tx, key, job.seq)?;
        }
        Ok(())
    })
}

/// The import that is due by the schedule of the app begins.
fn begin_scheduled(context: &AgentContext, key: AppKey, now: Timestamp) -> Result<()> {
    let due = imports::due(&context.store.read()?, key)?;
    if due.is_some_and(|at| at <= now) {
        let begin = move |tx: &Write<'_>| import_rules::begin_scheduled(tx, key, now);
        context.store.write(begin)?;
    }
    Ok(())
}

/// One page of a job that makes others.
fn expand(
    context: &AgentContext,
    key: AppKey,
    mut job: ProvisioningJob,
    now: Timestamp,
) -> Result<()> {
    context.store.write(move |tx| -> Result<()> {
        let on = match &mut job.kind {
            JobKind::AssignGroup { group, after } => {
                assign_page(tx, key, *group, *after, PAGE, now)?.map(|next| *after = next)
            }
            JobKind::UnassignGroup { group, after } => {
                unassign_page(tx, key, *group, *after, PAGE, now)?.map(|next| *after = next)
            }
            JobKind::ApplyMappings { after, force } => {
                apply_page(tx, key, *after, *force, PAGE, now)?.map(|next| *after = next)
            }
            JobKind::ProvisionWaiting { after } => {
                provision_page(tx, key, *after, PAGE, now)?.map(|next| *after = next)
            }
            JobKind::EvaluateRules { rule, after } => {
                rules::evaluate_page(tx, key.org, *rule, *after, PAGE, now)?
                    .map(|next| *after = next)
            }
            JobKind::ForgetRule { rule } => {
                rules::forget_page(tx, key.org, *rule, PAGE, now)?.then_some(())
            }
            JobKind::ClearUnconfirmed => import_rules::clear_page(tx, key, PAGE)?.then_some(()),
            JobKind::ForgetAttribute { name, after } => {
                user_schema::forget_page(tx, key.org, name, *after, PAGE, now)?
                    .map(|next| *after = next)
            }
            _ => None,
        };
        match on {
            Some(()) => jobs::put(tx, key, &job)?,
            None => jobs::remove(tx, key, job.seq)?,
        }
        Ok(())
    })
}

/// A job about a group, alone.
fn group(session: &Session, job: ProvisioningJob) -> Result<()> {
    let (context, key) = (&session.context, session.key);
    let prepared = Group::read(&context.store.read()?, key, &session.app, job.clone())?;
    if prepared.may_make() {
        // Whoever finds the job again after a crash looks before it makes the group.
        let begun = ProvisioningJob {
            begun: true,
            ..job.clone()
        };
        context.store.write(move |tx| jobs::put(tx, key, &begun))?;
    }
    let outcome = caught(job, || groups::work(session, prepared));
    save(
        &context.store,
        key,
        &session.app,
        vec![outcome],
        context.clock.now(),
    )
}

/// Jobs about people, `width` at once.
fn people(session: &Session, jobs: Vec<ProvisioningJob>, width: usize) -> Result<()> {
    let (context, key) = (&session.context, session.key);
    let prepared = {
        let tx = context.store.read()?;
        let read = |job| Person::read(&tx, key, &session.app, job);
        jobs.into_iter()
            .map(read)
            .collect::<Result<Vec<Person>>>()?
    };
    let outcomes = side_by_side(session, prepared, width);
    save(
        &context.store,
        key,
        &session.app,
        outcomes,
        context.clock.now(),
    )
}

fn side_by_side(session: &Session, prepared: Vec<Person>, width: usize) -> Vec<Outcome> {
    let watch = Stopwatch::start();
    let queue = Mutex::new(prepared.into_iter());
    let worker = || {
        let mut outcomes = Vec::new();
        loop {
            let over = watch.elapsed() > BATCH_TIME && !outcomes.is_empty();
            if over || session.context.is_shutting_down() {
                return outcomes;
            }
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(person) = next else { return outcomes };
            let job = person.job.clone();
            outcomes.push(caught(job, || people::work(session, person)));
        }
    };
    if width <= 1 {
        return worker();
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..width).map(|_| scope.spawn(worker)).collect();
        let done = workers.into_iter().filter_map(|worker| worker.join().ok());
        done.flatten().collect()
    })
}

/// A panic of a job is a task, and not the end of the queue.
fn caught(job: ProvisioningJob, work: impl FnOnce() -> Outcome) -> Outcome {
    // Unwind safety: the work goes with the panic; nothing it touched is used again.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Outcome {
        job,
        end: End::Failed {
            subject: "unknown".to_owned(),
            text: "The job broke off because of an error in this program.".to_owned(),
        },
        change: Change::None,
        events: Vec::new(),
    })
}
