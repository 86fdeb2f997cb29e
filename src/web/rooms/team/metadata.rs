//! *Read metadata*: a file or pasted XML fills the form of an SSO method. Nothing is saved.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::parts::{Notice, Tone, counted};
use super::super::super::console::team::sso::MethodPage;
use super::super::super::failure::PageFailure;
use super::super::{Answered, multipart, page as answer};
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

async fn receive(form: Multipart) -> Result<Sent, PageFailure> {
    let mut sent = Sent::default();
    multipart::receive(form, MAXIMUM + 1, PARTS, |part| match part.name.as_str() {
        "file" => sent.file = part.bytes,
        "metadata" => sent.pasted = part.bytes,
        _ => {}
    })
    .await?;
    Ok(sent)
}
