//! *Invites*: who was invited, by whom and with what; inviting people; one invite.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Field, Link, Moment, Notice, Pill};
use super::roles::RoleChoice;

/// A row of the list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteRow {
    /// Row, what a ticked box sends.
    pub seq: u64,
    /// The address, linked to the invite.
    pub email: Link,
    /// Roles it gives.
    pub roles: String,
    /// *Pending*, *Accepted*, *Declined* or *Revoked*.
    pub state: Pill,
    /// Who sent it: a person, or a SCIM key.
    pub by: String,
    /// When.
    pub created: Moment,
    /// Whether it can be sent again and revoked.
    pub pending: bool,
    /// Address a form is posted to, to send it again.
    pub resend: String,
    /// Address of the question before it is revoked.
    pub revoke: String,
}

/// The list of invites.
#[derive(Debug, Clone, Template)]
#[template(path = "team/invites.html")]
pub struct InvitesPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that invites people.
    pub invite: String,
    /// Address of the question before ticked invites are revoked.
    pub revoke_some: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<InviteRow>,
}

/// What became of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    /// The address as it was typed, linked to its invite or member where there is one.
    pub email: Link,
    /// In a word.
    pub outcome: Pill,
    /// What to do about it; empty when all is well.
    pub next: String,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// All of it in one sentence.
    pub summary: Notice,
    /// Line by line, what needs attention first.
    pub lines: Vec<ReportLine>,
    /// How many more went well; empty when all are listed.
    pub more: String,
}

/// *Invite People*.
#[derive(Debug, Clone, Template)]
#[template(path = "team/invite.html")]
pub struct InvitePage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// What became of the last submission.
    pub report: Option<Report>,
    /// The addresses.
    pub emails: Field,
    /// What is wrong with the file; empty when nothing is.
    pub file_error: String,
    /// The roles.
    pub roles: Vec<RoleChoice>,
    /// What is wrong with the choice of roles; empty when nothing is.
    pub roles_error: String,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

/// One invite.
#[derive(Debug, Clone, Template)]
#[template(path = "team/invite_detail.html")]
pub struct InviteDetailPage {
    /// The frame; its title is the address.
    pub page: Page,
    /// *Pending*, *Accepted*, *Declined* or *Revoked*.
    pub state: Pill,
    /// Roles, sender, moments.
    pub facts: Vec<Fact>,
    /// The link that accepts it; empty once it is not pending.
    pub link: String,
    /// What it means for SCIM and for the person, each a sentence.
    pub effects: Vec<String>,
    /// Where refused requests for this address are listed; an empty address shows nothing.
    pub traffic: Link,
    /// Address a form is posted to, to send it again; empty once it is not pending.
    pub resend: String,
    /// Address of the question before it is revoked; empty once it is not pending.
    pub revoke: String,
}

#[cfg(test)]
impl InvitesPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::parts::Tone;
        use super::super::samples::{PEOPLE, long_name, moment, viewer};
        let url = ListUrl::new("/team/invites");
        let row = |n: usize, email: &str, pending: bool| InviteRow {
            seq: n as u64,
            email: Link::new(email, "/team/invites/1"),
            roles: "Developer, Billing".to_owned(),
            state: if pending {
                Pill::new(Tone::Info, "Pending")
            } else {
                Pill::new(Tone::Quiet, "Revoked")
            },
            by: if n == 1 {
                "SCIM key Entra".to_owned()
            } else {
                long_name()
            },
            created: moment("2 h ago"),
            pending,
            resend: "/team/invites/1/resend".to_owned(),
            revoke: "/team/invites/1/revoke".to_owned(),
        };
        let page = |rows: Vec<InviteRow>| Self {
            page: Page::new(super::super::Room::Invites, "Invites", &viewer()),
            invite: "/team/invites/new".to_owned(),
            revoke_some: "/team/invites/revoke".to_owned(),
            list: List {
                caption: "Invites sent".to_owned(),
                filter: Some(Filter::new(&url, "Search by e-mail")),
                columns: vec![
                    Column::new("E-mail"),
                    Column::new("State"),
                    Column::wide("Roles"),
                    Column::wide("Sent by"),
                    Column::wide("Sent"),
                    Column::new(""),
                ],
                pager: Pager::new(rows.len() as u64, 1, 25, ("invite", "invites"), &url),
                empty: Empty::new(
                    "Nobody was invited yet",
                    "Invite people by e-mail.",
                    Link::new("Invite People", "/team/invites/new"),
                ),
            },
            rows,
        };
        let many = PEOPLE
            .iter()
            .enumerate()
            .map(|(n, (_, email))| row(n, email, n % 3 != 2))
            .chain([row(9, &format!("{}@example.com", long_name()), true)])
            .collect();
        vec![("empty", page(Vec::new())), ("many", page(many))]
    }
}

#[cfg(test)]
impl InvitePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, viewer};
        let first = Self {
            page: Page::new(super::super::Room::Invites, "Invite People", &viewer())
                .under("Invites", "/team/invites"),
            error: None,
            report: None,
            emails: Field::new("emails", "E-mail addresses").kind("textarea", "off"),
            file_error: String::new(),
            roles: super::roles::choices("role"),
            roles_error: String::new(),
            action: "/team/invites/new".to_owned(),
            cancel: "/team/invites".to_owned(),
        };
        let line = |email: &str, outcome, next: &str| ReportLine {
            email: Link::plain(email),
            outcome,
            next: next.to_owned(),
        };
        let reported = Self {
            report: Some(Report {
                summary: Notice::new(Tone::Info, "12 invites sent, 2 addresses need a look.", ""),
                lines: vec![
                    line(
                        "<script>alert(1)</script>",
                        Pill::new(Tone::Bad, "Bad address"),
                        "Enter an address such as ada@example.com.",
                    ),
                    line(
                        &format!("{}@example.com", long_name()),
                        Pill::new(Tone::Good, "Invited"),
                        "",
                    ),
                ],
                more: "and 500 more were invited".to_owned(),
            }),
            roles_error: "Choose at least one role.".to_owned(),
            file_error: "The file is larger than 256 KiB.".to_owned(),
            ..first.clone()
        };
        vec![("first", first), ("reported", reported)]
    }
}

#[cfg(test)]
impl InviteDetailPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, viewer};
        let pending = Self {
            page: Page::new(super::super::Room::Invites, "ada@example.com", &viewer())
                .under("Invites", "/team/invites"),
            state: Pill::new(Tone::Info, "Pending"),
            facts: vec![
                Fact::text("Roles", "Developer"),
                Fact::text("Sent by", long_name()),
            ],
            link: format!("http://127.0.0.1:7644/invites/1-1-{}", "ab".repeat(32)),
            effects: vec![
                "While it is pending, POST /Users for this address is refused with 409.".to_owned(),
            ],
            traffic: Link::new("Requests that name this address", "/traffic?q=ada"),
            resend: "/team/invites/1/resend".to_owned(),
            revoke: "/team/invites/1/revoke".to_owned(),
        };
        let over = Self {
            state: Pill::new(Tone::Quiet, "Revoked"),
            link: String::new(),
            effects: Vec::new(),
            traffic: Link::plain(""),
            resend: String::new(),
            revoke: String::new(),
            ..pending.clone()
        };
        vec![("pending", pending), ("over", over)]
    }
}
