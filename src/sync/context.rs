//! What a cycle works with: [`AgentContext`] for every cycle of the process, [`Run`] for one.

use std::collections::HashSet;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::answer::unanswered;
use super::client::{self, AccessTokens, Answer, Client, Method, Request, Trust, Ways};
use super::dialect::Dialect;
use super::guard::Guard;
use super::log::Story;
use super::quarantine::Thresholds;
use super::throttle::{AGAIN, Patience};
use super::{drift, on_demand};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce, Seq};
use crate::mapping::entra::{Context, ObjectMapping};
use crate::model::{Cycle, ErrorInformation, Job, ObjectKind, ObjectRef};
use crate::secret::Sealer;
use crate::store::Store;
use crate::store::jobs::JobKey;
use crate::store::okta::AppKey;

/// Sees the cycle after every saved batch. Breaking abandons the cycle on the spot, as a crash would:
/// nothing more is saved, and the next run resumes it.
pub type Observer = Arc<dyn Fn(&Cycle) -> ControlFlow<()> + Send + Sync>;

/// Waits for a duration of real time.
pub type Pause = Arc<dyn Fn(Duration) + Send + Sync>;

/// What the service leaves unpublished and an agent must choose.
#[derive(Clone)]
pub struct Settings {
    /// Objects of the directory in one page.
    pub source_page: usize,
    /// Members of a group compared at once.
    pub members_window: usize,
    /// Outcomes in one write.
    pub batch: usize,
    /// Longest time for one request of Entra's.
    pub timeout: Duration,
    /// Longest time for one request of Okta's.
    pub okta_timeout: Duration,
    /// How much may fail before a job goes into quarantine.
    pub thresholds: Thresholds,
    /// Watches the cycle.
    pub observer: Option<Observer>,
    /// Whose certificates an `https` target may show.
    pub trust: Trust,
    /// Waits where a target asks for it; in real time unless a test has something better to do.
    pub pause: Option<Pause>,
    /// Most requests for *Provision on demand* of one job, in this time: 5 in 10 seconds of real time.
    pub on_demand_rate: (usize, Duration),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            source_page: 200,
            members_window: 10_000,
            batch: 50,
            timeout: client::ENTRA.timeout,
            okta_timeout: client::OKTA.timeout,
            thresholds: Thresholds::default(),
            observer: None,
            trust: Trust::default(),
            pause: None,
            on_demand_rate: (5, Duration::from_secs(10)),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("source_page", &self.source_page)
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

/// What every cycle of the process shares. Clones share the lock that keeps the cycles of one job from
/// overlapping.
#[derive(Clone)]
pub struct AgentContext {
    /// Where everything is kept.
    pub store: Store,
    /// The appliance's clock.
    pub clock: Arc<dyn Clock>,
    /// Opens the sealed tokens.
    pub sealer: Sealer,
    /// Choices.
    pub settings: Settings,
    control: Arc<Control>,
}

#[derive(Default)]
struct Control {
    shutdown: AtomicBool,
    running: Mutex<HashSet<Place>>,
    tokens: AccessTokens,
    /// Told whenever a job is released.
    released: Condvar,
    /// Objects at which somebody is working: a cycle, or *Provision on demand*.
    held: Mutex<HashSet<(u64, u64, ObjectRef)>>,
    /// Told whenever an object is let go.
    let_go: Condvar,
    /// What is done beside the cycles.
    pub(super) beside: Beside,
}

/// What is remembered of the work beside the cycles; gone when the process ends.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) on_demand: on_demand::Rate,
    pub(super) drift: drift::Reports,
}

/// What one thread at a time works at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// The cycles of a job.
    Cycles(Seq, Seq),
    /// The queue of an app of the mock Okta.
    Queue(Seq, Seq),
    /// The uploads of an inbound job.
    Uploads(Seq, Seq),
}

impl Place {
    /// The uploads of a job.
    pub(super) fn uploads(key: JobKey) -> Self {
        Self::Uploads(key.tenant, key.job)
    }
}

impl From<JobKey> for Place {
    fn from(key: JobKey) -> Self {
        Self::Cycles(key.tenant, key.job)
    }
}

impl From<AppKey> for Place {
    fn from(key: AppKey) -> Self {
        Self::Queue(key.org, key.app)
    }
}

impl AgentContext {
    /// With default settings.
    pub fn new(store: Store, clock: Arc<dyn Clock>, sealer: Sealer) -> Self {
        Self {
            store,
            clock,
            sealer,
            settings: Settings::default(),
            control: Arc::default(),
        }
    }

    /// What a client of `connections` connections works with.
    pub(super) fn ways(&self, connections: usize) -> Ways {
        Ways {
            connections,
            timeout: self.settings.timeout,
            clock: Arc::clone(&self.clock),
            tokens: self.control.tokens.clone(),
            trust: self.settings.trust.clone(),
        }
    }

    /// Waits, but not beyond a shutdown.
    fn pause(&self, wait: Duration) {
        if let Some(pause) = &self.settings.pause {
            return pause(wait);
        }
        // Nothing is ever sent: the channel is what waits.
        let (_sender, nothing) = std::sync::mpsc::channel::<()>();
        let mut left = wait;
        while !left.is_zero() && !self.is_shutting_down() {
            let step = left.min(Duration::from_millis(100));
            let _ = nothing.recv_timeout(step);
            left -= step;
        }
    }

