//! The bundled service provider: a team with its SCIM toggle, keys, users and groups.
//!
//! Owns the operations: each is one function that runs in one transaction, given by the caller as
//! `tx`. Who may call is in the signature ([`crate::access`]). Bodies are read by `crate::scim`
//! before; wire forms are built by [`represent`] after. Knows nothing of HTTP, nor of the agents.
//!
//! Follows RFC 7643/7644; where they leave a choice, the interop choices of the SCIM notes (A1 to
//! A55 in the module docs of `crate::scim`).

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod browse;
pub mod bulk;
pub mod by_hand;
mod callers;
pub mod domains;
pub mod endpoint;
pub mod groups;
pub mod invites;
pub mod key_uses;
pub mod keys;
pub mod mail_settings;
mod membership;
pub mod notices;
pub mod operator_token;
pub mod operators;
pub mod own;
pub mod postman;
pub mod precondition;
pub mod query;
pub mod rate;
pub mod represent;
pub mod roles;
pub mod roster;
pub mod schemas;
pub mod sessions;
pub mod sso;
pub mod team;
pub mod users;

#[cfg(test)]
mod tests;

pub use callers::Callers;
pub use endpoint::Endpoints;
pub use precondition::IfMatch;
pub use query::{Listing, Query};
pub use represent::{Body, Rendered, Resource};

use crate::error::{Error, Result};
use crate::id::ScimId;
use crate::model::ObjectKind;
use crate::scim::{Endpoint, ResourceType};

/// What an endpoint's resources of a kind consist of.
pub(crate) fn resource_type(endpoint: &Endpoint, kind: ObjectKind) -> &ResourceType {
    match kind {
        ObjectKind::User => &endpoint.types.user,
        ObjectKind::Group => &endpoint.types.group,
    }
}

/// Reads an id of a request path. Whatever is not an id of ours is simply unknown.
fn id_of(kind: &'static str, id: &str) -> Result<ScimId> {
    id.parse().map_err(|_| Error::not_found(kind, shown(id)))
}

/// An id as an error may echo it: short, and without control characters.
fn shown(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(64).collect()
}
