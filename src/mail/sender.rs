//! [`Sender`]: the thread that hands waiting mails to the relay.
//!
//! It looks at the outbox once a second of real time; due moments are on the appliance's clock. Reading, sending
//! and writing what came of it are three steps: no snapshot and no write is held while a server takes its time.
//! A process that dies between the second and the third step sends the mail again when it is back, under the
//! same `Message-ID`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, mpsc::Sender as Ender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::delivery::{self, Failure};
use super::letter::Letter;
use crate::clock::{Clock, Timestamp};
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Delivery, Mail};
use crate::secret::Sealer;
use crate::store::{Store, mail as rows};

/// Real time between two looks at the outbox.
const LOOK: Duration = Duration::from_secs(1);
/// Mails of one look.
const BATCH: usize = 50;
/// Pause after the first failure; it doubles with each further one.
const FIRST: Duration = Duration::from_mins(1);
/// Longest pause.
const LONGEST: Duration = Duration::from_hours(1);
/// A mail that is older than this is given up when it fails.
pub const PATIENCE: Duration = Duration::from_hours(48);

/// What the sender works with.
#[derive(Clone)]
pub struct SenderContext {
    /// The outbox.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Opens the relay's password and makes the links of invites.
    pub sealer: Sealer,
    /// Where the appliance is reached, for links; no slash at its end.
    pub base: String,
}

/// The running sender. Dropping it ends it, after the mail it is handing over.
pub struct Sender {
    end: Option<Ender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sender {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the operating system has no thread to give.
    pub fn start(context: SenderContext) -> std::io::Result<Self> {
        let (end, ended) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("mail-sender".into())
            .spawn(move || {
                // A message never comes; the other end goes when it is time to.
                while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    let going_on = || ended.try_recv() == Err(mpsc::TryRecvError::Empty);
                    // What it was doing is in the store: nothing half-done is seen after a panic.
                    match catch_unwind(AssertUnwindSafe(|| look(&context, going_on))) {
                        Ok(Ok(_)) => {}
                        Ok(Err(error)) => {
                            tracing::error!(%error, "the outbox cannot be worked off");
                        }
                        Err(_) => tracing::error!("the sender of mails panicked; it goes on"),
                    }
                }
            })?;
        Ok(Self {
            end: Some(end),
            thread: Some(thread),
        })
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the sender of mails panicked");
        }
    }
}

/// Hands over what is due, until `going_on` says no or the relay is not there. Returns how many were tried.
///
/// # Errors
/// The store's.
pub fn look(context: &SenderContext, going_on: impl Fn() -> bool) -> Result<usize> {
    let mut tried = 0;
    let now = context.clock.now();
    let (relay, due) = {
        let snapshot = context.store.read()?;
        let Some(relay) = rows::settings(&snapshot)?.relay else {
            return Ok(0);
        };
        let key = context.sealer.link_key();
        let due: Vec<(Mail, Letter)> = rows::due(&snapshot, now, BATCH)?
            .into_iter()
            .map(|mail| {
                let letter = Letter::of(&snapshot, &mail, &context.base, &key)?;
                Ok((mail, letter))
            })
            .collect::<Result<_>>()?;
        (relay, due)
    };
    for (mail, letter) in due {
        if !going_on() {
            break;
        }
        let outcome = delivery::send(&relay, &context.sealer, &mail, &letter);
        tried += 1;
        let away = matches!(outcome, Err(Failure::Relay(_)));
        let (seq, now) = (mail.seq, context.clock.now());
        if let Err(failure) = &outcome {
            tracing::warn!(mail = %seq, kind = ?mail.kind, "a mail was not taken by the relay");
            tracing::debug!(mail = %seq, %failure, "what the relay said");
        }
        context
            .store
            .write(move |tx| note(tx, seq, outcome, now, away))?;
        if away {
            break;
        }
    }
    Ok(tried)
}

/// Writes down what came of an attempt. When the relay is away, everything that waits shares the pause.
fn note(
    tx: &crate::store::Write<'_>,
    mail: Seq,
    outcome: std::result::Result<(), Failure>,
    now: Timestamp,
    away: bool,
) -> Result<()> {
    // It may have been dropped meanwhile, or kept because the relay was taken away.
    let Some(mut mail) = rows::find(tx, mail)? else {
        return Ok(());
    };
    mail.attempts = mail.attempts.saturating_add(1);
    match outcome {
        Ok(()) => {
            mail.failure = String::new();
            mail.delivery = Delivery::Sent { at: now };
        }
        Err(failure) => {
            mail.failure = failure.to_string();
            if mail.delivery != Delivery::Kept {
                let over =
                    matches!(failure, Failure::Mail(_)) || now.since(mail.written) >= PATIENCE;
                let due = now.plus(pause(mail.attempts));
                mail.delivery = if over {
                    Delivery::Failed { at: now }
                } else {
                    Delivery::Waiting { due }
                };
                if away {
                    postpone(tx, now, due)?;
                }
            }
        }
    }
    Ok(rows::put(tx, &mail)?)
}

/// Nothing is tried before this moment.
fn postpone(tx: &crate::store::Write<'_>, now: Timestamp, until: Timestamp) -> Result<()> {
    for mut waiting in rows::due(tx, now, usize::MAX)? {
        waiting.delivery = Delivery::Waiting { due: until };
        rows::put(tx, &waiting)?;
    }
    Ok(())
}

/// Pause after the attempt with this number, counted from 1.
fn pause(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}
