//! `/Users` and `/Users/{id}`.

use actix_web::http::StatusCode;
use actix_web::web;

use super::request::{Body, ScimRequest, USER_BODY};
use super::{Answered, json, no_content, resource};
use crate::id::{Nonce, Seq};
use crate::model::User;
use crate::provider::{precondition, query, represent, users};
use crate::scim::{self, PatchRequest, message};
use crate::web::App;
use crate::web::failure::ScimFailure;

pub(in crate::web) async fn list(app: web::Data<App>, request: ScimRequest) -> Answered {
    let caller = request.caller(&app)?;
    let wanted = request.query(scim::user(), &caller)?;
    app.weigh(wanted.weight(scim::user(), "groups"), move |app| {
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
    app.weigh(0, move |app| {
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
    let (request, caller, attributes) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            request.projection()?;
            let body = request.json(&body)?;
            let attributes = scim::resource::create(scim::user(), body, caller.rules())?;
            Ok::<_, ScimFailure>((request, caller, attributes))
        })
        .await?;
    let (nonce, now, team) = (Nonce::random(), app.now(), caller.team);
    let user = app
        .write(move |tx| users::create(tx, &caller, attributes, nonce, now))
        .await?;
    shown(&app, &request, team, &user, StatusCode::CREATED)
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, USER_BODY).await;
    let (request, caller, body) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            request.projection()?;
            let body = request.json(&body)?;
            Ok::<_, ScimFailure>((request, caller, body))
        })
        .await?;
    let (now, if_match, team) = (app.now(), request.if_match.clone(), caller.team);
    let user = app
        .write(move |tx| users::replace(tx, &caller, &id, body, &if_match, now))
        .await?;
    shown(&app, &request, team, &user, StatusCode::OK)
}

/// Answers 200 with the user (A16).
pub(in crate::web) async fn patch(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, USER_BODY).await;
    let (request, caller, wanted) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            request.projection()?;
            let wanted = PatchRequest::parse(scim::user(), request.json(&body)?, caller.rules())?;
            Ok::<_, ScimFailure>((request, caller, wanted))
        })
        .await?;
    let (now, if_match, team) = (app.now(), request.if_match.clone(), caller.team);
    let user = app
        .write(move |tx| users::patch(tx, &caller, &id, &wanted, &if_match, now))
        .await?;
    shown(&app, &request, team, &user, StatusCode::OK)
}

pub(in crate::web) async fn delete(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    let caller = request.caller(&app)?;
    let (now, if_match) = (app.now(), request.if_match);
    app.write(move |tx| users::delete(tx, &caller, &id, &if_match, now))
        .await?;
    Ok(no_content())
}

/// A user after a change, as the client wants to see it.
fn shown(app: &App, request: &ScimRequest, team: Seq, user: &User, status: StatusCode) -> Answered {
    let projection = request.projection()?;
    let made = represent::user(&app.store.read()?, team, &request.base, user, &projection)?;
    Ok(resource(status, made))
}
