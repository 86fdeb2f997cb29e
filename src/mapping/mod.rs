//! Attribute mapping as values and functions: what a source object becomes in the target.
//!
//! Owns the languages in which identity providers describe mappings and the shared [`Value`] they
//! compute with. Knows no store, no clock, no wire and no directory: time and randomness come in
//! through a context, a person is a flat [`entra::Source`], the result is a list of target
//! attributes with values. Follows Microsoft's "Reference for writing expressions for attribute
//! mappings" and "Tutorial - Customize user provisioning attribute-mappings".

pub mod entra;
mod value;

pub use value::Value;
