//! *SCIM provisioning*: the toggle, the base URL and the SCIM API keys.
//!
//! Labels and order follow the vendor's tutorial: *SCIM provisioning*, *Turn On*, *Generate SCIM API Key*, name,
//! *Generate*, *Done*; *Regenerate* keeps the previous key active while one switches over. The reason stands
//! beside every disabled control.

use askama::Template;

use super::super::Page;
use super::super::parts::{Link, Moment, Notice, Pill, Tab, Toggle};

/// A row of the list of keys, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// The key's name.
    pub name: String,
    /// The last characters of the value, to recognise it by.
    pub ending: String,
    /// What makes it different from a plain key: *read only*, its profile, its user. May be empty.
    pub options: String,
    /// *ACTIVE*, *RETIRING*, *EXPIRED* or *REVOKED*.
    pub status: Pill,
    /// *expires*, *stops* or *expired*, and when, if it is not revoked.
    pub expires: Option<(&'static str, Moment)>,
    /// Why it is answered with 403 although its status is fine; else empty.
    pub stopped: String,
    /// Who generated it.
    pub creator: String,
    /// When.
    pub created: Moment,
    /// The last request with it.
    pub used: Option<Moment>,
    /// `User-Agent` of that request; may be empty.
    pub client: String,
    /// Number of requests with it, formatted.
    pub requests: String,
    /// Address of the form that regenerates it; empty where that is not possible.
    pub regenerate: String,
    /// Address of the revocation's confirmation page; empty once revoked.
    pub revoke: String,
    /// Address of the page that asks before it is deleted; empty while it works.
    pub delete: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "team/scim.html")]
pub struct ScimPage {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// *SCIM provisioning*.
    pub toggle: Toggle,
    /// Why the toggle is disabled and what to do; none when it is not.
    pub blocked: Option<Notice>,
    /// SCIM base URL.
    pub base_url: String,
    /// The Postman environment of this team, without a key.
    pub environment: String,
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
    /// What becomes of the key whose place it takes; empty for a new one.
    pub previous: String,
    /// SCIM base URL, which is needed together with it.
    pub base_url: String,
    /// POST: the Postman environment with the key in it.
    pub environment: String,
    /// Where *Done* leads.
    pub done: String,
}

/// The form that regenerates a key.
#[derive(Debug, Clone, Template)]
#[template(path = "team/regenerate.html")]
pub struct RegeneratePage {
    /// The frame; its title is the question.
    pub page: Page,
    /// The key's name.
    pub name: String,
    /// What it ends in.
    pub ending: String,
    /// The new value, sealed: sending the form twice makes one key.
    pub once: String,
    /// Whether the previous key is to be kept.
    pub keep: bool,
    /// For how many hours, as typed.
    pub hours: String,
    /// What is wrong with the hours; else empty.
    pub error: String,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
impl ScimPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, moment, viewer};
        use super::authentication::Section;
        let key = |name: &str, active: bool| KeyRow {
            name: name.to_owned(),
            ending: "x7Qd".to_owned(),
            options: if active {
                "read only, profile strict, /Me is ada@contoso.example".to_owned()
            } else {
                String::new()
            },
            expires: active.then(|| ("expires", moment("in 30 days"))),
            stopped: String::new(),
            status: if active {
                Pill::new(Tone::Good, "ACTIVE")
            } else {
                Pill::new(Tone::Quiet, "REVOKED")
            },
            creator: "ada@contoso.example".to_owned(),
            created: moment("2 h ago"),
            used: active.then(|| moment("3 min ago")),
            client: if active {
                "python-scim/1.4 (linux; x86_64)".to_owned()
            } else {
                String::new()
            },
            requests: if active { "12,480" } else { "0" }.to_owned(),
            regenerate: if active { "/r" } else { "" }.to_owned(),
            revoke: if active { "/v" } else { "" }.to_owned(),
            delete: if active { "" } else { "/d" }.to_owned(),
        };
        let on = Self {
            page: Page::new(
                super::super::Room::Authentication,
                "Authentication",
                &viewer(),
            ),
            tabs: Section::Scim.tabs(),
            toggle: Toggle::asking(
                "SCIM provisioning",
                true,
                "/team/authentication/scim/turn-off",
            ),
            blocked: None,
            base_url: "http://127.0.0.1:7644/scim/v2/".to_owned(),
            environment: "/team/authentication/scim/environment".to_owned(),
            profile: Link::new("postman, 2 switches turned", "/team/authentication/profile"),
            profile_about: "Postman's SCIM API: 12 operations, its filters, its sentences, its rate limits.",
            generate: "/team/authentication/scim/keys/new".to_owned(),
            generate_blocked: String::new(),
            keys: vec![
                key("Entra agent", true),
                KeyRow {
                    status: Pill::new(Tone::Warn, "RETIRING"),
                    expires: Some(("stops", moment("in 23 h"))),
                    regenerate: String::new(),
                    ..key("Entra agent", true)
                },
                KeyRow {
                    stopped: "Answered with 403: whoever generated it is no longer an admin."
                        .to_owned(),
                    ..key(&long_name(), true)
                },
                key("Laptop test", false),
            ],
        };
        let off = Self {
            toggle: Toggle::asking(
                "SCIM provisioning",
                false,
                "/team/authentication/scim/turn-on",
            ),
            generate: String::new(),
            generate_blocked: "Turn on SCIM provisioning first.".to_owned(),
            keys: Vec::new(),
            ..on.clone()
        };
        let blocked = Self {
            toggle: Toggle::blocked("SCIM provisioning", false),
            blocked: Some(Notice::new(
                Tone::Warn,
                "You must have SSO configured prior to enabling SCIM.",
                "",
            )),
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
        let once = Self {
            page: Page::new(
                super::super::Room::Authentication,
                "SCIM API key generated",
                &viewer(),
            )
            .under("Authentication", "/team/authentication"),
            name: "Entra agent".to_owned(),
            value: "slk_8Zp1r4nQvYx2mT6cW0bJ9sKdF3hL5gA7uE".to_owned(),
            previous: String::new(),
            base_url: "http://127.0.0.1:7644/scim/v2/".to_owned(),
            environment: "/team/authentication/scim/environment".to_owned(),
            done: "/team/authentication/scim".to_owned(),
        };
        let again = Self {
            previous: "The previous key, ending in 09af, goes on working and stops in 24 h."
                .to_owned(),
            ..once.clone()
        };
        vec![("once", once), ("regenerated", again)]
    }
}

#[cfg(test)]
impl RegeneratePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::{long_name, viewer};
        let page = Self {
            page: Page::new(
                super::super::Room::Authentication,
                "Regenerate Entra agent?",
                &viewer(),
            )
            .under("Authentication", "/team/authentication"),
            name: long_name(),
            ending: "x7Qd".to_owned(),
            once: "00ff".to_owned(),
            keep: true,
            hours: "24".to_owned(),
            error: String::new(),
            action: "/team/authentication/scim/keys/1/regenerate".to_owned(),
            cancel: "/team/authentication/scim".to_owned(),
        };
        let wrong = Self {
            error: "Keep the previous key working for 1 hour to 7 days, or not at all.".to_owned(),
            hours: "900".to_owned(),
            ..page.clone()
        };
        vec![("ask", page), ("wrong", wrong)]
    }
}
