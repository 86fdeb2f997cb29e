//! *Scenarios*: the catalogue, one scenario, and playing it.

use actix_web::web;

use super::{Typed, app_of, key, org_of, show_org, system_log, text_of};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::OktaKind;
use crate::lab::scenarios::{self as catalogue, Run, Runs, Scenario, Step};
use crate::model::okta::Org;
use crate::store::Snapshot;
use crate::store::okta::apps;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::okta::scenarios::{
    Played, ScenarioPage, ScenarioRow, ScenariosPage, StepShown,
};
use crate::web::console::parts::{Choice, Fact, Field, Link, Notice, Pill, Tone, counted};
use crate::web::rooms::{Answered, Done, entra, exact, finish};
use crate::web::scenarios::play as play_with;

/// The list.
pub(super) const HERE: &str = "/okta/scenarios";
/// Exchanges of a step that are shown.
const EXCHANGES: usize = 20;

/// The catalogue.
pub(in crate::web::rooms) async fn list(app: web::Data<App>, signed: SignedIn) -> Answered {
    let runs = app.runs.clone();
    show_org(&app, signed, move |_, who, org, _| {
        Ok(ScenariosPage {
            page: who.page(Room::OktaScenarios, "Scenarios"),
            rows: catalogue::all()
                .map(|scenario| row(scenario, org, &runs))
                .collect(),
        })
    })
    .await
}

fn row(scenario: &Scenario, org: &Org, runs: &Runs) -> ScenarioRow {
    ScenarioRow {
        title: Link::new(scenario.title, format!("{HERE}/{}", scenario.name)),
        about: scenario.about,
        last: runs.of(org.seq, scenario.name).map(|run| outcome(&run)),
    }
}

fn outcome(run: &Run) -> Pill {
    if run.is_as_expected() {
        Pill::new(Tone::Good, "As expected")
    } else {
        Pill::new(Tone::Bad, "Not as expected")
    }
}

fn find(name: &str) -> Result<&'static Scenario> {
    catalogue::find(name).ok_or_else(|| Error::not_found("Scenario", ""))
}

/// One scenario, with what came of it last.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    name: web::Path<String>,
) -> Answered {
    let scenario = find(&name)?;
    let runs = app.runs.clone();
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, scenario, &runs, now)
    })
    .await
}

fn load(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    scenario: &'static Scenario,
    runs: &Runs,
    now: Timestamp,
) -> Result<ScenarioPage> {
    let addresses = super::Addresses::new(tx, org);
    let run = runs.of(org.seq, scenario.name);
    let mut choices = Vec::new();
    for one in apps::all(tx, org.seq)?
        .iter()
        .filter(|one| one.provisions())
    {
        let id = addresses.id(OktaKind::App, one.seq).to_string();
        choices.push((one.seq, Choice::new(id, one.label.as_str())));
    }
    let last = run.as_ref().map(|run| run.key.app);
    let chosen = choices.iter().find(|(row, _)| Some(*row) == last);
    let chosen = chosen.or(choices.first());
    let value = chosen.map_or_else(String::new, |(_, choice)| choice.value.clone());
    let missing = choices.is_empty().then(|| {
        let next = "Connect one first: Applications, Provisioning, Configure API Integration.";
        Notice::new(Tone::Info, "No application provisions yet.", next)
    });
    Ok(ScenarioPage {
        page: who
            .page(Room::OktaScenarios, scenario.title)
            .under("Scenarios", HERE),
        about: scenario.about,
        play: format!("{HERE}/{}", scenario.name),
        app: Field::new("app", "Application")
            .choices(choices.into_iter().map(|(_, choice)| choice).collect())
            .value(value),
        missing,
        last: run.map(|run| played(tx, org, &run, now)),
        curl: format!(
            "curl -X POST -H \"Authorization: Bearer $SCIMLAB_OPERATOR_TOKEN\" \\\n  {}/lab/scenarios/{}",
            who.base(),
            scenario.name
        ),
    })
}

fn played(tx: &Snapshot, org: &Org, run: &Run, now: Timestamp) -> Played {
    let app = super::Addresses::new(tx, org).app(run.key.app);
    let verdict = |holds: bool| {
        if holds {
            Pill::new(Tone::Good, "Yes")
        } else {
            Pill::new(Tone::Bad, "No")
        }
    };
    let checks = run.checks.iter();
    Played {
        outcome: outcome(run),
        facts: vec![
            Fact::link("Application", &run.app, app),
            Fact::text("Time", exact(run.began)),
            Fact::code("In every name", run.word.as_str()),
        ],
        failure: run.failure.clone().unwrap_or_default(),
        checks: checks
            .map(|check| (check.what.clone(), verdict(check.holds)))
            .collect(),
        steps: run
            .steps
            .iter()
            .map(|step| shown(tx, org, step, now))
            .collect(),
    }
}

fn shown(tx: &Snapshot, org: &Org, step: &Step, now: Timestamp) -> StepShown {
    let sent = step.events.iter().flat_map(|told| &told.exchanges);
    let exchanges: Vec<_> = sent.chain(&step.asked).take(EXCHANGES).cloned().collect();
    let (events, requests) = (
        step.event_count - step.events.len(),
        (step.request_count + step.asked.len()) - exchanges.len(),
    );
    StepShown {
        by: step.by.name(),
        what: step.what.clone(),
        events: step
            .events
            .iter()
            .map(|told| system_log::row(tx, org, &told.event, now))
            .collect(),
        more: match (events, requests) {
            (0, 0) => String::new(),
            (events, requests) => format!(
                "Not shown here: {} and {}, which stand in the System Log.",
                counted(events as u64, "event", "events"),
                counted(requests as u64, "request", "requests"),
            ),
        },
        exchanges: entra::exchanges_shown(&exchanges, ""),
    }
}

/// Plays it with the app that was chosen.
pub(in crate::web::rooms) async fn play(
    app: web::Data<App>,
    signed: SignedIn,
    name: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let scenario = find(&name)?;
    let who = signed.who();
    let done = app
        .run(move |app| {
            let key = {
                let tx = app.store.read()?;
                let org = org_of(&tx, &who)?;
                key(&org, app_of(&tx, &org, text_of(&typed, "app"))?.seq)
            };
            let run = play_with(app, who.operator()?, scenario, key)?;
            Ok(told(&run))
        })
        .await;
    app.agent.wake();
    finish(&signed, &format!("{HERE}/{}", scenario.name), done)
}

fn told(run: &Run) -> Done {
    let what = if run.is_as_expected() {
        "The scenario went as expected."
    } else {
        "The scenario was played, and not everything is as it must be."
    };
    Done::new(what, "")
}
