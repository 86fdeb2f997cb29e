//! `/scim/v2`.

mod authentication;
mod create;
mod discovery;
mod filters;
mod groups;
mod hostile;
mod paging;
mod patch_groups;
mod patch_users;
mod rate_limits;
mod read;
mod replace;
mod request_ids;
mod versions;
