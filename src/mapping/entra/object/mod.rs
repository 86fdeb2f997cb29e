//! Object mappings and synchronization rules: what a job stores, and the mapping of a whole object.
//!
//! An [`ObjectMapping`] can only be made from fields that fit together, whether by code or from JSON.
//! [`ObjectMapping::map`] honours what Microsoft documents about default values, flow types and null:
//! a null is never sent, a default value only counts while an object is created. References
//! (`manager`, `members`) are not mapped here: the engine exports them in a later pass, see
//! [`ObjectMapping::references`].

use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::attribute::{AttributeMapping, FlowBehavior, FlowType, MappingSource, Reference};
use super::attributes::ObjectKind;
use super::context::Context;
use super::definition::{AttributeDefinition, find, is_default};
use super::evaluate::{Evaluated, EvaluationError, evaluate_for};
use super::expression::{Expression, Node};
use super::roles::RoleFlow;
use super::schema::Frame;
use super::scope::ScopingFilter;
use super::source::Source;
use super::standard;
use super::target::{CORE_GROUP, ENTERPRISE_USER, TargetPath};
use crate::mapping::Value;

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

/// The parts of an [`ObjectMapping`], not yet checked against each other.
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

/// How objects of one kind are provisioned. Its fields are read through [`Deref`] and changed with
/// [`ObjectMapping::into_fields`] and [`ObjectMapping::new`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ObjectMappingFields", into = "ObjectMappingFields")]
pub struct ObjectMapping {
    fields: ObjectMappingFields,
    /// Of each attribute mapping, whether its target attribute is *Exact case*.
    case_exact: Vec<bool>,
}

/// Why mappings do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// No mapping has a matching precedence.
    #[error("no attribute matches objects; set a matching precedence on at least one mapping")]
    NoMatchingAttribute,
    /// Two mappings have the same precedence.
    #[error(
        "matching precedence {priority} is used by '{first}' and '{second}'; give each its own number"
    )]
    DuplicateMatchingPriority {
        /// The number.
        priority: u32,
        /// Target of the one.
        first: String,
        /// Target of the other.
        second: String,
    },
    /// Two mappings write the same attribute.
    #[error("the target attribute '{target}' is mapped twice; delete one of the mappings")]
    DuplicateTarget {
        /// The attribute.
        target: String,
    },
    /// A reference or an empty mapping cannot match.
    #[error("'{target}' cannot match objects, because {reason}")]
    CannotMatch {
        /// The attribute.
        target: String,
        /// Why.
        reason: &'static str,
    },
    /// A mapping has a source or a default without content.
    #[error("the mapping of '{target}' {reason}")]
    Incomplete {
        /// The attribute.
        target: String,
        /// What is missing.
        reason: &'static str,
    },
}

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

/// A mapping whose values are references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceMapping<'a> {
    /// Which references of the source.
    pub reference: Reference,
    /// Name in the target.
    pub target: &'a TargetPath,
    /// Index of the mapping in the object mapping.
    pub mapping: usize,
    /// When it applies.
    pub flow: FlowType,
}

impl ObjectMapping {
    /// From fields that fit together.
    ///
    /// # Errors
    /// No or twice the same matching precedence, a target mapped twice, a mapping that cannot match
    /// or is empty.
    pub fn new(fields: ObjectMappingFields) -> Result<Self, MappingError> {
        check(&fields)?;
        let list = fields.target_definitions();
        let case_exact = fields
            .attributes
            .iter()
            .map(|m| find(list, &m.target).is_some_and(|d| d.case_exact))
            .collect();
        Ok(Self { fields, case_exact })
    }

    /// The fields, to change them.
    pub fn into_fields(self) -> ObjectMappingFields {
        self.fields
    }

    /// The mappings that match objects, in the order in which they are tried; never empty.
    pub fn matching(&self) -> Vec<&AttributeMapping> {
        let mut matching: Vec<&AttributeMapping> = self
            .attributes
            .iter()
            .filter(|m| m.matching_priority > 0)
            .collect();
        matching.sort_by_key(|m| m.matching_priority);
        matching
    }

