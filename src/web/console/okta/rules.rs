//! *Directory > Groups > Rules*: the list, and one rule.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Field, Link, Notice, Pill, Tab};

/// Which of the tabs of *Groups* is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupsTab {
    /// *All*.
    All,
    /// *Rules*.
    Rules,
}

/// The tabs of *Groups*.
pub fn tabs(current: GroupsTab) -> Vec<Tab> {
    [
        (GroupsTab::All, "All", "/okta/groups"),
        (GroupsTab::Rules, "Rules", "/okta/groups/rules"),
    ]
    .into_iter()
    .map(|(tab, label, href)| Tab {
        link: Link::new(label, href),
        current: tab == current,
    })
    .collect()
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// Name, linked to the rule.
    pub name: Link,
    /// The condition.
    pub expression: String,
    /// Names of the groups, those that are gone as such.
    pub groups: String,
    /// *Active*, *Inactive*, *Invalid*.
    pub status: Pill,
}

/// The list of rules.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/rules.html")]
pub struct RulesPage {
    /// The frame.
    pub page: Page,
    /// The tabs of *Groups*.
    pub tabs: Vec<Tab>,
    /// Address of the form that adds a rule.
    pub create: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<RuleRow>,
}

/// What a rule means to a person who was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Where the person is sent.
    pub action: String,
    /// Username of the person.
    pub person: Field,
    /// What the rule does; `None` while nobody is chosen.
    pub verdict: Option<Notice>,
}

/// One rule.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/rule.html")]
pub struct RulePage {
    /// The frame; its title is the rule's name.
    pub page: Page,
    /// *Active*, *Inactive*, *Invalid*.
    pub status: Pill,
    /// POST: *Activate*; empty unless the rule is inactive.
    pub activate: String,
    /// POST: *Deactivate*; empty unless the rule is active.
    pub deactivate: String,
    /// Address of the form that edits it; empty unless the rule is inactive.
    pub edit: String,
    /// Address of the page that deletes it; empty while the rule is active.
    pub delete: String,
    /// Why it does nothing, or is not done yet.
    pub note: Option<Notice>,
    /// The condition.
    pub expression: String,
    /// Groups to put people in, linked.
    pub groups: Vec<Link>,
    /// People whom it leaves alone, linked.
    pub excluded: Vec<Link>,
    /// Id and moments.
    pub facts: Vec<Fact>,
    /// *Preview*.
    pub preview: Preview,
}
