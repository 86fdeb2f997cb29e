//! What provisioning would do with one object, without doing it: scope, every mapped value and why there is none,
//! and the requests that would be sent.
//!
//! Pure over a snapshot: nothing is written and nothing is sent. The target is not asked either, so what it holds
//! is what the last export put there. The same functions as in a cycle compute everything (`objects`, the mapping,
//! `reconcile`, the dialect), so a preview cannot drift from what is done. Who would enter or leave the scope by
//! other filters is `scope_change`.

mod references;
mod requests;
mod scope_change;
#[cfg(test)]
mod tests;
mod uploaded;

pub use references::{MemberReferences, ReferencePreview};
pub use requests::{Requests, UpdateBasis};
pub use scope_change::{Moved, Movement, ScopeChange};
pub use uploaded::{Uploaded, UploadedPreview, preview_uploaded, uploaded, uploaded_choice};

use super::export::{policy, target_state};
use super::matching;
use super::objects::{Candidate, Reader};
use super::reconcile::{Decision, SourceState, TargetState, decide};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{Guid, Nonce, Seq};
use crate::mapping::Value;
use crate::mapping::entra::{
    ClauseVerdict, Computation, Context, Mapped, ObjectMapping, Purpose, Source, Standing,
    UnsentReason,
};
use crate::model::{Job, JobSettings, Link, ObjectKind, ObjectRef, Tenant};
use crate::store::jobs::JobKey;
use crate::store::{Reads, directory as rows};

/// One object as provisioning sees it now.
#[derive(Debug, Clone)]
pub struct ObjectPreview {
    /// Which object.
    pub object: ObjectRef,
    /// Its object id.
    pub id: Guid,
    /// User principal name, or name of the group.
    pub name: String,
    /// Name to show.
    pub display_name: String,
    /// The verdict of the scoping step.
    pub state: SourceState,
    /// How that verdict came about.
    pub scoping: ScopingPreview,
    /// Source attributes with their values, the computed ones among them.
    pub source: Source,
    /// The object in the target it is linked with.
    pub link: Option<Link>,
    /// One for every attribute mapping, in their order.
    pub rows: Vec<RowPreview>,
    /// What the next cycle that looks at it would do.
    pub next: NextStep,
    /// What would be sent.
    pub requests: Requests,
}

/// Why an object is in scope, or is not.
#[derive(Debug, Clone)]
pub struct ScopingPreview {
    /// Enabled and not in the recycle bin.
    pub active: bool,
    /// Assigned to the application, or everybody is in scope.
    pub assigned: bool,
    /// What the filters say.
    pub standing: Standing,
    /// The filters.
    pub filters: Vec<FilterPreview>,
}

/// Which set a filter belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterSet {
    /// The scoping filters of the portal: what fails them leaves the target.
    Scope,
    /// What fails them is left alone.
    Input,
    /// What fails them does not belong to the mapping.
    Category,
}

/// A filter applied to the object.
#[derive(Debug, Clone)]
pub struct FilterPreview {
    /// Its set. Filters of one set are joined by OR; each set must pass.
    pub set: FilterSet,
    /// Title of the filter.
    pub title: String,
    /// Whether all of its clauses are true.
    pub passes: bool,
    /// Its clauses.
    pub clauses: Vec<ClauseVerdict>,
}

/// What one attribute mapping gives.
#[derive(Debug, Clone)]
pub struct RowPreview {
    /// When the object is created in the target. That happens only to objects in scope, so `IsSoftDeleted` is
    /// false here.
    pub create: Computed,
    /// When it exists there.
    pub update: Computed,
}

/// The value of an attribute mapping, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Computed {
    /// The value that is sent.
    Value {
        /// Never null.
        value: Value,
        /// Whether logs show `[Redact]` instead.
        redacted: bool,
    },
    /// Nothing is sent.
    Nothing(UnsentReason),
    /// References, which are sent once both ends exist.
    Reference(ReferencePreview),
}

/// What the next cycle that looks at the object would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Objects of this kind are not provisioned.
    SwitchedOff,
    /// An input or category filter keeps it away: nothing is done.
    LeftAlone,
    /// No matching attribute has a value: `ImportSkipped`.
    NoMatchingValue,
    /// It is looked for in the target; if found, it is updated, else this is done.
    Match(Decision),
    /// It is linked: this is done.
    Linked(Decision),
    /// It is linked, and nothing differs from what was last exported.
    Redundant,
}

/// What expressions compute with besides the object: the moment, randomness and the tenant's default domain.
pub fn context(tenant: &Tenant, now: Timestamp, seed: Nonce) -> Context {
    Context::new(now.millis(), seed.0, tenant.domain.as_str())
}

/// The preview of one object of the directory; `None` when it has no row any more.
///
/// # Errors
/// The store's.
pub fn preview(
    tx: &impl Reads,
    key: JobKey,
    job: &Job,
    object: ObjectRef,
    context: &Context,
) -> Result<Option<ObjectPreview>> {
    let reader = Reader { tx, key, job };
    let Some(candidate) = reader.one(object)? else {
        return Ok(None);
    };
    if candidate.state == SourceState::Purged {
        return Ok(None);
    }
    let mapping = mapping_of(job, object.kind);
    let entitled = as_if_in_scope(&candidate.source);
    let created = mapping.map(&entitled, context, Purpose::Create);
    let updated = mapping.map(&candidate.source, context, Purpose::Update);
    let references = references::of(tx, key, job, &candidate)?;
    let mut rows = rows_of(mapping, &created, &updated);
    for (index, reference) in &references {
        if let Some(row) = rows.get_mut(*index) {
            row.create = Computed::Reference(reference.clone());
            row.update = Computed::Reference(reference.clone());
        }
    }
    let requests = requests::of(job, mapping, &candidate, (&created, &updated), &references);
    Ok(Some(ObjectPreview {
        object,
        id: candidate.id,
        state: candidate.state,
        scoping: scoping(mapping, &candidate),
        next: next(job, mapping, &candidate, &requests, (&created, &updated)),
        name: candidate.name,
        display_name: candidate.display_name,
        source: candidate.source,
        link: candidate.link,
        rows,
        requests,
    }))
}

