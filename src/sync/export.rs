//! One object from import to export: runs in a worker thread, talks to the target, writes nothing.

use serde_json::{Map, Value as Json};

use super::answer::{self, Aim};
use super::context::Run;
use super::dialect::entra;
use super::guard::held_back;
use super::log::{Story, shown};
use super::matching;
use super::objects::Candidate;
use super::on_demand;
use super::outcome::{LinkChange, Outcome};
use super::reconcile::{
    Decision, Difference, Policy, SkipReason, SourceState, TargetState, cleared, compare,
    compare_exported, decide,
};
use super::switch_defect;
use crate::mapping::Value;
use crate::mapping::entra::{
    Mapped, MappedAttribute, ObjectMapping, Purpose, Reference, UnsentReason, read,
};
use crate::model::{
    Action, ErrorInformation, Job, JobSettings, Link, LinkState, ObjectKind, Status,
};

/// Handles one object.
pub(super) fn export(run: &Run, candidate: Candidate) -> Outcome {
    let _alone = run.context.hold(run.key, candidate.object);
    let mapping = run.mapping(candidate.object.kind);
    let mut story = Story::begin(candidate.object, &candidate.name, candidate.identity());
    if let Some(link) = &candidate.link {
        story.target(&link.target_id);
    }
    if run.on_demand.is_some() {
        story.retrieved(on_demand::attributes_of(mapping, &candidate));
    } else {
        story.imported(match (candidate.state, &candidate.link) {
            (SourceState::Purged, _) => "Delete",
            (_, Some(_)) => "Update",
            (_, None) => "Add",
        });
    }
    let scoping = &candidate.scoping;
    let (entitled, provisionable) = (
        scoping.assigned,
        scoping.assigned && scoping.passes && scoping.active,
    );
    let export = Export {
        run,
        mapping,
        policy: policy(candidate.object.kind, mapping, &run.job.settings),
        candidate,
    };
    let mut outcome = export.handle(story);
    outcome.entitled = entitled;
    outcome.provisionable = provisionable;
    outcome
}

/// Whether an object would be deleted or disabled.
pub(super) fn leaves(job: &Job, candidate: &Candidate) -> bool {
    if candidate.scoping.left_alone {
        return false;
    }
    let (kind, link) = (candidate.object.kind, candidate.link.as_ref());
    let mapping = match kind {
        ObjectKind::User => &job.rules.users,
        ObjectKind::Group => &job.rules.groups,
    };
    let policy = policy(kind, mapping, &job.settings);
    let target = link.map_or(TargetState::Absent, target_state);
    matches!(
        decide(candidate.state, target, policy),
        Decision::Delete | Decision::Disable
    )
}

/// What the job may do with objects of a kind.
pub(super) fn policy(kind: ObjectKind, mapping: &ObjectMapping, settings: &JobSettings) -> Policy {
    Policy {
        actions: mapping.actions,
        has_soft_delete: mapping.soft_delete().is_some(),
        soft_delete_unmapped: kind == ObjectKind::User && settings.target_supports_soft_delete,
        bin_is_loss: kind == ObjectKind::Group,
        skip_out_of_scope_deletions: settings.skip_out_of_scope_deletions,
    }
}

/// The target as the link remembers it.
pub(super) fn target_state(link: &Link) -> TargetState {
    match (link.state, link.out_of_scope) {
        (LinkState::Active, false) => TargetState::Present,
        (LinkState::Active, true) => TargetState::Released,
        (LinkState::Disabled, false) => TargetState::Disabled,
        (LinkState::Disabled, true) => TargetState::Unmanaged,
    }
}

struct Export<'a> {
    run: &'a Run,
    mapping: &'a ObjectMapping,
    policy: Policy,
    candidate: Candidate,
}

