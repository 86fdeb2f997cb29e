//! A synchronization job: configuration, how it stands, links and escrows.
//!
//! Terms of `synchronizationJob` in Microsoft Graph. Configuration ([`Job`]) and progress
//! ([`Cycle`](super::Cycle)) are separate rows, because progress is written every few dozen objects.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ObjectRef;
use super::credentials::Authentication;
use super::log::ErrorInformation;
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};
use crate::mapping::entra::SynchronizationRules;

/// Who is in scope: the *Scope* setting of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// *Sync only assigned users and groups*.
    AssignedOnly,
    /// *Sync all users and groups*.
    All,
}

/// Which way data flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Direction {
    /// From the directory into a target, in cycles.
    #[default]
    Outbound,
    /// From bulk requests of a client into the directory, as they come: *API-driven provisioning to Microsoft Entra ID*.
    Inbound,
}

/// Switches of one job: the portal's *Settings*, documented behaviours that one may want to see or not, and what the
/// service leaves unpublished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, on or off"
)]
pub struct JobSettings {
    /// *Send an email notification when a failure occurs*.
    pub notify: bool,
    /// *Prevent accidental deletion*: deletions and disablings of one cycle above this number are held back
    /// (`QuarantineTooManyDeletesThreshold`). `None` is off.
    pub delete_threshold: Option<u64>,
    /// `SkipOutOfScopeDeletions`: what leaves the scope is left as it is in the target.
    pub skip_out_of_scope_deletions: bool,
    /// Whether the target can disable an object though no mapping says so. If not, and nothing is mapped to
    /// `active`, what leaves the scope is deleted.
    pub target_supports_soft_delete: bool,
    /// The documented bug of `Switch`: in an incremental cycle it is null when its source attribute did not change.
    pub switch_null_bug: bool,
    /// Whether a value that became null is sent as a replacement with null; the service sends nothing.
    pub send_null_replace: bool,
    /// Whether a linked object is read before it is changed; else the values last exported count.
    pub read_before_write: bool,
    /// Most members in one PATCH of a group, at least 1.
    pub members_per_patch: usize,
    /// What clears a user's manager in the target.
    pub manager_removal: ManagerRemoval,
}

/// What clears a user's manager: published sources show four forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ManagerRemoval {
    /// `Remove` of the attribute, as RFC 7644 says.
    #[default]
    Remove,
    /// `Remove` of `manager[value eq "…"]`.
    RemoveByFilter,
    /// `Remove` of the attribute with the manager as value.
    RemoveByValue,
    /// `Replace` with `{"value":""}`, as Microsoft's SCIM Validator does.
    ReplaceWithEmpty,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self {
            notify: true,
            delete_threshold: None,
            skip_out_of_scope_deletions: false,
            target_supports_soft_delete: false,
            switch_null_bug: false,
            send_null_replace: false,
            read_before_write: true,
            members_per_patch: 100,
            manager_removal: ManagerRemoval::Remove,
        }
    }
}

/// What the job is doing about its schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobStatus {
    /// Credentials are missing.
    NotConfigured,
    /// Not scheduled.
    Paused,
    /// Scheduled or running.
    Active,
    /// Scheduled with a back-off, because the connection does not work or too much failed.
    Quarantine,
    /// Not scheduled any more: the service gave up after 28 days ([`Job::disabled`]).
    Disabled,
}

impl JobStatus {
    /// Whether cycles are scheduled.
    pub const fn is_started(self) -> bool {
        matches!(self, Self::Active | Self::Quarantine)
    }
}

/// `quarantineReason` of Graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuarantineReason {
    /// Of the service's enumeration; this one uses the two that follow.
    EncounteredBaseEscrowThreshold,
    /// More failures than the absolute number, those of references among them.
    EncounteredTotalEscrowThreshold,
    /// The proportional rule: too many failures, or too large a part of all entries.
    EncounteredEscrowProportionThreshold,
    /// The probe failed: credentials, address, or what answers there.
    #[default]
    EncounteredQuarantineException,
    /// Of the service's enumeration.
    Unknown,
    /// Put there by hand.
    QuarantinedOnDemand,
    /// *Prevent accidental deletion* holds deletions back.
    TooManyDeletes,
    /// Of the service's enumeration.
    IngestionInterrupted,
}