/// What a mapping that is not among the rules gives for an object with these attributes. References are not looked up.
pub fn trial(computation: Computation<'_>, source: &Source, context: &Context) -> RowPreview {
    let computed = |purpose, source: &Source| match computation.value(0, source, context, purpose) {
        Ok(value) => Computed::Value {
            value,
            redacted: computation.source.is_redacted(),
        },
        Err(reason) => Computed::Nothing(reason),
    };
    RowPreview {
        create: computed(Purpose::Create, &as_if_in_scope(source)),
        update: computed(Purpose::Update, source),
    }
}

/// The object whose preview is shown when nobody chose one: the first that is assigned, else the first of all.
///
/// # Errors
/// The store's.
pub fn first_choice(
    tx: &impl Reads,
    key: JobKey,
    job: &Job,
    kind: ObjectKind,
) -> Result<Option<ObjectRef>> {
    for assignment in rows::assignments(tx, key.tenant, job.application, None, FIRST)? {
        let principal = assignment.principal;
        if principal.kind == kind {
            return Ok(Some(principal));
        }
        let members = rows::members(tx, key.tenant, principal.seq, None, 1)?;
        if let Some(member) = members.into_iter().find(|member| member.kind == kind) {
            return Ok(Some(member));
        }
    }
    Ok(match kind {
        ObjectKind::User => rows::users_after(tx, key.tenant, Seq(0), 1)?
            .first()
            .map(|user| ObjectRef::user(user.seq)),
        ObjectKind::Group => rows::groups_after(tx, key.tenant, Seq(0), 1)?
            .first()
            .map(|group| ObjectRef::group(group.seq)),
    })
}

/// Assignments that are looked at for a first choice.
const FIRST: usize = 200;

/// The mapping of one kind of object.
pub(super) fn mapping_of(job: &Job, kind: ObjectKind) -> &ObjectMapping {
    match kind {
        ObjectKind::User => &job.rules.users,
        ObjectKind::Group => &job.rules.groups,
    }
}

fn as_if_in_scope(source: &Source) -> Source {
    let mut source = source.clone();
    source.set("IsSoftDeleted", false);
    source
}

fn rows_of(mapping: &ObjectMapping, created: &Mapped<'_>, updated: &Mapped<'_>) -> Vec<RowPreview> {
    let of = |mapped: &Mapped<'_>, index: usize| {
        let value = mapped.attributes.iter().find(|a| a.mapping == index);
        let reason = || mapped.unsent.iter().find(|u| u.mapping == index);
        match (value, reason()) {
            (Some(attribute), _) => Computed::Value {
                value: attribute.value.clone(),
                redacted: attribute.redacted,
            },
            (None, Some(unsent)) => Computed::Nothing(unsent.reason.clone()),
            (None, None) => Computed::Reference(ReferencePreview::None),
        }
    };
    (0..mapping.attributes.len())
        .map(|index| RowPreview {
            create: of(created, index),
            update: of(updated, index),
        })
        .collect()
}

fn scoping(mapping: &ObjectMapping, candidate: &Candidate) -> ScopingPreview {
    let source = as_if_in_scope(&candidate.source);
    ScopingPreview {
        active: candidate.scoping.active,
        assigned: candidate.scoping.assigned,
        standing: mapping.standing(&source).standing,
        filters: filters_of(mapping, &source),
    }
}

/// What each filter of a mapping says of an object.
fn filters_of(mapping: &ObjectMapping, source: &Source) -> Vec<FilterPreview> {
    let sets = [
        (FilterSet::Category, &mapping.category_filters),
        (FilterSet::Input, &mapping.input_filters),
        (FilterSet::Scope, &mapping.scope),
    ];
    sets.into_iter()
        .flat_map(|(set, filters)| filters.iter().map(move |filter| (set, filter)))
        .map(|(set, filter)| {
            let verdict = filter.evaluate(source);
            FilterPreview {
                set,
                title: filter.title().to_owned(),
                passes: verdict.in_scope,
                clauses: verdict.clauses,
            }
        })
        .collect()
}

fn next(
    job: &Job,
    mapping: &ObjectMapping,
    candidate: &Candidate,
    requests: &Requests,
    (created, updated): (&Mapped<'_>, &Mapped<'_>),
) -> NextStep {
    if !mapping.enabled {
        return NextStep::SwitchedOff;
    }
    if candidate.scoping.left_alone {
        return NextStep::LeftAlone;
    }
    let target = candidate
        .link
        .as_ref()
        .map_or(TargetState::Absent, target_state);
    let linked = target != TargetState::Absent;
    let mapped = if linked { updated } else { created };
    let active = candidate.state == SourceState::Active;
    if matching::keys(mapping, &mapped.attributes).is_empty() && (active || !linked) {
        return NextStep::NoMatchingValue;
    }
    let settings: &JobSettings = &job.settings;
    let decision = decide(
        candidate.state,
        target,
        policy(candidate.object.kind, mapping, settings),
    );
    match decision {
        Decision::Update if linked && requests.basis == UpdateBasis::NothingDiffers => {
            NextStep::Redundant
        }
        decision if linked => NextStep::Linked(decision),
        decision => NextStep::Match(decision),
    }
}
