//! The SCIM surface: headers, bodies and status codes of RFC 7644 around the operations of
//! `crate::provider`.
//!
//! Everything here answers with SCIM bodies, 404 and 405 too. A request is authenticated before its
//! body is looked at.

pub(super) mod discovery;
pub(super) mod groups;
pub(super) mod request;
pub(super) mod users;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, Route, web};
use serde_json::Value;

use self::request::ScimRequest;
use super::App;
use super::failure::ScimFailure;
use crate::model::Meta;
use crate::provider::Resource;
use crate::scim;

/// RFC 7644 section 8.1.
pub(super) const MEDIA_TYPE: &str = "application/scim+json";

fn json(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(MEDIA_TYPE)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body.to_string())
}

/// A resource with its `ETag` and `Location`.
fn resource(status: StatusCode, resource: Resource) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(MEDIA_TYPE)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, resource.version))
        .insert_header((header::LOCATION, resource.location))
        .body(Value::Object(resource.body).to_string())
}

fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// 204 after a change: no body, but the new version.
fn no_content_of(meta: Meta) -> HttpResponse {
    HttpResponse::NoContent().insert_header((header::ETAG, meta.version())).finish()
}

fn not_modified(meta: Meta) -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, meta.version())).finish()
}

/// 405 with `Allow`, for methods a resource does not have.
pub(super) fn other_method(allow: &'static str) -> Route {
    web::route().to(move || async move {
        let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, &format!("Only {allow} are possible here."));
        response
            .headers_mut()
            .insert(header::ALLOW, header::HeaderValue::from_static(allow));
        response
    })
}

fn problem(status: StatusCode, detail: &str) -> HttpResponse {
    json(status, &scim::Error::new(status.as_u16(), detail).to_body())
}

/// Any other path below the base URL.
pub(super) async fn not_found(request: actix_web::HttpRequest) -> HttpResponse {
    let path: String = request.path().chars().filter(|c| !c.is_control()).take(100).collect();
    problem(StatusCode::NOT_FOUND, &format!("There is no SCIM endpoint at {path}."))
}

/// `/Me`: a key stands for a team, not for a person (RFC 7644 section 3.11 asks for 501).
pub(super) async fn me(app: web::Data<App>, request: ScimRequest) -> Result<HttpResponse, ScimFailure> {
    app.run(move |app| request.caller(app).map_err(ScimFailure)).await?;
    Ok(problem(StatusCode::NOT_IMPLEMENTED, "A SCIM API key belongs to a team, not to a person: /Me is not supported."))
}

/// `/Bulk`, which the service provider configuration says is not supported.
pub(super) async fn bulk(app: web::Data<App>, request: ScimRequest) -> Result<HttpResponse, ScimFailure> {
    app.run(move |app| request.caller(app).map_err(ScimFailure)).await?;
    Ok(problem(StatusCode::NOT_IMPLEMENTED, "Bulk requests are not supported; ServiceProviderConfig says so."))
}
