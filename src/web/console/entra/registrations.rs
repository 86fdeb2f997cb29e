//! *App registrations*: clients of the Graph API, their secrets, their permissions, and what they own.
//!
//! Labels are the portal's: *Application (client) ID*, *Directory (tenant) ID*, *Certificates & secrets*, *API
//! permissions*, *Owned applications*.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Choice, Fact, Link, Moment, Pill, Tab};

/// A tab of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationTab {
    /// *Overview*.
    Overview,
    /// *Certificates & secrets*.
    Secrets,
    /// *API permissions*.
    Permissions,
    /// *Owned applications*.
    Owned,
}

/// The tabs of the registration at `base` (`/entra/app-registrations/{id}`) with `current` open.
pub fn tabs(base: &str, current: RegistrationTab) -> Vec<Tab> {
    [
        (RegistrationTab::Overview, "Overview", ""),
        (
            RegistrationTab::Secrets,
            "Certificates & secrets",
            "/secrets",
        ),
        (
            RegistrationTab::Permissions,
            "API permissions",
            "/permissions",
        ),
        (RegistrationTab::Owned, "Owned applications", "/owned"),
    ]
    .into_iter()
    .map(|(tab, label, path)| Tab {
        link: Link::new(label, format!("{base}{path}")),
        current: tab == current,
    })
    .collect()
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationRow {
    /// Display name, linked to the registration.
    pub name: Link,
    /// *Application (client) ID*.
    pub client_id: String,
    /// When it was made.
    pub created: Moment,
    /// Whether a secret opens it: *Current*, *Expired*, *None*.
    pub secrets: Pill,
}

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/registrations/list.html")]
pub struct RegistrationsPage {
    /// The frame.
    pub page: Page,
    /// *New registration*.
    pub create: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows.
    pub rows: Vec<RegistrationRow>,
}

/// A value to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Id of its field.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The value.
    pub value: String,
}

/// *Overview*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/registrations/overview.html")]
pub struct RegistrationPage {
    /// The frame; its title is the display name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Form that renames it.
    pub rename: String,
    /// Confirmation page: deletes it.
    pub delete: String,
    /// Client id, tenant id, object id.
    pub ids: Vec<Copied>,
    /// The two token endpoints, and where the Graph API is.
    pub endpoints: Vec<Copied>,
    /// Secrets, permissions, owned applications, in few words.
    pub facts: Vec<Fact>,
}

/// A client secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRow {
    /// *Description*.
    pub description: String,
    /// Last characters of its value; empty for short ones.
    pub hint: String,
    /// *Secret ID*.
    pub id: String,
    /// *Current* or *Expired*.
    pub status: Pill,
    /// *Expires*.
    pub expires: Moment,
    /// POST: deletes it.
    pub delete: String,
}

/// *Certificates & secrets*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/registrations/secrets.html")]
pub struct SecretsPage {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// *New client secret*.
    pub create: String,
    /// Headings, count.
    pub list: List,
    /// The secrets, oldest first.
    pub rows: Vec<SecretRow>,
}

/// The one page that shows a secret's value.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/registrations/secret.html")]
pub struct SecretPage {
    /// The frame.
    pub page: Page,
    /// *Description*.
    pub description: String,
    /// *Value*, shown this once. Sent with `Cache-Control: no-store`.
    pub value: String,
    /// *Application (client) ID*.
    pub client_id: String,
    /// Where a token is had for it.
    pub token_endpoint: String,
    /// POST: the Postman environment with the value filled in.
    pub environment: String,
    /// Inbound applications that the environment can be for, by object id.
    pub applications: Vec<Choice>,
    /// Where *Done* leads.
    pub done: String,
}

/// A permission with its box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRow {
    /// `Synchronization.Read.All`.
    pub name: &'static str,
    /// What it allows.
    pub description: &'static str,
    /// Whether the client has it.
    pub on: bool,
}

/// *API permissions*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/registrations/permissions.html")]
pub struct PermissionsPage {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// POST: sets them all.
    pub action: String,
    /// What somebody has seen of the registration.
    pub revision: String,
    /// Every permission.
    pub rows: Vec<PermissionRow>,
}

/// An application with whether the registration owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedRow {
    /// Name, linked to the application.
    pub name: Link,
    /// *Owner* or nothing.
    pub owner: bool,
    /// POST: makes it an owner, or takes that away.
    pub action: String,
}

/// *Owned applications*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/registrations/owned.html")]
pub struct OwnedPage {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Filter, headings, pager.
    pub list: List,
    /// The applications.
    pub rows: Vec<OwnedRow>,
}
