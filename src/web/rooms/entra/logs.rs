//! *Provisioning logs*: the list. Newest first, read by position, so that a log of any length costs the same.

use std::ops::ControlFlow;

use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::logs::{LogRow, LogsPage, result_pill};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Link, Moment, thousands};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, show};
use super::applications::frame;
use super::{application_address, application_at, job_of};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Action, LogEntry, Status};
use crate::store::jobs::JobKey;
use crate::store::{Reads, logs as rows};

/// Entries a search looks at before it offers to go on; a log of years must not keep the server busy.
const LOOKED_AT: u64 = 20_000;

/// Where a page of the log begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Position {
    before: String,
}

/// The tab.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    position: web::Query<Position>,
) -> Answered {
    let who = signed.for_page();
    let before = position.before.parse().ok().map(Seq);
    show(&app, move |tx, now| load(tx, &who, &id, &ask, before, now)).await
}

fn load(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    ask: &Ask,
    before: Option<Seq>,
    now: Timestamp,
) -> Result<LogsPage> {
    let (tenant, application) = application_at(tx, id)?;
    let tenant = tenant.seq;
    let (key, _) = job_of(tx, tenant, &application)?;
    let base = application_address(&application);
    let here = format!("{base}/provisioning-logs");
    let url = ask.url(&here);
    let found = find(tx, key, ask, before)?;
    let row = |entry: &LogEntry| LogRow {
        identity: Link::new(name(entry), format!("{here}/{}", entry.seq)),
        detail: entry.kind.name().to_owned(),
        action: entry.action.label().to_owned(),
        status: result_pill(word(entry.status)),
        reason: reason(entry),
        at: Moment::new(entry.activity_date_time, now),
    };
    Ok(LogsPage {
        page: frame(who, &application),
        tabs: tabs(&base, ApplicationTab::ProvisioningLogs),
        rows: found.entries.iter().map(row).collect(),
        list: List {
            caption: "Provisioning logs".into(),
            filter: Some(
                Filter::new(&url, "Search by identity")
                    .select(&url, "action", "Action", &ACTIONS.map(|(_, v, l)| (v, l)))
                    .select(&url, "status", "Status", &STATUSES.map(|(_, v, l)| (v, l))),
            ),
            columns: vec![
                Column::new("Identity"),
                Column::new("Action"),
                Column::new("Status"),
                Column::wide("Reason"),
                Column::wide("Date"),
            ],
            pager: Pager {
                summary: found.summary(before),
                previous: before.map_or_else(String::new, |_| url.to_string()),
                next: found.next.map_or_else(String::new, |seq| {
                    url.with("before", &seq.to_string()).to_string()
                }),
            },
            empty: if ask.narrows() || before.is_some() {
                Empty::no_match(&url)
            } else {
                Empty::new(
                    "No entries yet",
                    "Every person and group that a cycle looks at leaves one here.",
                    Link::new("Start provisioning", format!("{base}/provisioning")),
                )
            },
        },
    })
}

/// Actions with their values in the address and their labels.
const ACTIONS: [(Action, &str, &str); 6] = [
    (Action::Create, "create", "Create"),
    (Action::Update, "update", "Update"),
    (Action::Disable, "disable", "Disable"),
    (Action::Delete, "delete", "Delete"),
    (Action::StagedDelete, "staged-delete", "StagedDelete"),
    (Action::Other, "other", "Other"),
];
/// Results with their values in the address and their labels.
const STATUSES: [(Status, &str, &str); 4] = [
    (Status::Success, "success", "Success"),
    (Status::Failure, "failure", "Failure"),
    (Status::Skipped, "skipped", "Skipped"),
    (Status::Warning, "warning", "Warning"),
];

/// A result as the vendor spells it.
pub(super) const fn word(status: Status) -> &'static str {
    match status {
        Status::Success => "success",
        Status::Failure => "failure",
        Status::Skipped => "skipped",
        Status::Warning => "warning",
    }
}

/// Whom an entry is about.
pub(super) fn name(entry: &LogEntry) -> &str {
    if entry.source.display_name.is_empty() {
        &entry.source.id
    } else {
        &entry.source.display_name
    }
}

fn reason(entry: &LogEntry) -> String {
    match &entry.error {
        Some(error) => format!("{} ({})", error.reason, error.error_code),
        None => String::new(),
    }
}

struct Found {
    entries: Vec<LogEntry>,
    /// Position below which more can be found.
    next: Option<Seq>,
    looked: u64,
}

impl Found {
    fn summary(&self, before: Option<Seq>) -> String {
        let count = self.entries.len() as u64;
        let which = if before.is_some() { "older" } else { "newest" };
        let text = match count {
            1 => format!("1 {which} entry"),
            _ => format!("{} {which} entries", thousands(count)),
        };
        if self.looked >= LOOKED_AT {
            format!("{text} among {} looked at", thousands(self.looked))
        } else {
            text
        }
    }
}

fn find(tx: &impl Reads, key: JobKey, ask: &Ask, before: Option<Seq>) -> Result<Found> {
    let action = ACTIONS.iter().find(|(_, value, _)| *value == ask.action);
    let status = STATUSES.iter().find(|(_, value, _)| *value == ask.status);
    let needle = ask.text().to_lowercase();
    let mut found = Found {
        entries: Vec::new(),
        next: None,
        looked: 0,
    };
    rows::walk_back::<Error>(tx, key, before, |entry| {
        if found.entries.len() as u64 == PAGE || found.looked == LOOKED_AT {
            // There is at least one more: it is where the next page begins.
            found.next = Some(Seq(entry.seq.0.saturating_add(1)));
            return Ok(ControlFlow::Break(()));
        }
        found.looked += 1;
        let matches = action.is_none_or(|(action, ..)| entry.action == *action)
            && status.is_none_or(|(status, ..)| entry.status == *status)
            && (needle.is_empty() || mentions(&entry, &needle));
        if matches {
            found.entries.push(entry);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

fn mentions(entry: &LogEntry, needle: &str) -> bool {
    [&entry.source, &entry.target].iter().any(|identity| {
        identity.display_name.to_lowercase().contains(needle)
            || identity.id.to_lowercase().contains(needle)
    })
}

/// One entry.
pub(in super::super) async fn entry(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let who = signed.for_page();
    let (id, seq) = path.into_inner();
    show(&app, move |tx, now| {
        let (tenant, application) = application_at(tx, &id)?;
        let tenant = tenant.seq;
        let (key, job) = job_of(tx, tenant, &application)?;
        let seq = seq
            .parse()
            .map(Seq)
            .map_err(|_| Error::not_found("Entry", ""))?;
        let entry = rows::find(tx, key.tenant, seq)?
            .filter(|entry| entry.job == key.job)
            .ok_or_else(|| Error::not_found("Entry", seq))?;
        Ok(super::logs_entry::page(
            &who,
            &application,
            &job,
            &entry,
            now,
        ))
    })
    .await
}
