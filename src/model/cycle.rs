//! A cycle: one pass of a job, with what it counted in the terms of `synchronizationTaskExecution`.

use serde::{Deserialize, Serialize};

use super::log::ErrorInformation;
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};

/// Why a cycle looks at an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CycleKind {
    /// All objects of the directory.
    Initial,
    /// Objects in the change feed since the watermark, and those whose last export failed.
    Incremental,
}

/// How far a cycle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CyclePhase {
    /// User objects.
    Users,
    /// Group objects.
    Groups,
    /// Managers of users.
    Managers,
    /// Members of groups.
    Members,
}

/// How a cycle stands or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CycleState {
    /// Under way, or interrupted and to be resumed.
    Running,
    /// Ended without failures.
    Succeeded,
    /// Ended; single objects failed.
    EntryLevelErrors,
    /// Could not start: the target did not answer the probe.
    Failed,
    /// Ended by a restart before it was done.
    Stopped,
}

/// What a cycle did, counted in objects (and requests). With the names of `synchronizationTaskExecution`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CycleCounts {
    /// Objects looked at: `countImported`, `countImportedDeltas`.
    pub examined: u64,
    /// Objects made in the target.
    pub created: u64,
    /// Objects changed in the target (attributes or references).
    pub updated: u64,
    /// Objects disabled in the target.
    pub disabled: u64,
    /// Objects deleted in the target.
    pub deleted: u64,
    /// Objects skipped, with a reason in the log.
    pub skipped: u64,
    /// Objects that failed.
    pub failed: u64,
    /// HTTP requests sent.
    pub requests: u64,
    /// Objects and groups whose references were compared and differed: `countImportedReferenceDeltas`.
    pub reference_deltas: u64,
    /// Objects that are assigned (everybody is, when all are in scope): `countEntitled`.
    pub entitled: u64,
    /// Those of them that pass the scoping filters and are active: `countEntitledForProvisioning`.
    pub entitled_for_provisioning: u64,
    /// Objects exported with success, references aside: `countExported`.
    pub exported: u64,
    /// Exports tried, of objects and of references: `countExports`.
    pub exports: u64,
    /// Objects that failed, each once: `countEscrowed`.
    pub escrowed: u64,
    /// Failures, those of an object's references counted again, and references that could not be resolved:
    /// `countEscrowedRaw`.
    pub escrowed_raw: u64,
    /// Objects with references that could not be resolved; they do not count towards the proportion that leads to
    /// quarantine.
    pub unresolved: u64,
    /// Deletions and disablings held back, which are among the skipped.
    pub staged: u64,
}

/// What a cycle may do about objects that have left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deletions {
    /// Not counted yet.
    #[default]
    Unplanned,
    /// Not more than the threshold of *Prevent accidental deletion*, or approved, or not guarded.
    Allowed,
    /// Too many: they are logged as staged and not sent.
    Held,
}

/// One pass of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// Row, counted per job.
    pub seq: Seq,
    /// `cycleId` of its log entries.
    pub id: Guid,
    /// Initial or incremental.
    pub kind: CycleKind,
    /// Running or how it ended.
    pub state: CycleState,
    /// First moment.
    pub began: Timestamp,
    /// Last moment.
    #[serde(default)]
    pub ended: Option<Timestamp>,
    /// Head of the change feed when the cycle began: the watermark when it ends.
    pub head: Seq,
    /// Phase in progress.
    pub phase: CyclePhase,
    /// Last object of the phase whose outcome is saved; 0 at the start of a phase.
    pub after: Seq,
    /// Units of work expected in all phases; an estimate that only progress bars use.
    pub total: u64,
    /// Units done.
    pub done: u64,
    /// What was done.
    pub counts: CycleCounts,
    /// Whether what left may be deleted and disabled.
    #[serde(default)]
    pub deletions: Deletions,
    /// Deletions and disablings let through so far, whatever came of them: what a resumed cycle counts on from.
    #[serde(default)]
    pub admitted: u64,
    /// Why it failed as a whole.
    #[serde(default)]
    pub error: Option<ErrorInformation>,
}

/// Rows of the directory in one page: the unit of a cycle's progress, as in the portal.
const ROWS_PER_PAGE: u64 = 200;

impl Cycle {
    /// `completedUnits` and `totalUnits` of `progress`, in pages.
    pub fn pages(&self) -> (u64, u64) {
        let total = self.total.max(self.done).div_ceil(ROWS_PER_PAGE);
        match self.state {
            CycleState::Running => (self.done / ROWS_PER_PAGE, total),
            _ => (self.done.div_ceil(ROWS_PER_PAGE), total),
        }
    }
}
