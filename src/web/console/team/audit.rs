//! *Audit log*: the list of the team's events, and one of them.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Name of who did it, linked to the member where there is one.
    pub actor: Link,
    /// E-mail address, or what kind of actor it is.
    pub actor_sub: String,
    /// Display name of the event, linked to the event.
    pub event: Link,
    /// The event in one sentence.
    pub description: String,
    /// Network address; empty when unknown.
    pub address: String,
    /// When.
    pub at: Moment,
}

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "team/audit.html")]
pub struct AuditPage {
    /// The frame.
    pub page: Page,
    /// How long events are kept.
    pub lead: String,
    /// Where an operator changes that; empty for others.
    pub retention: String,
    /// Address of the same list as CSV.
    pub export: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<AuditRow>,
}

/// One event.
#[derive(Debug, Clone, Template)]
#[template(path = "team/event.html")]
pub struct EventPage {
    /// The frame; its title is the display name.
    pub page: Page,
    /// The event in one sentence.
    pub sentence: String,
    /// Slug, time, actor, place.
    pub facts: Vec<Fact>,
    /// What it was done to.
    pub target: Vec<Fact>,
    /// Attributes that changed, and what else is known.
    pub variables: Vec<Fact>,
    /// More events of the same kind, person or group; the exchange.
    pub more: Vec<Link>,
}

#[cfg(test)]
fn row(actor: &str, sub: &str, event: &str, description: String, at: &str) -> AuditRow {
    AuditRow {
        actor: Link::new(actor, "/team/members/4c1d"),
        actor_sub: sub.to_owned(),
        event: Link::new(event, "/team/audit/7"),
        description,
        address: "2001:db8:85a3:8d3:1319:8a2e:370:7348".to_owned(),
        at: super::super::samples::moment(at),
    }
}

#[cfg(test)]
impl AuditPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{PEOPLE, long_name, viewer};
        let url = ListUrl::new("/team/audit")
            .with("q", "ada")
            .with("action", "user.logout")
            .with("from", "2026-05-01");
        let page = |rows: Vec<AuditRow>| Self {
            page: Page::new(super::super::Room::Audit, "Audit log", &viewer()),
            lead: "Kept for 180 days.".to_owned(),
            retention: "/team/audit/retention".to_owned(),
            export: "/team/audit/export.csv".to_owned(),
            list: List {
                caption: "Audit log".to_owned(),
                filter: Some(
                    Filter::new(&url, "Member: name or e-mail")
                        .select(&url, "action", "Event", &[("user.logout", "User Logout")])
                        .day(&url, "from", "From")
                        .day(&url, "until", "Until"),
                ),
                columns: vec![Column::new("Member"), Column::new("Event")],
                pager: Pager {
                    summary: "25 events, newest first".to_owned(),
                    previous: String::new(),
                    next: "/team/audit?before=12".to_owned(),
                },
                empty: Empty::no_match(&url),
            },
            rows,
        };
        let mut rows: Vec<AuditRow> = PEOPLE
            .iter()
            .map(|(name, email)| {
                let text = format!("{name} logged out.");
                row(name, email, "User Logout", text, "3 min ago")
            })
            .collect();
        let long = long_name();
        rows.push(row(
            &long,
            "SCIM API key",
            "SCIM User Provisioned",
            format!("{long} provisioned {long} by SCIM."),
            "2 h ago",
        ));
        vec![("none", page(Vec::new())), ("many", page(rows))]
    }
}

#[cfg(test)]
impl EventPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::{long_name, viewer};
        let long = long_name();
        vec![(
            "provisioned",
            Self {
                page: Page::new(
                    super::super::Room::Audit,
                    "SCIM User Provisioned",
                    &viewer(),
                )
                .under("Audit log", "/team/audit"),
                sentence: format!("Entra provisioned {long} by SCIM."),
                facts: vec![
                    Fact::code("Action", "team.scim_add_member"),
                    Fact::link("Actor", "Ada Lovelace", "/team/members/4c1d"),
                    Fact::code("Client", long.as_str()),
                ],
                target: vec![Fact::link("Member", long, "/team/members/4c1d")],
                variables: vec![Fact::text("Attributes", "userName, name, active")],
                more: vec![Link::new("The HTTP exchange", "/traffic/7")],
            },
        )]
    }
}
