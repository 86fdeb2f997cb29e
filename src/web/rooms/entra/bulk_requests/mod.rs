//! *Uploads* of an API-driven application: the history, and one upload with what became of each operation. `send` and
//! `csv` are the forms that send some.

pub(in crate::web::rooms) mod csv;
pub(in crate::web::rooms) mod send;

use actix_web::web;
use serde::Deserialize;

use super::super::ask::PAGE;
use super::super::{Answered, exact, show};
use super::applications::frame;
use super::logs::address;
use super::{application_address, application_at, job_of};
use crate::clock::Timestamp;
use crate::directory::inbound::{self, BulkRequest, Operation};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Application, Direction, Job, LogHead, Status, Upload};
use crate::store::jobs::JobKey;
use crate::store::{Reads, inbound as rows, logs};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Page;
use crate::web::console::entra::applications::{ApplicationTab, tabs};
use crate::web::console::entra::logs::result_pill;
use crate::web::console::entra::uploads::{OperationRow, UploadPage, UploadRow, UploadsPage};
use crate::web::console::exchange::Code;
use crate::web::console::list::{Column, Empty, List, ListUrl, Pager};
use crate::web::console::parts::{Fact, Link, Moment, Notice, Pill, Tone, counted};

/// What these pages read.
struct Loaded {
    application: Application,
    key: JobKey,
    job: Job,
}

impl Loaded {
    fn read(tx: &impl Reads, application: &str) -> Result<Self> {
        let (tenant, application) = application_at(tx, application)?;
        let (key, job) = job_of(tx, tenant.seq, &application)?;
        if job.direction != Direction::Inbound {
            return Err(Error::not_found("Page", ""));
        }
        Ok(Self {
            application,
            key,
            job,
        })
    }

    fn base(&self) -> String {
        application_address(&self.application)
    }

    /// The history.
    fn list(&self) -> String {
        format!("{}/uploads", self.base())
    }

    /// A page below the history.
    fn below(&self, who: &Who, title: &str) -> Page {
        let mut page = frame(who, &self.application)
            .under(&self.application.display_name, self.base())
            .under("Uploads", self.list());
        title.clone_into(&mut page.title);
        page
    }
}

/// Where a page of the history begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Before {
    before: String,
}

/// The history.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Before>,
) -> Answered {
    let who = signed.for_page();
    let before = ask.before.parse().ok().map(Seq);
    show(&app, move |tx, now| {
        history(tx, &who, &Loaded::read(tx, &id)?, before, now)
    })
    .await
}

fn history(
    tx: &impl Reads,
    who: &Who,
    loaded: &Loaded,
    before: Option<Seq>,
    now: Timestamp,
) -> Result<UploadsPage> {
    let here = loaded.list();
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut uploads = rows::newest(tx, loaded.key, before, size + 1)?;
    let more = uploads.len() > size;
    uploads.truncate(size);
    let kept = logs::retention(tx, loaded.key.tenant)?.days;
    let send = format!("{here}/send");
    Ok(UploadsPage {
        page: frame(who, &loaded.application),
        tabs: tabs(
            &loaded.base(),
            loaded.job.direction,
            ApplicationTab::Uploads,
        ),
        csv: format!("{here}/csv"),
        kept: match kept {
            Some(days) => format!("Kept for {}.", counted(u64::from(days), "day", "days")),
            None => "Kept for ever.".into(),
        },
        list: List {
            caption: "Uploads".into(),
            filter: None,
            columns: vec![
                Column::new("Received"),
                Column::wide("Client"),
                Column::number("Operations"),
                Column::wide("Outcome"),
                Column::new("State"),
            ],
            pager: pager(tx, loaded, before, &uploads, more)?,
            empty: Empty::new(
                "Nothing was uploaded yet",
                "Clients post bulk requests to the Provisioning API endpoint; one can be sent from here as well.",
                Link::new("Send a bulk request", &send),
            ),
        },
        send,
        rows: uploads
            .iter()
            .map(|upload| row(&here, upload, now))
            .collect(),
    })
}

