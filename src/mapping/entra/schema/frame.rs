//! [`Frame`]: what an imported schema has around the two object mappings a job works with.
//!
//! Nothing in here has a meaning for provisioning, but for the name of the target directory. It is kept
//! so that a schema that was uploaded is downloaded again with everything that was in it. A job is read
//! with every batch of a cycle, so the [`Surroundings`] stay text until somebody asks for them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::super::definition::is_default;

/// What is around the object mappings. Empty for the rules of a new application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Frame {
    /// Name of the target directory, when it is not `customappsso`.
    #[serde(default, skip_serializing_if = "is_default")]
    target_directory: Option<String>,
    /// JSON of [`Surroundings`]; `None` when there are none.
    #[serde(default, skip_serializing_if = "is_default")]
    surroundings: Option<Text>,
}

/// A text that is copied by counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
struct Text(Arc<str>);

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0.as_ref().to_owned()
    }
}

impl Frame {
    /// Of a target directory of this name, with these surroundings.
    pub fn new(target_directory: &str, surroundings: &Surroundings) -> Self {
        let other = target_directory != super::CUSTOM_DIRECTORY;
        let text = (!is_default(surroundings)).then(|| {
            serde_json::to_string(surroundings).expect("surroundings are maps and lists of JSON")
        });
        Self {
            target_directory: other.then(|| target_directory.to_owned()),
            surroundings: text.map(Text::from),
        }
    }

    /// Name of the target directory, when it is not `customappsso`.
    pub fn target_directory(&self) -> Option<&str> {
        self.target_directory.as_deref()
    }

    /// The surroundings, read from their text.
    pub fn surroundings(&self) -> Surroundings {
        let text = self.surroundings.as_ref();
        text.and_then(|text| serde_json::from_str(&text.0).ok())
            .unwrap_or_default()
    }
}

/// Everything of an imported schema but the two object mappings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Surroundings {
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
