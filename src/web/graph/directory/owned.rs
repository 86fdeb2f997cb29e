//! Who may change an application: clients that may change all, and those that own it.

use super::super::call::Call;
use super::super::failure::GraphFailure;
use super::super::principal;
use super::permissions::{READ_APPLICATIONS, WRITE_APPLICATIONS, WRITE_OWN_APPLICATIONS};
use crate::access::Operator;
use crate::model::Application;
use crate::store::Reads;

/// An application that the client may read.
///
/// # Errors
/// [`GraphFailure::Resource`] when there is none, [`GraphFailure::Denied`].
pub(super) fn readable(
    call: &Call,
    tx: &impl Reads,
    key: &str,
) -> Result<Application, GraphFailure> {
    call.may(READ_APPLICATIONS)?;
    principal::application(call, tx, key)
}

/// An application that the client may change, and the proof of it.
///
/// # Errors
/// [`GraphFailure::Resource`] when there is none, [`GraphFailure::Denied`].
pub(super) fn changeable(
    call: &Call,
    tx: &impl Reads,
    key: &str,
) -> Result<(Application, Operator), GraphFailure> {
    let any = call.may(WRITE_APPLICATIONS);
    let operator = any.or_else(|_| call.may(WRITE_OWN_APPLICATIONS))?;
    let application = principal::application(call, tx, key)?;
    if call.client.has(WRITE_APPLICATIONS) || call.client.owns.contains(&application.seq) {
        Ok((application, operator))
    } else {
        Err(GraphFailure::Denied)
    }
}
