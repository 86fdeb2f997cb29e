//! Files of users and groups: CSV with the portal's columns, and JSON as Microsoft Graph answers it.
//!
//! Reading makes records for [`directory::import`](crate::directory::import) and says for every mistake where it
//! stands; it needs no store. What a file has that this directory does not keep is named, not refused; what it has that
//! nobody knows is a mistake.
//!
//! | format | users | groups |
//! |---|---|---|
//! | CSV | a heading line with names of attributes, Graph's or the provisioning service's, or the portal's `Label [name] Required`; a first line `version:v1.0` may stand before it | the same; `members` are names or object ids between semicolons |
//! | JSON | `{"value": [...]}`, a list, or one object | the same; `members` with `id`, `userPrincipalName` or `@odata.id` |
//!
//! An empty cell leaves an attribute as it is; `null` in JSON takes its value away.

mod csv;
mod graph;

pub use csv::{headings, is_formula, row, user_cells};

use crate::directory::import::{GroupRecord, Mistake, Place, UserRecord};
use crate::model::ObjectKind;

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Records {
    /// Of users.
    Users(Vec<UserRecord>),
    /// Of groups.
    Groups(Vec<GroupRecord>),
}

impl Records {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Users(records) => records.len(),
            Self::Groups(records) => records.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A file that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What it says.
    pub records: Records,
    /// Columns or properties that this directory does not keep, each once.
    pub ignored: Vec<String>,
}

/// Reads a file of users or groups; JSON is known by its first character.
///
/// # Errors
/// The first mistake with its place.
pub fn read(kind: ObjectKind, text: &str) -> Result<File, Mistake> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        graph::read(kind, text)
    } else {
        csv::read(kind, text)
    }
}

/// True and false, and how spreadsheets and the portal write them.
fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

fn place(at: super::json::Position) -> Place {
    Place {
        line: at.line,
        column: at.column,
    }
}

#[cfg(test)]
mod tests;
