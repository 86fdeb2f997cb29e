//! *Traffic*: the last SCIM requests, and one of them with both its sides.

use askama::Template;

use super::Page;
use super::exchange::Exchange;
use super::list::{Filter, List};
use super::parts::{Fact, Link, Moment, Notice, Pill};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficRow {
    /// Method and target below the base URL, linked to the exchange.
    pub target: Link,
    /// `GET`, `POST`, …
    pub method: String,
    /// `201 Created`.
    pub status: Pill,
    /// Name of the key, or that there was none.
    pub key: String,
    /// Name of the team; empty without a key.
    pub team: String,
    /// `12 ms`.
    pub duration: String,
    /// When.
    pub at: Moment,
}

/// The rows, which renew themselves while the tail is followed.
#[derive(Debug, Clone, Template)]
#[template(path = "traffic/rows.html")]
pub struct TrafficRows {
    /// Address of this fragment while the tail is followed; empty when it is not.
    pub poll: String,
    /// Headings and pager; the filter is the page's.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<TrafficRow>,
}

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "traffic/traffic.html")]
pub struct TrafficPage {
    /// The frame.
    pub page: Page,
    /// What is kept and for how long, one sentence.
    pub lead: String,
    /// *Live tail* or *Stop live tail*.
    pub tail: Link,
    /// The filter bar.
    pub filter: Filter,
    /// The rows.
    pub rows: TrafficRows,
}

/// One request and its answer.
#[derive(Debug, Clone, Template)]
#[template(path = "traffic/exchange.html")]
pub struct ExchangePage {
    /// The frame; its title is method and path.
    pub page: Page,
    /// `201 Created`.
    pub status: Pill,
    /// One sentence: who asked, when, and how long it took.
    pub verdict: String,
    /// What the answer's `X-Request-Id` says.
    pub request_id: String,
    /// What was masked or not kept; none when both sides are shown as they were sent.
    pub kept: Option<Notice>,
    /// Team, key, client, time.
    pub summary: Vec<Fact>,
    /// The wire.
    pub exchange: Exchange,
    /// The request as a command, the key a variable of the shell.
    pub curl: String,
    /// What the command cannot say; may be empty.
    pub curl_note: String,
}
