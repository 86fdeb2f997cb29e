//! App roles of an application: the list, and the roles of one assignment.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Notice, Pill, Tab};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRoleRow {
    /// Display name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What the application is told; may be empty.
    pub value: String,
    /// *Enabled* or *Disabled*.
    pub status: Pill,
    /// Form that changes it.
    pub edit: String,
    /// POST: takes it away; empty while it is enabled.
    pub remove: String,
}

/// The *App roles* tab.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/app_roles.html")]
pub struct AppRolesPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Form that adds a role.
    pub create: String,
    /// Headings.
    pub list: List,
    /// The roles.
    pub rows: Vec<AppRoleRow>,
}

/// A role that can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRoleChoice {
    /// Its id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// What it is for; may be empty.
    pub purpose: String,
    /// Whether the principal has it.
    pub checked: bool,
    /// Whether it can be neither given nor taken: disabled, and not held.
    pub blocked: bool,
}

/// The roles with which somebody is assigned.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/assignment.html")]
pub struct AssignmentPage {
    /// The frame.
    pub page: Page,
    /// What is wrong, if anything was.
    pub error: Option<Notice>,
    /// The roles, in the order of the application.
    pub roles: Vec<AppRoleChoice>,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
impl AppRolesPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::parts::{Link, Tone};
        use super::super::samples::{application, long_name, viewer};
        use super::applications::{ApplicationTab, tabs};
        let base = "/entra/applications/1";
        let row = |name: &str, enabled: bool| AppRoleRow {
            name: name.to_owned(),
            description: "May do everything".to_owned(),
            value: "admin".to_owned(),
            status: if enabled {
                Pill::new(Tone::Good, "Enabled")
            } else {
                Pill::new(Tone::Quiet, "Disabled")
            },
            edit: format!("{base}/app-roles/1/edit"),
            remove: if enabled {
                String::new()
            } else {
                format!("{base}/app-roles/1/remove")
            },
        };
        let many = Self {
            page: Page::new(super::super::Room::Applications, application(), &viewer())
                .under("Enterprise applications", "/entra/applications"),
            tabs: tabs(
                base,
                crate::model::Direction::Outbound,
                ApplicationTab::AppRoles,
            ),
            create: format!("{base}/app-roles/new"),
            list: List {
                caption: "App roles".to_owned(),
                filter: None,
                columns: vec![
                    Column::new("Display name"),
                    Column::wide("Value"),
                    Column::new("State"),
                    Column::new(""),
                ],
                pager: Pager::new(2, 1, 200, ("role", "roles"), &ListUrl::new(base)),
                empty: Empty::new("No app roles", "Add one.", Link::plain("")),
            },
            rows: vec![row("Administrator", true), row(&long_name(), false)],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

#[cfg(test)]
impl AssignmentPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::{long_name, viewer};
        let role = |id: &str, name: String, blocked| AppRoleChoice {
            id: id.to_owned(),
            name,
            purpose: "May do everything".to_owned(),
            checked: id == "a",
            blocked,
        };
        vec![(
            "many",
            Self {
                page: Page::new(
                    super::super::Room::Applications,
                    "Roles of Ada Lovelace",
                    &viewer(),
                )
                .under("Enterprise applications", "/entra/applications"),
                error: None,
                roles: vec![
                    role("a", "Administrator".to_owned(), false),
                    role("b", long_name(), true),
                ],
                action: "/entra/applications/1/users-and-groups/1/roles".to_owned(),
                cancel: "/entra/applications/1/users-and-groups".to_owned(),
            },
        )]
    }
}
