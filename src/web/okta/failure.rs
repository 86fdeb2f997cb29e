//! Errors of the management API: `{"errorCode","errorSummary","errorLink","errorId","errorCauses"}` (part 7.1 of the
//! Okta reference).

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

use super::body::LIMIT;
use crate::directory::okta::Refusal;
use crate::directory::okta::refusal::Cause;
use crate::error::Error;
use crate::id::Guid;
use crate::store;
use crate::web::failure::outline;

/// Why there is no answer of the kind that was asked for.
#[derive(Debug, thiserror::Error)]
pub(super) enum OktaFailure {
    /// What the org says.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No token, or one that opens nothing.
    #[error("Invalid token provided")]
    Token,
    /// Too many calls in this minute.
    #[error("API call exceeded rate limit due to too many requests.")]
    Rate,
    /// There is such an address, but not for this method.
    #[error("The endpoint does not support the provided HTTP method")]
    Method,
    /// A body with more bytes than are read.
    #[error("The request body has more than {LIMIT} bytes.")]
    TooLarge,
    /// A parameter of the query that cannot be understood.
    #[error("The request was not valid: {0}")]
    Parameter(String),
    /// A parameter that must be there.
    #[error("The request is missing a required parameter.")]
    Missing(&'static str),
}

impl From<Error> for OktaFailure {
    fn from(error: Error) -> Self {
        Self::Refused(Refusal::Domain(error))
    }
}

impl From<store::Error> for OktaFailure {
    fn from(error: store::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Status, code, summary and causes.
struct Told {
    status: StatusCode,
    code: &'static str,
    summary: String,
    causes: Vec<String>,
}

impl OktaFailure {
    fn told(&self) -> Told {
        let plain = |status, code, causes| Told {
            status,
            code,
            summary: self.to_string(),
            causes,
        };
        match self {
            Self::Token => plain(StatusCode::UNAUTHORIZED, "E0000011", vec![]),
            Self::Rate => plain(StatusCode::TOO_MANY_REQUESTS, "E0000047", vec![]),
            Self::Method => plain(StatusCode::METHOD_NOT_ALLOWED, "E0000022", vec![]),
            Self::TooLarge => plain(StatusCode::PAYLOAD_TOO_LARGE, "E0000003", vec![]),
            Self::Parameter(_) => plain(StatusCode::BAD_REQUEST, "E0000002", vec![]),
            Self::Missing(name) => {
                let cause = format!("{name}: The field cannot be left blank");
                plain(StatusCode::BAD_REQUEST, "E0000028", vec![cause])
            }
            Self::Refused(refusal) => refused(refusal),
        }
    }
}

fn refused(refusal: &Refusal) -> Told {
    let plain = |status, code| Told {
        status,
        code,
        summary: refusal.to_string(),
        causes: vec![],
    };
    match refusal {
        Refusal::NotFound { .. } => plain(StatusCode::NOT_FOUND, "E0000007"),
        Refusal::Invalid { subject, causes } => Told {
            status: StatusCode::BAD_REQUEST,
            code: "E0000001",
            summary: format!("Api validation failed: {subject}"),
            causes: causes.iter().map(Cause::text).collect(),
        },
        Refusal::State(state) => plain(StatusCode::FORBIDDEN, state.code()),
        Refusal::Mapped { .. } => plain(StatusCode::FORBIDDEN, "E0000075"),
        Refusal::Unreadable => plain(StatusCode::BAD_REQUEST, "E0000003"),
        Refusal::Domain(error) => {
            let outline = outline(error);
            let code = match outline.status {
                StatusCode::NOT_FOUND => "E0000007",
                StatusCode::FORBIDDEN => "E0000006",
                status if status.is_client_error() => "E0000001",
                _ => "E0000009",
            };
            Told {
                status: outline.status,
                code,
                summary: outline.detail,
                causes: vec![],
            }
        }
    }
}

impl ResponseError for OktaFailure {
    fn status_code(&self) -> StatusCode {
        match self {
            // Asked for without writing internal errors to the log once more.
            Self::Refused(Refusal::Domain(Error::Store(store::Error::Busy))) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Refused(Refusal::Domain(Error::Store(_))) => StatusCode::INTERNAL_SERVER_ERROR,
            other => other.told().status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let told = self.told();
        let causes: Vec<Value> = told
            .causes
            .iter()
            .map(|cause| json!({ "errorSummary": cause }))
            .collect();
        let body = json!({
            "errorCode": told.code,
            "errorSummary": told.summary,
            "errorLink": told.code,
            "errorId": error_id(),
            "errorCauses": causes,
        });
        HttpResponse::build(told.status)
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .content_type("application/json")
            .body(body.to_string())
    }
}

/// `oae` and 17 more characters, another one each time.
fn error_id() -> String {
    let random = Guid::random().to_string();
    let letters = random.chars().filter(char::is_ascii_alphanumeric).take(17);
    std::iter::once("oae".to_owned())
        .chain(letters.map(String::from))
        .collect()
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody as _;

    use super::*;
    use crate::directory::okta::refusal::NotNow;

    /// 7.1: code and status of every error.
    #[test]
    fn every_error_has_its_code_and_status() {
        let table = [
            (
                Refusal::field("login", "login", "x").into(),
                400,
                "E0000001",
            ),
            (OktaFailure::Parameter("x".into()), 400, "E0000002"),
            (Refusal::Unreadable.into(), 400, "E0000003"),
            (OktaFailure::TooLarge, 413, "E0000003"),
            (Refusal::not_found("User", "x").into(), 404, "E0000007"),
            (OktaFailure::Token, 401, "E0000011"),
            (
                Refusal::State(NotNow::AlreadyActive).into(),
                403,
                "E0000016",
            ),
            (OktaFailure::Method, 405, "E0000022"),
            (OktaFailure::Missing("x"), 400, "E0000028"),
            (Refusal::State(NotNow::NotLockedOut).into(), 403, "E0000032"),
            (Refusal::State(NotNow::Status).into(), 403, "E0000038"),
            (OktaFailure::Rate, 429, "E0000047"),
            (
                Refusal::Mapped {
                    attribute: "x".into(),
                }
                .into(),
                403,
                "E0000075",
            ),
            (store::Error::Busy.into(), 503, "E0000009"),
        ];
        for (failure, status, code) in table {
            assert_eq!(failure.status_code().as_u16(), status, "{code}");
            let response = failure.error_response();
            assert_eq!(response.status().as_u16(), status);
            let body = response.into_body().try_into_bytes().unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(
                (&body["errorCode"], &body["errorLink"]),
                (&json!(code), &json!(code))
            );
            let id = body["errorId"].as_str().unwrap();
            assert!(id.starts_with("oae") && id.len() == 20, "{id}");
        }
    }

    #[test]
    fn a_validation_tells_every_cause() {
        let failure = OktaFailure::from(Refusal::field("login", "login", "x"));
        let body = failure
            .error_response()
            .into_body()
            .try_into_bytes()
            .unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["errorSummary"], "Api validation failed: login");
        assert_eq!(body["errorCauses"], json!([{ "errorSummary": "login: x" }]));
    }
}
