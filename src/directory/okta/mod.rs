//! The mock Okta org: what an administrator, the management API or a seed does to people, groups, app integrations and
//! assignments, and what follows from it.
//!
//! One operation is one function, called inside one write closure, with a proof that the caller may administer the org
//! ([`OrgAdministrator`](crate::access::OrgAdministrator)). Each writes the System Log events of part 2.11 of the Okta
//! reference and appends what must be sent to the queue of the app; sending is `sync::okta`'s. Must not know HTTP.
//!
//! What an operation appends:
//!
//! | operation | jobs |
//! |---|---|
//! | assign a person or a group, activate a person | `Provision` for each |
//! | change a person, an assignment, mappings | `PushProfile` where an app user changed and updates are on |
//! | unassign, deactivate a person | `Deactivate` where the target has an account and that is on |
//! | change a password | `PushPassword` where Okta passwords are synchronized |
//! | rename a group, change its members | `RenameGroup`, `PushMembers` of active push mappings |
//! | push a group, push now, unlink | `PushGroup`, `PushAllMembers`, `DeleteGroup` |
//! | activate or delete a group rule | `EvaluateRules`, `ForgetRule` in the queue of the org, for whom one write does not reach |
//!
//! Suspending, locking and expiring append nothing.

pub mod apps;
pub mod assignments;
pub mod evaluation;
pub mod events;
pub mod groups;
pub mod imports;
mod known;
pub mod lifecycle;
pub mod orgs;
pub mod profile;
pub mod push;
pub mod push_bulk;
pub mod push_rules;
pub mod refusal;
mod relations;
pub mod rules;
pub mod search;
pub mod templates;
pub mod user_schema;
pub mod users;

pub use refusal::{Refusal, Result};

#[cfg(test)]
mod tests;