impl<'a> Export<'a> {
    fn handle(self, mut story: Story) -> Outcome {
        let kind = self.candidate.object.kind;
        let active = self.candidate.state == SourceState::Active;
        let target = self
            .candidate
            .link
            .as_ref()
            .map_or(TargetState::Absent, target_state);
        let linked = target != TargetState::Absent;
        let scoping = &self.candidate.scoping;
        if scoping.left_alone {
            story.scoped(scoping);
            return self.skip_for(story, SkipReason::NotEffectivelyEntitled, LinkChange::Keep);
        }

        // Import: an object without matching value goes no further, but what is in the target can
        // still be disabled or deleted.
        let mapped = self.map(if linked {
            Purpose::Update
        } else {
            Purpose::Create
        });
        let keys = matching::keys(self.mapping, &mapped.attributes);
        if keys.is_empty() && (active || !linked) && self.candidate.state != SourceState::Purged {
            let names: Vec<&str> = self
                .mapping
                .matching()
                .iter()
                .map(|m| m.target.as_str())
                .collect();
            let reason = format!(
                "The {} has no value for the matching attribute {}, so it cannot be matched or created.",
                kind.name(),
                names.join(", ")
            );
            return self.skip(story, "ImportSkipped", reason, LinkChange::Keep);
        }
        if self.candidate.state != SourceState::Purged {
            story.scoped(&self.candidate.scoping);
        }
        if !active {
            return match decide(self.candidate.state, target, self.policy) {
                Decision::Delete | Decision::Disable if !self.run.guard.admits() => {
                    self.stage(story)
                }
                Decision::Delete => admitted(self.delete(story)),
                Decision::Disable => admitted(self.change(story, &mapped, None)),
                Decision::Skip(reason) => {
                    let link = self.released();
                    self.skip_for(story, reason, link)
                }
                Decision::Create | Decision::Update => {
                    self.skip_for(story, SkipReason::NotEffectivelyEntitled, LinkChange::Keep)
                }
            };
        }
        if linked {
            return match decide(SourceState::Active, target, self.policy) {
                Decision::Skip(reason) => self.skip_for(story, reason, LinkChange::Keep),
                _ => self.change(story, &mapped, None),
            };
        }
        match matching::find(self.run, &mut story, kind, &keys) {
            Err(error) => self.fail(story, "EntryImport", "match", Action::Other, error),
            Ok(Some((id, resource))) => {
                story.target(&id);
                let mapped = self.map(Purpose::Update);
                self.change(story, &mapped, Some((id, resource)))
            }
            Ok(None) => match decide(SourceState::Active, TargetState::Absent, self.policy) {
                Decision::Create => self.create(story, &mapped),
                _ => self.skip_for(story, SkipReason::ActionOff, LinkChange::Keep),
            },
        }
    }

