//! One log line a request, at level `debug`: `SCIMLAB_LOG=scimlab::web=debug` shows them.
//!
//! Paths are logged without their query, because filters hold names and e-mail addresses, and without
//! the tokens of setup links and invites; of headers only the request id is, bodies never are.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

/// The span of a request; disabled, and then free, unless the level asks for it.
pub(super) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        tracing::debug_span!(
            "request",
            method = %request.method(),
            path = shown(request.path()),
            // Told by the recorder of the SCIM scope: the same as in `X-Request-Id`.
            request_id = tracing::field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.in_scope(|| tracing::debug!(status = status.as_u16(), "answered"));
    }
}

/// A path without the secrets that paths can hold: of setup links and of invites.
fn shown(path: &str) -> &str {
    if path.starts_with("/setup/") {
        "/setup/…"
    } else if path.starts_with("/invites/") {
        "/invites/…"
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn the_tokens_of_links_are_not_logged() {
        assert!(!shown("/setup/0123456789").contains("0123"));
        assert!(!shown("/invites/1-2-0123456789/dismiss").contains("0123"));
        assert_eq!(shown("/scim/v2/Users"), "/scim/v2/Users");
    }
}
