//! Attribute mapping as Microsoft Entra's provisioning service does it.
//!
//! A route through the module: [`SynchronizationRules`] hold one [`ObjectMapping`] for users and one
//! for groups; its [`ScopingFilter`]s decide with [`in_scope`] whether an object is handled; its
//! [`AttributeMapping`]s compute target values from a [`Source`], each by an attribute, a constant
//! or an [`Expression`]; [`render_create`], [`read`] and [`differs`] connect those values with SCIM
//! JSON. To add a function of the language, add a row in `functions/`.
//!
//! `IsSoftDeleted` and `appRoleAssignments` are computed by the caller and put into the source.

mod attribute;
mod attribute_list;
mod attributes;
mod bounded;
mod comparison;
mod context;
mod definition;
mod discovery;
mod evaluate;
mod expression;
mod filters;
mod flow;
mod functions;
pub mod lint;
mod object;
mod operator;
mod pattern;
mod presets;
mod random;
mod resource;
mod roles;
pub mod schema;
mod scim_source;
mod scope;
mod source;
mod standard;
mod target;

pub use attribute::{AttributeMapping, FlowBehavior, FlowType, MappingSource, Reference};
pub use attribute_list::{AttributeListError, is_custom};
pub use attributes::{AttributeType, ObjectKind, SourceAttribute, source_attributes};
pub use context::{Context, Taken};
pub use definition::{AttributeDefinition, Mutability, ReferencedObject, find as find_definition};
pub use discovery::{DiscoveryError, discover};
pub use evaluate::{Evaluated, EvaluationError, evaluate};
pub use expression::{Call, Comparison, Expression, Node, ParseError, Position};
pub use filters::{FilterVerdict, Standing};
pub use flow::due;
pub use functions::{Arity, FUNCTIONS, Function, Parameter};
pub use object::{
    Actions, Computation, Mapped, MappedAttribute, MappingError, ObjectMapping,
    ObjectMappingFields, Purpose, ReferenceMapping, SynchronizationRules, Unsent, UnsentReason,
};
pub use operator::Operator;
pub use presets::{INBOUND, Preset, inbound, non_gallery, postman};
pub use resource::{differs, read, render_create};
pub use roles::{Role, RoleFlow};
pub use scim_source::source_of_scim_user;
pub use scope::{Clause, ClauseVerdict, ScopeError, ScopeVerdict, ScopingFilter, in_scope};
pub use source::Source;
pub use standard::{source_definitions, target_definitions};
pub use target::{TargetPath, TargetPathError};