    /// The mappings of references, which [`ObjectMapping::map`] leaves out.
    pub fn references(&self) -> Vec<ReferenceMapping<'_>> {
        let of = |(index, mapping): (usize, &'_ AttributeMapping)| {
            mapping.reference().map(|reference| (index, reference))
        };
        self.attributes
            .iter()
            .enumerate()
            .filter_map(of)
            .map(|(index, reference)| ReferenceMapping {
                reference,
                target: &self.attributes[index].target,
                mapping: index,
                flow: self.attributes[index].flow,
            })
            .collect()
    }

    /// The mapping that tells the target whether an object is disabled: the first one that reads
    /// `IsSoftDeleted` or `accountEnabled`. Without one, the target has no soft delete.
    pub fn soft_delete(&self) -> Option<&AttributeMapping> {
        let reads = |mapping: &&AttributeMapping, name: &str| {
            mapping
                .source
                .attributes()
                .iter()
                .any(|a| a.eq_ignore_ascii_case(name))
        };
        ["IsSoftDeleted", "accountEnabled"]
            .into_iter()
            .find_map(|name| self.attributes.iter().find(|m| reads(m, name)))
    }

    /// Source attributes the mappings read that are not in the source attribute list: directory
    /// extensions that were not added, or misspelled names. Each once, in the order of the mappings.
    pub fn unknown_source_attributes(&self) -> Vec<&str> {
        let list = self.source_definitions();
        let mut unknown: Vec<&str> = Vec::new();
        for name in self.attributes.iter().flat_map(|m| m.source.attributes()) {
            let same = |other: &str| other.eq_ignore_ascii_case(name);
            if find(list, name).is_none() && !unknown.iter().any(|u| same(u)) {
                unknown.push(name);
            }
        }
        unknown
    }

    /// Maps an object. Errors of single expressions are reported in [`Mapped::unsent`] and leave the
    /// other attributes alone.
    pub fn map(&self, source: &Source, context: &Context, purpose: Purpose) -> Mapped<'_> {
        let mut mapped = Mapped {
            attributes: Vec::new(),
            unsent: Vec::new(),
        };
        for (index, mapping) in self.attributes.iter().enumerate() {
            if mapping.reference().is_some() {
                continue;
            }
            match value_of(mapping, index, source, context, purpose) {
                Ok(value) => mapped.attributes.push(MappedAttribute {
                    target: &mapping.target,
                    value,
                    mapping: index,
                    redacted: mapping.is_redacted(),
                    roles: mapping.role_flow(),
                    case_exact: self.case_exact[index],
                    flow: mapping.flow,
                    flow_behavior: mapping.flow_behavior,
                }),
                Err(reason) => mapped.unsent.push(Unsent {
                    target: &mapping.target,
                    mapping: index,
                    reason,
                }),
            }
        }
        mapped
    }
}

fn value_of(
    mapping: &AttributeMapping,
    index: usize,
    source: &Source,
    context: &Context,
    purpose: Purpose,
) -> Result<Value, UnsentReason> {
    if purpose == Purpose::Update && mapping.flow == FlowType::ObjectAddOnly {
        return Err(UnsentReason::CreateOnly);
    }
    let value = match &mapping.source {
        MappingSource::Direct(name) => source.get(name).clone(),
        MappingSource::Constant(text) => Value::from(text.as_str()),
        MappingSource::Expression(expression) => {
            let target = Some(&mapping.target);
            match evaluate_for(expression, source, context, target, index)
                .map_err(UnsentReason::Failed)?
            {
                Evaluated::Value(Value::Null) if is_nulled(expression, context, purpose) => {
                    return Err(UnsentReason::SwitchNull);
                }
                Evaluated::Value(value) => value,
                Evaluated::Dropped => return Err(UnsentReason::Dropped),
            }
        }
        MappingSource::None => Value::Null,
    };
    match (&mapping.default_value, purpose) {
        _ if !value.is_null() => fitting(mapping, value),
        (Some(default), Purpose::Create) => Ok(Value::from(default.as_str())),
        _ => Err(UnsentReason::Null),
    }
}

