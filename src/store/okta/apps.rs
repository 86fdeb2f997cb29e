//! App integrations of an org.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::AppKey;
use crate::id::Seq;
use crate::model::okta::OktaApp;
use crate::store::record::decode;
use crate::store::{Error, Reads, Write, rows, tables};

/// The app in this row, unless it was deleted.
pub fn find(tx: &impl Reads, key: AppKey) -> Result<Option<OktaApp>, Error> {
    let app: Option<OktaApp> = rows::find(tx, tables::OKTA_APPS, (key.org.0, key.app.0))?;
    Ok(app.filter(|app| !app.removed))
}

/// Every app of an org that was not deleted, oldest first.
pub fn all(tx: &impl Reads, org: Seq) -> Result<Vec<OktaApp>, Error> {
    after(tx, org, Seq(0), usize::MAX)
}

/// The first `limit` apps of an org after `after` that were not deleted, oldest first.
pub fn after(tx: &impl Reads, org: Seq, after: Seq, limit: usize) -> Result<Vec<OktaApp>, Error> {
    let mut found = Vec::new();
    rows::walk::<OktaApp, Error>(tx, tables::OKTA_APPS, org, after, |app| {
        if found.len() == limit {
            return Ok(ControlFlow::Break(()));
        }
        if !app.removed {
            found.push(app);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// Every app of every org, those too that were deleted and are still taken apart.
pub fn every(tx: &impl Reads) -> Result<Vec<(AppKey, OktaApp)>, Error> {
    tx.open(tables::OKTA_APPS)?
        .iter()?
        .map(|row| {
            let (key, bytes) = row?;
            let (org, app) = key.value();
            let key = AppKey {
                org: Seq(org),
                app: Seq(app),
            };
            Ok((key, decode(bytes.value())?))
        })
        .collect()
}

/// A row number for a new app.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_apps")
}

/// Inserts or replaces an app.
pub fn put(tx: &Write<'_>, org: Seq, app: &OktaApp) -> Result<(), Error> {
    rows::put(tx, tables::OKTA_APPS, (org.0, app.seq.0), app)
}

/// Takes an app away. What belongs to it is the caller's.
pub fn remove(tx: &Write<'_>, key: AppKey) -> Result<(), Error> {
    rows::remove(tx, tables::OKTA_APPS, (key.org.0, key.app.0))
}
