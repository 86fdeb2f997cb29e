//! *Applications > Applications*: the list, and the *General* tab of one app.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link, Pill, Tab};

/// A tab of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppTab {
    /// *General*.
    General,
}

/// The tabs of the app at `base`.
pub fn tabs(base: &str, current: AppTab) -> Vec<Tab> {
    [(AppTab::General, "General", "")]
        .into_iter()
        .map(|(tab, label, path)| Tab {
            link: Link::new(label, format!("{base}{path}")),
            current: tab == current,
        })
        .collect()
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Label, linked to the app.
    pub label: Link,
    /// Whose verbs it uses, in words.
    pub kind: String,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// *Enabled* or *Not configured*: the API integration.
    pub provisioning: Pill,
    /// Base URL; may be empty.
    pub base_url: String,
}

/// The list of apps.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/applications.html")]
pub struct ApplicationsPage {
    /// The frame.
    pub page: Page,
    /// *Browse App Catalog*; empty where nobody can add one.
    pub create: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<ApplicationRow>,
}

/// The *General* tab.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/application.html")]
pub struct ApplicationPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Label, name, id, flavour.
    pub facts: Vec<Fact>,
    /// What to do next, in order, with how far it is.
    pub steps: Vec<(Link, String)>,
    /// POST or page by label: *Deactivate*, *Activate*, *Delete*.
    pub transitions: Vec<super::people::Transition>,
    /// Address of the page that deletes it; empty while it is active.
    pub delete: String,
}
