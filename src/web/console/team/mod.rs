//! TEAM: members, groups, authentication, profile, schemas.

pub mod audit;
pub mod authentication;
pub mod domains;
pub mod groups;
pub mod members;
pub mod profile;
pub mod schemas;
pub mod scim;
pub mod sso;
