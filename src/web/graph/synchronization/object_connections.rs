//! `objectConnections`: which object of the target belongs to one of the source, in the beta (entra.md 1.19).

use actix_web::web;
use serde_json::json;

use super::super::call::{Answered, Call, Reply, bad};
use super::super::failure::GraphFailure;
use super::odata;
use super::place::{JobPlace, Need};
use crate::directory::search;
use crate::error::Error;
use crate::id::Guid;
use crate::model::ObjectRef;
use crate::store::{Reads, directory, jobs};
use crate::sync::summary::object::Version;

type Path = web::Path<(String, String, String, String)>;

/// There is nothing of this kind in v1.0.
fn beta(call: &Call) -> Result<(), GraphFailure> {
    match call.version {
        Version::Beta => Ok(()),
        Version::V1 => Err(GraphFailure::Segment("objectConnections".to_owned())),
    }
}

fn object_of(call: &Call, tx: &impl Reads, id: &str) -> Result<Option<ObjectRef>, GraphFailure> {
    let id: Guid = id
        .parse()
        .map_err(|_| bad("The key of objectConnections is an object id: a GUID in quotes."))?;
    Ok(directory::object_by_id(tx, call.client.tenant, &id)?)
}

/// Without a key there is no list.
pub(super) async fn list(call: Call) -> Answered {
    beta(&call)?;
    Err(bad(
        "Object connections cannot be listed. Name one: objectConnections('{objectId}').",
    ))
}

/// The connection of an object.
pub(super) async fn get(call: Call, path: Path) -> Answered {
    beta(&call)?;
    let (_, principal, job, id) = path.into_inner();
    let (context, connection) = call
        .read(move |call, tx| {
            let place = JobPlace::of(call, tx, (&principal, &job), Need::Read)?;
            let unknown = || GraphFailure::unknown(&id);
            let object = object_of(call, tx, &id)?.ok_or_else(unknown)?;
            let link = jobs::link(tx, place.key, object)?.ok_or_else(unknown)?;
            let found = search::object(tx, place.key.tenant, object)?;
            let name = found.as_ref().map(search::Object::display_name);
            let connection = json!({
                "objectId": link.source_id.to_string(),
                "sourceAnchor": link.source_id.to_string(),
                "targetAnchor": link.target_id,
                "displayName": name,
                "objectTypeName": object.kind.name(),
            });
            Ok((place.context(), connection))
        })
        .await?;
    let context = format!("{context}/objectConnections/$entity");
    Ok(odata::entity(&call, &context, connection))
}

/// Forgets it: the object is matched again. There need not be one.
pub(super) async fn delete(call: Call, path: Path) -> Answered {
    beta(&call)?;
    let (_, principal, job, id) = path.into_inner();
    let asked = call.clone();
    call.write(move |tx| {
        let place = JobPlace::of(&asked, tx, (&principal, &job), Need::Write)?;
        if place.job.status.is_started() {
            return Err(GraphFailure::Domain(Error::Conflict {
                attribute: "status",
                detail: "The job is active. Pause it before an object connection is deleted."
                    .into(),
            }));
        }
        if let Some(object) = object_of(&asked, tx, &id)? {
            jobs::remove_link(tx, place.key, object)?;
        }
        Ok(())
    })
    .await?;
    Ok(Reply::no_content())
}
