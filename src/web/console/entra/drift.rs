//! The drift report: what the target shows, compared with what the mappings give.

use askama::Template;

use super::super::Page;
use super::super::parts::{Fact, Link, Notice, Pill, Tab};

/// An object that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftRow {
    /// Name; linked to the object of the directory, where there is one.
    pub name: Link,
    /// `User` or `Group`, and the id in the target.
    pub detail: String,
    /// Attribute, what the mapping gives, what the target shows.
    pub attributes: Vec<(String, String, String)>,
    /// A sentence, where attributes do not say it.
    pub note: String,
    /// Where it is provisioned on demand; empty where that cannot help.
    pub provision: String,
}

/// The objects of one kind of drift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftSection {
    /// Anchor.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What it means and what mends it.
    pub meaning: &'static str,
    /// How many, formatted.
    pub count: String,
    /// How many are not shown, as a sentence; empty when all are.
    pub more: String,
    /// The objects.
    pub rows: Vec<DriftRow>,
}

/// A report that is under way: fetched again every second.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/provision/drift_live.html")]
pub struct DriftLive {
    /// Where it is fetched again; empty when it is over.
    pub poll: String,
    /// Objects looked at.
    pub done: u64,
    /// Objects to look at.
    pub total: u64,
    /// `1,240 of 4,112 objects, 42 requests`.
    pub numbers: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/provision/drift.html")]
pub struct DriftPage {
    /// The frame.
    pub page: Page,
    /// The tabs of the application.
    pub tabs: Vec<Tab>,
    /// Where a report is asked for; empty while one is under way.
    pub start: String,
    /// The report under way.
    pub live: Option<DriftLive>,
    /// *In step*, *Drifted*, *Failed*; none before the first report.
    pub status: Option<Pill>,
    /// What went wrong, or what the report could not do.
    pub notices: Vec<Notice>,
    /// Moments and counts of the last report.
    pub facts: Vec<Fact>,
    /// What was found, by kind; kinds of which there is nothing are left out.
    pub sections: Vec<DriftSection>,
}
