//! A running appliance inside a process: what `serve` and `demo` have in common.
//!
//! Opens the data, makes the first team, seeds a fresh directory, starts the agent and the server on a
//! thread of its own, and leaves `runtime.json` for other commands.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use super::runtime::Runtime;
use super::{Failure, appliance, preset_client};
use crate::access::Operator;
use crate::clock::{Clock as _, LabClock, SystemClock, Timestamp};
use crate::config::Bootstrap;
use crate::id::{OktaId, OktaKind};
use crate::lab::clock::ClockControl;
use crate::lab::{self, Ids, Seed};
use crate::mail::Sender;
use crate::mail::sender::SenderContext;
use crate::model::Team;
use crate::provider::key_uses::{self, KeyUses};
use crate::scim::Preset;
use crate::secret::Sealer;
use crate::store::okta::{apps, orgs};
use crate::store::{Reads as _, Store, directory};
use crate::sync::{Agent, AgentContext, Trust};
use crate::web::{self, App, PublicUrl, Running};

/// Where to keep data, where to listen.
pub(super) struct Settings {
    pub(super) directory: PathBuf,
    pub(super) listen: SocketAddr,
    pub(super) public_url: Option<String>,
    pub(super) bootstrap: Bootstrap,
    /// Profile of the first team; none leaves it as it is.
    pub(super) scim_profile: Option<Preset>,
    /// Whose certificates `https` targets may show.
    pub(super) trust: Trust,
}

/// What fresh data starts with.
pub(super) struct Seeds {
    /// For the mock Entra.
    pub(super) tenant: Seed,
    /// For the mock Okta, if it starts with an org.
    pub(super) org: Option<Seed>,
    /// Ids of the tenant and what is in it.
    pub(super) ids: Ids,
}

/// An appliance that serves.
pub(super) struct Installation {
    pub(super) store: Store,
    pub(super) clock: Arc<LabClock>,
    pub(super) sealer: Sealer,
    pub(super) team: Team,
    pub(super) agent: Agent,
    sender: Sender,
    pub(super) runtime: Runtime,
    directory: PathBuf,
    server: Running,
    key_uses: KeyUses,
}

impl Installation {
    /// Opens the data and applies the preset values; `seeds` fill what is fresh.
    pub(super) fn start(
        settings: Settings,
        seeds: impl FnOnce() -> Seeds,
    ) -> Result<Self, Failure> {
        let Settings {
            directory,
            listen,
            public_url,
            bootstrap,
            scim_profile,
            trust,
        } = settings;
        preset_client::check(&bootstrap)?;
        let store = appliance::open_or_create(&directory)?;
        let sealer = appliance::sealer(&directory)?;
        let clock = Arc::new(LabClock::new(Arc::new(SystemClock)));
        ClockControl::restore(&clock, &store).map_err(appliance::sentence)?;
        let team = appliance::ensure_team(&store, clock.now())?;
        appliance::bootstrap(&store, &team, &bootstrap, clock.now())?;
        if let Some(preset) = scim_profile.filter(|preset| *preset != team.profile.preset) {
            appliance::set_profile(&store, &team, preset, clock.now())?;
        }
        if directory::first_tenant(&store.read()?)?.is_none() {
            let (mut seeds, operator) = (seeds(), Operator::of_this_process());
            let now = clock.now();
            if let Some(org) = seeds.org.take() {
                seed_org(&store, &operator, org, now)?;
            }
            lab::install(&store, &operator, seeds.tenant, &mut seeds.ids, now)
                .map_err(appliance::sentence)?;
        }
        appliance::preset_okta_token(&store, &bootstrap, clock.now())?;
        preset_client::apply(&store, &bootstrap, clock.now())?;
        let listener = TcpListener::bind(listen)
            .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        let listening = format!("http://{}", listener.local_addr()?);
        let configured = public_url.map(|url| url.trim_end_matches('/').to_owned());
        let base_url = configured.clone().unwrap_or_else(|| listening.clone());
        let runtime = describe(&store, &base_url, &bootstrap)?;
        let mut context = AgentContext::new(store.clone(), clock.clone(), sealer.clone());
        context.settings.trust = trust;
        let agent = Agent::with_context(context)?;
        let public_url = PublicUrl {
            configured,
            listening,
        };
        let app = App::new(
            store.clone(),
            Arc::clone(&clock),
            sealer.clone(),
            public_url,
            &agent,
        );
        let key_uses = app.key_uses.clone();
        let sender = Sender::start(SenderContext {
            store: store.clone(),
            clock: clock.clone(),
            sealer: sealer.clone(),
            base: base_url,
        })?;
        let server = web::start(app, listener)?;
        runtime.write(&directory)?;
        Ok(Self {
            store,
            clock,
            sealer,
            team,
            agent,
            sender,
            runtime,
            directory,
            server,
            key_uses,
        })
    }

