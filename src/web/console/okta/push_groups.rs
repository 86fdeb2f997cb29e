//! *Push Groups* of an app.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Choice, Link, Moment, Notice, Pill, Tab, Toggle};

/// A group that is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRow {
    /// Okta id of the mapping.
    pub id: String,
    /// The group in Okta, linked.
    pub group: Link,
    /// Name of the rule that found it; empty for one that was chosen by name.
    pub rule: String,
    /// The group in the app, by name.
    pub target: String,
    /// *Active*, *Inactive*, *Error*, *Pushing*.
    pub status: Pill,
    /// Why it failed last; empty when it did not.
    pub error: String,
    /// When something was pushed last.
    pub pushed: Option<Moment>,
    /// POST: *Push now*; empty where it cannot be pushed.
    pub push: String,
    /// POST: *Activate group push*; empty while it is active.
    pub activate: String,
    /// POST: *Deactivate group push*; empty while it is not active.
    pub deactivate: String,
    /// Page: *Unlink pushed group*.
    pub unlink: String,
}

/// A rule that pushes groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRuleRow {
    /// Name.
    pub name: String,
    /// What it looks for, in words.
    pub criteria: String,
    /// How many groups it pushes, in words.
    pub pushes: String,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// POST: *Activate* or *Deactivate*; empty where nothing can be pushed.
    pub change: String,
    /// What that does.
    pub verb: &'static str,
    /// Page: *Edit*; empty where nothing can be pushed.
    pub edit: String,
    /// Page: *Delete*.
    pub delete: String,
}

/// *Bulk Edit*: the bar above the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkBar {
    /// Page: what would happen to the groups that are ticked.
    pub action: String,
    /// What can be done to them.
    pub choices: Vec<Choice>,
    /// Whether every group of the page is ticked at first.
    pub all: bool,
    /// The same page with every group ticked, or with none.
    pub turn: String,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/push_groups.html")]
pub struct PushGroupsPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// *Find groups by name*; empty where nothing can be pushed.
    pub find: String,
    /// *Find groups by rule*; empty where nothing can be pushed.
    pub find_by_rule: String,
    /// Rules, oldest first.
    pub rules: Vec<PushRuleRow>,
    /// *Rename app groups to match group name in Okta*.
    pub rename: Option<Toggle>,
    /// Why nothing can be pushed.
    pub note: Option<Notice>,
    /// *Bulk Edit*; none where no group is pushed.
    pub bulk: Option<BulkBar>,
    /// Headings, pager.
    pub list: List,
    /// The rows.
    pub rows: Vec<PushRow>,
}

/// A group that can be pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Name.
    pub name: String,
    /// How many people it has.
    pub detail: String,
    /// Page on which it is pushed; empty where it cannot be.
    pub choose: String,
    /// Why it cannot be; empty when it can.
    pub blocked: String,
}

/// *Find groups by name*.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/find_groups.html")]
pub struct FindGroupsPage {
    /// The frame.
    pub page: Page,
    /// Where *Done* leads.
    pub done: String,
    /// Filter, headings, pager.
    pub list: List,
    /// Groups of this page.
    pub rows: Vec<Candidate>,
}
