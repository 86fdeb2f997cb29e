//! Enterprise applications: the list, and the application's *Overview* tab.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link, Pill, Tab};
use crate::model::Direction;

/// A tab of the application page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationTab {
    /// *Overview*.
    Overview,
    /// *Provisioning*.
    Provisioning,
    /// *Mappings* of the provisioning.
    Mappings,
    /// *Uploads* of an inbound job.
    Uploads,
    /// *Provision on demand*.
    OnDemand,
    /// *Users and groups*.
    UsersAndGroups,
    /// *App roles*.
    AppRoles,
    /// *Provisioning logs*.
    ProvisioningLogs,
    /// *Drift report*, which is ours.
    Drift,
}

/// The tabs of the application at `base` (`/entra/applications/{id}`) with `current` open. What only a job of the other
/// direction has, there is no tab for.
pub fn tabs(base: &str, direction: Direction, current: ApplicationTab) -> Vec<Tab> {
    use ApplicationTab as Of;
    let goes_out = |tab: ApplicationTab| {
        matches!(
            tab,
            Of::OnDemand | Of::UsersAndGroups | Of::AppRoles | Of::Drift
        )
    };
    [
        (ApplicationTab::Overview, "Overview", ""),
        (
            ApplicationTab::Provisioning,
            "Provisioning",
            "/provisioning",
        ),
        (
            ApplicationTab::Mappings,
            "Mappings",
            "/provisioning/mappings",
        ),
        (ApplicationTab::Uploads, "Uploads", "/uploads"),
        (
            ApplicationTab::OnDemand,
            "Provision on demand",
            "/provisioning/on-demand",
        ),
        (
            ApplicationTab::UsersAndGroups,
            "Users and groups",
            "/users-and-groups",
        ),
        (ApplicationTab::AppRoles, "App roles", "/app-roles"),
        (
            ApplicationTab::ProvisioningLogs,
            "Provisioning logs",
            "/provisioning-logs",
        ),
        (ApplicationTab::Drift, "Drift report", "/provisioning/drift"),
    ]
    .into_iter()
    .filter(|(tab, ..)| match direction {
        Direction::Outbound => *tab != Of::Uploads,
        Direction::Inbound => !goes_out(*tab),
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
    /// Name, linked to the application.
    pub name: Link,
    /// Provisioning: *On*, *Off*, *Not configured*, *Quarantined*.
    pub status: Pill,
    /// Base URL of the target; empty before it is configured.
    pub target: String,
    /// Number of assignments, formatted.
    pub assigned: String,
}

/// The list of enterprise applications.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/applications.html")]
pub struct ApplicationsPage {
    /// The frame.
    pub page: Page,
    /// *New application*.
    pub create: String,
    /// Headings and pager.
    pub list: List,
    /// The applications.
    pub rows: Vec<ApplicationRow>,
}

/// The application's *Overview* tab.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/application.html")]
pub struct ApplicationPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Provisioning: *On*, *Off*, *Not configured*, *Quarantined*.
    pub status: Pill,
    /// Form that renames it.
    pub rename: String,
    /// Confirmation page: deletes it.
    pub delete: String,
    /// Name, application id, object id.
    pub properties: Vec<Fact>,
    /// Tenant id, to copy.
    pub tenant_id: String,
    /// What to do, each linked to its tab, with one sentence that says how far it is.
    pub steps: Vec<(Link, String)>,
}

#[cfg(test)]
impl ApplicationsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::parts::Tone;
        use super::super::samples::viewer;
        let url = ListUrl::new("/entra/applications");
        let list = |total| List {
            caption: "Enterprise applications".to_owned(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::new("Provisioning"),
                Column::wide("Tenant URL"),
                Column::number("Assigned"),
            ],
            pager: Pager::new(total, 1, 25, ("application", "applications"), &url),
            empty: Empty::new(
                "No enterprise application",
                "Choose one of the gallery, or create your own.",
                Link::new("New application", "/entra/gallery"),
            ),
        };
        let row = ApplicationRow {
            name: Link::new("Postman", "/entra/applications/1"),
            status: Pill::new(Tone::Good, "On"),
            target: "http://127.0.0.1:7644/scim/v2/".to_owned(),
            assigned: "6".to_owned(),
        };
        let page = || {
            Page::new(
                super::super::Room::Applications,
                "Enterprise applications",
                &viewer(),
            )
        };
        vec![
            (
                "one",
                Self {
                    page: page(),
                    create: "/entra/gallery".to_owned(),
                    list: list(1),
                    rows: vec![row],
                },
            ),
            (
                "empty",
                Self {
                    page: page(),
                    create: "/entra/gallery".to_owned(),
                    list: list(0),
                    rows: Vec::new(),
                },
            ),
        ]
    }
}

#[cfg(test)]
impl ApplicationPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{application, viewer};
        let base = "/entra/applications/1";
        let step = |text: &str, path: &str, how: &str| {
            (Link::new(text, format!("{base}{path}")), how.to_owned())
        };
        vec![(
            "fresh",
            Self {
                page: Page::new(super::super::Room::Applications, application(), &viewer())
                    .under("Enterprise applications", "/entra/applications"),
                tabs: tabs(base, Direction::Outbound, ApplicationTab::Overview),
                status: Pill::new(Tone::Quiet, "Not configured"),
                rename: format!("{base}/rename"),
                delete: format!("{base}/delete"),
                tenant_id: "7928d5b5-7442-4a97-ae2d-66f9b9972ec0".to_owned(),
                properties: vec![
                    Fact::text("Name", application()),
                    Fact::code("Application id", "bcf4d658-ac9f-408d-bf04-e86dc10328fb"),
                    Fact::code("Object id", "6cc35b93-185a-4485-a519-50c09549f3ad"),
                ],
                steps: vec![
                    step(
                        "Assign users and groups",
                        "/users-and-groups",
                        "6 assigned, 398 people in scope.",
                    ),
                    step(
                        "Provision user accounts",
                        "/provisioning",
                        "Enter the Admin Credentials, then start.",
                    ),
                    step(
                        "Read the provisioning logs",
                        "/provisioning-logs",
                        "Nothing was provisioned yet.",
                    ),
                ],
            },
        )]
    }
}
