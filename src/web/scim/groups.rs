//! `/Groups` and `/Groups/{id}`.

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::Value;

use super::request::{Body, GROUP_BODY, ScimRequest};
use super::{Answered, json, no_content, resource};
use crate::id::Nonce;
use crate::provider::groups::Replacement;
use crate::provider::{groups, precondition, query, represent};
use crate::scim::resource::take_members;
use crate::scim::{self, MemberValue, PatchRequest, Rules, message};
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
    app.run(move |app| {
        let caller = request.caller(app)?;
        let wanted = request.query(scim::group(), app)?;
        let found = query::list_groups(&app.store.read()?, &caller, &request.base, &wanted)?;
        let body = message::list_response(found.resources, found.total, found.start_index);
        Ok(json(StatusCode::OK, &body))
    })
    .await
}

pub(in crate::web) async fn get(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    app.run(move |app| {
        let caller = request.caller(app)?;
        let projection = request.projection()?;
        let snapshot = app.store.read()?;
        let group = groups::get(&snapshot, &caller, &id)?;
        if request
            .if_none_match
            .as_deref()
            .is_some_and(|tags| precondition::lists(tags, group.meta))
        {
            return Ok(super::not_modified(group.meta));
        }
        let found = represent::group(&snapshot, caller.team, &request.base, &group, &projection)?;
        Ok(resource(StatusCode::OK, found))
    })
    .await
}

pub(in crate::web) async fn create(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, GROUP_BODY).await;
    app.run(move |app| {
        let caller = request.caller(app)?;
        let projection = request.projection()?;
        let (body, members) = split(request.json(&body)?, &app.rules)?;
        let attributes = scim::resource::create(scim::group(), body, &app.rules)?;
        let members = members.unwrap_or_default();
        let (nonce, now, team) = (Nonce::random(), app.now(), caller.team);
        let group = app
            .store
            .write(move |tx| groups::create(tx, &caller, attributes, &members, nonce, now))?;
        let made = represent::group(&app.store.read()?, team, &request.base, &group, &projection)?;
        Ok(resource(StatusCode::CREATED, made))
    })
    .await
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, GROUP_BODY).await;
    app.run(move |app| {
        let caller = request.caller(app)?;
        let projection = request.projection()?;
        let (body, members) = split(request.json(&body)?, &app.rules)?;
        let replacement = Replacement { body, members };
        let (rules, now, if_match) = (app.rules, app.now(), request.if_match.clone());
        let team = caller.team;
        let group = app.store.write(move |tx| {
            groups::replace(tx, &caller, &id, replacement, &if_match, &rules, now)
        })?;
        let changed =
            represent::group(&app.store.read()?, team, &request.base, &group, &projection)?;
        Ok(resource(StatusCode::OK, changed))
    })
    .await
}

/// Answers 204, so that a big group is not sent back (A16); 200 when the client names attributes.
pub(in crate::web) async fn patch(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, GROUP_BODY).await;
    app.run(move |app| {
        let caller = request.caller(app)?;
        let projection = request.projection()?;
        let wanted =
            PatchRequest::parse(scim::group(), request.json(&body)?, &app.rules)?.group_edits();
        let (rules, now, if_match) = (app.rules, app.now(), request.if_match.clone());
        let team = caller.team;
        let group = app
            .store
            .write(move |tx| groups::patch(tx, &caller, &id, &wanted, &if_match, &rules, now))?;
        if !projection.is_explicit() {
            return Ok(super::no_content_of(group.meta));
        }
        let changed =
            represent::group(&app.store.read()?, team, &request.base, &group, &projection)?;
        Ok(resource(StatusCode::OK, changed))
    })
    .await
}

pub(in crate::web) async fn delete(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    app.run(move |app| {
        let caller = request.caller(app)?;
        let (now, if_match) = (app.now(), request.if_match.clone());
        app.store
            .write(move |tx| groups::delete(tx, &caller, &id, &if_match, now))?;
        Ok(no_content())
    })
    .await
}
