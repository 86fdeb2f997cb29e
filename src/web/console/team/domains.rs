//! *Domains*: what a team claims, the TXT record of each, and what a verified one changes.

use askama::Template;

use super::super::Page;
use super::super::parts::{Fact, Link, Moment, Pill, Tab};

/// A domain of the list, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRow {
    /// Its name, linked to its page.
    pub name: Link,
    /// *UNVERIFIED* or *VERIFIED*.
    pub status: Pill,
    /// How it was verified and by whom; may be empty.
    pub how: String,
    /// When it was added.
    pub added: Moment,
    /// Address of the page that asks before it is deleted.
    pub delete: String,
}

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "team/domains.html")]
pub struct DomainsPage {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Address of the form that adds one.
    pub add: String,
    /// What verified domains change, each a sentence.
    pub effects: Vec<String>,
    /// The domains.
    pub domains: Vec<DomainRow>,
}

/// *View Verification Details*.
#[derive(Debug, Clone, Template)]
#[template(path = "team/domain.html")]
pub struct DomainPage {
    /// The frame; its title is the domain.
    pub page: Page,
    /// *UNVERIFIED* or *VERIFIED*.
    pub status: Pill,
    /// Host of the TXT record.
    pub host: String,
    /// Its value; empty for a domain that was added before there was one.
    pub record: String,
    /// Address *Mark as verified* is posted to; empty once it is.
    pub verify: String,
    /// Address of the page that asks before it is deleted.
    pub delete: String,
    /// When, how and by whom.
    pub facts: Vec<Fact>,
    /// What being verified changes, each a sentence.
    pub effects: Vec<String>,
    /// Where *Verify Later* leads.
    pub list: &'static str,
}

#[cfg(test)]
impl DomainsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{moment, viewer};
        use super::authentication::Section;
        let domain = |name: &str, verified: bool| DomainRow {
            name: Link::new(name, "/team/authentication/domains/contoso.example"),
            status: if verified {
                Pill::new(Tone::Good, "VERIFIED")
            } else {
                Pill::new(Tone::Warn, "UNVERIFIED")
            },
            how: if verified {
                "by hand, by ada@contoso.example".to_owned()
            } else {
                String::new()
            },
            added: moment("2 h ago"),
            delete: "/team/authentication/domains/contoso.example/delete".to_owned(),
        };
        let some = Self {
            page: Page::new(
                super::super::Room::Authentication,
                "Authentication",
                &viewer(),
            ),
            tabs: Section::Domains.tabs(),
            add: "/team/authentication/domains/new".to_owned(),
            effects: vec!["SCIM takes existing accounts in at once.".to_owned()],
            domains: vec![
                domain("contoso.example", true),
                domain(&format!("{}.example", "long-label-".repeat(5)), false),
            ],
        };
        let none = Self {
            domains: Vec::new(),
            ..some.clone()
        };
        vec![("some", some), ("none", none)]
    }
}

#[cfg(test)]
impl DomainPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::viewer;
        let open = Self {
            page: Page::new(
                super::super::Room::Authentication,
                "contoso.example",
                &viewer(),
            )
            .under("Authentication", "/team/authentication")
            .under("Domains", "/team/authentication/domains"),
            status: Pill::new(Tone::Warn, "UNVERIFIED"),
            host: "contoso.example".to_owned(),
            record: "scimlab-domain-verification=0123456789abcdef0123456789abcdef".to_owned(),
            verify: "/team/authentication/domains/contoso.example/verify".to_owned(),
            delete: "/team/authentication/domains/contoso.example/delete".to_owned(),
            facts: vec![Fact::text("Added", "2026-05-04 03:00:54 UTC")],
            effects: vec!["SCIM takes existing accounts in at once.".to_owned()],
            list: "/team/authentication/domains",
        };
        let verified = Self {
            status: Pill::new(Tone::Good, "VERIFIED"),
            verify: String::new(),
            record: String::new(),
            ..open.clone()
        };
        vec![("unverified", open), ("verified", verified)]
    }
}
