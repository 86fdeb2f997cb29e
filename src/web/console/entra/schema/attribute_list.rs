//! *Edit attribute list for customappsso*: the attributes of the target, and the form of one.

use askama::Template;

use super::super::super::Page;
use super::super::super::list::List;
use super::super::super::parts::{Field, Link, Notice, Tab};

/// An attribute in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeRow {
    /// Its name, linked to its form.
    pub name: Link,
    /// `String`, `Reference`.
    pub kind: &'static str,
    /// `Primary key, Required`: what is said yes to.
    pub traits: String,
    /// What it refers to; may be empty.
    pub referenced: String,
    /// Whether a mapping writes it.
    pub mapped: bool,
}

/// *Edit attribute list*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/schema/attribute_list.html")]
pub struct AttributeListPage {
    /// The frame; its title is *Edit attribute list for customappsso*.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Filter, headings, pager.
    pub list: List,
    /// The attributes of this page.
    pub rows: Vec<AttributeRow>,
    /// Address of the form for another one.
    pub add: String,
}

/// Something to say yes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Name in the form's body, also its id.
    pub name: &'static str,
    /// *Required?*
    pub label: &'static str,
    /// What it means.
    pub help: &'static str,
    /// Whether it is said yes to.
    pub on: bool,
    /// What is wrong; empty when nothing is.
    pub error: String,
}

/// One attribute.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/schema/attribute_form.html")]
pub struct AttributeFormPage {
    /// The frame; its title is the attribute's name or *Add attribute*.
    pub page: Page,
    /// What is wrong with the whole, when no field is to blame.
    pub error: Option<Notice>,
    /// Name it had; empty for a new one.
    pub was: String,
    /// Version of the schema that the page shows.
    pub revision: String,
    /// *Name* and *Type*, *API Expression*, *Referenced Object Attribute*.
    pub fields: Vec<Field>,
    /// *Primary Key?*, *Required?*, *Multi-value?*, *Exact case?*
    pub ticks: Vec<Tick>,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
    /// Address *Delete* posts to; empty for a new one.
    pub remove: String,
    /// Why it cannot be deleted; empty when it can.
    pub remove_blocked: String,
}

#[cfg(test)]
mod tests {
    use super::super::super::super::list::{Column, Empty, Filter, ListUrl, Pager};
    use super::super::super::super::parts::{Choice, Tone};
    use super::super::super::super::samples::long_name;
    use super::super::super::mappings::samples::{BASE, below, frame};
    use super::*;

    impl AttributeListPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let (_, tabs) = frame();
            let url = ListUrl::new(format!("{BASE}/users/attribute-list"));
            let row = |name: String| AttributeRow {
                name: Link::new(name, format!("{BASE}/users/attribute-list/edit?name=x")),
                kind: "Reference",
                traits: "Required, Exact case".to_owned(),
                referenced: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".to_owned(),
                mapped: true,
            };
            let page = |total: u64, rows| Self {
                page: below("Edit attribute list for customappsso"),
                tabs: tabs.clone(),
                list: List {
                    caption: "Attributes".into(),
                    filter: Some(Filter::new(&url, "Search by name")),
                    columns: vec![Column::new("Name"), Column::new("Type")],
                    pager: Pager::new(total, 1, 25, ("attribute", "attributes"), &url),
                    empty: Empty::no_match(&url),
                },
                rows,
                add: format!("{BASE}/users/attribute-list/new"),
            };
            let rows = vec![
                row("emails[type eq \"<work>\"].value".into()),
                row(long_name()),
            ];
            vec![("full", page(2_000, rows)), ("empty", page(0, Vec::new()))]
        }
    }

    impl AttributeFormPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let tick = |name: &'static str, error: &str| Tick {
                name,
                label: "Multi-value?",
                help: "Whether it can have several values.",
                on: true,
                error: error.to_owned(),
            };
            let new = Self {
                page: below("Add attribute"),
                error: None,
                was: String::new(),
                revision: "1".to_owned(),
                fields: vec![
                    Field::new("name", "Name").required(),
                    Field::new("type", "Type").choices(vec![Choice::new("String", "String")]),
                ],
                ticks: vec![tick("required", ""), tick("multi_valued", "")],
                action: format!("{BASE}/users/attribute-list/new"),
                cancel: format!("{BASE}/users/attribute-list"),
                remove: String::new(),
                remove_blocked: String::new(),
            };
            let wrong = Self {
                error: Some(Notice::new(Tone::Bad, "Nothing was saved.", "Try again.")),
                was: "<name>".to_owned(),
                fields: vec![
                    Field::new("name", "Name")
                        .value(long_name())
                        .error("It is <wrong>."),
                ],
                ticks: vec![tick("multi_valued", "A custom attribute has one value.")],
                remove: format!("{BASE}/users/attribute-list/remove"),
                remove_blocked: "It is mapped; delete its mapping first.".to_owned(),
                ..new.clone()
            };
            let removable = Self {
                remove_blocked: String::new(),
                error: None,
                ..wrong.clone()
            };
            vec![("new", new), ("wrong", wrong), ("removable", removable)]
        }
    }
}
