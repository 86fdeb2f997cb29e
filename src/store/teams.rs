//! Teams, and the setup link of the installation.

use redb::ReadableTable;

use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::{SetupLink, Team};

const ALL: Seq = Seq(0);

/// The team in this row.
pub fn find(tx: &impl Reads, team: Seq) -> Result<Option<Team>, Error> {
    rows::find(tx, tables::TEAMS, team.0)
}

/// The oldest team: the one that bootstrap settings speak of.
pub fn first(tx: &impl Reads) -> Result<Option<Team>, Error> {
    match tx.open(tables::TEAMS)?.first()? {
        Some((_, bytes)) => decode(bytes.value()).map(Some),
        None => Ok(None),
    }
}

/// Every team, oldest first.
pub fn list(tx: &impl Reads) -> Result<Vec<Team>, Error> {
    tx.open(tables::TEAMS)?
        .iter()?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// A row number for a new team.
pub fn next_seq(tx: &Write<'_>) -> Result<Seq, Error> {
    tx.next_seq(ALL, "teams")
}

/// Inserts or replaces a team.
pub fn put(tx: &Write<'_>, team: &Team) -> Result<(), Error> {
    rows::put(tx, tables::TEAMS, team.seq.0, team)
}

const SETUP_LINK: &str = "setup_link";

/// The setup link that was printed last, if it was not used.
pub fn setup_link(tx: &impl Reads) -> Result<Option<SetupLink>, Error> {
    rows::find(tx, tables::SETTINGS, SETUP_LINK)
}

/// Replaces the setup link; `None` takes it away.
pub fn put_setup_link(tx: &Write<'_>, link: Option<&SetupLink>) -> Result<(), Error> {
    match link {
        Some(link) => rows::put(tx, tables::SETTINGS, SETUP_LINK, link),
        None => rows::remove(tx, tables::SETTINGS, SETUP_LINK),
    }
}
