//! The rooms of the operator.

pub(super) mod operators;
pub(super) mod sessions;
pub(super) mod teams;
