//! Attribute mapping as Okta does it: Okta Expression Language (classic), and what it maps to.
//!
//! A route through the module: an [`Expression`] (or a [`Template`] with `${...}`) is parsed once, when a
//! mapping is saved, and evaluated for every person with a [`Context`] that borrows the profiles. Its typed
//! [`Value`] becomes an attribute of the app user when its [`AttributeType`] accepts it; an [`ExternalName`]
//! says where that stands in a SCIM resource: [`render`] makes a new one, [`set`] changes what a server sent,
//! [`get`] reads it. What a new app begins with are [`APP_ATTRIBUTES`]. To add a function of the language, add a row in
//! `functions/`. What Okta's documentation leaves open is a field of [`Switches`].
//!
//! Must not know who asks: no store, no wire, no clock.

mod attribute_type;
mod context;
mod error;
mod evaluate;
mod expression;
mod external_name;
mod functions;
mod operators;
mod pattern;
mod standard;
mod switches;
#[cfg(test)]
mod tests;
mod value;

pub use attribute_type::{AttributeType, TypeMismatch};
pub use context::{App, Context, Group, Internal, Profile, Related};
pub use error::{ErrorKind, EvaluationError, SyntaxError};
pub use expression::{Expression, Purpose, Reference, Template, Warning};
pub use external_name::{CORE, ENTERPRISE, EmptyValues, ExternalName, arrange, get, render, set};
pub use functions::{Arity, FUNCTIONS, Family, Function};
pub use standard::{APP_ATTRIBUTES, AppAttribute, USER_ATTRIBUTES, UserAttribute};
pub use switches::{ArraysRemove, NullConcat, SubstringOutOfRange, Switches, UnixTime};
pub use value::Value;
