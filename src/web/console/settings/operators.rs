//! *Operators*: who owns the appliance.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Field, Moment, Pill};

/// A row of the list, oldest account first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorRow {
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub email: String,
    /// Whether the person can sign in.
    pub status: Pill,
    /// Since when there is the account.
    pub created: Moment,
    /// Address of the page that takes the rights away; empty when that is not possible.
    pub remove: String,
    /// Why not; empty when it is.
    pub blocked: String,
}

/// The list and the form that adds one.
#[derive(Debug, Clone, Template)]
#[template(path = "settings/operators.html")]
pub struct OperatorsPage {
    /// The frame.
    pub page: Page,
    /// Headings and count.
    pub list: List,
    /// The rows.
    pub rows: Vec<OperatorRow>,
    /// Address the form is posted to.
    pub add: String,
    /// E-mail address.
    pub field: Field,
}

#[cfg(test)]
impl OperatorsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::parts::{Link, Tone};
        use super::super::samples::{PEOPLE, long_name, moment, viewer};
        let row = |name: &str, email: &str, blocked: &str| OperatorRow {
            name: name.to_owned(),
            email: email.to_owned(),
            status: Pill::new(Tone::Good, "Can sign in"),
            created: moment("2 h ago"),
            remove: if blocked.is_empty() {
                "/settings/operators/1/remove".to_owned()
            } else {
                String::new()
            },
            blocked: blocked.to_owned(),
        };
        let page = |rows: Vec<OperatorRow>, error: &str| Self {
            page: Page::new(super::super::Room::Operators, "Operators", &viewer()),
            list: List {
                caption: "Operators".to_owned(),
                filter: None,
                columns: vec![Column::new("Name"), Column::new("Status")],
                pager: Pager::new(3, 1, 50, ("operator", "operators"), &ListUrl::new("/x")),
                empty: Empty::new("", "", Link::plain("")),
            },
            rows,
            add: "/settings/operators".to_owned(),
            field: Field::new("email", "E-mail").required().error(error),
        };
        let long = long_name();
        let mut many: Vec<OperatorRow> = PEOPLE
            .iter()
            .map(|(name, email)| row(name, email, ""))
            .collect();
        many.push(row(&long, &long, ""));
        vec![
            (
                "one",
                page(vec![row("Ada", "ada@contoso.example", "The last one.")], ""),
            ),
            ("many", page(many, "Nobody signs in with this address.")),
        ]
    }
}
