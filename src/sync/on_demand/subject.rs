//! Whom to provision: a person, or a group with a few of its members.

use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ObjectKind, ObjectRef};

/// Most members of a group at a time.
pub const MEMBERS: usize = 5;

/// Whom to provision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    object: ObjectRef,
    members: Vec<ObjectRef>,
}

impl Subject {
    /// A person.
    pub const fn user(user: Seq) -> Self {
        Self {
            object: ObjectRef::user(user),
            members: Vec::new(),
        }
    }

    /// A group, and those of its members that are put into it.
    ///
    /// # Errors
    /// More than five members, or one that is a group.
    pub fn group(group: Seq, mut members: Vec<ObjectRef>) -> Result<Self> {
        let refuse = |detail: &str| Err(Error::field("members", detail));
        members.sort_unstable();
        members.dedup();
        if members.len() > MEMBERS {
            return refuse("Choose at most 5 members at a time.");
        }
        if members.iter().any(|m| m.kind == ObjectKind::Group) {
            return refuse(
                "On-demand provisioning does not support nested groups. Choose people, and provision the other group by itself.",
            );
        }
        Ok(Self {
            object: ObjectRef::group(group),
            members,
        })
    }

    /// The kind that an `objectTypeName` stands for.
    ///
    /// # Errors
    /// Anything but users and groups, roles among them.
    pub fn kind_of(object_type_name: &str) -> Result<ObjectKind> {
        match object_type_name {
            name if name.eq_ignore_ascii_case("User") => Ok(ObjectKind::User),
            name if name.eq_ignore_ascii_case("Group") => Ok(ObjectKind::Group),
            name => Err(Error::field(
                "objectTypeName",
                format!("On-demand provisioning supports users and groups, not '{name}'."),
            )),
        }
    }

    /// The person or the group.
    pub const fn object(&self) -> ObjectRef {
        self.object
    }

    /// The chosen members.
    pub fn members(&self) -> &[ObjectRef] {
        &self.members
    }
}
