//! The schema of a job: read, replaced as a whole, taken back to the default; and what the language of its mappings
//! has (entra.md 6.6).

use actix_web::web;
use serde_json::Value;

use super::super::body;
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::odata;
use super::place::{JobPlace, Need, Place, look_up};
use crate::mapping::entra::schema::{export, filter_operators_json, functions_json};
use crate::model::Job;
use crate::sync::schema;

type Path = web::Path<(String, String, String)>;

/// The schema of a job, its directories with it.
pub(super) fn of_job(job: &Job) -> Value {
    export(&job.rules, &schema::identity(job, None))
}

/// The schema.
pub(super) async fn get(call: Call, path: Path) -> Answered {
    let (_, principal, job) = path.into_inner();
    let (context, schema) = call
        .read(move |call, tx| {
            let place = JobPlace::of(call, tx, (&principal, &job), Need::Read)?;
            let context = format!("{}/schema/$entity", place.context());
            Ok((context, of_job(&place.job)))
        })
        .await?;
    Ok(odata::entity(&call, &context, schema))
}

/// Replaces the schema: what a body leaves out is gone, the version rises, and the next cycle is an initial one. Generated
/// clients have only PATCH for it, which means the same.
pub(super) async fn put(call: Call, path: Path, sent: body::Sent) -> Answered {
    let (_, principal, job) = path.into_inner();
    let place = look_up(&call, principal.clone(), job.clone(), Need::Write).await?;
    let sent = body::bytes(sent)?;
    // Reading takes milliseconds for the longest document, and is done on the blocking pool.
    let rules = call
        .app
        .run(move |_| -> Result<_, GraphFailure> {
            let document = body::json(&sent)?.unwrap_or_default();
            schema::import(&place.job, &document).map_err(|errors| body::refused(&errors))
        })
        .await?;
    let (asked, now) = (call.clone(), call.app.now());
    call.write(move |tx| {
        let place = JobPlace::of(&asked, tx, (&principal, &job), Need::Write)?;
        schema::set_schema(tx, &place.operator, place.key, rules, None, now)?;
        Ok(())
    })
    .await?;
    Ok(Reply::no_content())
}

/// Back to the schema of the job's template.
pub(super) async fn delete(call: Call, path: Path) -> Answered {
    let (_, principal, job) = path.into_inner();
    let (asked, now) = (call.clone(), call.app.now());
    call.write(move |tx| {
        let place = JobPlace::of(&asked, tx, (&principal, &job), Need::Write)?;
        schema::restore_defaults(tx, &place.operator, place.key, None, now)?;
        Ok(())
    })
    .await?;
    Ok(Reply::no_content())
}

/// Below a job as below a template: the language is the same everywhere.
async fn language(call: Call, path: Path, name: &str, all: Vec<Value>) -> Answered {
    let (_, principal, _) = path.into_inner();
    call.read(move |call, tx| Place::of(call, tx, &principal, Need::Read).map(|_| ()))
        .await?;
    odata::collection(&call, &format!("Collection(microsoft.graph.{name})"), all)
}

/// Every function.
pub(super) async fn functions(call: Call, path: Path) -> Answered {
    language(
        call,
        path,
        "attributeMappingFunctionSchema",
        functions_json(),
    )
    .await
}

/// Every operator of scoping filters.
pub(super) async fn filter_operators(call: Call, path: Path) -> Answered {
    language(call, path, "filterOperatorSchema", filter_operators_json()).await
}
