//! [`AttributeMapping`]: one row of a mapping table, as a job stores it.
//!
//! What the rows of an object mean together is `object`. Property names and semantics follow
//! Microsoft's "Customize user provisioning attribute-mappings".

use serde::{Deserialize, Serialize};

use super::expression::{Expression, Node};
use super::target::TargetPath;

/// Where the value of a target attribute comes from: the mapping type of the portal.
/// JSON: `{"type":"Direct","value":"mail"}`, `{"type":"None"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value")]
pub enum MappingSource {
    /// A source attribute as it is.
    Direct(String),
    /// The same text for every object.
    Constant(String),
    /// Computed.
    Expression(Expression),
    /// Nothing; only the default value of the mapping counts.
    None,
}

impl MappingSource {
    /// The source attributes it reads.
    pub fn attributes(&self) -> Vec<&str> {
        match self {
            Self::Direct(name) => vec![name],
            Self::Expression(expression) => expression.attributes(),
            Self::Constant(_) | Self::None => Vec::new(),
        }
    }

    /// The attribute, when it is nothing but an attribute.
    fn attribute(&self) -> Option<&str> {
        match self {
            Self::Direct(name) => Some(name),
            Self::Expression(expression) => match expression.root() {
                Node::Attribute(name) => Some(name),
                _ => None,
            },
            Self::Constant(_) | Self::None => None,
        }
    }
}

/// When a mapping applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FlowType {
    /// On create and on update.
    #[default]
    Always,
    /// "Only during object creation".
    ObjectAddOnly,
}

/// One attribute mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeMapping {
    /// Where the value comes from.
    pub source: MappingSource,
    /// Name in the target, such as `emails[type eq "work"].value`.
    pub target: TargetPath,
    /// Value when the source is null while an object is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
    /// Place in the order in which objects are matched, from 1; 0 for not matching.
    #[serde(default)]
    pub matching_priority: u32,
    /// When the mapping applies.
    #[serde(default)]
    pub flow: FlowType,
}

impl AttributeMapping {
    /// A mapping that always applies, without default value and matching.
    pub fn new(source: MappingSource, target: TargetPath) -> Self {
        Self {
            source,
            target,
            default_value: None,
            matching_priority: 0,
            flow: FlowType::Always,
        }
    }

    /// Whether it exports references, and which.
    pub fn reference(&self) -> Option<Reference> {
        Reference::of(self.source.attribute()?)
    }

    /// Whether logs must show `[Redact]` instead of its value.
    pub fn is_redacted(&self) -> bool {
        matches!(&self.source, MappingSource::Expression(e) if e.calls("Redact"))
    }
}

/// A source attribute that points to other objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// A user's manager.
    Manager,
    /// A group's members.
    Members,
}

impl Reference {
    fn of(attribute: &str) -> Option<Self> {
        if attribute.eq_ignore_ascii_case("manager") {
            Some(Self::Manager)
        } else if attribute.eq_ignore_ascii_case("members") {
            Some(Self::Members)
        } else {
            None
        }
    }
}
