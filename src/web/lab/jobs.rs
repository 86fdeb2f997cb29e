//! `/lab/jobs`: the synchronization jobs of every tenant, and running their cycles when a script wants them.

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::{Value, json};

use super::{Answered, LabCaller, LabFailure, answer};
use crate::access::Operator;
use crate::error::{Error, Result};
use crate::model::{Cycle, Job};
use crate::store::jobs::{self as rows, JobKey};
use crate::store::{Reads, directory};
use crate::sync::{self, jobs};
use crate::web::App;

/// Every job.
pub(in crate::web) async fn list(app: web::Data<App>, _: LabCaller) -> Answered {
    let body = app
        .read(|tx| {
            let all = rows::all(tx)?;
            let jobs: Vec<Value> = all
                .iter()
                .map(|(key, job)| told(tx, *key, job))
                .collect::<Result<_>>()?;
            Ok(json!({ "jobs": jobs }))
        })
        .await?;
    Ok(answer(StatusCode::OK, &body))
}

/// One job.
pub(in crate::web) async fn get(
    app: web::Data<App>,
    _: LabCaller,
    id: web::Path<String>,
) -> Answered {
    let body = app
        .read(move |tx| {
            let (key, job) = find(tx, &id)?;
            told(tx, key, &job)
        })
        .await?;
    Ok(answer(StatusCode::OK, &body))
}

/// Starts, stops or restarts a job, or runs its next cycle and answers when that is over.
pub(in crate::web) async fn post(
    app: web::Data<App>,
    LabCaller(operator): LabCaller,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, verb) = path.into_inner();
    let body = app
        .run(move |app| -> std::result::Result<Value, LabFailure> {
            let (key, _) = find(&app.store.read().map_err(Error::from)?, &id)?;
            act(app, &operator, key, &verb)?;
            let tx = app.store.read().map_err(Error::from)?;
            Ok(told(&tx, key, &jobs::get(&tx, key)?)?)
        })
        .await?;
    Ok(answer(StatusCode::OK, &body))
}

fn act(
    app: &App,
    operator: &Operator,
    key: JobKey,
    verb: &str,
) -> std::result::Result<(), LabFailure> {
    let (operator, now) = (operator.clone(), app.now());
    match verb {
        "start" => drop(
            app.store
                .write(move |tx| jobs::start(tx, &operator, key, now))?,
        ),
        "stop" => drop(
            app.store
                .write(move |tx| jobs::stop(tx, &operator, key, now))?,
        ),
        "restart" => {
            let reset = jobs::RestartScope::default();
            drop(
                app.store
                    .write(move |tx| jobs::restart(tx, &operator, key, reset, now))?,
            );
        }
        "cycle" => {
            app.store
                .write(move |tx| jobs::request_cycle(tx, &operator, key, now))?;
            sync::run_due(app.agent.context(), now)?;
            return Ok(());
        }
        _ => return Err(LabFailure::Address),
    }
    app.agent.wake();
    Ok(())
}

fn find(tx: &impl Reads, id: &str) -> Result<(JobKey, Job)> {
    rows::all(tx)?
        .into_iter()
        .find(|(_, job)| job.id == id)
        .ok_or_else(|| Error::not_found("synchronization job", id))
}

fn told(tx: &impl Reads, key: JobKey, job: &Job) -> Result<Value> {
    let application = directory::application(tx, key.tenant, job.application)?;
    let tenant = directory::tenant(tx, key.tenant)?;
    let cycle = jobs::current_cycle(tx, key, job)?;
    Ok(json!({
        "id": job.id,
        "tenantId": tenant.map(|tenant| tenant.id.to_string()),
        "servicePrincipalId": application.as_ref().map(|one| one.id.to_string()),
        "displayName": application.map(|one| one.display_name),
        "status": job.status,
        "tenantUrl": job.tenant_url,
        "nextRun": job.next_run,
        "cycle": cycle.as_ref().map(of_cycle),
    }))
}

fn of_cycle(cycle: &Cycle) -> Value {
    json!({
        "id": cycle.id.to_string(),
        "kind": cycle.kind,
        "state": cycle.state,
        "began": cycle.began,
        "ended": cycle.ended,
        "counts": cycle.counts,
        "error": cycle.error,
    })
}
