//! Cycles against a small target in this process: what goes over the wire, and what survives.

mod accidental;
mod applications;
mod connection;
mod deprovisioning;
mod drift;
mod due;
mod escrow;
mod golden;
mod large_groups;
mod misbehaviour;
mod oauth;
mod quarantine;
mod resilience;
mod restart;
mod schema;
mod secrets;
mod status;
mod steps;
mod switch_defect;
mod tls;
mod traces;
