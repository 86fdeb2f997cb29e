//! The provisioning log: one entry per object a cycle touched, with its steps.
//!
//! Follows Graph's `provisioningObjectSummary` (`auditLogs/provisioning`): same step names, same enumerations;
//! the HTTP exchanges behind an entry are ours. What is the same for every entry of a job (tenant, job,
//! application, systems) is not kept with each: `sync::summary` adds it when an entry is shown. An entry's ids
//! are made of its position (`store::logs::id`), so that nothing has to be indexed to find them.
//!
//! An entry is stored in two rows: [`LogHead`] is what lists and searches read, [`LogDetails`] the rest.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ObjectKind;
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};

/// `provisioningAction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// The object was made in the target.
    Create,
    /// Attributes or references changed in the target.
    Update,
    /// `active` became false in the target.
    Disable,
    /// The object was removed from the target.
    Delete,
    /// A deletion or disabling held back by the guard against accidental deletions.
    StagedDelete,
    /// Nothing of the above.
    Other,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Create,
        Self::Update,
        Self::Disable,
        Self::Delete,
        Self::StagedDelete,
        Self::Other,
    ];

    /// As Graph spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::StagedDelete => "stagedDelete",
            Self::Other => "other",
        }
    }

    /// As the portal shows it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Disable => "Disable",
            Self::Delete => "Delete",
            Self::StagedDelete => "StagedDelete",
            Self::Other => "Other",
        }
    }
}

/// `provisioningStatusInfo.status` and the status of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Done.
    Success,
    /// Tried and failed.
    Failure,
    /// Not tried, for the reason in the entry.
    Skipped,
    /// Done, with a part left over.
    Warning,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Success, Self::Failure, Self::Skipped, Self::Warning];

    /// As Graph spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
        }
    }

    /// As the portal shows it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failure => "Failure",
            Self::Skipped => "Skipped",
            Self::Warning => "Warning",
        }
    }
}

/// `provisioningStepType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    /// Reading the object from the source.
    Import,
    /// In scope?
    Scoping,
    /// Finding it in the target.
    Matching,
    /// Mapping and comparing.
    Processing,
    /// Translating references into ids of the target.
    ReferenceResolution,
    /// Writing to the target.
    Export,
}

impl StepKind {
    /// As Graph spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Scoping => "scoping",
            Self::Matching => "matching",
            Self::Processing => "processing",
            Self::ReferenceResolution => "referenceResolution",
            Self::Export => "export",
        }
    }
}

/// One step of an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `EntryImportAdd`, `EntrySynchronizationScoping`, `EntryExportAdd`, …
    pub name: String,
    /// Which of the phases.
    #[serde(rename = "provisioningStepType")]
    pub kind: StepKind,
    /// Verdict.
    pub status: Status,
    /// One sentence.
    pub description: String,
    /// Values behind the verdict, by name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub details: Map<String, Value>,
}

/// One attribute before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModifiedProperty {
    /// Target attribute.
    pub display_name: String,
    /// What the target had.
    pub old_value: Option<String>,
    /// What it was given; `[Redact]` when the mapping says so.
    pub new_value: Option<String>,
}

/// An end of an entry: the object in the source or in the target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Object id there; empty while unknown.
    pub id: String,
    /// Name there.
    pub display_name: String,
}

/// One HTTP exchange with the target. Holds no secret: the `Authorization` header is never recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// `GET`, `POST`, …
    pub method: String,
    /// Full URL as requested.
    pub url: String,
    /// Body sent, cut at 16 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Status; `None` when no answer came.
    pub status: Option<u16>,
    /// Body received, cut at 16 KiB; or, without a status, what went wrong.
    pub response: String,
    /// How long it took.
    pub milliseconds: u64,
}

