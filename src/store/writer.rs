//! The writer thread: group commit.
//!
//! Every write is a closure on a bounded queue. The thread runs each in a redb transaction of its own:
//! all but the last of a batch with `Durability::None`, the last with `Durability::Immediate`, and
//! only then is anybody told. A failing or panicking closure aborts exactly itself. At most
//! [`BATCH`] closures share one durable commit, because a long run of non-durable commits makes the
//! file grow. When the queue is full, callers wait up to [`PATIENCE`] and are then told it is busy.
//! After a failed durable commit nothing is accepted any more: redb cannot say what survived.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use redb::{Database, Durability};

use super::{Error, Write};
use crate::id::IdMix;

/// Closures that share one durable commit.
const BATCH: usize = 256;
/// Closures that may wait.
const QUEUE: usize = 1024;
/// How long a caller waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells the caller how its closure ended, once that is durable (`Ok`) or known to be lost.
type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// Runs the closure; returns whether to keep its changes, and the reply.
type Job = Box<dyn FnOnce(&Write<'_>) -> (bool, Reply) + Send>;

struct Queue {
    jobs: Mutex<State>,
    filled: Condvar,
    drained: Condvar,
    accepting: AtomicBool,
}

struct State {
    waiting: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    /// The state is consistent between any two statements, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(database: Arc<Database>, mix: IdMix) -> std::io::Result<Self> {
        let queue = Arc::new(Queue {
            jobs: Mutex::new(State {
                waiting: VecDeque::new(),
                closed: false,
            }),
            filled: Condvar::new(),
            drained: Condvar::new(),
            accepting: AtomicBool::new(true),
        });
        let theirs = Arc::clone(&queue);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(&database, mix, &theirs))?;
        Ok(Self {
            queue,
            thread: Some(thread),
        })
    }

    pub(super) fn is_accepting(&self) -> bool {
        self.queue.accepting.load(Ordering::SeqCst)
    }

    pub(super) fn submit<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        F: FnOnce(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (tell, told) = mpsc::sync_channel::<Result<T, E>>(1);
        let job: Job = Box::new(move |write| {
            // Unwind safety: whatever the closure left half-done goes with its transaction.
            let result = catch_unwind(AssertUnwindSafe(|| closure(write)))
                .unwrap_or_else(|_| Err(Error::Panicked.into()));
            let keep = result.is_ok();
            let reply: Reply = Box::new(move |durable| {
                // A caller that went away does not want to know.
                let _ = tell.send(durable.map_err(E::from).and(result));
            });
            (keep, reply)
        });
        self.enqueue(job)?;
        told.recv().unwrap_or_else(|_| Err(Error::Refused.into()))
    }

    fn enqueue(&self, job: Job) -> Result<(), Error> {
        if !self.is_accepting() {
            return Err(Error::Refused);
        }
        let (mut state, _) = self
            .queue
            .drained
            .wait_timeout_while(self.queue.lock(), PATIENCE, |s| s.waiting.len() >= QUEUE)
            .unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err(Error::Refused);
        }
        if state.waiting.len() >= QUEUE {
            return Err(Error::Busy);
        }
        state.waiting.push_back(job);
        drop(state);
        self.queue.filled.notify_one();
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.filled.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(database: &Database, mix: IdMix, queue: &Queue) {
    while let Some(first) = next(queue) {
        let mut replies = Vec::new();
        match batch(database, mix, queue, first, &mut replies) {
            Ok(()) => replies.into_iter().for_each(|reply| reply(Ok(()))),
            Err(error) => {
                tracing::error!(%error, "a commit failed; writes are refused from now on");
                queue.accepting.store(false, Ordering::SeqCst);
                replies
                    .into_iter()
                    .for_each(|reply| reply(Err(Error::Refused)));
                let refused: Vec<Job> = {
                    let mut state = queue.lock();
                    state.closed = true;
                    state.waiting.drain(..).collect()
                };
                // Dropping a job drops its channel, which tells its caller.
                drop(refused);
                return;
            }
        }
    }
}

/// The next closure, waiting for one; `None` when the store is being dropped and all work is done.
fn next(queue: &Queue) -> Option<Job> {
    let mut state = queue
        .filled
        .wait_while(queue.lock(), |s| s.waiting.is_empty() && !s.closed)
        .unwrap_or_else(PoisonError::into_inner);
    let job = state.waiting.pop_front();
    drop(state);
    queue.drained.notify_one();
    job
}

fn next_at_once(queue: &Queue) -> Option<Job> {
    let job = queue.lock().waiting.pop_front();
    queue.drained.notify_one();
    job
}

/// Runs up to [`BATCH`] closures and makes them durable together.
fn batch(
    database: &Database,
    mix: IdMix,
    queue: &Queue,
    first: Job,
    replies: &mut Vec<Reply>,
) -> Result<(), Error> {
    let mut job = Some(first);
    let mut volatile = false;
    while let Some(run) = job.take() {
        let mut transaction = database.begin_write()?;
        let (keep, reply) = run(&Write {
            transaction: &transaction,
            mix,
        });
        replies.push(reply);
        if replies.len() < BATCH {
            job = next_at_once(queue);
        }
        if keep {
            volatile = job.is_some();
            transaction.set_durability(if volatile {
                Durability::None
            } else {
                Durability::Immediate
            })?;
            transaction.commit()?;
        } else {
            transaction.abort()?;
        }
    }
    if volatile {
        // The last closure of the batch failed: nothing after the volatile commits made them durable.
        database.begin_write()?.commit()?;
    }
    Ok(())
}
