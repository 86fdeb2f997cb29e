//! The drift report: what the target shows, compared with what the mappings give. Ours, and read-only.
//!
//! The service never does this: an incremental cycle does not look for changes that others made in the target, and
//! membership is never read from it. The report reads lists (`startIndex`, `count`), single objects where a list does
//! not tell, and the members of linked groups; it writes nothing, there or here.
//!
//! Memory stays bounded: a page of the target at a time, 17 bytes for each link to know which were seen, and at most
//! [`KEPT`] findings of each kind; what is beyond is counted.

mod compare;
mod listing;
mod members;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::context::AgentContext;
use super::{cycle, jobs as operations};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{ErrorInformation, ObjectKind};
use crate::store::jobs::{self, JobKey};

/// Findings of each kind that a report keeps.
pub const KEPT: usize = 200;

/// What drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Attributes differ from what was last exported.
    Attributes,
    /// The object was switched off in the target, and is active in the source; or the other way round.
    Active,
    /// A linked object is not in the target any more.
    Missing,
    /// Members of a group differ.
    Members,
    /// An account or group of the target that belongs to nobody in the source.
    Unmanaged,
    /// The source has changed since the last export: no drift, the next cycle sends it.
    Pending,
    /// It could not be compared.
    Unknown,
}

impl Kind {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::Attributes,
        Self::Active,
        Self::Missing,
        Self::Members,
        Self::Unmanaged,
        Self::Pending,
        Self::Unknown,
    ];
}

/// One attribute in which source and target differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drifted {
    /// Attribute of the target.
    pub attribute: String,
    /// What the mapping gives.
    pub source: String,
    /// What the target shows; `None` when it shows nothing.
    pub target: Option<String>,
}

/// One object that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: Kind,
    /// User or group.
    pub object: ObjectKind,
    /// Object id in the source; empty for what is unmanaged.
    pub source_id: String,
    /// Name in the source, or in the target when it is not there.
    pub name: String,
    /// Id in the target.
    pub target_id: String,
    /// Attributes that differ, at most ten.
    pub attributes: Vec<Drifted>,
    /// A sentence, where attributes do not say it.
    pub note: String,
}

/// How far a report is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Under way.
    Running,
    /// Complete.
    Done,
    /// The target could not be read, or this program failed or ended.
    Failed(ErrorInformation),
}

/// A report, complete or under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How far it is.
    pub stage: Stage,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Objects to look at: the links.
    pub total: u64,
    /// Objects looked at.
    pub done: u64,
    /// Requests sent, all of them GET.
    pub requests: u64,
    /// What was found, at most [`KEPT`] of each kind.
    pub findings: Vec<Finding>,
    counts: HashMap<Kind, u64>,
    /// What the report could not do, in sentences.
    pub notes: Vec<String>,
}

impl Report {
    fn begin(now: Timestamp, total: u64) -> Self {
        Self {
            stage: Stage::Running,
            began: now,
            ended: None,
            total,
            done: 0,
            requests: 0,
            findings: Vec::new(),
            counts: HashMap::new(),
            notes: Vec::new(),
        }
    }

    /// How many of a kind there are, kept or not.
    pub fn count(&self, kind: Kind) -> u64 {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// Whether source and target agree, as far as it is known.
    pub fn is_clean(&self) -> bool {
        Kind::ALL
            .into_iter()
            .all(|kind| kind == Kind::Pending || self.count(kind) == 0)
    }

    fn found(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.kind).or_default();
        *count += 1;
        if *count <= KEPT as u64 {
            self.findings.push(finding);
        }
    }

    fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }
}

/// The last report of each job. Gone when the process ends.
#[derive(Default)]
pub(super) struct Reports(Mutex<HashMap<(u64, u64), Begun>>);

type Shared = Arc<Mutex<Report>>;

struct Begun {
    report: Shared,
    /// What makes it; `None` in a calling thread, and while the agent waits for its end.
    thread: Option<JoinHandle<()>>,
}

impl Reports {
    fn lock(&self) -> MutexGuard<'_, HashMap<(u64, u64), Begun>> {
        // Every change is a single step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the threads of the reports under way. They end with the request that they wait for once the agent
    /// shuts down.
    pub(super) fn wait(&self) {
        let threads: Vec<_> = self
            .lock()
            .values_mut()
            .filter_map(|begun| begun.thread.take())
            .collect();
        for thread in threads {
            // Its panics were caught inside.
            let _ = thread.join();
        }
    }
}

