//! A group that is pushed to an app (part 1.11 of the Okta reference).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;

/// `status` of a group-push mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PushMappingStatus {
    /// Changes are pushed.
    Active,
    /// Changes wait.
    Inactive,
    /// The last push failed; nothing more is pushed before somebody retries.
    Error,
}

impl PushMappingStatus {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::Error => "ERROR",
        }
    }
}

/// A group-push mapping: an Okta group, and the app group that it is pushed into. What members the target has been
/// told of are edges (`store::okta`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushMapping {
    /// Row among those of its app.
    pub seq: Seq,
    /// Row of the Okta group.
    pub group: Seq,
    /// Row of the app group; `None` until the target has one.
    #[serde(default)]
    pub target: Option<Seq>,
    /// Name at the target: that of the group when it was pushed or renamed last.
    pub target_name: String,
    /// Name of the Okta group that [`Self::target_name`] goes with: when the group has another, it was renamed since. That
    /// of the app group after it was linked; empty when nobody noted it.
    #[serde(default)]
    pub named_after: String,
    /// Whether it pushes.
    pub status: PushMappingStatus,
    /// Why it failed last.
    #[serde(default)]
    pub error: Option<String>,
    /// Row of the rule that made it.
    #[serde(default)]
    pub rule: Option<Seq>,
    /// When it was made.
    pub created: Timestamp,
    /// When it changed last.
    pub last_updated: Timestamp,
    /// When something was pushed last.
    #[serde(default)]
    pub last_push: Option<Timestamp>,
}