/// Why an entry failed or was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorInformation {
    /// Entra's code, e.g. `EntryConflict`; for skips the skip reason.
    pub error_code: String,
    /// What happened, in sentences.
    pub reason: String,
    /// What to do about it.
    #[serde(default)]
    pub recommended_action: Option<String>,
}

/// One entry of the provisioning log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Row; the log is read by position.
    pub seq: Seq,
    /// Row of the job.
    pub job: Seq,
    /// Groups the entries of one pass.
    pub cycle_id: Guid,
    /// When.
    pub activity_date_time: Timestamp,
    /// User or group.
    pub kind: ObjectKind,
    /// Row of the source object.
    pub object: Seq,
    /// What was done or meant to be done.
    pub action: Action,
    /// How it ended.
    pub status: Status,
    /// Why, unless it succeeded.
    #[serde(default)]
    pub error: Option<ErrorInformation>,
    /// From import to export.
    pub duration_in_milliseconds: u64,
    /// The object in the source.
    pub source: Identity,
    /// The object in the target; its name is what the steps call it, also before it is there.
    pub target: Identity,
    /// Who asked for it, when somebody did: *Provision on demand*. `None` is the service itself.
    #[serde(default)]
    pub initiated_by: Option<String>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What changed in the target.
    #[serde(default)]
    pub modified_properties: Vec<ModifiedProperty>,
    /// The wire behind it.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

/// The part of an entry that lists show and searches look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogHead {
    /// Row; the log is read by position.
    pub seq: Seq,
    /// Row of the job.
    pub job: Seq,
    /// Groups the entries of one pass.
    pub cycle_id: Guid,
    /// When.
    pub activity_date_time: Timestamp,
    /// User or group.
    pub kind: ObjectKind,
    /// Row of the source object.
    pub object: Seq,
    /// What was done or meant to be done.
    pub action: Action,
    /// How it ended.
    pub status: Status,
    /// Why, unless it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorInformation>,
    /// From import to export.
    pub duration_in_milliseconds: u64,
    /// The object in the source.
    pub source: Identity,
    /// The object in the target; its name is what the steps call it, also before it is there.
    pub target: Identity,
    /// Who asked for it; `None` is the service itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiated_by: Option<String>,
}

/// The part of an entry that only its own page, exports and the API show.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogDetails {
    /// The steps, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// What changed in the target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modified_properties: Vec<ModifiedProperty>,
    /// The wire behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
}

impl LogEntry {
    /// Of its two parts.
    pub fn new(head: LogHead, details: LogDetails) -> Self {
        Self {
            seq: head.seq,
            job: head.job,
            cycle_id: head.cycle_id,
            activity_date_time: head.activity_date_time,
            kind: head.kind,
            object: head.object,
            action: head.action,
            status: head.status,
            error: head.error,
            duration_in_milliseconds: head.duration_in_milliseconds,
            source: head.source,
            target: head.target,
            initiated_by: head.initiated_by,
            steps: details.steps,
            modified_properties: details.modified_properties,
            exchanges: details.exchanges,
        }
    }

    /// Its two parts.
    pub fn into_parts(self) -> (LogHead, LogDetails) {
        let head = LogHead {
            seq: self.seq,
            job: self.job,
            cycle_id: self.cycle_id,
            activity_date_time: self.activity_date_time,
            kind: self.kind,
            object: self.object,
            action: self.action,
            status: self.status,
            error: self.error,
            duration_in_milliseconds: self.duration_in_milliseconds,
            source: self.source,
            target: self.target,
            initiated_by: self.initiated_by,
        };
        let details = LogDetails {
            steps: self.steps,
            modified_properties: self.modified_properties,
            exchanges: self.exchanges,
        };
        (head, details)
    }
}

/// How long a tenant's log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRetention {
    /// Days; `None` keeps everything.
    pub days: Option<u16>,
}

impl Default for LogRetention {
    /// 30 days, as with a paid licence of the service; without one it keeps 7.
    fn default() -> Self {
        Self { days: Some(30) }
    }
}
