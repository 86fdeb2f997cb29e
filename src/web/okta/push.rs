//! `/apps/{id}/group-push/mappings` (part 7.4 of the Okta reference). Statuses are those of Okta's API file: 201 for a new
//! mapping, 204 for one that goes.

use actix_web::http::StatusCode;
use actix_web::web;

use super::body::{Body, text};
use super::call::{Answered, Call, Reply};
use super::failure::OktaFailure;
use crate::clock::Timestamp;
use crate::directory::okta::push::{self as directory, NewPush, PushTarget};
use crate::directory::okta::{Refusal, Result};
use crate::id::OktaKind;
use crate::model::okta::{PushMapping, PushMappingStatus};
use crate::store::okta::push as rows;

/// Mappings a page, and most of them.
const PAGE: (usize, usize) = (100, 1000);

fn status(text: &str) -> Result<PushMappingStatus> {
    [
        PushMappingStatus::Active,
        PushMappingStatus::Inactive,
        PushMappingStatus::Error,
    ]
    .into_iter()
    .find(|status| status.name() == text)
    .ok_or_else(neither)
}

fn neither() -> Refusal {
    Refusal::field("mapping", "status", "ACTIVE or INACTIVE")
}

/// Whether a mapping is to be active.
fn active(text: &str) -> Result<bool> {
    match status(text)? {
        PushMappingStatus::Active => Ok(true),
        PushMappingStatus::Inactive => Ok(false),
        PushMappingStatus::Error => Err(neither()),
    }
}

/// `GET …/mappings`.
pub(super) async fn list(call: Call, id: web::Path<String>) -> Answered {
    let wanted = call.query("status").map(status).transpose()?;
    let since = call
        .query("lastUpdated")
        .map(|text| Timestamp::parse(text).map_err(OktaFailure::Parameter))
        .transpose()?;
    let source = call.query("sourceGroupId").map(str::to_owned);
    call.list(OktaKind::PushMapping, PAGE, move |org, page| {
        let (key, app) = org.app(&id)?;
        let source = source
            .map(|id| org.named(OktaKind::Group, "sourceGroupId", &id))
            .transpose()?;
        let fits = |mapping: &PushMapping| {
            wanted.is_none_or(|wanted| mapping.status == wanted)
                && since.is_none_or(|since| mapping.last_updated >= since)
                && source.is_none_or(|source| mapping.group == source)
        };
        page.fill(
            |behind, count| rows::after(org.tx, key, behind, count),
            |mapping| mapping.seq,
            |mapping| Ok(fits(mapping).then(|| org.shapes.push(&app, mapping))),
        )
    })
    .await
}

/// `POST …/mappings`.
pub(super) async fn create(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let given = |name: &'static str| Ok::<_, Refusal>(text(&members, &[name])?.map(str::to_owned));
    let source = given("sourceGroupId")?.ok_or(OktaFailure::Missing("sourceGroupId"))?;
    let active = text(&members, &["status"])?.map_or(Ok(true), active)?;
    let target = (given("targetGroupId")?, given("targetGroupName")?);
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let group = org.group(&source)?.seq;
        let target = match target {
            (None, Some(name)) => PushTarget::Named(name),
            (Some(target), None) => PushTarget::Existing(org.group(&target)?.seq),
            _ => {
                let sentence = "Give exactly one of targetGroupId and targetGroupName";
                return Err(Refusal::field("mapping", "targetGroupId", sentence));
            }
        };
        let new = NewPush {
            group,
            target,
            active,
        };
        let mapping = directory::create(org.tx, administrator, key, &new, now)?;
        Ok(Reply::with_status(
            StatusCode::CREATED,
            &org.shapes.push(&app, &mapping),
        ))
    })
    .await
}

/// `GET …/mappings/{mapping}`.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, mapping) = path.into_inner();
    call.read(move |org| {
        let (key, app) = org.app(&id)?;
        let mapping = org.push_mapping(key, &mapping)?;
        Ok(Reply::ok(&org.shapes.push(&app, &mapping)))
    })
    .await
}

/// `PATCH …/mappings/{mapping}`.
pub(super) async fn update(call: Call, path: web::Path<(String, String)>, body: Body) -> Answered {
    let members = body.members()?;
    let status = text(&members, &["status"])?.ok_or(OktaFailure::Missing("status"))?;
    let active = active(status)?;
    let (id, mapping) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let mapping = org.push_mapping(key, &mapping)?.seq;
        let changed = if active {
            directory::activate(org.tx, administrator, key, mapping, now)?
        } else {
            directory::deactivate(org.tx, administrator, key, mapping, now)?
        };
        Ok(Reply::ok(&org.shapes.push(&app, &changed)))
    })
    .await
}

/// `DELETE …/mappings/{mapping}?deleteTargetGroup=`.
pub(super) async fn delete(call: Call, path: web::Path<(String, String)>) -> Answered {
    let delete_target = call
        .flag("deleteTargetGroup")?
        .ok_or(OktaFailure::Missing("deleteTargetGroup"))?;
    let (id, mapping) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (key, _) = org.app(&id)?;
        let mapping = org.push_mapping(key, &mapping)?;
        if mapping.status == PushMappingStatus::Active {
            let sentence = "The mapping is active; deactivate it first";
            return Err(Refusal::field("mapping", "status", sentence));
        }
        directory::unlink(org.tx, administrator, key, mapping.seq, delete_target, now)?;
        Ok(Reply::none())
    })
    .await
}
