//! Where mails go and which are written: [`crate::mail::relay`], with an event in the record of the oldest team,
//! which has what is not about one team.

use super::audit;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::mail::relay::{self, Wanted};
use crate::model::{Operation, Outcome, Relay};
use crate::store::Write;

/// Sets up a relay.
///
/// # Errors
/// Those of [`relay::set`].
pub fn set_relay(
    tx: &Write<'_>,
    operator: &Operator,
    wanted: Wanted,
    revision: u64,
    now: Timestamp,
) -> Result<Relay> {
    let relay = relay::set(tx, operator, wanted, revision, now)?;
    record(tx, operator, now)?;
    Ok(relay)
}

/// Does without a relay from now on.
///
/// # Errors
/// The store's.
pub fn remove_relay(tx: &Write<'_>, operator: &Operator, now: Timestamp) -> Result<()> {
    relay::remove(tx, operator)?;
    record(tx, operator, now)
}

/// Whether people are told when they are added to or removed from a group.
///
/// # Errors
/// The store's.
pub fn set_group_mails(
    tx: &Write<'_>,
    operator: &Operator,
    on: bool,
    now: Timestamp,
) -> Result<()> {
    relay::set_group_mails(tx, operator, on)?;
    record(tx, operator, now)
}

fn record(tx: &Write<'_>, operator: &Operator, now: Timestamp) -> Result<()> {
    let Some(team) = audit::house(tx)? else {
        return Ok(());
    };
    audit::Entry::new(operator, now, Operation::MailSettingsChange, Outcome::Done).write(tx, team)
}
