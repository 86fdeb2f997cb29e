//! Personal API keys, the index from a digest to the key that it opens with, and whose they are.

use redb::ReadableTable;

use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::ApiKey;
use crate::secret::Digest;

/// The key in this row.
pub fn find(tx: &impl Reads, key: Seq) -> Result<Option<ApiKey>, Error> {
    rows::find(tx, tables::API_KEYS, key.0)
}

/// The key with this digest that was not revoked.
pub fn find_by_digest(tx: &impl Reads, digest: &Digest) -> Result<Option<ApiKey>, Error> {
    let seq = tx
        .open(tables::DIGEST_TO_API_KEY)?
        .get(&digest.0)?
        .map(|v| v.value());
    match seq {
        Some(seq) => find(tx, Seq(seq)),
        None => Ok(None),
    }
}

/// Every key of an account, oldest first.
pub fn of_account(tx: &impl Reads, account: Seq) -> Result<Vec<ApiKey>, Error> {
    let index = tx.open(tables::ACCOUNT_TO_API_KEY)?;
    let mut keys = Vec::new();
    for entry in index.range((account.0, 0)..=(account.0, u64::MAX))? {
        keys.extend(find(tx, Seq(entry?.0.value().1))?);
    }
    Ok(keys)
}

/// A row number for a new key.
pub fn next_seq(tx: &Write<'_>) -> Result<Seq, Error> {
    tx.next_seq(Seq(0), "api_keys")
}

/// Inserts or replaces a key. The caller has made sure that the digest is no other key's.
pub fn put(tx: &Write<'_>, key: &ApiKey) -> Result<(), Error> {
    let mut digests = tx.table(tables::DIGEST_TO_API_KEY)?;
    if key.revoked.is_none() {
        digests.insert(&key.digest.0, key.seq.0)?;
    } else {
        digests.remove(&key.digest.0)?;
    }
    drop(digests);
    tx.table(tables::ACCOUNT_TO_API_KEY)?
        .insert((key.account.0, key.seq.0), ())?;
    rows::put(tx, tables::API_KEYS, key.seq.0, key)
}
