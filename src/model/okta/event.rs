//! The System Log (part 2.11 of the Okta reference): what is told of an event. Everything in the envelope that is the
//! same for every event is added when one is shown.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::Exchange;

/// `outcome.result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventResult {
    /// It was done.
    Success,
    /// It was not.
    Failure,
    /// There was nothing to do.
    Skipped,
}

impl EventResult {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Skipped => "SKIPPED",
        }
    }
}

/// `severity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventSeverity {
    /// As it should be.
    Info,
    /// Odd, or tried again.
    Warn,
    /// Failed.
    Error,
}

impl EventSeverity {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// `outcome`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventOutcome {
    /// How it ended.
    pub result: EventResult,
    /// Why, at most 255 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `actor`: who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventActor {
    /// `id`: that of an API token's user or of Okta itself.
    pub id: String,
    /// `type`: `User` or `SystemPrincipal`.
    pub kind: String,
    /// `alternateId`.
    pub alternate_id: String,
    /// `displayName`.
    pub display_name: String,
}

/// One of `target`: what it was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTarget {
    /// `id`.
    pub id: String,
    /// `type`: `User`, `AppUser`, `AppInstance`, `UserGroup`, `AppGroup`, …
    pub kind: String,
    /// `alternateId`.
    pub alternate_id: String,
    /// `displayName`.
    pub display_name: String,
}

/// An event. The requests behind it are a row of their own (`store::okta::events`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemEvent {
    /// Position in the log.
    pub seq: Seq,
    /// `published`.
    pub published: Timestamp,
    /// `eventType`.
    pub event_type: String,
    /// `displayMessage`.
    pub message: String,
    /// `severity`.
    pub severity: EventSeverity,
    /// `outcome`.
    pub outcome: EventOutcome,
    /// `actor`.
    pub actor: EventActor,
    /// `target`.
    pub targets: Vec<EventTarget>,
    /// `transaction.type` is `JOB` rather than `WEB`.
    #[serde(default)]
    pub in_background: bool,
    /// `transaction.id`.
    #[serde(default)]
    pub transaction: String,
    /// Whether requests stand behind it.
    #[serde(default)]
    pub sent: bool,
}

/// The requests behind an event, which Okta does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventExchanges {
    /// In the order in which they were sent.
    pub exchanges: Vec<Exchange>,
}
