//! Attributes that an org adds to the Okta user profile (part 2.6 of the Okta reference).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AttributeType;

/// *User permission*: what people may do with their own value. Administrators always change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Permission {
    /// They do not see it.
    Hide,
    /// They see it.
    #[default]
    ReadOnly,
    /// They change it.
    ReadWrite,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ReadOnly, Self::ReadWrite, Self::Hide];

    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hide => "HIDE",
            Self::ReadOnly => "READ_ONLY",
            Self::ReadWrite => "READ_WRITE",
        }
    }

    /// As the Admin Console calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hide => "Hide",
            Self::ReadOnly => "Read Only",
            Self::ReadWrite => "Read-Write",
        }
    }
}

/// A custom attribute of the Okta user profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAttribute {
    /// Variable name, unique in the org without regard to case.
    pub name: String,
    /// Display name.
    pub title: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What it holds; fixed when the attribute is made.
    pub data_type: AttributeType,
    /// Whether everybody needs a value.
    #[serde(default)]
    pub required: bool,
    /// Allowed values; empty allows all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// Fewest characters of a text.
    #[serde(default)]
    pub min_length: Option<u32>,
    /// Most characters of a text.
    #[serde(default)]
    pub max_length: Option<u32>,
    /// What people may do with their own value.
    #[serde(default)]
    pub permission: Permission,
}
