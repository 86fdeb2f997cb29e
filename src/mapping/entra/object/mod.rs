//! Object mappings and synchronization rules: what a job stores, and the mapping of a whole object.
//!
//! An [`ObjectMapping`] can only be made from fields that fit together, whether by code or from JSON.
//! [`ObjectMapping::map`] honours what Microsoft documents about default values, flow types and null:
//! a null is never sent, a default value only counts while an object is created. References
//! (`manager`, `members`) are not mapped here: the engine exports them in a later pass, see
//! [`ObjectMapping::references`].

mod fields;
mod limits;
mod mapped;
mod rules;
mod value;

use std::ops::Deref;

use serde::{Deserialize, Serialize};

pub use fields::{Actions, ObjectMappingFields};
pub(super) use limits::{MOST_CLAUSES, MOST_DEFINITIONS, MOST_MAPPINGS, MOST_PATTERNS};
pub use mapped::{Mapped, MappedAttribute, Purpose, Unsent, UnsentReason};
pub use rules::SynchronizationRules;
pub use value::Computation;

use super::attribute::{AttributeMapping, FlowType, MappingSource, Reference};
use super::context::Context;
use super::definition::find;
use super::source::Source;
use super::target::TargetPath;

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
    /// More than an object mapping may hold.
    #[error("an object mapping has at most {most} {what}; take some out")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
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
    /// or is empty, or too much of anything.
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
            match Computation::from(mapping).value(index, source, context, purpose) {
                Ok(value) => mapped.attributes.push(MappedAttribute {
                    target: &mapping.target,
                    value: mapping.role_assignments(source).unwrap_or(value),
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

fn check(fields: &ObjectMappingFields) -> Result<(), MappingError> {
    limits::check(fields)?;
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

#[cfg(test)]
mod tests;
