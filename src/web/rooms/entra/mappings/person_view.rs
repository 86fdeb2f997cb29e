//! A preview of the agent as pages show it: values with their reasons, the verdict, the requests.

use super::super::super::super::console::entra::mappings::Marked;
use super::super::super::super::console::entra::mappings::object::{
    ComputedValue, PersonPreview, RequestView,
};
use super::super::super::super::console::exchange::Code;
use super::super::super::super::console::parts::{Fact, Link, Notice, Pill, Tone, counted};
use super::super::super::super::failure::sentence;
use super::Loaded;
use crate::mapping::Value;
use crate::mapping::entra::{AttributeMapping, MappingSource, UnsentReason};
use crate::model::{ObjectKind, Scope};
use crate::sync::client::Request;
use crate::sync::preview::{
    Computed, FilterPreview, FilterSet, NextStep, ObjectPreview, ReferencePreview, RowPreview,
    UpdateBasis,
};
use crate::sync::reconcile::{Decision, SkipReason, SourceState};

/// The values of a value, one text each.
pub(super) fn texts(value: &Value) -> Vec<String> {
    value.elements().iter().map(ToString::to_string).collect()
}

/// What a row gives: once where creating and updating agree.
pub(super) fn values(source: &MappingSource, row: &RowPreview) -> Vec<ComputedValue> {
    if row.create == row.update {
        return vec![computed("", source, &row.create)];
    }
    vec![
        computed("Create", source, &row.create),
        computed("Update", source, &row.update),
    ]
}

fn computed(when: &'static str, source: &MappingSource, computed: &Computed) -> ComputedValue {
    let shown = |values: Vec<String>, note: String, failed| ComputedValue {
        when,
        values,
        note,
        failed,
    };
    match computed {
        Computed::Value { value, redacted } => {
            let note = if *redacted { "Logs show [Redact]." } else { "" };
            shown(texts(value), note.to_owned(), false)
        }
        Computed::Nothing(reason) => {
            let failed = matches!(
                reason,
                UnsentReason::Failed(_) | UnsentReason::SeveralValues(_)
            );
            shown(Vec::new(), why_nothing(source, reason), failed)
        }
        Computed::Reference(reference) => {
            let (values, note) = reference_words(reference);
            shown(values, note, false)
        }
    }
}

fn why_nothing(source: &MappingSource, reason: &UnsentReason) -> String {
    match (source, reason) {
        (MappingSource::Direct(name), UnsentReason::Null) => {
            format!("Null: {name} has no value, so nothing is sent.")
        }
        (_, UnsentReason::Null) => {
            "Null: the mapping gives no value, so nothing is sent.".to_owned()
        }
        (_, UnsentReason::Dropped) => {
            "Dropped: the expression takes the attribute out of the flow.".to_owned()
        }
        _ => sentence(&reason.to_string()),
    }
}

fn reference_words(reference: &ReferencePreview) -> (Vec<String>, String) {
    match reference {
        ReferencePreview::None => (Vec::new(), "No reference.".to_owned()),
        ReferencePreview::Manager {
            name,
            target_id,
            sent,
        } => {
            let how = if *sent {
                "sent already"
            } else {
                "sent after all users"
            };
            (vec![target_id.clone()], format!("{name}, {how}."))
        }
        ReferencePreview::UnresolvableManager { name } => (
            Vec::new(),
            format!(
                "{name} is not provisioned, so nothing is sent (UnableToResolveReferenceAttributeValue)."
            ),
        ),
        ReferencePreview::Members(members) => {
            let mut note = counted(members.total, "member", "members");
            for (count, what) in [
                (members.to_add.len(), "to be sent"),
                (members.sent, "sent already"),
                (members.unresolvable, "not provisioned"),
            ] {
                if count > 0 {
                    note = format!("{note}, {count} {what}");
                }
            }
            if (members.looked_at as u64) < members.total {
                note = format!("{note} (of the first {})", members.looked_at);
            }
            (Vec::new(), format!("{note}."))
        }
    }
}

