//! Bulk requests: each operation is a write of its own, done or taken back alone (RFC 7644 section 3.7).
//!
//! A [`Job`] is split into [`Turn`]s. Whoever runs it hands the turns over in their order, one write
//! closure each, and need not wait for one before handing over the next: what a turn must know of
//! earlier ones (the `id`s that came of `bulkId`s, the number of failures) is kept in the job, and the
//! closures run one after the other. A turn happens or not; the others go on. Operations that refer to
//! each other in a circle are one turn and happen all or none.
//!
//! Who may do this is asked again in each turn, so a key that is revoked meanwhile stops the rest.

mod task;

#[cfg(test)]
mod tests;

use std::sync::{Mutex, MutexGuard, PoisonError};

use self::task::{Made, Task, resource_type};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Nonce;
use crate::scim::bulk::{self, BulkOperation, Ids, Operation, OperationResult, Step};
use crate::scim::{self, BulkRequest};
use crate::store::Write;

/// Ids that a sentence lists before it stops.
const LISTED: usize = 10;

/// A bulk request on its way.
pub struct Job {
    operations: Vec<BulkOperation>,
    fail_on_errors: Option<u64>,
    base: String,
    progress: Mutex<Progress>,
}

/// What turns leave for later ones.
#[derive(Default)]
struct Progress {
    ids: Ids,
    failures: u64,
}

/// The next thing to do, once.
pub struct Turn {
    step: Step,
    /// What could be read beforehand, because it refers to nothing.
    task: Option<std::result::Result<Task, scim::Error>>,
}

/// An operation that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The status the same request alone would have had.
    pub status: u16,
    /// Absolute URI of the resource.
    pub location: String,
    /// The entity tag after the operation.
    pub version: Option<String>,
}

/// Why a turn changed nothing.
#[derive(Debug)]
pub enum NotDone {
    /// `failOnErrors` was reached before: there is no result.
    Stopped,
    /// It failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for NotDone {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Job {
    /// Plans a request. `base` is the base URL of the SCIM endpoint without a trailing slash. Reads what
    /// can be read without the data, so that the writer does not have to.
    pub fn new(request: BulkRequest, caller: &ScimCaller, base: String) -> (Self, Vec<Turn>) {
        let turns = request
            .plan()
            .into_iter()
            .map(|step| {
                let alone = match &step {
                    Step::One(index) => request.operations.get(*index),
                    Step::Cycle(_) => None,
                };
                let task = alone
                    .filter(|operation| operation.references().is_empty())
                    .map(|operation| Task::read(operation.wanted.clone()?, caller));
                Turn { step, task }
            })
            .collect();
        let job = Self {
            operations: request.operations,
            fail_on_errors: request.fail_on_errors,
            base,
            progress: Mutex::default(),
        };
        (job, turns)
    }

    /// After how many failures nothing more is done.
    pub const fn fail_on_errors(&self) -> Option<u64> {
        self.fail_on_errors
    }

    /// The results of a turn whose step was `step`, in the order of the request.
    pub fn results(
        &self,
        step: &Step,
        outcome: std::result::Result<Vec<Done>, scim::Error>,
    ) -> Vec<OperationResult> {
        let operations = self.operations_of(step);
        match outcome {
            Ok(done) => operations
                .zip(done)
                .map(|(operation, done)| operation.done(done.status, done.location, done.version))
                .collect(),
            Err(error) => operations
                .map(|operation| operation.failed(&error, self.location(operation)))
                .collect(),
        }
    }

    fn operations_of(&self, step: &Step) -> impl Iterator<Item = &BulkOperation> {
        let indexes = match step {
            Step::One(index) => std::slice::from_ref(index),
            Step::Cycle(indexes) => indexes,
        };
        indexes
            .iter()
            .filter_map(|index| self.operations.get(*index))
    }

    /// Where the resource of an operation is that did not create it.
    fn location(&self, operation: &BulkOperation) -> Option<String> {
        let mut path = operation.wanted.as_ref().ok()?.resource()?.clone();
        if let Some(id) = path.id.strip_prefix("bulkId:")
            && let Some(id) = self.progress().ids.get(id)
        {
            path.id.clone_from(id);
        }
        Some(self.base.clone() + &path.path())
    }

    /// Never held while the data is touched.
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a turn as failed until it is done, so that one that panics stays counted.
    /// Returns the `id`s of what the turn refers to, as far as they are known.
    fn begin(&self, operations: &[&BulkOperation]) -> std::result::Result<Ids, NotDone> {
        let mut progress = self.progress();
        if self
            .fail_on_errors
            .is_some_and(|limit| progress.failures >= limit)
        {
            return Err(NotDone::Stopped);
        }
        progress.failures += operations.len() as u64;
        let references = operations.iter().flat_map(|one| one.references());
        Ok(references
            .filter_map(|id| Some((id.clone(), progress.ids.get(id)?.clone())))
            .collect())
    }

