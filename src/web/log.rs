//! One log line a request, at level `debug`: `SCIMLAB_LOG=scimlab::web=debug` shows them.
//!
//! Paths are logged without their query, because filters hold names and e-mail addresses, and without
//! the tokens of setup links and invites; of headers only the request id is, bodies never are.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::{Error, HttpMessage as _, HttpRequest};
use tracing::{Instrument as _, Span};

use crate::id::Guid;

/// The middleware. Its span is disabled, and then free, unless the level asks for it.
pub(super) struct Requests;

impl<S, B> Transform<S, ServiceRequest> for Requests
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = Logged<S>;
    type InitError = ();
    type Future = Ready<Result<Logged<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Logged { service }))
    }
}

/// A service whose requests are logged.
pub(super) struct Logged<S> {
    service: S,
}

impl<S, B> Service<ServiceRequest> for Logged<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<ServiceResponse<B>, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let span = span(&request);
        let answer = span.in_scope(|| self.service.call(request));
        if span.is_disabled() {
            return Box::pin(answer);
        }
        let logged = async move {
            let outcome = answer.await;
            let status = match &outcome {
                Ok(response) => response.status(),
                Err(error) => error.as_response_error().status_code(),
            };
            tracing::debug!(status = status.as_u16(), "answered");
            outcome
        };
        Box::pin(logged.instrument(span))
    }
}

fn span(request: &ServiceRequest) -> Span {
    tracing::debug_span!(
        "request",
        method = %request.method(),
        path = shown(request.path()),
        // Told by the recorder of the SCIM scope, the same as in `X-Request-Id`, or by whoever asks first.
        request_id = tracing::field::Empty,
    )
}

#[derive(Clone)]
struct RequestId(String);

/// What the log calls a request outside of the SCIM surface; made when somebody asks first.
pub(super) fn request_id(request: &HttpRequest) -> String {
    let mut extensions = request.extensions_mut();
    if let Some(RequestId(id)) = extensions.get() {
        return id.clone();
    }
    let id = Guid::random().to_string();
    Span::current().record("request_id", &id);
    extensions.insert(RequestId(id.clone()));
    id
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
