//! [`Stage`]: what a scenario does things with, and [`run`], which plays one.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Actor, Check, Play, Run, Scenario, Step, Told};
use crate::access::{Operator, OrgAdministrator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::lab::faults::{Armed, Fault, Faults};
use crate::model::Exchange;
use crate::model::okta::{AppUser, OktaApp, SystemEvent, Task};
use crate::store::Write;
use crate::store::okta::{AppKey, app_users, apps, events, tasks};
use crate::sync::AgentContext;
use crate::sync::client::{Method, NoAnswer, Request};
use crate::sync::okta as agent;

/// Events of a step that are kept.
const SHOWN: usize = 40;
/// Events that a step looks at, at most.
const LOOKED_AT: usize = 20_000;
/// Letters and digits of names: none that are mistaken for others.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Lets time go by, at least until a moment.
pub type Pass<'a> = &'a dyn Fn(Timestamp) -> Result<()>;

/// The bundled provider, when it is what an app leads to.
#[derive(Debug, Clone)]
pub struct Bundled {
    /// The team.
    pub team: Seq,
    /// Whether people who have an account, or an invite, are asked before they join.
    pub invites: bool,
    /// How it is made to misbehave.
    pub faults: Faults,
}

/// Everything that a scenario is played with.
pub struct Cast<'a> {
    /// The agent.
    pub context: &'a AgentContext,
    /// Who plays.
    pub operator: &'a Operator,
    /// The app.
    pub key: AppKey,
    /// What it leads to, when that is the bundled provider.
    pub bundled: Option<Bundled>,
    /// Lets time go by.
    pub pass: Pass<'a>,
    /// Where the names come from.
    pub nonce: Nonce,
}

/// Plays a scenario, and says what happened.
///
/// # Errors
/// [`Error::Conflict`] when the app lacks something that the scenario needs or does not provision, or when something
/// waits in its queue; `NotFound`, the store's.
pub fn run(scenario: &Scenario, cast: Cast<'_>) -> Result<Run> {
    let app = crate::directory::okta::apps::get(&cast.context.store.read()?, cast.key)?;
    if !app.provisions() {
        return Err(refused(format!(
            "{} does not provision. Configure its API integration first",
            app.label
        )));
    }
    let mut needs = scenario.needs.iter();
    if let Some(what) = needs.find_map(|need| need.unmet(&app, cast.bundled.as_ref())) {
        return Err(refused(what));
    }
    if let Some(until) = agent::settle(cast.context, cast.key)? {
        return Err(refused(format!(
            "Something waits in the queue of {} until {until}. Let that time go by first",
            app.label
        )));
    }
    let (key, began) = (cast.key, cast.context.clock.now());
    let letters = cast.nonce.0.iter().take(6);
    let mut stage = Stage {
        administrator: OrgAdministrator::of(cast.operator, key.org),
        word: letters
            .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
            .collect(),
        cast,
        steps: Vec::new(),
        checks: Vec::new(),
    };
    let Play::Okta(play) = scenario.play;
    let failure = match play(&mut stage) {
        Ok(()) => None,
        Err(Error::Store(error)) => return Err(Error::Store(error)),
        Err(error) => Some(error.to_string()),
    };
    Ok(Run {
        scenario: scenario.name,
        key,
        app: app.label,
        word: stage.word,
        began,
        steps: stage.steps,
        checks: stage.checks,
        failure,
    })
}

fn refused(detail: String) -> Error {
    Error::Conflict {
        attribute: "scenario",
        detail,
    }
}

/// What a scenario does things with. Each thing it does is a step.
pub struct Stage<'a> {
    pub(super) cast: Cast<'a>,
    pub(super) administrator: OrgAdministrator,
    /// Stands in every name that the scenario makes.
    pub(super) word: String,
    steps: Vec<Step>,
    checks: Vec<Check>,
}