/// The source of a row, with the place where it failed.
pub(super) fn source(mapping: &AttributeMapping, row: Option<&RowPreview>) -> Marked {
    let text = super::super::provisioning::source(&mapping.source);
    let failed = row.into_iter().flat_map(|row| [&row.create, &row.update]);
    let mut errors = failed.filter_map(|computed| match computed {
        Computed::Nothing(UnsentReason::Failed(error)) => Some(error),
        _ => None,
    });
    match errors.next() {
        Some(error) => Marked::at(&text, error.position.offset, error.function.len()),
        None => Marked::plain(text),
    }
}

/// Everything but the rows.
pub(super) fn person(loaded: &Loaded, preview: &ObjectPreview) -> PersonPreview {
    let kind = preview.object.kind;
    let (room, detail) = match kind {
        ObjectKind::User => ("users", preview.name.clone()),
        ObjectKind::Group => ("groups", preview.id.to_string()),
    };
    PersonPreview {
        name: Link::new(
            &preview.display_name,
            format!("/entra/{room}/{}", preview.id),
        ),
        detail,
        status: status(preview),
        verdict: verdict(loaded, preview),
        why: why(loaded, preview),
        searches: searches(preview),
        requests: requests(preview),
    }
}

fn status(preview: &ObjectPreview) -> Pill {
    match preview.state {
        SourceState::Active => Pill::new(Tone::Good, "In scope"),
        SourceState::OutOfScope => Pill::new(Tone::Quiet, "Not in scope"),
        SourceState::AccountDisabled => Pill::new(Tone::Warn, "Disabled"),
        SourceState::InRecycleBin | SourceState::Purged => Pill::new(Tone::Bad, "Deleted"),
    }
}

/// Why somebody is not to be in the target.
fn reason(preview: &ObjectPreview) -> &'static str {
    match preview.state {
        SourceState::Active => "it is in scope",
        SourceState::OutOfScope if !preview.scoping.assigned => {
            "it is not assigned to the application"
        }
        SourceState::OutOfScope => "it does not pass the scoping filters",
        SourceState::AccountDisabled => "the account is disabled in Microsoft Entra ID",
        SourceState::InRecycleBin | SourceState::Purged => {
            "it is in the recycle bin of Microsoft Entra ID"
        }
    }
}

fn verdict(loaded: &Loaded, preview: &ObjectPreview) -> Notice {
    const AS_IF: &str = "The values below are those that would be sent if it were in scope.";
    let matching: Vec<&str> = loaded
        .mapping(preview.object.kind)
        .matching()
        .iter()
        .map(|mapping| mapping.target.as_str())
        .collect();
    let matching = matching.join(", ");
    let why = reason(preview);
    let (tone, what, mend) = match preview.next {
        NextStep::SwitchedOff => (
            Tone::Warn,
            "Nothing is done: this object mapping is switched off.".to_owned(),
            "Tick Enabled and save.",
        ),
        NextStep::LeftAlone => (
            Tone::Info,
            "Nothing is done: an input or category filter keeps it away.".to_owned(),
            AS_IF,
        ),
        NextStep::NoMatchingValue => (
            Tone::Warn,
            format!("It is skipped (ImportSkipped): {matching} has no value to match with."),
            "Give the source attribute a value, or match with another attribute.",
        ),
        NextStep::Redundant => (
            Tone::Good,
            "Nothing is sent: no value differs from what was exported last.".to_owned(),
            "",
        ),
        NextStep::Match(Decision::Create) => (
            Tone::Info,
            format!(
                "It is looked for in the target by {matching}, and created if nothing is found."
            ),
            "If one is found, the two are linked and the differences are sent.",
        ),
        NextStep::Match(Decision::Skip(SkipReason::ActionOff)) => (
            Tone::Warn,
            format!(
                "It is looked for in the target by {matching}, and skipped if nothing is found."
            ),
            "Create is switched off under Target Object Actions.",
        ),
        NextStep::Match(_) => (Tone::Info, format!("Nothing is sent: {why}."), AS_IF),
        NextStep::Linked(decision) => linked(decision, why),
    };
    Notice::new(tone, what, mend)
}

