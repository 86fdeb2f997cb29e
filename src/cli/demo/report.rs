//! What the demonstration did, as tables or as one JSON object.

use comfy_table::presets;
use comfy_table::{LineStyle, Table};
use serde_json::{Value, json};

use super::cycle::Done;
use crate::lab::agreement::{Agreement, Expectation, Standing};
use crate::lab::changes::ChangeMade;
use crate::model::ObjectKind;

/// Seconds of each phase.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seconds {
    pub(super) seed: f64,
    pub(super) initial: f64,
    pub(super) incremental: f64,
    pub(super) incremental_without_changes: f64,
}

/// Everything worth telling.
#[derive(Debug, Default)]
pub(super) struct Report {
    seconds: Seconds,
    cycles: Vec<(&'static str, Done)>,
    after_initial: Agreement,
    changes: Vec<ChangeMade>,
    at_the_end: Agreement,
}

impl Report {
    pub(super) fn new(seconds: Seconds) -> Self {
        Self {
            seconds,
            ..Self::default()
        }
    }

    pub(super) fn initial(&mut self, done: Done, agreement: Agreement) {
        self.seconds.initial = done.seconds;
        self.cycles.push(("initial", done));
        self.after_initial = agreement;
    }

    pub(super) fn incremental(
        &mut self,
        done: Done,
        changes: Vec<ChangeMade>,
        agreement: Agreement,
    ) {
        self.seconds.incremental = done.seconds;
        self.cycles.push(("incremental", done));
        self.changes = changes;
        self.at_the_end = agreement;
    }

    pub(super) fn empty(&mut self, done: Done) {
        self.seconds.incremental_without_changes = done.seconds;
        self.cycles.push(("incrementalWithoutChanges", done));
    }

    /// Differences after the initial cycle and at the end.
    pub(super) fn mismatches(&self) -> usize {
        self.after_initial.mismatches() + self.at_the_end.mismatches()
    }

    pub(super) fn print_json(&self) {
        println!("{:#}", self.json());
    }

    fn json(&self) -> Value {
        let objects = |kind| {
            self.at_the_end
                .standings
                .iter()
                .filter(|s| s.object.kind == kind)
                .count()
        };
        let sum =
            |count: fn(&Done) -> u64| self.cycles.iter().map(|(_, done)| count(done)).sum::<u64>();
        let initial = self.cycles.first().map(|(_, done)| done);
        let rate = initial.map_or(0.0, |done| {
            per_second(done.cycle.counts.created, done.seconds)
        });
        let cycles: serde_json::Map<String, Value> = self
            .cycles
            .iter()
            .map(|(name, done)| {
                (
                    (*name).to_owned(),
                    json!({
                        "seconds": rounded(done.seconds),
                        "state": done.cycle.state,
                        "counts": done.cycle.counts,
                    }),
                )
            })
            .collect();
        json!({
            "users": objects(ObjectKind::User),
            "groups": objects(ObjectKind::Group),
            "requests": sum(|done| done.cycle.counts.requests),
            "failures": sum(|done| done.cycle.counts.failed),
            "mismatches": self.mismatches(),
            "seconds": {
                "seed": rounded(self.seconds.seed),
                "initial": rounded(self.seconds.initial),
                "incremental": rounded(self.seconds.incremental),
                "incrementalWithoutChanges": rounded(self.seconds.incremental_without_changes),
            },
            "objectsPerSecond": rounded(rate),
            "cycles": cycles,
        })
    }

    /// `everybody` prints a line for each object; otherwise only what disagrees.
    pub(super) fn print_text(&self, everybody: bool) {
        if everybody {
            println!("After the initial cycle");
            print_standings(&self.after_initial);
        }
        if !self.changes.is_empty() {
            let mut table = table(["Changed in the directory", "How"]);
            for change in &self.changes {
                table.add_row([change.name.as_str(), change.what.as_str()]);
            }
            println!("\n{table}");
        }
        if everybody {
            println!("\nAfter the incremental cycle");
            print_changed(&self.after_initial, &self.at_the_end);
        }
        let disagreeing = self
            .after_initial
            .standings
            .iter()
            .chain(&self.at_the_end.standings)
            .filter(|s| !s.mismatches.is_empty());
        for standing in disagreeing.take(20) {
            println!("{}: {}", standing.name, standing.mismatches.join("; "));
        }
        for stranger in self.at_the_end.strangers.iter().take(20) {
            println!("{stranger}: in the team, but nothing in the directory stands for it");
        }
        println!();
        if let Some((_, initial)) = self.cycles.first() {
            println!(
                "{} objects created in {:.2} s: {:.0} objects per second over HTTP",
                initial.cycle.counts.created,
                initial.seconds,
                per_second(initial.cycle.counts.created, initial.seconds)
            );
        }
        match self.mismatches() {
            0 => println!("Source and target agree."),
            count => println!("Source and target disagree in {count} places."),
        }
    }
}

pub(super) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_header(header);
    table
}

fn print_standings(agreement: &Agreement) {
    let mut table = table(["", "Directory", "Team"]);
    for standing in &agreement.standings {
        table.add_row([
            standing.object.kind.name().to_owned(),
            standing.name.clone(),
            verdict(standing),
        ]);
    }
    println!("{table}");
}

/// Only objects whose standing is not what it was.
fn print_changed(before: &Agreement, after: &Agreement) {
    let mut table = table(["", "Directory", "Team before", "Team now"]);
    for standing in &after.standings {
        let old = before
            .standings
            .iter()
            .find(|s| s.object == standing.object);
        let was = old.map_or_else(|| "not there".to_owned(), verdict);
        let renamed = old.is_some_and(|old| old.name != standing.name);
        if was != verdict(standing) || renamed {
            table.add_row([
                standing.object.kind.name().to_owned(),
                shortened(&standing.name),
                was,
                verdict(standing),
            ]);
        }
    }
    println!("{table}");
}

fn verdict(standing: &Standing) -> String {
    if !standing.mismatches.is_empty() {
        return format!("DIFFERS: {}", standing.mismatches.join("; "));
    }
    match (standing.expected, standing.found) {
        (Expectation::Present, _) => "present".to_owned(),
        (Expectation::Absent(reason), false) => format!("skipped: {}", reason.words()),
        (Expectation::Absent(reason), true) => format!("deactivated: {}", reason.words()),
    }
}

/// A name that leaves room for the other columns.
fn shortened(name: &str) -> String {
    const WIDTH: usize = 40;
    if name.chars().count() <= WIDTH {
        return name.to_owned();
    }
    name.chars().take(WIDTH - 1).chain(['…']).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
pub(super) fn per_second(count: u64, seconds: f64) -> f64 {
    if seconds > 0.0 {
        count as f64 / seconds
    } else {
        0.0
    }
}

/// Milliseconds are as exact as these figures are.
pub(super) fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
