//! The `synchronizationSchema` of Microsoft Graph: the JSON that *Review your schema here* downloads
//! and takes back, and the expression trees in it.
//!
//! [`export()`] writes a job's rules, [`import()`] reads a file as new rules, all of it or nothing.
//! [`parse_expression`] is the call behind the portal's expression builder. Follows the resource types
//! and samples of the synchronization API in Microsoft Graph v1.0.

mod definitions;
mod export;
mod filters;
mod frame;
mod import;
mod keys;
mod parse;
mod reader;
#[cfg(test)]
mod tests;
mod tree;

pub use export::{SchemaIdentity, export};
pub use frame::{Frame, RuleFrame, Slot, Surroundings};
pub use import::{import, import_text};
pub use parse::{ParsedExpression, PublicError, parse_expression, read_test_input};
pub use reader::{SchemaErrors, SchemaProblem};
pub use tree::expression_json;

/// Name of the target directory of an application that is not from the gallery.
pub const CUSTOM_DIRECTORY: &str = "customappsso";
/// Name of the source directory.
pub const SOURCE_DIRECTORY: &str = "Azure Active Directory";
/// Its newer name, which is read as well.
const SOURCE_DIRECTORY_NEW: &str = "Microsoft Entra ID";
