//! The `synchronizationSchema` of Microsoft Graph: the JSON that *Review your schema here* downloads
//! and takes back, and the expression trees in it.
//!
//! [`export()`] writes a job's rules, [`import()`] reads a file as new rules, all of it or nothing.
//! [`parse_expression`] is the call behind the portal's expression builder, [`functions_json`] and
//! [`filter_operators_json`] are what may be written. A job that uploads into the directory has its rule the other way
//! round; [`import_inbound`] reads such a one. Follows the resource types
//! and samples of the synchronization API in Microsoft Graph v1.0.

mod definitions;
mod export;
mod filters;
mod frame;
mod import;
mod keys;
mod language;
mod parse;
mod reader;
#[cfg(test)]
mod tests;
mod tree;

pub use definitions::attributes_json;
pub use export::{SchemaIdentity, export, rule_ids};
pub use frame::{Frame, RuleFrame, Slot, Surroundings};
pub use import::{document, import, import_inbound};
pub use language::{filter_operators_json, functions_json};
pub use parse::{ParsedExpression, PublicError, parse_expression, read_test_input};
pub use reader::{At, Members, Problems, SchemaErrors, SchemaProblem};
pub use tree::expression_json;

/// Name of the target directory of an application that is not from the gallery.
pub const CUSTOM_DIRECTORY: &str = "customappsso";
/// Name of the source directory.
pub const SOURCE_DIRECTORY: &str = "Azure Active Directory";
/// Its newer name, which is read as well.
const SOURCE_DIRECTORY_NEW: &str = "Microsoft Entra ID";
/// Name of the directory that an inbound job reads: what clients upload to its API.
pub const API_DIRECTORY: &str = "API";

/// Whether this is a name of the tenant's own directory.
pub(super) fn is_tenant(directory: &str) -> bool {
    directory == SOURCE_DIRECTORY || directory == SOURCE_DIRECTORY_NEW
}
