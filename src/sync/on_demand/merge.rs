//! One entry of what a cycle would have told in two: the object, and its references.

use crate::model::{Action, LogEntry, Status};

/// The object's entry with that of its references.
pub(super) fn merge(mut object: LogEntry, references: LogEntry) -> LogEntry {
    let idle = object.status == Status::Skipped;
    if idle && references.status != Status::Skipped {
        // That there was nothing to do is no longer true.
        object
            .steps
            .retain(|step| step.name != "EntrySynchronizationSkip");
    }
    match (object.status, references.status) {
        (_, Status::Failure) => {
            object.status = Status::Failure;
            object.error = references.error;
        }
        (Status::Skipped, Status::Success | Status::Warning) => {
            object.status = references.status;
            object.error = references.error;
        }
        (Status::Success, Status::Warning) => {
            object.status = Status::Warning;
            object.error = references.error;
        }
        (Status::Success, Status::Skipped)
            if references
                .error
                .as_ref()
                .is_some_and(|error| error.error_code != "RedundantExport") =>
        {
            object.status = Status::Warning;
            object.error = references.error;
        }
        (Status::Skipped, Status::Skipped) => {
            let redundant =
                |error: &crate::model::ErrorInformation| error.error_code == "RedundantExport";
            if references.error.as_ref().is_some_and(|e| !redundant(e)) {
                object.error = references.error;
            }
        }
        _ => {}
    }
    if object.action == Action::Other {
        object.action = references.action;
    }
    object.duration_in_milliseconds += references.duration_in_milliseconds;
    object.steps.extend(references.steps);
    object
        .modified_properties
        .extend(references.modified_properties);
    object.exchanges.extend(references.exchanges);
    object
}
