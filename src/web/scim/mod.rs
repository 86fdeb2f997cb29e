//! The SCIM surface: headers, bodies and status codes of RFC 7644 around the operations of
//! `crate::provider`.
//!
//! Everything here answers with SCIM bodies, 404 and 405 too. A request is authenticated before its
//! body is looked at.

mod body;
pub(super) mod bulk;
pub(super) mod discovery;
pub(super) mod faults;
pub(super) mod groups;
mod key_uses;
pub(super) mod me;
mod pieces;
pub(super) mod recorder;
pub(super) mod request;
pub(super) mod resources;
pub(super) mod search;
pub(super) mod users;
pub(super) mod words;

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, Responder, Route, web};
use serde_json::Value;

use self::pieces::Pieces;
use self::request::ScimRequest;
use super::App;
use super::failure::ScimFailure;
use crate::access::ScimCaller;
use crate::error::{Absent, Error};
use crate::model::ObjectKind;
use crate::provider::{self, Body, Query, Rendered, Resource, precondition, query, represent};
use crate::scim;
use crate::scim::cursor::CursorKey;

/// RFC 7644 section 8.1.
pub(super) const MEDIA_TYPE: &str = "application/scim+json";

/// A response as data, so that it can be made on the blocking pool.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    version: Option<String>,
    location: Option<String>,
    body: Option<Content>,
}

/// The body of a response.
#[derive(Debug)]
enum Content {
    Text(String),
    Pieces(Pieces),
}

/// What SCIM handlers return.
pub(super) type Answered = Result<Answer, ScimFailure>;

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(version) = self.version {
            response.insert_header((header::ETAG, version));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        match self.body {
            Some(Content::Text(text)) => response.content_type(MEDIA_TYPE).body(text),
            Some(Content::Pieces(pieces)) => response.content_type(MEDIA_TYPE).body(pieces),
            None => response.finish(),
        }
    }
}

fn json(status: StatusCode, body: &Value) -> Answer {
    Answer {
        status,
        version: None,
        location: None,
        body: Some(Content::Text(body.to_string())),
    }
}

/// A resource with its `Location`, and with its `ETag` where there are versions.
fn resource(status: StatusCode, resource: Resource, etag: bool) -> Answer {
    Answer {
        status,
        version: etag.then_some(resource.version),
        location: Some(resource.location),
        body: Some(Content::Text(Value::Object(resource.body).to_string())),
    }
}

/// The same of one that is text already.
fn rendered(app: &App, status: StatusCode, found: Rendered, etag: bool) -> Answer {
    Answer {
        status,
        version: etag.then_some(found.version),
        location: Some(found.location),
        body: Some(content(app, found.body)),
    }
}

/// A body of any size.
fn content(app: &App, body: Body) -> Content {
    match body.into_text() {
        Ok(text) => Content::Text(text),
        Err(body) => Content::Pieces(Pieces::new(app.store.clone(), body)),
    }
}

/// Answers a query, wherever it came from: light ones on the spot, heavier pages on the blocking pool, and of
/// what walks every row only so many at once.
pub(super) async fn answer_query(
    app: &App,
    caller: Arc<ScimCaller>,
    base: String,
    wanted: Query,
) -> Answered {
    let weight = wanted.weight(&caller);
    let work = move |app: &App| {
        let cursors = query::Cursors {
            key: CursorKey(app.sealer.cursor_key()),
            now: app.now(),
        };
        let found = query::list(&app.store.read()?, &caller, &base, &wanted, &cursors)?;
        Ok(Answer {
            status: StatusCode::OK,
            version: None,
            location: None,
            body: Some(content(app, found.body)),
        })
    };
    match weight {
        query::Weight::Point => work(app),
        query::Weight::Page => app.run(work).await,
        query::Weight::Scan => app.scan(work).await,
    }
}

/// Answers a read of one resource.
async fn get(
    app: &App,
    request: ScimRequest,
    caller: Arc<ScimCaller>,
    kind: ObjectKind,
    id: String,
) -> Answered {
    let projection = request.projection(&caller)?;
    let rt = provider::resource_type(&caller.endpoint, kind);
    // A group shows its members: anything from none to very many.
    let weight = if kind == ObjectKind::Group && projection.wants(rt, "members") {
        usize::MAX
    } else {
        0
    };
    app.weigh(weight, move |app| {
        let mut unchanged = None;
        let known = |version: &str| {
            let known = request
                .if_none_match(&caller)
                .is_some_and(|tags| precondition::names(tags, version));
            if known {
                unchanged = Some(version.to_owned());
            }
            known
        };
        let found = represent::read(
            &app.store.read()?,
            &caller,
            &request.base,
            (kind, &id),
            &projection,
            known,
        )?;
        Ok(match found {
            Some(found) => rendered(app, StatusCode::OK, found, caller.service().etag),
            None => Answer {
                status: StatusCode::NOT_MODIFIED,
                version: unchanged,
                ..no_content()
            },
        })
    })
    .await
}

fn no_content() -> Answer {
    Answer {
        status: StatusCode::NO_CONTENT,
        version: None,
        location: None,
        body: None,
    }
}

/// 204 after a change: no body, but the new version, if there are versions.
fn no_content_of(version: Option<String>) -> Answer {
    Answer {
        version,
        ..no_content()
    }
}

/// What a resource answers to the methods it does not handle: OPTIONS is told what the appliance has at this
/// path (A53; no CORS), anything else 405. A profile may have less, and says so when it is asked for that.
/// Headers that ask to override the method are not looked at.
pub(super) fn other_method(allow: &'static str) -> Route {
    web::route().to(
        move |app: web::Data<App>, request: ScimRequest, method: Method| async move {
            request.recognize(&app);
            if method == Method::OPTIONS {
                let answer = no_content()
                    .customize()
                    .insert_header((header::ALLOW, allow));
                return Ok(answer);
            }
            Err(ScimFailure::from(Error::Absent(Absent::Method { allow })))
        },
    )
}

/// 501 for what the team's profile has switched off. `what` is the subject of the sentence with its verb.
fn not_offered(what: &str) -> ScimFailure {
    let detail = format!("{what} not supported; ServiceProviderConfig says what is.");
    scim::Error::new(501, detail).into()
}

/// Any other path below the base URL.
pub(super) async fn not_found(app: web::Data<App>, request: ScimRequest) -> Answered {
    request.recognize(&app);
    Err(request.absent().into())
}
