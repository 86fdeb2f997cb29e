//! Rules of *Push Groups* of an app.

use super::{AppKey, page};
use crate::id::Seq;
use crate::model::okta::PushRule;
use crate::store::{Error, Reads, Write, rows, tables};

/// The rule in this row.
pub fn find(tx: &impl Reads, key: AppKey, rule: Seq) -> Result<Option<PushRule>, Error> {
    let row = (key.org.0, key.app.0, rule.0);
    rows::find(tx, tables::OKTA_PUSH_RULES, row)
}

/// Every rule of an app, oldest first.
pub fn all(tx: &impl Reads, key: AppKey) -> Result<Vec<PushRule>, Error> {
    page(
        tx,
        tables::OKTA_PUSH_RULES,
        key.org,
        key.app,
        Seq(0),
        usize::MAX,
    )
}

/// A row number for a new rule.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_push_rules")
}

/// Inserts or replaces a rule.
pub fn put(tx: &Write<'_>, key: AppKey, rule: &PushRule) -> Result<(), Error> {
    let row = (key.org.0, key.app.0, rule.seq.0);
    rows::put(tx, tables::OKTA_PUSH_RULES, row, rule)
}

/// Takes a rule away.
pub fn remove(tx: &Write<'_>, key: AppKey, rule: Seq) -> Result<(), Error> {
    let row = (key.org.0, key.app.0, rule.0);
    rows::remove(tx, tables::OKTA_PUSH_RULES, row)
}
