//! App registrations of the mock Entra: the clients that call its Graph API, their secrets and what they may do.
//!
//! Terms of Entra's *App registrations*: *Application (client) ID*, *Certificates & secrets*, *API permissions*.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{Guid, Seq};
use crate::secret::PasswordHash;

/// A client of the Graph API.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppRegistration {
    /// Row.
    pub seq: Seq,
    /// *Application (client) ID*: `client_id`.
    pub app_id: Guid,
    /// Object id of its service principal: `oid` and `sub` of tokens.
    pub object_id: Guid,
    /// Shown in the console.
    pub display_name: String,
    /// When it was made.
    pub created: Timestamp,
    /// Application permissions, all with admin consent.
    #[serde(default)]
    pub permissions: BTreeSet<GraphPermission>,
    /// Rows of enterprise applications that it owns, for permissions that end in `.OwnedBy`.
    #[serde(default)]
    pub owns: BTreeSet<Seq>,
    /// *Client secrets*, oldest first.
    #[serde(default)]
    pub secrets: Vec<ClientSecret>,
}

/// A client secret; its value was shown once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClientSecret {
    /// *Secret ID*.
    pub id: Guid,
    /// *Description*.
    pub description: String,
    /// Its last four characters, to tell it from others.
    pub hint: String,
    /// What is kept of it.
    pub hash: PasswordHash,
    /// When it was made.
    pub created: Timestamp,
    /// *Expires*: from this moment on it opens nothing.
    pub expires: Timestamp,
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $description:literal;)*) => {
        /// An application permission of Microsoft Graph: `roles` of a token.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum GraphPermission {
            $($(#[$doc])* #[serde(rename = $value)] $name,)*
        }

        impl GraphPermission {
            /// All of them, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As Graph spells it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $value,)* }
            }

            /// What it allows, as one sentence.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$name => $description,)* }
            }
        }
    };
}

permissions! {
    /// Assignments to applications.
    AppRoleAssignmentReadWriteAll = "AppRoleAssignment.ReadWrite.All", "Assigns users and groups to applications, and ends assignments.";
    /// Reading applications.
    ApplicationReadAll = "Application.Read.All", "Reads applications and their service principals.";
    /// Reading and changing applications, their jobs among what hangs on them.
    ApplicationReadWriteAll = "Application.ReadWrite.All", "Reads, creates, changes and deletes applications, with their provisioning.";
    /// The same for applications that the client owns.
    ApplicationReadWriteOwnedBy = "Application.ReadWrite.OwnedBy", "The same for applications that it owns.";
    /// Reading logs.
    AuditLogReadAll = "AuditLog.Read.All", "Reads logs, the provisioning logs among them.";
    /// Reading the directory.
    DirectoryReadAll = "Directory.Read.All", "Reads users, groups and applications.";
    /// Reading and changing the directory.
    DirectoryReadWriteAll = "Directory.ReadWrite.All", "Reads and changes users, groups and applications.";
    /// Reading groups.
    GroupReadAll = "Group.Read.All", "Reads groups and their members.";
    /// Reading and changing groups.
    GroupReadWriteAll = "Group.ReadWrite.All", "Reads, creates, changes and deletes groups.";
    /// Reading and changing who is in which group.
    GroupMemberReadWriteAll = "GroupMember.ReadWrite.All", "Adds members to groups and removes them.";
    /// Reading the tenant's own data.
    OrganizationReadAll = "Organization.Read.All", "Reads the name and the domains of the tenant.";
    /// Reading provisioning logs.
    ProvisioningLogReadAll = "ProvisioningLog.Read.All", "Reads the provisioning logs.";
    /// Reading synchronization jobs.
    SynchronizationReadAll = "Synchronization.Read.All", "Reads synchronization jobs, their state and their schema.";
    /// Reading and changing synchronization jobs.
    SynchronizationReadWriteAll = "Synchronization.ReadWrite.All", "Configures, starts and pauses synchronization jobs.";
    /// Uploading to every inbound job.
    SynchronizationDataUserUpload = "SynchronizationData-User.Upload", "Uploads people to every API-driven provisioning application.";
    /// Uploading to jobs of applications that the client owns.
    SynchronizationDataUserUploadOwnedBy = "SynchronizationData-User.Upload.OwnedBy", "Uploads people to API-driven provisioning applications that it owns.";
    /// Reading users.
    UserReadAll = "User.Read.All", "Reads users.";
    /// Reading and changing users.
    UserReadWriteAll = "User.ReadWrite.All", "Reads, creates, changes and deletes users.";
}

/// Permissions that open something which is done with an application.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// Each of these is enough, whichever application it is.
    pub everywhere: &'static [GraphPermission],
    /// Each of these is enough for one that the client owns.
    pub owned: &'static [GraphPermission],
}

impl Reach {
    /// Uploading people to it.
    pub const UPLOAD: Self = Self {
        everywhere: &[GraphPermission::SynchronizationDataUserUpload],
        owned: &[GraphPermission::SynchronizationDataUserUploadOwnedBy],
    };

    /// Whether somebody with these permissions, who owns these applications, may do it with this one.
    pub fn covers(
        self,
        permissions: &BTreeSet<GraphPermission>,
        owns: &BTreeSet<Seq>,
        application: Seq,
    ) -> bool {
        let any = |of: &[GraphPermission]| of.iter().any(|one| permissions.contains(one));
        any(self.everywhere) || any(self.owned) && owns.contains(&application)
    }
}

impl AppRegistration {
    /// Whether a token for it opens this of an application.
    pub fn reaches(&self, reach: Reach, application: Seq) -> bool {
        reach.covers(&self.permissions, &self.owns, application)
    }
}

impl GraphPermission {
    /// The permission of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_kept_as_graph_spells_it() {
        for permission in GraphPermission::ALL {
            let text = serde_json::to_string(permission).unwrap();
            assert_eq!(text, format!("\"{}\"", permission.name()));
            assert_eq!(GraphPermission::find(permission.name()), Some(*permission));
        }
        assert_eq!(GraphPermission::find("User.Everything"), None);
    }

    #[test]
    fn a_permission_for_what_is_owned_opens_nothing_else() {
        use GraphPermission::{
            SynchronizationDataUserUpload as Every, SynchronizationDataUserUploadOwnedBy as Own,
            SynchronizationReadWriteAll as Other,
        };
        let owns = BTreeSet::from([Seq(1)]);
        let may =
            |permission, row| Reach::UPLOAD.covers(&BTreeSet::from([permission]), &owns, Seq(row));
        assert!(may(Every, 1) && may(Every, 2) && may(Own, 1));
        assert!(!may(Own, 2) && !may(Other, 1));
    }
}
