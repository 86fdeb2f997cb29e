//! Seeds: a directory as data, written by hand in a file, shipped, or generated.
//!
//! # The file
//!
//! JSON, as in `examples/seeds/acme.json`:
//!
//! ```json
//! {
//!   "tenant": { "name": "Acme", "domain": "acme.example" },
//!   "users": [
//!     { "userPrincipalName": "ann@acme.example", "displayName": "Ann Lee", "mail": "ann@acme.example" },
//!     { "userPrincipalName": "bo@acme.example", "displayName": "Bo Diaz", "manager": "ann@acme.example",
//!       "accountEnabled": false, "guest": false, "deleted": false }
//!   ],
//!   "groups": [
//!     { "displayName": "Sales", "members": ["ann@acme.example"] },
//!     { "displayName": "Everyone", "members": ["bo@acme.example", "Sales"] }
//!   ],
//!   "applications": [
//!     { "name": "Postman", "template": "postman", "scope": "assigned",
//!       "assignments": { "users": ["bo@acme.example"], "groups": ["Sales"] } }
//!   ]
//! }
//! ```
//!
//! * `tenant` is required; each list may be left out.
//! * A user has `userPrincipalName`, `displayName`, and any attribute by Entra's name (a text; a list
//!   of texts when the attribute is multi-valued; a boolean when it is one). `manager` is a user
//!   principal name. `accountEnabled` is true, `guest` and `deleted` (in the recycle bin) are false
//!   unless given.
//! * A group has `displayName`, any attribute of groups, `deleted`, and `members`: user principal
//!   names and group names.
//! * An application has `name`, `template` (`postman` or `nonGallery`, the mappings it starts with),
//!   `scope` (`assigned`, the default, or `all`) and `assignments`.
//! * User principal names are unique in the file, those of people in the recycle bin among them. A
//!   group name that is used as a reference must be unambiguous.
//!
//! The whole file is understood before anything is written; a mistake is told with line and column.

mod load;
mod parse;

pub use super::json::Position;
pub use load::{Seeded, SeededApplication, load};
pub use parse::parse;

use crate::directory::AttributeChange;
use crate::model::Scope;
use crate::sync::jobs::Template;

/// A directory to be. References are positions in the lists, so that they cannot dangle.
#[derive(Debug, Clone, PartialEq)]
pub struct Seed {
    /// Shown in the console.
    pub tenant_name: String,
    /// Default domain.
    pub domain: String,
    /// People.
    pub users: Vec<SeedUser>,
    /// Groups.
    pub groups: Vec<SeedGroup>,
    /// Enterprise applications.
    pub applications: Vec<SeedApplication>,
}

/// A person.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedUser {
    /// `userPrincipalName` and `displayName` among them.
    pub attributes: Vec<AttributeChange>,
    /// May this person sign in?
    pub account_enabled: bool,
    /// `Guest` rather than `Member`.
    pub guest: bool,
    /// In the recycle bin?
    pub deleted: bool,
    /// Position in [`Seed::users`].
    pub manager: Option<usize>,
}

/// A group.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedGroup {
    /// `displayName` among them.
    pub attributes: Vec<AttributeChange>,
    /// In the recycle bin?
    pub deleted: bool,
    /// Direct members.
    pub members: Vec<Principal>,
}

/// A user or group of a seed, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Position in [`Seed::users`].
    User(usize),
    /// Position in [`Seed::groups`].
    Group(usize),
}

/// An enterprise application.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedApplication {
    /// Shown in the console.
    pub name: String,
    /// What it is made from.
    pub template: Template,
    /// Who is in scope.
    pub scope: Scope,
    /// Who is assigned.
    pub assignments: Vec<Principal>,
}

/// A mistake in a seed file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {message}")]
pub struct SeedError {
    /// Where.
    pub at: Position,
    /// What was expected, or what is wrong and how to mend it.
    pub message: String,
}
