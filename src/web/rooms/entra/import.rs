//! *Import*: a file of users or groups is looked at, and imported when it is confirmed.
//!
//! What a file would do is found out by doing it and dropping the write: what is shown is what happens, unless somebody
//! changes the directory in between.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::entra::import::{ImportPage, ImportPreview};
use super::super::super::console::parts::{Choice, Fact, Field, Notice, Tone, counted, thousands};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, multipart, page as answer};
use super::uploads::{Upload, Uploads};
use super::{tenant_of, work_off_soon};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::import::{self, ImportError, Report};
use crate::error::Error;
use crate::id::{Guids, Nonce, Seq};
use crate::lab::transfer::{self, File, Records};
use crate::model::ObjectKind;
use crate::store::Write;

/// Largest file, in bytes.
const MAXIMUM: usize = 8 << 20;
/// Most parts of the form.
const PARTS: usize = 4;

fn form(who: &Who, kind: ObjectKind, error: &str, preview: Option<ImportPreview>) -> ImportPage {
    let (room, above, list) = match kind {
        ObjectKind::User => (Room::EntraUsers, "Users", "/entra/users"),
        ObjectKind::Group => (Room::EntraGroups, "Groups", "/entra/groups"),
    };
    ImportPage {
        page: who.page(room, "Import").under(above, list),
        preview,
        kind: Field::new("kind", "What is in the file?")
            .choices(vec![
                Choice::new("User", "Users"),
                Choice::new("Group", "Groups"),
            ])
            .value(kind.name()),
        file_error: sentence(error),
        action: "/entra/import".into(),
        cancel: list.into(),
    }
}

#[derive(Deserialize)]
pub(in super::super) struct AskKind {
    #[serde(default)]
    kind: String,
}

fn kind_of(text: &str) -> ObjectKind {
    match text {
        "Group" => ObjectKind::Group,
        _ => ObjectKind::User,
    }
}

/// The empty form.
pub(in super::super) async fn page(signed: SignedIn, ask: web::Query<AskKind>) -> Answered {
    let form = form(&signed.for_page(), kind_of(&ask.kind), "", None);
    answer(StatusCode::OK, &form)
}

/// *Look at it*.
pub(in super::super) async fn look(
    app: web::Data<App>,
    uploads: web::Data<Uploads>,
    signed: SignedIn,
    body: Multipart,
) -> Answered {
    let who = signed.who();
    let Received {
        kind,
        bytes,
        too_large,
    } = receive(body).await?;
    let refused = |error: &str| {
        answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, kind, error, None),
        )
    };
    if too_large {
        return refused("the file is larger than 8 MiB; split it");
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return refused("the file is not text in UTF-8; save it as such");
    };
    if text.trim().is_empty() {
        return refused("the file is empty, or none was chosen");
    }
    let text: Arc<str> = text.into();
    let (read, reader) = (Arc::clone(&text), who.clone());
    let seen = app
        .run(move |app| -> Result<(File, Seq, Operator), ImportError> {
            let tx = app.store.read()?;
            let reader = reader.still(&tx)?;
            let (operator, tenant) = (reader.operator()?.clone(), tenant_of(&tx, &reader)?.seq);
            Ok((transfer::read(kind, &read)?, tenant, operator))
        })
        .await;
    let (file, tenant, operator) = match seen {
        Ok(seen) => seen,
        Err(ImportError::Mistake(mistake)) => return refused(&mistake.to_string()),
        Err(error) => return Err(PageFailure::Domain(error.into())),
    };
    if file.records.is_empty() {
        return refused("the file has no records");
    }
    let ignored = file.ignored.clone();
    let now = app.now();
    let tried = app
        .submit(move |tx| -> Result<(), ImportError> {
            let report = run(tx, &operator, tenant, &file.records, Nonce::random(), now)?;
            Err(ImportError::DryRun(report))
        })
        .await;
    let tried = match tried {
        Ok(submitted) => submitted.end().await,
        Err(error) => Err(error),
    };
    match tried {
        Err(ImportError::DryRun(report)) => {
            let upload = Upload {
                kind,
                text,
                tenant,
                account: who.account(),
            };
            let token = uploads.keep(upload, app.real_now());
            let preview = preview(kind, report, &ignored, token);
            answer(StatusCode::OK, &form(&who, kind, "", Some(preview)))
        }
        Err(ImportError::Mistake(mistake)) => refused(&mistake.to_string()),
        Err(error) => Err(PageFailure::Domain(error.into())),
        Ok(()) => refused("the file says nothing"),
    }
}

