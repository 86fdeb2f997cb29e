//! Around every SCIM request: its id, its record, and what is left of its rate limit.
//!
//! `X-Request-Id` is on every answer: the client's own when it is 1 to 64 visible ASCII characters, else the
//! random one that the log has too. What handlers learn on their way (who is calling, the body's bytes) they
//! leave in [`Seen`]; nothing is read twice for the record. What may be kept is decided by `crate::lab::traffic`.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage as _};
use tracing::Span;

use super::{key_uses, words};
use crate::access::ScimCaller;
use crate::clock::{Stopwatch, Timestamp};
use crate::id::Seq;
use crate::lab::traffic::{
    Body, Client, Exchange, Headers, LONGEST, LONGEST_OF_STRANGERS, NotKept, Side, Target,
};
use crate::provider::rate::Allowance;
use crate::scim::Endpoint;
use crate::secret::SCIM_KEY_PREFIX;
use crate::web::App;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const X_RATELIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What is learned about a request while it is answered.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What the answer's `X-Request-Id` will say.
    pub(super) request_id: Box<str>,
    client: OnceLock<Client>,
    key: OnceLock<Seq>,
    endpoint: OnceLock<Arc<Endpoint>>,
    body: OnceLock<Bytes>,
    allowance: OnceLock<Allowance>,
}

impl Seen {
    /// The cell of this request.
    pub(super) fn of(request: &actix_web::HttpRequest) -> Arc<Self> {
        let seen = request.extensions().get::<Arc<Self>>().cloned();
        seen.unwrap_or_default()
    }

    /// The endpoint of the key that was good.
    pub(super) fn endpoint(&self) -> Option<&Arc<Endpoint>> {
        self.endpoint.get()
    }

    /// The key was good.
    pub(super) fn caller(&self, caller: &ScimCaller) {
        self.endpoint.get_or_init(|| Arc::clone(&caller.endpoint));
        self.key.get_or_init(|| caller.key);
        self.client.get_or_init(|| Client {
            team: caller.team,
            key_name: Arc::clone(&caller.key_name),
        });
    }

    /// Team and row of the key that was good.
    pub(super) fn key(&self) -> Option<(Seq, Seq)> {
        Some((self.client.get()?.team, *self.key.get()?))
    }

    /// The body has arrived.
    pub(super) fn body(&self, body: &Bytes) {
        self.body.get_or_init(|| body.clone());
    }

    /// Whether the request was counted against a limit before.
    pub(super) fn was_counted(&self) -> bool {
        self.allowance.get().is_some()
    }

    /// A limit applies.
    pub(super) fn allowance(&self, allowance: Allowance) {
        self.allowance.get_or_init(|| allowance);
    }
}

/// The middleware of the SCIM scope.
pub(in crate::web) async fn record<B: MessageBody + 'static>(
    app: Data<App>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let watch = Stopwatch::start();
    let at = app.now();
    let id = app.recorder.next_id().to_string();
    let client_id = own_id(request.headers());
    let request_id = client_id.as_deref().unwrap_or(&id);
    Span::current().record("request_id", request_id);
    let header = HeaderValue::from_str(request_id).ok();
    let seen = Arc::new(Seen {
        request_id: request_id.into(),
        ..Seen::default()
    });
    request.extensions_mut().insert(Arc::clone(&seen));

    let response = next.call(request).await?.map_into_boxed_body();
    let mut response = words::spoken(&app, &seen, response);
    if let Some(header) = header {
        response.headers_mut().insert(X_REQUEST_ID, header);
    }
    if let Some(allowance) = seen.allowance.get() {
        tell(response.headers_mut(), allowance);
    }
    key_uses::count(&app, &seen, &response, at);
    let (response, body) = read(response);
    let arrived = Arrival {
        id,
        client_id,
        at,
        duration: watch.elapsed(),
    };
    let small = |body: &Bytes| (1..=LONGEST_OF_STRANGERS).contains(&body.len());
    let later = body
        .clone()
        .filter(|body| small(body) && !is_head(&response));
    match later {
        Some(answer) => {
            let exchange = exchange(arrived, &seen, &response, Some(&[]));
            app.recorder.record_answered(exchange, answer);
        }
        None => app
            .recorder
            .record(exchange(arrived, &seen, &response, body.as_deref())),
    }
    Ok(response)
}

struct Arrival {
    id: String,
    client_id: Option<Box<str>>,
    at: Timestamp,
    duration: Duration,
}

