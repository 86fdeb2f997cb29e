//! The rooms of one's own.

pub(super) mod api_keys;
