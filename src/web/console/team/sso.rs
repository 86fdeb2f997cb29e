//! An SSO method: the form that adds one, and its page with the values of both ends.
//!
//! Labels follow the vendor's pages: *Continue*, *SSO URL*, *Identity provider issuer*, *X.509 certificate*, *Save
//! Authentication*, *Configure Later*; *Entity ID*, *Login URL*, *ACS URL*, *Generate relay state*.

use askama::Template;

use super::super::Page;
use super::super::parts::{Fact, Field, Notice, Pill, Toggle};

/// *Add Authentication Method*: type and name.
#[derive(Debug, Clone, Template)]
#[template(path = "team/sso_new.html")]
pub struct NewMethodPage {
    /// The frame.
    pub page: Page,
    /// *Authentication type* and *Name*.
    pub fields: Vec<Field>,
    /// Random; sending the form twice adds one method.
    pub instance: String,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

/// A method's page.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a view: each is drawn on its own"
)]
#[derive(Debug, Clone, Template)]
#[template(path = "team/sso_method.html")]
pub struct MethodPage {
    /// The frame; its title is the method's name.
    pub page: Page,
    /// *ON*, *OFF* or *NOT CONFIGURED*.
    pub status: Pill,
    /// *Status*.
    pub toggle: Toggle,
    /// What is wrong with the whole, or what was just read from metadata.
    pub note: Option<Notice>,
    /// State of the method that the form was filled from.
    pub revision: String,
    /// *Name*.
    pub name: Field,
    /// *SSO URL* and *Identity provider issuer*.
    pub fields: Vec<Field>,
    /// *X.509 certificate* as typed.
    pub certificate: String,
    /// What is wrong with it; else empty.
    pub certificate_error: String,
    /// What the saved certificate says of itself; empty when there is none.
    pub certificate_facts: Vec<Fact>,
    /// Why the saved certificate wants attention; else empty.
    pub certificate_warning: String,
    /// *Automatically add new users*.
    pub add_new_users: bool,
    /// Whether the mock Entra is the other end, so that the three values may stay empty.
    pub uses_mock: bool,
    /// Whether values of another one were typed nevertheless.
    pub uses_other: bool,
    /// Whether the mock Entra could be.
    pub offers_mock: bool,
    /// Metadata as pasted.
    pub metadata: String,
    /// What is wrong with it; else empty.
    pub metadata_error: String,
    /// *Entity ID*, *Login URL* and *ACS URL*: id, label and value.
    pub service_provider: Vec<(&'static str, &'static str, String)>,
    /// The relay state; empty until one is generated.
    pub relay_state: String,
    /// Address of this page; the forms are posted below it.
    pub here: String,
    /// Where *Configure Later* and *Cancel* lead.
    pub list: &'static str,
    /// Whether the method is configured.
    pub configured: bool,
}

#[cfg(test)]
impl NewMethodPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Choice;
        use super::super::samples::{long_name, viewer};
        let field = Field::new("name", "Name").required().value(long_name());
        vec![(
            "taken",
            Self {
                page: Page::new(
                    super::super::Room::Authentication,
                    "Add Authentication Method",
                    &viewer(),
                ),
                fields: vec![
                    Field::new("type", "Authentication type")
                        .choices(vec![Choice::new("entra-id", "Microsoft Entra ID")]),
                    field.error("Another method of this team has this name."),
                ],
                instance: "54d382a4-2819-4c22-b49e-0a1b2c3d4e5f".to_owned(),
                action: "/team/authentication/methods/new".to_owned(),
                cancel: "/team/authentication".to_owned(),
            },
        )]
    }
}

#[cfg(test)]
impl MethodPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, viewer};
        let base = "http://127.0.0.1:7644";
        let field = |name, label: &str, value: &str| Field::new(name, label).value(value);
        let saved = Self {
            page: Page::new(super::super::Room::Authentication, long_name(), &viewer())
                .under("Authentication", "/team/authentication"),
            status: Pill::new(Tone::Good, "ON"),
            toggle: Toggle::posting("this method", true, "/off"),
            note: None,
            revision: "3".to_owned(),
            name: field("name", "Name", "Contoso Entra"),
            fields: vec![
                field(
                    "sso_url",
                    "SSO URL",
                    "https://login.contoso.example/4a1c/saml2",
                ),
                field(
                    "issuer",
                    "Identity provider issuer",
                    "https://sts.contoso.example/4a1c/",
                ),
            ],
            certificate: "MIIBrzCCAVWgAwIBAgIUfDxNkoUNH3AxmtWxLU3cQtm131kwCgYIKoZIzj0EAwIw"
                .to_owned(),
            certificate_error: String::new(),
            certificate_facts: vec![
                Fact::text("Subject", "CN=Contoso signing,O=Contoso"),
                Fact::code("SHA-256", vec!["0A"; 32].join(":")),
            ],
            certificate_warning: "It expired 3 days ago.".to_owned(),
            add_new_users: true,
            uses_mock: false,
            uses_other: false,
            offers_mock: true,
            metadata: String::new(),
            metadata_error: String::new(),
            service_provider: vec![
                ("entity-id", "Entity ID", format!("{base}/sso")),
                (
                    "login-url",
                    "Login URL",
                    format!("{base}/sso/54d382a4/init"),
                ),
                (
                    "acs-url",
                    "ACS URL",
                    format!("{base}/sso/54d382a4/callback"),
                ),
            ],
            relay_state: "8Zp1r4nQvYx2mT6cW0bJ9sKdF3hL5gA7".to_owned(),
            here: "/team/authentication/methods/1".to_owned(),
            list: "/team/authentication",
            configured: true,
        };
        let wrong = Self {
            note: Some(Notice::new(Tone::Bad, "It was changed meanwhile.", "")),
            metadata: "<!DOCTYPE x>".to_owned(),
            metadata_error: "The metadata has a DOCTYPE.".to_owned(),
            certificate_error: "This is a private key.".to_owned(),
            certificate_facts: Vec::new(),
            certificate_warning: String::new(),
            status: Pill::new(Tone::Warn, "NOT CONFIGURED"),
            toggle: Toggle::blocked("this method", false),
            relay_state: String::new(),
            configured: false,
            ..saved.clone()
        };
        let mock = Self {
            uses_mock: true,
            certificate: String::new(),
            ..wrong.clone()
        };
        vec![("saved", saved), ("wrong", wrong), ("mock", mock)]
    }
}
