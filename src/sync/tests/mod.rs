//! Cycles against a small target in this process: what goes over the wire, and what survives.

mod connection;
mod due;
mod golden;
mod misbehaviour;
mod oauth;
mod resilience;
mod schema;
mod tls;
mod traces;
