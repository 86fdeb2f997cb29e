//! ENTRA: the mock directory and its enterprise applications.

pub mod app_roles;
pub mod applications;
pub mod assignments;
pub mod credentials;
pub mod deleted;
pub mod drift;
pub mod gallery;
pub mod groups;
pub mod import;
pub mod inbound;
pub mod job_settings;
pub mod logs;
pub mod mappings;
pub mod on_demand;
pub mod provisioning;
pub mod registrations;
pub mod restart;
pub mod schema;
pub mod tenants;
pub mod uploads;
pub mod user_form;
pub mod users;
