//! An appliance inside the test's own process, whose clock the test turns.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use scimlab::clock::{FixedClock, LabClock, Timestamp};
use scimlab::error::Error;
use scimlab::id::Nonce;
use scimlab::model::Team;
use scimlab::provider::accounts;
use scimlab::scim::profile::Setting;
use scimlab::secret::{PasswordHash, Plain, Sealer};
use scimlab::store::{Store, teams};
use scimlab::sync::Agent;
use scimlab::web::{self, App, PublicUrl, Running};

use crate::browser::{Browser, EMAIL, PASSWORD};

/// A running appliance with one team, SCIM off, and one administrator. Ends when dropped.
pub(crate) struct Within {
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    clock: Arc<FixedClock>,
    running: Option<(Running, Agent)>,
}

impl Within {
    /// Its clock stands at the beginning of 2030.
    pub(crate) fn start() -> Self {
        Self::known_as(None)
    }

    /// The same, as a proxy on this host would forward to it.
    pub(crate) fn behind_a_proxy() -> Self {
        Self::known_as(Some("http://lab.example".to_owned()))
    }

    fn known_as(configured: Option<String>) -> Self {
        let start = Timestamp::parse("2030-01-01T00:00:00Z").unwrap();
        let clock = Arc::new(FixedClock::new(start));
        let store = Store::in_memory().unwrap();
        let sealer = Sealer::new(&[7; 32]);
        let hash = PasswordHash::new(&Plain::new(PASSWORD)).unwrap();
        let made = store.write(move |tx| {
            let team = Team {
                seq: teams::next_seq(tx)?,
                name: "Acme".into(),
                scim_enabled: false,
                created: start,
                profile: Setting::default(),
                revision: 0,
                audit_days: Team::AUDIT_DAYS,
                built_ins_off: [].into(),
            };
            teams::put(tx, &team)?;
            accounts::upsert(tx, EMAIL, "Ada", hash, Nonce::random(), start)?;
            Ok::<_, Error>(())
        });
        made.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shown = Arc::new(LabClock::new(clock.clone()));
        let agent = Agent::start(store.clone(), shown.clone(), sealer.clone()).unwrap();
        let public_url = PublicUrl {
            configured,
            listening: url.clone(),
        };
        let app = App::new(store, shown, sealer, public_url, &agent);
        let running = web::start(app, listener).unwrap();
        Self {
            url,
            clock,
            running: Some((running, agent)),
        }
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// A browser with the administrator signed in.
    pub(crate) fn administrator(&self) -> Browser {
        let browser = Browser::at(&self.url);
        let page = browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{}", page.body);
        browser
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        if let Some((running, agent)) = self.running.take() {
            running.stop();
            // It may have failed already; the test says why.
            let _ = running.wait();
            agent.shutdown();
        }
    }
}
