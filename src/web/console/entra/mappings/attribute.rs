//! *Edit Attribute*: the form of one attribute mapping, with the expression builder beside it.

use askama::Template;

use super::super::super::Page;
use super::super::super::parts::{Fact, Field, Link, Notice};
use super::Marked;
use super::object::ComputedValue;

/// The outcome of *Test expression*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Whose attributes it was tested with, linked to the person.
    pub person: Link,
    /// On create and on update, once where they agree.
    pub values: Vec<ComputedValue>,
    /// The source attributes it reads, with their values.
    pub reads: Vec<Fact>,
}

/// The form.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/mappings/attribute.html")]
pub struct EditAttributePage {
    /// The frame: *Edit Attribute* or *Add New Mapping*.
    pub page: Page,
    /// What saving leads to.
    pub effect: &'static str,
    /// What is wrong with the whole, when no field is to blame.
    pub error: Option<Notice>,
    /// Address of the form.
    pub action: String,
    /// Revision of the rules that the form was filled from.
    pub revision: String,
    /// *Mapping type*.
    pub kind: Field,
    /// *Source attribute*, of a direct mapping.
    pub source: Field,
    /// *Expression*.
    pub expression: Field,
    /// The expression as it was typed, with the place where it cannot be read.
    pub fault: Option<Marked>,
    /// *Constant value*.
    pub constant: Field,
    /// *Default value if null*, *Target attribute*, *Match objects using this attribute*, *Matching precedence*, *Apply
    /// this mapping*.
    pub fields: Vec<Field>,
    /// Whom expressions are tested with.
    pub person: Field,
    /// The outcome of *Test expression*.
    pub tested: Option<Tested>,
    /// Source attributes of that person that have a value.
    pub attributes: Vec<Fact>,
    /// Functions of the language: how a call is written, and what it does.
    pub functions: Vec<Fact>,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
mod tests {
    use super::super::super::super::parts::{Choice, Tone};
    use super::super::samples::{BASE, below};
    use super::*;

    fn page() -> EditAttributePage {
        EditAttributePage {
            page: below("Edit Attribute"),
            effect: "A change makes the next cycle an initial one.",
            error: None,
            action: format!("{BASE}/users/attributes/1"),
            revision: "00".to_owned(),
            kind: Field::new("type", "Mapping type")
                .choices(vec![Choice::new("Expression", "Expression")])
                .value("Expression"),
            source: Field::new("source", "Source attribute").suggestions(vec![
                Choice::new("mail", "mail"),
                Choice::new("city", "<city>"),
            ]),
            expression: Field::new("expression", "Expression")
                .lines(4)
                .value("Not([IsSoftDeleted])"),
            fault: None,
            constant: Field::new("constant", "Constant value"),
            fields: vec![
                Field::new("target", "Target attribute")
                    .value("active")
                    .required(),
            ],
            person: Field::new("person", "Test with").value("ada@contoso.example"),
            tested: Some(Tested {
                person: Link::new("Ada Lovelace", "/entra/users/1"),
                values: vec![ComputedValue {
                    when: "",
                    values: vec!["True".to_owned()],
                    note: String::new(),
                    failed: false,
                }],
                reads: vec![Fact::code("IsSoftDeleted", "False")],
            }),
            attributes: vec![Fact::text("givenName", "Ada")],
            functions: vec![Fact::text("Not(source)", "The opposite.")],
            cancel: format!("{BASE}/users"),
        }
    }

    impl EditAttributePage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let text = "Join(\" \", [givenName]\n  [surname])</textarea><script>";
            let wrong = Self {
                error: Some(Notice::new(
                    Tone::Bad,
                    "Nothing was saved.",
                    "Mend what is marked.",
                )),
                expression: page().expression.value(text).error("a comma is missing"),
                fault: Some(Marked::at(text, 24, 1)),
                tested: None,
                ..page()
            };
            vec![("good", page()), ("wrong", wrong)]
        }
    }
}
