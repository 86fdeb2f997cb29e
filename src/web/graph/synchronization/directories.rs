//! Directory definitions of a schema, and `discover`: what a target says of its attributes (entra.md 6.1 and 2.10).

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call, bad};
use super::super::failure::GraphFailure;
use super::place::{JobPlace, Need, look_up};
use super::{odata, schema};
use crate::mapping::entra::schema::attributes_json;
use crate::mapping::entra::{ObjectKind, discover as definitions};
use crate::model::{Direction, Job};
use crate::sync::{Connection, ConnectionFailure, discover_schemas};

fn of_job(job: &Job) -> Vec<Value> {
    match schema::of_job(job)["directories"].take() {
        Value::Array(all) => all,
        _ => Vec::new(),
    }
}

/// The directory with this id.
fn named(job: &Job, id: &str) -> Result<Value, GraphFailure> {
    let is_it = |directory: &Value| {
        let known = directory["id"].as_str();
        known.is_some_and(|known| known.eq_ignore_ascii_case(id))
    };
    of_job(job)
        .into_iter()
        .find(is_it)
        .ok_or_else(|| GraphFailure::unknown(id))
}

fn context_of(place: &JobPlace) -> String {
    format!("{}/schema/directories", place.context())
}

/// The directories of a schema.
pub(super) async fn list(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let (_, principal, job) = path.into_inner();
    let (context, all) = call
        .read(move |call, tx| {
            let place = JobPlace::of(call, tx, (&principal, &job), Need::Read)?;
            Ok((context_of(&place), of_job(&place.job)))
        })
        .await?;
    odata::collection(&call, &context, all)
}

/// One of them.
pub(super) async fn get(call: Call, path: web::Path<(String, String, String, String)>) -> Answered {
    let (_, principal, job, id) = path.into_inner();
    let (context, directory) = call
        .read(move |call, tx| {
            let place = JobPlace::of(call, tx, (&principal, &job), Need::Read)?;
            Ok((context_of(&place), named(&place.job, &id)?))
        })
        .await?;
    let context = format!("{context}/$entity");
    Ok(odata::entity(&call, &context, directory))
}

/// Asks the target for its schemas. The answer is the definition as it would be; nothing is saved, which is for a PUT
/// of the schema to do.
pub(super) async fn discover(
    call: Call,
    path: web::Path<(String, String, String, String)>,
) -> Answered {
    let (_, principal, job, id) = path.into_inner();
    let place = look_up(&call, principal, job, Need::Write).await?;
    let context = format!("{}/$entity", context_of(&place));
    let mut directory = named(&place.job, &id)?;
    let (job, now) = (place.job, call.app.now());
    let is_target = directory["name"] == json!(job.rules.target_directory());
    if job.direction == Direction::Inbound || !is_target {
        return Err(bad(
            "Only the directory of a target has something to discover: this one is described by the service.",
        ));
    }
    let directory = call
        .app
        .run(move |app| -> Result<Value, GraphFailure> {
            let connection =
                Connection::of_job(&job, &app.sealer).map_err(ConnectionFailure::from)?;
            let found = discover_schemas(app.agent.context(), connection)?;
            for kind in [ObjectKind::User, ObjectKind::Group] {
                let list = match (definitions(kind, &found.schemas), kind) {
                    (Ok(list), _) => list,
                    // A target need not have groups.
                    (Err(_), ObjectKind::Group) => continue,
                    (Err(error), ObjectKind::User) => return Err(bad(&error.to_string())),
                };
                put(
                    &mut directory,
                    job.rules.of(kind).target_object_name(),
                    attributes_json(&list),
                );
            }
            directory["discoverabilities"] = json!("AttributeNames, AttributeDataTypes");
            directory["discoveryDateTime"] = json!(now.to_string());
            Ok(directory)
        })
        .await?;
    Ok(odata::entity(&call, &context, directory))
}

/// The attribute list of an object of a directory.
fn put(directory: &mut Value, object: &str, attributes: Value) {
    let objects = directory["objects"].as_array_mut();
    let found = objects
        .into_iter()
        .flatten()
        .find(|known| known["name"] == json!(object));
    if let Some(found) = found {
        found["attributes"] = attributes;
    }
}
