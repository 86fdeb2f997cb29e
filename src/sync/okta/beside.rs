//! For whoever plays an administrator, as scenarios do: waiting for the end of a queue, and asking the target what Okta
//! does not ask.

use super::drain;
use super::next::{WINDOW, earliest};
use super::session::{Session, Talk};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::Exchange;
use crate::model::okta::OktaApp;
use crate::store::okta::{AppKey, jobs};
use crate::sync::client::{Answer, NoAnswer, Request};
use crate::sync::context::AgentContext;

/// Works off the queue of an app, after whoever works at it already, and gives the moment at which the rest may begin;
/// none when nothing is left.
///
/// # Errors
/// The store's.
pub fn settle(context: &AgentContext, key: AppKey) -> Result<Option<Timestamp>> {
    loop {
        match drain(context, key) {
            Err(Error::Conflict { .. }) => context.wait_until_idle(key),
            Err(error) => return Err(error),
            Ok(()) => break,
        }
    }
    let waiting = jobs::after(&context.store.read()?, key, Seq(0), WINDOW)?;
    Ok(earliest(&waiting))
}

/// Sends a request to the target of an app with the app's credentials. Takes up to the timeout: never call it inside a
/// write closure.
pub fn ask(
    context: &AgentContext,
    key: AppKey,
    app: OktaApp,
    request: &Request,
) -> (Vec<Exchange>, std::result::Result<Answer, NoAnswer>) {
    let session = Session::open(context, key, app);
    let mut talk = Talk::default();
    let answer = session.send(&mut talk, request);
    (talk.take(), answer)
}
