//! The recycle bin of the mock directory: deleted users and groups with the days they have left.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Link, Moment};

/// An object in the bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedRow {
    /// Name, linked to the object.
    pub name: Link,
    /// User principal name, or the number of members.
    pub detail: String,
    /// `User` or `Group`.
    pub kind: &'static str,
    /// When it was deleted.
    pub deleted: Moment,
    /// Days until it is purged, as a sentence.
    pub left: String,
    /// POST: takes it out of the bin.
    pub restore: String,
    /// Confirmation page: deletes for good.
    pub purge: String,
}

/// The recycle bin.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/deleted.html")]
pub struct DeletedPage {
    /// The frame.
    pub page: Page,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<DeletedRow>,
}

#[cfg(test)]
impl DeletedPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{long_name, moment, viewer};
        let url = ListUrl::new("/entra/deleted");
        let row = |name: &str, kind| DeletedRow {
            name: Link::new(name, "/entra/users/1"),
            detail: "ada@contoso.example".to_owned(),
            kind,
            deleted: moment("3 days ago"),
            left: "27 days left".to_owned(),
            restore: "/entra/users/1/restore".to_owned(),
            purge: "/entra/users/1/delete-permanently".to_owned(),
        };
        let many = Self {
            page: Page::new(super::super::Room::EntraUsers, "Recycle bin", &viewer())
                .under("Users", "/entra/users"),
            list: List {
                caption: "Deleted users and groups".to_owned(),
                filter: Some(Filter::new(&url, "Search by name")),
                columns: vec![
                    Column::new("Name"),
                    Column::wide("Type"),
                    Column::wide("Deleted"),
                    Column::new("Permanent deletion"),
                    Column::new(""),
                ],
                pager: Pager::new(2, 1, 25, ("object", "objects"), &url),
                empty: Empty::new(
                    "The recycle bin is empty",
                    "Nothing to do.",
                    Link::plain(""),
                ),
            },
            rows: vec![row("Ada Lovelace", "User"), row(&long_name(), "Group")],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}
