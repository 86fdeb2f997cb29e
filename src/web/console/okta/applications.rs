//! *Applications > Applications*: the list, and the *General* tab of one app.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Field, Link, Notice, Pill, Tab};

/// A tab of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppTab {
    /// *General*.
    General,
    /// *Sign On*.
    SignOn,
    /// *Provisioning*.
    Provisioning,
    /// *Assignments*.
    Assignments,
    /// *Import*.
    Import,
    /// *Push Groups*.
    PushGroups,
}

/// The tabs of the app at `base`; *Import* and *Push Groups* are only there where the template has them.
pub fn tabs(base: &str, current: AppTab, (imports, group_push): (bool, bool)) -> Vec<Tab> {
    [
        (AppTab::General, "General", ""),
        (AppTab::SignOn, "Sign On", "/sign-on"),
        (AppTab::Provisioning, "Provisioning", "/provisioning"),
        (AppTab::Assignments, "Assignments", "/assignments"),
        (AppTab::Import, "Import", "/import"),
        (AppTab::PushGroups, "Push Groups", "/push-groups"),
    ]
    .into_iter()
    .filter(|(tab, ..)| match tab {
        AppTab::Import => imports,
        AppTab::PushGroups => group_push,
        _ => true,
    })
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
    /// Address of the form that gives it another label.
    pub rename: String,
    /// *Deactivate*, *Activate*.
    pub transitions: Vec<super::people::Transition>,
    /// Address of the page that deletes it; empty while it is active.
    pub delete: String,
}

/// The *Sign On* tab.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/sign_on.html")]
pub struct SignOnPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// *Application username format* and *Update application username on*.
    pub fields: Vec<Field>,
    /// What the form knew of the app.
    pub revision: String,
    /// POST.
    pub action: String,
}
