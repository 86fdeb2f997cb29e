//! The parts of an uploaded schema.

use actix_multipart::Multipart;

use super::super::super::super::failure::PageFailure;
use super::super::super::multipart;
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
pub(super) async fn receive(form: Multipart) -> Result<Sent, PageFailure> {
    let mut sent = Sent::default();
    multipart::receive(form, MAXIMUM + 1, PARTS, |part| match part.name.as_str() {
        "file" => sent.file = part.bytes,
        "schema" => sent.pasted = part.bytes,
        "revision" => part.text().trim().clone_into(&mut sent.revision),
        _ => {}
    })
    .await?;
    Ok(sent)
}
