//! ENTRA: the mock directory and its enterprise applications.

pub mod app_roles;
pub mod applications;
pub mod assignments;
pub mod credentials;
pub mod deleted;
pub mod gallery;
pub mod groups;
pub mod import;
pub mod logs;
pub mod mappings;
pub mod provisioning;
pub mod tenants;
pub mod user_form;
pub mod users;
