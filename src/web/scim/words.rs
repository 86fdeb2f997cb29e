//! Behind every SCIM request: failures in the words of the caller's endpoint, and the media type that
//! the client named.
//!
//! Handlers fail with errors of the domain and need not know whose words the profile wants. Whose endpoint
//! it is they leave in [`Seen`]; who has no valid key meets the first team's.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use serde_json::Value;

use super::MEDIA_TYPE;
use super::recorder::Seen;
use super::request::Accept;
use crate::error;
use crate::provider::postman::{self, About};
use crate::scim::profile::Sentences;
use crate::web::App;
use crate::web::failure::ScimFailure;

const PLAIN_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer as its endpoint words it, before it is recorded.
pub(super) fn spoken(
    app: &App,
    seen: &Seen,
    response: ServiceResponse<BoxBody>,
) -> ServiceResponse<BoxBody> {
    let failed = response.response().error().is_some();
    let sentences = match seen.endpoint() {
        Some(endpoint) => endpoint.profile.service.sentences,
        None if failed => strangers(app).profile.service.sentences,
        None => return response,
    };
    if sentences == Sentences::Postman {
        plain(reworded(response))
    } else {
        response
    }
}

fn strangers(app: &App) -> std::sync::Arc<crate::scim::Endpoint> {
    let found = app.store.read().map_err(error::Error::from);
    found
        .and_then(|snapshot| app.endpoints.of_strangers(&snapshot))
        .unwrap_or_default()
}

/// Postman's answer in place of a failure. The headers stay.
fn reworded(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let failure = response.response().error();
    let Some(failure) = failure.and_then(|error| error.as_error::<ScimFailure>()) else {
        return response;
    };
    let request = response.request();
    let about = about(request.path());
    let Some((status, body)) = words(&failure.0, about, !request.method().is_safe()) else {
        return response;
    };
    let mut response = response.map_body(|_, _| BoxBody::new(body.to_string()));
    *response.response_mut().status_mut() = status;
    response.headers_mut().remove(header::ALLOW);
    response
}

fn words(error: &error::Error, about: About, writes: bool) -> Option<(StatusCode, Value)> {
    let absent = match error {
        error::Error::Absent(_) => true,
        error::Error::Invalid(invalid) => matches!(invalid.status, 405 | 501),
        _ => false,
    };
    if absent {
        return Some((StatusCode::NOT_FOUND, postman::no_route()));
    }
    if about == About::ResourceTypes && matches!(error, error::Error::Unauthorized { .. }) {
        let body = postman::unauthorized_by_the_platform();
        return Some((StatusCode::UNAUTHORIZED, body));
    }
    let sentence = postman::said(error, about, writes)?;
    let status = StatusCode::from_u16(sentence.status).ok()?;
    Some((status, sentence.body()))
}

fn about(path: &str) -> About {
    let below = path.strip_prefix("/scim/v2/").unwrap_or_default();
    match below.split('/').next().unwrap_or_default() {
        "Users" => About::Users,
        "Groups" => About::Groups,
        "ResourceTypes" => About::ResourceTypes,
        _ => About::Else,
    }
}

/// Postman documents `application/json`: a client that names only that gets it.
fn plain(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let asked = Accept::of(response.request().headers()) == Accept::PlainJson;
    let headers = response.headers_mut();
    let ours = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == MEDIA_TYPE);
    if asked && ours {
        headers.insert(header::CONTENT_TYPE, PLAIN_JSON);
    }
    response
}
