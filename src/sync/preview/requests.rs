//! The requests that a previewed object would cause, in the dialect of its job.
//!
//! The one place of previews that names the dialect.

use serde_json::Map;

use super::super::client::Request;
use super::super::cycle::dialect;
use super::super::dialect::entra;
use super::super::matching;
use super::super::objects::Candidate;
use super::super::reconcile::{Difference, SourceState, compare_exported};
use super::ReferencePreview;
use crate::mapping::Value;
use crate::mapping::entra::{Mapped, MappedAttribute, ObjectMapping};
use crate::model::Job;

/// Stands for the target's id of an object that is not linked.
const UNKNOWN_ID: &str = "{id}";

/// What an update is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateBasis {
    /// The values last exported: this is what the next cycle sends, unless the target was changed by others.
    LastExport,
    /// Every value, because nothing differs from the last export.
    NothingDiffers,
    /// Every value, because nothing is known of an object in the target.
    Unknown,
}

/// Requests of one object. Paths are relative to the Tenant URL, without a leading slash.
#[derive(Debug, Clone, PartialEq)]
pub struct Requests {
    /// How the object is looked for, in order of precedence; the first that finds something decides. Empty when no
    /// matching attribute has a value.
    pub find: Vec<Request>,
    /// POST, when nothing is found.
    pub create: Request,
    /// PATCH of the attributes.
    pub update: Request,
    /// What `update` is made of.
    pub basis: UpdateBasis,
    /// PATCH of a reference, once both ends exist; nothing when all are known or none can be resolved.
    pub references: Vec<Request>,
}

pub(super) fn of(
    job: &Job,
    mapping: &ObjectMapping,
    candidate: &Candidate,
    (created, updated): (&Mapped<'_>, &Mapped<'_>),
    references: &[(usize, ReferencePreview)],
) -> Requests {
    let kind = candidate.object.kind;
    let id = candidate
        .link
        .as_ref()
        .map_or(UNKNOWN_ID, |link| link.target_id.as_str());
    let find = matching::keys(mapping, &created.attributes)
        .into_iter()
        .filter_map(|key| Some(entra::find(kind, key.target, key.value.as_text()?)))
        .collect();
    let dialect = dialect(job);
    let (differences, basis) = differences(mapping, candidate, updated);
    Requests {
        find,
        create: dialect.create(kind, &created.attributes),
        update: shown(dialect.update(kind, id, &differences)),
        basis,
        references: references
            .iter()
            .filter_map(|(index, reference)| of_reference(job, mapping, id, *index, reference))
            .map(shown)
            .collect(),
    }
}

fn differences(
    mapping: &ObjectMapping,
    candidate: &Candidate,
    updated: &Mapped<'_>,
) -> (Vec<Difference>, UpdateBasis) {
    let Some(link) = &candidate.link else {
        return (every(&updated.attributes), UpdateBasis::Unknown);
    };
    let exported: &Map<_, _> = &link.exported;
    let mut differences = compare_exported(&updated.attributes, exported);
    if !matches!(
        candidate.state,
        SourceState::Active | SourceState::AccountDisabled
    ) {
        // What left the scope is disabled and otherwise left as it is.
        let soft_delete = mapping.soft_delete().map(|m| &m.target);
        differences.retain(|difference| Some(&difference.target) == soft_delete);
    }
    if differences.is_empty() {
        (every(&updated.attributes), UpdateBasis::NothingDiffers)
    } else {
        (differences, UpdateBasis::LastExport)
    }
}

/// As if the target had another value everywhere.
fn every(attributes: &[MappedAttribute<'_>]) -> Vec<Difference> {
    attributes
        .iter()
        .map(|attribute| Difference {
            target: attribute.target.clone(),
            old: Some(Value::from("")),
            new: attribute.value.clone(),
            redacted: attribute.redacted,
            roles: attribute.roles,
        })
        .collect()
}

fn of_reference(
    job: &Job,
    mapping: &ObjectMapping,
    id: &str,
    index: usize,
    reference: &ReferencePreview,
) -> Option<Request> {
    let target = &mapping.attributes.get(index)?.target;
    match reference {
        ReferencePreview::Manager {
            target_id, sent, ..
        } if !sent => Some(dialect(job).set_manager(id, target, target_id, false)),
        ReferencePreview::Members(members) if !members.to_add.is_empty() => {
            let chunk = job.settings.members_per_patch.max(1);
            let first: Vec<&str> = members
                .to_add
                .iter()
                .take(chunk)
                .map(String::as_str)
                .collect();
            Some(dialect(job).add_members(id, target, &first))
        }
        ReferencePreview::None
        | ReferencePreview::Manager { .. }
        | ReferencePreview::UnresolvableManager { .. }
        | ReferencePreview::Members(_) => None,
    }
}

/// The place of an unknown id reads as a place.
fn shown(mut request: Request) -> Request {
    request.path = request.path.replace("%7Bid%7D", UNKNOWN_ID);
    request
}
