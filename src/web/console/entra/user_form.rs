//! The form of a user: attributes by section, as in the portal's *Properties*.

use askama::Template;

use super::super::Page;
use super::super::parts::{Field, Notice};

/// Attributes that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Whether it is unfolded: the first one, and one with something in it to see.
    pub open: bool,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A user to be created or changed.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/user_form.html")]
pub struct UserFormPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the whole, when no field is to blame.
    pub error: Option<Notice>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// State of the user when the form was made; empty for a new one.
    pub revision: String,
    /// Address the form is posted to.
    pub action: String,
    /// The button's label.
    pub submit: &'static str,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
impl UserFormPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::{Choice, Tone};
        use super::super::samples::viewer;
        let wrong = Self {
            page: Page::new(super::super::Room::EntraUsers, "New user", &viewer())
                .under("Users", "/entra/users"),
            error: Some(Notice::new(Tone::Bad, "Nothing was saved.", "")),
            sections: vec![
                Section {
                    title: "Identity".to_owned(),
                    open: true,
                    fields: vec![
                        Field::new("displayName", "Display name").required(),
                        Field::new("userPrincipalName", "User principal name")
                            .value("no at sign")
                            .error("userPrincipalName must contain @."),
                        Field::new("userType", "User type").choices(vec![
                            Choice::new("Member", "Member"),
                            Choice::new("Guest", "Guest"),
                        ]),
                    ],
                },
                Section {
                    title: "Contact information".to_owned(),
                    open: false,
                    fields: vec![
                        Field::new("city", "City"),
                        Field::new("proxyAddresses", "Proxy addresses").lines(3),
                    ],
                },
            ],
            revision: String::new(),
            action: "/entra/users/new".to_owned(),
            submit: "Create",
            cancel: "/entra/users".to_owned(),
        };
        vec![("wrong", wrong)]
    }
}
