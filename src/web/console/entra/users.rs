//! Users of the mock directory: the list, and one user with the actions that a demo clicks.
//!
//! Creating and editing are [`FormPage`](super::super::common::FormPage)s; deleting for good is a
//! [`ConfirmPage`](super::super::common::ConfirmPage).

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Pill};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Display name, linked to the user.
    pub name: Link,
    /// User principal name.
    pub principal_name: String,
    /// *Enabled*, *Disabled*, *Deleted*.
    pub status: Pill,
    /// Whether the user is a guest.
    pub guest: bool,
    /// Department; may be empty.
    pub department: String,
    /// When the user was created.
    pub created: Moment,
}

/// The list of users.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/users.html")]
pub struct UsersPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that creates a user.
    pub create: String,
    /// Address of the form that imports a file.
    pub import: String,
    /// The recycle bin.
    pub deleted: String,
    /// Downloads of everybody.
    pub exports: Vec<Link>,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<UserRow>,
}

/// What can be done with a user now. An empty address means that the action does not apply in this state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserActions {
    /// Form that edits attributes.
    pub edit: String,
    /// POST: sets `accountEnabled` to true.
    pub enable: String,
    /// POST: sets `accountEnabled` to false.
    pub disable: String,
    /// POST: moves to the recycle bin.
    pub delete: String,
    /// POST: takes out of the recycle bin.
    pub restore: String,
    /// Confirmation page: deletes for good.
    pub delete_permanently: String,
}

/// An application the user is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedTo {
    /// The application.
    pub application: Link,
    /// `Directly`, or the group that brings it.
    pub through: Link,
    /// Names of the app roles; *Default Access* when there are none.
    pub roles: String,
    /// Where the user is provisioned on demand.
    pub provision: String,
}

/// One user.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/user.html")]
pub struct UserPage {
    /// The frame; its title is the display name.
    pub page: Page,
    /// *Enabled*, *Disabled*, *Deleted*.
    pub status: Pill,
    /// Whether the user is a guest.
    pub guest: bool,
    /// Until when a deleted user can be restored, as a sentence; empty otherwise.
    pub bin: String,
    /// What can be done.
    pub actions: UserActions,
    /// Directory attributes.
    pub attributes: Vec<Fact>,
    /// Object id, created, and so on.
    pub technical: Vec<Fact>,
    /// The manager; an empty text when there is none.
    pub manager: Link,
    /// Groups, linked.
    pub groups: Vec<Link>,
    /// Applications the user is assigned to.
    pub assigned: Vec<AssignedTo>,
}

#[cfg(test)]
pub(super) fn state(n: usize) -> Pill {
    use super::super::parts::Tone;
    match n % 6 {
        3 => Pill::new(Tone::Quiet, "Disabled"),
        5 => Pill::new(Tone::Bad, "Deleted"),
        _ => Pill::new(Tone::Good, "Enabled"),
    }
}

