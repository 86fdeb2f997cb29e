//! *Read metadata*: a file or pasted XML fills the form of an SSO method. Nothing is saved.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::web;
use futures_util::TryStreamExt as _;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::parts::{Notice, Tone, counted};
use super::super::super::console::team::sso::MethodPage;
use super::super::super::failure::PageFailure;
use super::super::{Answered, page as answer};
use super::sso::{Typed, filled, seq};
use crate::clock::Timestamp;
use crate::model::SsoMethod;
use crate::provider::sso;
use crate::provider::sso::metadata::{self, MAXIMUM, Metadata, Refused};

/// Most parts of the form; it has two.
const PARTS: usize = 8;
/// Longest pasted text that is shown again, in bytes.
const SHOWN: usize = 64 << 10;

/// What was uploaded and what was pasted, each cut one byte behind the limit.
#[derive(Default)]
struct Sent {
    file: Vec<u8>,
    pasted: Vec<u8>,
}

/// *Read metadata*.
pub(in super::super) async fn read(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
    form: Multipart,
) -> Answered {
    let (who, now, seq) = (signed.who(), app.now(), seq(&method)?);
    let sent = receive(form).await?;
    let asking = who.clone();
    let method = app
        .read(move |tx| sso::get(tx, &asking.member.may()?, seq))
        .await?;
    // Parsing takes milliseconds for the longest file.
    let (status, page) = app
        .run::<_, crate::error::Error, _>(move |_| Ok(drawn(&who, &method, &sent, now)))
        .await?;
    answer(status, &page)
}

fn drawn(who: &Who, method: &SsoMethod, sent: &Sent, now: Timestamp) -> (StatusCode, MethodPage) {
    let document = if sent.file.is_empty() {
        &sent.pasted
    } else {
        &sent.file
    };
    match metadata::read(document) {
        Ok(metadata) => {
            let note = said(&metadata);
            let typed = Typed::of(method).with(metadata);
            let mut page = filled(who, method, &typed, ("", ""), now);
            page.certificate_facts.clear();
            page.certificate_warning.clear();
            page.note = Some(note);
            (StatusCode::OK, page)
        }
        Err(refused) => {
            let why = refused.to_string();
            let typed = Typed::of(method);
            let mut page = filled(who, method, &typed, ("metadata", &why), now);
            if sent.pasted.len() <= SHOWN {
                page.metadata = String::from_utf8_lossy(&sent.pasted).into_owned();
            }
            let status = match refused {
                Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, page)
        }
    }
}

fn said(metadata: &Metadata) -> Notice {
    let next = match metadata.other_certificates {
        0 => "Look at the values and save them.".to_owned(),
        others => format!(
            "Look at the values and save them. The metadata has {} that sign too: the identity \
             provider is about to change its key, so read it again later.",
            counted(
                u64::try_from(others).unwrap_or(u64::MAX),
                "more certificate",
                "more certificates"
            )
        ),
    };
    Notice::new(
        Tone::Info,
        "The form is filled from the metadata. Nothing is saved yet.",
        next,
    )
}

async fn receive(mut form: Multipart) -> Result<Sent, PageFailure> {
    let broken = |error| PageFailure::Malformed(format!("the upload could not be read: {error}"));
    let mut sent = Sent::default();
    let mut parts = 0;
    while let Some(mut field) = form.try_next().await.map_err(broken)? {
        parts += 1;
        if parts > PARTS {
            return Err(PageFailure::Malformed(
                "the form has too many parts".to_owned(),
            ));
        }
        let bytes = bounded(&mut field).await.map_err(broken)?;
        match field.name() {
            Some("file") => sent.file = bytes,
            Some("metadata") => sent.pasted = bytes,
            _ => {}
        }
    }
    Ok(sent)
}

/// A part up to the limit and one byte more, by which it is known to be too large. What follows is read and
/// dropped, up to eight times as much, so that the browser gets to see the answer.
async fn bounded(field: &mut Field) -> Result<Vec<u8>, actix_multipart::MultipartError> {
    let mut bytes = Vec::new();
    let mut dropped = 0;
    while let Some(chunk) = field.try_next().await? {
        let room = (MAXIMUM + 1).saturating_sub(bytes.len());
        let (kept, rest) = chunk.split_at(chunk.len().min(room));
        bytes.extend_from_slice(kept);
        dropped += rest.len();
        if dropped > 8 * MAXIMUM {
            break;
        }
    }
    Ok(bytes)
}
