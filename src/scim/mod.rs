//! SCIM 2.0, RFC 7643 and RFC 7644, as values and functions: no I/O, no clock, no store.
//!
//! A request travels through it like this: [`json::parse`] reads bytes; [`resource::create`],
//! [`resource::replace`] or [`PatchRequest`] turn the body into what is to be stored;
//! [`representation::represent`] builds the wire form of what is stored; [`Projection`] cuts it to what
//! the client asked for. [`Filter`] answers queries. What vendors send differently is in `quirks`;
//! what may be strict or lenient is a switch of [`Rules`].

pub mod bulk;
mod country;
pub mod cursor;
pub mod discovery;
pub mod endpoint;
pub mod error;
pub mod filter;
pub mod json;
pub mod key;
pub mod message;
mod omitted;
pub mod patch;
pub mod path;
mod precis;
pub mod profile;
pub mod projection;
pub mod quirks;
pub mod representation;
pub mod resource;
pub mod resource_types;
pub mod schema;
pub mod schema_document;
pub mod schemas;
pub mod search;
pub mod sort;
pub mod syntax;
pub mod urn;
mod value;

pub use bulk::BulkRequest;
pub use endpoint::Endpoint;
pub use error::{Error, ScimType};
pub use filter::Filter;
pub use patch::{GroupPatch, MemberEdit, PatchRequest};
pub use path::{AttributePath, PathSyntax};
pub use profile::{Preset, Profile, Rules};
pub use projection::Projection;
pub use representation::Entries;
pub use resource::{MemberType, MemberValue};
pub use resource_types::ResourceTypes;
pub use schema::{Attribute, Extension, ResourceType, Schema};
pub use schemas::{group, user};
pub use search::SearchRequest;
pub use sort::Sort;

/// A JSON object. Stored resources hold attributes only, named in schema case, extension data under
/// its URN; representations also hold `schemas`, `id` and `meta`.
pub type Object = serde_json::Map<String, serde_json::Value>;