    /// Whether a cycle of this job is running in this process.
    pub fn is_running(&self, key: JobKey) -> bool {
        self.is_at(key.into())
    }

    /// Whether somebody in this process works there.
    pub(super) fn is_at(&self, place: Place) -> bool {
        self.running().contains(&place)
    }

    fn running(&self) -> MutexGuard<'_, HashSet<Place>> {
        // Insertions and removals are single steps, so a panic elsewhere leaves the set intact.
        self.control
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when nobody in this process works there; at once when nobody does.
    pub(super) fn wait_until_idle(&self, place: impl Into<Place>) {
        let place = place.into();
        let waited = self
            .control
            .released
            .wait_while(self.running(), |running| running.contains(&place));
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Reserves a job or a queue until the guard is dropped.
    pub(super) fn reserve(&self, place: impl Into<Place>) -> Result<Reserved> {
        let place = place.into();
        if self.running().insert(place) {
            Ok(Reserved {
                context: self.clone(),
                place,
            })
        } else {
            Err(Error::Conflict {
                attribute: "cycle",
                detail: match place {
                    Place::Cycles(..) => "A cycle of this job is running already.".into(),
                    Place::Queue(..) => "The queue of this app is worked at already.".into(),
                    Place::Uploads(..) => "The uploads of this job are worked off already.".into(),
                },
            })
        }
    }

    /// Waits until nobody else works at an object, and keeps it until the guard is dropped: matching and creating
    /// are two requests, between which nobody else may create the same.
    pub(super) fn hold(&self, key: JobKey, object: ObjectRef) -> Held<'_> {
        let name = (key.tenant.0, key.job.0, object);
        let control = &self.control;
        let held = control.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = control
            .let_go
            .wait_while(held, |held| held.contains(&name))
            .unwrap_or_else(PoisonError::into_inner);
        held.insert(name);
        Held { control, name }
    }

    /// What is remembered of the work beside the cycles.
    pub(super) fn beside(&self) -> &Beside {
        &self.control.beside
    }

    pub(super) fn begin_shutdown(&self) {
        self.control.shutdown.store(true, Ordering::SeqCst);
    }

    /// Whether the agent is ending: no cycle is run any more.
    pub fn is_shutting_down(&self) -> bool {
        self.control.shutdown.load(Ordering::SeqCst)
    }
}

/// While it lives, nobody else works at the object.
pub(super) struct Held<'a> {
    control: &'a Control,
    name: (u64, u64, ObjectRef),
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut held = self
            .control
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        held.remove(&self.name);
        drop(held);
        self.control.let_go.notify_all();
    }
}

/// While it lives, no other cycle of the job begins, and nobody else works at the queue.
pub(super) struct Reserved {
    context: AgentContext,
    place: Place,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.context.running().remove(&self.place);
        self.context.control.released.notify_all();
    }
}

/// What stays the same throughout a cycle. Shared by its threads.
pub(super) struct Run {
    pub(super) context: AgentContext,
    pub(super) key: JobKey,
    pub(super) job: Job,
    pub(super) cycle: Seq,
    pub(super) cycle_id: Guid,
    pub(super) domain: String,
    pub(super) client: Client,
    pub(super) dialect: &'static Dialect,
    pub(super) requests: AtomicU64,
    pub(super) guard: Guard,
    /// Whether only what changed is looked at.
    pub(super) incremental: bool,
    pub(super) patience: Patience,
    /// Set when this is no cycle but *Provision on demand*.
    pub(super) on_demand: Option<Asked>,
}

/// Who asked for an object, and how far it may go.
pub(super) struct Asked {
    pub(super) by: String,
    /// Reads are sent, writes only shown.
    pub(super) dry_run: bool,
}

impl Run {
    pub(super) fn mapping(&self, kind: ObjectKind) -> &ObjectMapping {
        match kind {
            ObjectKind::User => &self.job.rules.users,
            ObjectKind::Group => &self.job.rules.groups,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.context.clock.now()
    }

    /// A mapping context with randomness of its own.
    pub(super) fn mapping_context(&self) -> Context {
        Context::new(self.now().millis(), Nonce::random().0, self.domain.as_str())
    }

    /// How requests are phrased.
    pub(super) fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    /// Sends a request and keeps the exchange for the log. Sends it again when the target asks for a
    /// moment.
    pub(super) fn send(
        &self,
        story: &mut Story,
        request: &Request,
    ) -> std::result::Result<Answer, ErrorInformation> {
        if request.method != Method::Get && self.on_demand.as_ref().is_some_and(|a| a.dry_run) {
            let (exchange, answer) = on_demand::unsent(&self.client, request);
            story.sent(exchange);
            return Ok(answer);
        }
        let mut again = 0;
        loop {
            self.requests.fetch_add(1, Ordering::Relaxed);
            let (exchange, answer) = self.client.send(request);
            story.sent(exchange);
            let answer = answer.map_err(|error| unanswered(&error))?;
            match self.patience.wait(&answer, self.now()) {
                Some(wait) if again < AGAIN => self.context.pause(wait),
                _ => return Ok(answer),
            }
            again += 1;
        }
    }
}
