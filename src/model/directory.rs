//! The mock Entra directory: people, groups, enterprise applications, assignments, change feed.
//!
//! Attribute names are Entra's own (`userPrincipalName`, `jobTitle`, `telephoneNumber`, …), those
//! that the provisioning service reads from its source.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ObjectKind, ObjectRef};
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};

/// A directory of people: Entra's tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tenant {
    /// Row.
    pub seq: Seq,
    /// Tenant id.
    pub id: Guid,
    /// Shown in the console.
    pub name: String,
    /// Default domain, e.g. `contoso.example`.
    pub domain: String,
    /// When it was made.
    pub created: Timestamp,
    /// Directory extensions: attributes of the tenant's own, in the order in which they were defined.
    #[serde(default)]
    pub extensions: Vec<DirectoryExtension>,
    /// Application id of the *Tenant Schema Extension App*, in whose name extensions are defined that belong to no
    /// other application. Given when it is first needed.
    #[serde(default)]
    pub schema_extension_app: Option<Guid>,
}

/// Type of a directory extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExtensionType {
    /// Text of at most 256 characters.
    String,
    /// A whole number of 32 bits.
    Integer,
    /// True or false.
    Boolean,
    /// A moment in RFC 3339.
    DateTime,
}

impl ExtensionType {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::String, Self::Integer, Self::Boolean, Self::DateTime];

    /// `dataType` of `extensionProperty` in Microsoft Graph.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Integer => "Integer",
            Self::Boolean => "Boolean",
            Self::DateTime => "DateTime",
        }
    }
}

/// A single-valued attribute that a tenant defined: `extensionProperty` of Microsoft Graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryExtension {
    /// `extension_<application id without dashes>_<name>`; case matters.
    pub name: String,
    /// What it holds.
    pub data_type: ExtensionType,
    /// Whose it can be.
    pub target: ObjectKind,
}

/// A person in the directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectoryUser {
    /// Row.
    pub seq: Seq,
    /// Object id.
    pub id: Guid,
    /// Unique among the tenant's users that are not deleted; compared in lower case. A guest's
    /// contains `#EXT#`.
    pub user_principal_name: String,
    /// May this person sign in?
    pub account_enabled: bool,
    /// `Guest` rather than `Member`.
    #[serde(default)]
    pub guest: bool,
    /// Row of the manager. Cycles are allowed: a directory does not forbid them.
    #[serde(default)]
    pub manager: Option<Seq>,
    /// Since when the person lies in the recycle bin.
    #[serde(default)]
    pub deleted: Option<Timestamp>,
    /// When the object was made.
    pub created: Timestamp,
    /// Every other attribute: strings, or arrays of strings (`proxyAddresses`). Never null.
    #[serde(default)]
    pub attributes: BTreeMap<String, Value>,
}

impl DirectoryUser {
    /// An attribute as text, if it is set.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }

    /// `displayName`, else the user principal name.
    pub fn display_name(&self) -> &str {
        self.text("displayName")
            .unwrap_or(&self.user_principal_name)
    }
}

/// A group in the directory. Its members are edges, never part of the row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectoryGroup {
    /// Row.
    pub seq: Seq,
    /// Object id.
    pub id: Guid,
    /// Not unique in Entra.
    pub display_name: String,
    /// Only security-enabled groups can be assigned to an application.
    pub security_enabled: bool,
    /// Number of direct members.
    #[serde(default)]
    pub member_count: u64,
    /// Since when the group lies in the recycle bin.
    #[serde(default)]
    pub deleted: Option<Timestamp>,
    /// When the object was made.
    pub created: Timestamp,
    /// Every other attribute (`description`, `mail`, `mailNickname`).
    #[serde(default)]
    pub attributes: BTreeMap<String, Value>,
    /// The rule that says who is in it; without one, members are assigned by hand.
    #[serde(default)]
    pub dynamic: Option<DynamicMembership>,
}

/// Membership type *Dynamic User*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicMembership {
    /// `membershipRule`, which was understood when it was saved.
    pub rule: String,
    /// The last person who was looked at since the rule was saved; `None` once everybody was.
    #[serde(default)]
    pub processing: Option<Seq>,
    /// When everybody had been looked at, or a member came or went since.
    #[serde(default)]
    pub updated: Option<Timestamp>,
}

impl DirectoryGroup {
    /// An attribute as text, if it is set.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }

    /// Whether people are still looked at since the rule was saved.
    pub fn is_processing(&self) -> bool {
        self.dynamic
            .as_ref()
            .is_some_and(|dynamic| dynamic.processing.is_some())
    }
}

/// An enterprise application: the service principal that owns a synchronization job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Application {
    /// Row.
    pub seq: Seq,
    /// Object id of the service principal.
    pub id: Guid,
    /// Application (client) id.
    pub app_id: Guid,
    /// Shown in the console.
    pub display_name: String,
    /// When it was added.
    pub created: Timestamp,
    /// What somebody can be in it, in the order in which the roles were made.
    #[serde(default)]
    pub roles: Vec<AppRole>,
    /// Set when it was deleted: nobody sees it any more, and what hangs on it is taken away bit by bit.
    #[serde(default)]
    pub removal: Option<Removal>,
    /// Rows of synchronization jobs that were deleted; what hangs on them is taken away bit by bit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted_jobs: Vec<Seq>,
}

/// What is left of a deleted application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// Row of its synchronization job.
    pub job: Option<Seq>,
}

/// An app role of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppRole {
    /// Its id, never [`AppRole::DEFAULT_ACCESS`].
    pub id: Guid,
    /// Shown to people.
    pub display_name: String,
    /// What an application is told; unique in it. The roles that come with a template have none.
    #[serde(default)]
    pub value: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Whether it can be assigned. One that was assigned before it was disabled stays with whoever has it.
    pub enabled: bool,
}

impl AppRole {
    /// `appRoleId` of an assignment without a role: *Default Access*.
    pub const DEFAULT_ACCESS: Guid = Guid::ZERO;
}

impl Application {
    /// The role with this id.
    pub fn role(&self, id: &Guid) -> Option<&AppRole> {
        self.roles.iter().find(|role| role.id == *id)
    }
}

/// A user or group may use an application, and is thereby in scope of its provisioning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub principal: ObjectRef,
    /// Since when.
    pub created: Timestamp,
    /// With which roles, each once; none is *Default Access*.
    #[serde(default)]
    pub roles: Vec<Guid>,
}

/// What happened to an object of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    /// It came into being.
    Created,
    /// Attributes, manager or state changed.
    Updated,
    /// A group gained or lost this member.
    MembersChanged {
        /// The member.
        member: ObjectRef,
    },
    /// It went to the recycle bin.
    Deleted,
    /// It came back from there.
    Restored,
    /// It is gone for good.
    Purged {
        /// Object id, since the row is no more.
        id: Guid,
    },
    /// It was assigned to an application.
    Assigned {
        /// Row of the application.
        application: Seq,
    },
    /// It is no longer assigned to an application.
    Unassigned {
        /// Row of the application.
        application: Seq,
    },
}

/// One entry of the append-only change feed. A job's watermark is a position in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Position in the feed.
    pub seq: Seq,
    /// What changed.
    pub object: ObjectRef,
    /// How.
    pub kind: ChangeKind,
    /// When.
    pub at: Timestamp,
}
