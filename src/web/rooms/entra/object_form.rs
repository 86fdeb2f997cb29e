//! What the forms of users and of groups share: fields named after attributes, directory extensions among them.

use std::collections::HashMap;

use super::super::super::console::parts::Field;
use super::super::super::failure::sentence;
use crate::directory::{AttributeChange, tenants};
use crate::error::Result;
use crate::id::Seq;
use crate::model::{DirectoryExtension, ObjectKind};
use crate::store::Reads;

/// The field that says what the form knew of the object.
pub(super) const REVISION: &str = "revision";

/// What was typed, by field.
pub(super) type Typed = HashMap<String, String>;

pub(super) fn text_of<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

/// Fills fields, each with its value and what is wrong with it.
pub(super) struct Filling<'a> {
    pub(super) typed: &'a Typed,
    /// A field, or none that is there, and the reason.
    pub(super) wrong: Option<(&'a str, &'a str)>,
}

impl Filling<'_> {
    pub(super) fn fill(&self, field: Field) -> Field {
        let name = field.name.clone();
        let error = match self.wrong {
            Some((wrong, detail)) if wrong == name => sentence(detail),
            _ => String::new(),
        };
        field.value(text_of(self.typed, &name)).error(error)
    }

    /// A field for each extension.
    pub(super) fn extensions(&self, extensions: &[DirectoryExtension]) -> Vec<Field> {
        let fields = extensions.iter().map(|extension| {
            let field = Field::new(extension.name.clone(), extension.name.as_str());
            self.fill(field.max_length(256).help(extension.data_type.name()))
        });
        fields.collect()
    }
}

/// The field of an error. An extension has no name of its own in one: it begins the sentence.
pub(super) fn blamed<'a>(field: &'a str, detail: &'a str) -> &'a str {
    match detail.split_once(' ') {
        Some((first, _)) if field == "attributes" => first,
        _ => field,
    }
}

/// Changes of the attributes `names` and of the tenant's extensions, as far as the form has a field of them whose text
/// is `wanted`.
pub(super) fn changes(
    tx: &impl Reads,
    (tenant, kind): (Seq, ObjectKind),
    names: impl Iterator<Item = &'static str>,
    typed: &Typed,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<AttributeChange>> {
    let extensions = tenants::extensions(tx, tenant, kind)?;
    let own = extensions.iter().map(|extension| extension.name.as_str());
    names
        .map(|name| -> &str { name })
        .chain(own)
        .filter_map(|name| Some((name, typed.get(name)?.trim())))
        .filter(|(_, text)| wanted(text))
        .map(|(name, text)| AttributeChange::of_text(kind, name, text))
        .collect()
}
