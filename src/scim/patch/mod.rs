//! PATCH: RFC 7644 section 3.5.2.
//!
//! [`PatchRequest::parse`] reads and types the whole request once; [`PatchRequest::apply`] is a pure
//! function from the stored object to the next one, all or nothing. Group members never pass through
//! it: they become an ordered plan of [`MemberEdit`]s, so a group of any size is changed without being
//! loaded. A shape that is not understood fails; it never removes or reports success.

mod apply;
mod group;
mod parse;

use std::sync::Arc;

use serde_json::Value;

use super::Object;
use super::error::Error;
use super::filter::ValueFilter;
use super::profile::Rules;
use super::resource::MemberValue;
use super::schema::{Attribute, ResourceType};

/// Most operations in one request.
pub const MAX_OPERATIONS: usize = 1_000;

/// A change of a group's members. Applied in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberEdit {
    /// Add these; those who are members already stay.
    AddMembers(Vec<MemberValue>),
    /// Remove these ids; those who are no members are skipped.
    RemoveMembers(Vec<String>),
    /// Remove everybody.
    RemoveAllMembers,
    /// Exactly these afterwards.
    ReplaceMembers(Vec<MemberValue>),
}

/// A PATCH request that has been read, resolved and typed.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchRequest {
    edits: Vec<Edit>,
    members: Vec<MemberEdit>,
    /// Ids that values without a path name, where the rules do not ignore them.
    ids: Vec<Value>,
}

/// A PATCH of a group, split in what is stored with the group and what is edges.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupPatch {
    /// Apply with [`PatchRequest::apply`]; touches no members.
    pub attributes: PatchRequest,
    /// The plan for the members, in order.
    pub members: Vec<MemberEdit>,
}

impl PatchRequest {
    /// Reads a `PatchOp` message for a resource of type `rt`.
    ///
    /// # Errors
    /// 400: `invalidSyntax` for the envelope, `invalidPath`, `invalidFilter`, `invalidValue`,
    /// `mutability`, `noTarget` for an operation; the sentence names the operation by its number.
    pub fn parse(rt: &ResourceType, body: Value, rules: &Rules) -> Result<Self, Error> {
        parse::parse(rt, body, rules)
    }

    /// Refuses ids in values without a path that are not the id of the resource (A7, strict).
    ///
    /// # Errors
    /// 400 `mutability`.
    pub fn check_id(&self, id: &str) -> Result<(), Error> {
        if self.ids.iter().all(|named| *named == *id) {
            return Ok(());
        }
        Err(Error::mutability(
            "\"id\" is read-only and not the id of this resource; leave it out",
        ))
    }

    /// The stored object after all operations. Equal to `current` when nothing changes.
    ///
    /// # Errors
    /// 400 `noTarget`, `mutability` or `invalidValue`; nothing is changed then.
    pub fn apply(
        &self,
        rt: &ResourceType,
        current: &Object,
        rules: &Rules,
    ) -> Result<Object, Error> {
        apply::apply(&self.edits, rt, current, rules)
    }

    /// Splits the request for a group. What members are edited how was settled by
    /// [`PatchRequest::parse`], so nothing can fail here.
    pub fn group_edits(self) -> GroupPatch {
        GroupPatch {
            attributes: Self {
                edits: self.edits,
                members: vec![],
                ids: self.ids,
            },
            members: self.members,
        }
    }

    /// True when no operation touches a stored attribute (there may be member edits).
    pub fn has_no_attribute_edits(&self) -> bool {
        self.edits.is_empty()
    }
}

/// One typed change of the stored object.
#[derive(Debug, Clone, PartialEq)]
enum Edit {
    /// Remove all data of an extension.
    DropContainer(Arc<str>),
    Attribute {
        schema: Option<Arc<str>>,
        attribute: Arc<Attribute>,
        filter: Option<ValueFilter>,
        sub: Option<Arc<Attribute>>,
        action: Action,
    },
}

/// What to do there. Values are canonical.
#[derive(Debug, Clone, PartialEq)]
enum Action {
    /// Set a simple attribute or a sub-attribute.
    Set(Value),
    /// Set the given sub-attributes (null clears one), keep the others.
    Merge(Object),
    /// Add elements that are not there yet.
    Append(Vec<Value>),
    /// Exactly these elements.
    ReplaceAll(Vec<Value>),
    /// Each selected element becomes this.
    ReplaceMatching(Value),
    /// Unassign, or remove the selected elements, or a sub-attribute of them.
    Remove,
    /// Remove the elements that agree with one of these in all their sub-attributes.
    RemoveListed(Vec<Value>),
}

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
