//! *Prevent accidental deletion*: what one cycle may delete and disable, users and groups together.
//!
//! Two halves. [`plan`] counts what has left before anything is sent, so that a cycle above the threshold sends none
//! of its deletions. [`Guard`] counts again while they are sent: objects that leave after the count, or while an
//! interrupted cycle waits, never lead to more deletions than the threshold. What is held back is remembered and
//! looked at again in every cycle, until it comes back into scope or *Allow deletes* approves it. Follows
//! Microsoft's "Enable accidental deletions prevention".

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::changes::ChangeSet;
use super::context::Run;
use super::export;
use super::objects::Reader;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Cycle, Deletions, ErrorInformation, Job, ObjectKind, ObjectRef};
use crate::store::jobs;

/// Links or changes counted between two looks at whether to go on.
const PAGE: usize = 500;

/// What a running cycle may still delete and disable. Shared by its threads.
pub(super) struct Guard {
    /// `None`: as many as there are.
    threshold: Option<u64>,
    admitted: AtomicU64,
    held: AtomicBool,
}

impl Guard {
    /// For a cycle as it stands: a resumed one has let some through already.
    pub(super) fn new(job: &Job, cycle: &Cycle) -> Self {
        Self {
            threshold: job.settings.delete_threshold.filter(|_| !job.force_deletes),
            admitted: AtomicU64::new(cycle.admitted),
            held: AtomicBool::new(cycle.deletions == Deletions::Held),
        }
    }

    /// For what is no cycle: one object is no accident.
    pub(super) fn open() -> Self {
        Self {
            threshold: None,
            admitted: AtomicU64::new(0),
            held: AtomicBool::new(false),
        }
    }

    /// The threshold, unless nothing is guarded.
    pub(super) fn threshold(&self) -> Option<u64> {
        self.threshold
    }

    /// Whether one more object may be deleted or disabled now; to be asked right before it is.
    pub(super) fn admits(&self) -> bool {
        let Some(threshold) = self.threshold else {
            return true;
        };
        if self.is_held() {
            return false;
        }
        let admitted = self.admitted.fetch_add(1, Ordering::SeqCst) < threshold;
        if !admitted {
            self.hold();
        }
        admitted
    }

    /// From now on nothing more is deleted or disabled.
    pub(super) fn hold(&self) {
        self.held.store(true, Ordering::SeqCst);
    }

    /// Whether deletions are held back.
    pub(super) fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }
}

/// Counts what this cycle would delete and disable, up to the threshold. `None` when the agent shuts down meanwhile.
pub(super) fn plan(run: &Run, changed: Option<&ChangeSet>) -> Result<Option<Deletions>> {
    let Some(threshold) = run.guard.threshold() else {
        return Ok(Some(Deletions::Allowed));
    };
    let mut leaving = 0;
    for kind in [ObjectKind::User, ObjectKind::Group] {
        if !run.mapping(kind).enabled {
            continue;
        }
        let set = changed.map(|changed| match kind {
            ObjectKind::User => &changed.users,
            ObjectKind::Group => &changed.groups,
        });
        let mut after = Seq(0);
        while let Some((count, through)) = page(run, kind, set, after)? {
            leaving += count;
            after = through;
            if leaving > threshold {
                return Ok(Some(Deletions::Held));
            }
            if run.context.is_shutting_down() {
                return Ok(None);
            }
        }
    }
    Ok(Some(Deletions::Allowed))
}

/// How many of the next changed or linked objects leave, and the last of them.
fn page(
    run: &Run,
    kind: ObjectKind,
    set: Option<&BTreeSet<Seq>>,
    after: Seq,
) -> Result<Option<(u64, Seq)>> {
    let tx = run.context.store.read()?;
    let reader = Reader {
        tx: &tx,
        key: run.key,
        job: &run.job,
    };
    let rows: Vec<Seq> = match set {
        Some(set) => match super::changes::page(set, after, PAGE) {
            Some((rows, _)) => rows,
            None => return Ok(None),
        },
        None => jobs::links_after(&tx, run.key, kind, after, PAGE)?
            .into_iter()
            .map(|link| link.source.seq)
            .collect(),
    };
    let Some(through) = rows.last().copied() else {
        return Ok(None);
    };
    let mut leaving = 0;
    for seq in rows {
        let candidate = reader.one(ObjectRef { kind, seq })?;
        leaving += u64::from(candidate.is_some_and(|c| export::leaves(&run.job, &c)));
    }
    Ok(Some((leaving, through)))
}

/// Why an object was not deleted or disabled.
pub(super) fn held_back(threshold: u64) -> ErrorInformation {
    ErrorInformation {
        error_code: "TooManyDeletes".to_owned(),
        reason: format!(
            "This deletion was held back: the cycle would delete or disable more than {threshold} objects, the threshold of the prevention of accidental deletions."
        ),
        recommended_action: Some(
            "Allow deletes if it is meant; otherwise bring the object back into scope and restart provisioning."
                .to_owned(),
        ),
    }
}

/// What the status of a job says about deletions held back.
pub(super) fn too_many(threshold: u64, held: u64) -> ErrorInformation {
    ErrorInformation {
        error_code: "TooManyDeletes".to_owned(),
        reason: format!(
            "{held} deletions are held back, more than the threshold of {threshold} for one cycle."
        ),
        recommended_action: Some(
            "Look at the staged deletions in the provisioning logs. Allow deletes if they are meant; otherwise bring the objects back into scope and restart provisioning."
                .to_owned(),
        ),
    }
}
