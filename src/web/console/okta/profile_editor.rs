//! *Directory > Profile Editor*: the profiles, and the attributes of one.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::Link;

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRow {
    /// Name, linked to its attributes.
    pub name: Link,
    /// *Okta* or *App*.
    pub kind: &'static str,
    /// How many attributes it has, in words.
    pub attributes: String,
    /// *Mappings* of an app; none for the Okta user.
    pub mappings: Option<Link>,
}

/// The list of profiles.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/profiles.html")]
pub struct ProfilesPage {
    /// The frame.
    pub page: Page,
    /// Headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<ProfileRow>,
}

/// An attribute of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeRow {
    /// Display name.
    pub title: String,
    /// Variable name.
    pub name: String,
    /// Data type, with what restricts it.
    pub kind: String,
    /// Where it is sent to; of an app only.
    pub external: String,
    /// *Base* or *Custom*.
    pub origin: &'static str,
    /// Whether a value is needed.
    pub required: bool,
    /// Page: *Edit*; empty where nothing can be edited.
    pub edit: String,
    /// Page: *Delete*; empty for a base attribute.
    pub delete: String,
}

/// The attributes of a profile.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/profile.html")]
pub struct ProfilePage {
    /// The frame; its title is the profile's name.
    pub page: Page,
    /// *Okta* or *App*.
    pub kind: &'static str,
    /// Page: *Add Attribute*.
    pub add: String,
    /// *Mappings* of an app; none for the Okta user.
    pub mappings: Option<Link>,
    /// Whether the attributes are those of an app, which are sent somewhere.
    pub of_app: bool,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<AttributeRow>,
}
