//! The parts of an uploaded schema.

use actix_multipart::{Field, Multipart, MultipartError};
use futures_util::TryStreamExt as _;

use super::super::super::super::failure::PageFailure;
use crate::mapping::entra::schema::SchemaErrors;

/// Longest file in bytes; what the real service writes for an application has some hundred kilobytes.
const MAXIMUM: usize = 4 << 20;
/// Most parts of the form; it has three.
const PARTS: usize = 8;

/// What was uploaded, each part cut one byte behind the limit.
#[derive(Debug, Default)]
pub(super) struct Sent {
    file: Vec<u8>,
    pasted: Vec<u8>,
    /// Version of the schema that the page showed.
    pub(super) revision: String,
}

impl Sent {
    /// The file, or what was pasted.
    pub(super) fn text(&self) -> Result<String, SchemaErrors> {
        let bytes = if self.file.is_empty() {
            &self.pasted
        } else {
            &self.file
        };
        if bytes.len() > MAXIMUM {
            return Err(SchemaErrors::of_document("the file is larger than 4 MiB"));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) if text.trim().is_empty() => Err(SchemaErrors::of_document(
                "choose a file, or paste its content",
            )),
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(SchemaErrors::of_document("the file is not UTF-8 text")),
        }
    }

    /// What was pasted, to be shown again unless it is too long.
    pub(super) fn pasted_text(&self, most: usize) -> String {
        if self.pasted.len() > most {
            return String::new();
        }
        String::from_utf8_lossy(&self.pasted).into_owned()
    }
}

/// Reads the form.
pub(super) async fn receive(mut form: Multipart) -> Result<Sent, PageFailure> {
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
            Some("schema") => sent.pasted = bytes,
            Some("revision") => sent.revision = String::from_utf8_lossy(&bytes).trim().to_owned(),
            _ => {}
        }
    }
    Ok(sent)
}

/// A part up to the limit and one byte more, by which it is known to be too large. What follows is read and
/// dropped, up to twice as much, so that the browser gets to see the answer.
async fn bounded(field: &mut Field) -> Result<Vec<u8>, MultipartError> {
    let mut bytes = Vec::new();
    let mut dropped = 0;
    while let Some(chunk) = field.try_next().await? {
        let room = (MAXIMUM + 1).saturating_sub(bytes.len());
        let (kept, rest) = chunk.split_at(chunk.len().min(room));
        bytes.extend_from_slice(kept);
        dropped += rest.len();
        if dropped > 2 * MAXIMUM {
            break;
        }
    }
    Ok(bytes)
}
