//! The container and its secrets (entra.md 6.4).

use actix_web::web;
use serde_json::{Value, json};

use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, Reply, bad};
use super::super::failure::GraphFailure;
use super::odata;
use super::place::{Need, Place};
use crate::store::jobs::JobKey;
use crate::sync::secrets::{self, Secrets};

const CONTEXT: &str = "Collection(microsoft.graph.synchronizationSecretKeyStringValuePair)";

type Path = web::Path<(String, String)>;

/// The pairs, masked; none without a job.
async fn masked(call: &Call, principal: String) -> Result<(Place, Vec<Value>), GraphFailure> {
    call.read(move |call, tx| {
        let place = Place::of(call, tx, &principal, Need::Read)?;
        let pairs = place.job(call, tx)?.map(|job| secrets::masked(&job));
        let json = |(key, value)| json!({ "key": key, "value": value });
        let pairs = pairs.into_iter().flatten().map(json).collect();
        Ok((place, pairs))
    })
    .await
}

/// `synchronization`.
pub(super) async fn container(call: Call, path: Path) -> Answered {
    let (_, principal) = path.into_inner();
    let (place, pairs) = masked(&call, principal).await?;
    let id = place.application.id;
    let body = json!({ "id": id.to_string(), "secrets": pairs });
    let context = format!("servicePrincipals('{id}')/synchronization/$entity");
    Ok(odata::entity(&call, &context, body))
}

/// The secrets, masked.
pub(super) async fn list(call: Call, path: Path) -> Answered {
    let (_, principal) = path.into_inner();
    let (_, pairs) = masked(&call, principal).await?;
    odata::collection(&call, CONTEXT, pairs)
}

/// Replaces them.
pub(super) async fn put(call: Call, path: Path, sent: Sent) -> Answered {
    let (_, principal) = path.into_inner();
    let given = body::read(&body::bytes(sent)?, |body, problems| {
        if body.get("value").is_none() {
            problems.note("value", "is missing: a list of keys and values");
        }
        Some(body::pairs(body, "value", problems))
    })?;
    let (asked, sealer, now) = (call.clone(), call.app.sealer.clone(), call.app.now());
    call.write(move |tx| {
        let place = Place::of(&asked, tx, &principal, Need::Write)?;
        let job = place.job(&asked, tx)?.ok_or_else(|| {
            bad("The application has no synchronization job to keep them for. Make one first.")
        })?;
        let key = JobKey {
            tenant: asked.client.tenant,
            job: job.seq,
        };
        let secrets = Secrets::read(&given)?;
        secrets::replace(tx, &place.operator, key, &sealer, &secrets, now)?;
        Ok(())
    })
    .await?;
    Ok(Reply::no_content())
}
