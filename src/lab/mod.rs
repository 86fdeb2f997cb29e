//! The laboratory: what fills a directory and what changes it for a demonstration.
//!
//! * [`seed`]: the seed file format, and loading a seed into a new tenant.
//! * [`demo`]: the sample company and the empty tenant.
//! * [`org`]: the same people as an org of the mock Okta.
//! * [`people`]: any number of made-up people.
//! * [`changes`]: a day in the life of a directory.
//! * [`mod@install`]: a tenant with applications and jobs.
//! * [`transfer`]: files of users and groups, read and written.
//! * [`agreement`], [`org_agreement`]: do the directory, or the org, and the team agree?
//! * [`clock`]: turning the appliance's clock, and what becomes due on the way.
//! * [`mod@sweep`]: what time takes away.
//! * [`scenarios`]: what happens in companies every day, played with one call; [`faults`]: how the bundled provider
//!   misbehaves for them.
//! * [`traffic`]: what SCIM clients sent and what they were answered, without secrets.
//!
//! Everything here is deterministic: random choices come from [`Ids`] or a seed number, time is an
//! argument. Must not know HTTP.

pub mod agreement;
pub mod changes;
pub mod clock;
pub mod demo;
pub mod faults;
mod ids;
pub mod install;
mod json;
pub mod org;
pub mod org_agreement;
pub mod people;
pub mod scenarios;
pub mod seed;
pub mod sweep;
pub mod traffic;
pub mod transfer;

pub use ids::Ids;
pub use install::{Installed, install};
pub use seed::{Seed, SeedError, Seeded};
pub use sweep::{sweep, work_off};

#[cfg(test)]
mod tests;
