//! *Import*: a file is looked at first, and imported when what it would do is what was meant.

use askama::Template;

use super::super::Page;
use super::super::parts::{Fact, Field, Notice};

/// What a file would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPreview {
    /// In one sentence.
    pub summary: Notice,
    /// Created, updated, unchanged, and what is ignored.
    pub facts: Vec<Fact>,
    /// Address the form that imports it is posted to.
    pub action: String,
    /// Where the file is kept meanwhile; empty when there is nothing to import.
    pub token: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/import.html")]
pub struct ImportPage {
    /// The frame.
    pub page: Page,
    /// What a file would do, after one was looked at.
    pub preview: Option<ImportPreview>,
    /// Users or groups.
    pub kind: Field,
    /// What is wrong with the file, with its place.
    pub file_error: String,
    /// Address the file is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
impl ImportPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::{Choice, Tone};
        use super::super::samples::viewer;
        let empty = Self {
            page: Page::new(super::super::Room::EntraUsers, "Import", &viewer())
                .under("Users", "/entra/users"),
            preview: None,
            kind: Field::new("kind", "What is in the file?").choices(vec![
                Choice::new("User", "Users"),
                Choice::new("Group", "Groups"),
            ]),
            file_error: "Line 3, column 2: userPrincipalName must contain @.".to_owned(),
            action: "/entra/import".to_owned(),
            cancel: "/entra/users".to_owned(),
        };
        let preview = Self {
            file_error: String::new(),
            preview: Some(ImportPreview {
                summary: Notice::new(
                    Tone::Info,
                    "3 users would be created.",
                    "Nothing is done yet.",
                ),
                facts: vec![Fact::text("To be created", "3")],
                action: "/entra/import/confirm".to_owned(),
                token: "abc".to_owned(),
            }),
            ..empty.clone()
        };
        vec![("wrong", empty), ("preview", preview)]
    }
}
