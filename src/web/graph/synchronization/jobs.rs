//! Jobs: listed, made, shown, deleted.

use actix_web::web;
use serde_json::Value;

use super::super::body;
use super::super::call::{Answered, Call, Reply, bad};
use super::super::failure::GraphFailure;
use super::job_json::{Standing, job_json};
use super::place::{JobPlace, Need, Place, jobs_context};
use super::{odata, schema, templates};
use crate::id::Guid;
use crate::model::Job;
use crate::store::Reads;
use crate::store::jobs::JobKey;
use crate::sync;

/// The job, with its schema where `$expand` asks for it.
fn shown(call: &Call, tx: &impl Reads, job: &Job) -> Result<Value, GraphFailure> {
    let key = JobKey {
        tenant: call.client.tenant,
        job: job.seq,
    };
    let mut json = job_json(job, &Standing::of(tx, key, job)?, call.app.now());
    if odata::expands(call, "schema") {
        json["schema"] = schema::of_job(job);
    }
    Ok(json)
}

/// The jobs of an application: one, or none.
pub(super) async fn list(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (_, principal) = path.into_inner();
    let (application, jobs) = call
        .read(move |call, tx| {
            let place = Place::of(call, tx, &principal, Need::Read)?;
            let jobs = match place.job(call, tx)? {
                Some(job) => vec![shown(call, tx, &job)?],
                None => Vec::new(),
            };
            Ok((place.application, jobs))
        })
        .await?;
    odata::collection(&call, &jobs_context(&application), jobs)
}

/// A job.
pub(super) async fn get(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let (_, principal, job) = path.into_inner();
    let (application, job) = call
        .read(move |call, tx| {
            let place = JobPlace::of(call, tx, (&principal, &job), Need::Read)?;
            Ok((place.application, shown(call, tx, &place.job)?))
        })
        .await?;
    let context = format!("{}/$entity", jobs_context(&application));
    Ok(odata::entity(&call, &context, job))
}

/// Makes a job of a template.
pub(super) async fn create(
    call: Call,
    path: web::Path<(String, String)>,
    sent: body::Sent,
) -> Answered {
    let (_, principal) = path.into_inner();
    let asked = call.clone();
    let named = body::read(&body::bytes(sent)?, |body, problems| {
        body.required_text("templateId", problems)
    })?;
    let template = templates::find(&named).ok_or_else(|| {
        let known: Vec<&str> = templates::all().map(|template| template.id).collect();
        bad(&format!(
            "templateId: there is no template '{}'. Take one of {}.",
            named.chars().take(100).collect::<String>(),
            known.join(", ")
        ))
    })?;
    let id = Guid::random();
    let (application, job) = call
        .write(move |tx| {
            let place = Place::of(&asked, tx, &principal, Need::Write)?;
            let tenant = asked.client.tenant;
            let job = template.create(tx, &place.operator, tenant, place.application.seq, id)?;
            let job = shown(&asked, tx, &job)?;
            Ok((place.application, job))
        })
        .await?;
    let context = format!("{}/$entity", jobs_context(&application));
    let body = odata::in_context(&call, &context, job);
    Ok(Reply::created(&body))
}

/// Deletes a job and what it knows; nothing is sent to its target.
pub(super) async fn delete(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let (_, principal, job) = path.into_inner();
    let (asked, now) = (call.clone(), call.app.now());
    call.write(move |tx| {
        let place = JobPlace::of(&asked, tx, (&principal, &job), Need::Write)?;
        sync::applications::delete_job(tx, &place.operator, place.key, now)?;
        Ok(())
    })
    .await?;
    Ok(Reply::no_content())
}
