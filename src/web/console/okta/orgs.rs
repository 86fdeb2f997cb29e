//! Orgs of the mock Okta.

use askama::Template;

use super::super::Page;
use super::super::list::List;

/// A row of the list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgRow {
    /// Name.
    pub name: String,
    /// Subdomain.
    pub subdomain: String,
    /// Number of people, formatted.
    pub people: String,
    /// Number of groups, formatted.
    pub groups: String,
    /// The same in words.
    pub size: String,
    /// Whether the pages of the mock Okta show this one.
    pub open: bool,
    /// POST: shows this one.
    pub open_at: String,
    /// Address of the form that renames it.
    pub rename: String,
}

/// The list of orgs.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/orgs.html")]
pub struct OrgsPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that makes an org; empty where nobody can.
    pub create: String,
    /// Headings, pager.
    pub list: List,
    /// The rows.
    pub rows: Vec<OrgRow>,
}
