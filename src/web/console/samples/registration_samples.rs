//! Samples of the pages of app registrations.

use super::super::entra::registrations::{
    Copied, OwnedPage, OwnedRow, PermissionRow, PermissionsPage, RegistrationPage, RegistrationRow,
    RegistrationTab, RegistrationsPage, SecretPage, SecretRow, SecretsPage, tabs,
};
use super::super::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::parts::{Choice, Fact, Link, Pill, Tone};
use super::super::{Page, Room};
use super::{long_name, moment, viewer};
use crate::model::GraphPermission;

const HERE: &str = "/entra/app-registrations";
const BASE: &str = "/entra/app-registrations/5c10ab00-0000-4000-8000-000000007644";
const ID: &str = "5c10ab00-0000-4000-8000-000000007644";

fn page(title: &str) -> Page {
    Page::new(Room::AppRegistrations, title, &viewer()).under("App registrations", HERE)
}

fn list(caption: &str, columns: &[&'static str], total: u64) -> List {
    let url = ListUrl::new(HERE);
    List {
        caption: caption.to_owned(),
        filter: Some(Filter::new(&url, "Search by name")),
        columns: columns.iter().copied().map(Column::new).collect(),
        pager: Pager::new(total, 1, 25, ("row", "rows"), &url),
        empty: Empty::new("Nothing yet", "Make one.", Link::new("New", HERE)),
    }
}

impl RegistrationsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, tone, word: &str| RegistrationRow {
            name: Link::new(name, BASE),
            client_id: ID.to_owned(),
            created: moment("2 h ago"),
            secrets: Pill::new(tone, word),
        };
        let columns = [
            "Display name",
            "Application (client) ID",
            "Created",
            "Client secrets",
        ];
        let many = Self {
            page: Page::new(Room::AppRegistrations, "App registrations", &viewer()),
            create: format!("{HERE}/new"),
            list: list("App registrations", &columns, 3),
            rows: vec![
                row("HR connector", Tone::Good, "Current"),
                row(&long_name(), Tone::Warn, "Expired"),
                row("\u{645}\u{62d}\u{645}\u{62f}", Tone::Quiet, "None"),
            ],
        };
        let empty = Self {
            list: list("App registrations", &columns, 0),
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl RegistrationPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let copied = |id, label, value: &str| Copied {
            id,
            label,
            value: value.to_owned(),
        };
        vec![(
            "long",
            Self {
                page: page(&long_name()),
                tabs: tabs(BASE, RegistrationTab::Overview),
                rename: format!("{BASE}/rename"),
                delete: format!("{BASE}/delete"),
                ids: vec![
                    copied("client-id", "Application (client) ID", ID),
                    copied("tenant-id", "Directory (tenant) ID", ID),
                ],
                endpoints: vec![copied(
                    "token-v2",
                    "OAuth 2.0 token endpoint (v2)",
                    "http://127.0.0.1:7644/login/7928d5b5-7442-4a97-ae2d-66f9b9972ec0/oauth2/v2.0/token",
                )],
                facts: vec![Fact::link(
                    "Client credentials",
                    "1 secret",
                    format!("{BASE}/secrets"),
                )],
            },
        )]
    }
}

impl SecretsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |description: &str, hint: &str, tone, word: &str| SecretRow {
            description: description.to_owned(),
            hint: hint.to_owned(),
            id: ID.to_owned(),
            status: Pill::new(tone, word),
            expires: moment("in 6 months"),
            delete: format!("{BASE}/secrets/{ID}/delete"),
        };
        let columns = ["Description", "Status", "Expires", "Secret ID", ""];
        let some = Self {
            page: page("HR connector"),
            tabs: tabs(BASE, RegistrationTab::Secrets),
            create: format!("{BASE}/secrets/new"),
            list: list("Client secrets", &columns, 2),
            rows: vec![
                row("Postman", "09af", Tone::Good, "Current"),
                row(&long_name(), "", Tone::Warn, "Expired"),
            ],
        };
        let none = Self {
            list: list("Client secrets", &columns, 0),
            rows: Vec::new(),
            ..some.clone()
        };
        vec![("some", some), ("none", none)]
    }
}

impl SecretPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let one = Self {
            page: page("Client secret added"),
            description: long_name(),
            value: "x".repeat(79),
            client_id: ID.to_owned(),
            token_endpoint: "http://127.0.0.1:7644/login/x/oauth2/v2.0/token".to_owned(),
            environment: format!("{BASE}/environment"),
            applications: vec![Choice::new("1", "API-driven provisioning")],
            done: format!("{BASE}/secrets"),
        };
        let alone = Self {
            applications: Vec::new(),
            ..one.clone()
        };
        vec![("once", one), ("without-application", alone)]
    }
}

impl PermissionsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |permission: &GraphPermission| PermissionRow {
            name: permission.name(),
            description: permission.description(),
            on: *permission == GraphPermission::SynchronizationDataUserUpload,
        };
        vec![(
            "all",
            Self {
                page: page("HR connector"),
                tabs: tabs(BASE, RegistrationTab::Permissions),
                action: format!("{BASE}/permissions"),
                revision: "0".to_owned(),
                rows: GraphPermission::ALL.iter().map(row).collect(),
            },
        )]
    }
}

impl OwnedPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, owner| OwnedRow {
            name: Link::new(name, "/entra/applications/1"),
            owner,
            action: format!("{BASE}/owned/1"),
        };
        vec![(
            "some",
            Self {
                page: page("HR connector"),
                tabs: tabs(BASE, RegistrationTab::Owned),
                list: list("Enterprise applications", &["Application", "Owner", ""], 2),
                rows: vec![row("Postman", false), row(&long_name(), true)],
            },
        )]
    }
}
