//! The mock Okta org: what an administrator, the management API or a seed does to people, groups, app integrations and
//! assignments, and what follows from it.
//!
//! One operation is one function, called inside one write closure, with a proof that the caller may administer the org
//! ([`OrgAdministrator`](crate::access::OrgAdministrator)). Each writes the System Log events of part 2.11 of the Okta
//! reference and appends what must be sent to the queue of the app; sending is `sync::okta`'s. Must not know HTTP.

pub mod events;
pub mod search;
