//! Errors of the token endpoint: Entra's codes (`AADSTS…`) in the error body of RFC 6749 section 5.2, with the members
//! that Entra adds (entra.md 8.5).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde_json::json;

use crate::error::Error;
use crate::id::{Guid, Nonce};
use crate::web::{App, log};

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// A parameter is missing.
    #[error("The request body must contain the following parameter: '{0}'.")]
    Missing(&'static str),
    /// There is no such tenant.
    #[error(
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
    )]
    Tenant(String),
    /// There is no such client in the tenant.
    #[error(
        "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant."
    )]
    Client {
        /// As it was sent.
        client: String,
        /// Name of the tenant.
        tenant: String,
    },
    /// Another secret than its own.
    #[error(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'."
    )]
    Secret(String),
    /// Its secret has expired.
    #[error("The provided client secret keys for app '{0}' are expired.")]
    Expired(String),
    /// Another grant than client credentials.
    #[error("The app requested an unsupported grant type '{0}'.")]
    Grant(String),
    /// Another resource than Microsoft Graph.
    #[error("The resource principal named {0} was not found in the tenant.")]
    Resource(String),
    /// The form cannot be read.
    #[error("The request body cannot be read as a form.")]
    Form,
    /// Too many wait for their secrets to be checked.
    #[error("Too many requests are under way. Try again in a few seconds.")]
    Busy,
    /// Something else went wrong.
    #[error("An unexpected error occurred. The log of the server says more.")]
    Internal,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(crate::store::Error::Busy) => Self::Busy,
            error => {
                tracing::error!(%error, "no token");
                Self::Internal
            }
        }
    }
}

impl Refused {
    /// Status, `error`, number of the code.
    const fn told(&self) -> (StatusCode, &'static str, u32) {
        match self {
            Self::Missing(_) => (StatusCode::BAD_REQUEST, "invalid_request", 900_144),
            Self::Form => (StatusCode::BAD_REQUEST, "invalid_request", 9_001_014),
            Self::Tenant(_) => (StatusCode::BAD_REQUEST, "invalid_request", 90_002),
            Self::Client { .. } => (StatusCode::BAD_REQUEST, "unauthorized_client", 700_016),
            Self::Secret(_) => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_215),
            Self::Expired(_) => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_222),
            Self::Grant(_) => (StatusCode::BAD_REQUEST, "unsupported_grant_type", 70_003),
            Self::Resource(_) => (StatusCode::BAD_REQUEST, "invalid_resource", 500_011),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                90_055,
            ),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", 50_000),
        }
    }

    /// The answer.
    pub(super) fn answer(&self, app: &App, request: &HttpRequest) -> HttpResponse {
        let (status, error, code) = self.told();
        let now = app.now().to_string();
        // `2026-05-04 03:00:54Z`: without fractions, a blank instead of the `T`.
        let timestamp = format!("{}Z", now.get(..19).unwrap_or(&now).replace('T', " "));
        let trace = Guid::from_nonce(Nonce::random());
        let correlation = request
            .headers()
            .get("client-request-id")
            .and_then(|id| id.to_str().ok()?.parse::<Guid>().ok())
            .unwrap_or_else(|| Guid::from_nonce(Nonce::random()));
        let description = format!(
            "AADSTS{code}: {self} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}"
        );
        HttpResponse::build(status)
            .insert_header(("Cache-Control", "no-store, no-cache"))
            .insert_header(("Pragma", "no-cache"))
            .json(json!({
                "error": error,
                "error_description": description,
                "error_codes": [code],
                "timestamp": timestamp,
                "trace_id": trace.to_string(),
                "correlation_id": correlation.to_string(),
                "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
            }))
    }
}

/// A failure that has its answer already.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Plain(pub(super) &'static str, pub(super) StatusCode);

impl ResponseError for Plain {
    fn status_code(&self) -> StatusCode {
        self.1
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.1)
            .json(json!({ "error": "invalid_request", "error_description": self.0 }))
    }
}

/// Another method at an address that there is.
pub(super) async fn other_method() -> Result<HttpResponse, Plain> {
    let text = "This address does not take this method.";
    Err(Plain(text, StatusCode::METHOD_NOT_ALLOWED))
}

/// Whatever else is asked for.
pub(super) async fn no_address(
    _: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Plain> {
    let _ = log::request_id(&request);
    let text = "There is nothing at this address. Tokens are at /login/{tenant}/oauth2/v2.0/token.";
    Err(Plain(text, StatusCode::NOT_FOUND))
}
