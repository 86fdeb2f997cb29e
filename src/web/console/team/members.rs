//! Members of the team: the list, and one member with SCIM attributes, groups and JSON.

use askama::Template;

use super::super::Page;
use super::super::exchange::Code;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Pill};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Name, linked to the member.
    pub name: Link,
    /// `userName`.
    pub user_name: String,
    /// *Active* or *Deactivated*.
    pub status: Pill,
    /// Groups the member is in.
    pub groups: u64,
    /// When the member was created.
    pub created: Moment,
}

/// The list of members.
#[derive(Debug, Clone, Template)]
#[template(path = "team/members.html")]
pub struct MembersPage {
    /// The frame.
    pub page: Page,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<MemberRow>,
}

/// One member.
#[derive(Debug, Clone, Template)]
#[template(path = "team/member.html")]
pub struct MemberPage {
    /// The frame; its title is the member's name.
    pub page: Page,
    /// *Active* or *Deactivated*.
    pub status: Pill,
    /// SCIM attributes by their paths.
    pub attributes: Vec<Fact>,
    /// Groups, linked; at most 100.
    pub groups: Vec<Link>,
    /// How many more groups there are; empty when all are shown.
    pub more_groups: String,
    /// Id, version, created, last modified, and so on.
    pub technical: Vec<Fact>,
    /// The resource as SCIM answers it.
    pub json: Code,
}

#[cfg(test)]
impl MembersPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::parts::Tone;
        use super::super::samples::{PEOPLE, long_name, moment, viewer};
        let url = ListUrl::new("/team/members");
        let list = |url: &ListUrl, total, page| List {
            caption: "Members".to_owned(),
            filter: Some(Filter::new(url, "Search by name or user name").select(
                url,
                "status",
                "Status",
                &[("active", "Active"), ("deactivated", "Deactivated")],
            )),
            columns: vec![
                Column::new("Name"),
                Column::new("Status"),
                Column {
                    class: "number wide",
                    ..Column::number("Groups")
                },
                Column::created(url),
            ],
            pager: Pager::new(total, page, 25, ("member", "members"), url),
            empty: if url.get("q").is_empty() {
                Empty::new(
                    "No members yet",
                    "Start provisioning in the mock directory, or send POST /Users with a SCIM API key.",
                    Link::new("Set up SCIM provisioning", "/team/authentication"),
                )
            } else {
                Empty::no_match(url)
            },
        };
        let rows: Vec<_> = PEOPLE
            .iter()
            .map(|(name, mail)| (name.to_string(), mail.to_string()))
            .chain([(long_name(), format!("{}@contoso.example", "x".repeat(80)))])
            .enumerate()
            .map(|(n, (name, mail))| MemberRow {
                name: Link::new(name, "/team/members/1"),
                user_name: mail,
                status: if n % 5 == 3 {
                    Pill::new(Tone::Quiet, "Deactivated")
                } else {
                    Pill::new(Tone::Good, "Active")
                },
                groups: (n as u64 * 7) % 4,
                created: moment("2 h ago"),
            })
            .collect();
        let page = || Page::new(super::super::Room::Members, "Members", &viewer());
        let searched = url.with("q", "nobody").with("status", "active");
        vec![
            (
                "empty",
                Self {
                    page: page(),
                    list: list(&url, 0, 1),
                    rows: Vec::new(),
                },
            ),
            (
                "one",
                Self {
                    page: page(),
                    list: list(&url, 1, 1),
                    rows: rows[..1].to_vec(),
                },
            ),
            (
                "many",
                Self {
                    page: page(),
                    list: list(&url, 4_112, 3),
                    rows,
                },
            ),
            (
                "nothing",
                Self {
                    page: page(),
                    list: list(&searched, 0, 1),
                    rows: Vec::new(),
                },
            ),
        ]
    }
}

#[cfg(test)]
impl MemberPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{USER_JSON, long_name, viewer};
        let page = |name: &str| {
            Page::new(super::super::Room::Members, name, &viewer())
                .under("Members", "/team/members")
        };
        let many = Self {
            page: page("Ada Lovelace"),
            status: Pill::new(Tone::Good, "Active"),
            attributes: vec![
                Fact::text("userName", "ada@contoso.example"),
                Fact::text("name.givenName", "Ada"),
                Fact::text("name.familyName", "Lovelace"),
                Fact::text("displayName", "Ada Lovelace"),
                Fact::text("title", ""),
                Fact::text("enterprise: department", "Engineering"),
                Fact::link("enterprise: manager", "Charles Babbage", "/team/members/2"),
            ],
            groups: vec![
                Link::new("Engineering", "/team/groups/1"),
                Link::new("Platform", "/team/groups/2"),
            ],
            more_groups: "and 3 more".to_owned(),
            technical: vec![
                Fact::code("id", "4c1d9e2f77aa03b1c5e8d2f4a6b8c0d2e4f6a8b0c2d4e6f8"),
                Fact::code("externalId", "ada.lovelace"),
                Fact::text("Created", "2026-05-04 03:00:54 UTC"),
                Fact::text("Version", "W/\"3\""),
            ],
            json: Code::json(USER_JSON),
        };
        let bare = Self {
            page: page(&long_name()),
            status: Pill::new(Tone::Quiet, "Deactivated"),
            attributes: vec![Fact::text(
                "userName",
                format!("{}@contoso.example", "x".repeat(80)),
            )],
            groups: Vec::new(),
            more_groups: String::new(),
            ..many.clone()
        };
        vec![("full", many), ("bare", bare)]
    }
}