impl Stage<'_> {
    /// The app as it is now.
    pub(super) fn app(&self) -> Result<OktaApp> {
        let found = apps::find(&self.cast.context.store.read()?, self.cast.key)?;
        found.ok_or_else(|| refused("The app was deleted meanwhile".to_owned()))
    }

    /// Does something without waiting for what follows.
    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Write<'_>, &OrgAdministrator, AppKey, Timestamp) -> Result<T>
        + Send
        + 'static,
    ) -> Result<T> {
        let (administrator, key) = (self.administrator.clone(), self.cast.key);
        let now = self.cast.context.clock.now();
        let store = &self.cast.context.store;
        store.write(move |tx| work(tx, &administrator, key, now))
    }

    /// The administrator does something, and the agent sends what follows.
    pub(super) fn step<T: Send + 'static>(
        &mut self,
        what: impl Into<String>,
        work: impl FnOnce(&Write<'_>, &OrgAdministrator, AppKey, Timestamp) -> Result<T>
        + Send
        + 'static,
    ) -> Result<T> {
        let before = self.position()?;
        let done = self.write(work)?;
        agent::settle(self.cast.context, self.cast.key)?;
        self.tell(Actor::Administrator, what.into(), before)?;
        Ok(done)
    }

    /// Lets time go by until something in the queue may begin, and that be sent.
    pub(super) fn wait(&mut self) -> Result<()> {
        let Some(until) = agent::settle(self.cast.context, self.cast.key)? else {
            return Ok(());
        };
        let before = self.position()?;
        let seconds = until.since(self.cast.context.clock.now()).as_secs();
        (self.cast.pass)(until)?;
        agent::settle(self.cast.context, self.cast.key)?;
        let what = format!("{seconds} seconds go by on the clock of the appliance.");
        self.tell(Actor::Clock, what, before)
    }

    /// Seconds until something in the queue may begin; none when nothing waits.
    pub(super) fn waits(&self) -> Result<Option<u64>> {
        let until = agent::settle(self.cast.context, self.cast.key)?;
        let now = self.cast.context.clock.now();
        Ok(until
            .map(|until| until.since(now).as_millis().div_ceil(1000))
            .map(|s| u64::try_from(s).unwrap_or(u64::MAX)))
    }

    /// Somebody else does something at the target, which the agent does not see.
    pub(super) fn note(&mut self, by: Actor, what: impl Into<String>) {
        self.steps.push(Step {
            by,
            what: what.into(),
            events: Vec::new(),
            event_count: 0,
            request_count: 0,
            asked: Vec::new(),
        });
    }

    /// Asks the target something with the credentials of the app; its answer, with `null` for a body that is no JSON.
    pub(super) fn ask(
        &mut self,
        what: impl Into<String>,
        method: Method,
        path: &str,
        body: Option<Json>,
    ) -> Result<(u16, Json)> {
        let request = Request {
            method,
            path: path.to_owned(),
            body,
        };
        let (context, key) = (self.cast.context, self.cast.key);
        let (asked, answer) = agent::ask(context, key, self.app()?, &request);
        self.note(Actor::Target, what);
        if let Some(step) = self.steps.last_mut() {
            step.asked = asked;
        }
        let answer = answer.map_err(|error: NoAnswer| refused(error.to_string()))?;
        let body = serde_json::from_slice(&answer.body).unwrap_or_default();
        Ok((answer.status, body))
    }

    /// Says what must be so, and whether it is.
    pub(super) fn check(&mut self, what: impl Into<String>, holds: bool) {
        self.checks.push(Check {
            what: what.into(),
            holds,
        });
    }

    /// What was sent in the last step, as `METHOD collection`: `POST Users`, `PATCH Users/{id}`, `GET Users?filter`.
    pub(super) fn sent(&self) -> Vec<String> {
        let told = self.steps.last().into_iter().flat_map(|step| &step.events);
        let exchanges = told.flat_map(|told| &told.exchanges);
        exchanges.map(Self::outline).collect()
    }

    /// The bodies of what was sent in the last step with this outline.
    pub(super) fn bodies(&self, outline: &str) -> Vec<Json> {
        let told = self.steps.last().into_iter().flat_map(|step| &step.events);
        let exchanges = told.flat_map(|told| &told.exchanges);
        exchanges
            .filter(|exchange| Self::outline(exchange) == outline)
            .filter_map(|exchange| serde_json::from_str(exchange.request.as_deref()?).ok())
            .collect()
    }

    /// How many requests stand behind the last step.
    pub(super) fn request_count(&self) -> usize {
        self.steps.last().map_or(0, |step| step.request_count)
    }

    fn outline(exchange: &Exchange) -> String {
        let path = exchange
            .url
            .rsplit_once("/Users")
            .map(|(_, rest)| ("Users", rest));
        let path = path.or_else(|| {
            let (_, rest) = exchange.url.rsplit_once("/Groups")?;
            Some(("Groups", rest))
        });
        let Some((collection, rest)) = path else {
            return exchange.method.clone();
        };
        let rest: Cow<'_, str> = match rest.chars().next() {
            Some('/') => "/{id}".into(),
            Some('?') if rest.contains("filter=") => "?filter".into(),
            _ => rest.into(),
        };
        format!("{} {collection}{rest}", exchange.method)
    }

    /// The names of the last step's events that failed.
    pub(super) fn failures(&self) -> Vec<&str> {
        let told = self.steps.last().into_iter().flat_map(|step| &step.events);
        told.filter(|told| told.event.outcome.result.name() == "FAILURE")
            .map(|told| told.event.event_type.as_str())
            .collect()
    }

    /// Whether the last step has an event of this type.
    pub(super) fn was_told(&self, event_type: &str) -> bool {
        let mut told = self.steps.last().into_iter().flat_map(|step| &step.events);
        told.any(|told| told.event.event_type == event_type)
    }

    /// The assignment of a person.
    pub(super) fn assignment(&self, user: Seq) -> Result<Option<AppUser>> {
        let tx = self.cast.context.store.read()?;
        Ok(app_users::find(&tx, self.cast.key, user)?)
    }

    /// The newest task about a person.
    pub(super) fn task(&self, user: Seq) -> Result<Option<Task>> {
        let tx = self.cast.context.store.read()?;
        let rows = tasks::of_user(&tx, self.cast.key, user)?;
        match rows.last() {
            Some(row) => Ok(tasks::find(&tx, self.cast.key.org, *row)?),
            None => Ok(None),
        }
    }

    /// Makes the bundled provider answer what mentions this run's names with a fault.
    pub(super) fn arm(&mut self, what: impl Into<String>, fault: Fault) -> Result<Armed> {
        let bundled = self.cast.bundled.as_ref();
        let bundled = bundled.ok_or_else(|| refused("The target cannot be told to".to_owned()))?;
        let armed = bundled.faults.arm(&self.word, fault);
        self.note(Actor::Target, what);
        Ok(armed)
    }

    /// The end of the log.
    fn position(&self) -> Result<Seq> {
        let tx = self.cast.context.store.read()?;
        let order = events::Order::NewestFirst;
        let found = events::search(&tx, self.cast.key.org, order, None, (1, 1), |_| true)?;
        Ok(found.events.first().map_or(Seq(0), |event| event.seq))
    }

    /// Adds a step with what was written to the log behind a position.
    fn tell(&mut self, by: Actor, what: String, behind: Seq) -> Result<()> {
        let tx = self.cast.context.store.read()?;
        let org = self.cast.key.org;
        let order = events::Order::OldestFirst;
        let found = events::search(
            &tx,
            org,
            order,
            Some(behind),
            (LOOKED_AT, LOOKED_AT),
            |event| self.is_ours(event),
        )?;
        let (mut told, mut requests) = (Vec::new(), 0);
        let event_count = found.events.len();
        for event in found.events {
            let exchanges = events::exchanges(&tx, org, event.seq)?;
            requests += exchanges.len();
            if told.len() < SHOWN {
                told.push(Told { event, exchanges });
            }
        }
        self.steps.push(Step {
            by,
            what,
            events: told,
            event_count,
            request_count: requests,
            asked: Vec::new(),
        });
        Ok(())
    }

    /// Whether an event is about somebody whom this scenario made, or about the connection of the app alone.
    fn is_ours(&self, event: &SystemEvent) -> bool {
        let names = |text: &str| text.contains(&self.word);
        let mut targets = event.targets.iter();
        let ours = targets.any(|t| names(&t.display_name) || names(&t.alternate_id));
        let mut targets = event.targets.iter();
        ours || (event.in_background && targets.all(|t| t.kind == "AppInstance"))
    }
}
