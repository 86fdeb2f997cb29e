//! `/Users` and `/Users/{id}`.

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::Value;

use super::request::{Body, ScimRequest, USER_BODY};
use super::{Answered, json, no_content, resource};
use crate::id::Nonce;
use crate::provider::{self, precondition, query, represent, users};
use crate::scim::{self, PatchRequest, message};
use crate::web::App;

pub(in crate::web) async fn list(app: web::Data<App>, request: ScimRequest) -> Answered {
    app.run(move |app| {
        let caller = request.caller(app)?;
        let wanted = request.query(scim::user(), app)?;
        let found = query::list_users(&app.store.read()?, &caller, &request.base, &wanted)?;
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
        let user = users::get(&snapshot, &caller, &id)?;
        if request
            .if_none_match
            .as_deref()
            .is_some_and(|tags| precondition::lists(tags, user.meta))
        {
            return Ok(super::not_modified(user.meta));
        }
        let found = represent::user(&snapshot, caller.team, &request.base, &user, &projection)?;
        Ok(resource(StatusCode::OK, found))
    })
    .await
}

pub(in crate::web) async fn create(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, USER_BODY).await;
    app.run(move |app| {
        let caller = request.caller(app)?;
        let projection = request.projection()?;
        let attributes = scim::resource::create(scim::user(), request.json(&body)?, &app.rules)?;
        let (nonce, now) = (Nonce::random(), app.now());
        let team = caller.team;
        let user = app
            .store
            .write(move |tx| users::create(tx, &caller, attributes, nonce, now))?;
        let made = represent::user(&app.store.read()?, team, &request.base, &user, &projection)?;
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
    let body = Body::read(&request, payload, USER_BODY).await;
    app.run(move |app| {
        let caller = request.caller(app)?;
        let projection = request.projection()?;
        let body = request.json(&body)?;
        let (rules, now, if_match) = (app.rules, app.now(), request.if_match.clone());
        let team = caller.team;
        let user = app
            .store
            .write(move |tx| users::replace(tx, &caller, &id, body, &if_match, &rules, now))?;
        let changed = represent::user(&app.store.read()?, team, &request.base, &user, &projection)?;
        Ok(resource(StatusCode::OK, changed))
    })
    .await
}

/// Answers 200 with the user (A16).
pub(in crate::web) async fn patch(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, USER_BODY).await;
    app.run(move |app| {
        let caller = request.caller(app)?;
        let projection = request.projection()?;
        let body: Value = request.json(&body)?;
        let wanted = PatchRequest::parse(scim::user(), body, &app.rules)?;
        let (rules, now, if_match) = (app.rules, app.now(), request.if_match.clone());
        let team = caller.team;
        let user = app
            .store
            .write(move |tx| users::patch(tx, &caller, &id, &wanted, &if_match, &rules, now))?;
        let changed = represent::user(&app.store.read()?, team, &request.base, &user, &projection)?;
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
            .write(move |tx| provider::users::delete(tx, &caller, &id, &if_match, now))?;
        Ok(no_content())
    })
    .await
}
