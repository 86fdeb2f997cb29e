//! Errors of the Graph API: `{"error":{"code","message","innerError"}}` (entra.md 6.1).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};

use crate::error::Error;
use crate::store;
use crate::sync::ConnectionFailure;
use crate::web::failure::{outline, sentence, status};

/// Why there is no answer of the kind that was asked for.
#[derive(Debug, thiserror::Error)]
pub(super) enum GraphFailure {
    /// No token.
    #[error("Access token is empty.")]
    NoToken,
    /// One that opens nothing.
    #[error("Access token has expired or is not yet valid.")]
    Token,
    /// One without the permission.
    #[error("Insufficient privileges to complete the operation.")]
    Denied,
    /// The address names something that there is not.
    #[error(
        "Resource '{0}' does not exist or one of its queried reference-property objects are not present."
    )]
    Resource(String),
    /// There is no such address.
    #[error("Resource not found for the segment '{0}'.")]
    Segment(String),
    /// There is such an address, but not for this method.
    #[error("The OData request is not supported: this address does not take this method.")]
    Method,
    /// The body or the query cannot be understood: a code and a sentence.
    #[error("{1}")]
    Bad(&'static str, String),
    /// What a target answered, or did not: a code of the provisioning service and what it says of it.
    #[error("{0}")]
    Target(#[from] ConnectionFailure),
    /// A body with more bytes than are read.
    #[error("The request has more than {0} bytes.")]
    TooLarge(usize),
    /// Too many calls; again in so many seconds.
    #[error("Too many requests. Try again after the seconds that Retry-After says.")]
    Rate(u32),
    /// What the domain says.
    #[error(transparent)]
    Domain(#[from] Error),
}

impl From<store::Error> for GraphFailure {
    fn from(error: store::Error) -> Self {
        Self::Domain(error.into())
    }
}

impl GraphFailure {
    /// Nothing has this key.
    pub(super) fn unknown(key: &str) -> Self {
        Self::Resource(key.chars().take(200).collect())
    }

    fn code(&self) -> &str {
        match self {
            Self::NoToken | Self::Token => "InvalidAuthenticationToken",
            Self::Denied => "Authorization_RequestDenied",
            Self::Resource(_) => "Request_ResourceNotFound",
            Self::Segment(_) | Self::Method => "BadRequest",
            Self::Bad(code, _) => code,
            Self::Target(failure) => &failure.code,
            Self::TooLarge(_) => "RequestEntityTooLarge",
            Self::Rate(_) => "TooManyRequests",
            Self::Domain(error) => match error {
                Error::NotFound { .. } => "Request_ResourceNotFound",
                Error::RateLimited { .. } => "TooManyRequests",
                Error::Forbidden { .. } => "Authorization_RequestDenied",
                Error::Store(store::Error::Busy) => "ServiceUnavailable",
                error if status(error).is_server_error() => "InternalServerError",
                _ => "Request_BadRequest",
            },
        }
    }

    fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Rate(seconds)
            | Self::Domain(Error::RateLimited {
                retry_after_seconds: seconds,
            }) => Some(*seconds),
            Self::Domain(Error::Store(store::Error::Busy)) => Some(1),
            _ => None,
        }
    }
}

impl ResponseError for GraphFailure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoToken | Self::Token => StatusCode::UNAUTHORIZED,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::Resource(_) => StatusCode::NOT_FOUND,
            Self::Segment(_)
            | Self::Bad(..)
            | Self::Target(_)
            // The state something is in, or a value, told as Graph tells it.
            | Self::Domain(Error::Disabled { .. } | Error::Field { .. }) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Rate(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Domain(error) => status(error),
        }
    }

    /// The body comes with `call::admit`, which knows the ids of the call: until then what it says goes beside it.
    fn error_response(&self) -> HttpResponse {
        let message = match self {
            Self::Domain(error) => sentence(&outline(error).detail),
            other => other.to_string(),
        };
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if matches!(self, Self::NoToken | Self::Token) {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = self.retry_after() {
            response.insert_header((header::RETRY_AFTER, HeaderValue::from(seconds)));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(Told {
            code: self.code().to_owned(),
            message,
        });
        response
    }
}

/// What a failure says.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) code: String,
    pub(super) message: String,
}
