//! POST `.search` (RFC 7644 section 3.4.3) and queries of the base URL over all resource types (3.4.2.1).

use actix_web::web;

use super::body::{Body, USER_BODY};
use super::request::ScimRequest;
use super::{Answered, answer_query, not_offered};
use crate::access::ScimCaller;
use crate::provider::Query;
use crate::provider::query::{Asked, Kind};
use crate::scim::{Projection, SearchRequest};
use crate::web::App;
use crate::web::failure::ScimFailure;

pub(in crate::web) async fn users(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    search(&app, request, payload, Kind::Users).await
}

pub(in crate::web) async fn groups(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    search(&app, request, payload, Kind::Groups).await
}

pub(in crate::web) async fn everything(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    search(&app, request, payload, Kind::Both).await
}

/// GET of the base URL.
pub(in crate::web) async fn root(app: web::Data<App>, request: ScimRequest) -> Answered {
    let caller = request.caller(&app)?;
    offer_root(&caller)?;
    let wanted = request.query(Kind::Both, &caller)?;
    answer_query(&app, caller, request.base, wanted).await
}

async fn search(app: &App, request: ScimRequest, payload: web::Payload, kind: Kind) -> Answered {
    let body = Body::read(&request, payload, USER_BODY).await;
    let (request, caller, wanted) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            if !caller.service().search {
                return Err(not_offered("Search requests are"));
            }
            if kind == Kind::Both {
                offer_root(&caller)?;
            }
            let asked = SearchRequest::parse(request.json(&body)?)?;
            let wanted = query(kind, &asked, &caller)?;
            Ok::<_, ScimFailure>((request, caller, wanted))
        })
        .await?;
    answer_query(app, caller, request.base, wanted).await
}

fn offer_root(caller: &ScimCaller) -> Result<(), ScimFailure> {
    if caller.service().root_query {
        Ok(())
    } else {
        Err(not_offered("Queries over all resource types are"))
    }
}

fn query(kind: Kind, asked: &SearchRequest, caller: &ScimCaller) -> Result<Query, ScimFailure> {
    let projection = Projection::of(
        asked.attributes.iter().map(String::as_str),
        asked.excluded_attributes.iter().map(String::as_str),
        caller.rules(),
    )?;
    let asked = Asked {
        filter: asked.filter.as_deref(),
        sort_by: asked.sort_by.as_deref(),
        sort_order: asked.sort_order.as_deref(),
        start_index: asked.start_index,
        count: asked.count,
        cursor: asked.cursor.as_deref(),
        projection,
    };
    Ok(Query::read(kind, &asked, caller)?)
}
