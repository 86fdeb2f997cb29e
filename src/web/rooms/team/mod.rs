//! The rooms of the team: members, groups, authentication, profile.

pub(super) mod authentication;
pub(super) mod groups;
pub(super) mod members;
pub(super) mod new_key;
pub(super) mod profile;
