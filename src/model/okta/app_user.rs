//! Who is assigned to an app: app users, and the groups that assign their members (parts 2.5 and 2.9 of the Okta
//! reference).

use serde::{Deserialize, Serialize};

use super::Profile;
use crate::clock::Timestamp;
use crate::id::Seq;

/// `scope` of an app user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssignmentScope {
    /// Assigned in person, which counts more than any group.
    User,
    /// Assigned through a group.
    Group,
}

impl AssignmentScope {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

/// `status` of an app user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppUserStatus {
    /// The target does not have it yet.
    Staged,
    /// The target has it.
    Provisioned,
    /// The app does not provision; or an import was confirmed: the target had it before Okta knew.
    Active,
}

impl AppUserStatus {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staged => "STAGED",
            Self::Provisioned => "PROVISIONED",
            Self::Active => "ACTIVE",
        }
    }
}

/// `syncState` of an app user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SyncState {
    /// The app does not provision.
    Disabled,
    /// Something waits to be sent.
    OutOfSync,
    /// The target has what it should have.
    Synchronized,
    /// A task must be solved first.
    Error,
}

impl SyncState {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disabled => "DISABLED",
            Self::OutOfSync => "OUT_OF_SYNC",
            Self::Synchronized => "SYNCHRONIZED",
            Self::Error => "ERROR",
        }
    }
}

/// The assignment of a person to an app, with a profile of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppUser {
    /// Row of the person, and of the app user among those of its app.
    pub user: Seq,
    /// Assigned in person or through a group.
    pub scope: AssignmentScope,
    /// How far it is.
    pub status: AppUserStatus,
    /// Whether the target has what it should have.
    pub sync_state: SyncState,
    /// `id` of the account at the target; while the app provisions, nothing is sent about somebody who has none.
    #[serde(default)]
    pub external_id: Option<String>,
    /// `credentials.userName`: what the app knows the person by.
    pub user_name: String,
    /// `profile`: mapped values and what was typed.
    pub profile: Profile,
    /// What was typed at the assignment, which counts more than mappings that are applied on creation only.
    #[serde(default)]
    pub typed: Profile,
    /// What the target was told last; only differences from it are sent.
    #[serde(default)]
    pub pushed: Option<Profile>,
    /// `userName` the target was told last.
    #[serde(default)]
    pub pushed_user_name: Option<String>,
    /// Why it failed last, as the red mark on *Assignments* says.
    #[serde(default)]
    pub error: Option<String>,
    /// Whether the account was inactive when it was imported last.
    #[serde(default)]
    pub remote_inactive: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it changed last.
    pub last_updated: Timestamp,
    /// When the status changed last.
    pub status_changed: Timestamp,
    /// When the target was told last.
    #[serde(default)]
    pub last_sync: Option<Timestamp>,
    /// When a password was sent last.
    #[serde(default)]
    pub password_changed: Option<Timestamp>,
}

impl AppUser {
    /// The `id` of the account at the target, when it is settled which one that is.
    pub fn account(&self) -> Option<&str> {
        let settled = self.status != AppUserStatus::Staged;
        self.external_id.as_deref().filter(|_| settled)
    }
}

/// The assignment of a group to an app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppGroup {
    /// Row of the group.
    pub group: Seq,
    /// 0 is the highest: the values of the highest group that assigns somebody win.
    pub priority: u32,
    /// Values for its members.
    #[serde(default)]
    pub profile: Profile,
    /// When it was made.
    pub created: Timestamp,
    /// When it changed last.
    pub last_updated: Timestamp,
}
