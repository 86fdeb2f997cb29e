//! How the ends of writes come back to the worker whose requests wait for them.
//!
//! The writer thread ends the writes of a batch together. Waking a worker is a call of the operating system, and
//! a worker that is woken for one answer sleeps again before the next: so the ends of a batch are laid down
//! together, and one wake-up fetches them.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::rt;
use tokio::sync::Notify;

/// Tells a request of this worker how its write ended.
type Reply = Box<dyn FnOnce() + Send>;

/// Where the replies to the requests of one worker are laid down.
#[derive(Default)]
pub(super) struct Replies {
    waiting: Mutex<Vec<Reply>>,
    arrived: Notify,
}

thread_local! {
    static REPLIES: Arc<Replies> = Replies::open();
}

impl Replies {
    /// Those of the worker that asks.
    pub(super) fn of_this_worker() -> Arc<Self> {
        REPLIES.with(Arc::clone)
    }

    fn open() -> Arc<Self> {
        let replies = Arc::new(Self::default());
        let theirs = Arc::clone(&replies);
        rt::spawn(async move {
            loop {
                theirs.arrived.notified().await;
                for reply in theirs.take() {
                    reply();
                }
            }
        });
        replies
    }

    fn take(&self) -> Vec<Reply> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lays a reply down, on any thread; it is called on the worker's.
    pub(super) fn put(&self, reply: Reply) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(reply);
        let first = waiting.len() == 1;
        drop(waiting);
        // Behind the first nobody has to be woken: what is fetched is everything.
        if first {
            self.arrived.notify_one();
        }
    }
}
