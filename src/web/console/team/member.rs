//! One member: SCIM attributes, roles, groups, what was done to this person and what SCIM sent; and the page that
//! asks before somebody is removed.

use askama::Template;

use super::super::Page;
use super::super::exchange::Code;
use super::super::parts::{Fact, Field, Link, Moment, Notice, Pill};
use super::roles::Through;

/// Where somebody may be let in again or kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// One sentence about the present state.
    pub state: String,
    /// *Deactivate*, as a link to the page that asks, or *Reactivate*.
    pub action: AccessAction,
    /// The SCIM request that does the same.
    pub call: String,
    /// Its body.
    pub body: Code,
}

/// What can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessAction {
    /// A page that asks first.
    Deactivate(String),
    /// Done at once, and undone as easily.
    Reactivate(String),
    /// Nothing, for this reason.
    Nothing(String),
}

/// A SCIM request that changed or made this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `PATCH`.
    pub method: String,
    /// Path, linked to the exchange for those who may read traffic.
    pub target: Link,
    /// Status and its words.
    pub status: Pill,
    /// Name of the key.
    pub key: String,
    /// When.
    pub at: Moment,
}

/// Something that was done to this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub what: String,
    /// Attributes that changed; may be empty.
    pub attributes: String,
    /// When.
    pub at: Moment,
}

/// One member.
#[derive(Debug, Clone, Template)]
#[template(path = "team/member.html")]
pub struct MemberPage {
    /// The frame; its title is the member's name.
    pub page: Page,
    /// *Active*, *Invited* or *Deactivated*.
    pub status: Pill,
    /// What the identity provider manages about this person.
    pub managed: Option<Notice>,
    /// SCIM attributes by their paths.
    pub attributes: Vec<Fact>,
    /// Own roles: `Admin, Developer`.
    pub roles: String,
    /// Roles through groups.
    pub through: Vec<Through>,
    /// Where roles are given; empty for those who may not.
    pub update_roles: String,
    /// The first groups, linked.
    pub groups: Vec<Link>,
    /// Further groups, folded away; at most 100.
    pub folded_groups: Vec<Link>,
    /// How many more groups there are; empty when all are shown.
    pub more_groups: String,
    /// Letting in and keeping out; none for those who may not.
    pub access: Option<Access>,
    /// The page that asks before removing; empty for those who may not.
    pub remove: String,
    /// What was done to this person; none for those who may not read the audit log.
    pub events: Option<Vec<Event>>,
    /// SCIM requests that changed this person; none for those who may not see them.
    pub calls: Option<Vec<Call>>,
    /// All exchanges that name this person; empty for those who may not read traffic.
    pub traffic: String,
    /// Id, version, created, last modified, and so on.
    pub technical: Vec<Fact>,
    /// The resource as SCIM answers it.
    pub json: Code,
}

