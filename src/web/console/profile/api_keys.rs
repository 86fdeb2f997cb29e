//! *API keys*: the personal keys of whoever is signed in.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Moment, Pill};

/// A row of the list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// The key's name.
    pub name: String,
    /// Last four characters; empty for short ones.
    pub ending: String,
    /// Name of the team that it reads.
    pub team: String,
    /// *Active*, *Expired* or *Revoked*.
    pub status: Pill,
    /// When it ends, or ended.
    pub expires: Option<Moment>,
    /// When it was made.
    pub created: Moment,
    /// Address of the page that revokes it; empty when that is done.
    pub revoke: String,
}

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/api_keys.html")]
pub struct ApiKeysPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that makes one.
    pub create: String,
    /// Where the API is.
    pub base_url: String,
    /// Headings and count.
    pub list: List,
    /// The rows.
    pub rows: Vec<ApiKeyRow>,
}

/// The one page that shows a key's value.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/api_key.html")]
pub struct ApiKeyPage {
    /// The frame.
    pub page: Page,
    /// The key's name.
    pub name: String,
    /// The value, shown this once. Sent with `Cache-Control: no-store`.
    pub value: String,
    /// A command that tries it, with the key as a variable.
    pub example: String,
    /// Where *Done* leads.
    pub done: String,
}

#[cfg(test)]
impl ApiKeysPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::parts::{Link, Tone};
        use super::super::samples::{long_name, moment, viewer};
        let url = ListUrl::new("/profile/api-keys");
        let row = |name: String, tone: Tone, word: &str, revoke: &str| ApiKeyRow {
            name,
            ending: "9f3c".to_owned(),
            team: long_name(),
            status: Pill::new(tone, word),
            expires: Some(moment("in 12 days")),
            created: moment("2 h ago"),
            revoke: revoke.to_owned(),
        };
        let page = |rows: Vec<ApiKeyRow>| Self {
            page: Page::new(super::super::Room::Audit, "API keys", &viewer()),
            create: "/profile/api-keys/new".to_owned(),
            base_url: "http://127.0.0.1:7644".to_owned(),
            list: List {
                caption: "API keys".to_owned(),
                filter: None,
                columns: vec![Column::new("Name"), Column::new("Status")],
                pager: Pager::new(rows.len() as u64, 1, 50, ("key", "keys"), &url),
                empty: Empty::new("No API keys", "Make one.", Link::plain("")),
            },
            rows,
        };
        let revoke = "/profile/api-keys/1/revoke";
        vec![
            ("none", page(Vec::new())),
            (
                "many",
                page(vec![
                    row("Reader".to_owned(), Tone::Good, "Active", revoke),
                    row(long_name(), Tone::Quiet, "Revoked", ""),
                ]),
            ),
        ]
    }
}

#[cfg(test)]
impl ApiKeyPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::{long_name, viewer};
        vec![(
            "made",
            Self {
                page: Page::new(super::super::Room::Audit, "API key created", &viewer()),
                name: long_name(),
                value: "x".repeat(76),
                example: "curl -H \"x-api-key: $API_KEY\" http://127.0.0.1:7644/audit/logs"
                    .to_owned(),
                done: "/profile/api-keys".to_owned(),
            },
        )]
    }
}
