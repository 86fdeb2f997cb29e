//! One entry of the provisioning log as a page: what happened, step by step, down to the wire.

use serde_json::Value;
use std::time::Duration;

use super::super::super::auth::Who;
use super::super::super::console::Room;
use super::super::super::console::entra::logs::{LogPage, Modified, Step, Trouble, result_pill};
use super::super::super::console::parts::{Fact, Moment, span};
use super::super::super::failure::sentence;
use super::super::exact;
use super::application_address;
use super::exchanges;
use super::logs::{name, word};
use super::provisioning::source;
use crate::clock::Timestamp;
use crate::mapping::entra::{AttributeMapping, ObjectMapping};
use crate::model::{self, Action, Application, Job, LogEntry, ObjectKind, Status, StepKind};

/// The page.
pub(super) fn page(
    who: &Who,
    application: &Application,
    job: &Job,
    entry: &LogEntry,
    now: Timestamp,
) -> LogPage {
    let base = application_address(application);
    LogPage {
        page: who
            .page(Room::Applications, name(entry))
            .under("Enterprise applications", "/entra/applications")
            .under(&application.display_name, &base)
            .under("Provisioning logs", format!("{base}/provisioning-logs")),
        status: result_pill(word(entry.status)),
        verdict: verdict(entry, now),
        steps: entry.steps.iter().map(step).collect(),
        trouble: trouble(entry),
        modified: modified(entry, job),
        summary: summary(entry),
        exchanges: exchanges::shown(
            &entry.exchanges,
            job.tenant_url.as_deref().unwrap_or_default(),
        ),
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

fn step(step: &model::Step) -> Step {
    let name = match step.kind {
        StepKind::Import => "Import",
        StepKind::Scoping => "Scope",
        StepKind::Matching => "Match",
        StepKind::Processing => "Map",
        StepKind::ReferenceResolution => "Resolve references",
        StepKind::Export => "Provision",
    };
    let mut details = vec![Fact::code("Step", &step.name)];
    details.extend(
        step.details
            .iter()
            .map(|(name, value)| Fact::text(name, shown(value))),
    );
    Step {
        name: name.to_owned(),
        status: result_pill(word(step.status)),
        description: step.description.clone(),
        details,
    }
}

fn shown(value: &Value) -> String {
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

fn trouble(entry: &LogEntry) -> Option<Trouble> {
    if entry.status == Status::Skipped {
        return None;
    }
    let error = entry.error.as_ref()?;
    Some(Trouble {
        code: error.error_code.clone(),
        reason: error.reason.clone(),
        recommendation: error.recommended_action.clone().unwrap_or_else(|| {
            "Mend the cause; the agent tries again with the next cycle.".to_owned()
        }),
    })
}

fn modified(entry: &LogEntry, job: &Job) -> Vec<Modified> {
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

fn summary(entry: &LogEntry) -> Vec<Fact> {
    vec![
        Fact::text("Action", entry.action.label()),
        Fact::text("Type", entry.kind.name()),
        Fact::code("Source id", &entry.source.id),
        Fact::code("Target id", &entry.target.id),
        Fact::text("Date", exact(entry.activity_date_time)),
        Fact::text(
            "Duration",
            span(Duration::from_millis(entry.duration_in_milliseconds)),
        ),
        Fact::code("Cycle", entry.cycle_id.to_string()),
    ]
}