/// Whether the documented defect of `Switch` made this null.
fn is_nulled(expression: &Expression, context: &Context, purpose: Purpose) -> bool {
    let Node::Call(call) = expression.root() else {
        return false;
    };
    let source = call.arguments().first().and_then(Option::as_ref);
    purpose == Purpose::Update
        && call.function().name == "Switch"
        && source.is_some_and(|source| context.nulls_switch_on(source))
}

/// An element of a multi-valued attribute and a sub-attribute take one value; elsewhere only the
/// target knows.
fn fitting(mapping: &AttributeMapping, value: Value) -> Result<Value, UnsentReason> {
    let takes_one = mapping.target.filter().is_some() || mapping.target.sub_attribute().is_some();
    match value {
        Value::List(mut values) if takes_one => match values.len() {
            1 => Ok(values.remove(0)),
            several => Err(UnsentReason::SeveralValues(several)),
        },
        value => Ok(value),
    }
}

fn check(fields: &ObjectMappingFields) -> Result<(), MappingError> {
    let mut matches = false;
    for (index, mapping) in fields.attributes.iter().enumerate() {
        let target = mapping.target.to_string();
        let others = &fields.attributes[..index];
        if others.iter().any(|other| other.target == mapping.target) {
            return Err(MappingError::DuplicateTarget { target });
        }
        let incomplete = |reason| MappingError::Incomplete {
            target: target.clone(),
            reason,
        };
        match &mapping.source {
            MappingSource::Direct(name) if name.trim().is_empty() => {
                return Err(incomplete("names no source attribute; choose one"));
            }
            MappingSource::None if mapping.default_value.is_none() => {
                return Err(incomplete(
                    "has neither a source nor a default value; give it one",
                ));
            }
            _ => {}
        }
        if mapping.matching_priority == 0 {
            continue;
        }
        matches = true;
        if let Some(other) = others
            .iter()
            .find(|other| other.matching_priority == mapping.matching_priority)
        {
            return Err(MappingError::DuplicateMatchingPriority {
                priority: mapping.matching_priority,
                first: other.target.to_string(),
                second: target,
            });
        }
        let reason = match &mapping.source {
            _ if mapping.reference().is_some() => "references are known only after matching",
            MappingSource::None => "it has no source",
            MappingSource::Constant(_) => "a constant is the same for every object",
            MappingSource::Expression(e) if e.calls("SelectUniqueValue") => {
                "SelectUniqueValue gives a value that no object has yet"
            }
            _ => continue,
        };
        return Err(MappingError::CannotMatch { target, reason });
    }
    if matches {
        Ok(())
    } else {
        Err(MappingError::NoMatchingAttribute)
    }
}

impl Deref for ObjectMapping {
    type Target = ObjectMappingFields;

    fn deref(&self) -> &ObjectMappingFields {
        &self.fields
    }
}

impl TryFrom<ObjectMappingFields> for ObjectMapping {
    type Error = MappingError;

    fn try_from(fields: ObjectMappingFields) -> Result<Self, MappingError> {
        Self::new(fields)
    }
}

impl From<ObjectMapping> for ObjectMappingFields {
    fn from(mapping: ObjectMapping) -> Self {
        mapping.fields
    }
}

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
        let name = self.frame.target_directory.as_deref();
        name.unwrap_or(super::schema::CUSTOM_DIRECTORY)
    }

    /// The mapping of one kind of object.
    pub fn of(&self, kind: ObjectKind) -> &ObjectMapping {
        match kind {
            ObjectKind::User => &self.users,
            ObjectKind::Group => &self.groups,
        }
    }
}

#[cfg(test)]
mod tests;
