//! Traffic: the last SCIM requests and what they were answered, for people who look for a fault.
//!
//! Kept in memory only, bounded in number and in bytes, gone with the process. A value of [`Exchange`]
//! cannot hold a secret: its parts ([`Target`], [`Headers`], [`Body`]) have no other constructor than the one
//! that leaves secrets out (RFC 7643 section 9.3, RFC 7644 sections 7.5.2 and 7.8). Names, addresses and the like
//! are in bodies: whoever may read traffic may read the team. What a client sends is looked through before it is
//! kept; a small answer, which the client has anyway, when somebody reads it.
//!
//! Pure but for the mutex of [`Recorder`]. The clock is an argument. Must not know HTTP's types.

mod body;
mod headers;
mod recorder;
mod redact;
mod target;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

pub use body::{Body, LONGEST, LONGEST_OF_STRANGERS, NotKept, Side};
pub use headers::Headers;
pub use recorder::{Bounds, Found, Recorded, Recorder, StatusClass, Wanted};
pub use redact::MASK;
pub use target::Target;

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::secret::SCIM_KEY_PREFIX;

/// Who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The key's team.
    pub team: Seq,
    /// Name of the key.
    pub key_name: Arc<str>,
}

/// One request and its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// Ours, unique: where the exchange is found again.
    pub id: Box<str>,
    /// The client's own `X-Request-Id`, when it was usable; else `id` is what went back.
    pub client_id: Option<Box<str>>,
    /// When the request came.
    pub at: Timestamp,
    /// Until the answer was ready.
    pub duration: Duration,
    /// `GET`, `POST`, …
    pub method: Cow<'static, str>,
    /// What it was for.
    pub target: Target,
    /// Who sent it; none without a valid key.
    pub client: Option<Client>,
    /// Status of the answer.
    pub status: u16,
    /// What the request said besides.
    pub request_headers: Headers,
    /// What was sent.
    pub request: Body,
    /// What the answer said besides.
    pub response_headers: Headers,
    /// What was answered.
    pub response: Body,
}

impl Exchange {
    /// What the answer's `X-Request-Id` says.
    pub fn request_id(&self) -> &str {
        self.client_id.as_deref().unwrap_or(&self.id)
    }

    /// How the client calls itself; empty when it does not.
    pub fn user_agent(&self) -> &str {
        self.request_headers.get("user-agent")
    }

    fn weight(&self) -> usize {
        self.request.weight() + self.response.weight()
    }
}

/// Text of a client as it may be kept: bounded, without control characters, and not at all when one of our
/// keys is in it.
fn shown(text: &str, longest: usize) -> String {
    if text.contains(SCIM_KEY_PREFIX) {
        return "***".to_owned();
    }
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut kept = text.get(..end).unwrap_or_default().to_owned();
    if kept.contains(char::is_control) {
        kept = kept.replace(char::is_control, "\u{fffd}");
    }
    if end < text.len() {
        kept.push('\u{2026}');
    }
    kept
}
