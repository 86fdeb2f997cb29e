//! Single rows of the appliance: how its clock is turned, and the token of its control API.

use super::{Error, Reads, Write, rows, tables};
use crate::clock::Turned;
use crate::model::OperatorToken;

const CLOCK: &str = "clock";
const OPERATOR_TOKEN: &str = "operator_token";

/// How the clock is turned; none while it follows the real one.
pub fn clock(tx: &impl Reads) -> Result<Option<Turned>, Error> {
    rows::find(tx, tables::SETTINGS, CLOCK)
}

/// Keeps how the clock is turned.
pub fn put_clock(tx: &Write<'_>, turned: Option<&Turned>) -> Result<(), Error> {
    match turned {
        Some(turned) => rows::put(tx, tables::SETTINGS, CLOCK, turned),
        None => rows::remove(tx, tables::SETTINGS, CLOCK),
    }
}

/// The token that opens the control API, if there is one.
pub fn operator_token(tx: &impl Reads) -> Result<Option<OperatorToken>, Error> {
    rows::find(tx, tables::SETTINGS, OPERATOR_TOKEN)
}

/// Replaces the token; `None` takes it away.
pub fn put_operator_token(tx: &Write<'_>, token: Option<&OperatorToken>) -> Result<(), Error> {
    match token {
        Some(token) => rows::put(tx, tables::SETTINGS, OPERATOR_TOKEN, token),
        None => rows::remove(tx, tables::SETTINGS, OPERATOR_TOKEN),
    }
}
