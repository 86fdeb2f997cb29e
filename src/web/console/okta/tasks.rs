//! *Dashboard > Tasks*: what failed and waits for somebody.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Link, Moment};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Id of the task, the value that is sent.
    pub id: String,
    /// The person or the group, linked where there is a page.
    pub subject: Link,
    /// The app, linked.
    pub app: Link,
    /// *Application account needs provisioning* and so on.
    pub kind: &'static str,
    /// What happened, in Okta's words.
    pub text: String,
    /// When.
    pub at: Moment,
}

/// The list of tasks.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/tasks.html")]
pub struct TasksPage {
    /// The frame.
    pub page: Page,
    /// POST: *Retry Selected*; empty where nothing is retried.
    pub retry: String,
    /// POST: *Dismiss*; empty where nothing is dismissed.
    pub dismiss: String,
    /// Headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<TaskRow>,
}
