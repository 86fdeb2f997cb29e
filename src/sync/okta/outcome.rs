//! What a job brought: how it ended, what changes, what the System Log says. A value; `save` writes it down.

use crate::clock::Timestamp;
use crate::directory::okta::events::Event;
use crate::id::Seq;
use crate::model::Exchange;
use crate::model::okta::{Profile, ProvisioningJob};

/// Waits after a 429 that says nothing usable, and before an account is looked at again, in seconds.
pub(super) const DEFAULT_WAIT: u64 = 300;
/// The longest wait that a target may ask for, in seconds: a day. What is longer counts as no answer.
const LONGEST_WAIT: u64 = 86_400;
/// How often a job is tried that the target asks patience for, and an account that does not become active.
pub(super) const ATTEMPTS: u32 = 10;

/// What a job brought.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The job as it began.
    pub(super) job: ProvisioningJob,
    pub(super) end: End,
    pub(super) change: Change,
    /// In order, each with the requests behind it.
    pub(super) events: Vec<(Event, Vec<Exchange>)>,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// It is done.
    Done,
    /// It failed, and somebody must look at it: a task.
    Failed {
        /// The person, or the group, by name.
        subject: String,
        text: String,
    },
    /// The target asks for patience: the job stays.
    Later(Patience),
    /// The account is not active yet: a task tells of it, and the job comes again at the end of the queue.
    PutOff { subject: String, text: String },
    /// The agent is shutting down: the job stays as it was.
    Interrupted,
    /// A part is done: the job stays, and goes on with the rest at once.
    GoesOn,
}

/// How long to wait after a 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patience {
    pub(super) attempts: u32,
    /// Seconds.
    pub(super) waited: u64,
}

impl Patience {
    /// How a job goes on after a 429 (part 1.13 of the Okta reference): what the header says or 300 s, twice the last
    /// wait from the second time on, and not at all after ten attempts.
    pub(super) fn after(job: &ProvisioningJob, retry_after: Option<u64>) -> Option<Self> {
        let attempts = job.attempts + 1;
        let waited = if job.attempts == 0 {
            let usable = retry_after.filter(|seconds| *seconds <= LONGEST_WAIT);
            usable.unwrap_or(DEFAULT_WAIT)
        } else {
            job.waited.saturating_mul(2)
        };
        (attempts < ATTEMPTS).then_some(Self { attempts, waited })
    }

    /// When the job is due again.
    pub(super) fn due(self, now: Timestamp) -> Timestamp {
        now.plus(std::time::Duration::from_secs(self.waited))
    }
}

/// What is known now that was not before.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change {
    None,
    Person(Box<PersonChange>),
    /// The account of somebody who is no longer assigned was deactivated.
    Left(Seq),
    Group(Box<GroupChange>),
}

/// Of a person's account.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct PersonChange {
    /// Row of the person.
    pub(super) user: Seq,
    /// The account that was made or found.
    pub(super) external_id: Option<String>,
    /// Whether it is linked for good.
    pub(super) provisioned: bool,
    /// What the target has been told: profile and user name.
    pub(super) told: Option<(Profile, String)>,
    /// Whether a password was sent that is meant to stay.
    pub(super) password: bool,
}

/// Of a pushed group.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct GroupChange {
    /// Row of the mapping.
    pub(super) mapping: Seq,
    /// The group that was made or found at the target.
    pub(super) external_id: Option<String>,
    /// The name it was given.
    pub(super) name: Option<String>,
    /// The Okta group's name at that time, when it was renamed.
    pub(super) named_after: Option<String>,
    /// Who is a member there now, by which `id`; and who is none.
    pub(super) told: Vec<(Seq, Option<String>)>,
    /// Whether anything was sent.
    pub(super) pushed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::okta::JobKind;

    /// 1.13: integer seconds exactly, else 300 s, then twice as long each time, ten attempts.
    #[test]
    fn patience_grows_and_ends() {
        let mut job = ProvisioningJob {
            seq: Seq(1),
            kind: JobKind::Provision { user: Seq(1) },
            created: Timestamp::default(),
            due: Timestamp::default(),
            attempts: 0,
            waited: 0,
            reactivations: 0,
            begun: false,
        };
        for (header, waited) in [
            (Some(30), 30),
            (Some(0), 0),
            (None, 300),
            (Some(86_401), 300),
        ] {
            let patience = Patience::after(&job, header).unwrap();
            assert_eq!((patience.attempts, patience.waited), (1, waited));
        }
        let mut waits = Vec::new();
        while let Some(patience) = Patience::after(&job, Some(7)) {
            waits.push(patience.waited);
            (job.attempts, job.waited) = (patience.attempts, patience.waited);
        }
        assert_eq!(waits, [7, 14, 28, 56, 112, 224, 448, 896, 1792]);
    }
}
