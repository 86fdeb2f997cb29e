//! The form with a group's name and description.

use askama::Template;

use super::super::Page;
use super::super::parts::{Field, Notice};

/// Makes a group, or changes one.
#[derive(Debug, Clone, Template)]
#[template(path = "team/group_form.html")]
pub struct GroupFormPage {
    /// The frame.
    pub page: Page,
    /// One or two sentences below the title; may be empty.
    pub lead: String,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// Name and description.
    pub fields: Vec<Field>,
    /// Name and description as they were when the form was drawn, so that nobody overwrites what somebody else
    /// saved meanwhile; none for a new group.
    pub seen: Option<(String, String)>,
    /// Address the form is posted to.
    pub action: String,
    /// The button's label.
    pub submit: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
impl GroupFormPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, viewer};
        let new = Self {
            page: Page::new(super::super::Room::TeamGroups, "Create Group", &viewer())
                .under("Groups", "/team/groups"),
            lead: "A new group has the Developer role, and you manage it.".to_owned(),
            error: None,
            fields: vec![
                Field::new("name", "Name").required(),
                Field::new("summary", "Description").help("What the group is for."),
            ],
            seen: None,
            action: "/team/groups/new".to_owned(),
            submit: "Create Group".to_owned(),
            cancel: "/team/groups".to_owned(),
        };
        let stale = Self {
            page: Page::new(super::super::Room::TeamGroups, "Edit Group", &viewer())
                .under("Groups", "/team/groups")
                .under(long_name(), "/team/groups/1"),
            lead: String::new(),
            error: Some(Notice::new(
                Tone::Bad,
                "It changed meanwhile.",
                "Save it, or cancel.",
            )),
            fields: vec![
                Field::new("name", "Name")
                    .required()
                    .value(long_name())
                    .error("Another group has this name. Choose a different one."),
                Field::new("summary", "Description").value("x".repeat(500)),
            ],
            seen: Some((long_name(), String::new())),
            ..new.clone()
        };
        vec![("new", new), ("stale", stale)]
    }
}
