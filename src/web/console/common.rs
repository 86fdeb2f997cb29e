//! Pages that many rooms share: a form, a confirmation, an error.

use askama::Template;

use super::Page;
use super::parts::{Field, Link, Notice, Tone};

/// A page that is one form: create a user, name a key.
#[derive(Debug, Clone, Template)]
#[template(path = "form.html")]
pub struct FormPage {
    /// The frame.
    pub page: Page,
    /// One or two sentences below the title; may be empty.
    pub lead: String,
    /// What is wrong with the whole, when no field is to blame.
    pub error: Option<Notice>,
    /// The fields.
    pub fields: Vec<Field>,
    /// Address the form is posted to.
    pub action: String,
    /// The button's label.
    pub submit: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

/// The name that has to be typed before data is lost for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What to type; the form sends it as `name`.
    pub name: String,
    /// What was wrong the last time; empty at first.
    pub error: String,
}

/// A page of its own that lists consequences before something hard to undo.
#[derive(Debug, Clone, Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    /// The frame; its title is the question.
    pub page: Page,
    /// What is about to happen.
    pub lead: String,
    /// Each a full sentence.
    pub consequences: Vec<String>,
    /// Whether something is lost or stops working: red outline and button.
    pub danger: bool,
    /// A name to type, where data is lost.
    pub ask: Option<Ask>,
    /// Address the confirmation is posted to.
    pub action: String,
    /// The button's label, a verb.
    pub submit: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

/// A page that says what went wrong.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The bare frame.
    pub page: Page,
    /// HTTP status, small.
    pub status: u16,
    /// What happened and what to do, one or two sentences.
    pub sentence: String,
    /// Id under which the log tells the cause; empty unless the fault is ours.
    pub event: String,
    /// The way out.
    pub link: Link,
}

impl ErrorPage {
    /// 404.
    pub fn not_found() -> Self {
        Self::new(
            404,
            "Page not found",
            "The address is wrong, or what it named has been deleted.",
        )
    }

    /// 403 with the reason.
    pub fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(403, "Not allowed", reason)
    }

    /// Any other refusal, with the sentence that says why and what to do.
    pub fn refused(status: u16, sentence: impl Into<String>) -> Self {
        let title = match status {
            403 => "Not allowed",
            409 => "Not possible right now",
            503 => "Busy",
            _ => "That did not work",
        };
        Self::new(status, title, sentence)
    }

    /// 500: the cause stands in the log under `event`.
    pub fn internal(event: impl Into<String>) -> Self {
        let mut page = Self::new(
            500,
            "Something broke on our side",
            "Nothing was half-written. Try once more; if it happens again, look up this event in the log.",
        );
        page.event = event.into();
        page
    }

    fn new(status: u16, title: &str, sentence: impl Into<String>) -> Self {
        Self {
            page: Page::bare(title),
            status,
            sentence: sentence.into(),
            event: String::new(),
            link: Link::new("Go to the overview", "/"),
        }
    }
}

impl FormPage {
    /// The notice when saving failed although every field is fine.
    #[must_use]
    pub fn failed(mut self, what: impl Into<String>, mend: impl Into<String>) -> Self {
        self.error = Some(Notice::new(Tone::Bad, what, mend));
        self
    }
}

#[cfg(test)]
impl ErrorPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("404", Self::not_found()),
            (
                "403",
                Self::forbidden(
                    "Only team admins may generate SCIM API keys. Ask an admin of the team.",
                ),
            ),
            ("500", Self::internal("9f3c2a7e41d0")),
        ]
    }
}
