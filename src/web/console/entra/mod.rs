//! ENTRA: the mock directory and its enterprise applications.

pub mod applications;
pub mod assignments;
pub mod credentials;
pub mod drift;
pub mod groups;
pub mod logs;
pub mod mappings;
pub mod on_demand;
pub mod provisioning;
pub mod schema;
pub mod users;
