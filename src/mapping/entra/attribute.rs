//! [`AttributeMapping`]: one row of a mapping table, as a job stores it.
//!
//! What the rows of an object mean together is `object`. Property names and semantics follow
//! Microsoft's "Customize user provisioning attribute-mappings".

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::definition::is_default;
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

    /// Whether its values are references, and which.
    pub fn reference(&self) -> Option<Reference> {
        Reference::of(self.attribute()?)
    }

    /// Whether logs must show `[Redact]` instead of its value.
    pub fn is_redacted(&self) -> bool {
        matches!(self, Self::Expression(e) if e.calls("Redact"))
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
    /// On update only what adds values to an attribute with several; nothing is taken away.
    MultiValueAddOnly,
    /// On update only values the target does not have; a single value is never replaced.
    ValueAddOnly,
    /// On update only when the target has no value at all.
    AttributeAddOnly,
}

impl FlowType {
    /// Every value, in the order of the service's enumeration.
    pub const ALL: [Self; 5] = [
        Self::Always,
        Self::ObjectAddOnly,
        Self::MultiValueAddOnly,
        Self::ValueAddOnly,
        Self::AttributeAddOnly,
    ];

    /// The service's spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::ObjectAddOnly => "ObjectAddOnly",
            Self::MultiValueAddOnly => "MultiValueAddOnly",
            Self::ValueAddOnly => "ValueAddOnly",
            Self::AttributeAddOnly => "AttributeAddOnly",
        }
    }

    /// The portal's words under *Apply this mapping*; the three that the portal does not offer get
    /// words of ours.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::ObjectAddOnly => "Only during object creation",
            Self::MultiValueAddOnly => "Only to add values to several",
            Self::ValueAddOnly => "Only to add values",
            Self::AttributeAddOnly => "Only while the target has no value",
        }
    }
}

/// Whether a value is sent again though the target has it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FlowBehavior {
    /// Only when it differs.
    #[default]
    FlowWhenChanged,
    /// With every export.
    FlowAlways,
}

impl FlowBehavior {
    /// Both values.
    pub const ALL: [Self; 2] = [Self::FlowWhenChanged, Self::FlowAlways];

    /// The service's spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FlowWhenChanged => "FlowWhenChanged",
            Self::FlowAlways => "FlowAlways",
        }
    }
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
    /// Whether unchanged values are sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub flow_behavior: FlowBehavior,
    /// An internal switch of the service, stored and handed out again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub export_missing_references: bool,
    /// Properties of an imported schema that nothing here understands, as they came.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kept: Map<String, Json>,
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
            flow_behavior: FlowBehavior::FlowWhenChanged,
            export_missing_references: false,
            kept: Map::new(),
        }
    }

    /// Whether it exports references, and which.
    pub fn reference(&self) -> Option<Reference> {
        self.source.reference()
    }

    /// Whether logs must show `[Redact]` instead of its value.
    pub fn is_redacted(&self) -> bool {
        self.source.is_redacted()
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
    /// The reference that a source attribute of this name is.
    pub fn of(attribute: &str) -> Option<Self> {
        if attribute.eq_ignore_ascii_case("manager") {
            Some(Self::Manager)
        } else if attribute.eq_ignore_ascii_case("members") {
            Some(Self::Members)
        } else {
            None
        }
    }
}