/// The last report of a job, complete or under way; `None` when nobody asked for one since this process began.
pub fn latest(context: &AgentContext, key: JobKey) -> Option<Report> {
    let shared = {
        let all = context.beside().drift.lock();
        Arc::clone(&all.get(&name(key))?.report)
    };
    let report = shared.lock().unwrap_or_else(PoisonError::into_inner);
    Some(report.clone())
}

/// Begins a report in a thread of its own, which ends with the agent.
///
/// # Errors
/// No such job or no credentials; one is under way already; the operating system has no thread.
pub fn start(context: &AgentContext, key: JobKey) -> Result<()> {
    let shared = begin(context, key)?;
    let theirs = context.clone();
    let spawned = std::thread::Builder::new()
        .name("agent-drift".into())
        .spawn(move || work(&theirs, key, &shared));
    let mut all = context.beside().drift.lock();
    match spawned {
        Ok(thread) => {
            if let Some(begun) = all.get_mut(&name(key)) {
                begun.thread = Some(thread);
            }
            Ok(())
        }
        Err(error) => {
            all.remove(&name(key));
            Err(Error::Disabled {
                what: format!("There is no thread for the report: {error}."),
            })
        }
    }
}

/// Makes a report in the calling thread. Talks to the target: never call it in a write closure.
///
/// # Errors
/// No such job or no credentials; one is under way already.
pub fn run(context: &AgentContext, key: JobKey) -> Result<Report> {
    let shared = begin(context, key)?;
    work(context, key, &shared);
    let report = shared.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(report.clone())
}

fn name(key: JobKey) -> (u64, u64) {
    (key.tenant.0, key.job.0)
}

fn begin(context: &AgentContext, key: JobKey) -> Result<Shared> {
    let total = {
        let tx = context.store.read()?;
        let job = operations::get(&tx, key)?;
        if let Err(failure) = cycle::client(context, &job) {
            return Err(Error::Disabled {
                what: failure.message,
            });
        }
        let count = |kind| jobs::count_links(&tx, key, kind);
        count(ObjectKind::User)? + count(ObjectKind::Group)?
    };
    let mut all = context.beside().drift.lock();
    let running = all.get(&name(key)).is_some_and(|begun| {
        let report = begun.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.stage == Stage::Running
    });
    if running {
        return Err(Error::Conflict {
            attribute: "drift",
            detail: "A drift report of this application is under way already.".into(),
        });
    }
    let report = Report::begin(context.clock.now(), total);
    let shared = Arc::new(Mutex::new(report));
    let begun = Begun {
        report: Arc::clone(&shared),
        thread: None,
    };
    all.insert(name(key), begun);
    Ok(shared)
}

fn work(context: &AgentContext, key: JobKey, shared: &Shared) {
    // Unwind safety: a report is only appended to, and marked as failed below.
    let worked = catch_unwind(AssertUnwindSafe(|| compare::all(context, key, shared)));
    let mut report = shared.lock().unwrap_or_else(PoisonError::into_inner);
    report.ended = Some(context.clock.now());
    report.stage = match worked {
        Ok(Ok(())) => Stage::Done,
        Ok(Err(compare::Stopped::Target(error))) => Stage::Failed(error),
        Ok(Err(compare::Stopped::Inside(error))) => failed(&error.to_string()),
        Ok(Err(compare::Stopped::ShutDown)) => Stage::Failed(ErrorInformation {
            error_code: "Aborted".to_owned(),
            reason: "The report broke off because this program was shut down.".to_owned(),
            recommended_action: Some("Begin it again.".to_owned()),
        }),
        Err(_) => failed("it stopped unexpectedly"),
    };
}

fn failed(reason: &str) -> Stage {
    Stage::Failed(ErrorInformation {
        error_code: "InternalError".to_owned(),
        reason: format!("The report broke off because of an error in this program: {reason}"),
        recommended_action: Some("Look into the log of this program.".to_owned()),
    })
}

#[cfg(test)]
mod tests;
