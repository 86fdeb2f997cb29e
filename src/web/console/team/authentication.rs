//! *Authentication*: the SCIM provisioning toggle, the base URL and the SCIM API keys.
//!
//! Labels and order follow the vendor's tutorial: *SCIM provisioning*, *Turn On*, *Generate SCIM API Key*, name,
//! *Generate*, *Done*. The reason stands beside every disabled control.

use askama::Template;

use super::super::Page;
use super::super::parts::{Link, Moment, Pill};

/// A row of the list of keys, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// The key's name.
    pub name: String,
    /// The last characters of the value, to recognise it by.
    pub ending: String,
    /// What makes it different from a plain key: *read only*, its profile, its user. May be empty.
    pub options: String,
    /// *ACTIVE*, *EXPIRED* or *REVOKED*.
    pub status: Pill,
    /// *expires* or *expired*, and when, if it is not revoked.
    pub expires: Option<(&'static str, Moment)>,
    /// Who generated it.
    pub creator: String,
    /// When.
    pub created: Moment,
    /// Address of the revocation's confirmation page; empty once revoked.
    pub revoke: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "team/authentication.html")]
pub struct AuthenticationPage {
    /// The frame.
    pub page: Page,
    /// Whether SCIM provisioning is on.
    pub on: bool,
    /// Address of the confirmation page that turns it on or off; empty when it cannot be changed.
    pub toggle: String,
    /// Why the toggle is disabled and what to do; empty when it is not.
    pub toggle_blocked: String,
    /// SCIM base URL.
    pub base_url: String,
    /// The profile in a few words, linked to its page.
    pub profile: Link,
    /// What the preset is for.
    pub profile_about: &'static str,
    /// Address of the form that names a new key; empty when none can be generated.
    pub generate: String,
    /// Why no key can be generated and what to do; empty when one can.
    pub generate_blocked: String,
    /// The keys.
    pub keys: Vec<KeyRow>,
}

/// The one page that shows a key's value.
#[derive(Debug, Clone, Template)]
#[template(path = "team/key.html")]
pub struct KeyPage {
    /// The frame.
    pub page: Page,
    /// The key's name.
    pub name: String,
    /// The value, shown this once. Sent with `Cache-Control: no-store`.
    pub value: String,
    /// SCIM base URL, which is needed together with it.
    pub base_url: String,
    /// Where *Done* leads.
    pub done: String,
}

#[cfg(test)]
impl AuthenticationPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, moment, viewer};
        let key = |name: &str, active: bool| KeyRow {
            name: name.to_owned(),
            ending: "x7Qd".to_owned(),
            options: if active {
                "read only, profile strict, /Me is ada@contoso.example".to_owned()
            } else {
                String::new()
            },
            expires: active.then(|| ("expires", moment("in 30 days"))),
            status: if active {
                Pill::new(Tone::Good, "ACTIVE")
            } else {
                Pill::new(Tone::Quiet, "REVOKED")
            },
            creator: "ada@contoso.example".to_owned(),
            created: moment("2 h ago"),
            revoke: if active {
                "/team/authentication/scim/keys/1/revoke".to_owned()
            } else {
                String::new()
            },
        };
        let on = Self {
            page: Page::new(
                super::super::Room::Authentication,
                "Authentication",
                &viewer(),
            ),
            on: true,
            toggle: "/team/authentication/scim/turn-off".to_owned(),
            toggle_blocked: String::new(),
            base_url: "http://127.0.0.1:7644/scim/v2/".to_owned(),
            profile: Link::new("postman, 2 switches turned", "/team/authentication/profile"),
            profile_about: "Postman's SCIM API: 12 operations, its filters, its sentences, its rate limits.",
            generate: "/team/authentication/scim/keys/new".to_owned(),
            generate_blocked: String::new(),
            keys: vec![
                key("Entra agent", true),
                key(&long_name(), true),
                key("Laptop test", false),
            ],
        };
        let off = Self {
            on: false,
            toggle: "/team/authentication/scim/turn-on".to_owned(),
            generate: String::new(),
            generate_blocked: "Turn on SCIM provisioning first.".to_owned(),
            keys: Vec::new(),
            ..on.clone()
        };
        let blocked = Self {
            toggle: String::new(),
            toggle_blocked:
                "No single sign-on method is set up. SCIM provisioning needs exactly one."
                    .to_owned(),
            ..off.clone()
        };
        let fresh = Self {
            keys: Vec::new(),
            ..on.clone()
        };
        vec![
            ("on", on),
            ("off", off),
            ("blocked", blocked),
            ("fresh", fresh),
        ]
    }
}

#[cfg(test)]
impl KeyPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::viewer;
        vec![(
            "once",
            Self {
                page: Page::new(
                    super::super::Room::Authentication,
                    "SCIM API key generated",
                    &viewer(),
                )
                .under("Authentication", "/team/authentication"),
                name: "Entra agent".to_owned(),
                value: "slk_8Zp1r4nQvYx2mT6cW0bJ9sKdF3hL5gA7uE".to_owned(),
                base_url: "http://127.0.0.1:7644/scim/v2/".to_owned(),
                done: "/team/authentication".to_owned(),
            },
        )]
    }
}
