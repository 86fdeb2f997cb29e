//! What clients uploaded to an inbound job: the history, one upload with what became of it, the form that sends one, and
//! the one that makes bulk requests of CSV.

use askama::Template;

use super::super::Page;
use super::super::exchange::Code;
use super::super::list::List;
use super::super::parts::{Fact, Field, Link, Moment, Notice, Pill, Tab};

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// When it was received.
    pub received: Moment,
    /// Its page.
    pub href: String,
    /// Who sent it.
    pub client: String,
    /// How many operations it has, formatted.
    pub operations: String,
    /// How they ended; empty while it waits.
    pub outcome: String,
    /// *Waiting*, *Done*, …
    pub state: Pill,
}

/// The *Uploads* tab.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/uploads/list.html")]
pub struct UploadsPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Form that sends one.
    pub send: String,
    /// Form that makes some of CSV.
    pub csv: String,
    /// How long uploads are kept.
    pub kept: String,
    /// Headings, pager.
    pub list: List,
    /// The rows of this page, newest first.
    pub rows: Vec<UploadRow>,
}

/// An operation of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRow {
    /// Counted from 1.
    pub number: usize,
    /// Whom it is about, linked to the entry of the provisioning log.
    pub who: Link,
    /// `externalId`; empty when there is none.
    pub anchor: String,
    /// What was done.
    pub action: String,
    /// *Success*, *Failure*, *Skipped*, *Waiting*.
    pub result: Pill,
    /// Why, and what is waited for.
    pub said: String,
}

/// One upload.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/uploads/upload.html")]
pub struct UploadPage {
    /// The frame.
    pub page: Page,
    /// How far it is.
    pub state: Pill,
    /// Received, by whom, ids.
    pub facts: Vec<Fact>,
    /// What was odd about it.
    pub warnings: Vec<Notice>,
    /// The form, filled with this request.
    pub again: String,
    /// The entries of the provisioning log.
    pub log: String,
    /// Headings.
    pub list: List,
    /// Its operations, in their order.
    pub rows: Vec<OperationRow>,
    /// The body, pretty-printed.
    pub body: Code,
}

/// Something to be said of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemarkLine {
    /// *Error* or *Warning*.
    pub severity: Pill,
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
}

/// *Send a bulk request*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/uploads/send.html")]
pub struct SendPage {
    /// The frame.
    pub page: Page,
    /// What the check found, in one sentence; none before it.
    pub verdict: Option<Notice>,
    /// What it found.
    pub remarks: Vec<RemarkLine>,
    /// The request.
    pub body: Field,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

/// *CSV to bulk request*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/uploads/csv.html")]
pub struct CsvPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the columns or with single lines.
    pub problems: Vec<String>,
    /// The table as text.
    pub csv: Field,
    /// Its headings, to know whether it is another one; empty before one was looked at.
    pub headings: String,
    /// What each column is; none before a table was looked at.
    pub columns: Vec<Field>,
    /// How many people and requests there are.
    pub counted: String,
    /// Where mappings of attributes are edited.
    pub mappings: String,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
mod samples;
