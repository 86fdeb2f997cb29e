//! [`SynchronizationRules`]: the mapping of users and that of groups, with what is around them.

use serde::{Deserialize, Serialize};

use super::super::attributes::ObjectKind;
use super::super::definition::is_default;
use super::super::schema::{CUSTOM_DIRECTORY, Frame, is_tenant};
use super::ObjectMapping;

/// Everything a job maps: its `synchronizationSchema`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SynchronizationRules {
    /// How users are provisioned.
    pub users: ObjectMapping,
    /// How groups are provisioned.
    pub groups: ObjectMapping,
    /// Version of the schema, an opaque text; empty before the first change.
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: String,
    /// What an imported schema has around the two mappings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub frame: Frame,
}

impl SynchronizationRules {
    /// Rules as they come with a new application.
    pub fn new(users: ObjectMapping, groups: ObjectMapping) -> Self {
        Self {
            users,
            groups,
            version: String::new(),
            frame: Frame::default(),
        }
    }

    /// Name of the target directory: `customappsso`, or that of a gallery application.
    pub fn target_directory(&self) -> &str {
        let name = self.frame.target_directory();
        name.unwrap_or(CUSTOM_DIRECTORY)
    }

    /// Whether they lead into the tenant's own directory, as those of API-driven provisioning do.
    pub fn is_inbound(&self) -> bool {
        self.frame.target_directory().is_some_and(is_tenant)
    }

    /// The mapping of one kind of object.
    pub fn of(&self, kind: ObjectKind) -> &ObjectMapping {
        match kind {
            ObjectKind::User => &self.users,
            ObjectKind::Group => &self.groups,
        }
    }
}