    /// Waits until a signal ends the server, then ends the rest.
    pub(super) fn wait(self) -> Result<(), Failure> {
        let served = self.server.wait();
        self.agent.shutdown();
        drop(self.sender);
        let counts = self.key_uses.take();
        let written = self
            .store
            .write(move |tx| key_uses::write_down(tx, &counts));
        if let Err(error) = written {
            tracing::warn!(%error, "the last uses of SCIM keys are not counted");
        }
        Runtime::remove(&self.directory);
        Ok(served?)
    }

    /// Ends everything now.
    pub(super) fn stop(self) -> Result<(), Failure> {
        self.server.stop();
        self.wait()
    }
}

/// Fills a fresh mock Okta. The tenant is written after the org: when a start was ended between them, the next one
/// finds the org and leaves it as it is.
fn seed_org(store: &Store, operator: &Operator, seed: Seed, now: Timestamp) -> Result<(), Failure> {
    if !orgs::all(&store.read()?)?.is_empty() {
        return Ok(());
    }
    let operator = operator.clone();
    store
        .write(move |tx| lab::org::load(tx, &operator, &seed, now))
        .map_err(appliance::sentence)?;
    Ok(())
}

/// Addresses and ids for other commands and for people.
fn describe(store: &Store, base_url: &str, preset: &Bootstrap) -> Result<Runtime, Failure> {
    let snapshot = store.read()?;
    let mut runtime = Runtime {
        base_url: base_url.to_owned(),
        scim_base_url: format!("{base_url}/scim/v2"),
        scim_key: preset.scim_key.clone(),
        operator_token: preset.operator_token.clone(),
        okta_token: preset.okta_token.clone(),
        ..Runtime::default()
    };
    preset_client::describe(&snapshot, preset, &mut runtime)?;
    if let Some(org) = orgs::all(&snapshot)?.first() {
        runtime.okta_org_url = Some(format!("{base_url}/okta"));
        let app = apps::all(&snapshot, org.seq)?.into_iter().next();
        runtime.okta_app_id = app.map(|app| {
            let id = OktaId::of_row(snapshot.mix(), OktaKind::App, org.seq, app.seq);
            id.to_string()
        });
    }
    Ok(runtime)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

    #[test]
    fn a_start_that_was_ended_before_the_tenant_was_there_can_be_made_again() {
        let store = Store::in_memory().unwrap();
        let operator = Operator::of_this_process();
        for _ in 0..2 {
            seed_org(&store, &operator, lab::demo::demo(), NOW).unwrap();
            assert_eq!(orgs::all(&store.read().unwrap()).unwrap().len(), 1);
        }
    }

    #[test]
    fn an_org_whose_seed_breaks_a_rule_leaves_nothing_behind() {
        let store = Store::in_memory().unwrap();
        let operator = Operator::of_this_process();
        let mut seed = lab::demo::demo();
        seed.users.push(seed.users[0].clone());
        assert!(seed_org(&store, &operator, seed, NOW).is_err());
        assert!(orgs::all(&store.read().unwrap()).unwrap().is_empty());
    }
}
