//! What was done with each SCIM key, beside the keys: it changes all the time, they hardly ever.

use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::KeyUse;

/// What was done with a key, as far as it was written down.
pub fn find(tx: &impl Reads, team: Seq, key: Seq) -> Result<KeyUse, Error> {
    Ok(rows::find(tx, tables::KEY_USES, (team.0, key.0))?.unwrap_or_default())
}

/// Replaces what is written down.
pub fn put(tx: &Write<'_>, team: Seq, key: Seq, of: &KeyUse) -> Result<(), Error> {
    rows::put(tx, tables::KEY_USES, (team.0, key.0), of)
}

/// Forgets a key that is gone.
pub fn remove(tx: &Write<'_>, team: Seq, key: Seq) -> Result<(), Error> {
    rows::remove(tx, tables::KEY_USES, (team.0, key.0))
}
