//! What somebody sees who opens the link of an invite.

use askama::Template;

use super::Page;
use super::parts::{Field, Link, Notice};

/// *Join Team*.
#[derive(Debug, Clone, Template)]
#[template(path = "access/invitation.html")]
pub struct InvitationPage {
    /// The bare frame.
    pub page: Page,
    /// Who invites whom to what, one sentence.
    pub lead: String,
    /// What is wrong, or who is signed in.
    pub notice: Option<Notice>,
    /// What the form asks for; empty when the addressee is signed in.
    pub fields: Vec<Field>,
    /// Address the form is posted to: the link itself. Empty when one cannot join here.
    pub action: String,
    /// Address a form is posted to, to decline; empty when the addressee is not signed in.
    pub dismiss: String,
}

/// A link that leads to nothing any more.
#[derive(Debug, Clone, Template)]
#[template(path = "access/invitation_over.html")]
pub struct InvitationOverPage {
    /// The bare frame.
    pub page: Page,
    /// Why and what to do.
    pub sentence: String,
    /// The way on.
    pub link: Link,
}

#[cfg(test)]
impl InvitationPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::parts::Tone;
        use super::samples::long_name;
        let new = Self {
            page: Page::bare("Join Acme"),
            lead: "Ada Lovelace invited bob@example.com to the team Acme.".to_owned(),
            notice: None,
            fields: vec![
                Field::new("name", "Name").required(),
                Field::new("password", "Password")
                    .required()
                    .kind("password", "new-password")
                    .error("The password needs at least 10 characters."),
            ],
            action: "/invites/1-1-ab".to_owned(),
            dismiss: String::new(),
        };
        let signed = Self {
            page: Page::bare(format!("Join {}", long_name())),
            notice: Some(Notice::new(
                Tone::Info,
                "You are signed in as eve@example.com.",
                "Joining signs you in as bob@example.com instead.",
            )),
            fields: Vec::new(),
            dismiss: "/invites/1-1-ab/dismiss".to_owned(),
            ..new.clone()
        };
        let elsewhere = Self {
            action: String::new(),
            fields: Vec::new(),
            ..new.clone()
        };
        vec![
            ("new", new),
            ("signed-in", signed),
            ("elsewhere", elsewhere),
        ]
    }
}

#[cfg(test)]
impl InvitationOverPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "over",
            Self {
                page: Page::bare("This link does not work"),
                sentence: "It was taken back. Ask for another one.".to_owned(),
                link: Link::new("Sign in", "/login"),
            },
        )]
    }
}