#[cfg(test)]
impl UsersPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{PEOPLE, long_name, moment, viewer};
        let states = [
            ("enabled", "Enabled"),
            ("disabled", "Disabled"),
            ("deleted", "Deleted"),
            ("guest", "Guest"),
        ];
        let list = |url: &ListUrl, total| List {
            caption: "Users".to_owned(),
            filter: Some(
                Filter::new(url, "Search by name or user principal name")
                    .select(url, "state", "State", &states),
            ),
            columns: vec![
                Column::new("Name"),
                Column::new("State"),
                Column::wide("Department"),
                Column::created(url),
            ],
            pager: Pager::new(total, 1, 25, ("user", "users"), url),
            empty: Empty::new(
                "The directory is empty",
                "Create a user, or start scimlab with --seed demo.",
                Link::new("New user", "/entra/users/new"),
            ),
        };
        let rows = PEOPLE
            .iter()
            .map(|(name, mail)| (name.to_string(), mail.to_string()))
            .chain([(long_name(), format!("{}@contoso.example", "x".repeat(80)))])
            .enumerate()
            .map(|(n, (name, mail))| UserRow {
                name: Link::new(name, "/entra/users/1"),
                principal_name: mail,
                status: state(n),
                guest: n % 4 == 2,
                department: if n % 3 == 0 {
                    String::new()
                } else {
                    "Engineering".to_owned()
                },
                created: moment("3 days ago"),
            })
            .collect();
        let page = || Page::new(super::super::Room::EntraUsers, "Users", &viewer());
        let url = ListUrl::new("/entra/users");
        let filtered = url.with("q", "con").with("state", "guest");
        let create = || "/entra/users/new".to_owned();
        let exports = || vec![Link::new("CSV", "/entra/export/users.csv")];
        vec![
            (
                "many",
                Self {
                    page: page(),
                    create: create(),
                    import: "/entra/import".to_owned(),
                    deleted: "/entra/deleted".to_owned(),
                    exports: exports(),
                    list: list(&filtered, 12_480),
                    rows,
                },
            ),
            (
                "empty",
                Self {
                    page: page(),
                    create: create(),
                    import: "/entra/import".to_owned(),
                    deleted: "/entra/deleted".to_owned(),
                    exports: exports(),
                    list: list(&url, 0),
                    rows: Vec::new(),
                },
            ),
        ]
    }
}

#[cfg(test)]
impl UserPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::{Notice, Tone};
        use super::super::samples::{long_name, viewer};
        let page = |name: &str| {
            Page::new(super::super::Room::EntraUsers, name, &viewer())
                .under("Users", "/entra/users")
        };
        let to = |what: &str| format!("/entra/users/1/{what}");
        let enabled = Self {
            page: page("Ada Lovelace").with_notice(Some(Notice::new(
                Tone::Good,
                "Department changed to Engineering.",
                "The next incremental cycle sends it.",
            ))),
            status: state(0),
            guest: false,
            bin: String::new(),
            actions: UserActions {
                edit: to("edit"),
                disable: to("disable"),
                delete: to("delete"),
                ..UserActions::default()
            },
            attributes: vec![
                Fact::text("userPrincipalName", "ada@contoso.example"),
                Fact::text("displayName", "Ada Lovelace"),
                Fact::text("givenName", "Ada"),
                Fact::text("surname", "Lovelace"),
                Fact::text("mail", ""),
                Fact::text("jobTitle", "Principal engineer"),
                Fact::text("department", "Engineering"),
                Fact::text("accountEnabled", "true"),
            ],
            technical: vec![
                Fact::code("Object id", "5e6c9bae-ab4d-4239-8ad0-174391d110eb"),
                Fact::text("Created", "2026-05-04 03:00:54 UTC"),
            ],
            manager: Link::new("Charles Babbage", "/entra/users/2"),
            groups: vec![
                Link::new("Engineering", "/entra/groups/1"),
                Link::new("Platform", "/entra/groups/2"),
            ],
            assigned: vec![
                AssignedTo {
                    application: Link::new("Postman", "/entra/applications/1"),
                    through: Link::new("Engineering", "/entra/groups/1"),
                    roles: "User, Administrator".to_owned(),
                    provision: "/entra/applications/1/provisioning/on-demand?object=1".to_owned(),
                },
                AssignedTo {
                    application: Link::new("Postman", "/entra/applications/1"),
                    through: Link::plain("Directly"),
                    roles: "Default Access".to_owned(),
                    provision: "/entra/applications/1/provisioning/on-demand?object=1".to_owned(),
                },
            ],
        };
        let deleted = Self {
            page: page(&long_name()),
            status: state(5),
            guest: true,
            bin: "In the recycle bin. It can be restored for 29 more days.".to_owned(),
            actions: UserActions {
                restore: to("restore"),
                delete_permanently: to("delete-permanently"),
                ..UserActions::default()
            },
            manager: Link::plain(""),
            groups: Vec::new(),
            assigned: Vec::new(),
            ..enabled.clone()
        };
        vec![("enabled", enabled), ("deleted", deleted)]
    }
}
