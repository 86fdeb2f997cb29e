//! Pages of the operator: what belongs to the appliance and to no team.

pub mod operators;
pub mod sessions;
pub mod teams;
