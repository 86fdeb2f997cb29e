//! The HTTP client of the agent: one base URL, one bearer token, one pool of connections.
//!
//! Knows HTTP, nothing of SCIM or mappings. Follows part 2.2 of the wire reference: no redirects, no
//! proxy, a timeout per request, a cap on answers. Every request comes back as a
//! [`model::Exchange`](crate::model::Exchange) for the log; the `Authorization` header is never part
//! of it. Addresses of the link-local range 169.254.0.0/16 (metadata services of clouds) are refused,
//! also when a name resolves to one.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use ureq::http::{HeaderMap, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::tenant_url::TenantUrl;
use crate::clock::Stopwatch;
use crate::model::Exchange;
use crate::secret::Plain;

/// Longest time for one request, from the connection to the last byte of the answer.
pub const TIMEOUT: Duration = Duration::from_secs(30);
/// Largest answer that is read: 4 MiB.
const ANSWER_LIMIT: u64 = 4 << 20;
/// How much of a body an [`Exchange`] keeps: 16 KiB.
const KEPT_BODY: usize = 16 << 10;
/// How long a resolved name is trusted.
const NAME_LIFETIME: Duration = Duration::from_mins(1);
const SCIM_JSON: &str = "application/scim+json; charset=utf-8";

/// A request method that the agent uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read or search.
    Get,
    /// Create.
    Post,
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

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The target took longer than the timeout.
    #[error("the target did not answer in time: {0}")]
    Timeout(String),
    /// No connection: refused, unknown host, TLS.
    #[error("the target cannot be reached: {0}")]
    Unreachable(String),
    /// The answer broke off, was too large or is not HTTP.
    #[error("the answer of the target is not usable: {0}")]
    Broken(String),
}

/// The client of one target. Shared by the threads of a cycle.
pub struct Client {
    agent: ureq::Agent,
    base: TenantUrl,
    authorization: String,
}

impl Client {
    /// A client that keeps up to `connections` connections open.
    pub fn new(base: TenantUrl, token: &Plain, connections: usize, timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(timeout))
            .max_idle_connections(connections)
            .max_idle_connections_per_host(connections)
            .user_agent(concat!("scimlab/", env!("CARGO_PKG_VERSION")))
            .accept("application/scim+json")
            .build();
        Self {
            agent: ureq::Agent::with_parts(
                config,
                DefaultConnector::default(),
                CheckedNames::default(),
            ),
            base,
            authorization: format!("Bearer {}", token.expose()),
        }
    }

    /// Full URL of a request.
    pub fn url(&self, request: &Request) -> String {
        self.base.join(&request.path)
    }

    /// Sends a request and waits for the whole answer.
    pub fn send(&self, request: &Request) -> (Exchange, Result<Answer, NoAnswer>) {
        let url = self.url(request);
        let watch = Stopwatch::start();
        let body = request.body.as_ref().map(Json::to_string);
        let result = self.exchange(request.method, &url, body.as_deref());
        let milliseconds = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
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

    fn exchange(&self, method: Method, url: &str, body: Option<&str>) -> Result<Answer, NoAnswer> {
        let authorization = ("Authorization", self.authorization.as_str());
        let response = match method {
            Method::Get => self
                .agent
                .get(url)
                .header(authorization.0, authorization.1)
                .call(),
            Method::Delete => self
                .agent
                .delete(url)
                .header(authorization.0, authorization.1)
                .call(),
            Method::Post | Method::Patch => {
                let builder = if method == Method::Post {
                    self.agent.post(url)
                } else {
                    self.agent.patch(url)
                };
                builder
                    .header(authorization.0, authorization.1)
                    .header("Content-Type", SCIM_JSON)
                    .send(body.unwrap_or_default())
            }
        };
        let (parts, mut body) = response.map_err(no_answer)?.into_parts();
        let body = body
            .with_config()
            .limit(ANSWER_LIMIT)
            .read_to_vec()
            .map_err(no_answer)?;
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }
}

fn no_answer(error: ureq::Error) -> NoAnswer {
    match error {
        ureq::Error::Timeout(_) => NoAnswer::Timeout(error.to_string()),
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Tls(_)
        | ureq::Error::Rustls(_)
        | ureq::Error::BadUri(_) => NoAnswer::Unreachable(error.to_string()),
        ureq::Error::Io(io) => match io.kind() {
            io::ErrorKind::TimedOut => NoAnswer::Timeout(io.to_string()),
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidData => NoAnswer::Broken(io.to_string()),
            _ => NoAnswer::Unreachable(io.to_string()),
        },
        other => NoAnswer::Broken(other.to_string()),
    }
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

/// Resolves names, refuses link-local addresses, and remembers the last answer for a while: the
/// library asks its resolver before every request, pooled connection or not.
#[derive(Debug, Default)]
struct CheckedNames {
    last: Mutex<Option<(String, Stopwatch, ResolvedSocketAddrs)>>,
}

impl CheckedNames {
    fn checked(&self, addresses: &[SocketAddr]) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut allowed = self.empty();
        for address in addresses.iter().filter(|a| !is_link_local(a.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() && !addresses.is_empty() {
            return Err(ureq::Error::Io(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "link-local addresses are refused",
            )));
        }
        Ok(allowed)
    }
}

/// 169.254.0.0/16 and `fe80::/10`, also as an IPv4 address written in IPv6.
pub(super) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local() || v6.to_ipv4_mapped().is_some_and(|v4| v4.is_link_local())
        }
    }
}

impl Resolver for CheckedNames {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let name = uri.authority().map(ToString::to_string).unwrap_or_default();
        if let Some((known, since, addresses)) =
            &*self.last.lock().unwrap_or_else(PoisonError::into_inner)
            && *known == name
            && since.elapsed() < NAME_LIFETIME
        {
            return self.checked(addresses);
        }
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let addresses = self.checked(&found)?;
        let copy = self.checked(&addresses)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((name, Stopwatch::start(), copy));
        Ok(addresses)
    }
}
