//! *Dashboard*: the org at a glance, and the first thing anybody sees of the mock Okta.

use askama::Template;

use super::super::Page;
use super::super::list::Empty;
use super::super::parts::{Fact, Link};
use super::system_log::EventRow;

/// A number that leads to what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The number, formatted.
    pub number: String,
    /// What is counted, linked.
    pub of: Link,
    /// Whether the number wants attention.
    pub bad: bool,
    /// Whether there is none.
    pub zero: bool,
}

/// The org at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// People, groups, apps, tasks.
    pub figures: Vec<Figure>,
    /// What to do next, in order, with how far it is.
    pub steps: Vec<(Link, String)>,
    /// Name, subdomain, id.
    pub facts: Vec<Fact>,
    /// The newest events.
    pub events: Vec<EventRow>,
    /// The whole log.
    pub log: String,
}

/// The landing page.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/dashboard.html")]
pub struct DashboardPage {
    /// The frame.
    pub page: Page,
    /// The list of orgs.
    pub orgs: String,
    /// The API tokens of this org; empty when there is no org.
    pub tokens: String,
    /// The org; none before one was made.
    pub org: Option<Glance>,
    /// Said when there is none.
    pub empty: Empty,
}
