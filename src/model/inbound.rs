//! API-driven inbound provisioning: uploads as they were accepted, and how they were worked off.
//!
//! An [`Upload`] is a row of its own before the client hears 202; its body, which nobody looks at while lists are shown,
//! is another. Follows part 8 of the Entra reference.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{Guid, Seq};

/// A bulk request that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Row; uploads of a job are worked off in this order.
    pub seq: Seq,
    /// `request-id` of the answer.
    pub request_id: Guid,
    /// When it was accepted.
    pub received: Timestamp,
    /// Name of the client that sent it.
    pub client: String,
    /// Operations in it, 1 to 50.
    pub operations: u32,
    /// Whether a `bulkId` occurs in it twice, which the service's own sample does and its text forbids.
    #[serde(default)]
    pub repeated_bulk_id: bool,
    /// Whether its operations were done; managers may still be set afterwards.
    #[serde(default)]
    pub applied: bool,
    /// When everything of it had been worked off.
    #[serde(default)]
    pub processed: Option<Timestamp>,
    /// Whether a restart of the stopped job took it from the queue: nothing of it was done.
    #[serde(default)]
    pub purged: bool,
    /// Position in the provisioning log of what became of its first operation; those of the others follow.
    #[serde(default)]
    pub first_entry: Option<Seq>,
    /// How its operations ended, once they did.
    #[serde(default)]
    pub outcome: UploadOutcome,
}

impl Upload {
    /// Accepted now: nothing of it is done, and its row is the next one.
    pub fn new(request_id: Guid, received: Timestamp, client: &str, operations: u32) -> Self {
        Self {
            seq: Seq(0),
            request_id,
            received,
            client: client.to_owned(),
            operations,
            repeated_bulk_id: false,
            applied: false,
            processed: None,
            purged: false,
            first_entry: None,
            outcome: UploadOutcome::default(),
        }
    }
}

/// How many operations of an upload ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadOutcome {
    /// Users made.
    pub created: u32,
    /// Users changed, enabled or disabled.
    pub updated: u32,
    /// Nothing to do, or out of scope.
    pub skipped: u32,
    /// Failed; the provisioning log says why.
    pub failed: u32,
}
