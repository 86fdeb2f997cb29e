//! *Reports > System Log*: the list, and one event with the requests behind it.

use askama::Template;

use super::super::Page;
use super::super::exchange::{Code, Exchange};
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Pill, Tone};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// `displayMessage`, linked to the event.
    pub message: Link,
    /// `eventType`.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// What it was done to, by name, each name once.
    pub targets: Vec<String>,
    /// `outcome.result`.
    pub result: Pill,
    /// `outcome.reason`; may be empty.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// The log.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/system_log.html")]
pub struct SystemLogPage {
    /// The frame.
    pub page: Page,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<EventRow>,
}

/// What an event was done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `displayName`, linked where there is a page.
    pub name: Link,
    /// `type`.
    pub kind: String,
    /// `alternateId`.
    pub alternate_id: String,
    /// `id`.
    pub id: String,
}

/// One event.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/event.html")]
pub struct EventPage {
    /// The frame; its title is `displayMessage`.
    pub page: Page,
    /// `outcome.result`.
    pub result: Pill,
    /// `outcome.reason`; may be empty.
    pub reason: String,
    /// Type, actor, transaction, severity, when.
    pub facts: Vec<Fact>,
    /// `target`.
    pub targets: Vec<Target>,
    /// The list of what belongs to the same job; empty where there is none.
    pub job: String,
    /// The whole event as the management API answers it.
    pub json: Code,
    /// The requests behind it, in order.
    pub exchanges: Vec<Exchange>,
}

/// The pill of `outcome.result`.
pub fn result_pill(result: &str) -> Pill {
    match result {
        "SUCCESS" => Pill::new(Tone::Good, "Success"),
        "FAILURE" => Pill::new(Tone::Bad, "Failure"),
        "SKIPPED" => Pill::new(Tone::Quiet, "Skipped"),
        other => Pill::new(Tone::Quiet, other),
    }
}
