//! What the record of a team's events says of people and places, and the personal keys that read it.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::secret::Digest;

/// How somebody or something was called at the time of an event. Kept with the event, because names change and
/// people leave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Name of the person, group or key; empty when unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Sign-in name of a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
}

impl Party {
    /// A person.
    pub fn person(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
        }
    }

    /// Anything that has a name only.
    pub fn named(name: impl Into<String>) -> Self {
        Self::person(name, "")
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        self.name.is_empty() && self.email.is_empty()
    }

    /// What a sentence calls it: the name, else the e-mail address; may be empty.
    pub fn label(&self) -> &str {
        if self.name.is_empty() {
            &self.email
        } else {
            &self.name
        }
    }
}

/// Where a request came from, as far as that is known. All of it is the client's word but the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Network address, without a port.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// What the client calls itself; bounded, without control characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user_agent: String,
    /// What the answer's `X-Request-Id` said, or what the log calls the request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
}

impl Origin {
    /// Whether nothing is known: the command line, and events of older versions.
    pub fn is_unknown(&self) -> bool {
        self.address.is_empty() && self.user_agent.is_empty() && self.request_id.is_empty()
    }
}

/// A personal key for the audit API. It does what its owner may do in one team at that moment; the key itself is
/// shown once and never stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApiKey {
    /// Row.
    pub seq: Seq,
    /// Whose it is.
    pub account: Seq,
    /// The only team it reads.
    pub team: Seq,
    /// Unique among the owner's keys that were not revoked.
    pub name: String,
    /// SHA-256 of the key.
    pub digest: Digest,
    /// For recognising the key in a list.
    pub last_four: String,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it opens nothing any more.
    #[serde(default)]
    pub expires: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default)]
    pub revoked: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it opens the door at this moment.
    pub fn opens_at(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|end| now < end)
    }
}
