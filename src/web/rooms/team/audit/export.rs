//! *Export CSV*: the filtered audit log, streamed. Without days in the filter it is the last seven days, as
//! Postman's is (Learning Center, "Audit logs").

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::AskAudit;
use crate::access::May;
use crate::access::permission::ViewAuditLogs;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::lab::transfer;
use crate::model::AuditEvent;
use crate::provider::audit::{self, Filter};
use crate::store::Store;
use crate::web::App;
use crate::web::auth::SignedIn;
use crate::web::rooms::Answered;
use crate::web::streamed::Streamed;

/// The file.
pub(in crate::web::rooms) const HERE: &str = "/team/audit/export.csv";
/// Days that are exported when none are chosen.
const DAYS: u64 = 7;
/// Events a piece.
const PIECE: usize = 500;

const HEADINGS: [&str; 13] = [
    "Time",
    "Event",
    "Action",
    "Member",
    "E-mail",
    "Description",
    "IP address",
    "User agent",
    "Target",
    "Target id",
    "Attributes",
    "Variables",
    "Request id",
];

struct Work {
    store: Store,
    member: May<ViewAuditLogs>,
    filter: Filter,
    /// Behind which position to go on.
    after: Option<Seq>,
    ended: bool,
    begun: bool,
}

/// The file.
pub(in crate::web::rooms) async fn export(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskAudit>,
) -> Answered {
    let member = signed
        .who()
        .member
        .may::<ViewAuditLogs>()
        .map_err(Error::from)?;
    let now = app.now();
    let work = app
        .run(move |app| -> Result<Work> {
            let mut filter = ask.filter(&app.store.read()?, &member)?;
            if !ask.has_days() {
                filter.from = Some(now.minus(Duration::from_hours(24 * DAYS)));
            }
            Ok(Work {
                store: app.store.clone(),
                member,
                filter,
                after: None,
                ended: false,
                begun: false,
            })
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit-log.csv\"",
        ))
        .body(Streamed::new(work, piece)))
}

fn piece(mut work: Work) -> (Work, Result<Option<String>>) {
    let made = next(&mut work);
    (work, made)
}

fn next(work: &mut Work) -> Result<Option<String>> {
    let mut text = String::new();
    if !work.begun {
        work.begun = true;
        transfer::row(&mut text, &HEADINGS);
    }
    // A part of the record in which nothing fits is no end.
    while !work.ended {
        let tx = work.store.read()?;
        let page = audit::export(&tx, &work.member, &work.filter, work.after, PIECE)?;
        (work.after, work.ended) = (page.next, page.next.is_none());
        for (_, event) in &page.events {
            row(&mut text, event);
        }
        if !text.is_empty() {
            break;
        }
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn row(text: &mut String, event: &AuditEvent) {
    let action = event.action();
    let variables: Vec<String> = event
        .variables
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    transfer::row::<&str>(
        text,
        &[
            &event.at.to_string(),
            action.name,
            action.slug,
            event.actor_label(),
            &event.actor.email,
            &event.message(),
            &event.origin.address,
            &event.origin.user_agent,
            event.subject.label(),
            &event.target,
            &event.attributes.join(", "),
            &variables.join("; "),
            &event.origin.request_id,
        ],
    );
}
