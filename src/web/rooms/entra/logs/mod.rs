//! *Provisioning logs*: the list of one application and of all, one entry, the files, and how long they are kept.
//!
//! Newest first. A page is found by the descriptions of blocks (`store::log_blocks`), so that a log of any length and
//! every combination of filters cost about the same; a text that stands in many names is searched in parts.

mod ask;
mod download;
mod entry;
mod explain;
mod export;
pub(in crate::web::rooms) mod retention;

use actix_web::web;

pub(in crate::web::rooms) use self::ask::AskLogs;
pub(in crate::web::rooms) use self::download::page as download;
pub(in crate::web::rooms::entra) use self::entry::{modified, shown};
pub(in crate::web::rooms) use self::export::file;
use super::applications::frame;
use super::{application_address, application_at, job_of, tenant_of};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{IdMix, Seq};
use crate::model::{Application, Direction, Job, LogHead, Status, Tenant};
use crate::store::logs::{self as rows, Bounds, Found, Order};
use crate::store::{Reads, directory, jobs};
use crate::sync::summary::{self, Surroundings};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::entra::applications::{ApplicationTab, tabs};
use crate::web::console::entra::logs::{LogRow, LogsPage, result_pill};
use crate::web::console::list::{Column, Empty, List, ListUrl, Pager};
use crate::web::console::parts::{Link, Moment, counted};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, show};

/// The log of all applications.
pub(in crate::web::rooms) const HERE: &str = "/entra/provisioning-logs";
/// Entries that one page reads at most: a text that stands in many names is searched in parts.
const READS: usize = 20_000;

/// The applications of a tenant and their jobs: what an entry does not say itself.
pub(super) struct Places {
    mix: IdMix,
    tenant: Tenant,
    all: Vec<(Application, Job)>,
}

impl Places {
    fn load(tx: &impl Reads, tenant: Tenant) -> Result<Self> {
        let mut all = Vec::new();
        for application in directory::applications(tx, tenant.seq)? {
            if let Some(job) = jobs::of_application(tx, tenant.seq, application.seq)? {
                all.push((application, job));
            }
        }
        Ok(Self {
            mix: tx.mix(),
            tenant,
            all,
        })
    }

    fn of_job(&self, job: Seq) -> Option<&(Application, Job)> {
        self.all.iter().find(|(_, known)| known.seq == job)
    }

    /// Which way the provisioning of an application goes; out, where it has no job.
    fn direction_of(&self, application: &Application) -> Direction {
        let mut all = self.all.iter();
        all.find(|(known, _)| known.seq == application.seq)
            .map_or(Direction::Outbound, |(_, job)| job.direction)
    }

    /// What the entries of a job have in common; `None` when its application is gone.
    fn surroundings(&self, job: Seq) -> Option<Surroundings> {
        let (application, job) = self.of_job(job)?;
        Some(Surroundings::new(self.mix, &self.tenant, application, job))
    }

    /// Ids and names.
    fn applications(&self) -> Vec<(String, String)> {
        let all = self.all.iter();
        all.map(|(app, _)| (app.id.to_string(), app.display_name.clone()))
            .collect()
    }

    fn name_of_application(&self, id: &str) -> String {
        let mut all = self.applications().into_iter();
        all.find(|(known, _)| known == id)
            .map_or_else(|| id.to_owned(), |(_, name)| name)
    }

    fn jobs_of(&self, application: &str) -> Vec<Seq> {
        let all = self.all.iter();
        all.filter(|(app, _)| app.id.to_string() == application)
            .map(|(_, job)| job.seq)
            .collect()
    }

    fn jobs_called(&self, id: &str) -> Vec<Seq> {
        let all = self.all.iter();
        all.filter(|(_, job)| job.id.eq_ignore_ascii_case(id))
            .map(|(_, job)| job.seq)
            .collect()
    }
}

/// The log of all applications.
pub(in crate::web::rooms) async fn all(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskLogs>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, None, &ask, now)).await
}

