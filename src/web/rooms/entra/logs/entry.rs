//! One entry of the provisioning log as a page: what happened, step by step, down to the wire.

use std::time::Duration;

use serde_json::Value;

use super::explain;
use crate::clock::Timestamp;
use crate::mapping::entra::{AttributeMapping, ObjectMapping};
use crate::model::{
    self, Action, Application, Direction, Job, LogEntry, ObjectKind, Status, StepKind,
};
use crate::sync::summary::{self, Surroundings, codes, step_details};
use crate::web::auth::Who;
use crate::web::console::Room;
use crate::web::console::entra::logs::{LogPage, Modified, Step, Trouble, result_pill};
use crate::web::console::list::ListUrl;
use crate::web::console::parts::{Fact, Link, Moment, span};
use crate::web::failure::sentence;
use crate::web::rooms::entra::application_address;
use crate::web::rooms::entra::exchanges::shown as wire;
use crate::web::rooms::entra::provisioning::source;
use crate::web::rooms::exact;

/// Where an entry belongs.
pub(super) struct Place<'a> {
    pub(super) application: &'a Application,
    pub(super) job: &'a Job,
    pub(super) surroundings: &'a Surroundings,
    /// Whether the object is still there.
    pub(super) present: bool,
}

/// The page.
pub(super) fn page(who: &Who, place: &Place<'_>, entry: &LogEntry, now: Timestamp) -> LogPage {
    let base = application_address(place.application);
    let kind = match entry.kind {
        ObjectKind::User => "person",
        ObjectKind::Group => "group",
    };
    let inbound = place.job.direction == Direction::Inbound;
    // There is no provisioning on demand for what clients upload.
    let again = if place.present && !inbound {
        format!("{base}/provisioning/on-demand?object={}", entry.source.id)
    } else {
        String::new()
    };
    LogPage {
        page: who
            .page(Room::Applications, name(entry))
            .under("Enterprise applications", "/entra/applications")
            .under(&place.application.display_name, &base)
            .under("Provisioning logs", format!("{base}/provisioning-logs")),
        status: result_pill(entry.status.name()),
        verdict: verdict(entry, now),
        steps: entry
            .steps
            .iter()
            .map(|step| self::step(step, place.job.direction))
            .collect(),
        trouble: trouble(entry, place.job.direction),
        explained: explain::sentences(entry, place.job),
        again: Link::new(format!("Provision this {kind} again"), again),
        modified: modified(entry, place.job),
        summary: facts(place, entry),
        exchanges: wire(
            &entry.exchanges,
            place.job.tenant_url.as_deref().unwrap_or_default(),
        ),
    }
}

fn name(entry: &LogEntry) -> &str {
    if entry.source.display_name.is_empty() {
        &entry.source.id
    } else {
        &entry.source.display_name
    }
}

fn verdict(entry: &LogEntry, now: Timestamp) -> String {
    let at = Moment::new(entry.activity_date_time, now).text;
    let done = match entry.action {
        Action::Create => "Created",
        Action::Update => "Updated",
        Action::Disable => "Disabled",
        Action::Delete => "Deleted",
        Action::StagedDelete => "Held back",
        Action::Other => "Looked at",
    };
    let said = match entry.status {
        Status::Success => format!("{done} {at}"),
        Status::Warning => format!("{done}, with a part left over, {at}"),
        Status::Skipped => format!("Skipped {at}"),
        Status::Failure => format!("{} failed {at}", entry.action.label()),
    };
    match &entry.error {
        Some(error) => format!("{said}: {}", sentence(&error.reason)),
        None => format!("{said}."),
    }
}

/// What the portal calls a kind of step.
const fn title(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Import => "Import",
        StepKind::Scoping => "Determine scope",
        StepKind::Matching => "Match",
        StepKind::Processing => "Evaluate",
        StepKind::ReferenceResolution => "Resolve references",
        StepKind::Export => "Provision",
    }
}

/// The same for what was uploaded, in the words of the quickstart of API-driven provisioning.
const fn uploaded_title(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Import => "Import from API",
        StepKind::Scoping => "Determine if User is in scope",
        StepKind::Matching => "Match user",
        StepKind::ReferenceResolution => "Resolve manager",
        StepKind::Processing | StepKind::Export => "Provision User",
    }
}

