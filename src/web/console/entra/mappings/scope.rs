//! *Source Object Scope*: the scoping filters of an object mapping, and the question before they change: who enters,
//! who leaves, and what follows in the target.

use askama::Template;

use super::super::super::Page;
use super::super::super::parts::{Fact, Link, Notice, Pill, Tab};

/// A scoping filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterCard {
    /// Its title, linked to the form that edits it.
    pub title: Link,
    /// Its clauses, joined by AND: attribute, operator, value (empty for operators without).
    pub clauses: Vec<(String, &'static str, String)>,
    /// Address of the question before it is deleted.
    pub delete: String,
}

/// The scoping filters of an object mapping.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/mappings/scope.html")]
pub struct ScopePage {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// What no filters mean here.
    pub unfiltered: String,
    /// The filters, joined by OR.
    pub filters: Vec<FilterCard>,
    /// Address of *Add scoping filter*.
    pub add: String,
}

/// Somebody who enters or leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedRow {
    /// Display name, linked to the object.
    pub name: Link,
    /// User principal name.
    pub detail: String,
    /// What the next cycle does: *Created*, *Disabled*, *Nothing*.
    pub follows: Pill,
}

/// Those who move in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementCard {
    /// `Enter` or `Leave`.
    pub title: &'static str,
    /// `12 people`.
    pub count: String,
    /// What follows in the target, one sentence each.
    pub follows: Vec<String>,
    /// The first of them.
    pub rows: Vec<MovedRow>,
    /// That there are more than are shown; may be empty.
    pub more: String,
}

/// The question before scoping filters change.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/mappings/scope_confirm.html")]
pub struct ScopeConfirmPage {
    /// The frame; its title is the question.
    pub page: Page,
    /// What was looked at.
    pub lead: String,
    /// That not everybody could be looked at.
    pub partly: Option<Notice>,
    /// In scope now, after, and so on.
    pub facts: Vec<Fact>,
    /// Those who leave, then those who enter.
    pub movements: Vec<MovementCard>,
    /// What saving means; each a full sentence.
    pub consequences: Vec<String>,
    /// Whether something is disabled or deleted.
    pub danger: bool,
    /// Address of the form.
    pub action: String,
    /// What is sent with it.
    pub hidden: Vec<(String, String)>,
    /// The button's label.
    pub submit: &'static str,
    /// Whether the same form can lead back to what was typed.
    pub can_change: bool,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
mod tests {
    use super::super::super::super::parts::Tone;
    use super::super::super::super::samples::long_name;
    use super::super::samples::{BASE, below, frame};
    use super::*;

    impl ScopePage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let filter = |title: &str| FilterCard {
                title: Link::new(title, format!("{BASE}/users/scope/1")),
                clauses: vec![
                    ("country".to_owned(), "EQUALS", "<US>".to_owned()),
                    ("mail".to_owned(), "IS NOT NULL", String::new()),
                ],
                delete: format!("{BASE}/users/scope/1/delete"),
            };
            let (_, tabs) = frame();
            let two = Self {
                page: below("Source Object Scope"),
                tabs,
                unfiltered: "Everybody who is assigned passes.".to_owned(),
                filters: vec![filter("US sales"), filter(&long_name())],
                add: format!("{BASE}/users/scope/new"),
            };
            let none = Self {
                filters: Vec::new(),
                ..two.clone()
            };
            vec![("two", two), ("none", none)]
        }
    }

    impl ScopeConfirmPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let row = |name: &str| MovedRow {
                name: Link::new(name, "/entra/users/1"),
                detail: "ada@contoso.example".to_owned(),
                follows: Pill::new(Tone::Warn, "Disabled"),
            };
            let card = |title, rows: Vec<MovedRow>| MovementCard {
                title,
                count: "1,204 people".to_owned(),
                follows: vec!["1,204 are disabled in the target.".to_owned()],
                more: if rows.is_empty() { "" } else { "1,202 more." }.to_owned(),
                rows,
            };
            vec![(
                "many",
                Self {
                    page: below("Save this scoping filter?"),
                    lead: "12,480 people were looked at.".to_owned(),
                    partly: Some(Notice::new(Tone::Warn, "Not everybody was looked at.", "")),
                    facts: vec![Fact::text("Stay in scope", "11,276")],
                    movements: vec![
                        card("Leave", vec![row("Ada <Lovelace>"), row(&long_name())]),
                        card("Enter", Vec::new()),
                    ],
                    consequences: vec!["The next cycle is an initial one.".to_owned()],
                    danger: true,
                    action: format!("{BASE}/users/scope/new"),
                    hidden: vec![("title".to_owned(), "\"><script>".to_owned())],
                    submit: "Save",
                    can_change: true,
                    cancel: format!("{BASE}/users/scope"),
                },
            )]
        }
    }
}