/// The tab of an application.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<AskLogs>,
) -> Answered {
    let who = signed.for_page();
    let ask = ask.into_inner().of_application(&id);
    show(&app, move |tx, now| {
        load(tx, &who, Some(id.as_str()), &ask, now)
    })
    .await
}

fn load(
    tx: &impl Reads,
    who: &Who,
    id: Option<&str>,
    ask: &AskLogs,
    now: Timestamp,
) -> Result<LogsPage> {
    let (tenant, application) = match id {
        Some(id) => {
            let (tenant, application) = application_at(tx, id)?;
            (tenant, Some(application))
        }
        None => (tenant_of(tx, who)?, None),
    };
    let kept = rows::retention(tx, tenant.seq)?;
    let places = Places::load(tx, tenant)?;
    let (page, direction, tabs, here) = match &application {
        Some(application) => {
            let base = application_address(application);
            let direction = places.direction_of(application);
            (
                frame(who, application),
                Some(direction),
                tabs(&base, direction, ApplicationTab::ProvisioningLogs),
                format!("{base}/provisioning-logs"),
            )
        }
        None => (
            who.page(Room::ProvisioningLogs, "Provisioning logs"),
            None,
            Vec::new(),
            HERE.to_owned(),
        ),
    };
    let of_all = application.is_none();
    let url = ask.url(&here, of_all);
    let found = find(tx, &places, ask)?;
    let empty = if found.unfinished {
        Empty::new(
            "Nothing among the newest entries",
            "The text stands in many names, so the log is searched a part at a time.",
            Link::new("Search further", to(&url, found.next)),
        )
    } else if ask.url("", of_all) != ListUrl::new("") || ask.before().is_some() {
        Empty::no_match(&url)
    } else {
        Empty::new(
            "No entries yet",
            match direction {
                Some(Direction::Outbound) => {
                    "Every person and group that a cycle looks at leaves one here."
                }
                Some(Direction::Inbound) => "Every person of every upload leaves one here.",
                None => {
                    "Every person and group that a cycle looks at leaves one here, and every person of an upload."
                }
            },
            match &application {
                Some(application) => Link::new(
                    "Start provisioning",
                    format!("{}/provisioning", application_address(application)),
                ),
                None => Link::new("Enterprise applications", "/entra/applications"),
            },
        )
    };
    Ok(LogsPage {
        page,
        tabs,
        kept: match kept.days {
            Some(days) => format!("Kept for {}.", counted(u64::from(days), "day", "days")),
            None => "Kept for ever.".into(),
        },
        retention: retention::HERE.into(),
        download: ask.url(self::download::HERE, true).to_string(),
        rows: found.entries.iter().map(|e| row(&places, e, now)).collect(),
        list: List {
            caption: "Provisioning logs".into(),
            filter: Some(AskLogs::bar(&url, &places, of_all)),
            columns: vec![
                Column::new("Identity"),
                Column::new("Action"),
                Column::wide("Source System"),
                Column::wide("Target System"),
                Column::new("Status"),
                Column::wide("Reason"),
                Column::wide("Date"),
            ],
            pager: Pager {
                summary: summary(&found, ask.before().is_some()),
                previous: previous(tx, &places, ask, &url, &found)?,
                next: found
                    .next
                    .map_or_else(String::new, |next| to(&url, Some(next))),
            },
            empty,
        },
    })
}

fn to(url: &ListUrl, before: Option<Seq>) -> String {
    let before = before.map_or_else(String::new, |seq| seq.to_string());
    url.with("before", &before).to_string()
}

fn summary(found: &Found, further: bool) -> String {
    let count = found.entries.len() as u64;
    let which = if further { "older" } else { "newest" };
    let text = match count {
        1 => format!("1 {which} entry"),
        _ => format!("{count} {which} entries"),
    };
    if found.unfinished {
        text + "; older ones were not looked at yet"
    } else {
        text
    }
}

