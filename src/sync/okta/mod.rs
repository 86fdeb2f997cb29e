//! The mock Okta's provisioning: what is sent when something waits in an app's queue, against any SCIM target.
//!
//! Follows part 1 of the Okta reference. The org (`directory::okta`) appends jobs to queues; nothing here decides that
//! something must be sent. How a job travels:
//!
//! ```text
//! queue ──> next (which jobs may begin; pure) ──> people (side by side) or groups (alone)
//!             or a page of an import (alone, and then the others have their turn)
//!             ──> steps: wire (requests; pure), client (HTTP), answer (what came back; pure), text (Okta's words; pure)
//!             ──> save: rows, events with their exchanges, tasks and what is left of the queue in one write
//! ```
//!
//! A process that is killed goes on where the last write left the queue: everything is looked for before it is made,
//! and everything else may be said twice. Knows nothing of the provider's own rows or of the web.

mod answer;
mod beside;
mod drain;
mod due;
mod generated;
mod groups;
mod import;
mod jackson;
mod members;
mod next;
mod outcome;
mod people;
mod place;
mod probe;
mod save;
mod session;
mod tasks;
#[cfg(test)]
mod tests;
mod text;
pub mod wire;

pub use beside::{ask, settle};
pub use drain::drain;
pub use probe::{Probed, probe};
pub use tasks::{dismiss, retry};

pub(super) use due::{due, next_due, plan_anew};
