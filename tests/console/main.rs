//! Black-box tests of the console over real HTTP, as a browser would use it; the tree mirrors the URLs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod browser;
mod crawl;
mod domains;
mod entra;
mod guards;
mod keys;
mod members;
mod overview;
mod profile;
mod roles;
mod schemas;
mod sign_in;
mod sso;
mod team;
mod team_groups;
mod teams;
mod traffic;
mod within;
