//! Importing users and groups: records from a file, each with its place in it, become objects in one write.
//!
//! A record is matched by object id, else by user principal name (users) or by a name that only one group has; what is
//! matched is changed, what is not is created. What a record does not say stays as it is, and nobody is taken out of a
//! group. Either the whole file is imported or nothing of it: the first mistake ends it, and a caller that only wants to
//! know what would happen drops the write afterwards.

mod groups;
mod users;

pub use groups::groups;
pub use users::users;

use super::AttributeChange;
use crate::error::Error;
use crate::id::Guid;
use crate::store;

/// Most records of one file.
pub const RECORDS: usize = 20_000;

/// Where something stands in a file, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column: of a CSV file the cell, of a JSON file the character.
    pub column: usize,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", .at.line, .at.column)]
pub struct Mistake {
    /// Where.
    pub at: Place,
    /// What was expected, or what is wrong and how to mend it.
    pub message: String,
}

impl Mistake {
    /// At a place.
    pub fn new(at: Place, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }
}

/// How an object is referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// By object id.
    Id(Guid),
    /// By user principal name, or by the name of a group.
    Name(String),
}

impl Reference {
    /// An object id where it looks like one, else a name.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        match text.parse() {
            Ok(id) => Self::Id(id),
            Err(_) => Self::Name(text.to_owned()),
        }
    }
}

/// What a file says of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// Where it begins.
    pub at: Place,
    /// Object id.
    pub id: Option<Guid>,
    /// Plain attributes, each with its place.
    pub changes: Vec<(Place, AttributeChange)>,
    /// `accountEnabled`.
    pub account_enabled: Option<bool>,
    /// `userType` is `Guest`.
    pub guest: Option<bool>,
    /// The manager; `Some(None)` takes it away.
    pub manager: Option<(Place, Option<Reference>)>,
}

/// What a file says of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRecord {
    /// Where it begins.
    pub at: Place,
    /// Object id.
    pub id: Option<Guid>,
    /// Plain attributes, each with its place.
    pub changes: Vec<(Place, AttributeChange)>,
    /// Rule of a dynamic group; `Some(None)` makes it an assigned one.
    pub rule: Option<(Place, Option<String>)>,
    /// Members to add; of a dynamic group they are left to its rule.
    pub members: Vec<(Place, Reference)>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Objects made.
    pub created: u64,
    /// Objects changed.
    pub updated: u64,
    /// Objects that were as the file has them.
    pub unchanged: u64,
    /// Members who were not in their group before.
    pub members_added: u64,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file.
    #[error(transparent)]
    Mistake(#[from] Mistake),
    /// The store, or that there is no such tenant.
    #[error(transparent)]
    Failed(#[from] Error),
    /// Nothing: it was only to be seen what would happen.
    #[error("nothing was imported, as was wished")]
    DryRun(Report),
}

impl From<store::Error> for ImportError {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A refusal of the directory, at the place of what was refused.
fn at<T>(place: Place, result: Result<T, Error>) -> Result<T, ImportError> {
    result.map_err(|error| match error {
        error @ Error::Store(_) => ImportError::Failed(error),
        other => Mistake::new(place, other.to_string()).into(),
    })
}

/// The place of the change that an error is about, else that of the whole record.
fn blamed(error: &Error, record: Place, changes: &[(Place, AttributeChange)]) -> Place {
    let (Error::Field { field, detail }
    | Error::Conflict {
        attribute: field,
        detail,
    }) = error
    else {
        return record;
    };
    changes
        .iter()
        .find(|(_, change)| change.name() == *field || detail.starts_with(change.name()))
        .map_or(record, |(place, _)| *place)
}

fn plain(changes: &[(Place, AttributeChange)]) -> Vec<AttributeChange> {
    changes.iter().map(|(_, change)| change.clone()).collect()
}

#[cfg(test)]
mod tests;
