//! Groups of the mock directory: the list, one group, and the search for somebody to add.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Pill};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryGroupRow {
    /// Name, linked to the group.
    pub name: Link,
    /// *Assigned* or *Dynamic*.
    pub membership: &'static str,
    /// Number of members, formatted.
    pub members: String,
    /// When the group was created.
    pub created: Moment,
}

/// The list of groups.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/groups.html")]
pub struct DirectoryGroupsPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that creates a group.
    pub create: String,
    /// Address of the form that imports a file.
    pub import: String,
    /// The recycle bin.
    pub deleted: String,
    /// Downloads of all groups.
    pub exports: Vec<Link>,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<DirectoryGroupRow>,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryGroupMember {
    /// Display name, linked to the user.
    pub name: Link,
    /// User principal name.
    pub principal_name: String,
    /// *Enabled*, *Disabled*.
    pub status: Pill,
    /// POST: removes from the group; empty where a rule says who is in it.
    pub remove: String,
}

/// What can be done with a group now. An empty address means that the action does not apply in this state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupActions {
    /// Form that edits attributes, membership type and rule.
    pub edit: String,
    /// POST: moves to the recycle bin.
    pub delete: String,
    /// POST: takes out of the recycle bin.
    pub restore: String,
    /// Confirmation page: deletes for good.
    pub delete_permanently: String,
}

/// One group.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/group.html")]
pub struct DirectoryGroupPage {
    /// The frame; its title is the group's name.
    pub page: Page,
    /// *Deleted* or *Processing*; none when there is nothing to say.
    pub status: Option<Pill>,
    /// Until when a deleted group can be restored, as a sentence; empty otherwise.
    pub bin: String,
    /// What can be done.
    pub actions: GroupActions,
    /// Rule of a dynamic group; empty of an assigned one.
    pub rule: String,
    /// Object id, membership type, attributes, created.
    pub technical: Vec<Fact>,
    /// Groups in which it is a member.
    pub memberships: Vec<Link>,
    /// Applications the group is assigned to.
    pub assigned: Vec<Link>,
    /// Page that searches somebody to add; empty where nobody can be added.
    pub add: String,
    /// Headings and pager of the members.
    pub list: List,
    /// Members of this page.
    pub rows: Vec<DirectoryGroupMember>,
}

/// Somebody or some group that can be picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Object id, the value posted.
    pub id: String,
    /// Display name.
    pub name: String,
    /// User principal name, or the number of members of a group.
    pub detail: String,
    /// `User` or `Group`.
    pub kind: &'static str,
    /// Why it cannot be picked (`already a member`); empty when it can.
    pub blocked: String,
}

/// Searches somebody to add: to a group, or to an application. Each row posts `id`.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/pick.html")]
pub struct PickPage {
    /// The frame.
    pub page: Page,
    /// Address each row is posted to.
    pub action: String,
    /// The rows' button: `Add`, `Assign`.
    pub verb: String,
    /// Where *Done* leads.
    pub done: String,
    /// Filter, headings, pager.
    pub list: List,
    /// Candidates of this page.
    pub rows: Vec<Candidate>,
}

#[cfg(test)]
impl DirectoryGroupsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{long_name, moment, viewer};
        let url = ListUrl::new("/entra/groups");
        let list = |total| List {
            caption: "Groups".to_owned(),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::wide("Membership type"),
                Column::number("Members"),
                Column::created(&url),
            ],
            pager: Pager::new(total, 1, 25, ("group", "groups"), &url),
            empty: Empty::new(
                "No groups",
                "Start scimlab with --seed demo to have some.",
                Link::plain(""),
            ),
        };
        let page = || Page::new(super::super::Room::EntraGroups, "Groups", &viewer());
        let rows = [long_name(), "Engineering".to_owned(), "Platform".to_owned()]
            .map(|name| DirectoryGroupRow {
                name: Link::new(name, "/entra/groups/1"),
                membership: "Dynamic",
                members: "14".to_owned(),
                created: moment("3 days ago"),
            })
            .to_vec();
        vec![
            (
                "many",
                Self {
                    create: "/entra/new-group".to_owned(),
                    import: "/entra/import".to_owned(),
                    deleted: "/entra/deleted".to_owned(),
                    exports: vec![Link::new("CSV", "/entra/export/groups.csv")],
                    page: page(),
                    list: list(3),
                    rows,
                },
            ),
            (
                "empty",
                Self {
                    create: "/entra/new-group".to_owned(),
                    import: "/entra/import".to_owned(),
                    deleted: "/entra/deleted".to_owned(),
                    exports: Vec::new(),
                    page: page(),
                    list: list(0),
                    rows: Vec::new(),
                },
            ),
        ]
    }
}

