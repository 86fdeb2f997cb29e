//! Plain rows: what the store keeps, without behaviour beyond constructors that uphold invariants.
//!
//! Knows the ids, the clock's timestamps, secrets and the pure layers; nothing of tables or HTTP.
//! Additive fields take `#[serde(default)]`; a breaking change raises the record's version
//! (`store::record`).

pub mod action;
pub mod appliance;
pub mod audit;
pub mod credentials;
pub mod cycle;
pub mod directory;
pub mod inbound;
pub mod job;
pub mod log;
pub mod mail;
pub mod membership;
pub mod okta;
pub mod registration;
pub mod sso;
pub mod team;

pub use action::AuditAction;
pub use appliance::{OperatorToken, TokenKey};
pub use audit::{ApiKey, Origin, Party};
pub use credentials::{Authentication, CredentialLocation, SealedClient};
pub use cycle::{Cycle, CycleCounts, CycleKind, CyclePhase, CycleState, Deletions};
pub use directory::{
    AppRole, Application, Assignment, Change, ChangeKind, DirectoryExtension, DirectoryGroup,
    DirectoryUser, DynamicMembership, ExtensionType, Removal, Tenant,
};
pub use inbound::{Upload, UploadOutcome};
pub use job::{
    Direction, Disabled, Escrow, Job, JobActivity, JobEvent, JobSettings, JobStatus, Link,
    LinkState, ManagerRemoval, Quarantine, QuarantineReason, Scope,
};
pub use log::{
    Action, ErrorInformation, Exchange, Identity, LogDetails, LogEntry, LogHead, LogRetention,
    ModifiedProperty, Status, Step, StepKind,
};
pub use mail::{Delivery, Mail, MailKind, MailLink, MailSettings, Protection, Relay};
pub use membership::{
    Actor, AuditEvent, Domain, Invite, InviteOrigin, InviteState, MemberState, Operation, Outcome,
    Role, Verification, VerificationMethod,
};
pub use registration::{AppRegistration, ClientSecret, GraphPermission, Reach};
pub use sso::{BuiltIn, Certificate, IdentityProvider, KeyUse, SamlDetails, SsoKind, SsoMethod};
pub use team::{
    Account, Group, KeyAccess, KeyState, KeyStatus, Meta, ScimKey, Session, SetupLink, Team,
    TeamSchema, User,
};

use serde::{Deserialize, Serialize};

use crate::id::Seq;

/// The two kinds of objects that are provisioned and that can be members of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectKind {
    /// A person.
    User,
    /// A group.
    Group,
}

impl ObjectKind {
    /// The byte that stands for the kind in table keys.
    pub const fn code(self) -> u8 {
        match self {
            Self::User => 1,
            Self::Group => 2,
        }
    }

    /// The kind of a byte in a table key; `None` for a byte that no version of this program wrote.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::User),
            2 => Some(Self::Group),
            _ => None,
        }
    }

    /// `User` or `Group`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }
}

/// One object of a team or a tenant: what a membership edge, an assignment or a link points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// User or group.
    pub kind: ObjectKind,
    /// Row of that kind.
    pub seq: Seq,
}

impl ObjectRef {
    /// A user.
    pub const fn user(seq: Seq) -> Self {
        Self {
            kind: ObjectKind::User,
            seq,
        }
    }

    /// A group.
    pub const fn group(seq: Seq) -> Self {
        Self {
            kind: ObjectKind::Group,
            seq,
        }
    }
}
