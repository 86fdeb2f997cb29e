//! `/Groups` and `/Groups/{id}`.

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::Value;

use super::request::{Body, GROUP_BODY, ScimRequest};
use super::{Answered, no_content, resource};
use crate::id::{Nonce, Seq};
use crate::model::{Group, ObjectKind};
use crate::provider::groups::Replacement;
use crate::provider::{groups, query, represent};
use crate::scim::resource::take_members;
use crate::scim::{self, MemberValue, PatchRequest, Rules};
use crate::web::App;
use crate::web::failure::ScimFailure;

/// Members apart from the rest of a body; they are edges, not attributes.
fn split(mut body: Value, rules: &Rules) -> Result<(Value, Option<Vec<MemberValue>>), ScimFailure> {
    let members = match body.as_object_mut() {
        Some(object) => take_members(object, rules)?,
        None => None,
    };
    Ok((body, members))
}

pub(in crate::web) async fn list(app: web::Data<App>, request: ScimRequest) -> Answered {
    super::list(app, request, query::Kind::Groups).await
}

pub(in crate::web) async fn get(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    super::get(app, request, ObjectKind::Group, id.into_inner()).await
}

pub(in crate::web) async fn create(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, GROUP_BODY).await;
    let (request, caller, attributes, members) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            request.projection()?;
            let (body, members) = split(request.json(&body)?, caller.rules())?;
            let attributes = scim::resource::create(scim::group(), body, caller.rules())?;
            Ok::<_, ScimFailure>((request, caller, attributes, members.unwrap_or_default()))
        })
        .await?;
    let (nonce, now, team) = (Nonce::random(), app.now(), caller.team);
    let group = app
        .write(move |tx| groups::create(tx, &caller, attributes, &members, nonce, now))
        .await?;
    shown(&app, request, team, group, StatusCode::CREATED).await
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, GROUP_BODY).await;
    let (request, caller, replacement) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            request.projection()?;
            let (body, members) = split(request.json(&body)?, caller.rules())?;
            Ok::<_, ScimFailure>((request, caller, Replacement { body, members }))
        })
        .await?;
    let (now, if_match, team) = (app.now(), request.if_match.clone(), caller.team);
    let group = app
        .write(move |tx| groups::replace(tx, &caller, &id, replacement, &if_match, now))
        .await?;
    shown(&app, request, team, group, StatusCode::OK).await
}

/// Answers 204, so that a big group is not sent back (A16); 200 when the client names attributes.
pub(in crate::web) async fn patch(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, GROUP_BODY).await;
    let (request, caller, wanted) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            request.projection()?;
            let wanted = PatchRequest::parse(scim::group(), request.json(&body)?, caller.rules())?;
            Ok::<_, ScimFailure>((request, caller, wanted.group_edits()))
        })
        .await?;
    let (now, if_match, team) = (app.now(), request.if_match.clone(), caller.team);
    let group = app
        .write(move |tx| groups::patch(tx, &caller, &id, &wanted, &if_match, now))
        .await?;
    if request.projection()?.is_explicit() {
        shown(&app, request, team, group, StatusCode::OK).await
    } else {
        Ok(super::no_content_of(group.meta))
    }
}

pub(in crate::web) async fn delete(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    let caller = request.caller(&app)?;
    let (now, if_match) = (app.now(), request.if_match);
    app.write(move |tx| groups::delete(tx, &caller, &id, &if_match, now))
        .await?;
    Ok(no_content())
}

/// A group after a change, as the client wants to see it.
async fn shown(
    app: &App,
    request: ScimRequest,
    team: Seq,
    group: Group,
    status: StatusCode,
) -> Answered {
    // About what a member weighs in the answer.
    let weight = usize::try_from(group.member_count)
        .unwrap_or(usize::MAX)
        .saturating_mul(200);
    app.weigh(weight, move |app| {
        let projection = request.projection()?;
        let made = represent::group(&app.store.read()?, team, &request.base, &group, &projection)?;
        Ok(resource(status, made))
    })
    .await
}
