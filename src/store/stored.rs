//! A user or a group as its row lies in the file: text that is borrowed, not values that are built.
//!
//! Lists, scans and single reads look at a few attributes of many rows and pass the rest on as it is;
//! building every row as values would be most of their work.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Error;
use super::record::{Record, decode, encode};
use crate::id::Seq;

/// A row of users or groups.
#[derive(Debug, Deserialize)]
pub struct Stored<'a> {
    /// Row number.
    pub seq: Seq,
    /// Wire id, as printed.
    pub id: &'a str,
    /// Times and revision.
    #[serde(borrow)]
    pub meta: StoredMeta<'a>,
    /// Number of members; 0 for users.
    #[serde(default)]
    pub member_count: u64,
    /// The stored attributes: a JSON object.
    #[serde(borrow)]
    pub attributes: &'a RawValue,
}

/// [`Meta`](crate::model::Meta) as text.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct StoredMeta<'a> {
    /// RFC 3339, as `meta.created` shows it.
    pub created: &'a str,
    /// RFC 3339, as `meta.lastModified` shows it.
    pub last_modified: &'a str,
    /// See [`Meta::revision`](crate::model::Meta::revision).
    pub revision: u64,
}

/// Reads the bytes of a row; one of an older version is brought up to date first.
pub(super) fn read<T: Record, R>(
    bytes: &[u8],
    each: impl FnOnce(Stored<'_>) -> R,
) -> Result<R, Error> {
    let current: Cow<'_, [u8]> = match bytes.first() {
        Some(&version) if version == T::VERSION => Cow::Borrowed(bytes),
        _ => Cow::Owned(encode(&decode::<T>(bytes)?)?),
    };
    let json = current.get(1..).unwrap_or_default();
    let damaged = |e: &dyn std::fmt::Display| {
        Error::Corrupt(format!("a {} row cannot be read: {e}", T::NAME))
    };
    // Checked once as a whole; as bytes, every string of it would be checked alone.
    let json = std::str::from_utf8(json).map_err(|e| damaged(&e))?;
    let row = serde_json::from_str(json).map_err(|e| damaged(&e))?;
    Ok(each(row))
}