    fn end(&self, operations: usize, ids: Ids) {
        let mut progress = self.progress();
        progress.failures = progress.failures.saturating_sub(operations as u64);
        progress.ids.extend(ids);
    }

    fn done(&self, made: Made) -> Done {
        Done {
            status: made.status,
            location: self.base.clone() + &made.resource.path(),
            version: made.version,
        }
    }
}

impl Turn {
    /// What it does.
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// Does it in one write closure, which must return the error when it fails. `authenticate` says who is
    /// calling now; `fresh` makes nonces.
    ///
    /// # Errors
    /// [`NotDone::Stopped`]; otherwise what is wrong with the operation, or with one of a circle.
    pub fn perform(
        self,
        job: &Job,
        tx: &Write<'_>,
        authenticate: impl FnOnce() -> Result<ScimCaller>,
        mut fresh: impl FnMut() -> Nonce,
        now: Timestamp,
    ) -> std::result::Result<Vec<Done>, NotDone> {
        let operations: Vec<&BulkOperation> = job.operations_of(&self.step).collect();
        let ids = job.begin(&operations)?;
        let caller = authenticate()?;
        let mut created = Ids::new();
        let made = match (&self.step, operations.as_slice()) {
            (Step::One(_), [operation]) => {
                let task = match self.task {
                    Some(task) => task?,
                    None => Task::read(operation.resolve(&ids)?, &caller)?,
                };
                let made = task.perform(tx, &caller, fresh(), now)?;
                if let Some(bulk_id) = created_as(operation) {
                    created.insert(bulk_id.to_owned(), made.resource.id.clone());
                }
                vec![made]
            }
            (_, circle) => together(circle, ids, &mut created, tx, &caller, &mut fresh, now)?,
        };
        job.end(operations.len(), created);
        Ok(made.into_iter().map(|made| job.done(made)).collect())
    }
}

fn created_as(operation: &BulkOperation) -> Option<&str> {
    match &operation.wanted {
        Ok(Operation::Create { bulk_id, .. }) => Some(bulk_id),
        _ => None,
    }
}

/// Creates what refers to each other: first without what is missing, then that is put in.
///
/// # Errors
/// 409 that says which of them failed, and why.
fn together(
    circle: &[&BulkOperation],
    mut ids: Ids,
    created: &mut Ids,
    tx: &Write<'_>,
    caller: &ScimCaller,
    fresh: &mut impl FnMut() -> Nonce,
    now: Timestamp,
) -> Result<Vec<Made>> {
    let names: Vec<&str> = circle.iter().filter_map(|one| created_as(one)).collect();
    let mut all = Vec::with_capacity(circle.len());
    let mut patches = Vec::with_capacity(circle.len());
    for operation in circle {
        let undone = |error| undone(error, operation, &names);
        let Ok(Operation::Create {
            collection,
            bulk_id,
            ..
        }) = &operation.wanted
        else {
            return Err(undone(
                scim::Error::new(409, "only what is created can be part of a circle").into(),
            ));
        };
        let apart = operation
            .resolve_apart(resource_type(*collection, caller.types()), &ids, &names)
            .map_err(|error| undone(error.into()))?;
        let made = Task::read(apart.operation, caller)
            .map_err(Error::from)
            .and_then(|task| task.perform(tx, caller, fresh(), now))
            .map_err(undone)?;
        ids.insert(bulk_id.clone(), made.resource.id.clone());
        created.insert(bulk_id.clone(), made.resource.id.clone());
        patches.push(apart.patch);
        all.push(made);
    }
    for ((made, patch), operation) in all.iter_mut().zip(patches).zip(circle) {
        let Some(mut data) = patch else { continue };
        bulk::resolve(&mut data, &ids);
        let patch = Operation::Patch {
            resource: made.resource.clone(),
            version: made.version.clone(),
            data,
        };
        let after = Task::read(patch, caller)
            .map_err(Error::from)
            .and_then(|task| task.perform(tx, caller, fresh(), now))
            .map_err(|error| undone(error, operation, &names))?;
        made.version = after.version;
    }
    Ok(all)
}

/// 409 for a circle; what is not the client's doing stays as it is.
fn undone(error: Error, operation: &BulkOperation, circle: &[&str]) -> Error {
    if matches!(error, Error::Store(_)) {
        return error;
    }
    let mut names: Vec<String> = circle
        .iter()
        .take(LISTED)
        .map(|name| format!("\"{}\"", super::shown(name)))
        .collect();
    if circle.len() > LISTED {
        names.push("and others".into());
    }
    let failed = super::shown(created_as(operation).unwrap_or_default());
    scim::Error::new(
        409,
        format!(
            "Operations that refer to each other in a circle are done together or not at all: {}. \
             None was done, because \"{failed}\" failed: {error}",
            names.join(", ")
        ),
    )
    .into()
}
