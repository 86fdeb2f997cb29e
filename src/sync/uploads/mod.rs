//! Working off what was uploaded to an inbound job: `directory::inbound` does the work, this calls it until nothing
//! waits, one durable write an upload.

use super::context::{AgentContext, Place};
use crate::directory::inbound::{Progress, work};
use crate::error::Result;
use crate::id::Nonce;
use crate::store::jobs::JobKey;

/// Works off the uploads of a job; ends early when the agent ends, and goes on where it was at the next call.
///
/// # Errors
/// `Conflict` when another thread does it already; the store's.
pub(super) fn drain(context: &AgentContext, key: JobKey) -> Result<()> {
    let _reserved = context.reserve(Place::uploads(key))?;
    while !context.is_shutting_down() {
        let (nonce, now) = (Nonce::random(), context.clock.now());
        let progress = context.store.write(move |tx| work(tx, key, nonce, now))?;
        if progress == Progress::Rest {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
