//! ENTRA: the mock directory and its enterprise applications.

pub mod applications;
pub mod assignments;
pub mod drift;
pub mod groups;
pub mod logs;
pub mod on_demand;
pub mod provisioning;
pub mod users;
