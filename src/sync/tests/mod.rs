//! Cycles against a small target in this process: what goes over the wire, and what survives.

mod accidental;
mod deprovisioning;
mod drift;
mod due;
mod escrow;
mod quarantine;
mod resilience;
mod restart;
mod schema;
mod status;
mod traces;
