//! The overview: the loop as one picture, what runs, what failed, what to do first.

use askama::Template;

use super::Page;
use super::entra::provisioning::Progress;
use super::list::Empty;
use super::parts::{Link, Moment, Pill, Tone};

/// A box of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// `Directory`, `Scope and mappings`, `Wire`, `Team`.
    pub name: &'static str,
    /// Page behind it.
    pub href: String,
    /// The large figure.
    pub figure: String,
    /// What the figure counts (`people, 9 groups`).
    pub unit: String,
    /// [`Tone::Bad`] where something fails.
    pub tone: Tone,
}

/// An arrow between two boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Good, busy ([`Tone::Info`]), broken, or at rest.
    pub tone: Tone,
    /// Two words below the arrow (`7 skipped`); empty when all passes.
    pub label: String,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Who or what, linked to the log entry.
    pub object: Link,
    /// Why, one sentence.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// A recent cycle. Counts are formatted, in objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleRow {
    /// `Initial` or `Incremental`, linked to the provisioning logs.
    pub kind: Link,
    /// Running or how it ended.
    pub state: Pill,
    /// When it ended; none while it runs.
    pub ended: Option<Moment>,
    /// Made in the target.
    pub created: String,
    /// Changed in the target.
    pub updated: String,
    /// Disabled in the target.
    pub disabled: String,
    /// Failed.
    pub failed: String,
    /// HTTP requests sent.
    pub requests: String,
    /// From its first moment to its last; empty while it runs.
    pub duration: String,
}

/// The pill of a cycle: *Running*, *Complete*, *With failures*, *Failed*, *Restarted*.
pub fn cycle_pill(word: &'static str) -> Pill {
    let tone = match word {
        "Running" => Tone::Info,
        "Complete" => Tone::Good,
        "With failures" => Tone::Warn,
        "Failed" => Tone::Bad,
        _ => Tone::Quiet,
    };
    Pill::new(tone, word)
}

/// A line of the first-run checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What to do, linked to where it is done.
    pub what: Link,
    /// One sentence why.
    pub why: String,
    /// Whether it is done.
    pub done: bool,
}

/// The overview.
#[derive(Debug, Clone, Template)]
#[template(path = "overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub page: Page,
    /// One sentence: is it well?
    pub verdict: String,
    /// The four boxes, left to right.
    pub stages: [Stage; 4],
    /// The three arrows between them.
    pub flows: [Flow; 3],
    /// The running cycle.
    pub progress: Option<Progress>,
    /// Address of the provisioning page; empty before there is an application.
    pub provisioning: String,
    /// Last failures, newest first, at most five.
    pub failures: Vec<Failure>,
    /// Address of the log filtered to failures.
    pub all_failures: String,
    /// The checklist; empty once everything is done and there was a cycle.
    pub checks: Vec<Check>,
    /// The latest cycles, newest first, at most five.
    pub cycles: Vec<CycleRow>,
    /// What stands there before the first one.
    pub no_cycles: Empty,
}

impl OverviewPage {
    /// Boxes with the arrow that leaves them, for the template.
    pub fn loop_parts(&self) -> impl Iterator<Item = (&Stage, Option<&Flow>)> {
        self.stages
            .iter()
            .zip(self.flows.iter().map(Some).chain([None]))
    }

    /// How many lines of the checklist are done.
    pub fn done(&self) -> usize {
        self.checks.iter().filter(|check| check.done).count()
    }
}
