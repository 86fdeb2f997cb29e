//! Getting in: the one-time setup link and sign-in.

use askama::Template;

use super::Page;
use super::parts::{Field, Notice};
use crate::secret::PASSWORD_MINIMUM;

/// The first administrator, made through the one-time link.
#[derive(Debug, Clone, Template)]
#[template(path = "access/setup.html")]
pub struct SetupPage {
    /// The bare frame.
    pub page: Page,
    /// Address the form is posted to: the one-time link itself.
    pub action: String,
    /// E-mail, name, password, password again.
    pub fields: Vec<Field>,
    /// Until when the link works, as a sentence.
    pub expires: String,
}

impl SetupPage {
    /// An empty form.
    pub fn new(action: impl Into<String>, expires: impl Into<String>) -> Self {
        Self {
            page: Page::bare("Set up scimlab"),
            action: action.into(),
            fields: vec![
                Field::new("email", "E-mail")
                    .required()
                    .kind("email", "username")
                    .max_length(254),
                Field::new("name", "Name")
                    .required()
                    .kind("text", "name")
                    .max_length(100),
                Field::new("password", "Password")
                    .required()
                    .kind("password", "new-password")
                    .help(format!(
                        "At least {PASSWORD_MINIMUM} characters. Length beats symbols."
                    )),
                Field::new("again", "Password again")
                    .required()
                    .kind("password", "new-password"),
            ],
            expires: expires.into(),
        }
    }

    /// The same form with what was typed (never the passwords) and one error, at the field it belongs to.
    #[must_use]
    pub fn refused(mut self, email: &str, name: &str, field: &str, error: &str) -> Self {
        for slot in &mut self.fields {
            match &*slot.name {
                "email" => email.clone_into(&mut slot.value),
                "name" => name.clone_into(&mut slot.value),
                _ => {}
            }
            if slot.name == field {
                error.clone_into(&mut slot.error);
            }
        }
        self
    }
}

/// Sign-in.
#[derive(Debug, Clone, Template)]
#[template(path = "access/login.html")]
pub struct LoginPage {
    /// The bare frame.
    pub page: Page,
    /// Local path to open afterwards.
    pub next: String,
    /// E-mail and password.
    pub fields: Vec<Field>,
    /// Whether *Stay signed in* is ticked.
    pub stay: bool,
    /// Why the last try failed, or that one has signed out.
    pub notice: Option<Notice>,
}

impl LoginPage {
    /// The form; `email` is what was typed before, `next` the local path to open afterwards.
    pub fn new(email: &str, next: impl Into<String>, notice: Option<Notice>) -> Self {
        Self {
            page: Page::bare("Sign in"),
            next: next.into(),
            fields: vec![
                Field::new("email", "E-mail")
                    .required()
                    .kind("email", "username")
                    .max_length(254)
                    .value(email),
                Field::new("password", "Password")
                    .required()
                    .kind("password", "current-password"),
            ],
            stay: false,
            notice,
        }
    }

    /// The same form with *Stay signed in* as it was.
    #[must_use]
    pub fn staying(mut self, stay: bool) -> Self {
        self.stay = stay;
        self
    }
}

#[cfg(test)]
impl SetupPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let page = || {
            Self::new(
                "/setup/3f9a7c",
                "This link works once and ends in 28 minutes.",
            )
        };
        let refused = page().refused(
            "ada@example.com",
            "Ada Lovelace",
            "again",
            "The two passwords differ. Type the same one twice.",
        );
        vec![("empty", page()), ("refused", refused)]
    }
}

#[cfg(test)]
impl LoginPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::parts::Tone;
        let wrong = Notice::new(
            Tone::Bad,
            "E-mail and password do not match.",
            "Locked out? Run \"scimlab admin upsert EMAIL\" on the host.",
        );
        vec![
            ("first", Self::new("", "/", None)),
            ("wrong", Self::new("ada@example.com", "/", Some(wrong))),
        ]
    }
}
