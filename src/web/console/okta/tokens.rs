//! *Security > API > Tokens*: the tokens of the management API.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::Moment;

/// A row of the list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// What it is for.
    pub name: String,
    /// Last four characters.
    pub ending: String,
    /// Who made it.
    pub by: String,
    /// When it was made.
    pub created: Moment,
    /// POST: revokes it.
    pub revoke: String,
}

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/tokens.html")]
pub struct TokensPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that makes one.
    pub create: String,
    /// Headings, count.
    pub list: List,
    /// The rows.
    pub rows: Vec<TokenRow>,
}

/// The one page that shows a token's value.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/token.html")]
pub struct TokenPage {
    /// The frame.
    pub page: Page,
    /// What it is for.
    pub name: String,
    /// The value, shown this once.
    pub value: String,
    /// Where *Done* leads.
    pub done: String,
}
