//! The `synchronizationSchema` of Microsoft Graph: the JSON that *Review your schema here* downloads
//! and takes back.

mod frame;

pub use frame::{Frame, RuleFrame, Slot};