fn exchange(
    arrived: Arrival,
    seen: &Seen,
    response: &ServiceResponse<BoxBody>,
    answered: Option<&[u8]>,
) -> Exchange {
    let request = response.request();
    let client = seen.client.get().cloned();
    let longest = if client.is_some() {
        LONGEST
    } else {
        LONGEST_OF_STRANGERS
    };
    let path = request.path();
    Exchange {
        id: arrived.id.into(),
        client_id: arrived.client_id,
        at: arrived.at,
        duration: arrived.duration,
        method: method(request.method()),
        target: Target::new(
            path.strip_prefix("/scim/v2").unwrap_or(path),
            request.query_string(),
        ),
        client,
        status: response.status().as_u16(),
        request_headers: Headers::of_request(pairs(request.headers())),
        request: match seen.body.get() {
            Some(body) => Body::of(Side::Request, body, longest),
            None if has_body(request.headers()) => Body::NotKept(NotKept::Unread),
            None => Body::Empty,
        },
        response_headers: Headers::of_response(pairs(response.headers())),
        response: match answered {
            // The server cuts the body off on its way out.
            _ if is_head(response) => Body::Empty,
            Some(body) => Body::of(Side::Response, body, longest),
            None => Body::NotKept(NotKept::Streamed),
        },
    }
}

fn is_head(response: &ServiceResponse<BoxBody>) -> bool {
    response.request().method() == Method::HEAD
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &[u8])> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
}

/// Nearly always one of these, which costs no memory.
fn method(method: &Method) -> Cow<'static, str> {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let known = KNOWN.iter().find(|known| **known == method.as_str());
    match known {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(method.as_str().chars().take(16).collect()),
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

/// The bytes of the answer's body, which is put back. None when it is sent piece by piece.
fn read(response: ServiceResponse<BoxBody>) -> (ServiceResponse<BoxBody>, Option<Bytes>) {
    // Put back, no body would become an empty one, which is something else on the wire.
    if matches!(response.response().body().size(), BodySize::None) {
        return (response, Some(Bytes::new()));
    }
    let mut bytes = None;
    let response = response.map_body(|_, body| match body.try_into_bytes() {
        Ok(all) => {
            bytes = Some(all.clone());
            BoxBody::new(all)
        }
        Err(stream) => stream,
    });
    (response, bytes)
}

/// The client's own id, if it is one that can be shown, logged and sent back as it is.
fn own_id(headers: &HeaderMap) -> Option<Box<str>> {
    let mut all = headers.get_all(X_REQUEST_ID);
    let id = all.next()?.to_str().ok()?;
    let usable = all.next().is_none()
        && (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_graphic())
        && !id.contains(SCIM_KEY_PREFIX);
    usable.then(|| id.into())
}

/// The headers of Postman's other APIs; `Reset` is in seconds since 1970.
fn tell(headers: &mut HeaderMap, allowance: &Allowance) {
    let seconds = allowance.resets.millis().div_euclid(1_000);
    headers.insert(X_RATELIMIT_LIMIT, allowance.limit.into());
    headers.insert(X_RATELIMIT_REMAINING, allowance.remaining.into());
    headers.insert(X_RATELIMIT_RESET, seconds.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_own_id_is_used_when_it_can_be_sent_back() {
        let own = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(X_REQUEST_ID, HeaderValue::from_str(value).unwrap());
            }
            own_id(&headers).map(String::from)
        };
        let longest = "x".repeat(64);
        for usable in ["a", "4bf92f35-77b3/4da6:a3ce", "<script>", &longest] {
            assert_eq!(own(&[usable]).as_deref(), Some(usable));
        }
        let longer = "x".repeat(65);
        for odd in ["", "a b", "a\tb", "caf\u{e9}", "scimlab_0123", &longer] {
            assert_eq!(own(&[odd]), None, "{odd:?}");
        }
        assert_eq!(own(&["a", "b"]), None);
        assert_eq!(own(&[]), None);
    }

    #[test]
    fn a_limit_is_told_in_the_headers() {
        let mut headers = HeaderMap::new();
        tell(
            &mut headers,
            &Allowance {
                limit: 180,
                remaining: 179,
                resets: Timestamp::from_millis(1_750_000_060_999),
                retry_after_seconds: None,
            },
        );
        let told = |name| headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(told(X_RATELIMIT_LIMIT), "180");
        assert_eq!(told(X_RATELIMIT_REMAINING), "179");
        assert_eq!(told(X_RATELIMIT_RESET), "1750000060");
    }
}
