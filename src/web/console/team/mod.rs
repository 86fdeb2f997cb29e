//! TEAM: members, groups, authentication.

pub mod authentication;
pub mod groups;
pub mod members;
pub mod profile;
