//! The HTTP client of the agents: one base URL, one way to sign requests, one pool of connections, the habits of one
//! vendor.
//!
//! Knows HTTP, nothing of SCIM or mappings. Follows part 2.2 of Entra's reference and 1.1 of Okta's: no redirects, no
//! proxy, a timeout per request, a cap on answers. Every request comes back as a
//! [`model::Exchange`](crate::model::Exchange) for the log; the `Authorization` header is never part
//! of it. Addresses of the link-local range 169.254.0.0/16 (metadata services of clouds) are refused,
//! also when a name resolves to one.

mod address;
mod compression;
mod failure;
mod habits;
mod names;
mod signature;
mod tokens;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use ureq::http::HeaderMap;
use ureq::unversioned::transport::DefaultConnector;

use super::credentials::Connection;
use crate::clock::{Clock, Stopwatch};
use crate::model::Exchange;
use crate::secret::Plain;

pub(super) use address::checked_address;
pub use address::{Address, BadAddress};
pub use failure::NoAnswer;
pub use habits::{ENTRA, Habits, OKTA};
use names::is_link_local;
pub use signature::Signature;
use signature::{Signing, bearer};
pub use tokens::AccessTokens;
pub use trust::{BadTrust, Trust};

/// Largest answer that is read, unless a vendor's [`Habits`] say otherwise: 4 MiB.
pub const ANSWER_LIMIT: u64 = 4 << 20;
/// How much of a body an [`Exchange`] keeps: 16 KiB.
const KEPT_BODY: usize = 16 << 10;

/// A request method that the agent uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read or search.
    Get,
    /// Create.
    Post,
    /// Replace.
    Put,
    /// Change.
    Patch,
    /// Delete.
    Delete,
}

impl Method {
    /// As on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request, relative to the base URL.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path and query after the base URL, encoded, without a leading slash: `Users?filter=…`.
    pub path: String,
    /// JSON body.
    pub body: Option<Json>,
}

/// An HTTP answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, at most 4 MiB.
    pub body: Vec<u8>,
}

/// What a client needs besides a connection.
#[derive(Clone)]
pub struct Ways {
    /// Connections that are kept open, at most.
    pub connections: usize,
    /// Longest time for one request.
    pub timeout: Duration,
    /// The appliance's clock: says when an access token has expired.
    pub clock: Arc<dyn Clock>,
    /// Access tokens in use.
    pub tokens: AccessTokens,
    /// Whose certificates are trusted.
    pub trust: Trust,
}

/// The client of one target. Shared by the threads of a cycle.
pub struct Client {
    agent: ureq::Agent,
    address: Address,
    signing: Signing,
    habits: &'static Habits,
}

impl Client {
    /// Entra's client of a connection. It keeps up to `ways.connections` connections open.
    pub fn new(connection: Connection, ways: &Ways) -> Self {
        let address = connection.url.address().clone();
        Self::of(&ENTRA, address, connection.credentials.into(), ways)
    }

    /// A vendor's client of an address. It keeps up to `ways.connections` connections open.
    pub fn of(
        habits: &'static Habits,
        address: Address,
        signature: Signature,
        ways: &Ways,
    ) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(ways.timeout))
            .max_idle_connections(ways.connections)
            .max_idle_connections_per_host(ways.connections)
            .user_agent(habits.user_agent)
            .accept(habits.accept)
            .tls_config(ways.trust.config())
            .build();
        Self {
            agent: ureq::Agent::with_parts(
                config,
                DefaultConnector::default(),
                names::CheckedNames::default(),
            ),
            address,
            signing: signature.ready(ways),
            habits,
        }
    }

    /// Full URL of a request.
    pub fn url(&self, request: &Request) -> String {
        self.address.join(&request.path)
    }

    /// Fetches an access token anew where the credentials need one; `None` for a secret token. The
    /// exchange shows neither the secret nor the token.
    pub fn sign_in(&self) -> Option<(Exchange, Result<(), NoAnswer>)> {
        match &self.signing {
            Signing::Fixed(_) => None,
            Signing::Granted(grant) => Some(grant.renew(&self.agent)),
        }
    }

    /// Sends a request and waits for the whole answer. An access token that the target refuses with 401
    /// is fetched anew, once.
    pub fn send(&self, request: &Request) -> (Exchange, Result<Answer, NoAnswer>) {
        let url = self.url(request);
        let watch = Stopwatch::start();
        let body = request.body.as_ref().map(Json::to_string);
        let result = self.signed(request.method, &url, body.as_deref());
        let milliseconds = milliseconds(watch);
        let (status, response) = match &result {
            Ok(answer) => (
                Some(answer.status),
                cut(&String::from_utf8_lossy(&answer.body)),
            ),
            Err(error) => (None, error.to_string()),
        };
        let exchange = Exchange {
            method: request.method.name().to_owned(),
            url,
            request: body.map(|text| cut(&text)),
            status,
            response,
            milliseconds,
        };
        (exchange, result)
    }

    fn signed(&self, method: Method, url: &str, body: Option<&str>) -> Result<Answer, NoAnswer> {
        match &self.signing {
            Signing::Fixed(value) => self.exchange(method, url, body, value),
            Signing::Granted(grant) => {
                let token = grant.token(&self.agent)?;
                let answer = self.exchange(method, url, body, &bearer(&token))?;
                if answer.status != 401 {
                    return Ok(answer);
                }
                let token = grant.another(&self.agent, &token)?;
                self.exchange(method, url, body, &bearer(&token))
            }
        }
    }

    fn exchange(
        &self,
        method: Method,
        url: &str,
        body: Option<&str>,
        authorization: &Plain,
    ) -> Result<Answer, NoAnswer> {
        let (agent, habits) = (&self.agent, self.habits);
        let typed = ("Content-Type", habits.content_type);
        let response = match method {
            Method::Get => self.headed(agent.get(url), authorization).call(),
            Method::Delete => {
                let mut request = self.headed(agent.delete(url), authorization);
                if habits.typed_delete {
                    request = request.header(typed.0, typed.1);
                }
                request.call()
            }
            Method::Post | Method::Put | Method::Patch => {
                let request = match method {
                    Method::Post => agent.post(url),
                    Method::Put => agent.put(url),
                    _ => agent.patch(url),
                };
                self.headed(request, authorization)
                    .header(typed.0, typed.1)
                    .send(body.unwrap_or_default())
            }
        };
        whole(response, habits.answer_limit)
    }

    /// With the headers of every request.
    fn headed<Kind>(
        &self,
        mut request: ureq::RequestBuilder<Kind>,
        authorization: &Plain,
    ) -> ureq::RequestBuilder<Kind> {
        for (name, value) in self.habits.always {
            request = request.header(*name, *value);
        }
        request.header("Authorization", authorization.expose())
    }
}

/// The whole answer, unless it breaks off or is larger than `limit` bytes.
fn whole(
    response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    limit: u64,
) -> Result<Answer, NoAnswer> {
    let (parts, mut body) = response.map_err(failure::no_answer)?.into_parts();
    let body = body
        .with_config()
        .limit(limit)
        .read_to_vec()
        .map_err(failure::no_answer)?;
    Ok(Answer {
        status: parts.status.as_u16(),
        body: compression::unpacked(&parts.headers, body, limit)?,
        headers: parts.headers,
    })
}

fn milliseconds(watch: Stopwatch) -> u64 {
    u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A body for the log, cut at a character boundary.
fn cut(text: &str) -> String {
    if text.len() <= KEPT_BODY {
        return text.to_owned();
    }
    let mut end = KEPT_BODY;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}… ({} bytes in all)", &text[..end], text.len())
}
