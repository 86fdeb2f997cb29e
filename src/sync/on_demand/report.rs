//! What happened to one object.

use super::Subject;
use crate::clock::Timestamp;
use crate::model::{ErrorInformation, Exchange, Identity, LogEntry, Status};

/// How it ended: `result` of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Something was changed.
    Success,
    /// Nothing had to be changed, or may be.
    Skipped,
    /// It could not be done.
    Failure,
}

impl Verdict {
    /// As the API and the portal spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Skipped => "Skipped",
            Self::Failure => "Failure",
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Whom it was about.
    pub subject: Subject,
    /// Name and object id.
    pub source: Identity,
    /// Whether only reads were sent.
    pub dry_run: bool,
    /// Step 1, *Test connection*, which is shown only when it fails: nothing else was done then.
    pub connection: Option<(ErrorInformation, Vec<Exchange>)>,
    /// The other steps. Its position is 0 in a dry run, which leaves nothing in the log.
    pub entry: Option<LogEntry>,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
}

impl Report {
    /// How it ended.
    pub fn verdict(&self) -> Verdict {
        match self.entry.as_ref().map(|entry| entry.status) {
            Some(Status::Success | Status::Warning) => Verdict::Success,
            Some(Status::Skipped) => Verdict::Skipped,
            Some(Status::Failure) | None => Verdict::Failure,
        }
    }

    /// Why nothing was changed, or why it could not be done.
    pub fn error(&self) -> Option<&ErrorInformation> {
        let entry = self.entry.as_ref().and_then(|entry| entry.error.as_ref());
        self.connection.as_ref().map(|(error, _)| error).or(entry)
    }
}
