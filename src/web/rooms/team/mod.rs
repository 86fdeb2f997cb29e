//! The rooms of the team: members, groups, authentication, profile, schemas.

pub(super) mod authentication;
pub(super) mod groups;
pub(super) mod invite_form;
pub(super) mod invites;
pub(super) mod members;
pub(super) mod new_key;
pub(super) mod profile;
pub(super) mod schema_forms;
pub(super) mod schemas;
