//! tmp
pub mod agreement;
