//! App registrations, and the key that signs their access tokens.

use super::{Error, Reads, Write, rows, tables};
use crate::id::{Guid, Seq};
use crate::model::{AppRegistration, TokenKey};

const SIGNING_KEY: &str = "token_signing_key";

/// Every registration of a tenant, oldest first.
pub fn all(tx: &impl Reads, tenant: Seq) -> Result<Vec<AppRegistration>, Error> {
    rows::page(tx, tables::APP_REGISTRATIONS, tenant, Seq(0), usize::MAX)
}

/// The registration in this row.
pub fn find(
    tx: &impl Reads,
    tenant: Seq,
    registration: Seq,
) -> Result<Option<AppRegistration>, Error> {
    rows::find(tx, tables::APP_REGISTRATIONS, (tenant.0, registration.0))
}

/// The registration with this client id. There are few: they are walked through.
pub fn by_app_id(
    tx: &impl Reads,
    tenant: Seq,
    app_id: &Guid,
) -> Result<Option<AppRegistration>, Error> {
    Ok(all(tx, tenant)?
        .into_iter()
        .find(|found| found.app_id == *app_id))
}

/// A row number for a new registration.
pub fn next_seq(tx: &Write<'_>, tenant: Seq) -> Result<Seq, Error> {
    tx.next_seq(tenant, "app_registrations")
}

/// Inserts or replaces a registration.
pub fn put(tx: &Write<'_>, tenant: Seq, row: &AppRegistration) -> Result<(), Error> {
    rows::put(tx, tables::APP_REGISTRATIONS, (tenant.0, row.seq.0), row)
}

/// Takes a registration away.
pub fn remove(tx: &Write<'_>, tenant: Seq, registration: Seq) -> Result<(), Error> {
    rows::remove(tx, tables::APP_REGISTRATIONS, (tenant.0, registration.0))
}

/// The key of access tokens, sealed; none before the first token was asked for.
pub fn signing_key(tx: &impl Reads) -> Result<Option<TokenKey>, Error> {
    rows::find(tx, tables::SETTINGS, SIGNING_KEY)
}

/// Keeps the key of access tokens unless there is one; tells which one counts.
pub fn keep_signing_key(tx: &Write<'_>, key: &TokenKey) -> Result<TokenKey, Error> {
    if let Some(kept) = signing_key(tx)? {
        return Ok(kept);
    }
    rows::put(tx, tables::SETTINGS, SIGNING_KEY, key)?;
    Ok(key.clone())
}
