//! [`Frame`]: what an imported schema has around the two object mappings a job works with.
//!
//! Nothing in here has a meaning for provisioning. It is kept so that a schema that was uploaded is
//! downloaded again with everything that was in it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::super::definition::is_default;

/// The surroundings of the two object mappings. Empty for the rules of a new application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Frame {
    /// Properties of the schema itself, without rules, directories, id and version.
    #[serde(default, skip_serializing_if = "is_default")]
    pub properties: Map<String, Json>,
    /// Synchronization rules in their order; none for the one rule of a new application.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: Vec<RuleFrame>,
    /// Directory definitions in their order, without the attributes of the objects that the two
    /// mappings read and write; none for the two of a new application.
    #[serde(default, skip_serializing_if = "is_default")]
    pub directories: Vec<Map<String, Json>>,
    /// Name of the target directory of a new application, when it is not `customappsso`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_directory: Option<String>,
}

/// A synchronization rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleFrame {
    /// Its properties, without the object mappings.
    pub properties: Map<String, Json>,
    /// Its object mappings in their order.
    pub mappings: Vec<Slot>,
}

/// Place of an object mapping in a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// The job's mapping of users.
    Users,
    /// The job's mapping of groups.
    Groups,
    /// Another one, as it came.
    Other(Map<String, Json>),
}
