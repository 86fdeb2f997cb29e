//! The writer thread: group commit.
//!
//! Every write is a closure on a bounded queue. The thread runs what waits, at most [`BATCH`] closures, in
//! one redb transaction, commits it with `Durability::Immediate`, and only then is anybody told. A failing
//! or panicking closure is undone alone ([`super::journal`]); those before and after it stay. Readers see a
//! batch when it is durable, not before. When the queue is full, callers wait up to [`PATIENCE`] and are
//! then told it is busy. After a failed durable commit nothing is accepted any more: redb cannot say what
//! survived.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use redb::{Database, Durability};

use super::snapshot::Latest;
use super::{Error, Write, journal};
use crate::id::IdMix;

/// Closures that share one transaction.
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
    pub(super) fn start(
        database: Arc<Database>,
        latest: Arc<Latest>,
        mix: IdMix,
    ) -> std::io::Result<Self> {
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
            .spawn(move || run(&database, &latest, mix, &theirs))?;
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
        self.enqueue(Submission::new(closure, move |result| {
            // A caller that went away does not want to know.
            let _ = tell.send(result);
        }))?;
        told.recv().unwrap_or_else(|_| Err(Error::Refused.into()))
    }

    /// Queues without waiting; gives the submission back when the queue is full.
    pub(super) fn try_enqueue(&self, submission: Submission) -> Result<(), Submission> {
        let mut state = self.queue.lock();
        if state.closed {
            // Dropping it tells the caller.
            return Ok(());
        }
        if state.waiting.len() >= QUEUE {
            return Err(submission);
        }
        state.waiting.push_back(submission.0);
        drop(state);
        self.queue.filled.notify_one();
        Ok(())
    }

    /// Queues, waiting for a place up to [`PATIENCE`].
    pub(super) fn enqueue(&self, submission: Submission) -> Result<(), Error> {
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
        state.waiting.push_back(submission.0);
        drop(state);
        self.queue.filled.notify_one();
        Ok(())
    }
}

/// A write closure on its way to the writer thread, with what happens when it is durable.
pub struct Submission(Job);

