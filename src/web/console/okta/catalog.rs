//! *Browse App Catalog*: the templates an app can be made from.

use askama::Template;

use super::super::Page;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogCard {
    /// Its name.
    pub title: &'static str,
    /// What it is, in a sentence.
    pub description: &'static str,
    /// What its apps can and cannot do.
    pub notes: Vec<String>,
    /// Where it is chosen.
    pub choose: String,
}

/// The catalogue.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/catalog.html")]
pub struct CatalogPage {
    /// The frame.
    pub page: Page,
    /// The templates.
    pub cards: Vec<CatalogCard>,
}
