//! Schema extensions of a team.

use std::ops::ControlFlow;

use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::TeamSchema;

/// The schema in this row.
pub fn find(tx: &impl Reads, team: Seq, schema: Seq) -> Result<Option<TeamSchema>, Error> {
    rows::find(tx, tables::TEAM_SCHEMAS, (team.0, schema.0))
}

/// Every schema of a team, oldest first; removed ones with stored data too.
pub fn list(tx: &impl Reads, team: Seq) -> Result<Vec<TeamSchema>, Error> {
    let mut schemas = Vec::new();
    rows::walk::<TeamSchema, Error>(tx, tables::TEAM_SCHEMAS, team, Seq(0), |schema| {
        schemas.push(schema);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(schemas)
}

/// A row number for a new schema.
pub fn next_seq(tx: &Write<'_>, team: Seq) -> Result<Seq, Error> {
    tx.next_seq(team, "team_schemas")
}

/// Inserts or replaces a schema.
pub fn put(tx: &Write<'_>, team: Seq, schema: &TeamSchema) -> Result<(), Error> {
    rows::put(tx, tables::TEAM_SCHEMAS, (team.0, schema.seq.0), schema)
}

/// Removes a row.
pub fn remove(tx: &Write<'_>, team: Seq, schema: Seq) -> Result<(), Error> {
    rows::remove(tx, tables::TEAM_SCHEMAS, (team.0, schema.0))
}
