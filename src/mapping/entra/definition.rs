//! [`AttributeDefinition`]: one attribute of a directory definition, of the source or of the target.
//!
//! Terms of `attributeDefinition` in Microsoft Graph and of the portal's "Edit attribute list". Which
//! attributes a directory has by default is `standard`; what may be added to a target's list is
//! `attribute_list`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::attributes::{AttributeType, SourceAttribute};

/// Whether the target lets an attribute be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Mutability {
    /// Read and written.
    #[default]
    ReadWrite,
    /// Only read.
    ReadOnly,
    /// Written once, when the object is created.
    Immutable,
    /// Written, never shown.
    WriteOnly,
}

/// An object that a reference attribute points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferencedObject {
    /// Name of the object definition, such as `User`.
    pub object: String,
    /// Property of that object; none for its anchor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
}

/// One attribute of a directory definition. Everything but the name has a default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of its own in the service's schema"
)]
pub struct AttributeDefinition {
    /// Name, as mappings write it.
    pub name: String,
    /// Type of each value.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub kind: AttributeType,
    /// *Primary Key?*: identifies the object in its directory.
    #[serde(default, skip_serializing_if = "is_default")]
    pub anchor: bool,
    /// *Required?*: the directory takes no object without it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// *Multi-value?*
    #[serde(default, skip_serializing_if = "is_default")]
    pub multi_valued: bool,
    /// *Exact case?*: whether a change of case alone is a change.
    #[serde(default, skip_serializing_if = "is_default")]
    pub case_exact: bool,
    /// Whether nulls are sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub flow_null_values: bool,
    /// Whether it can be written.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mutability: Mutability,
    /// Default value of the directory.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default_value: Option<String>,
    /// *API Expression*: where an older interface of the target has the attribute; key and value.
    #[serde(default, skip_serializing_if = "is_default")]
    pub api_expressions: Vec<(String, String)>,
    /// *Referenced Object Attribute*: what a reference points to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub referenced_objects: Vec<ReferencedObject>,
    /// `metadata` entries, as they came.
    #[serde(default, skip_serializing_if = "is_default")]
    pub metadata: Vec<Json>,
    /// Properties of an imported schema that nothing here understands, as they came.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kept: Map<String, Json>,
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl AttributeDefinition {
    /// An optional, single-valued attribute of a type.
    pub fn new(name: impl Into<String>, kind: AttributeType) -> Self {
        Self {
            name: name.into(),
            kind,
            ..Self::default()
        }
    }

    /// Whether it has this name; names are compared without regard to ASCII case.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl From<&SourceAttribute> for AttributeDefinition {
    fn from(standard: &SourceAttribute) -> Self {
        Self {
            anchor: standard.name == "objectId",
            required: standard.required,
            multi_valued: standard.multi_valued,
            referenced_objects: match standard.kind {
                AttributeType::Reference => vec![ReferencedObject {
                    object: "User".to_owned(),
                    property: None,
                }],
                _ => Vec::new(),
            },
            ..Self::new(standard.name, standard.kind)
        }
    }
}

/// The definition of this name in a list.
pub fn find<'a>(list: &'a [AttributeDefinition], name: &str) -> Option<&'a AttributeDefinition> {
    list.iter().find(|definition| definition.is_named(name))
}
