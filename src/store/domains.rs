//! Domains of a team, and the index from a verified domain to the one team that verified it.

use redb::ReadableTable;

use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::Domain;

/// The domain with this name, in lower case.
pub fn find(tx: &impl Reads, team: Seq, name: &str) -> Result<Option<Domain>, Error> {
    rows::find(tx, tables::DOMAINS, (team.0, name))
}

/// The team that verified this domain.
pub fn verified_by(tx: &impl Reads, name: &str) -> Result<Option<Seq>, Error> {
    let table = tx.open(tables::DOMAIN_TO_TEAM)?;
    Ok(table.get(name)?.map(|v| Seq(v.value())))
}

/// Every domain of a team, by name.
pub fn list(tx: &impl Reads, team: Seq) -> Result<Vec<Domain>, Error> {
    tx.open(tables::DOMAINS)?
        .range((team.0, "")..(team.0 + 1, ""))?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Inserts or replaces a domain. The caller has made sure that no other team verified it.
pub fn put(tx: &Write<'_>, team: Seq, domain: &Domain) -> Result<(), Error> {
    let name = domain.name.as_str();
    let was = find(tx, team, name)?.is_some_and(|old| old.verified.is_some());
    let is = domain.verified.is_some();
    let mut index = tx.table(tables::DOMAIN_TO_TEAM)?;
    if was && !is {
        index.remove(name)?;
    }
    if is && !was {
        index.insert(name, team.0)?;
    }
    drop(index);
    rows::put(tx, tables::DOMAINS, (team.0, name), domain)
}

/// Takes a domain away.
pub fn remove(tx: &Write<'_>, team: Seq, domain: &Domain) -> Result<(), Error> {
    let name = domain.name.as_str();
    if domain.verified.is_some() {
        tx.table(tables::DOMAIN_TO_TEAM)?.remove(name)?;
    }
    rows::remove(tx, tables::DOMAINS, (team.0, name))
}
