//! From domain errors to responses: one renderer per surface.
//!
//! What went wrong inside is logged with an event id and never shown; the client gets the id.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use askama::Template as _;

use super::console::common::ErrorPage;
use super::console::list::ListUrl;
use crate::error::{Absent, Error};
use crate::id::Guid;
use crate::provider::postman;
use crate::scim;
use crate::store;

/// Seconds a client is asked to wait when the store is busy.
const RETRY_AFTER_SECONDS: u32 = 2;

/// What every surface says of an error.
pub(super) struct Outline {
    /// HTTP status.
    pub(super) status: StatusCode,
    /// Sentence for the client.
    pub(super) detail: String,
    /// Identifies the log line of an internal error.
    pub(super) event: Option<Guid>,
}

/// Status and sentence of an error; logs the internal ones.
pub(super) fn outline(error: &Error) -> Outline {
    let plain = |status, detail: String| Outline {
        status,
        detail,
        event: None,
    };
    match error {
        Error::NotFound { .. } | Error::Absent(Absent::Path { .. }) => {
            plain(StatusCode::NOT_FOUND, error.to_string())
        }
        Error::Conflict { .. } => plain(StatusCode::CONFLICT, error.to_string()),
        Error::Invalid(invalid) | Error::Refused(invalid) => plain(
            StatusCode::from_u16(invalid.status).unwrap_or(StatusCode::BAD_REQUEST),
            invalid.detail.clone(),
        ),
        Error::Absent(Absent::Method { .. }) => {
            plain(StatusCode::METHOD_NOT_ALLOWED, error.to_string())
        }
        Error::Field { .. } => plain(StatusCode::BAD_REQUEST, error.to_string()),
        Error::Forbidden { .. } | Error::Disabled { .. } => {
            plain(StatusCode::FORBIDDEN, error.to_string())
        }
        Error::Unauthorized { .. } => plain(StatusCode::UNAUTHORIZED, postman::KEY.detail.into()),
        Error::Precondition { .. } => plain(StatusCode::PRECONDITION_FAILED, error.to_string()),
        Error::RateLimited { .. } => plain(StatusCode::TOO_MANY_REQUESTS, error.to_string()),
        Error::Store(store::Error::Busy) => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server is busy. Try again in a moment.".into(),
        ),
        Error::Store(inner) => {
            let event = Guid::random();
            tracing::error!(%event, error = %inner, "an internal error was shown to a client");
            Outline {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                detail: format!(
                    "Something went wrong on the server. The log has it as event {event}."
                ),
                event: Some(event),
            }
        }
    }
}

/// What a SCIM client is told of an error, alone or inside the answer to a bulk request.
pub(super) fn message(error: &Error) -> scim::Error {
    if let Error::Invalid(error) | Error::Refused(error) = error {
        return error.clone();
    }
    let outline = outline(error);
    scim::Error::new(outline.status.as_u16(), outline.detail)
}

/// An error on the SCIM surface: `urn:ietf:params:scim:api:messages:2.0:Error`.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ScimFailure(#[from] pub Error);

impl From<scim::Error> for ScimFailure {
    fn from(error: scim::Error) -> Self {
        Self(Error::Invalid(error))
    }
}

impl From<store::Error> for ScimFailure {
    fn from(error: store::Error) -> Self {
        Self(Error::Store(error))
    }
}

