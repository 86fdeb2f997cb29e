//! A group rule: who is put into which groups because of what their profiles say (part 3.5 of the Okta reference).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;

/// `status` of a group rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleStatus {
    /// Nobody is evaluated; whom it put into groups stays there. Only now can it be changed.
    Inactive,
    /// Everybody is evaluated, and whoever changes again.
    Active,
    /// A group of it was deleted: it can only be read and deleted.
    Invalid,
}

impl RuleStatus {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inactive => "INACTIVE",
            Self::Active => "ACTIVE",
            Self::Invalid => "INVALID",
        }
    }
}

/// What becomes of the people whom a deleted rule put into groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleRemoval {
    /// They stay, as if they had been added by hand.
    KeepPeople,
    /// They leave, unless another rule holds them: `removeUsers=true`.
    RemovePeople,
}

/// A group rule. Whom it holds in its groups are edges (`store::okta::rules`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRule {
    /// Row.
    pub seq: Seq,
    /// `name`, unique in the org.
    pub name: String,
    /// Whether people are evaluated.
    pub status: RuleStatus,
    /// `conditions.expression.value`, in the dialect of group rules.
    pub expression: String,
    /// `actions.assignUserToGroups.groupIds`: rows of groups of the org; fixed when the rule is made.
    pub groups: Vec<Seq>,
    /// `conditions.people.users.exclude`: rows of people whom it leaves alone.
    #[serde(default)]
    pub excluded: Vec<Seq>,
    /// When it was made.
    pub created: Timestamp,
    /// When it changed last.
    pub last_updated: Timestamp,
    /// Set when it was deleted: nobody sees it any more, and whom it holds is let go bit by bit.
    #[serde(default)]
    pub removal: Option<RuleRemoval>,
}
