//! Groups of the team: the list, and one group with its members page by page.

use askama::Template;

use super::super::Page;
use super::super::exchange::Code;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Name, linked to the group.
    pub name: Link,
    /// Number of members, formatted.
    pub members: String,
    /// When the group was created.
    pub created: Moment,
}

/// The list of groups.
#[derive(Debug, Clone, Template)]
#[template(path = "team/groups.html")]
pub struct GroupsPage {
    /// The frame.
    pub page: Page,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<GroupRow>,
}

/// A member in a group's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// Name, linked to the member.
    pub name: Link,
    /// `userName`.
    pub user_name: String,
}

/// One group.
#[derive(Debug, Clone, Template)]
#[template(path = "team/group.html")]
pub struct GroupPage {
    /// The frame; its title is the group's name.
    pub page: Page,
    /// Id, externalId, created, version.
    pub technical: Vec<Fact>,
    /// The group as SCIM answers it with `excludedAttributes=members`.
    pub json: Code,
    /// Headings and pager of the members.
    pub list: List,
    /// Members of this page.
    pub rows: Vec<GroupMember>,
}

#[cfg(test)]
impl GroupsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{long_name, moment, viewer};
        let url = ListUrl::new("/team/groups");
        let list = |total| List {
            caption: "Groups".to_owned(),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::number("Members"),
                Column::created(&url),
            ],
            pager: Pager::new(total, 1, 25, ("group", "groups"), &url),
            empty: Empty::new(
                "No groups yet",
                "Assign a group to the enterprise application and start provisioning.",
                Link::new("Enterprise applications", "/entra/applications"),
            ),
        };
        let page = || Page::new(super::super::Room::TeamGroups, "Groups", &viewer());
        let rows = ["Engineering", "Platform", "Sales EMEA"]
            .map(str::to_owned)
            .into_iter()
            .chain([long_name()])
            .map(|name| GroupRow {
                name: Link::new(name, "/team/groups/1"),
                members: "1,204".to_owned(),
                created: moment("2 h ago"),
            })
            .collect();
        vec![
            (
                "many",
                Self {
                    page: page(),
                    list: list(4),
                    rows,
                },
            ),
            (
                "empty",
                Self {
                    page: page(),
                    list: list(0),
                    rows: Vec::new(),
                },
            ),
        ]
    }
}

#[cfg(test)]
impl GroupPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::samples::{PEOPLE, viewer};
        let url = ListUrl::new("/team/groups/1");
        let list = |total| List {
            caption: "Members of Engineering".to_owned(),
            filter: None,
            columns: vec![Column::new("Name"), Column::new("User name")],
            pager: Pager::new(total, 1, 50, ("member", "members"), &url),
            empty: Empty::new(
                "No members",
                "Members arrive with the next cycle after somebody joins the group in the directory.",
                Link::plain(""),
            ),
        };
        let group = Self {
            page: Page::new(super::super::Room::TeamGroups, "Engineering", &viewer())
                .under("Groups", "/team/groups"),
            technical: vec![
                Fact::code("id", "4c1d9e2f77aa03b1c5e8d2f4a6b8c0d2e4f6a8b0c2d4e6f8"),
                Fact::text("Members", "100,000"),
            ],
            json: Code::json(
                r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering"}"#,
            ),
            list: list(100_000),
            rows: PEOPLE
                .iter()
                .map(|(name, mail)| GroupMember {
                    name: Link::new(*name, "/team/members/1"),
                    user_name: (*mail).to_owned(),
                })
                .collect(),
        };
        let empty = Self {
            list: list(0),
            rows: Vec::new(),
            ..group.clone()
        };
        vec![("many", group), ("empty", empty)]
    }
}