/// Asks before somebody is removed, and who takes over what the person holds.
#[derive(Debug, Clone, Template)]
#[template(path = "team/remove.html")]
pub struct RemovePage {
    /// The frame; its title is the question.
    pub page: Page,
    /// What is about to happen.
    pub lead: String,
    /// Each a full sentence.
    pub consequences: Vec<String>,
    /// SCIM API keys that stop with this person.
    pub keys: Vec<Link>,
    /// Groups this person manages.
    pub groups: Vec<Link>,
    /// Who takes over; none when there is nothing to hand over.
    pub heir: Option<Field>,
    /// Address the confirmation is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
impl MemberPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{USER_JSON, long_name, moment, viewer};
        let page = |name: &str| {
            Page::new(super::super::Room::Members, name, &viewer())
                .under("Members", "/team/members")
        };
        let full = Self {
            page: page("Ada Lovelace"),
            status: Pill::new(Tone::Good, "Active"),
            managed: Some(Notice::new(
                Tone::Info,
                "The identity provider manages this member.",
                "What it sends overwrites names, state and groups.",
            )),
            attributes: vec![
                Fact::text("userName", "ada@contoso.example"),
                Fact::text("name.givenName", "Ada"),
                Fact::text("title", ""),
                Fact::text("enterprise: department", "Engineering"),
                Fact::link("enterprise: manager", "Charles Babbage", "/team/members/2"),
            ],
            roles: "Admin, Developer".to_owned(),
            through: super::roles::through(),
            update_roles: "/team/members/1/roles".to_owned(),
            groups: vec![
                Link::new("Engineering", "/team/groups/1"),
                Link::new("Platform", "/team/groups/2"),
            ],
            folded_groups: vec![Link::new(long_name(), "/team/groups/3")],
            more_groups: "and 3 more".to_owned(),
            access: Some(Access {
                state: "Ada Lovelace may sign in to the team.".to_owned(),
                action: AccessAction::Deactivate("/team/members/1/deactivate".to_owned()),
                call: "PATCH /scim/v2/Users/4c1d9e2f77aa03b1".to_owned(),
                body: Code::json(r#"{"Operations":[{"op":"replace","value":{"active":false}}]}"#),
            }),
            remove: "/team/members/1/remove".to_owned(),
            events: Some(vec![Event {
                what: "Updated Roles".to_owned(),
                attributes: String::new(),
                at: moment("3 min ago"),
            }]),
            calls: Some(vec![Call {
                method: "PATCH".to_owned(),
                target: Link::new("/Users/4c1d9e2f77aa03b1", "/traffic/1"),
                status: Pill::new(Tone::Good, "200 OK"),
                key: "Entra".to_owned(),
                at: moment("3 min ago"),
            }]),
            traffic: "/traffic?q=4c1d9e2f77aa03b1".to_owned(),
            technical: vec![
                Fact::code("id", "4c1d9e2f77aa03b1c5e8d2f4a6b8c0d2e4f6a8b0c2d4e6f8"),
                Fact::code("externalId", "ada.lovelace"),
                Fact::text("Version", "W/\"3\""),
            ],
            json: Code::json(USER_JSON),
        };
        let bare = Self {
            page: page(&long_name()),
            status: Pill::new(Tone::Quiet, "Deactivated"),
            managed: None,
            attributes: vec![Fact::text(
                "userName",
                format!("{}@contoso.example", "x".repeat(80)),
            )],
            through: Vec::new(),
            groups: Vec::new(),
            folded_groups: Vec::new(),
            more_groups: String::new(),
            access: full.access.clone().map(|access| Access {
                action: AccessAction::Reactivate("/team/members/1/reactivate".to_owned()),
                ..access
            }),
            events: Some(Vec::new()),
            calls: Some(Vec::new()),
            traffic: String::new(),
            ..full.clone()
        };
        let bystander = Self {
            update_roles: String::new(),
            access: None,
            remove: String::new(),
            events: None,
            calls: None,
            traffic: String::new(),
            ..full.clone()
        };
        let refused = Self {
            access: full.access.clone().map(|access| Access {
                action: AccessAction::Nothing("The only active administrator stays.".to_owned()),
                ..access
            }),
            ..full.clone()
        };
        vec![
            ("full", full),
            ("bare", bare),
            ("bystander", bystander),
            ("refused", refused),
        ]
    }
}

#[cfg(test)]
impl RemovePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::{long_name, viewer};
        let page = |name: &str| {
            Page::new(
                super::super::Room::Members,
                format!("Remove {name}?"),
                &viewer(),
            )
            .under("Members", "/team/members")
            .under(name, "/team/members/1")
        };
        let full = Self {
            page: page("Ada Lovelace"),
            lead: "ada@contoso.example leaves the team at once.".to_owned(),
            consequences: vec!["She can no longer sign in to the team.".to_owned()],
            keys: vec![Link::new("Entra", "/team/authentication")],
            groups: vec![Link::new(long_name(), "/team/groups/1")],
            heir: Some(
                Field::new("heir", "Hand over to")
                    .value("grace@contoso.example")
                    .help("The user name of an administrator.")
                    .error("Nobody else on the team has this user name."),
            ),
            action: "/team/members/1/remove".to_owned(),
            cancel: "/team/members/1".to_owned(),
        };
        let plain = Self {
            page: page(&long_name()),
            keys: Vec::new(),
            groups: Vec::new(),
            heir: None,
            ..full.clone()
        };
        vec![("full", full), ("plain", plain)]
    }
}
