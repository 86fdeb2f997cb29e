//! Running one cycle and watching it: a progress bar on a terminal, plain lines in a pipe.

use std::io::IsTerminal as _;
use std::sync::mpsc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::installation::Installation;
use crate::cli::{Failure, appliance};
use crate::clock::Stopwatch;
use crate::error::Error;
use crate::id::Seq;
use crate::model::{Cycle, CycleState};
use crate::store::Write;
use crate::store::jobs::JobKey;
use crate::sync::jobs;

/// A cycle that ended.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) cycle: Cycle,
    pub(super) seconds: f64,
}

/// Runs something and says how many seconds it took.
pub(super) fn measured<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let watch = Stopwatch::start();
    let result = work();
    (result, watch.elapsed().as_secs_f64())
}

/// Where progress goes: standard error, so that standard output holds results only.
pub(super) struct Watch {
    talkative: bool,
}

impl Watch {
    pub(super) const fn new(talkative: bool) -> Self {
        Self { talkative }
    }

    pub(super) fn say(&self, line: &str) {
        if self.talkative {
            eprintln!("{line}");
        }
    }

    /// Begins a cycle with one write, wakes the agent, and waits for the cycle to end.
    pub(super) fn cycle(
        &self,
        installation: &Installation,
        key: JobKey,
        title: &str,
        begin: impl FnOnce(&Write<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<Done, Failure> {
        let before = self.current(installation, key)?.map(|cycle| cycle.seq);
        let bar = self.bar();
        let watch = Stopwatch::start();
        installation
            .store
            .write(begin)
            .map_err(appliance::sentence)?;
        installation.agent.wake();
        let cycle = self.follow(installation, key, before, &bar)?;
        let seconds = watch.elapsed().as_secs_f64();
        bar.finish_and_clear();
        self.say(&format!("{title}: {}", summary(&cycle, seconds)));
        if cycle.state == CycleState::Failed {
            let reason = cycle.error.map_or_else(String::new, |error| error.reason);
            return Err(format!("{title} failed: {reason}").into());
        }
        Ok(Done { cycle, seconds })
    }

    fn follow(
        &self,
        installation: &Installation,
        key: JobKey,
        before: Option<Seq>,
        bar: &ProgressBar,
    ) -> Result<Cycle, Failure> {
        // Nobody sends: receiving with a timeout is a pause.
        let (_never, pause) = mpsc::channel::<()>();
        loop {
            if let Some(cycle) = self.current(installation, key)?
                && Some(cycle.seq) != before
            {
                if cycle.state != CycleState::Running {
                    return Ok(cycle);
                }
                bar.set_length(cycle.total.max(cycle.done));
                bar.set_position(cycle.done);
            }
            let _ = pause.recv_timeout(Duration::from_millis(5));
        }
    }

    #[expect(clippy::unused_self, reason = "reads as what the watch sees")]
    fn current(&self, installation: &Installation, key: JobKey) -> Result<Option<Cycle>, Failure> {
        let snapshot = installation.store.read()?;
        let job = jobs::get(&snapshot, key).map_err(appliance::sentence)?;
        jobs::current_cycle(&snapshot, key, &job).map_err(appliance::sentence)
    }

    fn bar(&self) -> ProgressBar {
        let bar = ProgressBar::new(0);
        let shown = self.talkative && std::io::stderr().is_terminal();
        bar.set_draw_target(if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        });
        let template = "{bar:40} {human_pos} of {human_len} · {per_sec} · about {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar
    }
}

fn summary(cycle: &Cycle, seconds: f64) -> String {
    let c = &cycle.counts;
    format!(
        "{} examined, {} created, {} updated, {} disabled, {} deleted, {} skipped, {} failed, {} requests, {seconds:.2} s",
        c.examined, c.created, c.updated, c.disabled, c.deleted, c.skipped, c.failed, c.requests
    )
}
