//! *Teams*: every team of the appliance with its numbers, and which one the console shows.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Moment, Pill};

/// A row of the list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// The team's name.
    pub name: String,
    /// Whether the pages of the team show this one.
    pub open: bool,
    /// *SCIM on* or *SCIM off*.
    pub scim: Pill,
    /// Profile of its SCIM endpoint, and how many switches are turned away from it.
    pub profile: String,
    /// Number of members, formatted.
    pub members: String,
    /// Number of groups, formatted.
    pub groups: String,
    /// Number of keys that work, formatted.
    pub keys: String,
    /// When it was made.
    pub created: Moment,
    /// Address a form is posted to, to make it the open team.
    pub open_at: String,
    /// Address of the form that renames it.
    pub rename: String,
}

/// The list of teams.
#[derive(Debug, Clone, Template)]
#[template(path = "settings/teams.html")]
pub struct TeamsPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that creates a team.
    pub create: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<TeamRow>,
}

#[cfg(test)]
impl TeamsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::parts::{Link, Tone};
        use super::super::samples::{long_name, moment, viewer};
        let url = ListUrl::new("/settings/teams");
        let team = |name: &str, open: bool| TeamRow {
            name: name.to_owned(),
            open,
            scim: if open {
                Pill::new(Tone::Good, "SCIM on")
            } else {
                Pill::new(Tone::Quiet, "SCIM off")
            },
            profile: "postman".to_owned(),
            members: "1,204".to_owned(),
            groups: "12".to_owned(),
            keys: "2".to_owned(),
            created: moment("2 h ago"),
            open_at: "/settings/teams/1/open".to_owned(),
            rename: "/settings/teams/1/rename".to_owned(),
        };
        let mut viewer = viewer();
        viewer.others = vec![
            Link::new("Contoso", "/settings/teams/2/open"),
            Link::new(long_name(), "/settings/teams/3/open"),
        ];
        vec![(
            "many",
            Self {
                page: Page::new(super::super::Room::Teams, "Teams", &viewer),
                create: "/settings/teams/new".to_owned(),
                list: List {
                    caption: "Teams".to_owned(),
                    filter: Some(Filter::new(&url, "Search by name")),
                    columns: vec![Column::new("Name"), Column::new("SCIM provisioning")],
                    pager: Pager::new(3, 1, 25, ("team", "teams"), &url),
                    empty: Empty::no_match(&url),
                },
                rows: vec![
                    team("Acme", true),
                    team("Contoso", false),
                    team(&long_name(), false),
                ],
            },
        )]
    }
}