fn pager(
    tx: &impl Reads,
    loaded: &Loaded,
    before: Option<Seq>,
    uploads: &[Upload],
    more: bool,
) -> Result<Pager> {
    let url = ListUrl::new(loaded.list());
    let to = |seq: Seq| url.with("before", &seq.to_string()).to_string();
    let which = match (before, more) {
        (Some(_), _) => "older ",
        (None, true) => "newest ",
        (None, false) => "",
    };
    let count = uploads.len() as u64;
    let previous = match (before, uploads.first()) {
        (None, _) => String::new(),
        (Some(_), None) => url.to_string(),
        (Some(_), Some(first)) => {
            let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let newer = rows::newer(tx, loaded.key, first.seq, size + 1)?;
            match newer.get(size) {
                // It begins in front of this one.
                Some(behind) => to(behind.seq),
                None => url.to_string(),
            }
        }
    };
    Ok(Pager {
        summary: counted(count, &format!("{which}upload"), &format!("{which}uploads")),
        previous,
        next: match (more, uploads.last()) {
            (true, Some(last)) => to(last.seq),
            _ => String::new(),
        },
    })
}

fn row(here: &str, upload: &Upload, now: Timestamp) -> UploadRow {
    UploadRow {
        received: Moment::new(upload.received, now),
        href: format!("{here}/{}", upload.seq),
        client: upload.client.clone(),
        operations: upload.operations.to_string(),
        outcome: outcome(upload),
        state: state(upload),
    }
}

/// How its operations ended.
fn outcome(upload: &Upload) -> String {
    let counts = upload.outcome;
    let parts = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.skipped, "skipped"),
        (counts.failed, "failed"),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    told.join(", ")
}

/// How far it is.
fn state(upload: &Upload) -> Pill {
    match (upload.processed, upload.outcome.failed) {
        (Some(_), _) if upload.purged => Pill::new(Tone::Quiet, "Purged"),
        (Some(_), 0) => Pill::new(Tone::Good, "Done"),
        (Some(_), _) => Pill::new(Tone::Warn, "Done with failures"),
        (None, _) if upload.applied => Pill::new(Tone::Info, "Setting managers"),
        (None, _) => Pill::new(Tone::Info, "Waiting"),
    }
}

/// One upload.
pub(in crate::web::rooms) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let who = signed.for_page();
    let (id, upload) = path.into_inner();
    show(&app, move |tx, _| {
        let loaded = Loaded::read(tx, &id)?;
        let (upload, body) = found(tx, &loaded, &upload)?;
        one(tx, &who, &loaded, &upload, &body)
    })
    .await
}

/// An upload by its number in an address, and its body.
fn found(tx: &impl Reads, loaded: &Loaded, number: &str) -> Result<(Upload, String)> {
    let unknown = || Error::not_found("Upload", "");
    let seq = number.parse().map(Seq).map_err(|_| unknown())?;
    let upload = rows::find(tx, loaded.key, seq)?.ok_or_else(unknown)?;
    let body = rows::body(tx, loaded.key, seq)?.unwrap_or_default();
    Ok((upload, body))
}

