//! What a worker reports of one object, to be saved in one write with others.

use super::managers::UNRESOLVABLE;
use crate::model::{
    Action, CycleCounts, CyclePhase, ErrorInformation, Link, LogEntry, ObjectRef, Status,
};

/// What becomes of the link.
pub(super) enum LinkChange {
    /// Nothing.
    Keep,
    /// It is inserted or replaced.
    Put(Box<Link>),
    /// It ends, with the record of exported members.
    Remove,
}

/// The result of one object in one phase.
pub(super) struct Outcome {
    pub(super) object: ObjectRef,
    /// `None` for a part of a long piece of work, whose entry comes with the last part.
    pub(super) entry: Option<LogEntry>,
    pub(super) link: LinkChange,
    /// Members that the target has been told of.
    pub(super) added: Vec<ObjectRef>,
    /// Members that the target has been told to remove.
    pub(super) removed: Vec<ObjectRef>,
    /// Whether the object is assigned; meant for object phases, as the next.
    pub(super) entitled: bool,
    /// Whether it also passes the scoping filters and is active.
    pub(super) provisionable: bool,
    /// Whether a deletion or disabling was let through by the guard, whatever came of it.
    pub(super) admitted: bool,
}

/// Without entry: nothing to do, or a part of something longer.
impl Outcome {
    pub(super) fn part(object: ObjectRef, added: Vec<ObjectRef>, removed: Vec<ObjectRef>) -> Self {
        Self {
            object,
            entry: None,
            link: LinkChange::Keep,
            added,
            removed,
            entitled: false,
            provisionable: false,
            admitted: false,
        }
    }
}

impl Outcome {
    pub(super) fn new(object: ObjectRef, entry: LogEntry, link: LinkChange) -> Self {
        Self {
            object,
            entry: Some(entry),
            link,
            added: Vec::new(),
            removed: Vec::new(),
            entitled: false,
            provisionable: false,
            admitted: false,
        }
    }

    /// Whether its deletion or disabling was held back.
    pub(super) fn is_staged(&self) -> bool {
        let staged = |entry: &LogEntry| entry.action == Action::StagedDelete;
        self.entry.as_ref().is_some_and(staged)
    }

    /// The error that puts the object in escrow.
    pub(super) fn failure(&self) -> Option<&ErrorInformation> {
        self.entry
            .as_ref()
            .filter(|entry| entry.status == Status::Failure)
            .and_then(|entry| entry.error.as_ref())
    }

    /// Adds to the counts of a cycle in this phase. Objects in escrow are counted when they are put there.
    pub(super) fn count(&self, counts: &mut CycleCounts, phase: CyclePhase) {
        let Some(entry) = &self.entry else { return };
        let of_object = matches!(phase, CyclePhase::Users | CyclePhase::Groups);
        let (done, tried) = match (entry.status, entry.action) {
            (_, Action::StagedDelete) => {
                counts.staged += 1;
                counts.skipped += 1;
                (false, false)
            }
            (Status::Failure, _) => {
                counts.failed += 1;
                counts.escrowed_raw += 1;
                (false, true)
            }
            (Status::Skipped, _) => {
                counts.skipped += 1;
                (false, false)
            }
            (Status::Success | Status::Warning, action) => {
                match action {
                    Action::Create => counts.created += 1,
                    Action::Update => counts.updated += 1,
                    Action::Disable => counts.disabled += 1,
                    Action::Delete => counts.deleted += 1,
                    Action::StagedDelete | Action::Other => {}
                }
                (true, action != Action::Other)
            }
        };
        counts.exports += u64::from(tried);
        if of_object {
            counts.examined += 1;
            counts.exported += u64::from(done && tried);
            counts.entitled += u64::from(self.entitled);
            counts.entitled_for_provisioning += u64::from(self.provisionable);
        } else {
            counts.reference_deltas += 1;
            let unresolved = entry.status != Status::Failure
                && entry
                    .error
                    .as_ref()
                    .is_some_and(|e| e.error_code == UNRESOLVABLE);
            counts.unresolved += u64::from(unresolved);
            counts.escrowed_raw += u64::from(unresolved);
        }
    }
}
