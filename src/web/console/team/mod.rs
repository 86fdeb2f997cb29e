//! TEAM: members, groups, authentication, profile, schemas.

pub mod audit;
pub mod authentication;
pub mod domains;
pub mod group_form;
pub mod groups;
pub mod invites;
pub mod member;
pub mod members;
pub mod profile;
pub mod roles;
pub mod schemas;
pub mod scim;
pub mod sso;
