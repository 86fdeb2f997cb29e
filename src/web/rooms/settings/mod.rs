//! The rooms of the operator.

pub(super) mod teams;
