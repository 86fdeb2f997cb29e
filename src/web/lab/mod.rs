//! `/lab`: the appliance's own control API, for scripts and test suites. Ours; no vendor has it.
//!
//! Opened by the operator token alone, sent as bearer token. Bodies and answers are JSON; errors are
//! `{"error":{"code","message"}}`, with the `field` that was wrong if it was one. The times of answers are the
//! appliance's.

pub(super) mod clock;
pub(super) mod jobs;
pub(super) mod scenarios;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::error::JsonPayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, Route, web};
use serde_json::{Value, json};

use super::App;
use super::failure::{outline, sentence, status};
use super::origin;
use crate::access::Operator;
use crate::error::Error;
use crate::provider::operator_token;
use crate::secret::Plain;

/// Most bytes of a body.
pub(super) const BODY: usize = 16 << 10;

/// What goes wrong on this surface.
#[derive(Debug, thiserror::Error)]
pub(super) enum LabFailure {
    /// No token, or not the present one.
    #[error("{0}")]
    Token(&'static str),
    /// The body is no JSON object of the expected shape.
    #[error("The body cannot be read: {0}")]
    Body(String),
    /// There is nothing at this address.
    #[error(
        "There is nothing at this address of the control API. It has /lab/clock, /lab/jobs and /lab/scenarios."
    )]
    Address,
    /// There is, but not for this method; it takes these.
    #[error("This address does not take this method. It takes {0}.")]
    Method(&'static str),
    /// What the domain says.
    #[error(transparent)]
    Domain(#[from] Error),
}

impl ResponseError for LabFailure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::Body(_) => StatusCode::BAD_REQUEST,
            Self::Address => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            // What is refused for the state something is in can be tried again.
            Self::Domain(Error::Disabled { .. }) => StatusCode::CONFLICT,
            Self::Domain(error) => status(error),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let (code, message, field) = match self {
            Self::Token(_) => ("unauthorized", self.to_string(), None),
            Self::Body(_) => ("invalid", sentence(&self.to_string()), None),
            Self::Address => ("not_found", self.to_string(), None),
            Self::Method(_) => ("method_not_allowed", self.to_string(), None),
            Self::Domain(Error::Field { field, detail }) => {
                ("invalid", sentence(detail), Some(*field))
            }
            Self::Domain(error) => {
                let code = match status {
                    StatusCode::NOT_FOUND => "not_found",
                    StatusCode::CONFLICT => "conflict",
                    StatusCode::SERVICE_UNAVAILABLE => "busy",
                    status if status.is_client_error() => "invalid",
                    _ => "internal",
                };
                (code, sentence(&outline(error).detail), None)
            }
        };
        let mut error = json!({ "code": code, "message": message });
        if let Some(field) = field {
            error["field"] = field.into();
        }
        let mut response = answer(status, &json!({ "error": error }));
        let more = match self {
            Self::Token(_) => (header::WWW_AUTHENTICATE, "Bearer"),
            Self::Method(allow) => (header::ALLOW, *allow),
            _ => return response,
        };
        let value = header::HeaderValue::from_static(more.1);
        response.headers_mut().insert(more.0, value);
        response
    }
}

/// What the handlers return.
pub(super) type Answered = Result<HttpResponse, LabFailure>;

fn answer(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/json; charset=utf-8")
        .body(body.to_string())
}

/// Whoever holds the operator token.
pub(super) struct LabCaller(pub(super) Operator);

impl FromRequest for LabCaller {
    type Error = LabFailure;
    type Future = Ready<Result<Self, LabFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request))
    }
}

fn caller(request: &HttpRequest) -> Result<LabCaller, LabFailure> {
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or(LabFailure::Address)?;
    let token = bearer(request).ok_or(LabFailure::Token(
        "Send the operator token as bearer token. The Clock page of the console makes one; SCIMLAB_OPERATOR_TOKEN presets one.",
    ))?;
    let tx = app.store.read().map_err(Error::from)?;
    let operator = operator_token::authenticate(&tx, &token)?.ok_or(LabFailure::Token(
        "This is not the operator token. The Clock page of the console makes a new one.",
    ))?;
    let origin = std::sync::Arc::new(origin::of(request, app));
    Ok(LabCaller(operator.coming_from(&origin)))
}

fn bearer(request: &HttpRequest) -> Option<Plain> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Plain::new(token))
}

/// How JSON bodies are read here.
pub(super) fn json_config() -> web::JsonConfig {
    web::JsonConfig::default()
        .limit(BODY)
        // Scripts forget the header; there is nothing else it could be.
        .content_type_required(false)
        .content_type(|_| true)
        .error_handler(|error, _| {
            let what = match &error {
                JsonPayloadError::Deserialize(error) => error.to_string(),
                other => other.to_string(),
            };
            LabFailure::Body(what).into()
        })
}

/// Whatever else is asked for below `/lab`.
pub(super) async fn no_address(_: LabCaller) -> Answered {
    Err(LabFailure::Address)
}

/// Another method at an address that takes these.
pub(super) fn other_method(allow: &'static str) -> Route {
    web::route().to(move |_: LabCaller| async move { Answered::Err(LabFailure::Method(allow)) })
}
