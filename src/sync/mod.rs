//! The provisioning agent: what Microsoft Entra's provisioning service does, against any SCIM target.
//!
//! It reads the mock directory and talks HTTP to the target's base URL, the bundled provider's or any
//! other; it has no private door. How a cycle travels:
//!
//! ```text
//! jobs::start ── row: due now ──> agent (scheduler thread) ──> cycle (straight-line function)
//!   probe ──> Users ──> Groups ──> Managers ──> Members ──> watermark
//!   each phase: a reader makes work of source pages (objects, managers, members)
//!               ──> workers: matching, reconcile, dialect, client
//!               ──> batches of outcomes: links, log entries, escrows, cursor in one write
//! ```
//!
//! To add a dialect: a row in `dialect`. To change what is sent when: `reconcile`, which is pure.
//! Knows nothing of the provider's own rows or of the web.

mod agent;
mod answer;
pub mod applications;
mod changes;
pub mod client;
mod context;
mod credentials;
mod cycle;
pub mod dialect;
mod discovery;
pub mod drift;
mod due;
mod ending;
mod escrow;
mod export;
mod guard;
pub mod jobs;
mod log;
pub mod log_retention;
mod managers;
mod matching;
mod members;
mod notify;
mod objects;
pub mod okta;
pub mod on_demand;
mod outcome;
mod pipeline;
pub mod preview;
mod probe;
mod quarantine;
pub mod reconcile;
mod refusal;
mod restart;
pub mod rules;
mod save;
pub mod schema;
pub mod secrets;
pub mod summary;
mod switch_defect;
pub mod tenant_url;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod throttle;
mod uploads;

pub use agent::{Agent, Waker};
pub use client::{BadTrust, Trust};
pub use context::{AgentContext, Observer, Pause, Settings};
pub use credentials::{ClientCredentials, Connection, Credentials, NoConnection};
pub use cycle::run_cycle;
pub use discovery::{Discovered, discover_schemas};
pub use due::{next_due, plan_anew, run_due};
pub use escrow::due as escrow_due;
pub use probe::{ConnectionFailure, INVALID, PROBE_REQUESTS, SUCCESS, test_connection};
pub use quarantine::Thresholds;
