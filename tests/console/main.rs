//! Black-box tests of the console over real HTTP, as a browser would use it; the tree mirrors the URLs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod browser;
mod crawl;
mod domains;
mod entra;
mod entra_directory;
mod entra_logs;
mod entra_on_demand;
mod entra_schema;
mod entra_uploads;
mod guards;
mod inbound;
mod invites;
mod keys;
mod mail;
mod mappings;
mod members;
mod okta;
mod okta_apps;
mod okta_assignments;
mod okta_import;
mod okta_profiles;
mod okta_push_groups;
mod okta_rules;
mod operators;
mod overview;
mod own_profile;
mod profile;
mod provisioning;
mod roles;
mod schemas;
mod security;
mod sessions;
mod sign_in;
mod sso;
mod team;
mod team_groups;
mod teams;
mod traffic;
mod within;
