//! SCIM keys of a team, and the index from the digest of an active key to its row.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::{KeyStatus, ScimKey};
use crate::secret::Digest;

/// The key in this row.
pub fn find(tx: &impl Reads, team: Seq, key: Seq) -> Result<Option<ScimKey>, Error> {
    rows::find(tx, tables::SCIM_KEYS, (team.0, key.0))
}

/// Team and row of the active key with this digest.
pub fn find_active(tx: &impl Reads, digest: &Digest) -> Result<Option<(Seq, ScimKey)>, Error> {
    let found = tx
        .open(tables::DIGEST_TO_SCIM_KEY)?
        .get(&digest.0)?
        .map(|v| v.value());
    match found {
        Some((team, key)) => Ok(find(tx, Seq(team), Seq(key))?.map(|key| (Seq(team), key))),
        None => Ok(None),
    }
}

/// Every key of a team, oldest first.
pub fn list(tx: &impl Reads, team: Seq) -> Result<Vec<ScimKey>, Error> {
    let mut keys = Vec::new();
    rows::walk::<ScimKey, Error>(tx, tables::SCIM_KEYS, team, Seq(0), |key| {
        keys.push(key);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(keys)
}

/// A row number for a new key.
pub fn next_seq(tx: &Write<'_>, team: Seq) -> Result<Seq, Error> {
    tx.next_seq(team, "scim_keys")
}

/// Inserts or replaces a key; only active ones are in the index.
pub fn put(tx: &Write<'_>, team: Seq, key: &ScimKey) -> Result<(), Error> {
    let mut index = tx.table(tables::DIGEST_TO_SCIM_KEY)?;
    if let Some(old) = find(tx, team, key.seq)? {
        index.remove(&old.digest.0)?;
    }
    if key.status == KeyStatus::Active {
        index.insert(&key.digest.0, (team.0, key.seq.0))?;
    }
    drop(index);
    rows::put(tx, tables::SCIM_KEYS, (team.0, key.seq.0), key)
}

/// Takes a key away for good.
pub fn remove(tx: &Write<'_>, team: Seq, key: &ScimKey) -> Result<(), Error> {
    if key.status == KeyStatus::Active {
        tx.table(tables::DIGEST_TO_SCIM_KEY)?
            .remove(&key.digest.0)?;
    }
    rows::remove(tx, tables::SCIM_KEYS, (team.0, key.seq.0))
}
