//! Looking users of the mock Entra directory up by what they are called: indexes that [`super::directory`] maintains.

use std::ops::Bound;

use redb::ReadableTable as _;

use super::directory::upn_key;
use super::{Error, Reads, tables};
use crate::id::Seq;

/// Rows of users outside the recycle bin with this value of one of [`LOOKED_UP`](super::directory::LOOKED_UP), in any
/// case and in creation order, at most `limit`.
pub fn rows_by_value(
    tx: &impl Reads,
    tenant: Seq,
    attribute: &str,
    value: &str,
    limit: usize,
) -> Result<Vec<Seq>, Error> {
    let value = value.to_lowercase();
    let key = |row| (tenant.0, attribute, value.as_str(), row);
    tx.open(tables::VALUE_TO_DIRECTORY_USER)?
        .range(key(0)..=key(u64::MAX))?
        .take(limit)
        .map(|row| Ok(Seq(row?.0.value().3)))
        .collect()
}

/// Which names of users, in lower case, a walk by name visits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// What they begin with, in any case.
    pub prefix: &'a str,
    /// The last one that was visited.
    pub after: Option<&'a str>,
    /// From the last to the first.
    pub descending: bool,
}

/// Up to `limit` user principal names of users outside the recycle bin, in their order, and whose they are.
pub fn principal_names(
    tx: &impl Reads,
    tenant: Seq,
    names: Names<'_>,
    limit: usize,
) -> Result<Vec<(String, Seq)>, Error> {
    let prefix = upn_key(names.prefix);
    // Nothing that begins with the prefix comes behind it with the last character.
    let end = format!("{prefix}{}", char::MAX);
    let (mut first, mut last) = (
        Bound::Included((tenant.0, prefix.as_str())),
        Bound::Included((tenant.0, end.as_str())),
    );
    if let Some(after) = names.after {
        let behind = Bound::Excluded((tenant.0, after));
        let place = if names.descending {
            &mut last
        } else {
            &mut first
        };
        *place = behind;
        if after < prefix.as_str() || after > end.as_str() {
            return Ok(Vec::new());
        }
    }
    let table = tx.open(tables::UPN_TO_DIRECTORY_USER)?;
    let mut range = table.range((first, last))?;
    let mut found = Vec::new();
    while found.len() < limit {
        let next = if names.descending {
            range.next_back()
        } else {
            range.next()
        };
        let Some(entry) = next else { break };
        let (key, row) = entry?;
        found.push((key.value().1.to_owned(), Seq(row.value())));
    }
    Ok(found)
}
