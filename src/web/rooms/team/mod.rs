//! The rooms of the team: members, groups, authentication, profile, schemas.

pub(super) mod authentication;
mod export;
pub(super) mod group_forms;
pub(super) mod group_people;
pub(super) mod groups;
pub(super) mod member;
pub(super) mod members;
pub(super) mod new_key;
pub(super) mod profile;
pub(super) mod roles;
pub(super) mod schema_forms;
pub(super) mod schemas;
