//! Black-box tests over real HTTP; the tree mirrors the URLs. Each row of a table carries the id of the
//! conformance example it checks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::too_many_lines, reason = "tables are data")]

mod app_registrations;
mod audit;
mod graph_directory;
mod graph_synchronization;
mod inbound;
mod lab;
mod okta;
mod scim;
mod server;
mod team;
