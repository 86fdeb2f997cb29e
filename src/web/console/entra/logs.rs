//! *Provisioning logs*: the list, of one application or of all; one entry with its four tabs and the HTTP exchanges;
//! the files that can be downloaded.

use askama::Template;

use super::super::Page;
use super::super::exchange::Exchange;
use super::super::list::List;
use super::super::parts::{Fact, Link, Moment, Pill, Tab, Tone};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Display name of the identity, linked to the entry.
    pub identity: Link,
    /// Its id in the source.
    pub id: String,
    /// *Create*, *Update*, *Disable*, *Delete*, *`StagedDelete`*, *Other*.
    pub action: String,
    /// Where it comes from.
    pub source: &'static str,
    /// Where it goes: the application.
    pub target: String,
    /// *Success*, *Failure*, *Skipped*, *Warning*.
    pub status: Pill,
    /// Why it failed or was skipped; empty on success.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// The application's *Provisioning logs* tab, or the log of all applications.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/logs.html")]
pub struct LogsPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs; none where it is of all applications.
    pub tabs: Vec<Tab>,
    /// How long entries are kept.
    pub kept: String,
    /// Where that is changed.
    pub retention: String,
    /// Where the same entries are downloaded.
    pub download: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<LogRow>,
}

/// A provisioning step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `Import`, `Scope`, `Match`, `Map`, `Provision`.
    pub name: String,
    /// The verdict.
    pub status: Pill,
    /// The step's description, one sentence.
    pub description: String,
    /// Details, folded.
    pub details: Vec<Fact>,
}

/// One attribute that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modified {
    /// Target attribute.
    pub name: String,
    /// Value before; empty when there was none.
    pub old: String,
    /// Value after; empty when it was removed.
    pub new: String,
    /// The mapping's source, when known.
    pub source: String,
}

/// What went wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Error code of the vendor's table.
    pub code: String,
    /// The reason, in full.
    pub reason: String,
    /// What the code means.
    pub meaning: &'static str,
    /// What to do.
    pub recommendation: String,
    /// Whether something failed; what was skipped is explained, but not in red.
    pub failed: bool,
}

/// A file that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Name of the file, linked.
    pub file: Link,
    /// What is in it.
    pub what: &'static str,
}

/// *Download*: the entries of a list as files.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/logs/download.html")]
pub struct DownloadPage {
    /// The frame.
    pub page: Page,
    /// What the filter is; empty when nothing narrows.
    pub narrowed: Vec<Fact>,
    /// The files.
    pub files: Vec<Download>,
    /// Back to the list.
    pub back: String,
}

/// One entry. All four tabs are sections of one page, so that it reads and prints as a whole; the tabs are links to them.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/log.html")]
pub struct LogPage {
    /// The frame; its title is the identity.
    pub page: Page,
    /// *Success*, *Failure*, *Skipped*, *Warning*.
    pub status: Pill,
    /// One sentence: what was done, or why not.
    pub verdict: String,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// *Troubleshooting & Recommendations*; none on success.
    pub trouble: Option<Trouble>,
    /// *Explain*: which rule, which value, which answer, in sentences.
    pub explained: Vec<String>,
    /// Where the object is provisioned on demand; an empty address when it is gone.
    pub again: Link,
    /// *Modified properties*.
    pub modified: Vec<Modified>,
    /// *Summary*: identifiers in source and target, cycle, change, duration.
    pub summary: Vec<Fact>,
    /// What went over the wire, in order.
    pub exchanges: Vec<Exchange>,
}

/// The pill of a result as the vendor spells it: `success`, `failure`, `skipped`, `warning`.
pub fn result_pill(status: &str) -> Pill {
    match status {
        "success" => Pill::new(Tone::Good, "Success"),
        "failure" => Pill::new(Tone::Bad, "Failure"),
        "warning" => Pill::new(Tone::Warn, "Warning"),
        "skipped" => Pill::new(Tone::Quiet, "Skipped"),
        other => Pill::new(Tone::Quiet, other),
    }
}
