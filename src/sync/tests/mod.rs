//! Cycles against a small target in this process: what goes over the wire, and what survives.

mod applications;
mod due;
mod resilience;
mod schema;
mod traces;
