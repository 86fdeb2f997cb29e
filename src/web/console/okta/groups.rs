//! *Directory > Groups*: the list, and one group.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Pill, Tab};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Name, linked to the group.
    pub name: Link,
    /// Description; may be empty.
    pub description: String,
    /// *Okta*, *App*, or *Built-in*.
    pub kind: &'static str,
    /// Number of people, formatted.
    pub people: String,
    /// When the group was made.
    pub created: Moment,
}

/// The list of groups.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/groups.html")]
pub struct GroupsPage {
    /// The frame.
    pub page: Page,
    /// *All* and *Rules*.
    pub tabs: Vec<Tab>,
    /// Address of the form that adds a group; empty where nobody can.
    pub create: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<GroupRow>,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPerson {
    /// First and last name, linked to the person.
    pub name: Link,
    /// Username.
    pub login: String,
    /// Names of the rules that hold the person; empty for whoever was added by hand.
    pub rules: String,
    /// As the Admin Console names the status.
    pub status: Pill,
    /// POST: removes from the group; empty where that cannot be done by hand.
    pub remove: String,
}

/// One group.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/group.html")]
pub struct GroupPage {
    /// The frame; its title is the group's name.
    pub page: Page,
    /// *Okta*, *App*, or *Built-in*.
    pub kind: &'static str,
    /// Address of the form that edits name and description; empty where they cannot be edited.
    pub edit: String,
    /// Address of the page that deletes it; empty where it cannot be deleted.
    pub delete: String,
    /// Page that searches somebody to add; empty where nobody can be added.
    pub assign: String,
    /// Id, description, moments.
    pub facts: Vec<Fact>,
    /// Apps that its people are assigned to through it.
    pub apps: Vec<Link>,
    /// Headings and pager of the people.
    pub list: List,
    /// People of this page.
    pub rows: Vec<GroupPerson>,
}
