//! The mock Entra directory: people, groups, enterprise applications, assignments, change feed.
//!
//! Attribute names are Entra's own (`userPrincipalName`, `jobTitle`, `telephoneNumber`, …), those
//! that the provisioning service reads from its source.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ObjectRef;
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
}

/// A user or group may use an application, and is thereby in scope of its provisioning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub principal: ObjectRef,
    /// Since when.
    pub created: Timestamp,
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
