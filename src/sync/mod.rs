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
//! To add a dialect: a file in `dialect/`. To change what is sent when: `reconcile`, which is pure.
//! Knows nothing of the provider's own rows or of the web.

mod answer;
pub mod client;
pub mod dialect;
pub mod jobs;
mod probe;
pub mod reconcile;
pub mod tenant_url;

pub use probe::{ConnectionFailure, INVALID, SUCCESS, test_connection};
