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
//!     { "displayName": "Everyone", "members": ["bo@acme.example", "Sales"] },
//!     { "displayName": "At work", "membershipRule": "user.accountEnabled -eq true" }
//!   ],
//!   "applications": [
//!     { "name": "Postman", "template": "postman", "scope": "assigned",
//!       "assignments": { "users": ["bo@acme.example"], "groups": ["Sales"] },
//!       "appRoles": [ { "displayName": "Admin", "value": "admin", "users": ["ann@acme.example"] } ] }
//!   ]
//! }
//! ```
//!
//! * `tenant` is required; each list may be left out.
//! * A user has `userPrincipalName`, `displayName`, and any attribute by Entra's name (a text; a list
//!   of texts when the attribute is multi-valued; a boolean when it is one). `manager` is a user
//!   principal name. `accountEnabled` is true, `guest` and `deleted` (in the recycle bin) are false
//!   unless given.
//! * A group has `displayName`, any attribute of groups, `deleted`, and either `members`, user principal
//!   names and group names, or a `membershipRule`.
//! * An application has `name`, `template` (`postman` or `nonGallery`, the mappings it starts with),
//!   `scope` (`assigned`, the default, or `all`), `assignments`, and `appRoles`: each with `displayName`,
//!   perhaps a `value`, and the `users` and `groups` who are assigned with it.
//! * A directory extension (`extension_...`) that somebody has is defined in the tenant as a text.
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
use crate::directory::app_roles::RoleDetails;
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
    /// Direct members; none where there is a rule.
    pub members: Vec<Principal>,
    /// Rule of a dynamic group.
    pub rule: Option<String>,
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
    /// Who is assigned with *Default Access*.
    pub assignments: Vec<Principal>,
    /// App roles.
    pub roles: Vec<SeedRole>,
}

/// An app role, and who has it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedRole {
    /// What it is to be.
    pub details: RoleDetails,
    /// Who is assigned with it.
    pub assigned: Vec<Principal>,
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
