//! The `synchronizationSchema` of Microsoft Graph: the JSON that *Review your schema here* downloads
//! and takes back.

mod frame;

pub use frame::{Frame, RuleFrame, Slot};

/// Name of the target directory of an application that is not from the gallery.
pub const CUSTOM_DIRECTORY: &str = "customappsso";
