//! *Directory > People*: the list, and one person.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Pill};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// First and last name, linked to the person.
    pub name: Link,
    /// Username.
    pub login: String,
    /// Primary email.
    pub email: String,
    /// As the Admin Console names the status.
    pub status: Pill,
    /// When the person was made.
    pub created: Moment,
}

/// The list of people.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/people.html")]
pub struct PeoplePage {
    /// The frame.
    pub page: Page,
    /// Address of the form that adds a person; empty where nobody can.
    pub create: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<PersonRow>,
}

/// A transition of the lifecycle that the status allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The button's label.
    pub label: &'static str,
    /// POST.
    pub action: String,
    /// What it means, asked before it is done; empty asks nothing.
    pub asks: &'static str,
    /// Whether somebody loses something.
    pub danger: bool,
}

/// An app the person is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedApp {
    /// The app.
    pub app: Link,
    /// What the app knows the person by.
    pub user_name: String,
    /// *Individual* or *Group*.
    pub scope: &'static str,
    /// How far the account is.
    pub status: Pill,
    /// Why it failed last; empty when it did not.
    pub error: String,
}

/// One person.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/person.html")]
pub struct PersonPage {
    /// The frame; its title is the name.
    pub page: Page,
    /// As the Admin Console names the status.
    pub status: Pill,
    /// Address of the form that edits the profile; empty where it cannot be edited.
    pub edit: String,
    /// Address of the form that sets a password; empty where none can be set.
    pub password: String,
    /// What the status allows.
    pub transitions: Vec<Transition>,
    /// Address of the page that deletes; empty unless the person is deactivated.
    pub delete: String,
    /// The profile.
    pub profile: Vec<Fact>,
    /// Id and moments.
    pub technical: Vec<Fact>,
    /// Groups, linked.
    pub groups: Vec<Link>,
    /// Apps.
    pub apps: Vec<AssignedApp>,
}
