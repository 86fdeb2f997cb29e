//! Attribute mapping as Okta does it: Okta Expression Language (classic), and what it maps to.
//!
//! A route through the module: an [`Expression`] (or a [`Template`] with `${...}`) is parsed once, when a
//! mapping is saved, and evaluated for every person with a [`Context`] that borrows the profiles. Its typed
//! [`Value`] becomes an attribute of the app user. To add a function of the language, add a row in
//! `functions/`. What Okta's documentation leaves open is a field of [`Switches`].
//!
//! Must not know who asks: no store, no wire, no clock.

mod context;
mod error;
mod evaluate;
mod expression;
mod functions;
mod operators;
mod pattern;
mod switches;
mod value;

pub use context::{App, Context, Group, Internal, Profile, Related};
pub use error::{ErrorKind, EvaluationError, SyntaxError};
pub use expression::{Expression, Purpose, Reference, Template, Warning};
pub use functions::{Arity, FUNCTIONS, Family, Function};
pub use switches::{ArraysRemove, NullConcat, SubstringOutOfRange, Switches, UnixTime};
pub use value::Value;
