//! What waits to be sent to a target or to be done in an org, and what failed and waits for somebody (parts 1.13, 2.10, 10.2 of the Okta
//! reference).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::secret::Sealed;

/// A job of the queue of an app, or of the org itself. Those of one queue begin in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisioningJob {
    /// Row among those of its app: the order.
    pub seq: Seq,
    /// What to do.
    pub kind: JobKind,
    /// When it came.
    pub created: Timestamp,
    /// Not before this moment: later than `created` after a 429.
    pub due: Timestamp,
    /// How often the target asked for patience.
    #[serde(default)]
    pub attempts: u32,
    /// How long the last wait was, in seconds.
    #[serde(default)]
    pub waited: u64,
    /// How often it was put off because an account did not become active.
    #[serde(default)]
    pub reactivations: u32,
    /// Whether something may have been made at the target already, so that it must be looked for.
    #[serde(default)]
    pub begun: bool,
}

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobKind {
    /// Gives a person who was assigned an account: found or made.
    Provision {
        /// Row of the person.
        user: Seq,
    },
    /// Tells the target what changed of a person's profile.
    PushProfile {
        /// Row of the person.
        user: Seq,
    },
    /// Deactivates the account of somebody who is no longer assigned.
    Deactivate {
        /// Row of the person.
        user: Seq,
        /// `id` at the target.
        external_id: String,
        /// `userName` at the target.
        user_name: String,
    },
    /// Sends a password.
    PushPassword {
        /// Row of the person.
        user: Seq,
        /// The Okta password; a random one is made when there is none.
        password: Option<Sealed>,
    },
    /// Assigns the members of a group that was assigned, page by page.
    AssignGroup {
        /// Row of the group.
        group: Seq,
        /// The last member who was looked at.
        after: Seq,
    },
    /// Looks again at everybody who may have been assigned through a group that no longer assigns anybody, page by page.
    UnassignGroup {
        /// Row of the group.
        group: Seq,
        /// The last app user who was looked at.
        after: Seq,
    },
    /// Evaluates the mappings of everybody again, page by page: *Apply updates now*, *Force Sync*.
    ApplyMappings {
        /// The last app user who was looked at.
        after: Seq,
        /// Whether everybody is pushed, not only whose profile changed.
        force: bool,
    },
    /// *Provision User* for everybody who waits for it, page by page.
    ProvisionWaiting {
        /// The last app user who was looked at.
        after: Seq,
    },
    /// Evaluates the group rules of everybody again, page by page; in the queue of the org.
    EvaluateRules {
        /// Row of the rule that was activated; the job ends when it is deactivated. `None` when groups changed.
        rule: Option<Seq>,
        /// The last person who was looked at.
        after: Seq,
    },
    /// Lets everybody go whom a deleted group rule holds, page by page; in the queue of the org.
    ForgetRule {
        /// Row of the rule.
        rule: Seq,
    },
    /// Takes everybody's value of a deleted custom attribute, page by page; in the queue of the org.
    ForgetAttribute {
        /// Variable name.
        name: String,
        /// The last person who was looked at.
        after: Seq,
    },
    /// Makes or finds the group of a push mapping at the target, with its members.
    PushGroup {
        /// Row of the mapping.
        mapping: Seq,
    },
    /// Tells the target the name of a group.
    RenameGroup {
        /// Row of the mapping.
        mapping: Seq,
    },
    /// Tells the target who came and went since the last push.
    PushMembers {
        /// Row of the mapping.
        mapping: Seq,
    },
    /// *Push now*: tells the target the whole list.
    PushAllMembers {
        /// Row of the mapping.
        mapping: Seq,
    },
    /// Deletes a group at the target whose mapping was unlinked.
    DeleteGroup {
        /// Its name, for events.
        name: String,
        /// `id` at the target.
        external_id: String,
    },
    /// Reads what the target has, page by page.
    Import {
        /// Row of the import.
        run: Seq,
    },
    /// *Clear Unconfirmed Users*, page by page.
    ClearUnconfirmed,
}

impl JobKind {
    /// The person it is about, if it is about one.
    pub const fn user(&self) -> Option<Seq> {
        match self {
            Self::Provision { user }
            | Self::PushProfile { user }
            | Self::Deactivate { user, .. }
            | Self::PushPassword { user, .. } => Some(*user),
            _ => None,
        }
    }
}

/// A failed job that waits for *Retry Selected*: a row of *Dashboard > Tasks*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Row.
    pub seq: Seq,
    /// Row of the app.
    pub app: Seq,
    /// What failed, and is tried again.
    pub job: JobKind,
    /// The person, or the group, by name.
    pub subject: String,
    /// What happened, in Okta's words (part 1.12 of the Okta reference).
    pub text: String,
    /// When.
    pub created: Timestamp,
}
