//! Attribute mapping as values and functions: what a source object becomes in the target.
//!
//! Owns the languages in which identity providers describe mappings: [`entra`] computes with [`Value`],
//! [`okta`] with typed values of its own. Knows no store, no clock, no wire and no directory: time and
//! randomness come in through a context, a person is an [`entra::Source`] or the profiles of an
//! [`okta::Context`], the result is a list of target attributes with values. Follows Microsoft's "Reference
//! for writing expressions for attribute mappings" and "Tutorial - Customize user provisioning
//! attribute-mappings", and Okta's "Expression Language overview".

pub mod entra;
pub mod okta;
mod position;
mod value;

pub use position::Position;
pub use value::Value;
