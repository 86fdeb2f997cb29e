//! The SCIM surface: headers, bodies and status codes of RFC 7644 around the operations of
//! `crate::provider`.
//!
//! Everything here answers with SCIM bodies, 404 and 405 too. A request is authenticated before its
//! body is looked at.

pub(super) mod bulk;
pub(super) mod discovery;
pub(super) mod groups;
pub(super) mod me;
pub(super) mod recorder;
pub(super) mod request;
pub(super) mod resources;
pub(super) mod users;
pub(super) mod words;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, Responder, Route, web};
use serde_json::Value;

use self::request::ScimRequest;
use super::App;
use super::failure::ScimFailure;
use crate::error::{Absent, Error};
use crate::model::Meta;
use crate::provider::Resource;
use crate::scim;

/// RFC 7644 section 8.1.
pub(super) const MEDIA_TYPE: &str = "application/scim+json";

/// A response as data, so that it can be made on the blocking pool.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    version: Option<String>,
    location: Option<String>,
    body: Option<String>,
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
            Some(body) => response.content_type(MEDIA_TYPE).body(body),
            None => response.finish(),
        }
    }
}

fn json(status: StatusCode, body: &Value) -> Answer {
    Answer {
        status,
        version: None,
        location: None,
        body: Some(body.to_string()),
    }
}

/// A resource with its `Location`, and with its `ETag` where there are versions.
fn resource(status: StatusCode, resource: Resource, etag: bool) -> Answer {
    Answer {
        status,
        version: etag.then_some(resource.version),
        location: Some(resource.location),
        body: Some(Value::Object(resource.body).to_string()),
    }
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

fn not_modified(meta: Meta) -> Answer {
    Answer {
        status: StatusCode::NOT_MODIFIED,
        ..no_content_of(Some(meta.version()))
    }
}

/// What a resource answers to the methods it does not handle: OPTIONS is told what there is (A53; no
/// CORS), anything else 405. Headers that ask to override the method are not looked at.
pub(super) fn other_method(allow: &'static str) -> Route {
    web::route().to(
        move |app: web::Data<App>, request: ScimRequest, method: Method| async move {
            if method == Method::OPTIONS {
                let answer = no_content()
                    .customize()
                    .insert_header((header::ALLOW, allow));
                return Ok(answer);
            }
            request.recognize(&app);
            Err(ScimFailure::from(Error::Absent(Absent::Method { allow })))
        },
    )
}

/// 501 for what the team's profile has switched off. `what` is the subject of the sentence with its verb.
fn not_offered(what: &str) -> ScimFailure {
    let detail = format!("{what} not supported; ServiceProviderConfig says what is.");
    scim::Error::new(501, detail).into()
}

fn problem(status: StatusCode, detail: &str) -> Answer {
    json(status, &scim::Error::new(status.as_u16(), detail).to_body())
}

/// Any other path below the base URL.
pub(super) async fn not_found(app: web::Data<App>, request: ScimRequest) -> Answered {
    request.recognize(&app);
    Err(request.absent().into())
}

/// POST `/.search`, not there yet: 501 tells clients to use GET with a filter.
pub(super) async fn search(app: web::Data<App>, request: ScimRequest) -> Answered {
    request.caller(&app)?;
    Ok(problem(
        StatusCode::NOT_IMPLEMENTED,
        "Search requests are not supported; use GET with the filter parameter.",
    ))
}
