//! The files of the log: three CSV files that belong together by the change id, and JSON. Made while they are sent.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::{AskLogs, Places, tenant_of};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::lab::transfer;
use crate::model::LogEntry;
use crate::store::Store;
use crate::store::logs::{self as rows, Bounds, Condition, Order};
use crate::sync::summary::object::{Version, provisioning_object_summary};
use crate::sync::summary::{SERVICE, Surroundings, step_details};
use crate::web::App;
use crate::web::auth::SignedIn;
use crate::web::rooms::Answered;
use crate::web::streamed::Streamed;

/// Entries a piece.
const PIECE: usize = 200;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Entries,
    Steps,
    Modified,
    Json,
}

impl Kind {
    fn of(name: &str) -> Result<Self> {
        Ok(match name {
            "ProvisioningLogs.csv" => Self::Entries,
            "ProvisioningLogs_ProvisioningSteps.csv" => Self::Steps,
            "ProvisioningLogs_ModifiedProperties.csv" => Self::Modified,
            "ProvisioningLogs.json" => Self::Json,
            _ => return Err(Error::not_found("File", "")),
        })
    }

    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Entries => &[
                "id",
                "activityDateTime",
                "tenantId",
                "jobId",
                "cycleId",
                "changeId",
                "provisioningAction",
                "status",
                "errorCode",
                "reason",
                "recommendedAction",
                "durationInMilliseconds",
                "initiatedBy",
                "servicePrincipal",
                "sourceSystem",
                "targetSystem",
                "sourceIdentityId",
                "sourceIdentityDisplayName",
                "sourceIdentityType",
                "targetIdentityId",
                "targetIdentityDisplayName",
                "targetIdentityType",
            ],
            Self::Steps => &[
                "changeId",
                "step",
                "name",
                "provisioningStepType",
                "status",
                "description",
                "details",
            ],
            Self::Modified => &["changeId", "displayName", "oldValue", "newValue"],
            Self::Json => &[],
        }
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of one thing whether it happened yet"
)]
struct Work {
    store: Store,
    places: Places,
    wanted: Vec<Condition>,
    only: Option<Seq>,
    kind: Kind,
    /// Behind which position to go on.
    after: Option<Seq>,
    begun: bool,
    /// Whether something of a JSON list is out.
    listed: bool,
    ended: bool,
    closed: bool,
}

/// A file. The address carries the filter of the list.
pub(in crate::web::rooms) async fn file(
    app: web::Data<App>,
    signed: SignedIn,
    name: web::Path<String>,
    ask: web::Query<AskLogs>,
) -> Answered {
    let who = signed.who();
    who.operator()?;
    let kind = Kind::of(&name)?;
    let work = app
        .run(move |app| -> Result<Work> {
            let tx = app.store.read()?;
            let places = Places::load(&tx, tenant_of(&tx, &who)?)?;
            let wanted = ask.wanted(&places);
            Ok(Work {
                store: app.store.clone(),
                wanted: wanted.conditions,
                only: wanted.only,
                places,
                kind,
                after: None,
                begun: false,
                listed: false,
                ended: false,
                closed: false,
            })
        })
        .await?;
    let media = match kind {
        Kind::Json => "application/json",
        _ => "text/csv; charset=utf-8",
    };
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(Streamed::new(work, piece)))
}

fn piece(mut work: Work) -> (Work, Result<Option<String>>) {
    let made = work.next();
    (work, made)
}

impl Work {
    fn next(&mut self) -> Result<Option<String>> {
        let mut text = String::new();
        if !self.begun {
            self.begun = true;
            match self.kind {
                Kind::Json => text.push('['),
                kind => transfer::row(&mut text, kind.headings()),
            }
        }
        // A part of the log in which nothing fits is no end.
        while !self.ended && (text.is_empty() || self.after.is_none()) {
            for entry in self.read()? {
                self.write(&mut text, &entry);
            }
        }
        if self.ended && !self.closed {
            self.closed = true;
            if self.kind == Kind::Json {
                text.push_str("\n]\n");
            }
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    fn read(&mut self) -> Result<Vec<LogEntry>> {
        let tx = self.store.read()?;
        let tenant = self.places.tenant.seq;
        let heads = if let Some(only) = self.only {
            self.ended = true;
            let head = rows::head(&tx, tenant, only)?;
            let fits = |head: &crate::model::LogHead| self.wanted.iter().all(|c| c.fits(head));
            head.filter(fits).into_iter().collect()
        } else {
            let bounds = Bounds {
                entries: PIECE,
                reads: 20 * PIECE,
            };
            let order = Order::NewestFirst;
            let found = rows::search(&tx, tenant, &self.wanted, order, self.after, bounds, |_| {
                true
            })?;
            (self.after, self.ended) = (found.next, found.next.is_none());
            found.entries
        };
        let whole = heads
            .into_iter()
            .map(|head| rows::complete(&tx, tenant, head));
        Ok(whole.collect::<std::result::Result<_, _>>()?)
    }

    fn write(&mut self, text: &mut String, entry: &LogEntry) {
        // An entry of an application that is gone says too little of where it belongs.
        let Some(of) = self.places.surroundings(entry.job) else {
            return;
        };
        match self.kind {
            Kind::Entries => entry_row(text, entry, &of),
            Kind::Steps => step_rows(text, entry, &of),
            Kind::Modified => modified_rows(text, entry, &of),
            Kind::Json => {
                text.push_str(if self.listed { ",\n" } else { "\n" });
                self.listed = true;
                let summary = provisioning_object_summary(entry, &of, Version::V1);
                text.push_str(&summary.to_string());
            }
        }
    }
}

fn entry_row(text: &mut String, entry: &LogEntry, of: &Surroundings) {
    let error = entry.error.as_ref();
    transfer::row::<&str>(
        text,
        &[
            &of.id(entry.seq).to_string(),
            &entry.activity_date_time.to_string(),
            &of.tenant_id().to_string(),
            of.job_id(),
            &entry.cycle_id.to_string(),
            &of.change_id(entry.seq).to_string(),
            entry.action.name(),
            entry.status.name(),
            error.map_or("", |e| &e.error_code),
            error.map_or("", |e| &e.reason),
            error
                .and_then(|e| e.recommended_action.as_deref())
                .unwrap_or_default(),
            &entry.duration_in_milliseconds.to_string(),
            entry.initiated_by.as_deref().unwrap_or(SERVICE),
            of.application(),
            of.source_name(),
            of.target_name(),
            &entry.source.id,
            &entry.source.display_name,
            entry.kind.name(),
            &entry.target.id,
            &entry.target.display_name,
            of.target_type(entry.kind),
        ],
    );
}

fn step_rows(text: &mut String, entry: &LogEntry, of: &Surroundings) {
    let change = of.change_id(entry.seq).to_string();
    for (place, step) in entry.steps.iter().enumerate() {
        let details = serde_json::Value::Object(step_details(step)).to_string();
        transfer::row::<&str>(
            text,
            &[
                &change,
                &(place + 1).to_string(),
                &step.name,
                step.kind.name(),
                step.status.name(),
                &step.description,
                &details,
            ],
        );
    }
}

fn modified_rows(text: &mut String, entry: &LogEntry, of: &Surroundings) {
    let change = of.change_id(entry.seq).to_string();
    for property in &entry.modified_properties {
        transfer::row::<&str>(
            text,
            &[
                &change,
                &property.display_name,
                property.old_value.as_deref().unwrap_or_default(),
                property.new_value.as_deref().unwrap_or_default(),
            ],
        );
    }
}
