//! *Explain*: which rule, which value, which answer, in the order in which they decided.

use serde_json::Value;

use crate::mapping::entra::ObjectMapping;
use crate::model::{Action, Direction, Job, LogEntry, ObjectKind, Scope, Status, StepKind};
use crate::sync::summary::codes;

/// The sentences.
pub(super) fn sentences(entry: &LogEntry, job: &Job) -> Vec<String> {
    let mapping: &ObjectMapping = match entry.kind {
        ObjectKind::User => &job.rules.users,
        ObjectKind::Group => &job.rules.groups,
    };
    let inbound = job.direction == Direction::Inbound;
    let mut said = vec![rule(entry, mapping, inbound)];
    if inbound {
        said.extend(matching(entry, "directory"));
        said.extend(uploaded_scope(entry));
    } else {
        said.extend(scope(entry, job));
        said.extend(matching(entry, "application"));
    }
    said.extend(values(entry));
    said.extend(answer(entry));
    said.push(end(entry));
    said
}

fn rule(entry: &LogEntry, mapping: &ObjectMapping, inbound: bool) -> String {
    let asked = match &entry.initiated_by {
        Some(by) => format!("{by} asked for it with Provision on demand"),
        None if inbound => "A client uploaded it".to_owned(),
        None => "A cycle came to it".to_owned(),
    };
    format!("{asked}; the rule is \u{201c}{}\u{201d}.", mapping.name)
}

fn detail<'a>(entry: &'a LogEntry, kind: StepKind, name: &str) -> Option<&'a str> {
    let of_kind = entry.steps.iter().filter(|step| step.kind == kind);
    of_kind
        .filter_map(|step| step.details.get(name))
        .find_map(Value::as_str)
}

fn scope(entry: &LogEntry, job: &Job) -> Option<String> {
    let flag = |name| detail(entry, StepKind::Scoping, name).map(|word| word == "True");
    let (active, assigned) = (flag("IsActive")?, flag("Assigned")?);
    if !active {
        return Some("It is disabled or deleted in Microsoft Entra ID.".into());
    }
    if !assigned {
        return Some(
            "It is not assigned to the application, directly or by a group of which it is a direct member."
                .into(),
        );
    }
    if flag("IsInProvisioningScopeDisplayName") == Some(false) {
        return Some(no_filter(entry));
    }
    let everyone = detail(entry, StepKind::Scoping, "ScopeSyncAll")
        .map_or(job.scope == Scope::All, |word| word == "True");
    let why = if everyone {
        "all users and groups are"
    } else {
        "it is assigned"
    };
    let filters = if clauses(entry).is_empty() {
        ""
    } else {
        ", and the scoping filters let it pass"
    };
    Some(format!("It is in scope, because {why}{filters}."))
}

/// Whether a scoping filter lets what was uploaded pass.
fn uploaded_scope(entry: &LogEntry) -> Option<String> {
    let passes = detail(entry, StepKind::Scoping, "IsInProvisioningScopeDisplayName")? == "True";
    Some(if passes {
        "It is in scope: there is no scoping filter, or one lets it pass.".into()
    } else {
        no_filter(entry)
    })
}

/// The clauses that do not let it pass.
fn no_filter(entry: &LogEntry) -> String {
    let clauses = clauses(entry);
    let failed: Vec<&str> = clauses
        .iter()
        .filter(|(_, verdict)| *verdict == "False")
        .map(|(clause, _)| clause.as_str())
        .collect();
    format!("No scoping filter lets it pass: {}.", failed.join("; "))
}

fn clauses(entry: &LogEntry) -> serde_json::Map<String, Value> {
    let filters = detail(entry, StepKind::Scoping, "ScopeEvaluationResult").unwrap_or("{}");
    serde_json::from_str(filters).unwrap_or_default()
}

/// `place` is where was looked: the application, or the directory.
fn matching(entry: &LogEntry, place: &str) -> Option<String> {
    let by = detail(entry, StepKind::Matching, "MatchingAttributes")?;
    let step = entry
        .steps
        .iter()
        .find(|step| step.kind == StepKind::Matching)?;
    Some(if by == "id" {
        "It was linked before, and read by its id in the application.".into()
    } else if step.description.starts_with("Retrieved") {
        format!("It was found in the {place} by {by}.")
    } else {
        format!("Nothing in the {place} matches by {by}.")
    })
}

fn values(entry: &LogEntry) -> Option<String> {
    match entry.modified_properties.len() {
        0 => None,
        1 => Some(
            "One attribute differs; its mapping stands beside it under Modified Properties.".into(),
        ),
        many => Some(format!(
            "{many} attributes differ; their mappings stand beside them under Modified Properties."
        )),
    }
}

fn answer(entry: &LogEntry) -> Option<String> {
    let last = entry
        .exchanges
        .iter()
        .rev()
        .find(|exchange| exchange.method != "GET")
        .or(entry.exchanges.last())?;
    Some(match last.status {
        Some(status) => format!("The application answered {} with {status}.", last.method),
        None => format!(
            "{} got no answer: {}.",
            last.method,
            last.response.trim_end_matches('.')
        ),
    })
}

fn end(entry: &LogEntry) -> String {
    match (entry.status, &entry.error) {
        (Status::Success, _) => {
            let done = match entry.action {
                Action::Create => "So it was created, and the link is kept.",
                Action::Update => "So it was updated.",
                Action::Disable => "So it was disabled.",
                Action::Delete => "So it was deleted, and the link is gone.",
                Action::StagedDelete => "It waits until somebody allows the deletion.",
                Action::Other => "Nothing else was to be done.",
            };
            done.to_owned()
        }
        (_, Some(error)) => {
            let meaning = codes::find(&error.error_code).map_or("", |code| code.meaning);
            format!("{}: {meaning}", error.error_code)
                .trim_end_matches([' ', ':'])
                .to_owned()
        }
        (status, None) => format!("It ended with {}.", status.label()),
    }
}