fn linked(decision: Decision, why: &str) -> (Tone, String, &'static str) {
    match decision {
        Decision::Create | Decision::Update => (
            Tone::Info,
            "It is updated in the target with what differs.".to_owned(),
            "",
        ),
        Decision::Disable => (
            Tone::Warn,
            format!("It is disabled in the target: {why}."),
            "",
        ),
        Decision::Delete => (
            Tone::Bad,
            format!("It is deleted from the target: {why}."),
            "",
        ),
        Decision::Skip(SkipReason::ActionOff) => (
            Tone::Warn,
            "Nothing is sent: the action that this change needs is switched off.".to_owned(),
            "See Target Object Actions.",
        ),
        Decision::Skip(_) => (Tone::Info, format!("Nothing is sent: {why}."), ""),
    }
}

fn why(loaded: &Loaded, preview: &ObjectPreview) -> Vec<Fact> {
    let yes = |flag: bool| if flag { "Yes" } else { "No" };
    let scoping = &preview.scoping;
    let assigned = match loaded.job.scope {
        Scope::All => "Not asked: Scope is Sync all users and groups",
        Scope::AssignedOnly => yes(scoping.assigned),
    };
    let mut facts = vec![
        Fact::text("Active in Microsoft Entra ID", yes(scoping.active)),
        Fact::text("Assigned to the application", assigned),
    ];
    facts.extend(filters(&scoping.filters));
    if let Some(link) = &preview.link {
        facts.push(Fact::code("Linked with", &link.target_id));
    }
    facts
}

/// What each filter says.
pub(super) fn filters(all: &[FilterPreview]) -> Vec<Fact> {
    let mut facts = Vec::new();
    if all.is_empty() {
        facts.push(Fact::text(
            "Scoping filters",
            "None: nobody is filtered out",
        ));
    }
    for filter in all {
        let clauses: Vec<&str> = filter.clauses.iter().map(|c| c.text.as_str()).collect();
        let verdict = if filter.passes {
            "Passes"
        } else {
            "Does not pass"
        };
        facts.push(Fact::text(
            match filter.set {
                FilterSet::Scope => format!("Scoping filter {}", filter.title),
                FilterSet::Input => format!("Input filter {}", filter.title),
                FilterSet::Category => format!("Category filter {}", filter.title),
            },
            format!("{verdict}. {}", clauses.join("; ")),
        ));
    }
    facts
}

/// Nothing for what is linked: it is addressed by its id.
fn searches(preview: &ObjectPreview) -> Vec<RequestView> {
    const NOTE: &str = "Before anything is created. The first search that finds something decides.";
    let searches = preview.requests.find.iter();
    searches
        .filter(|_| preview.link.is_none())
        .map(|find| view("Match", NOTE, find))
        .collect()
}

fn requests(preview: &ObjectPreview) -> Vec<RequestView> {
    let requests = &preview.requests;
    let linked = preview.link.is_some();
    let mut views = Vec::new();
    let create = view(
        "Create",
        "When nothing is found in the target.",
        &requests.create,
    );
    let update = view(
        "Update",
        match requests.basis {
            UpdateBasis::LastExport => {
                "What differs from the last export. The target is read first, so a change somebody made there is put right too."
            }
            UpdateBasis::NothingDiffers => {
                "Nothing differs from the last export, so nothing is sent. This is every value, as if the target had others."
            }
            UpdateBasis::Unknown => {
                "When one is found: only what differs is sent. This is every value, as if the target had others."
            }
        },
        &requests.update,
    );
    if linked {
        views.push(update);
    } else {
        views.push(create.clone());
        views.push(update);
    }
    for reference in &requests.references {
        let note = "In a second pass, when both ends exist in the target.";
        views.push(view("References", note, reference));
    }
    if linked {
        let note =
            "Only if it is gone from the target and provisioning is restarted without links.";
        views.push(RequestView {
            note: note.to_owned(),
            ..create
        });
    }
    views
}

fn view(title: &str, note: &str, request: &Request) -> RequestView {
    RequestView {
        title: title.to_owned(),
        note: note.to_owned(),
        method: request.method.name(),
        path: format!("/{}", request.path),
        body: Code::json(
            &request
                .body
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
    }
}
