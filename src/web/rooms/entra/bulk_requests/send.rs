//! *Send a bulk request*: pasted, checked with the place of every mistake, and accepted as a client's would be.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::{Loaded, found};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::inbound::{self, BODY, BadRequest, BulkRequest, Remark, check};
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::Upload;
use crate::store::Write;
use crate::store::jobs::JobKey;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::entra::uploads::{RemarkLine, SendPage};
use crate::web::console::parts::{Field, Notice, Pill, Tone, counted};
use crate::web::failure::sentence;
use crate::web::rooms::{Answered, Done, finish, multipart, page as answer, show};

/// Most parts of the form; it has two.
const PARTS: usize = 4;
/// Two people, one of whom is the manager of the other.
const SAMPLE: &str = include_str!("sample.json");

/// Which upload is sent again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct From {
    from: String,
}

/// The form, with a sample or with an earlier upload.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<From>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let loaded = Loaded::read(tx, &id)?;
        let body = match ask.from.as_str() {
            "" => SAMPLE.to_owned(),
            number => pretty(&found(tx, &loaded, number)?.1),
        };
        Ok(form(&who, &loaded, &body))
    })
    .await
}

/// JSON in lines; anything else as it is.
fn pretty(body: &str) -> String {
    serde_json::from_str::<serde_json::Value>(body)
        .map_or_else(|_| body.to_owned(), |json| format!("{json:#}"))
}

fn form(who: &Who, loaded: &Loaded, body: &str) -> SendPage {
    SendPage {
        page: loaded.below(who, "Send a bulk request"),
        verdict: None,
        remarks: Vec::new(),
        body: Field::new("body", "Request")
            .lines(24)
            .expected()
            .value(body)
            .help("JSON of at most 1 MiB."),
        action: format!("{}/send", loaded.list()),
        cancel: loaded.list(),
    }
}

/// *Check* and *Send*.
pub(in crate::web::rooms) async fn post(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    sent: Multipart,
) -> Answered {
    let (mut body, mut sends, mut too_large) = (String::new(), false, false);
    multipart::receive(sent, BODY, PARTS, |part| match part.name.as_str() {
        "body" => {
            too_large = part.cut;
            body = part.text();
        }
        "do" => sends = part.text() == "send",
        _ => {}
    })
    .await?;
    let id = id.into_inner();
    let remarks = if too_large {
        vec![Remark {
            place: "Request".into(),
            what: "It is longer than 1 MiB; send several.".into(),
            refused: true,
        }]
    } else {
        check(&body)
    };
    let refused = remarks.iter().filter(|remark| remark.refused).count() as u64;
    if sends && refused == 0 {
        return match send(&app, &signed, id.clone(), vec![body.clone()]).await {
            Ok(uploads) => {
                let (list, upload) = (format!("/entra/applications/{id}/uploads"), &uploads[0]);
                let done = Done::new("The request is accepted.", "It is worked off now.");
                finish(&signed, &format!("{list}/{}", upload.seq), Ok(done))
            }
            Err(error @ (Error::Store(_) | Error::NotFound { .. } | Error::Forbidden { .. })) => {
                Err(error.into())
            }
            Err(error) => {
                let verdict = Notice::new(Tone::Bad, sentence(&error.to_string()), "");
                again(&app, signed, id, body, remarks, verdict).await
            }
        };
    }
    let verdict = match (refused, remarks.len() as u64 - refused) {
        (0, 0) => Notice::new(
            Tone::Good,
            "Nothing is wrong with it.",
            "It is not sent yet.",
        ),
        (0, warnings) => Notice::new(
            Tone::Warn,
            format!(
                "It can be sent, with {}.",
                counted(warnings, "warning", "warnings")
            ),
            "It is not sent yet.",
        ),
        (mistakes, _) => Notice::new(
            Tone::Bad,
            format!("It has {}.", counted(mistakes, "mistake", "mistakes")),
            "Nothing was sent.",
        ),
    };
    again(&app, signed, id, body, remarks, verdict).await
}

/// The form again, with what was typed and what is to be said of it.
async fn again(
    app: &App,
    signed: SignedIn,
    id: String,
    body: String,
    remarks: Vec<Remark>,
    verdict: Notice,
) -> Answered {
    let who = signed.for_page();
    let loaded = app.read(move |tx| Loaded::read(tx, &id)).await?;
    let mistake = remarks.iter().find(|remark| remark.refused);
    let error = mistake.map_or_else(String::new, |m| format!("{}: {}", m.place, m.what));
    let status = if verdict.tone == Tone::Bad {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let form = form(&who, &loaded, &body);
    let page = SendPage {
        verdict: Some(verdict),
        remarks: remarks.into_iter().map(line).collect(),
        body: form.body.clone().error(error),
        ..form
    };
    answer(status, &page)
}

fn line(remark: Remark) -> RemarkLine {
    RemarkLine {
        severity: if remark.refused {
            Pill::new(Tone::Bad, "Error")
        } else {
            Pill::new(Tone::Warn, "Warning")
        },
        place: remark.place,
        what: remark.what,
    }
}

/// Has requests accepted, all or none, and the agent work them off.
pub(super) async fn send(
    app: &App,
    signed: &SignedIn,
    id: String,
    bodies: Vec<String>,
) -> Result<Vec<Upload>> {
    let (who, now) = (signed.who(), app.now());
    let ids: Vec<Guid> = bodies.iter().map(|_| Guid::random()).collect();
    let uploads = app
        .write(move |tx| {
            let operator = who.still(tx)?.operator()?.clone();
            let key = Loaded::read(tx, &id)?.key;
            let sent = bodies.iter().zip(ids);
            sent.map(|(body, id)| accept(tx, &operator, key, body, id, now))
                .collect()
        })
        .await;
    app.agent.wake();
    uploads
}

fn accept(
    tx: &Write<'_>,
    operator: &Operator,
    key: JobKey,
    body: &str,
    id: Guid,
    now: Timestamp,
) -> Result<Upload> {
    let refused = |why: BadRequest| Error::field("body", why.to_string());
    let request = BulkRequest::parse(body.as_bytes()).map_err(refused)?;
    inbound::accept(tx, operator, key, &request, body, id, now)
}
