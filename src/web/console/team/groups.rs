//! Groups of the team: the list, and one group with its roles, managers, and members page by page.

use askama::Template;

use super::super::Page;
use super::super::exchange::Code;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Notice, Pill};
use super::roles::Through;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Name, linked to the group.
    pub name: Link,
    /// What it is for; may be empty.
    pub summary: String,
    /// Its roles.
    pub roles: String,
    /// Number of members, formatted.
    pub members: String,
    /// *SCIM* for groups that an identity provider manages.
    pub managed: Option<Pill>,
    /// When the group was created.
    pub created: Moment,
}

/// The list of groups.
#[derive(Debug, Clone, Template)]
#[template(path = "team/groups.html")]
pub struct GroupsPage {
    /// The frame.
    pub page: Page,
    /// Where groups are created; empty for those who may not.
    pub create: String,
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
    /// Address that takes the member out; empty for those who may not.
    pub remove: String,
}

/// Somebody who looks after the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// Name, linked to the member.
    pub name: Link,
    /// Why this manager cannot do anything at present (`Deactivated`); empty when all is well.
    pub idle: String,
    /// Address that takes the group away from this manager; empty for those who may not.
    pub remove: String,
}

/// Where a group is changed; each address is empty for those who may not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupActions {
    /// Name and description.
    pub edit: String,
    /// Roles.
    pub roles: String,
    /// The page that asks before deleting.
    pub delete: String,
    /// The search for somebody to add.
    pub add: String,
    /// The search for another manager.
    pub add_manager: String,
}

/// One group.
#[derive(Debug, Clone, Template)]
#[template(path = "team/group.html")]
pub struct GroupPage {
    /// The frame; its title is the group's name.
    pub page: Page,
    /// *SCIM* for groups that an identity provider manages.
    pub managed: Option<Pill>,
    /// What the identity provider manages about it.
    pub notice: Option<Notice>,
    /// What it is for; may be empty.
    pub summary: String,
    /// Its roles: `Admin, Developer`.
    pub roles: String,
    /// Further roles from the groups it is in.
    pub through: Vec<Through>,
    /// Who looks after it besides the Admins.
    pub managers: Vec<Manager>,
    /// What stands there when nobody does, and why.
    pub no_managers: String,
    /// Where it is changed.
    pub actions: GroupActions,
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
        use super::super::parts::Tone;
        use super::super::samples::{long_name, moment, viewer};
        let url = ListUrl::new("/team/groups");
        let list = |total| List {
            caption: "Groups".to_owned(),
            filter: Some(Filter::new(&url, "Search by name").select(
                &url,
                "role",
                "Role",
                &[("admin", "Admin")],
            )),
            columns: vec![
                Column::new("Name"),
                Column::wide("Roles"),
                Column::number("Members"),
                Column::wide("Managed by"),
                Column::created(&url),
            ],
            pager: Pager::new(total, 1, 25, ("group", "groups"), &url),
            empty: Empty::new(
                "No groups yet",
                "Create one, or assign a group to the enterprise application and start provisioning.",
                Link::new("Create Group", "/team/groups/new"),
            ),
        };
        let page = || Page::new(super::super::Room::TeamGroups, "Groups", &viewer());
        let rows: Vec<_> = ["Engineering", "Platform", "Sales EMEA"]
            .map(str::to_owned)
            .into_iter()
            .chain([long_name()])
            .enumerate()
            .map(|(n, name)| GroupRow {
                name: Link::new(name, "/team/groups/1"),
                summary: if n == 1 {
                    "Everybody who keeps the lights on.".to_owned()
                } else {
                    String::new()
                },
                roles: if n == 2 {
                    "Super Admin, Admin"
                } else {
                    "Developer"
                }
                .to_owned(),
                members: "1,204".to_owned(),
                managed: (n % 2 == 0).then(|| Pill::new(Tone::Info, "SCIM")),
                created: moment("2 h ago"),
            })
            .collect();
        let of = |total, rows: Vec<GroupRow>, create: &str| Self {
            page: page(),
            create: create.to_owned(),
            list: list(total),
            rows,
        };
        vec![
            ("many", of(4, rows.clone(), "/team/groups/new")),
            ("bystander", of(4, rows, "")),
            ("empty", of(0, Vec::new(), "/team/groups/new")),
        ]
    }
}

#[cfg(test)]
impl GroupPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::parts::Tone;
        use super::super::samples::{PEOPLE, long_name, viewer};
        let url = ListUrl::new("/team/groups/1");
        let list = |total| List {
            caption: "Members of Engineering".to_owned(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::wide("User name"),
                Column::new(""),
            ],
            pager: Pager::new(total, 1, 50, ("member", "members"), &url),
            empty: Empty::new(
                "No members",
                "Add somebody from the team.",
                Link::new("Add members", "/team/groups/1/members/add"),
            ),
        };
        let group = Self {
            page: Page::new(super::super::Room::TeamGroups, "Engineering", &viewer())
                .under("Groups", "/team/groups"),
            managed: Some(Pill::new(Tone::Info, "SCIM")),
            notice: Some(Notice::new(
                Tone::Info,
                "The identity provider manages this group.",
                "What it sends overwrites the name and the members.",
            )),
            summary: "Everybody who keeps the lights on.".to_owned(),
            roles: "Developer".to_owned(),
            through: super::roles::through(),
            managers: vec![
                Manager {
                    name: Link::new("Ada Lovelace", "/team/members/1"),
                    idle: String::new(),
                    remove: "/team/groups/1/managers/1/remove".to_owned(),
                },
                Manager {
                    name: Link::new(long_name(), "/team/members/2"),
                    idle: "Deactivated".to_owned(),
                    remove: "/team/groups/1/managers/2/remove".to_owned(),
                },
            ],
            no_managers: "Nobody; Admins look after it.".to_owned(),
            actions: GroupActions {
                edit: "/team/groups/1/edit".to_owned(),
                roles: "/team/groups/1/roles".to_owned(),
                delete: "/team/groups/1/delete".to_owned(),
                add: "/team/groups/1/members/add".to_owned(),
                add_manager: "/team/groups/1/managers/add".to_owned(),
            },
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
                    remove: "/team/groups/1/members/1/remove".to_owned(),
                })
                .collect(),
        };
        let bystander = Self {
            actions: GroupActions::default(),
            managed: None,
            notice: None,
            summary: String::new(),
            through: Vec::new(),
            managers: Vec::new(),
            list: list(0),
            rows: Vec::new(),
            ..group.clone()
        };
        vec![("many", group), ("empty", bystander)]
    }
}