impl QuarantineReason {
    /// The member's name in Graph.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EncounteredBaseEscrowThreshold => "EncounteredBaseEscrowThreshold",
            Self::EncounteredTotalEscrowThreshold => "EncounteredTotalEscrowThreshold",
            Self::EncounteredEscrowProportionThreshold => "EncounteredEscrowProportionThreshold",
            Self::EncounteredQuarantineException => "EncounteredQuarantineException",
            Self::Unknown => "Unknown",
            Self::QuarantinedOnDemand => "QuarantinedOnDemand",
            Self::TooManyDeletes => "TooManyDeletes",
            Self::IngestionInterrupted => "IngestionInterrupted",
        }
    }
}

/// Why and since when a job is in quarantine: `synchronizationQuarantine`. Its `nextAttempt` is
/// [`Job::next_run`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// `reason`.
    #[serde(default)]
    pub reason: QuarantineReason,
    /// `seriesBegan`: when it was imposed. A series ends when the job leaves quarantine.
    pub began: Timestamp,
    /// `seriesCount`: attempts in this series.
    pub count: u32,
    /// `currentBegan`: when it was last looked at and left in effect. Rows of earlier versions have none.
    #[serde(default)]
    pub current_began: Option<Timestamp>,
    /// `error`: code and sentence.
    pub error: ErrorInformation,
}

/// That the service gave up on a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabled {
    /// When.
    pub at: Timestamp,
    /// What went on for 28 days.
    pub error: ErrorInformation,
}

/// A synchronization job of an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// Row.
    pub seq: Seq,
    /// `scim.<tenant id without dashes>.<guid>`; an inbound job's begins with `API2AAD.`.
    pub id: String,
    /// Row of the application that owns the job.
    pub application: Seq,
    /// Which way data flows.
    #[serde(default)]
    pub direction: Direction,
    /// Schedule.
    pub status: JobStatus,
    /// *Tenant URL*: base of the target's SCIM endpoint.
    #[serde(default)]
    pub tenant_url: Option<String>,
    /// *Authentication Method* with its secrets, sealed. Older versions called it `secret_token`.
    #[serde(default, alias = "secret_token")]
    pub authentication: Option<Authentication>,
    /// Who is in scope.
    pub scope: Scope,
    /// *Notification Email*: who is told when the job goes into quarantine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_email: Option<String>,
    /// Switches of the portal's *Settings*, and those that the service does not show.
    #[serde(default)]
    pub settings: JobSettings,
    /// Identifier of the preset its rules were made from, which *Restore default mappings* goes back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Attribute mappings of users and groups.
    pub rules: SynchronizationRules,
    /// Seconds from the end of a cycle to the start of the next; 40 minutes by default.
    pub interval_seconds: u64,
    /// Exports in flight at the same time; order is kept per object.
    pub parallel_exports: usize,
    /// Position of the change feed up to which everything was handled; `None` means the next cycle
    /// is an initial one.
    #[serde(default)]
    pub watermark: Option<Seq>,
    /// Row of the running or last cycle.
    #[serde(default)]
    pub cycle: Option<Seq>,
    /// When the next cycle is due, while active or in quarantine.
    #[serde(default)]
    pub next_run: Option<Timestamp>,
    /// Set while [`JobStatus::Quarantine`].
    #[serde(default)]
    pub quarantine: Option<Quarantine>,
    /// End of the first cycle without failures.
    #[serde(default)]
    pub steady_state_first: Option<Timestamp>,
    /// End of the latest cycle without failures.
    #[serde(default)]
    pub steady_state_last: Option<Timestamp>,
    /// The audit log, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<JobEvent>,
    /// Set while [`JobStatus::Disabled`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
    /// *Allow deletes*: the next cycle that comes to its end may delete and disable as many as it finds.
    #[serde(default)]
    pub force_deletes: bool,
    /// `escrowsPruned`: an initial cycle met a threshold of quarantine, and its failures were cleared.
    #[serde(default)]
    pub escrows_pruned: bool,
    /// `countSuccessiveCompleteFailures`: cycles in a row that could not start.
    #[serde(default)]
    pub successive_complete_failures: u64,
    /// Set by a restart of an inbound job while uploads wait: the last of them, after which whoever waits for a manager
    /// waits no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clear_escrows_after: Option<Seq>,
    /// `lastSuccessfulExecution`: row of the latest cycle without failures.
    #[serde(default)]
    pub last_successful: Option<Seq>,
    /// `lastSuccessfulExecutionWithExports`: row of the latest of those that exported something.
    #[serde(default)]
    pub last_successful_with_exports: Option<Seq>,
}

