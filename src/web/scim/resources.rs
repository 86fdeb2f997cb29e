//! Resources below `/Users` and `/Groups`: each rule of RFC 7644 sections 3.3 to 3.6 stands here once, for
//! every [`Kind`].

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::Value;

use super::body::Body;
use super::request::ScimRequest;
use super::{Answered, no_content, resource};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Absent, Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Meta, ObjectKind, ObjectRef};
use crate::provider::{IfMatch, Resource, query, represent};
use crate::scim::Projection;
use crate::scim::profile::{PatchAnswer, Service};
use crate::store::{Snapshot, Write};
use crate::web::App;
use crate::web::failure::ScimFailure;

/// What is done to resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Operation {
    List,
    Get,
    Create,
    Replace,
    Patch,
    Delete,
}

/// Whether an endpoint has an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Offer {
    /// It has.
    Yes,
    /// It has nothing at all at this path.
    Nothing,
    /// It has only these methods here.
    Only(&'static str),
}

/// A kind of resource: what users and groups do differently.
pub(in crate::web) trait Kind: 'static {
    /// Most bytes of a body.
    const BODY: usize;
    /// The kind as such.
    const OBJECT: ObjectKind;
    /// The kind of lists.
    const LISTED: query::Kind;
    /// A stored one.
    type Row: Send + 'static;
    /// A body of POST that was understood.
    type Draft: Send + 'static;
    /// A body of PUT that was understood.
    type Replacement: Send + 'static;
    /// A body of PATCH that was understood.
    type Patch: Send + 'static;

    /// Whether an endpoint has an operation.
    fn offer(service: &Service, operation: Operation) -> Offer;
    /// What PATCH answers.
    fn patch_answer(service: &Service) -> PatchAnswer;
    /// Its row, times and revision.
    fn meta(row: &Self::Row) -> (Seq, Meta);
    /// About how many bytes its representation has beyond a small one's.
    fn weight(row: &Self::Row) -> usize;

    fn represent(
        tx: &Snapshot,
        caller: &ScimCaller,
        base: &str,
        row: &Self::Row,
        projection: &Projection,
    ) -> Result<Resource>;

    fn draft(body: Value, caller: &ScimCaller) -> Result<Self::Draft>;
    fn create(
        tx: &Write<'_>,
        caller: &ScimCaller,
        draft: Self::Draft,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<Self::Row>;
    fn replacement(body: Value, caller: &ScimCaller) -> Result<Self::Replacement>;
    fn replace(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        replacement: Self::Replacement,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<Self::Row>;
    fn edits(body: Value, caller: &ScimCaller) -> Result<Self::Patch>;
    fn patch(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        patch: &Self::Patch,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<Self::Row>;
    fn delete(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<()>;
}

/// Who calls, if the endpoint has the operation for them.
fn caller<K: Kind>(
    request: &ScimRequest,
    app: &App,
    operation: Operation,
) -> std::result::Result<Arc<ScimCaller>, ScimFailure> {
    let caller = request.caller(app)?;
    match K::offer(caller.service(), operation) {
        Offer::Yes => Ok(caller),
        Offer::Nothing => Err(request.absent().into()),
        Offer::Only(allow) => Err(Error::Absent(Absent::Method { allow }).into()),
    }
}

/// A body as its sender's endpoint reads it. Credentials are judged first.
async fn understood<K: Kind, T: Send + 'static>(
    app: &App,
    request: ScimRequest,
    payload: web::Payload,
    operation: Operation,
    read: fn(Value, &ScimCaller) -> Result<T>,
) -> std::result::Result<(ScimRequest, Arc<ScimCaller>, T), ScimFailure> {
    let body = Body::read(&request, payload, K::BODY).await;
    app.weigh(body.weight(), move |app| {
        let caller = caller::<K>(&request, app, operation)?;
        request.projection(&caller)?;
        let read = read(request.json(&body)?, &caller)?;
        Ok((request, caller, read))
    })
    .await
}

pub(in crate::web) async fn list<K: Kind>(app: web::Data<App>, request: ScimRequest) -> Answered {
    let caller = caller::<K>(&request, &app, Operation::List)?;
    let wanted = request.query(K::LISTED, &caller)?;
    super::answer_query(&app, caller, request.base, wanted).await
}

pub(in crate::web) async fn get<K: Kind>(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    let caller = caller::<K>(&request, &app, Operation::Get)?;
    super::get(&app, request, caller, K::OBJECT, id.into_inner()).await
}

pub(in crate::web) async fn create<K: Kind>(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    let (request, caller, draft) =
        understood::<K, _>(&app, request, payload, Operation::Create, K::draft).await?;
    let (nonce, now, author) = (Nonce::random(), app.now(), Arc::clone(&caller));
    let row = app
        .write(move |tx| K::create(tx, &author, draft, nonce, now))
        .await?;
    shown::<K>(&app, request, caller, row, StatusCode::CREATED).await
}

pub(in crate::web) async fn replace<K: Kind>(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let (request, caller, body) =
        understood::<K, _>(&app, request, payload, Operation::Replace, K::replacement).await?;
    let (now, if_match, author) = (app.now(), request.if_match(&caller)?, Arc::clone(&caller));
    let row = app
        .write(move |tx| K::replace(tx, &author, &id, body, &if_match, now))
        .await?;
    shown::<K>(&app, request, caller, row, StatusCode::OK).await
}

/// Answers 200 or 204 as the profile says (A16); 200 always when the client names attributes.
pub(in crate::web) async fn patch<K: Kind>(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answered {
    let (request, caller, wanted) =
        understood::<K, _>(&app, request, payload, Operation::Patch, K::edits).await?;
    let (now, if_match, author) = (app.now(), request.if_match(&caller)?, Arc::clone(&caller));
    let row = app
        .write(move |tx| K::patch(tx, &author, &id, &wanted, &if_match, now))
        .await?;
    let service = caller.service();
    let brief = K::patch_answer(service) == PatchAnswer::NoContent;
    if brief && !request.projection(&caller)?.is_explicit() {
        let version = service.etag.then(|| K::meta(&row).1.version());
        return Ok(super::no_content_of(version));
    }
    shown::<K>(&app, request, caller, row, StatusCode::OK).await
}

pub(in crate::web) async fn delete<K: Kind>(
    app: web::Data<App>,
    request: ScimRequest,
    id: web::Path<String>,
) -> Answered {
    let caller = caller::<K>(&request, &app, Operation::Delete)?;
    let (now, if_match) = (app.now(), request.if_match(&caller)?);
    app.write(move |tx| K::delete(tx, &caller, &id, &if_match, now))
        .await?;
    Ok(no_content())
}

/// A resource after a change, as the client wants to see it.
async fn shown<K: Kind>(
    app: &App,
    request: ScimRequest,
    caller: Arc<ScimCaller>,
    row: K::Row,
    status: StatusCode,
) -> Answered {
    app.weigh(K::weight(&row), move |app| {
        let projection = request.projection(&caller)?;
        let snapshot = app.store.read()?;
        let (caller, base, etag) = (&*caller, &request.base, caller.service().etag);
        let (seq, meta) = K::meta(&row);
        let object = ObjectRef {
            kind: K::OBJECT,
            seq,
        };
        match represent::written(&snapshot, caller, base, object, meta, &projection)? {
            Some(found) => Ok(super::rendered(app, status, found, etag)),
            None => {
                let made = K::represent(&snapshot, caller, base, &row, &projection)?;
                Ok(resource(status, made, etag))
            }
        }
    })
    .await
}
