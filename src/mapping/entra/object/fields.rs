//! [`ObjectMappingFields`]: the parts of an object mapping, not yet checked against each other.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::super::attribute::AttributeMapping;
use super::super::attributes::ObjectKind;
use super::super::definition::{AttributeDefinition, is_default};
use super::super::scope::ScopingFilter;
use super::super::standard;
use super::super::target::{CORE_GROUP, ENTERPRISE_USER};

/// "Target Object Actions": what the agent may do in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actions {
    /// Create objects that have no match.
    pub create: bool,
    /// Update and disable objects.
    pub update: bool,
    /// Delete objects.
    pub delete: bool,
}

impl Default for Actions {
    fn default() -> Self {
        Self {
            create: true,
            update: true,
            delete: true,
        }
    }
}

/// The parts of an [`ObjectMapping`](super::ObjectMapping), not yet checked against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectMappingFields {
    /// Name in the portal, such as `Provision Microsoft Entra ID Users`.
    pub name: String,
    /// Kind of object it reads.
    pub source_type: ObjectKind,
    /// Whether objects of this kind are provisioned at all.
    pub enabled: bool,
    /// What the agent may do in the target.
    #[serde(default)]
    pub actions: Actions,
    /// The attribute mappings, in the order of the portal.
    pub attributes: Vec<AttributeMapping>,
    /// Scoping filters (`groups`), joined by OR; none lets every object pass. What fails them later is
    /// deprovisioned.
    #[serde(default)]
    pub scope: Vec<ScopingFilter>,
    /// `inputFilterGroups`: like scoping filters, but what fails them is left alone in the target.
    #[serde(default, skip_serializing_if = "is_default")]
    pub input_filters: Vec<ScopingFilter>,
    /// `categoryFilterGroups`: what fails them does not belong to this mapping at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub category_filters: Vec<ScopingFilter>,
    /// Attributes of the source object, directory extensions among them; `None` for the standard list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source_list: Option<Vec<AttributeDefinition>>,
    /// Attributes of the target object; `None` for the standard list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_list: Option<Vec<AttributeDefinition>>,
    /// Name of the target's object definition; `None` for the URN of a SCIM application.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_object: Option<String>,
    /// Properties of an imported schema that nothing here understands, as they came.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kept: Map<String, Json>,
}

impl ObjectMappingFields {
    /// An enabled mapping with all target object actions, without filters, with the standard
    /// attribute lists.
    pub fn new(
        name: impl Into<String>,
        source_type: ObjectKind,
        attributes: Vec<AttributeMapping>,
    ) -> Self {
        Self {
            name: name.into(),
            source_type,
            enabled: true,
            actions: Actions::default(),
            attributes,
            scope: Vec::new(),
            input_filters: Vec::new(),
            category_filters: Vec::new(),
            source_list: None,
            target_list: None,
            target_object: None,
            kept: Map::new(),
        }
    }

    /// The attributes an expression can read.
    pub fn source_definitions(&self) -> &[AttributeDefinition] {
        self.source_list
            .as_deref()
            .unwrap_or_else(|| standard::source_definitions(self.source_type))
    }

    /// The attributes a mapping can write.
    pub fn target_definitions(&self) -> &[AttributeDefinition] {
        self.target_list
            .as_deref()
            .unwrap_or_else(|| standard::target_definitions(self.source_type))
    }

    /// Name of the target's object definition.
    pub fn target_object_name(&self) -> &str {
        self.target_object
            .as_deref()
            .unwrap_or(match self.source_type {
                ObjectKind::User => ENTERPRISE_USER,
                ObjectKind::Group => CORE_GROUP,
            })
    }
}
