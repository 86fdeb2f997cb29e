//! SSO methods of a team, and the index from a method's instance to its row.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::{Error, Reads, Write, rows, tables};
use crate::id::{Guid, Seq};
use crate::model::SsoMethod;

/// The method in this row.
pub fn find(tx: &impl Reads, team: Seq, method: Seq) -> Result<Option<SsoMethod>, Error> {
    rows::find(tx, tables::SSO_METHODS, (team.0, method.0))
}

/// Team and method of an instance.
pub fn of_instance(tx: &impl Reads, instance: &Guid) -> Result<Option<(Seq, SsoMethod)>, Error> {
    let found = tx
        .open(tables::INSTANCE_TO_SSO_METHOD)?
        .get(instance.bytes())?
        .map(|v| v.value());
    match found {
        Some((team, method)) => {
            Ok(find(tx, Seq(team), Seq(method))?.map(|method| (Seq(team), method)))
        }
        None => Ok(None),
    }
}

/// Every method of a team, oldest first.
pub fn list(tx: &impl Reads, team: Seq) -> Result<Vec<SsoMethod>, Error> {
    let mut methods = Vec::new();
    rows::walk::<SsoMethod, Error>(tx, tables::SSO_METHODS, team, Seq(0), |method| {
        methods.push(method);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(methods)
}

/// A row number for a new method.
pub fn next_seq(tx: &Write<'_>, team: Seq) -> Result<Seq, Error> {
    tx.next_seq(team, "sso_methods")
}

/// Inserts or replaces a method. Its instance never changes.
pub fn put(tx: &Write<'_>, team: Seq, method: &SsoMethod) -> Result<(), Error> {
    let row = (team.0, method.seq.0);
    tx.table(tables::INSTANCE_TO_SSO_METHOD)?
        .insert(method.instance.bytes(), row)?;
    rows::put(tx, tables::SSO_METHODS, row, method)
}

/// Takes a method away.
pub fn remove(tx: &Write<'_>, team: Seq, method: &SsoMethod) -> Result<(), Error> {
    tx.table(tables::INSTANCE_TO_SSO_METHOD)?
        .remove(method.instance.bytes())?;
    rows::remove(tx, tables::SSO_METHODS, (team.0, method.seq.0))
}
