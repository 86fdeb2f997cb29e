//! *Provision on demand*: choosing a person or a group, its members, and what happened.

use askama::Template;

use super::super::Page;
use super::super::exchange::Exchange;
use super::super::list::List;
use super::super::parts::{Link, Notice, Pill, Tab};
use super::logs::{Modified, Step};

/// A person or a group that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Name, linked to the page on which it is provisioned.
    pub name: Link,
    /// User principal name, or how many members.
    pub detail: String,
    /// `User` or `Group`.
    pub kind: &'static str,
}

/// The first page: whom?
#[derive(Debug, Clone, Template)]
#[template(path = "entra/provision/choose.html")]
pub struct ChoosePage {
    /// The frame.
    pub page: Page,
    /// The tabs of the application.
    pub tabs: Vec<Tab>,
    /// What one should know before; none when there is nothing.
    pub notice: Option<Notice>,
    /// Filter, headings, pager.
    pub list: List,
    /// Who can be chosen.
    pub rows: Vec<Candidate>,
}

/// A member of the chosen group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Object id.
    pub id: String,
    /// Name.
    pub name: String,
    /// User principal name.
    pub detail: String,
    /// Whether it is ticked.
    pub chosen: bool,
    /// Why it cannot be chosen; empty when it can.
    pub blocked: String,
}

/// The second page: the chosen object, and for a group its members.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/provision/confirm.html")]
pub struct ConfirmPage {
    /// The frame.
    pub page: Page,
    /// What went wrong with the last attempt.
    pub notice: Option<Notice>,
    /// `User` or `Group`.
    pub kind: &'static str,
    /// The object, linked.
    pub subject: Link,
    /// User principal name, or how many members.
    pub detail: String,
    /// Object id.
    pub id: String,
    /// Where the form goes.
    pub action: String,
    /// Where another object is chosen.
    pub another: String,
    /// Members of the group on this page.
    pub members: Vec<Member>,
    /// What is wrong with the members; empty when nothing is.
    pub members_error: String,
    /// Search and pager of the members; none for people and empty groups.
    pub list: Option<List>,
}

/// The last page: what happened.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/provision/result.html")]
pub struct ResultPage {
    /// The frame.
    pub page: Page,
    /// *Success*, *Skipped*, *Failure*.
    pub status: Pill,
    /// One sentence.
    pub verdict: String,
    /// Whether writes were only shown.
    pub dry_run: bool,
    /// The five steps, as far as it went.
    pub steps: Vec<Step>,
    /// Attributes that were, or would be, changed.
    pub modified: Vec<Modified>,
    /// What went over the wire, and what would.
    pub exchanges: Vec<Exchange>,
    /// Where *Retry* goes.
    pub action: String,
    /// Object id, and the ids of the chosen members.
    pub fields: Vec<(&'static str, String)>,
    /// Where another object is chosen.
    pub another: String,
    /// The entry in the log; an empty address in a dry run.
    pub entry: Link,
}
