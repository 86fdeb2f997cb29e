//! TEAM: members, groups, authentication, profile, schemas.

pub mod authentication;
pub mod groups;
pub mod invites;
pub mod members;
pub mod profile;
pub mod schemas;
