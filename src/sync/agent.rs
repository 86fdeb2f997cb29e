//! [`Agent`]: the scheduler thread that runs every job's cycles, and works off the queues of the mock Okta's apps, when
//! they are due.
//!
//! Due times are on the appliance's clock, which may be turned; the thread looks at it at least every
//! second of real time and whenever it is woken. Each job's cycle and each queue has a thread of its own.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::context::{AgentContext, Place};
use super::due::{self, Rest};
use crate::clock::Clock;
use crate::secret::Sealer;
use crate::store::Store;

/// Longest real time between two looks at the clock.
const LOOK: Duration = Duration::from_secs(1);

/// The running agent. Dropping it shuts it down.
pub struct Agent {
    context: AgentContext,
    signal: Arc<Signal>,
    scheduler: Option<JoinHandle<()>>,
}

/// Wakes the agent from anywhere, and works beside it. Cheap to clone; wakes nobody after the agent has ended.
#[derive(Clone)]
pub struct Waker {
    signal: Arc<Signal>,
    context: AgentContext,
}

impl Waker {
    /// As [`Agent::wake`].
    pub fn wake(&self) {
        self.signal.wake();
    }

    /// As [`Agent::context`], for what is done beside the cycles: *Test Connection*, *Provision on demand*, the drift
    /// report.
    pub fn context(&self) -> &AgentContext {
        &self.context
    }
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    woken: bool,
    shutdown: bool,
}

impl Signal {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Two flags: consistent whatever happened to another holder.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        self.lock().woken = true;
        self.changed.notify_all();
    }

    /// Waits for a wake-up or for [`LOOK`]; false when it is time to go.
    fn wait(&self) -> bool {
        let (mut state, _) = self
            .changed
            .wait_timeout_while(self.lock(), LOOK, |s| !s.woken && !s.shutdown)
            .unwrap_or_else(PoisonError::into_inner);
        state.woken = false;
        !state.shutdown
    }
}

impl Agent {
    /// Starts the scheduler with default settings. Interrupted cycles are resumed at once.
    ///
    /// # Errors
    /// When the operating system has no thread to give.
    pub fn start(store: Store, clock: Arc<dyn Clock>, sealer: Sealer) -> std::io::Result<Self> {
        Self::with_context(AgentContext::new(store, clock, sealer))
    }

    /// Starts the scheduler with a context of one's own.
    ///
    /// # Errors
    /// When the operating system has no thread to give.
    pub fn with_context(context: AgentContext) -> std::io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let (theirs, signal_theirs) = (context.clone(), Arc::clone(&signal));
        let scheduler = std::thread::Builder::new()
            .name("agent-scheduler".into())
            .spawn(move || schedule(&theirs, &signal_theirs))?;
        Ok(Self {
            context,
            signal,
            scheduler: Some(scheduler),
        })
    }

    /// What its cycles work with; a cycle run through it does not overlap with a scheduled one.
    pub fn context(&self) -> &AgentContext {
        &self.context
    }

    /// Looks for due jobs now: call it after a job was started or restarted, or the clock was turned.
    pub fn wake(&self) {
        self.signal.wake();
    }

    /// A handle that wakes this agent, for those who start and restart jobs.
    pub fn waker(&self) -> Waker {
        Waker {
            signal: Arc::clone(&self.signal),
            context: self.context.clone(),
        }
    }

    /// Finishes the current batch of every running cycle, leaves the cycles resumable, breaks off drift reports, and
    /// returns when all threads have ended: at the latest after the timeout of one request.
    pub fn shutdown(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.context.begin_shutdown();
        self.signal.lock().shutdown = true;
        self.signal.changed.notify_all();
        if let Some(scheduler) = self.scheduler.take()
            && scheduler.join().is_err()
        {
            tracing::error!("the agent's scheduler panicked");
        }
        self.context.beside().drift.wait();
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.end();
    }
}

fn schedule(context: &AgentContext, signal: &Arc<Signal>) {
    let mut running: Vec<(Place, JoinHandle<()>)> = Vec::new();
    loop {
        // A thread that has ended is joined at once; its panics were caught inside.
        running.retain(|(_, thread)| !thread.is_finished());
        match due::places_due(context) {
            Ok(due) => {
                for place in due {
                    let busy = running.iter().any(|(other, _)| *other == place);
                    if busy || context.is_at(place) {
                        continue;
                    }
                    match launch(context, signal, place) {
                        Ok(thread) => running.push((place, thread)),
                        Err(error) => tracing::error!(%error, "no thread for a cycle or a queue"),
                    }
                }
            }
            Err(error) => tracing::error!(%error, "the agent cannot read its jobs"),
        }
        if !signal.wait() {
            break;
        }
    }
    for (_, thread) in running {
        let _ = thread.join();
    }
}

fn launch(
    context: &AgentContext,
    signal: &Arc<Signal>,
    place: Place,
) -> std::io::Result<JoinHandle<()>> {
    let (context, signal) = (context.clone(), Arc::clone(signal));
    std::thread::Builder::new()
        .name("agent-cycle".into())
        .spawn(move || {
            let rest = due::run_at(&context, place, context.clock.now());
            // Another cycle may have become due meanwhile, after a restart for example. After an
            // error the scheduler waits: the same may happen again.
            if rest != Rest::BrokeOff && !context.is_shutting_down() {
                signal.wake();
            }
        })
}
