//! What the address of a list asks for: text, page, order and the chosen states.

use serde::Deserialize;

use super::super::console::list::{Empty, ListUrl};
use super::super::console::parts::Link;
use crate::provider::browse::Part;

/// Rows a page.
pub(super) const PAGE: u64 = 25;
/// Members of a group a page.
pub(super) const MEMBERS_PAGE: u64 = 50;
/// Longest text that is searched for, in characters.
pub(super) const TEXT: usize = 200;

/// The query of a list. Unknown parts are ignored and bad values count as absent: an address that somebody
/// shortened by hand still shows the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    q: String,
    page: String,
    sort: String,
    /// Chosen in a drop-down.
    pub(super) status: String,
    /// Chosen in a drop-down.
    pub(super) state: String,
    /// Chosen in a drop-down.
    pub(super) action: String,
}

impl Ask {
    /// The text searched for.
    pub(super) fn text(&self) -> String {
        self.q.trim().chars().take(TEXT).collect()
    }

    /// The page, from 1.
    pub(super) fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    /// The rows of the page asked for, newest first unless the order was turned round.
    pub(super) fn part(&self, size: u64) -> Part {
        Part {
            newest_first: self.sort != "created",
            ..self.part_in_order(size)
        }
    }

    /// The rows of the page asked for, in creation order.
    pub(super) fn part_in_order(&self, size: u64) -> Part {
        Part {
            skip: (self.page() - 1).saturating_mul(size),
            limit: usize::try_from(size).unwrap_or(usize::MAX),
            newest_first: false,
        }
    }

    /// Whether anything narrows the list.
    pub(super) fn narrows(&self) -> bool {
        [&self.q, &self.status, &self.state, &self.action]
            .iter()
            .any(|part| !part.trim().is_empty())
    }

    /// What the list at `url` says when this page of it has no rows: there is no such page, nothing matches, or
    /// there is nothing yet.
    pub(super) fn empty(&self, total: u64, url: &ListUrl, nothing_yet: Empty) -> Empty {
        if total > 0 {
            Empty::new(
                "There is no such page",
                "The list has become shorter, or the address was changed.",
                Link::new("First page", url.to_string()),
            )
        } else if self.narrows() {
            Empty::no_match(url)
        } else {
            nothing_yet
        }
    }

    /// The address of the list at `path` that asks the same.
    pub(super) fn url(&self, path: impl Into<String>) -> ListUrl {
        ListUrl::new(path)
            .with("q", &self.text())
            .with("status", &self.status)
            .with("state", &self.state)
            .with("action", &self.action)
            .with(
                "sort",
                if self.sort == "created" {
                    "created"
                } else {
                    ""
                },
            )
    }
}