fn run(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    records: &Records,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Report, ImportError> {
    let ids = Guids::new(nonce);
    match records {
        Records::Users(records) => import::users(tx, operator, tenant, records, &ids, now),
        Records::Groups(records) => import::groups(tx, operator, tenant, records, &ids, now),
    }
}

fn noun(kind: ObjectKind, count: u64) -> String {
    match kind {
        ObjectKind::User => counted(count, "user", "users"),
        ObjectKind::Group => counted(count, "group", "groups"),
    }
}

fn preview(kind: ObjectKind, report: Report, ignored: &[String], token: String) -> ImportPreview {
    let changes = report.created + report.updated + report.members_added;
    let summary = if changes == 0 {
        Notice::new(
            Tone::Good,
            "Everything in the file is in the directory already.",
            "There is nothing to import.",
        )
    } else {
        Notice::new(
            Tone::Info,
            format!(
                "{} would be created and {} updated.",
                noun(kind, report.created),
                thousands(report.updated)
            ),
            "Nothing is done yet.",
        )
    };
    let mut facts = vec![
        Fact::text("To be created", thousands(report.created)),
        Fact::text("To be updated", thousands(report.updated)),
        Fact::text("Unchanged", thousands(report.unchanged)),
    ];
    if kind == ObjectKind::Group {
        facts.push(Fact::text(
            "Members to be added",
            thousands(report.members_added),
        ));
    }
    if !ignored.is_empty() {
        facts.push(Fact::text("Not kept here, left out", ignored.join(", ")));
    }
    ImportPreview {
        summary,
        facts,
        action: "/entra/import/confirm".into(),
        token: if changes == 0 { String::new() } else { token },
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Confirmed {
    #[serde(default)]
    token: String,
}

/// *Import*.
pub(in super::super) async fn confirm(
    app: web::Data<App>,
    uploads: web::Data<Uploads>,
    signed: SignedIn,
    confirmed: web::Form<Confirmed>,
) -> Answered {
    let who = signed.who();
    let kept = uploads.take(&confirmed.token, who.account(), app.real_now());
    let Some(upload) = kept.filter(|upload| Some(upload.tenant) == who.tenant()) else {
        let gone = "the file is no longer kept here; choose it again";
        let page = form(&who, ObjectKind::User, gone, None);
        return answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let (operator, now, nonce) = (who.operator()?.clone(), app.now(), Nonce::random());
    let kind = upload.kind;
    let imported = app
        .run(move |app| -> Result<Report, ImportError> {
            let file = transfer::read(kind, &upload.text)?;
            app.store
                .write(move |tx| run(tx, &operator, upload.tenant, &file.records, nonce, now))
        })
        .await;
    match imported {
        Ok(report) => {
            work_off_soon(&app);
            let what = format!(
                "{} created, {} updated.",
                noun(kind, report.created),
                thousands(report.updated)
            );
            let next = "The next incremental cycle sends what is in scope.";
            let back = match kind {
                ObjectKind::User => "/entra/users",
                ObjectKind::Group => "/entra/groups",
            };
            finish(&signed, back, Ok(Done::new(what, next)))
        }
        Err(ImportError::Mistake(mistake)) => {
            let page = form(&who, kind, &mistake.to_string(), None);
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error.into())),
    }
}

struct Received {
    kind: ObjectKind,
    bytes: Vec<u8>,
    too_large: bool,
}

async fn receive(form: Multipart) -> Result<Received, PageFailure> {
    let mut received = Received {
        kind: ObjectKind::User,
        bytes: Vec::new(),
        too_large: false,
    };
    multipart::receive(form, MAXIMUM, PARTS, |part| match part.name.as_str() {
        "file" => {
            received.too_large = part.cut;
            received.bytes = part.bytes;
        }
        "kind" => received.kind = kind_of(&part.text()),
        _ => {}
    })
    .await?;
    Ok(received)
}

/// A refusal of an import, for those who only know the domain's.
impl From<ImportError> for PageFailure {
    fn from(error: ImportError) -> Self {
        Self::Domain(Error::from(error))
    }
}
