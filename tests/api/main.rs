//! Black-box tests over real HTTP; the tree mirrors the URLs. Each row of a table carries the id of the
//! conformance example it checks.

mod scim;
mod server;
mod team;