impl Job {
    /// Whether the target passed the latest probe: a quarantine for another reason does not mean that the connection
    /// is broken.
    pub fn is_connected(&self) -> bool {
        let broken = |q: &Quarantine| q.reason == QuarantineReason::EncounteredQuarantineException;
        !self.quarantine.as_ref().is_some_and(broken)
    }
}

/// What the audit log of the service (*Account Provisioning*) calls what happens to a job as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobActivity {
    /// Credentials, settings or who is notified were saved.
    UpdateSettings,
    /// *Start provisioning*.
    Start,
    /// *Stop provisioning*; the service itself, when it gives up.
    Pause,
    /// *Restart provisioning*, *Allow deletes*.
    Restart,
    /// Attribute mappings or scoping filters were saved.
    UpdateMappings,
    /// The job went into quarantine, or is there for another reason.
    Quarantine,
}

impl JobActivity {
    /// As the audit log names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UpdateSettings => "Update provisioning setting or credentials",
            Self::Start => "Enable/start provisioning configuration",
            Self::Pause => "Disable/pause provisioning configuration",
            Self::Restart => "Enable/restart provisioning configuration",
            Self::UpdateMappings => "Update attribute mappings or scope",
            Self::Quarantine => "Quarantine",
        }
    }
}

/// A line of the audit log of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub activity: JobActivity,
    /// More about it, such as what a restart cleared; may be empty.
    #[serde(default)]
    pub detail: String,
}

/// Events of a job that are kept, the newest.
const EVENTS: usize = 50;

impl Job {
    /// Adds to the audit log of the job.
    pub fn note(&mut self, at: Timestamp, activity: JobActivity, detail: impl Into<String>) {
        let more = (self.events.len() + 1).saturating_sub(EVENTS);
        self.events.drain(..more);
        self.events.push(JobEvent {
            at,
            activity,
            detail: detail.into(),
        });
    }
}

/// What the job believes of the target object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkState {
    /// It is in use.
    Active,
    /// It was disabled by this job.
    Disabled,
}

/// An entry of the connector data store: source object and target object belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Object of the directory.
    pub source: ObjectRef,
    /// Its object id: outlives the row when it is purged.
    pub source_id: Guid,
    /// `id` in the target.
    pub target_id: String,
    /// In use or disabled.
    pub state: LinkState,
    /// Whether it lost its assignment or failed a scoping filter, and was disabled or, when nothing may be
    /// sent, left as it was. Such an object is no longer managed: when it is purged later, no DELETE follows.
    #[serde(default)]
    pub out_of_scope: bool,
    /// Values last exported, by target attribute; references by target id.
    #[serde(default)]
    pub exported: Map<String, Value>,
    /// Values last read from the source, by attribute in lower case. Kept only for jobs that show the documented
    /// defect of `Switch`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub source_values: Map<String, Value>,
}

/// A failed object that waits for another attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escrow {
    /// Which object.
    pub source: ObjectRef,
    /// First failure of this series.
    pub first_failure: Timestamp,
    /// Failures so far.
    pub attempts: u32,
    /// Row of the cycle of the last failure.
    #[serde(default)]
    pub cycle: Seq,
    /// The last error.
    pub error: ErrorInformation,
}
