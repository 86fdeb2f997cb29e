//! OKTA: the mock org, its people, groups, app integrations, and what happened.
//!
//! Labels are those of Okta's Admin Console, so that its documentation can be followed click by click.

pub mod applications;
pub mod assignments;
pub mod catalog;
pub mod dashboard;
pub mod groups;
pub mod import;
pub mod orgs;
pub mod people;
pub mod profile_editor;
pub mod provisioning;
pub mod push_groups;
pub mod rules;
pub mod scenarios;
pub mod system_log;
pub mod tasks;
pub mod tokens;
