//! Members of the team: the list with its role pickers.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Link, Moment, Notice, Pill};
use super::roles::RoleChoice;

/// What opens under the roles of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// What the form sends as `was`: the member and the roles as shown.
    pub was: String,
    /// The boxes.
    pub choices: Vec<RoleChoice>,
    /// What is wrong with the choice; empty when nothing is.
    pub wrong: String,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Name, linked to the member.
    pub name: Link,
    /// `userName`.
    pub user_name: String,
    /// *Active*, *Invited* or *Deactivated*.
    pub status: Pill,
    /// Own roles.
    pub roles: String,
    /// Further roles that come through groups; empty when none.
    pub through: String,
    /// Boxes to tick, for those who may give roles.
    pub picker: Option<Picker>,
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
    /// What went wrong with *Update Roles*.
    pub error: Option<Notice>,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<MemberRow>,
    /// Address the chosen roles are posted to; empty for those who may not give any.
    pub update: String,
    /// Address of the export of what the list shows; empty for those who may not.
    pub export: String,
}

#[cfg(test)]
impl MembersPage {
    fn sample_rows() -> Vec<MemberRow> {
        use super::super::parts::Tone;
        use super::super::samples::{PEOPLE, long_name, moment};
        PEOPLE
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
                roles: if n == 0 {
                    "Admin, Developer"
                } else {
                    "Developer"
                }
                .to_owned(),
                through: if n == 1 {
                    format!("Admin through {}", long_name())
                } else {
                    String::new()
                },
                picker: Some(Picker {
                    was: format!("{n}:user"),
                    choices: super::roles::choices(&format!("m{n}")),
                    wrong: if n == 2 {
                        "Choose at least one role. Developer is the default.".to_owned()
                    } else {
                        String::new()
                    },
                }),
                groups: (n as u64 * 7) % 4,
                created: moment("2 h ago"),
            })
            .collect()
    }

    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::parts::Tone;
        use super::super::samples::viewer;
        let url = ListUrl::new("/team/members");
        let list = |url: &ListUrl, total, page| List {
            caption: "Members".to_owned(),
            filter: Some(
                Filter::new(url, "Search by name or e-mail")
                    .select(url, "status", "Status", &[("active", "Active")])
                    .select(url, "role", "Role", &[("admin", "Admin")]),
            ),
            columns: vec![
                Column::new("Name"),
                Column::new("Status"),
                Column::new("Roles"),
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
        let rows = Self::sample_rows();
        let page = || Page::new(super::super::Room::Members, "Members", &viewer());
        let searched = url.with("q", "nobody").with("status", "active");
        let of = |list, rows| Self {
            page: page(),
            error: None,
            list,
            rows,
            update: "/team/members/roles".to_owned(),
            export: "/team/members/export".to_owned(),
        };
        let bystander = Self {
            update: String::new(),
            export: String::new(),
            rows: rows
                .iter()
                .cloned()
                .map(|row| MemberRow {
                    picker: None,
                    ..row
                })
                .collect(),
            ..of(list(&url, 7, 1), Vec::new())
        };
        vec![
            ("empty", of(list(&url, 0, 1), Vec::new())),
            ("one", of(list(&url, 1, 1), rows[..1].to_vec())),
            (
                "many",
                Self {
                    error: Some(Notice::new(
                        Tone::Bad,
                        "Nothing was saved.",
                        "See the marked row.",
                    )),
                    ..of(list(&url, 4_112, 3), rows)
                },
            ),
            ("bystander", bystander),
            ("nothing", of(list(&searched, 0, 1), Vec::new())),
        ]
    }
}
