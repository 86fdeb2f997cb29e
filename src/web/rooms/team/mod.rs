//! The rooms of the team: members, groups, authentication, profile, schemas.

pub(super) mod audit;
pub(super) mod authentication;
pub(super) mod domains;
pub(super) mod environment;
mod export;
pub(super) mod group_forms;
pub(super) mod group_people;
pub(super) mod groups;
pub(super) mod invite_form;
pub(super) mod invites;
pub(super) mod keys;
pub(super) mod member;
pub(super) mod member_actions;
pub(super) mod members;
pub(super) mod metadata;
pub(super) mod new_key;
mod once;
pub(super) mod profile;
pub(super) mod roles;
pub(super) mod schema_forms;
pub(super) mod schemas;
pub(super) mod scim;
pub(super) mod sso;
