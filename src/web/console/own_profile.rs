//! *Profile*: one's own account, teams, invites and password.

use askama::Template;

use super::Page;
use super::parts::{Field, Link, Notice, Pill};

/// A team one is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamLine {
    /// The team's name.
    pub name: String,
    /// How one stands there.
    pub state: Pill,
    /// Roles of one's own.
    pub own: String,
    /// Roles through groups, each with its group; may be empty.
    pub through: Vec<String>,
    /// Address of the question before one leaves; empty when one cannot.
    pub leave: String,
    /// Why one cannot leave; empty when one can.
    pub stays: String,
}

/// An invite that waits for one's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteLine {
    /// The team's name.
    pub team: String,
    /// Who invites, one sentence.
    pub by: String,
    /// Address a form is posted to, to join.
    pub join: String,
    /// Address a form is posted to, to decline.
    pub dismiss: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/profile.html")]
pub struct OwnProfilePage {
    /// The frame.
    pub page: Page,
    /// What SCIM keeps one from, and who to ask; none when nothing.
    pub managed: Option<Notice>,
    /// Invites that wait.
    pub invites: Vec<InviteLine>,
    /// The name.
    pub name: Field,
    /// The e-mail address, which stays.
    pub email: String,
    /// Why the address stays and how to get another one.
    pub email_note: String,
    /// Address the name is posted to.
    pub save_name: String,
    /// Present password, new one, new one again; empty when it cannot be changed.
    pub password: Vec<Field>,
    /// Why it cannot be changed; empty when it can.
    pub password_blocked: String,
    /// Address the passwords are posted to.
    pub save_password: String,
    /// Teams, the oldest first.
    pub teams: Vec<TeamLine>,
    /// Other pages about oneself, such as sessions.
    pub more: Vec<Link>,
}

#[cfg(test)]
impl OwnProfilePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::parts::Tone;
        use super::samples::{long_name, viewer};
        let password = || {
            vec![
                Field::new("present", "Current password")
                    .required()
                    .kind("password", "current-password")
                    .error("That is not your password."),
                Field::new("password", "New password")
                    .required()
                    .kind("password", "new-password"),
            ]
        };
        let free = Self {
            page: Page::new(super::Room::OwnProfile, "Profile", &viewer()),
            managed: None,
            invites: vec![InviteLine {
                team: long_name(),
                by: "Ada Lovelace invited you as Developer.".to_owned(),
                join: "/profile/invites/2-1/join".to_owned(),
                dismiss: "/profile/invites/2-1/dismiss".to_owned(),
            }],
            name: Field::new("name", "Name").required().value("Ada <b>"),
            email: "ada@contoso.example".to_owned(),
            email_note: "It is how you sign in.".to_owned(),
            save_name: "/profile/name".to_owned(),
            password: password(),
            password_blocked: String::new(),
            save_password: "/profile/password".to_owned(),
            teams: vec![
                TeamLine {
                    name: "Acme".to_owned(),
                    state: Pill::new(Tone::Good, "Active"),
                    own: "Admin, Developer".to_owned(),
                    through: vec!["Developer through Engineering".to_owned()],
                    leave: "/profile/teams/1/leave".to_owned(),
                    stays: String::new(),
                },
                TeamLine {
                    name: long_name(),
                    state: Pill::new(Tone::Info, "Invited"),
                    own: "Developer".to_owned(),
                    through: Vec::new(),
                    leave: String::new(),
                    stays: "SCIM provisioning is on.".to_owned(),
                },
            ],
            more: vec![Link::new("Sessions", "/profile/sessions")],
        };
        let managed = Self {
            managed: Some(Notice::new(
                Tone::Info,
                "SCIM provisioning is on for Acme.",
                "Contact a Team Admin.",
            )),
            invites: Vec::new(),
            password: Vec::new(),
            password_blocked: "SCIM provisioning is on.".to_owned(),
            more: Vec::new(),
            ..free.clone()
        };
        vec![("free", free), ("managed", managed)]
    }
}
