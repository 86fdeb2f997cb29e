//! *To Okta* and *Import*: what an app says about people who come from it, and what its imports found (parts 1.10 and
//! 2.3 of the Okta reference).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Profile;
use super::app::AttributeMapping;
use crate::clock::Timestamp;
use crate::id::Seq;

/// When imports begin by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSchedule {
    /// Minute, hour, day of the month, month, day of the week: `0 0 * * 0`.
    pub expression: String,
    /// IANA name of the time zone of those.
    pub timezone: String,
}

/// *Okta username format*: the login of a person who is made from an import.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportUsername {
    /// *Email Address*.
    #[default]
    Email,
    /// *Custom*: an expression over `appuser`.
    Custom(String),
}

/// *Imported user is an exact match to Okta user if*: all that is chosen must be true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExactMatch {
    /// *Okta username format matches*.
    pub username: bool,
    /// *Email matches*.
    pub email: bool,
    /// *The following combination of attributes matches*: names of Okta attributes. Disables the other two.
    pub attributes: Vec<String>,
}

impl Default for ExactMatch {
    fn default() -> Self {
        Self {
            username: false,
            email: true,
            attributes: Vec::new(),
        }
    }
}

/// *When a user is deactivated in the app*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WhenDeactivated {
    /// *Do nothing*.
    #[default]
    Nothing,
    /// *Deactivate*.
    Deactivate,
    /// *Suspend*.
    Suspend,
}

/// *To Okta*. Nothing is imported by itself, and nothing confirmed, until somebody says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a check box of its own, on or off"
)]
pub struct ToOkta {
    /// *Full import schedule*; `None` is *Never*.
    pub full: Option<ImportSchedule>,
    /// *Incremental import schedule*. A SCIM app of the cloud has no incremental import: all of it is read.
    pub incremental: Option<ImportSchedule>,
    /// *Okta username format*.
    pub username: ImportUsername,
    /// *App unassignment safeguard*: an import halts that would take more than so many percent of the app's people
    /// away, 0 to 100; 100 takes away what is gone.
    pub safeguard: u8,
    /// *Imported user is an exact match to Okta user if*.
    pub exact: ExactMatch,
    /// *Allow partial matches*.
    pub allow_partial: bool,
    /// *Auto-confirm exact matches*.
    pub confirm_exact: bool,
    /// *Auto-confirm partial matches*.
    pub confirm_partial: bool,
    /// *Auto-confirm new users*.
    pub confirm_new: bool,
    /// *Auto-activate new users*.
    pub activate_new: bool,
    /// *Force rematch imported users*: a scheduled import too looks again for people who matched nobody.
    pub force_rematch: bool,
    /// *Allow … to source Okta users*.
    pub sourcing: bool,
    /// *When a user is deactivated in the app*.
    pub when_deactivated: WhenDeactivated,
    /// *When a user is reactivated in the app: Reactivate suspended Okta users*.
    pub reactivate_suspended: bool,
    /// *Reactivate deactivated Okta users*.
    pub reactivate_deactivated: bool,
    /// Mappings that are not those of the template, by Okta attribute; *Do not map* is `None`.
    pub mappings: BTreeMap<String, Option<AttributeMapping>>,
}

impl Default for ToOkta {
    fn default() -> Self {
        Self {
            full: None,
            incremental: None,
            username: ImportUsername::Email,
            safeguard: 20,
            exact: ExactMatch::default(),
            allow_partial: false,
            confirm_exact: false,
            confirm_partial: false,
            confirm_new: false,
            activate_new: false,
            force_rematch: false,
            sourcing: false,
            when_deactivated: WhenDeactivated::Nothing,
            reactivate_suspended: false,
            reactivate_deactivated: false,
            mappings: BTreeMap::new(),
        }
    }
}

/// How somebody who was found at the target stands to the people of the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportResult {
    /// *Exact match*.
    Exact,
    /// *Partial match*: first and last name are equal, and neither username nor email.
    Partial,
    /// *New user*: nobody matches.
    New,
    /// *Ignored*: an administrator does not want it.
    Ignored,
}