fn step(step: &model::Step, direction: Direction) -> Step {
    let mut details = vec![Fact::code("Step", &step.name)];
    details.extend(
        step_details(step)
            .iter()
            .map(|(name, value)| Fact::text(name, shown(value))),
    );
    Step {
        name: match direction {
            Direction::Outbound => title(step.kind),
            Direction::Inbound => uploaded_title(step.kind),
        }
        .to_owned(),
        status: result_pill(step.status.name()),
        description: step.description.clone(),
        details,
    }
}

/// A detail as text.
pub(in crate::web::rooms::entra) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join("; "),
        Value::Object(parts) => {
            let part = |(name, value): (&String, &Value)| format!("{name}: {}", shown(value));
            parts.iter().map(part).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn trouble(entry: &LogEntry, direction: Direction) -> Option<Trouble> {
    let error = entry.error.as_ref()?;
    let known = codes::find(&error.error_code);
    let advice = error
        .recommended_action
        .as_deref()
        .or(known.map(|code| code.advice))
        .unwrap_or(match direction {
            Direction::Outbound => "Mend the cause; the agent tries again with the next cycle.",
            Direction::Inbound => "Mend the cause, and upload the user again.",
        });
    Some(Trouble {
        code: error.error_code.clone(),
        meaning: known.map_or("", |code| code.meaning),
        reason: error.reason.clone(),
        recommendation: advice.to_owned(),
        failed: entry.status == Status::Failure,
    })
}

/// Attributes before and after, with the mapping behind each.
pub(in crate::web::rooms::entra) fn modified(entry: &LogEntry, job: &Job) -> Vec<Modified> {
    let mapping: &ObjectMapping = match entry.kind {
        ObjectKind::User => &job.rules.users,
        ObjectKind::Group => &job.rules.groups,
    };
    let source_of = |target: &str| {
        let of = |mapping: &&AttributeMapping| mapping.target.to_string() == target;
        mapping
            .attributes
            .iter()
            .find(of)
            .map(|m| source(&m.source))
    };
    entry
        .modified_properties
        .iter()
        .map(|property| Modified {
            name: property.display_name.clone(),
            old: property.old_value.clone().unwrap_or_default(),
            new: property.new_value.clone().unwrap_or_default(),
            source: source_of(&property.display_name).unwrap_or_default(),
        })
        .collect()
}

fn facts(place: &Place<'_>, entry: &LogEntry) -> Vec<Fact> {
    let of = place.surroundings;
    let base = application_address(place.application);
    let list = ListUrl::new(format!("{base}/provisioning-logs"));
    let cycle = entry.cycle_id.to_string();
    let inbound = place.job.direction == Direction::Inbound;
    // The object of the directory is where an upload goes.
    let id = if inbound {
        &entry.target.id
    } else {
        &entry.source.id
    };
    let object = match (entry.kind, place.present) {
        (_, false) => String::new(),
        (ObjectKind::User, true) => format!("/entra/users/{id}"),
        (ObjectKind::Group, true) => format!("/entra/groups/{id}"),
    };
    let target = match entry.target.id.as_str() {
        "" => "",
        _ => &entry.target.display_name,
    };
    let (of_source, of_target) = if inbound {
        (String::new(), object)
    } else {
        (object, String::new())
    };
    vec![
        Fact::text("Action", entry.action.label()),
        Fact::text("Date", exact(entry.activity_date_time)),
        Fact::text(
            "Duration",
            span(Duration::from_millis(entry.duration_in_milliseconds)),
        ),
        Fact::text(
            "Initiated by",
            entry.initiated_by.as_deref().unwrap_or(summary::SERVICE),
        ),
        Fact::text("Source System", of.source_name()),
        Fact::link("Source Identity", name(entry), of_source),
        Fact::code("Source Id", &entry.source.id),
        Fact::text("Source Identity Type", entry.kind.name()),
        Fact::text("Target System", of.target_name()),
        Fact::link("Target Identity", target, of_target),
        Fact::code("Target Id", &entry.target.id),
        Fact::code("Target Identity Type", of.target_type(entry.kind)),
        Fact::link("Application", of.application(), base),
        Fact::code("Id", of.id(entry.seq).to_string()),
        Fact::code("Change ID", of.change_id(entry.seq).to_string()),
        Fact::link("Cycle ID", &cycle, list.with("cycle", &cycle).to_string()),
        Fact::code("Job ID", of.job_id()),
        Fact::code("Tenant ID", of.tenant_id().to_string()),
    ]
}