#[cfg(test)]
impl DirectoryGroupPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::samples::{PEOPLE, viewer};
        let url = ListUrl::new("/entra/groups/1");
        let list = |total| List {
            caption: "Members of Engineering".to_owned(),
            filter: None,
            columns: vec![Column::new("Name"), Column::wide("State"), Column::new("")],
            pager: Pager::new(total, 1, 50, ("member", "members"), &url),
            empty: Empty::new(
                "No members",
                "Add somebody; the next incremental cycle sends it.",
                Link::new("Add members", "/entra/groups/1/members/add"),
            ),
        };
        let group = Self {
            status: None,
            bin: String::new(),
            actions: GroupActions {
                edit: "/entra/groups/1/edit".to_owned(),
                delete: "/entra/groups/1/delete".to_owned(),
                ..GroupActions::default()
            },
            rule: String::new(),
            memberships: vec![Link::new("Everybody", "/entra/groups/2")],
            page: Page::new(super::super::Room::EntraGroups, "Engineering", &viewer())
                .under("Groups", "/entra/groups"),
            technical: vec![
                Fact::code("Object id", "0a1b2c3d-ab4d-4239-8ad0-174391d110eb"),
                Fact::text("Description", "Everybody who builds"),
            ],
            assigned: vec![Link::new("Postman", "/entra/applications/1")],
            add: "/entra/groups/1/members/add".to_owned(),
            list: list(140),
            rows: PEOPLE
                .iter()
                .enumerate()
                .map(|(n, (name, mail))| DirectoryGroupMember {
                    name: Link::new(*name, "/entra/users/1"),
                    principal_name: (*mail).to_owned(),
                    status: super::users::state(n),
                    remove: "/entra/groups/1/members/1/remove".to_owned(),
                })
                .collect(),
        };
        let empty = Self {
            list: list(0),
            rows: Vec::new(),
            assigned: Vec::new(),
            ..group.clone()
        };
        let dynamic = Self {
            status: Some(Pill::new(super::super::parts::Tone::Info, "Processing")),
            rule: "user.department -eq \"Sales\" -and user.accountEnabled -eq true".to_owned(),
            add: String::new(),
            ..empty.clone()
        };
        let deleted = Self {
            bin: "In the recycle bin. It can be restored for 29 more days.".to_owned(),
            actions: GroupActions {
                restore: "/entra/groups/1/restore".to_owned(),
                delete_permanently: "/entra/groups/1/delete-permanently".to_owned(),
                ..GroupActions::default()
            },
            add: String::new(),
            ..group.clone()
        };
        vec![
            ("many", group),
            ("empty", empty),
            ("dynamic", dynamic),
            ("deleted", deleted),
        ]
    }
}

#[cfg(test)]
impl PickPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{PEOPLE, long_name, viewer};
        let url = ListUrl::new("/entra/groups/1/members/add").with("q", "a");
        let rows = PEOPLE
            .iter()
            .map(|(name, mail)| (name.to_string(), *mail))
            .chain([(long_name(), "12 members")])
            .enumerate()
            .map(|(n, (name, detail))| Candidate {
                id: n.to_string(),
                name,
                detail: detail.to_owned(),
                kind: if n == PEOPLE.len() { "Group" } else { "User" },
                blocked: if n == 1 {
                    "Already a member".to_owned()
                } else {
                    String::new()
                },
            })
            .collect();
        vec![(
            "many",
            Self {
                page: Page::new(super::super::Room::EntraGroups, "Add members", &viewer())
                    .under("Groups", "/entra/groups")
                    .under("Engineering", "/entra/groups/1"),
                action: "/entra/groups/1/members".to_owned(),
                verb: "Add".to_owned(),
                done: "/entra/groups/1".to_owned(),
                list: List {
                    caption: "People to add".to_owned(),
                    filter: Some(Filter::new(&url, "Search by name")),
                    columns: vec![Column::new("Name"), Column::wide("Type"), Column::new("")],
                    pager: Pager::new(5, 1, 25, ("user", "users"), &url),
                    empty: Empty::no_match(&url),
                },
                rows,
            },
        )]
    }
}
