//! The overview: the loop as one picture, what runs, what failed, what to do first.

use askama::Template;

use super::Page;
use super::entra::provisioning::Progress;
use super::parts::{Link, Moment, Tone};

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
