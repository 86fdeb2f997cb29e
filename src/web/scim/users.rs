//! `/Users` and `/Users/{id}`.

use actix_web::http::StatusCode;
use actix_web::web;

use super::request::{Body, ScimRequest, USER_BODY};
use super::{Answered, no_content, resource};
use crate::id::{Nonce, Seq};
use crate::model::{ObjectKind, User};
use crate::provider::{query, represent, users};
use crate::scim::{self, PatchRequest};
use crate::web::App;
use crate::web::failure::ScimFailure;

pub(in crate::web) async fn list(app: web::Data<App>, request: ScimRequest) -> Answered {
    super::list(app, request, query::Kind::Users).await
}

pub(in crate::web) async fn get(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    super::get(app, request, ObjectKind::User, id.into_inner()).await
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
