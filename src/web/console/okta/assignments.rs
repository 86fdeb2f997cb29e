//! *Assignments* of an app.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Link, Notice, Pill, Tab};

/// A person or a group that is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// The name, linked.
    pub name: Link,
    /// What the app knows the person by, or how many people a group has.
    pub detail: String,
    /// *Individual* or *Group*; the priority of a group.
    pub kind: String,
    /// How far the account is; none of a group.
    pub status: Option<Pill>,
    /// Why it failed last; empty when it did not.
    pub error: String,
    /// Address of the form with its values.
    pub edit: String,
    /// POST: *Provision User*; empty where that does nothing.
    pub provision: String,
    /// POST: ends the assignment; empty where a group assigns.
    pub remove: String,
    /// What that means, asked before.
    pub asks: String,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/assignments.html")]
pub struct AssignmentsPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// *People*, *Groups*.
    pub views: Vec<Tab>,
    /// *Assign to People*.
    pub assign_people: String,
    /// *Assign to Groups*.
    pub assign_groups: String,
    /// POST: *Provision User* for everybody who waits; empty while nobody does.
    pub provision: String,
    /// Said while nobody is provisioned.
    pub note: Option<Notice>,
    /// Headings, pager.
    pub list: List,
    /// The rows.
    pub rows: Vec<AssignmentRow>,
}
