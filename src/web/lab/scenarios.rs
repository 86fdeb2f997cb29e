//! `/lab/scenarios`: the catalogue, and playing one of them with an app.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answered, LabCaller, LabFailure, answer};
use crate::error::{Error, Result};
use crate::id::{OktaId, OktaKind, Seq};
use crate::lab::scenarios::{self, Run, Scenario, Step, Told};
use crate::model::Exchange;
use crate::model::okta::{OktaApp, Org};
use crate::store::Reads;
use crate::store::okta::{AppKey, apps, orgs};
use crate::web::App;
use crate::web::scenarios::play;

/// With which app; the first that provisions and has what the scenario needs, where nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Id or subdomain of an org.
    org: Option<String>,
    /// Id or label of an app.
    app: Option<String>,
}

/// Every scenario.
pub(in crate::web) async fn list(_: LabCaller) -> Answered {
    let scenarios: Vec<Value> = scenarios::all()
        .map(|one| {
            json!({
                "name": one.name,
                "title": one.title,
                "about": one.about,
                "identityProvider": one.play.identity_provider(),
            })
        })
        .collect();
    Ok(answer(StatusCode::OK, &json!({ "scenarios": scenarios })))
}

/// Plays one, and answers when it is over. A scenario that did not go as it must is an answer like another.
pub(in crate::web) async fn post(
    app: web::Data<App>,
    LabCaller(operator): LabCaller,
    name: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let scenario =
        scenarios::find(&name).ok_or_else(|| Error::not_found("scenario", name.as_str()))?;
    let asked: Asked = if body.trim_ascii().is_empty() {
        Asked::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| LabFailure::Body(error.to_string()))?
    };
    let told = app
        .run(move |app| -> std::result::Result<Value, LabFailure> {
            let (org, key) = choose(&app.store.read().map_err(Error::from)?, &asked, scenario)?;
            let run = play(app, &operator, scenario, key)?;
            let tx = app.store.read().map_err(Error::from)?;
            Ok(told(&tx, &org, scenario, &run))
        })
        .await?;
    Ok(answer(StatusCode::OK, &told))
}

fn choose(tx: &impl Reads, asked: &Asked, scenario: &Scenario) -> Result<(Org, AppKey)> {
    let mut candidates = Vec::new();
    for org in orgs::all(tx)? {
        let id = OktaId::of_row(tx.mix(), OktaKind::Org, Seq(0), org.seq).to_string();
        if asked
            .org
            .as_ref()
            .is_some_and(|asked| *asked != id && *asked != org.subdomain)
        {
            continue;
        }
        for app in apps::all(tx, org.seq)? {
            let id = OktaId::of_row(tx.mix(), OktaKind::App, org.seq, app.seq).to_string();
            let meant = |asked: &String| *asked == id || *asked == app.label;
            if asked.app.as_ref().is_none_or(meant) && !app.removed {
                candidates.push((org.clone(), app));
            }
        }
    }
    if asked.app.is_none() {
        candidates.retain(|(_, app)| app.provisions());
    }
    // What the target must be is not asked here: it would be said of every app.
    let suits = |app: &OktaApp| {
        let mut needs = scenario.needs.iter();
        needs.all(|need| need.is_of_the_target() || need.unmet(app, None).is_none())
    };
    let best = candidates
        .iter()
        .position(|(_, app)| suits(app))
        .unwrap_or(0);
    if candidates.is_empty() {
        return Err(match &asked.app {
            Some(app) => Error::not_found("app", app.as_str()),
            None => Error::Conflict {
                attribute: "scenario",
                detail: "No app provisions yet. Connect one first: Applications, Provisioning, Configure API \
                         Integration."
                    .into(),
            },
        });
    }
    let (org, app) = candidates.swap_remove(best);
    let key = AppKey {
        org: org.seq,
        app: app.seq,
    };
    Ok((org, key))
}

fn told(tx: &impl Reads, org: &Org, scenario: &Scenario, run: &Run) -> Value {
    let id = |kind, scope, row| OktaId::of_row(tx.mix(), kind, scope, row).to_string();
    json!({
        "name": scenario.name,
        "title": scenario.title,
        "org": { "id": id(OktaKind::Org, Seq(0), org.seq), "subdomain": org.subdomain },
        "app": { "id": id(OktaKind::App, org.seq, run.key.app), "label": run.app },
        "names": run.word,
        "began": run.began,
        "asExpected": run.is_as_expected(),
        "failure": run.failure,
        "checks": run.checks.iter().map(|check| json!({ "what": check.what, "holds": check.holds })).collect::<Vec<_>>(),
        "steps": run.steps.iter().map(of_step).collect::<Vec<_>>(),
    })
}

fn of_step(step: &Step) -> Value {
    json!({
        "by": step.by.name(),
        "what": step.what,
        "events": step.events.iter().map(of_event).collect::<Vec<_>>(),
        "eventCount": step.event_count,
        "requestCount": step.request_count,
        "asked": step.asked.iter().map(of_exchange).collect::<Vec<_>>(),
    })
}

fn of_event(told: &Told) -> Value {
    let event = &told.event;
    let targets = event.targets.iter();
    json!({
        "published": event.published,
        "eventType": event.event_type,
        "displayMessage": event.message,
        "result": event.outcome.result,
        "reason": event.outcome.reason,
        "targets": targets.map(|target| target.display_name.as_str()).collect::<Vec<_>>(),
        "exchanges": told.exchanges.iter().map(of_exchange).collect::<Vec<_>>(),
    })
}

/// With bodies as they are where they are JSON, so that a script can look into them.
fn of_exchange(exchange: &Exchange) -> Value {
    let body = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    json!({
        "method": exchange.method,
        "url": exchange.url,
        "request": exchange.request.as_deref().map(body),
        "status": exchange.status,
        "response": body(&exchange.response),
    })
}
