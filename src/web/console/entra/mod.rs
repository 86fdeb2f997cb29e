//! ENTRA: the mock directory and its enterprise applications.

pub mod applications;
pub mod assignments;
pub mod credentials;
pub mod groups;
pub mod logs;
pub mod mappings;
pub mod provisioning;
pub mod users;