    fn map(&self, purpose: Purpose) -> Mapped<'a> {
        let context = match self.changed_for_switch() {
            Some(changed) => self.run.mapping_context().with_switch_null_bug(changed),
            None => self.run.mapping_context(),
        };
        self.mapping.map(&self.candidate.source, &context, purpose)
    }

    /// Source attributes that changed, while the documented defect of `Switch` shows: in incremental cycles of jobs
    /// that ask for it.
    fn changed_for_switch(&self) -> Option<Vec<String>> {
        let shows = self.run.incremental && self.run.job.settings.switch_null_bug;
        let link = self.candidate.link.as_ref().filter(|_| shows)?;
        let source = &self.candidate.source;
        Some(switch_defect::changed(
            self.mapping,
            source,
            &link.source_values,
        ))
    }

    fn create(self, mut story: Story, mapped: &Mapped<'_>) -> Outcome {
        let kind = self.candidate.object.kind;
        let because = format!(
            "{0} is active and assigned in Microsoft Entra ID, but no matching {0} was found in customappsso",
            kind.name()
        );
        story.will("EntrySynchronizationAdd", "created", &because);
        story.unsent(unsent(mapped));
        if let Some(error) = too_many_values(&mapped.attributes) {
            return self.fail(story, "EntryExportAdd", "create", Action::Create, error);
        }
        for attribute in &mapped.attributes {
            let new = shown(&attribute.value, attribute.redacted);
            story.modified(attribute.target, None, Some(new));
        }
        let request = self.run.dialect().create(kind, &mapped.attributes);
        let created = self
            .run
            .send(&mut story, &request)
            .and_then(|answer| answer::resource(&answer, Aim::Collection));
        match created {
            Err(error) => self.fail(story, "EntryExportAdd", "create", Action::Create, error),
            Ok((id, _)) => {
                story.target(&id);
                let link = self.link(id, exported(&mapped.attributes));
                let entry =
                    story.exported(self.run, "EntryExportAdd", "was created in", Action::Create);
                Outcome::new(
                    self.candidate.object,
                    entry,
                    LinkChange::Put(Box::new(link)),
                )
            }
        }
    }

    /// Updates or disables. `matched` is the target object just found; else the link says which.
    fn change(
        self,
        mut story: Story,
        mapped: &Mapped<'_>,
        matched: Option<matching::Found>,
    ) -> Outcome {
        let kind = self.candidate.object.kind;
        let active = self.candidate.state == SourceState::Active;
        let (id, current) = match (matched, &self.candidate.link) {
            (Some((id, resource)), _) => {
                self.show(&mut story, &resource);
                (id, Some(resource))
            }
            (None, Some(link)) if self.run.job.settings.read_before_write => {
                let id = link.target_id.clone();
                match self.read(&mut story, &id) {
                    Ok(resource) => (id, Some(resource)),
                    Err(error) => {
                        return self.fail(story, "EntryImport", "read", Action::Update, error);
                    }
                }
            }
            (None, Some(link)) => (link.target_id.clone(), None),
            (None, None) => {
                return self.skip_for(story, SkipReason::NotEffectivelyEntitled, LinkChange::Keep);
            }
        };
        let known = self.candidate.link.as_ref().map(|l| l.exported.clone());
        let mut differences = match &current {
            Some(resource) => compare(&mapped.attributes, resource),
            None => compare_exported(&mapped.attributes, known.as_ref().unwrap_or(&Map::new())),
        };
        let soft_delete = self.mapping.soft_delete().map(|m| &m.target);
        if !active && self.candidate.state != SourceState::AccountDisabled {
            // What left the scope is disabled and otherwise left as it is.
            differences.retain(|d| Some(&d.target) == soft_delete);
        }
        let nulls = self.run.job.settings.send_null_replace;
        if active {
            let clears = |reason: &UnsentReason| match reason {
                UnsentReason::Null => nulls,
                UnsentReason::SwitchNull => true,
                _ => false,
            };
            differences.extend(cleared(mapped, clears, |target| match &current {
                Some(resource) => read(resource, target),
                None => Some(Value::from_json(
                    known.as_ref()?.get(target.as_str())?.clone(),
                )),
            }));
        }
        let disables = !active && differences.iter().any(|d| Some(&d.target) == soft_delete);
        if disables {
            for difference in &mut differences {
                if Some(&difference.target) == soft_delete {
                    // The target may not show the attribute: disabling is a Replace all the same.
                    difference.old.get_or_insert_with(|| Value::from("True"));
                }
            }
        }

        let mut link = self.link_after(id, current.as_ref(), known, mapped, active);
        for gone in differences.iter().filter(|d| d.new.is_null()) {
            link.exported.remove(gone.target.as_str());
        }
        let link = if self.candidate.link.as_ref() == Some(&link) {
            LinkChange::Keep
        } else {
            LinkChange::Put(Box::new(link))
        };
        if differences.is_empty() {
            return self.skip_for(story, SkipReason::RedundantExport, link);
        }
        if active && !self.policy.actions.update {
            return self.skip_for(story, SkipReason::ActionOff, link);
        }
        self.send_differences(story, kind, mapped, &differences, disables, link)
    }

    fn send_differences(
        self,
        mut story: Story,
        kind: ObjectKind,
        mapped: &Mapped<'_>,
        differences: &[Difference],
        disables: bool,
        link: LinkChange,
    ) -> Outcome {
        let (step, verb, action) = if disables {
            ("EntryExportUpdateSoftDelete", "disable", Action::Disable)
        } else {
            ("EntryExportUpdate", "update", Action::Update)
        };
        let because = if disables {
            self.why_not_entitled()
        } else {
            "is active and assigned in Microsoft Entra ID"
        };
        let because = format!("{} {because}", kind.name());
        story.will("EntrySynchronizationUpdate", &format!("{verb}d"), &because);
        story.unsent(unsent(mapped));
        if let Some(error) = too_many_values(&mapped.attributes) {
            return self.fail(story, step, verb, action, error);
        }
        story.differences(differences);
        let id = match (&link, &self.candidate.link) {
            (LinkChange::Put(link), _) => link.target_id.clone(),
            (_, Some(link)) => link.target_id.clone(),
            (_, None) => String::new(),
        };
        let sent = self
            .run
            .send(
                &mut story,
                &self.run.dialect().update(kind, &id, differences),
            )
            .and_then(|answer| answer::accepted(&answer));
        if let Err(error) = sent {
            // A match found just now holds, though the update failed.
            let is_new = self.candidate.link.is_none();
            let mut outcome = self.fail(story, step, verb, action, error);
            if let LinkChange::Put(mut link) = link
                && is_new
            {
                link.exported = Map::new();
                outcome.link = LinkChange::Put(link);
            }
            return outcome;
        }
        let done = format!("was {verb}d in");
        let entry = story.exported(self.run, step, &done, action);
        Outcome::new(self.candidate.object, entry, link)
    }

    fn read(&self, story: &mut Story, id: &str) -> Result<Map<String, Json>, ErrorInformation> {
        let kind = self.candidate.object.kind;
        let answer = self.run.send(story, &entra::read(kind, id))?;
        let (_, resource) = answer::resource(&answer, Aim::Resource)?;
        matching::no_members(kind, &resource)?;
        story.matched("id", true);
        self.show(story, &resource);
        Ok(resource)
    }

    /// What the target shows of the object, for those who look at one object.
    fn show(&self, story: &mut Story, resource: &Map<String, Json>) {
        if self.run.on_demand.is_some() {
            story.shown_by_target(on_demand::target_attributes(self.mapping, resource));
        }
    }

    fn delete(self, mut story: Story) -> Outcome {
        let Some(link) = &self.candidate.link else {
            return self.skip_for(story, SkipReason::NotEffectivelyEntitled, LinkChange::Keep);
        };
        story.will(
            "EntrySynchronizationDelete",
            "deleted",
            self.why_not_entitled(),
        );
        let request = entra::delete(self.candidate.object.kind, &link.target_id);
        let sent = self
            .run
            .send(&mut story, &request)
            .and_then(|answer| answer::deleted(&answer));
        if let Err(error) = sent {
            return self.fail(story, "EntryExportDelete", "delete", Action::Delete, error);
        }
        let entry = story.exported(
            self.run,
            "EntryExportDelete",
            "was deleted from",
            Action::Delete,
        );
        Outcome::new(self.candidate.object, entry, LinkChange::Remove)
    }

    fn link(&self, target_id: String, exported: Map<String, Json>) -> Link {
        Link {
            source: self.candidate.object,
            source_id: self.candidate.id,
            target_id,
            state: LinkState::Active,
            out_of_scope: false,
            exported,
            source_values: if self.run.job.settings.switch_null_bug {
                switch_defect::read_from(self.mapping, &self.candidate.source)
            } else {
                Map::new()
            },
        }
    }

    /// The link after the differences were sent. References exported earlier stay recorded; a match
    /// records the manager that the target shows.
    fn link_after(
        &self,
        id: String,
        current: Option<&Map<String, Json>>,
        known: Option<Map<String, Json>>,
        mapped: &Mapped<'_>,
        active: bool,
    ) -> Link {
        let first = known.is_none();
        let mut values = known.unwrap_or_default();
        if active || self.candidate.state == SourceState::AccountDisabled {
            values.extend(exported(&mapped.attributes));
        }
        if let (true, Some(resource)) = (first, current) {
            for reference in self.mapping.references() {
                if reference.reference == Reference::Manager
                    && let Some(id) = read(resource, reference.target).and_then(reference_id)
                {
                    values.insert(reference.target.to_string(), Json::String(id));
                }
            }
        }
        let mut link = self.link(id, values);
        if !active {
            link.state = LinkState::Disabled;
            link.out_of_scope = self.candidate.state == SourceState::OutOfScope;
        }
        link
    }

    /// The link of an object that left the scope and is left as it is in the target: it is no longer managed.
    fn released(&self) -> LinkChange {
        match &self.candidate.link {
            Some(link) if self.candidate.state == SourceState::OutOfScope && !link.out_of_scope => {
                LinkChange::Put(Box::new(Link {
                    out_of_scope: true,
                    ..link.clone()
                }))
            }
            _ => LinkChange::Keep,
        }
    }

    /// The prevention of accidental deletions holds the deletion or disabling back.
    fn stage(self, mut story: Story) -> Outcome {
        let because = format!(
            "{} {}",
            self.candidate.object.kind.name(),
            self.why_not_entitled()
        );
        story.will(
            "EntrySynchronizationDelete",
            "deleted or disabled",
            &because,
        );
        let error = held_back(self.run.guard.threshold().unwrap_or_default());
        let entry = story.finish(self.run, Action::StagedDelete, Status::Skipped, Some(error));
        Outcome::new(self.candidate.object, entry, LinkChange::Keep)
    }

    fn why_not_entitled(&self) -> &'static str {
        match self.candidate.state {
            SourceState::Active => "is active and assigned",
            SourceState::OutOfScope if !self.candidate.scoping.assigned => {
                "is not assigned to the application"
            }
            SourceState::OutOfScope => "does not pass the scoping filters",
            SourceState::AccountDisabled => "is disabled in Microsoft Entra ID",
            SourceState::InRecycleBin => "is in the recycle bin of Microsoft Entra ID",
            SourceState::Purged => "no longer exists in Microsoft Entra ID",
        }
    }

    fn skip_for(self, story: Story, reason: SkipReason, link: LinkChange) -> Outcome {
        let (code, text) = match reason {
            SkipReason::RedundantExport => ("RedundantExport", story.redundant()),
            SkipReason::NotEffectivelyEntitled => (
                "NotEffectivelyEntitled",
                story.not_entitled(&format!("it {}", self.why_not_entitled())),
            ),
            SkipReason::ActionOff => (
                "EntrySynchronizationSkipped",
                "The target object action that this change needs is switched off in the attribute mappings."
                    .to_owned(),
            ),
        };
        self.skip(story, code, text, link)
    }

    fn skip(self, story: Story, code: &str, reason: String, link: LinkChange) -> Outcome {
        let entry = story.skipped(self.run, code, reason);
        Outcome::new(self.candidate.object, entry, link)
    }

    fn fail(
        self,
        story: Story,
        step: &str,
        verb: &str,
        action: Action,
        error: ErrorInformation,
    ) -> Outcome {
        let entry = story.failed(self.run, step, verb, action, error);
        debug_assert_eq!(entry.status, Status::Failure);
        Outcome::new(self.candidate.object, entry, LinkChange::Keep)
    }
}

