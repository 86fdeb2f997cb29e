//! *Schemas*: the schemas with which a team extends its users and groups.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Field, Link, Moment, Notice, Pill};

/// A row of the list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaRow {
    /// The schema's name, linked to it.
    pub name: Link,
    /// Its URN.
    pub urn: String,
    /// *User* or *Group*.
    pub extends: &'static str,
    /// *Required* or *Optional*.
    pub required: Pill,
    /// Number of attributes.
    pub attributes: String,
    /// When it was added.
    pub created: Moment,
}

/// The list of schemas.
#[derive(Debug, Clone, Template)]
#[template(path = "team/schemas.html")]
pub struct SchemasPage {
    /// The frame.
    pub page: Page,
    /// Why clients do not meet these schemas, if they do not.
    pub unseen: Option<Notice>,
    /// Address of the form that adds one; empty when there can be no more.
    pub add: String,
    /// Why there can be no more; empty when there can.
    pub add_blocked: String,
    /// Headings and pager.
    pub list: List,
    /// The rows.
    pub rows: Vec<SchemaRow>,
}

/// An attribute or sub-attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeRow {
    /// Its name; a sub-attribute's with that of its parent in front.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Data type, and whether there are several.
    pub kind: String,
    /// Whether it must be there.
    pub required: &'static str,
    /// Who may change it.
    pub mutability: &'static str,
    /// When it is returned.
    pub returned: &'static str,
}

/// One schema.
#[derive(Debug, Clone, Template)]
#[template(path = "team/schema.html")]
pub struct SchemaPage {
    /// The frame; its title is the schema's name.
    pub page: Page,
    /// URN, what it extends, who added it.
    pub facts: Vec<Fact>,
    /// Its attributes.
    pub attributes: Vec<AttributeRow>,
    /// The document as it was typed.
    pub document: String,
    /// Address of the form that replaces it.
    pub replace: String,
    /// Address of the question before it is removed.
    pub remove: String,
}

/// The form that adds or replaces a schema.
#[derive(Debug, Clone, Template)]
#[template(path = "team/schema_form.html")]
pub struct SchemaFormPage {
    /// The frame.
    pub page: Page,
    /// What to write, one or two sentences.
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

#[cfg(test)]
mod samples {
    use super::super::super::list::{Column, Empty, ListUrl, Pager};
    use super::super::super::parts::{Choice, Tone};
    use super::super::super::samples::{long_name, moment, viewer};
    use super::super::super::{Page, Room};
    use super::*;

    const URN: &str = "urn:example:params:scim:schemas:extension:badge:1.0:User";

    impl SchemasPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let url = ListUrl::new("/team/schemas");
            let row = |name: &str| SchemaRow {
                name: Link::new(name, "/team/schemas/1"),
                urn: URN.to_owned(),
                extends: "User",
                required: Pill::new(Tone::Quiet, "Optional"),
                attributes: "4".to_owned(),
                created: moment("2 h ago"),
            };
            let list = |total| List {
                caption: "Schemas".to_owned(),
                filter: None,
                columns: vec![Column::new("Name"), Column::new("Extends")],
                pager: Pager::new(total, 1, 25, ("schema", "schemas"), &url),
                empty: Empty::new(
                    "No schemas of this team yet",
                    "Add one.",
                    Link::new("Add Schema", "/team/schemas/new"),
                ),
            };
            let many = Self {
                page: Page::new(Room::Schemas, "Schemas", &viewer()),
                unseen: Some(Notice::new(Tone::Warn, "Not offered.", "Choose a profile.")),
                add: String::new(),
                add_blocked: "A team has at most 20.".to_owned(),
                list: list(2),
                rows: vec![row("Badge"), row(&long_name())],
            };
            let empty = Self {
                unseen: None,
                add: "/team/schemas/new".to_owned(),
                add_blocked: String::new(),
                list: list(0),
                rows: Vec::new(),
                ..many.clone()
            };
            vec![("many", many), ("empty", empty)]
        }
    }

    impl SchemaPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let attribute = |name: &str| AttributeRow {
                name: name.to_owned(),
                description: "What is printed on the badge.".to_owned(),
                kind: "complex, several".to_owned(),
                required: "yes",
                mutability: "readWrite",
                returned: "default",
            };
            vec![(
                "one",
                Self {
                    page: Page::new(Room::Schemas, "Badge", &viewer())
                        .under("Schemas", "/team/schemas"),
                    facts: vec![Fact::code("id", URN), Fact::text("Extends", "User")],
                    attributes: vec![attribute("number"), attribute("doors.value")],
                    document: "{\"id\": \"</pre><script>\"}".to_owned(),
                    replace: "/team/schemas/1/replace".to_owned(),
                    remove: "/team/schemas/1/remove".to_owned(),
                },
            )]
        }
    }

    impl SchemaFormPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            vec![(
                "wrong",
                Self {
                    page: Page::new(Room::Schemas, "Add Schema", &viewer())
                        .under("Schemas", "/team/schemas"),
                    lead: "Write a schema.".to_owned(),
                    error: None,
                    fields: vec![
                        Field::new("extends", "Extends").choices(vec![
                            Choice::new("User", "users"),
                            Choice::new("Group", "groups"),
                        ]),
                        Field::new("document", "Schema")
                            .kind("textarea", "off")
                            .required()
                            .value("</textarea><script>")
                            .error("line 1 column 1: not JSON"),
                    ],
                    action: "/team/schemas/new".to_owned(),
                    submit: "Add Schema".to_owned(),
                    cancel: "/team/schemas".to_owned(),
                },
            )]
        }
    }
}
