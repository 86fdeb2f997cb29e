//! Orgs and the tokens of their management APIs.

use redb::ReadableTable;

use crate::id::Seq;
use crate::model::okta::{OktaToken, Org};
use crate::secret::Digest;
use crate::store::record::decode;
use crate::store::{Error, Reads, Write, rows, tables};

const ALL: Seq = Seq(0);

/// The org in this row.
pub fn find(tx: &impl Reads, org: Seq) -> Result<Option<Org>, Error> {
    rows::find(tx, tables::OKTA_ORGS, org.0)
}

/// Every org, oldest first.
pub fn all(tx: &impl Reads) -> Result<Vec<Org>, Error> {
    tx.open(tables::OKTA_ORGS)?
        .iter()?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// A row number for a new org.
pub fn next_seq(tx: &Write<'_>) -> Result<Seq, Error> {
    tx.next_seq(ALL, "okta_orgs")
}

/// Inserts or replaces an org.
pub fn put(tx: &Write<'_>, org: &Org) -> Result<(), Error> {
    rows::put(tx, tables::OKTA_ORGS, org.seq.0, org)
}

/// Every token of an org, oldest first.
pub fn tokens(tx: &impl Reads, org: Seq) -> Result<Vec<OktaToken>, Error> {
    rows::page(tx, tables::OKTA_TOKENS, org, Seq(0), usize::MAX)
}

/// The token in this row.
pub fn token(tx: &impl Reads, org: Seq, token: Seq) -> Result<Option<OktaToken>, Error> {
    rows::find(tx, tables::OKTA_TOKENS, (org.0, token.0))
}

/// Whose token has this digest: the org, and the token.
pub fn token_by_digest(
    tx: &impl Reads,
    digest: &Digest,
) -> Result<Option<(Seq, OktaToken)>, Error> {
    let found = tx
        .open(tables::DIGEST_TO_OKTA_TOKEN)?
        .get(&digest.0)?
        .map(|found| found.value());
    let Some((org, row)) = found else {
        return Ok(None);
    };
    Ok(token(tx, Seq(org), Seq(row))?.map(|token| (Seq(org), token)))
}

/// A row number for a new token.
pub fn next_token_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_tokens")
}

/// Inserts a token, or replaces one whose digest stays.
pub fn put_token(tx: &Write<'_>, org: Seq, token: &OktaToken) -> Result<(), Error> {
    tx.table(tables::DIGEST_TO_OKTA_TOKEN)?
        .insert(&token.digest.0, (org.0, token.seq.0))?;
    rows::put(tx, tables::OKTA_TOKENS, (org.0, token.seq.0), token)
}

/// Takes a token away; it opens nothing any more.
pub fn remove_token(tx: &Write<'_>, org: Seq, token: &OktaToken) -> Result<(), Error> {
    tx.table(tables::DIGEST_TO_OKTA_TOKEN)?
        .remove(&token.digest.0)?;
    rows::remove(tx, tables::OKTA_TOKENS, (org.0, token.seq.0))
}
