//! *Sessions*: who is signed in to the console, from where, since when.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::Moment;

/// A row of the list, most recently seen first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub email: String,
    /// Network address.
    pub address: String,
    /// What the browser calls itself.
    pub client: String,
    /// When it began.
    pub started: Moment,
    /// When it was last used.
    pub seen: Moment,
    /// When it ends at the latest.
    pub ends: Moment,
    /// Whether it is the one that asks.
    pub own: bool,
    /// Address a form is posted to, to end it; empty for the one that asks, which ends by signing out.
    pub end: String,
    /// Address a form is posted to, to end all of this person's but the one that asks; empty when there is no other.
    pub end_all: String,
}

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "settings/sessions.html")]
pub struct SessionsPage {
    /// The frame.
    pub page: Page,
    /// How long sessions last.
    pub lead: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<SessionRow>,
}

#[cfg(test)]
impl SessionsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{PEOPLE, long_name, moment, viewer};
        let url = ListUrl::new("/settings/sessions").with("q", "ada");
        let row = |(name, email): (&str, &str), own: bool| SessionRow {
            name: name.to_owned(),
            email: email.to_owned(),
            address: "2001:db8:85a3:8d3:1319:8a2e:370:7348".to_owned(),
            client: long_name(),
            started: moment("2 h ago"),
            seen: moment("just now"),
            ends: moment("in 10 h"),
            own,
            end: if own {
                String::new()
            } else {
                "/settings/sessions/00/end".to_owned()
            },
            end_all: if own {
                String::new()
            } else {
                "/settings/sessions/of/1/end".to_owned()
            },
        };
        let long = long_name();
        let mut rows: Vec<SessionRow> = PEOPLE.iter().map(|person| row(*person, false)).collect();
        rows.push(row((&long, &long), true));
        vec![(
            "many",
            Self {
                page: Page::new(super::super::Room::Sessions, "Sessions", &viewer()),
                lead: "A session ends after 30 minutes of rest.".to_owned(),
                list: List {
                    caption: "Sessions".to_owned(),
                    filter: Some(Filter::new(&url, "Search by person, address or browser")),
                    columns: vec![Column::new("Person"), Column::new("Browser")],
                    pager: Pager::new(7, 1, 25, ("session", "sessions"), &url),
                    empty: Empty::no_match(&url),
                },
                rows,
            },
        )]
    }
}
