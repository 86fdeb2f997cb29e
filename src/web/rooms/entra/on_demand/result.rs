//! The five steps of *Provision on demand*, made of what the log says.

use serde_json::{Map, Value};

use super::{Posted, here, page_of};
use crate::error::Result;
use crate::model::{self, Application, LogEntry, ObjectKind, Status, StepKind};
use crate::store::Reads;
use crate::store::jobs::JobKey;
use crate::sync::jobs;
use crate::sync::on_demand::{Report, Verdict};
use crate::web::auth::Who;
use crate::web::console::entra::logs::{Step, result_pill};
use crate::web::console::entra::on_demand::ResultPage;
use crate::web::console::parts::{Fact, Link, Pill, Tone};
use crate::web::failure::sentence;
use crate::web::rooms::entra::exchanges;
use crate::web::rooms::entra::logs::{address, modified, shown};

/// The page.
pub(super) fn page(
    tx: &impl Reads,
    who: &Who,
    application: &Application,
    key: JobKey,
    posted: &Posted,
    report: &Report,
) -> Result<ResultPage> {
    let job = jobs::get(tx, key)?;
    let base = job.tenant_url.as_deref().unwrap_or_default();
    let entry = report.entry.as_ref();
    let exchanges = match (&report.connection, entry) {
        (Some((_, exchanges)), _) => exchanges::shown(exchanges, base),
        (None, Some(entry)) => exchanges::shown(&entry.exchanges, base),
        (None, None) => Vec::new(),
    };
    let mut fields = vec![("object", posted.object.clone())];
    fields.extend(posted.members.iter().map(|id| ("member", id.clone())));
    Ok(ResultPage {
        page: page_of(who, application, &report.source.display_name)
            .under("Provision on demand", here(application)),
        status: match report.verdict() {
            Verdict::Success => Pill::new(Tone::Good, "Success"),
            Verdict::Skipped => Pill::new(Tone::Quiet, "Skipped"),
            Verdict::Failure => Pill::new(Tone::Bad, "Failure"),
        },
        verdict: verdict(report),
        dry_run: report.dry_run,
        steps: steps(report),
        modified: entry.map(|entry| modified(entry, &job)).unwrap_or_default(),
        exchanges,
        action: here(application),
        fields,
        another: here(application),
        entry: match entry.filter(|_| !report.dry_run) {
            Some(entry) => Link::new(
                "View in the provisioning logs",
                address(application, entry.seq),
            ),
            None => Link::plain(""),
        },
    })
}

fn verdict(report: &Report) -> String {
    let reason = report.error().map(|error| sentence(&error.reason));
    match (report.verdict(), report.dry_run, reason) {
        (_, _, Some(reason)) => reason,
        (Verdict::Success, true, None) => {
            "This would be sent. Nothing was changed, here or in the application.".into()
        }
        (Verdict::Success, false, None) => {
            let action = report.entry.as_ref().map(|entry| entry.action);
            match action {
                Some(model::Action::Create) => "It was created in the application.".into(),
                Some(model::Action::Disable) => "It was disabled in the application.".into(),
                Some(model::Action::Delete) => "It was deleted from the application.".into(),
                _ => "It was updated in the application.".into(),
            }
        }
        (verdict, _, None) => format!("It ended with {}.", verdict.name()),
    }
}

fn steps(report: &Report) -> Vec<Step> {
    if let Some((error, _)) = &report.connection {
        return vec![Step {
            name: "1. Test connection".into(),
            status: result_pill("failure"),
            description: error.reason.clone(),
            details: vec![Fact::code("Error code", &error.error_code)],
        }];
    }
    report.entry.as_ref().map(of_entry).unwrap_or_default()
}

/// Which of the portal's steps a step of the log belongs to.
fn place(step: &model::Step) -> usize {
    match (step.kind, step.name.as_str()) {
        (StepKind::Import, _) => 2,
        (StepKind::Scoping, _) => 3,
        (StepKind::Matching, "EntryImport") => 4,
        _ => 5,
    }
}

fn of_entry(entry: &LogEntry) -> Vec<Step> {
    let kind = match entry.kind {
        ObjectKind::User => "user",
        ObjectKind::Group => "group",
    };
    let titles = [
        (2, format!("2. Import {kind}")),
        (3, format!("3. Determine if {kind} is in scope")),
        (4, format!("4. Match {kind} between source and target")),
        (5, "5. Perform action".to_owned()),
    ];
    titles
        .into_iter()
        .filter_map(|(number, title)| {
            let of: Vec<&model::Step> = entry.steps.iter().filter(|s| place(s) == number).collect();
            let last = of.last()?;
            let worst = of
                .iter()
                .map(|step| step.status)
                .max_by_key(|status| weight(*status))
                .unwrap_or(last.status);
            let sentences: Vec<&str> = of
                .iter()
                .map(|s| s.description.trim_end_matches('.'))
                .collect();
            Some(Step {
                name: title,
                status: result_pill(worst.name()),
                description: sentences.join(". ") + ".",
                details: of.iter().flat_map(|step| details(step)).collect(),
            })
        })
        .collect()
}

const fn weight(status: Status) -> u8 {
    match status {
        Status::Success => 0,
        Status::Skipped => 1,
        Status::Warning => 2,
        Status::Failure => 3,
    }
}

fn details(step: &model::Step) -> Vec<Fact> {
    if step.kind == StepKind::Scoping {
        return scope(&step.details);
    }
    let named = step.details.iter();
    named
        .map(|(name, value)| Fact::text(name, shown(value)))
        .collect()
}

/// The portal's labels, and a line for each clause of the scoping filters.
fn scope(details: &Map<String, Value>) -> Vec<Fact> {
    let word = |name: &str| {
        details
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let entitled = if word("Assigned") == "True" {
        "True"
    } else {
        "False"
    };
    let mut facts = vec![
        Fact::text("Active in source system", word("IsActive")),
        Fact::text("Assigned to application", word("Assigned")),
        Fact::text("Scope sync all", word("ScopeSyncAll")),
        Fact::text("User has required role", entitled),
    ];
    let filters: Map<String, Value> =
        serde_json::from_str(word("ScopeEvaluationResult")).unwrap_or_default();
    facts.extend(
        filters
            .iter()
            .map(|(clause, verdict)| Fact::text(clause, shown(verdict))),
    );
    facts
}