/// The page of a query, newest first.
fn find(tx: &impl Reads, places: &Places, ask: &AskLogs) -> Result<Found> {
    let wanted = ask.wanted(places);
    if let Some(only) = wanted.only {
        let entry = rows::head(tx, places.tenant.seq, only)?;
        let fits = |head: &LogHead| wanted.conditions.iter().all(|c| c.fits(head));
        return Ok(Found {
            entries: entry.filter(fits).into_iter().collect(),
            ..Found::default()
        });
    }
    let tenant = places.tenant.seq;
    let order = Order::NewestFirst;
    let found = rows::search(
        tx,
        tenant,
        &wanted.conditions,
        order,
        ask.before(),
        bounds(),
        |_| true,
    )?;
    Ok(found)
}

/// How much of the log one page reads and shows.
fn bounds() -> Bounds {
    Bounds {
        entries: usize::try_from(PAGE).unwrap_or(usize::MAX),
        reads: READS,
    }
}

/// The address of the page of newer entries; empty on the first.
fn previous(
    tx: &impl Reads,
    places: &Places,
    ask: &AskLogs,
    url: &ListUrl,
    found: &Found,
) -> Result<String> {
    if ask.before().is_none() {
        return Ok(String::new());
    }
    let Some(first) = found.entries.first().map(|head| head.seq) else {
        return Ok(to(url, None));
    };
    let wanted = ask.wanted(places);
    let (tenant, order) = (places.tenant.seq, Order::OldestFirst);
    let after = Some(first);
    let newer = rows::search(
        tx,
        tenant,
        &wanted.conditions,
        order,
        after,
        bounds(),
        |_| true,
    )?;
    Ok(match (newer.next, newer.entries.last()) {
        // The page ends before the one behind its newest entry.
        (Some(_), Some(newest)) => to(url, Some(Seq(newest.seq.0 + 1))),
        _ => to(url, None),
    })
}

fn row(places: &Places, entry: &LogHead, now: Timestamp) -> LogRow {
    let place = places.of_job(entry.job);
    let address = place.map_or_else(String::new, |(application, _)| {
        address(application, entry.seq)
    });
    LogRow {
        identity: Link::new(name(entry), address),
        id: entry.source.id.clone(),
        action: entry.action.label().to_owned(),
        source: match place {
            Some((_, job)) if job.direction == Direction::Inbound => summary::API,
            _ => summary::SOURCE,
        },
        target: match place {
            Some((_, job)) if job.direction == Direction::Inbound => summary::SOURCE.to_owned(),
            Some((application, _)) => application.display_name.clone(),
            None => summary::TARGET.to_owned(),
        },
        status: result_pill(entry.status.name()),
        reason: reason(entry),
        at: Moment::new(entry.activity_date_time, now),
    }
}

/// Address of an entry.
pub(super) fn address(application: &Application, entry: Seq) -> String {
    let base = application_address(application);
    format!("{base}/provisioning-logs/{entry}")
}

/// Whom an entry is about.
fn name(entry: &LogHead) -> &str {
    if entry.source.display_name.is_empty() {
        &entry.source.id
    } else {
        &entry.source.display_name
    }
}

fn reason(entry: &LogHead) -> String {
    match &entry.error {
        Some(error) if entry.status != Status::Success => {
            format!("{} ({})", error.reason, error.error_code)
        }
        _ => String::new(),
    }
}

/// One entry.
pub(in crate::web::rooms) async fn entry(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let who = signed.for_page();
    let (id, seq) = path.into_inner();
    show(&app, move |tx, now| {
        let (tenant, application) = application_at(tx, &id)?;
        let (key, job) = job_of(tx, tenant.seq, &application)?;
        let seq = seq
            .parse()
            .map(Seq)
            .map_err(|_| Error::not_found("Entry", ""))?;
        let found = rows::find(tx, key.tenant, seq)?
            .filter(|entry| entry.job == key.job)
            .ok_or_else(|| Error::not_found("Entry", seq))?;
        let surroundings = Surroundings::new(tx.mix(), &tenant, &application, &job);
        let present = directory::exists(
            tx,
            tenant.seq,
            crate::model::ObjectRef {
                kind: found.kind,
                seq: found.object,
            },
        )?;
        let place = entry::Place {
            application: &application,
            job: &job,
            surroundings: &surroundings,
            present,
        };
        Ok(entry::page(&who, &place, &found, now))
    })
    .await
}
