//! What a worker reports of one object, to be saved in one write with others.

use crate::model::{Action, ErrorInformation, Link, LogEntry, ObjectRef, Status};

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
}

impl Outcome {
    pub(super) fn new(object: ObjectRef, entry: LogEntry, link: LinkChange) -> Self {
        Self {
            object,
            entry: Some(entry),
            link,
            added: Vec::new(),
            removed: Vec::new(),
        }
    }

    /// The error that puts the object in escrow.
    pub(super) fn failure(&self) -> Option<&ErrorInformation> {
        self.entry
            .as_ref()
            .filter(|entry| entry.status == Status::Failure)
            .and_then(|entry| entry.error.as_ref())
    }

    /// Adds to the counts of a cycle.
    pub(super) fn count(&self, counts: &mut crate::model::CycleCounts) {
        let Some(entry) = &self.entry else { return };
        match (entry.status, entry.action) {
            (Status::Failure, _) => counts.failed += 1,
            (Status::Skipped, _) | (_, Action::StagedDelete) => counts.skipped += 1,
            (Status::Success | Status::Warning, Action::Create) => counts.created += 1,
            (Status::Success | Status::Warning, Action::Update) => counts.updated += 1,
            (Status::Success | Status::Warning, Action::Disable) => counts.disabled += 1,
            (Status::Success | Status::Warning, Action::Delete) => counts.deleted += 1,
            (Status::Success | Status::Warning, Action::Other) => {}
        }
    }
}
