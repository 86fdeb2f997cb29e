//! Cycles against a small target in this process: what goes over the wire, and what survives.

mod resilience;
mod traces;
