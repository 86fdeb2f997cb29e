//! [`Mapped`]: a source object after mapping, with what is not sent and why.

use super::super::attribute::{FlowBehavior, FlowType};
use super::super::evaluate::EvaluationError;
use super::super::roles::RoleFlow;
use super::super::target::TargetPath;
use crate::mapping::Value;

/// What a mapped object is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new object in the target.
    Create,
    /// An object that exists in the target.
    Update,
}

/// A source object after mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped<'a> {
    /// Attributes to send, in the order of the mappings; never null.
    pub attributes: Vec<MappedAttribute<'a>>,
    /// Attributes not to send, with the reason.
    pub unsent: Vec<Unsent<'a>>,
}

impl<'a> Mapped<'a> {
    /// The attribute to send under this name, when there is one.
    pub fn get(&self, target: &TargetPath) -> Option<&MappedAttribute<'a>> {
        self.attributes.iter().find(|a| a.target == target)
    }
}

/// A target attribute with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedAttribute<'a> {
    /// Name in the target.
    pub target: &'a TargetPath,
    /// The value; never null.
    pub value: Value,
    /// Index of the mapping in the object mapping.
    pub mapping: usize,
    /// Whether logs must show `[Redact]` instead of the value.
    pub redacted: bool,
    /// Set when the value is a list of app roles.
    pub roles: Option<RoleFlow>,
    /// Whether a change of case alone is a change.
    pub case_exact: bool,
    /// When the mapping applies.
    pub flow: FlowType,
    /// Whether the value is sent though the target has it.
    pub flow_behavior: FlowBehavior,
}

impl<'a> MappedAttribute<'a> {
    /// A value of the first mapping, with everything else as it is by default.
    pub fn new(target: &'a TargetPath, value: Value) -> Self {
        Self {
            target,
            value,
            mapping: 0,
            redacted: false,
            roles: None,
            case_exact: false,
            flow: FlowType::Always,
            flow_behavior: FlowBehavior::FlowWhenChanged,
        }
    }
}

/// A target attribute that is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent<'a> {
    /// Name in the target.
    pub target: &'a TargetPath,
    /// Index of the mapping in the object mapping.
    pub mapping: usize,
    /// Why.
    pub reason: UnsentReason,
}

/// Why an attribute is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsentReason {
    /// The mapping gave null.
    #[error("the mapping evaluates to null, and null values are not sent")]
    Null,
    /// `IgnoreFlowIfNullOrEmpty` took it out of the flow.
    #[error("the expression takes the attribute out of the flow")]
    Dropped,
    /// The mapping applies to new objects only.
    #[error("the mapping applies only during object creation")]
    CreateOnly,
    /// The documented defect of `Switch` is switched on and struck: the service overwrites the value
    /// in the target with null.
    #[error("the source of Switch did not change, and the documented defect makes the value null")]
    SwitchNull,
    /// Several values for a place in the target that takes one.
    #[error(
        "the target attribute can only accept one value, and the mapping gave {0}; take one with Item or join them with Join"
    )]
    SeveralValues(usize),
    /// The expression cannot be computed for this object.
    #[error("{0}")]
    Failed(EvaluationError),
}
