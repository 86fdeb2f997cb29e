//! The form of one scoping filter: a title and clauses.

use askama::Template;

use super::super::super::Page;
use super::super::super::parts::{Choice, Field, Notice};

/// A clause in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClauseFields {
    /// Number of the row, from 1: part of ids.
    pub number: usize,
    /// Source attribute.
    pub attribute: String,
    /// Operator, in the portal's spelling.
    pub operator: String,
    /// Value.
    pub value: String,
    /// What is wrong with this clause; may be empty.
    pub error: String,
}

/// The form.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/mappings/scope_form.html")]
pub struct ScopeFormPage {
    /// The frame: *Add scoping filter* or the filter's title.
    pub page: Page,
    /// What is wrong with the whole, when no field is to blame.
    pub error: Option<Notice>,
    /// Address of the form.
    pub action: String,
    /// Revision of the rules that the form was filled from.
    pub revision: String,
    /// *Scoping filter title*.
    pub title: Field,
    /// The clauses, empty ones at the end.
    pub clauses: Vec<ClauseFields>,
    /// Attributes to suggest.
    pub attributes: Vec<String>,
    /// Operators to choose from.
    pub operators: Vec<Choice>,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
mod tests {
    use super::super::super::super::parts::Tone;
    use super::super::samples::{BASE, below};
    use super::*;

    impl ScopeFormPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let clause = |number, error: &str| ClauseFields {
                number,
                attribute: "country".to_owned(),
                operator: "EQUALS".to_owned(),
                value: "\"<US>".to_owned(),
                error: error.to_owned(),
            };
            vec![(
                "wrong",
                Self {
                    page: below("Add scoping filter"),
                    error: Some(Notice::new(Tone::Bad, "Nothing was saved.", "")),
                    action: format!("{BASE}/users/scope/new"),
                    revision: "00".to_owned(),
                    title: Field::new("title", "Scoping filter title").required(),
                    clauses: vec![
                        clause(1, "references are not supported"),
                        ClauseFields {
                            number: 2,
                            ..ClauseFields::default()
                        },
                    ],
                    attributes: vec!["country".to_owned()],
                    operators: vec![Choice::new("EQUALS", "EQUALS")],
                    cancel: format!("{BASE}/users/scope"),
                },
            )]
        }
    }
}
