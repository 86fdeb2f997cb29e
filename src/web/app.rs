//! What every handler shares: the store, the clock, the settings; and the way to the blocking pool.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web;
use tokio::sync::{Semaphore, oneshot};

use super::Passwords;
use super::login::TokenKeys;
use super::replies::Replies;
use crate::clock::{Clock as _, LabClock, Timestamp};
use crate::error::{Error, Result};
use crate::lab::clock::ClockControl;
use crate::lab::faults::Faults;
use crate::lab::scenarios::Runs;
use crate::lab::traffic::Recorder;
use crate::provider::key_uses::KeyUses;
use crate::provider::rate::RateLimiter;
use crate::provider::{Callers, Endpoints};
use crate::secret::Sealer;
use crate::store::{self, Snapshot, Store, Submission, Write};
use crate::sync::{Agent, Waker};

/// Where clients find the appliance.
#[derive(Debug, Clone)]
pub struct PublicUrl {
    /// Set by the operator: used for every absolute URL.
    pub configured: Option<String>,
    /// `http://` and the address that is listened on: used when nothing is configured and the `Host`
    /// header is not a loopback name. A `Host` header that anybody can send never enters a URL.
    pub listening: String,
}

impl PublicUrl {
    /// Base of absolute URLs in the answer to a request, without a trailing slash.
    pub fn of(&self, request: &HttpRequest) -> String {
        self.below(request, "")
    }

    /// The same with a path behind it.
    pub fn below(&self, request: &HttpRequest, path: &str) -> String {
        if let Some(configured) = &self.configured {
            return [configured, path].concat();
        }
        // What a proxy says goes before `Host`, so it is looked at in detail only when there is one.
        let headers = request.headers();
        let direct = !headers.contains_key(header::FORWARDED)
            && !headers.contains_key(header::X_FORWARDED_HOST);
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        match host {
            Some(host) if direct => self.with_host(host, path),
            _ => self.with_host(request.connection_info().host(), path),
        }
    }

    fn with_host(&self, host: &str, path: &str) -> String {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
            ["http://", host, path].concat()
        } else {
            [&self.listening, path].concat()
        }
    }
}

/// Turns of work that walks a whole table.
#[derive(Debug, Clone)]
pub struct Scans(Arc<Semaphore>);

impl Default for Scans {
    /// As many as there are cores.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new(cores)))
    }
}

/// Heaviest work that is done without the blocking pool: a user's body is a few hundred bytes.
const LIGHT: usize = 16 << 10;

/// State of the application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The data.
    pub store: Store,
    /// The time.
    pub clock: Arc<LabClock>,
    /// Opens and seals secrets that must be read back.
    pub sealer: Sealer,
    /// Turns the clock.
    pub time: ClockControl,
    /// Where clients find us.
    pub public_url: Arc<PublicUrl>,
    /// Wakes the agent when a job was started.
    pub agent: Waker,
    /// What the SCIM endpoints of the teams are like.
    pub endpoints: Endpoints,
    /// Who has presented a key lately.
    pub callers: Callers,
    /// Turns of requests that walk a whole table.
    pub scans: Scans,
    /// The last SCIM requests and their answers.
    pub recorder: Recorder,
    /// What is done with SCIM keys, as far as it is not in the store yet.
    pub key_uses: KeyUses,
    /// Requests a minute of each team.
    pub rates: Arc<RateLimiter>,
    /// Turns of work on passwords.
    pub passwords: Passwords,
    /// The key that signs access tokens of the Graph API.
    pub token_keys: TokenKeys,
    /// What the provider answers instead of the truth.
    pub faults: Faults,
    /// The scenarios that were played.
    pub runs: Runs,
}

impl App {
    /// With nothing remembered yet of keys, limits, endpoints and traffic.
    pub fn new(
        store: Store,
        clock: Arc<LabClock>,
        sealer: Sealer,
        public_url: PublicUrl,
        agent: &Agent,
    ) -> Self {
        let time = ClockControl::new(
            Arc::clone(&clock),
            store.clone(),
            agent.context().clone(),
            agent.waker(),
        );
        Self {
            store,
            clock,
            time,
            sealer,
            public_url: Arc::new(public_url),
            agent: agent.waker(),
            endpoints: Endpoints::default(),
            callers: Callers::default(),
            scans: Scans::default(),
            recorder: Recorder::default(),
            key_uses: KeyUses::default(),
            rates: Arc::default(),
            passwords: Passwords::default(),
            token_keys: TokenKeys::default(),
            faults: Faults::default(),
            runs: Runs::default(),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The present moment of the world outside, for what belongs to people and not to the simulation: sessions,
    /// throttles, limits.
    pub fn real_now(&self) -> Timestamp {
        self.clock.real_now()
    }

    /// Runs work that reads or writes the store on the blocking pool.
    ///
    /// # Errors
    /// The work's; [`store::Error::Panicked`] when it panicked.
    pub async fn run<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&Self) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let app = self.clone();
        match web::block(move || work(&app)).await {
            Ok(result) => result,
            Err(_) => Err(E::from(Error::Store(store::Error::Panicked))),
        }
    }

    /// Runs point reads and small computations right here, because handing them to another thread
    /// costs more than they do, and heavier work on the blocking pool. `weight` is in bytes of a body.
    ///
    /// # Errors
    /// The work's; [`store::Error::Panicked`] when it panicked on the pool.
    pub async fn weigh<T, E, F>(&self, weight: usize, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&Self) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if weight <= LIGHT {
            work(self)
        } else {
            self.run(work).await
        }
    }

    /// Runs work that walks a whole table, on the blocking pool and only as many at once as there are
    /// cores: further ones wait their turn.
    ///
    /// # Errors
    /// The work's; [`store::Error::Panicked`] when it panicked.
    pub async fn scan<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&Self) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let turn = Arc::clone(&self.scans.0).acquire_owned().await;
        self.run(move |app| {
            // Kept while the work runs, though the client may have gone.
            let _turn = turn;
            work(app)
        })
        .await
    }

    /// Reads through one snapshot.
    ///
    /// # Errors
    /// The closure's.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Snapshot) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.run(move |app| work(&app.store.read()?)).await
    }

    /// Writes in one durable transaction. Occupies no thread while it waits for the disk.
    ///
    /// # Errors
    /// The closure's, or the store's.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.submit(work).await?.end().await
    }

    /// Hands a write over without waiting for its end. Writes that are handed over one after the other
    /// run in that order, and neighbours share a trip to the disk.
    ///
    /// # Errors
    /// The store's, when it cannot take the write.
    pub async fn submit<T, E, F>(&self, work: F) -> std::result::Result<Submitted<T, E>, E>
    where
        F: FnOnce(&Write<'_>) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let replies = Replies::of_this_worker();
        let submission = Submission::new(work, move |result| {
            replies.put(Box::new(move || {
                // A client that went away does not want to know.
                let _ = tell.send(result);
            }));
        });
        if let Err(waiting) = self.store.try_enqueue(submission) {
            let store = self.store.clone();
            web::block(move || store.enqueue(waiting))
                .await
                .unwrap_or(Err(store::Error::Panicked))?;
        }
        Ok(Submitted(told))
    }
}

/// A write that was handed over.
pub struct Submitted<T, E>(oneshot::Receiver<std::result::Result<T, E>>);

impl<T, E: From<store::Error>> Submitted<T, E> {
    /// How it ended, once that is durable.
    ///
    /// # Errors
    /// The closure's, or the store's.
    pub async fn end(self) -> std::result::Result<T, E> {
        self.0
            .await
            .unwrap_or_else(|_| Err(store::Error::Refused.into()))
    }
}
