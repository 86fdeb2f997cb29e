//! A group of an org. Members are edges, never part of the row.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;

/// `type` of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupType {
    /// The org's own.
    OktaGroup,
    /// A group of an app: imported from it, or pushed to it.
    AppGroup,
    /// *Everyone*.
    BuiltIn,
}

impl GroupType {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OktaGroup => "OKTA_GROUP",
            Self::AppGroup => "APP_GROUP",
            Self::BuiltIn => "BUILT_IN",
        }
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OktaGroup {
    /// Row.
    pub seq: Seq,
    /// Whose it is.
    pub kind: GroupType,
    /// `profile.name`; unique among the org's own groups.
    pub name: String,
    /// `profile.description`.
    #[serde(default)]
    pub description: String,
    /// Row of the app whose group it is; app groups only.
    #[serde(default)]
    pub app: Option<Seq>,
    /// Its `id` at the target; app groups only.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Number of members.
    #[serde(default)]
    pub member_count: u64,
    /// When it was made.
    pub created: Timestamp,
    /// When its profile changed last.
    pub last_updated: Timestamp,
    /// When somebody came or went last.
    pub last_membership_updated: Timestamp,
}
