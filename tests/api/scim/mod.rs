//! `/scim/v2`.

mod authentication;
mod clients;
mod create;
mod discovery;
mod filters;
mod groups;
mod hostile;
mod large;
mod paging;
mod patch_groups;
mod patch_users;
mod rate_limits;
mod read;
mod replace;
mod request_ids;
mod versions;