fn admitted(outcome: Outcome) -> Outcome {
    Outcome {
        admitted: true,
        ..outcome
    }
}

fn exported(attributes: &[MappedAttribute<'_>]) -> Map<String, Json> {
    attributes
        .iter()
        .map(|a| (a.target.to_string(), a.value.to_json()))
        .collect()
}

/// The id in a reference of the target: a string, or the `value` of an object.
fn reference_id(value: Value) -> Option<String> {
    match value {
        Value::Object(members) => members
            .get("value")
            .and_then(Json::as_str)
            .map(str::to_owned),
        other => other.as_text().map(str::to_owned),
    }
    .filter(|id| !id.is_empty())
}

/// Expressions that could not be computed.
fn unsent(mapped: &Mapped<'_>) -> Map<String, Json> {
    mapped
        .unsent
        .iter()
        .filter(|u| matches!(u.reason, UnsentReason::Failed(_)))
        .map(|u| (u.target.to_string(), Json::String(u.reason.to_string())))
        .collect()
}

/// Several values cannot go into one element.
fn too_many_values(attributes: &[MappedAttribute<'_>]) -> Option<ErrorInformation> {
    let culprit = attributes.iter().find(|a| {
        a.value.elements().len() > 1
            && (a.target.sub_attribute().is_some() || a.target.filter().is_some())
    })?;
    Some(ErrorInformation {
        error_code: "SchemaPropertyCanOnlyAcceptValue".to_owned(),
        reason: format!(
            "'{}' accepts one value, but the mapping gives {}.",
            culprit.target,
            culprit.value.elements().len()
        ),
        recommended_action: Some(
            "Map a single-valued source attribute, or choose one value with an expression."
                .to_owned(),
        ),
    })
}
