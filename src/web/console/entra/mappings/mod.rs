//! *Mappings*: the object mappings of an application, and what their pages share.
//!
//! Names follow the vendor's blade: *Attribute Mapping*, *Source Object Scope*, *Target Object Actions*, *Edit
//! Attribute*, *Add New Mapping*. One template a page.

pub mod attribute;
pub mod object;
pub mod scope;
pub mod scope_form;

use askama::Template;

use super::super::Page;
use super::super::parts::{Link, Pill, Tab};

/// An object mapping in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectMappingRow {
    /// `Synchronize Microsoft Entra users to Postman`, linked to its page.
    pub name: Link,
    /// *Enabled* or *Disabled*.
    pub status: Pill,
    /// `4 attributes`.
    pub attributes: String,
    /// `All users`, or `2 scoping filters`, linked to them.
    pub scope: Link,
    /// `Create, Update, Delete`.
    pub actions: String,
}

/// The object mappings of an application.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/mappings/list.html")]
pub struct MappingsPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// What becomes of what, and what a change leads to.
    pub lead: String,
    /// Users, then groups.
    pub rows: Vec<ObjectMappingRow>,
}

/// A text with the part that is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// What stands before the fault; the whole text when nothing is wrong.
    pub before: String,
    /// What is marked; may be empty at the end of the text.
    pub fault: String,
    /// What stands behind it.
    pub after: String,
    /// Whether there is a fault.
    pub wrong: bool,
}

impl Marked {
    /// A text without fault.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            before: text.into(),
            ..Self::default()
        }
    }

    /// A text with a fault of so many bytes at this place; both are moved to the borders of characters.
    pub fn at(text: &str, offset: usize, length: usize) -> Self {
        let start = text.floor_char_boundary(offset);
        let end = text.ceil_char_boundary(start.saturating_add(length).min(text.len()));
        Self {
            before: text[..start].to_owned(),
            fault: text[start..end].to_owned(),
            after: text[end..].to_owned(),
            wrong: true,
        }
    }
}

/// The choice of the object that previews are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// Address that the search is sent to.
    pub action: String,
    /// What is searched for.
    pub query: String,
    /// `Search by name or user principal name`.
    pub hint: &'static str,
    /// What was found: each leads to its preview, with its user principal name.
    pub found: Vec<(Link, String)>,
    /// Why nothing was found, or that there are more; may be empty.
    pub note: String,
}

#[cfg(test)]
impl MappingsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        let (page, tabs) = samples::frame();
        let row = |name: &str, slug: &str, status: Pill| ObjectMappingRow {
            name: Link::new(name, format!("{}/{slug}", samples::BASE)),
            status,
            attributes: "4 attributes".to_owned(),
            scope: Link::new("All users", format!("{}/{slug}/scope", samples::BASE)),
            actions: "Create, Update, Delete".to_owned(),
        };
        vec![(
            "both",
            Self {
                page,
                tabs,
                lead: "How objects of the directory become users and groups of the target."
                    .to_owned(),
                rows: vec![
                    row(
                        "Synchronize Microsoft Entra users to Postman",
                        "users",
                        Pill::new(Tone::Good, "Enabled"),
                    ),
                    row(
                        "Synchronize Microsoft Entra groups to Postman",
                        "groups",
                        Pill::new(Tone::Quiet, "Disabled"),
                    ),
                ],
            },
        )]
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::super::super::parts::Tab;
    use super::super::super::samples::{application, viewer};
    use super::super::super::{Page, Room};
    use super::super::applications::{ApplicationTab, tabs};

    pub(crate) const BASE: &str = "/entra/applications/1/provisioning/mappings";

    pub(crate) fn frame() -> (Page, Vec<Tab>) {
        let page = Page::new(Room::Applications, application(), &viewer())
            .under("Enterprise applications", "/entra/applications");
        (
            page,
            tabs(
                "/entra/applications/1",
                crate::model::Direction::Outbound,
                ApplicationTab::Mappings,
            ),
        )
    }

    pub(crate) fn below(title: &str) -> Page {
        Page::new(Room::Applications, title, &viewer())
            .under("Enterprise applications", "/entra/applications")
            .under(application(), "/entra/applications/1")
            .under("Mappings", BASE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_marked_at_the_borders_of_characters() {
        let marked = Marked::at("a\u{e9}b", 2, 1);
        assert_eq!(
            (
                marked.before.as_str(),
                marked.fault.as_str(),
                marked.after.as_str()
            ),
            ("a", "\u{e9}", "b")
        );
        let end = Marked::at("abc", 9, 1);
        assert_eq!((end.before.as_str(), end.fault.as_str()), ("abc", ""));
        assert!(end.wrong && !Marked::plain("x").wrong);
    }
}
