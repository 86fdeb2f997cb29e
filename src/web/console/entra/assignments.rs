//! The application's *Users and groups* tab.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Link, Moment, Notice, Tab};

/// An assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// The user or group, linked.
    pub name: Link,
    /// User principal name, or the number of members.
    pub detail: String,
    /// `User` or `Group`.
    pub kind: &'static str,
    /// Names of the app roles; *Default Access* when there are none.
    pub roles: String,
    /// Page that changes them.
    pub edit: String,
    /// When it was assigned.
    pub created: Moment,
    /// POST: removes the assignment.
    pub remove: String,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/assignments.html")]
pub struct AssignmentsPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Said when assignments do not decide: *Scope* is all users and groups.
    pub scope_note: Option<Notice>,
    /// Page that searches somebody to assign.
    pub add: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<AssignmentRow>,
}

#[cfg(test)]
impl AssignmentsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::parts::Tone;
        use super::super::samples::{application, long_name, moment, viewer};
        use super::applications::{ApplicationTab, tabs};
        let base = "/entra/applications/1";
        let url = ListUrl::new(format!("{base}/users-and-groups"));
        let list = |total| List {
            caption: "Assignments".to_owned(),
            filter: (total > 0).then(|| Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::wide("Type"),
                Column::wide("Roles assigned"),
                Column::wide("Assigned"),
                Column::new(""),
            ],
            pager: Pager::new(total, 1, 25, ("assignment", "assignments"), &url),
            empty: Empty::new(
                "Nobody is assigned",
                "Assign one or two people first, and everybody once it works.",
                Link::new("Add user/group", format!("{base}/users-and-groups/add")),
            ),
        };
        let row = |name: String, detail: &str, kind| AssignmentRow {
            name: Link::new(name, "/entra/groups/1"),
            detail: detail.to_owned(),
            kind,
            roles: "User, Administrator".to_owned(),
            edit: format!("{base}/users-and-groups/1/roles"),
            created: moment("3 days ago"),
            remove: format!("{base}/users-and-groups/1/remove"),
        };
        let many = Self {
            page: Page::new(super::super::Room::Applications, application(), &viewer())
                .under("Enterprise applications", "/entra/applications"),
            tabs: tabs(
                base,
                crate::model::Direction::Outbound,
                ApplicationTab::UsersAndGroups,
            ),
            scope_note: None,
            add: format!("{base}/users-and-groups/add"),
            list: list(3),
            rows: vec![
                row("Engineering".to_owned(), "140 members", "Group"),
                row("Ada Lovelace".to_owned(), "ada@contoso.example", "User"),
                row(long_name(), "1 member", "Group"),
            ],
        };
        let note = Notice::new(
            Tone::Info,
            "Scope is \u{201c}Sync all users and groups\u{201d}: assignments do not decide who is provisioned.",
            "Change Scope on the Provisioning tab to use them.",
        );
        let empty = Self {
            list: list(0),
            rows: Vec::new(),
            scope_note: Some(note),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}
