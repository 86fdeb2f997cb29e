//! The rooms of the team: members, groups, authentication.

pub(super) mod authentication;
pub(super) mod groups;
pub(super) mod members;
