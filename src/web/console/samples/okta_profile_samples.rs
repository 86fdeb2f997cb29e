//! Samples of the Profile Editor of the mock Okta.

use super::super::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::okta::profile_editor::{AttributeRow, ProfilePage, ProfileRow, ProfilesPage};
use super::super::parts::Link;
use super::super::{Page, Room};
use super::{long_name, viewer};

fn list(columns: Vec<Column>, filtered: bool) -> List {
    let url = ListUrl::new("/okta/profile-editor").with("q", "a");
    List {
        caption: "Attributes".to_owned(),
        filter: filtered.then(|| Filter::new(&url, "Search by name")),
        columns,
        pager: Pager::new(250, 1, 25, ("attribute", "attributes"), &url),
        empty: Empty::new("No attributes", "Add one.", Link::plain("")),
    }
}

fn mappings() -> Link {
    Link::new("Mappings", "/okta/applications/1/provisioning")
}

impl ProfilesPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: String, kind, mappings| ProfileRow {
            name: Link::new(name, "/okta/profile-editor/user"),
            kind,
            attributes: "32 attributes, 1 of them custom".to_owned(),
            mappings,
        };
        let columns = vec![Column::new("Profile"), Column::new("Type"), Column::new("")];
        vec![(
            "many",
            Self {
                page: Page::new(Room::OktaProfileEditor, "Profile Editor", &viewer()),
                list: list(columns, false),
                rows: vec![
                    row("User (default)".to_owned(), "Okta", None),
                    row(long_name(), "App", Some(mappings())),
                ],
            },
        )]
    }
}

impl ProfilePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |title: String, custom: bool| AttributeRow {
            name: title.replace(' ', "_"),
            title,
            kind: "string, one of 3, 1 to 50 characters".to_owned(),
            external: if custom {
                "emails.^[primary==true].value".to_owned()
            } else {
                String::new()
            },
            origin: if custom { "Custom" } else { "Base" },
            required: custom,
            edit: "/okta/profile-editor/user/attributes/x/edit".to_owned(),
            delete: if custom {
                "/okta/profile-editor/user/attributes/x/delete".to_owned()
            } else {
                String::new()
            },
        };
        let columns = |of_app: bool| {
            let mut columns = vec![Column::new("Attribute"), Column::new("Data type")];
            if of_app {
                columns.push(Column::wide("External name"));
            }
            columns.extend([Column::wide("Attribute type"), Column::new("")]);
            columns
        };
        let app = Self {
            page: Page::new(Room::OktaProfileEditor, "Postman User", &viewer())
                .under("Profile Editor", "/okta/profile-editor"),
            kind: "App",
            add: "/okta/applications/1/profile/new".to_owned(),
            mappings: Some(mappings()),
            of_app: true,
            list: list(columns(true), true),
            rows: vec![row("Shoe size".to_owned(), false), row(long_name(), true)],
        };
        let user = Self {
            page: Page::new(Room::OktaProfileEditor, "User (default)", &viewer()),
            kind: "Okta",
            mappings: None,
            of_app: false,
            list: list(columns(false), true),
            ..app.clone()
        };
        let none = Self {
            rows: Vec::new(),
            ..user.clone()
        };
        vec![("app", app), ("user", user), ("none", none)]
    }
}
