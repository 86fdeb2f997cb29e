//! The operator token: what opens the control API under `/lab`, and nothing else. There is one at a time.

use super::audit;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::{Operation, OperatorToken, Outcome};
use crate::secret::Plain;
use crate::store::{Reads, Write, appliance as rows};

/// The token in use, as far as it may be shown.
///
/// # Errors
/// The store's.
pub fn find(tx: &impl Reads, _operator: &Operator) -> Result<Option<OperatorToken>> {
    Ok(rows::operator_token(tx)?)
}

/// Makes `token` the one that opens the door; the one before stops working. Setting the same again changes nothing.
///
/// # Errors
/// The store's.
pub fn set(
    tx: &Write<'_>,
    operator: &Operator,
    token: &Plain,
    now: Timestamp,
) -> Result<OperatorToken> {
    let digest = token.digest();
    if let Some(present) = rows::operator_token(tx)?
        && present.digest == digest
    {
        return Ok(present);
    }
    let token = OperatorToken {
        digest,
        last_four: token.last_four(),
        by: operator.name.clone(),
        created: now,
    };
    rows::put_operator_token(tx, Some(&token))?;
    record(tx, operator, now, Operation::OperatorTokenGenerate)?;
    Ok(token)
}

/// Takes the token away: nothing opens the control API until there is another.
///
/// # Errors
/// The store's.
pub fn revoke(tx: &Write<'_>, operator: &Operator, now: Timestamp) -> Result<()> {
    if rows::operator_token(tx)?.is_some() {
        rows::put_operator_token(tx, None)?;
        record(tx, operator, now, Operation::OperatorTokenRevoke)?;
    }
    Ok(())
}

/// Who presents this token; nobody unless it is the present one.
///
/// # Errors
/// The store's.
pub fn authenticate(tx: &impl Reads, token: &Plain) -> Result<Option<Operator>> {
    let present = rows::operator_token(tx)?;
    Ok(present
        .filter(|present| present.digest == token.digest())
        .map(|_| Operator::by_token()))
}

/// Notes in the record of the oldest team that the clock was turned.
///
/// # Errors
/// The store's.
pub fn clock_turned(tx: &Write<'_>, operator: &Operator, how: &str, now: Timestamp) -> Result<()> {
    let Some(team) = audit::house(tx)? else {
        return Ok(());
    };
    audit::Entry::new(operator, now, Operation::ClockTurn, Outcome::Done)
        .with("how", how)
        .write(tx, team)
}

fn record(tx: &Write<'_>, operator: &Operator, now: Timestamp, operation: Operation) -> Result<()> {
    match audit::house(tx)? {
        Some(team) => audit::Entry::new(operator, now, operation, Outcome::Done).write(tx, team),
        None => Ok(()),
    }
}
