//! *Authentication*: the ways to sign in to the team, and where SCIM provisioning stands.
//!
//! Labels and order follow the vendor's pages: *Authentication Methods*, *Add Authentication Method*, *SCIM
//! provisioning*. The reason stands beside every disabled control.

use askama::Template;

use super::super::Page;
use super::super::parts::{Link, Notice, Pill, Tab, Toggle};

/// The tabs of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// *Authentication Methods*.
    Methods,
    /// *SCIM provisioning*.
    Scim,
    /// *Domains*.
    Domains,
}

impl Section {
    const ALL: [Self; 3] = [Self::Methods, Self::Scim, Self::Domains];

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Methods => "Authentication Methods",
            Self::Scim => "SCIM provisioning",
            Self::Domains => "Domains",
        }
    }

    /// Its address.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Methods => "/team/authentication",
            Self::Scim => "/team/authentication/scim",
            Self::Domains => "/team/authentication/domains",
        }
    }

    /// The tabs with this one open.
    pub fn tabs(self) -> Vec<Tab> {
        let tab = |section: Self| Tab {
            link: Link::new(section.label(), section.href()),
            current: section == self,
        };
        Self::ALL.map(tab).into()
    }
}

/// An SSO method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodRow {
    /// Its name, linked to its page.
    pub name: Link,
    /// The vendor.
    pub kind: &'static str,
    /// The other end in a few words.
    pub provider: String,
    /// *ON*, *OFF* or *NOT CONFIGURED*.
    pub status: Pill,
    /// *Status*.
    pub toggle: Toggle,
    /// Address of the page that asks before it is deleted.
    pub delete: String,
}

/// A built-in method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltInRow {
    /// Its name.
    pub name: &'static str,
    /// Who signs in with it, and what switching it off does.
    pub about: &'static str,
    /// Its switch.
    pub toggle: Toggle,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "team/authentication.html")]
pub struct AuthenticationPage {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Address of the form that adds a method.
    pub add: String,
    /// Address that sets up the mock Entra as the one method; empty where that would be a second one.
    pub mock: String,
    /// The methods, oldest first.
    pub methods: Vec<MethodRow>,
    /// How the methods stand to the rule that SCIM needs exactly one.
    pub rule: Notice,
    /// The built-in methods.
    pub built_ins: Vec<BuiltInRow>,
    /// *SCIM provisioning*.
    pub scim: Toggle,
    /// Its keys in a few words, linked to their list.
    pub keys: Link,
}

#[cfg(test)]
impl AuthenticationPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, viewer};
        let method = |name: &str, status: Pill, on: bool, toggle: &str| MethodRow {
            name: Link::new(name, "/team/authentication/methods/1"),
            kind: "Microsoft Entra ID",
            provider: if toggle.is_empty() {
                "no identity provider yet".to_owned()
            } else {
                "https://sts.contoso.example/4a1c/".to_owned()
            },
            status,
            toggle: Toggle::posting(name, on, toggle),
            delete: "/team/authentication/methods/1/delete".to_owned(),
        };
        let built_in = |name, on| BuiltInRow {
            name,
            about: "Everybody who has one. Switching it off shuts out members who are no operators.",
            toggle: Toggle::asking(name, on, "/team/authentication/built-in/password/off"),
        };
        let several = Self {
            page: Page::new(
                super::super::Room::Authentication,
                "Authentication",
                &viewer(),
            ),
            tabs: Section::Methods.tabs(),
            add: "/team/authentication/methods/new".to_owned(),
            mock: String::new(),
            methods: vec![
                method("Contoso Entra", Pill::new(Tone::Good, "ON"), true, "/x"),
                method(&long_name(), Pill::new(Tone::Quiet, "OFF"), false, "/x"),
                method("Okta", Pill::new(Tone::Warn, "NOT CONFIGURED"), false, ""),
            ],
            rule: Notice::new(
                Tone::Warn,
                "2 SSO methods are enabled: turn one off.",
                "Keys that exist go on working.",
            ),
            built_ins: vec![
                built_in("Password", true),
                built_in("Google OAuth 2.0", false),
            ],
            scim: Toggle::blocked("SCIM provisioning", false),
            keys: Link::new("2 keys work", "/team/authentication/scim"),
        };
        let none = Self {
            methods: Vec::new(),
            mock: "/team/authentication/methods/mock-entra".to_owned(),
            rule: Notice::new(Tone::Info, "You must have SSO configured.", ""),
            ..several.clone()
        };
        let ready = Self {
            rule: Notice::new(Tone::Good, "Exactly one SSO method is in use.", ""),
            scim: Toggle::asking(
                "SCIM provisioning",
                true,
                "/team/authentication/scim/turn-off",
            ),
            ..several.clone()
        };
        vec![("several", several), ("none", none), ("ready", ready)]
    }
}
