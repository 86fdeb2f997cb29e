//! `/apps/{id}/group-push/mappings` (part 7.4 of the Okta reference). Statuses are those of Okta's API file: 201 for a new
//! mapping, 204 for one that goes.

use actix_web::http::StatusCode;
use actix_web::web;

use super::apps::find as find_app;
use super::call::{Answered, Call, Reply, object, text};
use super::failure::OktaFailure;
use super::groups::find as find_group;
use super::shapes::Shapes;
use crate::clock::Timestamp;
use crate::directory::okta::push::{self as directory, NewPush, PushTarget};
use crate::directory::okta::{Refusal, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{PushMapping, PushMappingStatus};
use crate::store::Reads;
use crate::store::okta::AppKey;
use crate::web::App;

/// Mappings a page, and most of them.
const PAGE: usize = 100;
const MOST: usize = 1000;

fn find(tx: &impl Reads, shapes: &Shapes, key: AppKey, id: &str) -> Result<PushMapping> {
    let row = shapes.row(OktaKind::PushMapping, id);
    let row = row.ok_or_else(|| Refusal::not_found("GroupPushMapping", id))?;
    directory::get(tx, key, row)
}

fn status(text: &str) -> std::result::Result<PushMappingStatus, OktaFailure> {
    [
        PushMappingStatus::Active,
        PushMappingStatus::Inactive,
        PushMappingStatus::Error,
    ]
    .into_iter()
    .find(|status| status.name() == text)
    .ok_or_else(|| Refusal::field("mapping", "status", "ACTIVE or INACTIVE").into())
}

/// `GET …/mappings`.
pub(super) async fn list(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let limit = call.limit(PAGE, MOST)?;
    let wanted = call.query("status").map(status).transpose()?;
    let since = call
        .query("lastUpdated")
        .map(|text| Timestamp::parse(text).map_err(OktaFailure::Parameter))
        .transpose()?;
    let source = call.query("sourceGroupId").map(str::to_owned);
    let after = call.query("after").map(str::to_owned);
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let (key, found) = find_app(tx, &shapes, org, &id)?;
            let row = |kind, given: &Option<String>| match given {
                Some(given) => shapes
                    .row(kind, given)
                    .map(Some)
                    .ok_or_else(|| OktaFailure::Parameter(format!("{given} is no id"))),
                None => Ok(None),
            };
            let after = row(OktaKind::PushMapping, &after)?.unwrap_or(Seq(0));
            let source = row(OktaKind::Group, &source)?;
            let mut all = directory::all(tx, key)?;
            all.retain(|mapping| {
                mapping.seq > after
                    && wanted.is_none_or(|wanted| mapping.status == wanted)
                    && since.is_none_or(|since| mapping.last_updated >= since)
                    && source.is_none_or(|source| mapping.group == source)
            });
            let next = (all.len() > limit).then(|| all[limit - 1].seq);
            let items = all
                .iter()
                .take(limit)
                .map(|mapping| shapes.push(&found, mapping))
                .collect();
            Ok((
                items,
                next.map(|last| shapes.id(OktaKind::PushMapping, last)),
            ))
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

/// `POST …/mappings`.
pub(super) async fn create(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let source = text(&members, "sourceGroupId").ok_or(OktaFailure::Missing("sourceGroupId"))?;
    let source = source.to_owned();
    let active = match text(&members, "status").map(status).transpose()? {
        None | Some(PushMappingStatus::Active) => true,
        Some(PushMappingStatus::Inactive) => false,
        Some(PushMappingStatus::Error) => {
            return Err(Refusal::field("mapping", "status", "ACTIVE or INACTIVE").into());
        }
    };
    let target_id = text(&members, "targetGroupId").map(str::to_owned);
    let target_name = text(&members, "targetGroupName").map(str::to_owned);
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let group = find_group(tx, &shapes, org, &source)?.seq;
        let target = match (target_id, target_name) {
            (None, Some(name)) => PushTarget::Named(name),
            (Some(target), None) => {
                PushTarget::Existing(find_group(tx, &shapes, org, &target)?.seq)
            }
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
        let mapping = directory::create(tx, administrator, key, &new, now)?;
        Ok(Reply::with_status(
            StatusCode::CREATED,
            shapes.push(&found, &mapping),
        ))
    })
    .await
}

/// `GET …/mappings/{mapping}`.
pub(super) async fn get(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    let (id, mapping) = path.into_inner();
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let mapping = find(tx, &shapes, key, &mapping)?;
        Ok(Reply::ok(shapes.push(&found, &mapping)))
    })
    .await
}

/// `PATCH …/mappings/{mapping}`.
pub(super) async fn update(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let wanted = status(text(&members, "status").ok_or(OktaFailure::Missing("status"))?)?;
    let (id, mapping) = path.into_inner();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, found) = find_app(tx, &shapes, administrator.org, &id)?;
        let mapping = find(tx, &shapes, key, &mapping)?.seq;
        let changed = match wanted {
            PushMappingStatus::Active => directory::activate(tx, administrator, key, mapping, now)?,
            PushMappingStatus::Inactive => {
                directory::deactivate(tx, administrator, key, mapping, now)?
            }
            PushMappingStatus::Error => {
                return Err(Refusal::field("mapping", "status", "ACTIVE or INACTIVE"));
            }
        };
        Ok(Reply::ok(shapes.push(&found, &changed)))
    })
    .await
}

/// `DELETE …/mappings/{mapping}?deleteTargetGroup=`.
pub(super) async fn delete(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let delete_target = call
        .flag("deleteTargetGroup")?
        .ok_or(OktaFailure::Missing("deleteTargetGroup"))?;
    let (id, mapping) = path.into_inner();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, _) = find_app(tx, &shapes, administrator.org, &id)?;
        let mapping = find(tx, &shapes, key, &mapping)?;
        if mapping.status == PushMappingStatus::Active {
            let sentence = "The mapping is active; deactivate it first";
            return Err(Refusal::field("mapping", "status", sentence));
        }
        directory::unlink(tx, administrator, key, mapping.seq, delete_target, now)?;
        Ok(Reply::none())
    })
    .await
}
