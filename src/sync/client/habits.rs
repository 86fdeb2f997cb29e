//! [`Habits`]: what every request of a vendor looks like, whatever it asks for.

use std::time::Duration;

/// Headers and patience of one vendor's client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habits {
    /// `User-Agent`.
    pub user_agent: &'static str,
    /// `Accept`.
    pub accept: &'static str,
    /// Further headers of every request.
    pub always: &'static [(&'static str, &'static str)],
    /// `Content-Type` of writes.
    pub content_type: &'static str,
    /// Whether a DELETE, which has no body, names a `Content-Type` as well.
    pub typed_delete: bool,
    /// Longest time for one request, from the connection to the last byte of the answer.
    pub timeout: Duration,
}

/// Entra's provisioning service (part 2.2 of its reference). The name is ours: the service's own is not published.
pub const ENTRA: Habits = Habits {
    user_agent: concat!("scimlab/", env!("CARGO_PKG_VERSION")),
    accept: "application/scim+json",
    always: &[],
    content_type: "application/scim+json; charset=utf-8",
    typed_delete: false,
    timeout: Duration::from_secs(30),
};

/// Okta (part 1.1 of its reference).
pub const OKTA: Habits = Habits {
    user_agent: "Okta SCIM Client 1.0.0",
    accept: "application/scim+json",
    always: &[
        ("Accept-Charset", "utf-8"),
        ("Connection", "Keep-Alive"),
        ("Accept-Encoding", "gzip,deflate"),
    ],
    content_type: "application/scim+json; charset=utf-8",
    typed_delete: true,
    timeout: Duration::from_mins(1),
};