fn one(
    tx: &impl Reads,
    who: &Who,
    loaded: &Loaded,
    upload: &Upload,
    body: &str,
) -> Result<UploadPage> {
    let cycle = inbound::cycle_id(tx.mix(), loaded.key, upload.seq).to_string();
    let operations = BulkRequest::parse(body.as_bytes())
        .map_or_else(|_| Vec::new(), |request| request.operations);
    let mut rows = Vec::new();
    for (number, operation) in operations.iter().enumerate() {
        rows.push(operation_row(
            tx, loaded, upload, &cycle, number, operation,
        )?);
    }
    let log = ListUrl::new(format!("{}/provisioning-logs", loaded.base()));
    Ok(UploadPage {
        page: loaded.below(who, &format!("Upload {}", upload.seq)),
        state: state(upload),
        facts: vec![
            Fact::text("Received", exact(upload.received)),
            Fact::text(
                "Worked off",
                upload.processed.map_or_else(String::new, exact),
            ),
            Fact::text("Client", &upload.client),
            Fact::text("Operations", upload.operations.to_string()),
            Fact::text("Outcome", outcome(upload)),
            Fact::code("request-id", upload.request_id.to_string()),
            Fact::code("Cycle ID", &cycle),
        ],
        warnings: warnings(upload),
        again: format!("{}/send?from={}", loaded.list(), upload.seq),
        log: log.with("cycle", &cycle).to_string(),
        list: List {
            caption: "Operations".into(),
            filter: None,
            columns: vec![
                Column::new("User"),
                Column::wide("Action"),
                Column::new("Result"),
                Column::wide("Reason"),
            ],
            pager: Pager::whole(rows.len() as u64, ("operation", "operations")),
            empty: Empty::new("No operations", "The request has none.", Link::plain("")),
        },
        rows,
        body: Code::json(body),
    })
}

fn warnings(upload: &Upload) -> Vec<Notice> {
    let mut warnings = Vec::new();
    if upload.repeated_bulk_id {
        warnings.push(Notice::new(
            Tone::Warn,
            "A bulkId occurs more than once.",
            "The service wants each of a request to be another, and takes it nevertheless: answers could not be told apart by it.",
        ));
    }
    if upload.purged {
        warnings.push(Notice::new(
            Tone::Info,
            "Nothing of it was done.",
            "Provisioning was restarted while it was stopped, which purges what waits. Send it again if it is still wanted.",
        ));
    }
    warnings
}

fn operation_row(
    tx: &impl Reads,
    loaded: &Loaded,
    upload: &Upload,
    cycle: &str,
    number: usize,
    operation: &Operation,
) -> Result<OperationRow> {
    let anchor = inbound::anchor(operation).unwrap_or_default();
    let text = |name: &str| operation.data.get(name).and_then(|value| value.as_str());
    let name = text("displayName")
        .or(text("userName"))
        .unwrap_or(&anchor)
        .to_owned();
    let name = if name.is_empty() {
        operation.bulk_id.clone()
    } else {
        name
    };
    let row = OperationRow {
        number: number + 1,
        who: Link::plain(name.as_str()),
        anchor: anchor.clone(),
        action: String::new(),
        result: Pill::new(Tone::Info, "Waiting"),
        said: String::new(),
    };
    let Some(Seq(first)) = upload.first_entry else {
        let word = if upload.purged { "Purged" } else { "Waiting" };
        let tone = if upload.purged {
            Tone::Quiet
        } else {
            Tone::Info
        };
        return Ok(OperationRow {
            result: Pill::new(tone, word),
            ..row
        });
    };
    let position = Seq(first + number as u64);
    let entry = logs::head(tx, loaded.key.tenant, position)?
        .filter(|entry| entry.job == loaded.key.job && entry.cycle_id.to_string() == cycle);
    let Some(entry) = entry else {
        return Ok(OperationRow {
            result: Pill::new(Tone::Quiet, "Done"),
            said: "The provisioning log does not keep it any more.".into(),
            ..row
        });
    };
    Ok(OperationRow {
        who: Link::new(name, address(&loaded.application, position)),
        action: entry.action.label().to_owned(),
        result: result_pill(entry.status.name()),
        said: said(tx, loaded.key, &anchor, &entry)?,
        ..row
    })
}

/// Why it failed or was skipped, and whom it still waits for.
fn said(tx: &impl Reads, key: JobKey, anchor: &str, entry: &LogHead) -> Result<String> {
    let reason = match &entry.error {
        Some(error) if entry.status != Status::Success => error.reason.clone(),
        _ => String::new(),
    };
    let waits = match rows::link(tx, key, anchor)? {
        Some(user) => rows::awaited_manager(tx, key, user)?,
        None => None,
    };
    Ok(match waits {
        Some(manager) => format!("{reason} Waits for the manager with the externalId {manager}.")
            .trim_start()
            .to_owned(),
        None => reason,
    })
}
