//! *Restart provisioning*: what it clears is chosen on a page of its own.

use askama::Template;

use super::super::Page;
use super::job_settings::Switch;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/restart.html")]
pub struct RestartPage {
    /// The frame; its title is the question.
    pub page: Page,
    /// What may be cleared, the default ticked.
    pub clears: Vec<Switch>,
    /// How many deletions are held back, in words; empty when none are.
    pub held: String,
    /// Approves them.
    pub force: Switch,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}