/// The status alone. Internal errors are not logged by asking for it.
pub(super) fn status(error: &Error) -> StatusCode {
    match error {
        Error::Store(store::Error::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        other => outline(other).status,
    }
}

impl ResponseError for ScimFailure {
    fn status_code(&self) -> StatusCode {
        status(&self.0)
    }

    fn error_response(&self) -> HttpResponse {
        let message = message(&self.0);
        let status = StatusCode::from_u16(message.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = HttpResponse::build(status);
        response.content_type(super::scim::MEDIA_TYPE);
        match &self.0 {
            Error::Unauthorized { presented } => {
                response.insert_header((
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(if *presented {
                        "Bearer realm=\"scim\", error=\"invalid_token\""
                    } else {
                        "Bearer realm=\"scim\""
                    }),
                ));
            }
            Error::RateLimited {
                retry_after_seconds,
            } => {
                response.insert_header((header::RETRY_AFTER, *retry_after_seconds));
            }
            Error::Absent(Absent::Method { allow }) => {
                response.insert_header((header::ALLOW, *allow));
            }
            Error::Store(store::Error::Busy) => {
                response.insert_header((header::RETRY_AFTER, RETRY_AFTER_SECONDS));
            }
            _ => {}
        }
        response.body(message.to_body().to_string())
    }
}

/// An error on the console: a page that says what happened and what to do.
#[derive(Debug, thiserror::Error)]
pub enum PageFailure {
    /// An error of the domain.
    #[error(transparent)]
    Domain(#[from] Error),
    /// Nobody is signed in: to the sign-in page, and back to `next` afterwards.
    #[error("sign in first")]
    SignIn {
        /// Local path and query of the page that was asked for; may be empty.
        next: String,
    },
    /// Another site caused the request.
    #[error("a request that another site caused was refused")]
    CrossSite,
    /// The address exists, but not for this method.
    #[error("the method is not allowed here")]
    Method,
    /// A form or a query that the console's own pages do not send.
    #[error("{0}")]
    Malformed(String),
    /// A page could not be drawn.
    #[error("a page could not be drawn: {0}")]
    Template(#[from] askama::Error),
    /// The session could not be kept.
    #[error("the session could not be kept: {0}")]
    Session(#[from] actix_session::SessionInsertError),
}

impl From<store::Error> for PageFailure {
    fn from(error: store::Error) -> Self {
        Self::Domain(Error::Store(error))
    }
}

impl PageFailure {
    fn page(&self) -> ErrorPage {
        match self {
            Self::Domain(Error::NotFound { .. }) => ErrorPage::not_found(),
            Self::Domain(error) => {
                let outline = outline(error);
                match outline.event {
                    Some(event) => ErrorPage::internal(event.to_string()),
                    None => ErrorPage::refused(outline.status.as_u16(), sentence(&outline.detail)),
                }
            }
            Self::SignIn { .. } => ErrorPage::refused(401, "Sign in first."),
            Self::CrossSite => ErrorPage::forbidden(
                "Another site tried to change something here in your name. If it was you, do it \
                 from the console's own pages.",
            ),
            Self::Method => ErrorPage::refused(
                405,
                "This address does not take what was sent. Use the console's own pages.",
            ),
            Self::Malformed(what) => ErrorPage::refused(400, sentence(what)),
            Self::Template(_) | Self::Session(_) => {
                let event = Guid::random();
                tracing::error!(%event, error = %self, "an internal error was shown on a page");
                ErrorPage::internal(event.to_string())
            }
        }
    }
}

/// A message of the domain as a sentence of its own. A name such as `userPrincipalName` keeps its spelling.
pub(super) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let word = message.split(' ').next().unwrap_or_default();
    let mut text = if word.chars().skip(1).any(char::is_uppercase) {
        message.to_owned()
    } else {
        first.to_uppercase().chain(chars).collect()
    };
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

impl ResponseError for PageFailure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Domain(error) => status(error),
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Template(_) | Self::Session(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::SignIn { next } = self {
            let next = if next == "/" { "" } else { next };
            let login = ListUrl::new("/login").with("next", next).to_string();
            return HttpResponse::SeeOther()
                .insert_header((header::LOCATION, login))
                .finish();
        }
        let page = self.page();
        let mut response = HttpResponse::build(self.status_code());
        if matches!(self, Self::Domain(Error::Store(store::Error::Busy))) {
            response.insert_header((header::RETRY_AFTER, RETRY_AFTER_SECONDS));
        }
        match page.render() {
            Ok(html) => response.content_type("text/html; charset=utf-8").body(html),
            Err(_) => response.body(page.sentence),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody as _;

    use super::*;

    #[test]
    fn a_page_that_needs_somebody_leads_to_sign_in_and_back() {
        for (next, location) in [
            ("/", "/login"),
            ("", "/login"),
            (
                "/team/members?q=a&page=2",
                "/login?next=%2Fteam%2Fmembers%3Fq%3Da%26page%3D2",
            ),
        ] {
            let response = PageFailure::SignIn { next: next.into() }.error_response();
            assert_eq!(response.status(), StatusCode::SEE_OTHER);
            assert_eq!(response.headers().get(header::LOCATION).unwrap(), location);
        }
    }

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("there is no such user"), "There is no such user.");
        assert_eq!(sentence("userName is taken"), "userName is taken.");
        assert_eq!(sentence("Done!"), "Done!");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn every_error_has_its_status() {
        let table = [
            (Error::not_found("User", "x"), 404),
            (
                Error::Conflict {
                    attribute: "name",
                    detail: "taken".into(),
                },
                409,
            ),
            (scim::Error::uniqueness("taken").into(), 409),
            (scim::Error::invalid_filter("bad").into(), 400),
            (Error::field("name", "empty"), 400),
            (
                Error::Forbidden {
                    detail: "no".into(),
                },
                403,
            ),
            (Error::Disabled { what: "off".into() }, 403),
            (Error::Unauthorized { presented: false }, 401),
            (
                Error::Precondition {
                    actual: "W/\"2\"".into(),
                },
                412,
            ),
            (
                Error::RateLimited {
                    retry_after_seconds: 15,
                },
                429,
            ),
            (Error::Store(store::Error::Busy), 503),
            (Error::Store(store::Error::Panicked), 500),
        ];
        for (error, status) in table {
            let shown = error.to_string();
            let failure = ScimFailure(error);
            assert_eq!(failure.status_code().as_u16(), status, "{shown}");
            assert_eq!(
                failure.error_response().status().as_u16(),
                status,
                "{shown}"
            );
        }
    }

    #[test]
    fn misc_12_whoever_is_over_the_limit_hears_when_to_come_back() {
        let failure = ScimFailure(Error::RateLimited {
            retry_after_seconds: 15,
        });
        let response = failure.error_response();
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "15");
        let body = response.into_body().try_into_bytes().unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["status"], "429", "MISC-12");
        assert_eq!(
            body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error",
            "MISC-12"
        );
    }

    #[test]
    fn internal_causes_are_not_shown() {
        let secret = "row 17 of table USERS";
        let outline = outline(&Error::Store(store::Error::Corrupt(secret.into())));
        assert!(!outline.detail.contains(secret));
        assert!(outline.event.is_some());
    }
}