impl Submission {
    /// `then` is called on the writer thread, once the closure's changes are durable or known to be
    /// lost; it must be quick. It is dropped uncalled when the store refuses writes.
    pub fn new<T, E, F>(closure: F, then: impl FnOnce(Result<T, E>) + Send + 'static) -> Self
    where
        F: FnOnce(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        Self(Box::new(move |write| {
            // Unwind safety: whatever the closure left half-done is taken back, by the journal or with the
            // whole transaction.
            let result = catch_unwind(AssertUnwindSafe(|| closure(write)))
                .unwrap_or_else(|_| Err(Error::Panicked.into()));
            let keep = result.is_ok();
            let reply: Reply = Box::new(move |durable| then(durable.map_err(E::from).and(result)));
            (keep, reply)
        }))
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

fn run(database: &Database, latest: &Latest, mix: IdMix, queue: &Queue) {
    while let Some(jobs) = next(queue) {
        let mut replies = Vec::with_capacity(jobs.len());
        match batch(database, mix, jobs, &mut replies) {
            Ok(()) => {
                latest.outdate();
                for reply in replies {
                    reply(Ok(()));
                }
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed; writes are refused from now on");
                queue.accepting.store(false, Ordering::SeqCst);
                for reply in replies {
                    reply(Err(Error::Refused));
                }
                let refused: Vec<Job> = {
                    let mut state = queue.lock();
                    state.closed = true;
                    state.waiting.drain(..).collect()
                };
                // Those who wait for a place in the queue are told now too.
                queue.drained.notify_all();
                // Dropping a job drops its channel, which tells its caller.
                drop(refused);
                return;
            }
        }
    }
}

/// What waits now, at most [`BATCH`] closures, waiting for the first; `None` when the store is being
/// dropped and all work is done. Closures that arrive later belong to the next batch: callers whose
/// answers are out prepare their next request while this one runs.
fn next(queue: &Queue) -> Option<Vec<Job>> {
    let mut state = queue
        .filled
        .wait_while(queue.lock(), |s| s.waiting.is_empty() && !s.closed)
        .unwrap_or_else(PoisonError::into_inner);
    let count = state.waiting.len().min(BATCH);
    let jobs: Vec<Job> = state.waiting.drain(..count).collect();
    drop(state);
    queue.drained.notify_all();
    (!jobs.is_empty()).then_some(jobs)
}

/// Runs closures in order in one transaction and makes it durable. Each that fails is undone on its own.
fn batch(
    database: &Database,
    mix: IdMix,
    jobs: Vec<Job>,
    replies: &mut Vec<Reply>,
) -> Result<(), Error> {
    let alone = jobs.len() == 1;
    let mut transaction = database.begin_write()?;
    let write = Write::new(&transaction, mix);
    let mut changed = false;
    for run in jobs {
        write.journal.begin(!alone);
        let (keep, reply) = run(&write);
        replies.push(reply);
        changed |= keep;
        if !keep && !alone {
            journal::undo(&write)?;
        }
    }
    if changed {
        write.finish()?;
    } else {
        drop(write);
    }
    if changed {
        transaction.set_durability(Durability::Immediate)?;
        transaction.commit()?;
    } else {
        transaction.abort()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::thread::ScopedJoinHandle;

    use redb::backends::InMemoryBackend;
    use redb::{ReadableDatabase, ReadableTable, StorageBackend};

    use super::*;
    use crate::store::tables::{self, Definition, Row};

    /// Some table that can be counted through.
    const LOG: Definition<u64, Row> = tables::TENANTS;

    fn log(write: &Write<'_>, value: u64) -> Result<(), Error> {
        let mut table = write.table(LOG)?;
        let next = table.last()?.map_or(0, |(key, _)| key.value() + 1);
        table.insert(next, value.to_be_bytes().as_slice())?;
        Ok(())
    }

    fn logged(database: &Database) -> Vec<u64> {
        let transaction = database.begin_read().unwrap();
        let table = transaction.open_table(LOG.engine).unwrap();
        let rows = table.iter().unwrap();
        let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().unwrap());
        rows.map(|row| number(row.unwrap().1.value())).collect()
    }

    fn start(backend: impl StorageBackend) -> (Arc<Database>, Writer) {
        let database = Database::builder().create_with_backend(backend).unwrap();
        let database = Arc::new(database);
        let latest = Arc::default();
        let writer = Writer::start(Arc::clone(&database), latest, IdMix::new(0)).unwrap();
        (database, writer)
    }

    /// Keeps the writer thread inside a closure while `enqueue` fills the queue one by one, so that
    /// everything enqueued is run in order and shares a batch with its neighbours.
    fn in_one_batch<'s, T>(
        writer: &Writer,
        count: usize,
        enqueue: impl Fn(usize) -> ScopedJoinHandle<'s, T>,
    ) -> Vec<T> {
        let (open, gate) = mpsc::channel::<()>();
        let (enter, entered) = mpsc::channel();
        let job: Job = Box::new(move |_| {
            enter.send(()).unwrap();
            gate.recv().unwrap();
            (true, Box::new(|_| ()))
        });
        writer.enqueue(Submission(job)).unwrap();
        entered.recv().unwrap();
        let threads: Vec<_> = (0..count)
            .map(|n| {
                let thread = enqueue(n);
                while writer.queue.lock().waiting.len() <= n {
                    std::thread::yield_now();
                }
                thread
            })
            .collect();
        open.send(()).unwrap();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    }

    #[test]
    fn failing_and_panicking_closures_abort_exactly_themselves() {
        let (database, writer) = start(InMemoryBackend::new());
        writer.submit(|write| log(write, 0)).unwrap();
        // What the closure `n` does, shifted so that the batch ends once with each of the three.
        for shift in 0..3 {
            let before = logged(&database).len();
            let results = std::thread::scope(|scope| {
                in_one_batch(&writer, 9, |n| {
                    let writer = &writer;
                    scope.spawn(move || {
                        writer.submit(move |write| {
                            log(write, n as u64)?;
                            match (n + shift) % 3 {
                                0 => Ok(n),
                                1 => Err(Error::Corrupt("on purpose".into())),
                                _ => panic!("on purpose"),
                            }
                        })
                    })
                })
            });
            let mut kept = Vec::new();
            for (n, result) in results.into_iter().enumerate() {
                match (n + shift) % 3 {
                    0 => {
                        assert_eq!(result.unwrap(), n);
                        kept.push(n as u64);
                    }
                    1 => assert!(matches!(result, Err(Error::Corrupt(_))), "{n}"),
                    _ => assert!(matches!(result, Err(Error::Panicked)), "{n}"),
                }
            }
            assert_eq!(logged(&database)[before..], kept);
        }
        assert!(writer.is_accepting());
    }

    #[test]
    fn closures_run_in_the_order_they_were_sent() {
        let (database, writer) = start(InMemoryBackend::new());
        // More than one batch.
        let count = BATCH + 20;
        std::thread::scope(|scope| {
            in_one_batch(&writer, count, |n| {
                let writer = &writer;
                scope.spawn(move || writer.submit(move |write| log(write, n as u64)).unwrap())
            })
        });
        assert_eq!(logged(&database), (0..count as u64).collect::<Vec<_>>());
    }

    #[test]
    fn closing_does_what_waits_and_refuses_what_comes() {
        let (database, writer) = start(InMemoryBackend::new());
        for n in 0..100 {
            let job: Job = Box::new(move |write| (log(write, n).is_ok(), Box::new(|_| ())));
            writer.enqueue(Submission(job)).unwrap();
        }
        let queue = Arc::clone(&writer.queue);
        drop(writer);
        assert_eq!(logged(&database), (0..100).collect::<Vec<_>>());
        assert!(queue.lock().closed && queue.lock().waiting.is_empty());
    }

    /// A disk that can be broken.
    #[derive(Debug)]
    struct Disk {
        inner: InMemoryBackend,
        broken: Arc<AtomicBool>,
    }

    impl Disk {
        fn works(&self) -> io::Result<()> {
            if self.broken.load(Ordering::SeqCst) {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            Ok(())
        }
    }

    impl StorageBackend for Disk {
        fn len(&self) -> io::Result<u64> {
            self.inner.len()
        }
        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.inner.read(offset, out)
        }
        fn set_len(&self, len: u64) -> io::Result<()> {
            self.works()?;
            self.inner.set_len(len)
        }
        fn sync_data(&self) -> io::Result<()> {
            self.works()?;
            self.inner.sync_data()
        }
        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.works()?;
            self.inner.write(offset, data)
        }
    }

    #[test]
    fn after_a_failed_commit_nobody_is_told_that_it_worked() {
        let broken = Arc::new(AtomicBool::new(false));
        let (_database, writer) = start(Disk {
            inner: InMemoryBackend::new(),
            broken: Arc::clone(&broken),
        });
        writer.submit(|write| log(write, 1)).unwrap();
        let results = std::thread::scope(|scope| {
            in_one_batch(&writer, 8, |n| {
                let (writer, broken) = (&writer, Arc::clone(&broken));
                scope.spawn(move || {
                    writer.submit(move |write| {
                        broken.store(true, Ordering::SeqCst);
                        log(write, n as u64)
                    })
                })
            })
        });
        for result in results {
            assert!(matches!(result, Err(Error::Refused)), "{result:?}");
        }
        assert!(!writer.is_accepting());
        // Also when the disk works again: what survived is unknown until the file is reopened.
        broken.store(false, Ordering::SeqCst);
        assert!(matches!(
            writer.submit(|write| log(write, 2)),
            Err(Error::Refused)
        ));
    }

    #[test]
    fn after_a_failed_commit_nobody_waits_for_a_place_in_the_queue() {
        let broken = Arc::new(AtomicBool::new(false));
        let (_database, writer) = start(Disk {
            inner: InMemoryBackend::new(),
            broken: Arc::clone(&broken),
        });
        let (open, gate) = mpsc::channel::<()>();
        let (enter, entered) = mpsc::channel();
        let failing: Job = Box::new(move |write| {
            enter.send(()).unwrap();
            gate.recv().unwrap();
            broken.store(true, Ordering::SeqCst);
            (log(write, 0).is_ok(), Box::new(|_| ()))
        });
        writer.enqueue(Submission(failing)).unwrap();
        entered.recv().unwrap();
        for _ in 0..QUEUE {
            let waiting: Job = Box::new(|_| (true, Box::new(|_| ())));
            writer.enqueue(Submission(waiting)).unwrap();
        }
        // The writer cannot close the queue before this thread waits as `enqueue` does, with more patience.
        let mut state = writer.queue.lock();
        open.send(()).unwrap();
        while state.waiting.len() >= QUEUE {
            let patience = Duration::from_mins(1);
            let (woken, waited) = writer.queue.drained.wait_timeout(state, patience).unwrap();
            assert!(!waited.timed_out(), "nobody told it");
            state = woken;
        }
        assert!(state.closed);
    }
}
