//! [`Habits`]: what every request of a vendor looks like, whatever it asks for.

use std::time::Duration;

use super::ANSWER_LIMIT;

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
    /// Largest answer that is read, in bytes.
    pub answer_limit: u64,
}

/// Okta reads whole groups before it replaces them, and others answer with them: a hundred thousand members and more.
const GROUP_LIMIT: u64 = 32 << 20;

/// Entra's provisioning service (part 2.2 of its reference). The name is ours: the service's own is not published.
pub const ENTRA: Habits = Habits {
    user_agent: concat!("scimlab/", env!("CARGO_PKG_VERSION")),
    accept: "application/scim+json",
    always: &[],
    content_type: "application/scim+json; charset=utf-8",
    typed_delete: false,
    timeout: Duration::from_secs(30),
    answer_limit: ANSWER_LIMIT,
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
    answer_limit: GROUP_LIMIT,
};
