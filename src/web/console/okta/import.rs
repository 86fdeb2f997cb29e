//! *Import* of an app: what was found, and *Confirm Assignments*.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Link, Moment, Notice, Pill, Tab};

/// The last import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastImport {
    /// *Running*, *Completed*, *Failed*, *Halted*.
    pub state: Pill,
    /// *Import Now* or *Scheduled*.
    pub by: &'static str,
    /// When it was asked for.
    pub at: Moment,
    /// What it counted: `1 users scanned! …`.
    pub summary: String,
    /// Why it did not come to its end, or what is odd; may be empty.
    pub note: String,
}

/// An account of the app that belongs to nobody yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Number of the row, the value that is sent.
    pub id: String,
    /// `userName` at the app.
    pub user_name: String,
    /// Name and address, in one line; may be empty.
    pub who: String,
    /// The person it would be assigned to; *New Okta user* without a page.
    pub assignment: Link,
    /// Why it could not be confirmed; may be empty.
    pub error: String,
    /// Page on which something else is chosen.
    pub choose: String,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/import.html")]
pub struct ImportPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// POST: *Import Now*; empty where nothing can be imported now.
    pub import: String,
    /// POST: *Clear Unconfirmed Users*; empty where nobody waits.
    pub clear: String,
    /// Why nothing can be imported.
    pub note: Option<Notice>,
    /// The last import.
    pub last: Option<LastImport>,
    /// *Exact match*, *Partial match*, *New user*, *Ignored*, with how many.
    pub results: Vec<Tab>,
    /// POST: *Confirm Assignments*; empty where nothing can be confirmed.
    pub confirm: String,
    /// Whether *Auto-activate users after confirmation* is asked.
    pub asks_activation: bool,
    /// Headings, pager.
    pub list: List,
    /// The rows.
    pub rows: Vec<ImportRow>,
}
