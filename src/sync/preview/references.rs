//! References of a previewed object: its manager, or its members, as far as the target knows them.

use super::super::objects::Candidate;
use super::mapping_of;
use crate::error::Result;
use crate::id::Seq;
use crate::mapping::entra::Reference;
use crate::model::{Job, ObjectKind, ObjectRef};
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, directory as rows};

/// Most members of a group that a preview looks at.
const MEMBERS: usize = 1_000;

/// What the references of an object come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferencePreview {
    /// There are none.
    None,
    /// A manager who exists in the target.
    Manager {
        /// What the manager is called in the directory.
        name: String,
        /// `id` in the target.
        target_id: String,
        /// Whether that is what was exported last.
        sent: bool,
    },
    /// A manager who is not provisioned: `UnableToResolveReferenceAttributeValue`.
    UnresolvableManager {
        /// What the manager is called in the directory.
        name: String,
    },
    /// Members of a group.
    Members(MemberReferences),
}

/// Members of a group, as far as they were looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberReferences {
    /// Direct members in the directory.
    pub total: u64,
    /// How many of them were looked at, from the first on.
    pub looked_at: usize,
    /// Those that exist in the target and were not exported yet: their ids in the target.
    pub to_add: Vec<String>,
    /// How many were exported already.
    pub sent: usize,
    /// How many do not exist in the target.
    pub unresolvable: usize,
}

/// The references of an object, by index of the mapping.
pub(super) fn of(
    tx: &impl Reads,
    key: JobKey,
    job: &Job,
    candidate: &Candidate,
) -> Result<Vec<(usize, ReferencePreview)>> {
    let mut all = Vec::new();
    for mapping in mapping_of(job, candidate.object.kind).references() {
        let reference = match (mapping.reference, candidate.object.kind) {
            (Reference::Manager, ObjectKind::User) => {
                let exported = candidate.link.as_ref().and_then(|link| {
                    link.exported
                        .get(mapping.target.as_str())
                        .and_then(|id| id.as_str())
                });
                manager(tx, key, candidate.object.seq, exported)?
            }
            (Reference::Members, ObjectKind::Group) => members(tx, key, candidate.object.seq)?,
            _ => ReferencePreview::None,
        };
        all.push((mapping.mapping, reference));
    }
    Ok(all)
}

fn manager(
    tx: &impl Reads,
    key: JobKey,
    user: Seq,
    exported: Option<&str>,
) -> Result<ReferencePreview> {
    let manager = rows::user(tx, key.tenant, user)?.and_then(|user| user.manager);
    let Some(manager) = manager else {
        return Ok(ReferencePreview::None);
    };
    let name = rows::user(tx, key.tenant, manager)?.map_or_else(
        || "a user that no longer exists".to_owned(),
        |manager| manager.user_principal_name,
    );
    let link = jobs::link(tx, key, ObjectRef::user(manager))?.filter(|link| !link.out_of_scope);
    Ok(match link {
        Some(link) => ReferencePreview::Manager {
            name,
            sent: exported == Some(link.target_id.as_str()),
            target_id: link.target_id,
        },
        None => ReferencePreview::UnresolvableManager { name },
    })
}

fn members(tx: &impl Reads, key: JobKey, group: Seq) -> Result<ReferencePreview> {
    let total = rows::group(tx, key.tenant, group)?.map_or(0, |group| group.member_count);
    let edges = rows::members(tx, key.tenant, group, None, MEMBERS)?;
    let exported = jobs::exported_members(tx, key, group, None, usize::MAX)?;
    let mut members = MemberReferences {
        total,
        looked_at: edges.len(),
        to_add: Vec::new(),
        sent: 0,
        unresolvable: 0,
    };
    for member in edges {
        if exported.binary_search(&member).is_ok() {
            members.sent += 1;
            continue;
        }
        match jobs::link(tx, key, member)?.filter(|link| !link.out_of_scope) {
            Some(link) => members.to_add.push(link.target_id),
            None => members.unresolvable += 1,
        }
    }
    Ok(if members.total == 0 && members.looked_at == 0 {
        ReferencePreview::None
    } else {
        ReferencePreview::Members(members)
    })
}