impl ImportResult {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Partial, Self::New, Self::Ignored];

    /// Stands in keys of the store.
    pub const fn number(self) -> u8 {
        match self {
            Self::Exact => 0,
            Self::Partial => 1,
            Self::New => 2,
            Self::Ignored => 3,
        }
    }
}

/// An account of the target that belongs to nobody in Okta yet: a row of *Import* that waits for confirmation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportedUser {
    /// Row among those of its app.
    pub seq: Seq,
    /// `id` at the target.
    pub external_id: String,
    /// `userName` at the target.
    pub user_name: String,
    /// The app user's profile that it would have.
    pub profile: Profile,
    /// What it is taken for.
    pub result: ImportResult,
    /// Row of the person it matches.
    #[serde(default)]
    pub user: Option<Seq>,
    /// Whether an administrator chose that, so that no import looks for another match.
    #[serde(default)]
    pub chosen: bool,
    /// Why it could not be confirmed.
    #[serde(default)]
    pub error: Option<String>,
    /// The last import that found it.
    pub run: Seq,
    /// When it was found first.
    pub created: Timestamp,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportState {
    /// It waits or works.
    Running,
    /// It came to its end.
    Completed,
    /// It did not.
    Failed,
    /// It would have taken more people away than the safeguard allows, and took away nobody.
    Halted,
}

/// What an import does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportPhase {
    /// Asks for the page of users that begins here.
    Users {
        /// `startIndex`.
        start: u64,
    },
    /// Asks for the page of groups that begins here.
    Groups {
        /// `startIndex`.
        start: u64,
    },
    /// Counts people whose account was not found.
    Missing {
        /// The last app user who was looked at.
        after: Seq,
        /// How many have an account.
        known: u64,
        /// How many of those were not found.
        missing: u64,
    },
    /// Takes them away.
    Removing {
        /// The last app user who was looked at.
        after: Seq,
    },
    /// Takes rows away that wait for confirmation, and whose account was not found.
    Unconfirmed {
        /// The last row that was looked at.
        after: Seq,
    },
    /// Takes app groups away that were not found.
    RemovingGroups {
        /// The last group that was looked at.
        after: Seq,
    },
}

/// What an import counted, as its dialog says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportCounts {
    /// *users scanned*.
    pub scanned: u64,
    /// *new users imported*: those who belong to nobody in Okta yet.
    pub new: u64,
    /// *existing users updated*.
    pub updated: u64,
    /// *existing users unchanged*.
    pub unchanged: u64,
    /// *users removed*.
    pub removed: u64,
    /// Inactive accounts of nobody, which are not imported.
    pub skipped: u64,
    /// Confirmed by themselves.
    pub confirmed: u64,
    /// *groups scanned*.
    pub groups: u64,
    /// *new groups imported*.
    pub new_groups: u64,
    /// *existing groups updated*.
    pub updated_groups: u64,
    /// *existing groups unchanged*.
    pub unchanged_groups: u64,
    /// *groups removed*.
    pub removed_groups: u64,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRun {
    /// Row among those of its app.
    pub seq: Seq,
    /// Whether the schedule began it rather than *Import Now*.
    pub scheduled: bool,
    /// How far it is.
    pub state: ImportState,
    /// What it does next.
    pub phase: ImportPhase,
    /// Whether anything was asked yet.
    #[serde(default)]
    pub begun: bool,
    /// What it counted so far.
    #[serde(default)]
    pub counts: ImportCounts,
    /// `totalResults` of the last page of users.
    #[serde(default)]
    pub total: u64,
    /// What tells the last page from another: a digest of its ids.
    #[serde(default)]
    pub page: u64,
    /// Why it failed or halted; or what is odd although it did not.
    #[serde(default)]
    pub note: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it ended.
    #[serde(default)]
    pub ended: Option<Timestamp>,
}
