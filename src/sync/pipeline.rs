//! One phase of a cycle on several threads: a reader makes pages of work, workers talk to the target,
//! the calling thread saves outcomes in batches.
//!
//! Reading the next page overlaps with exporting the present one; a few pages at most are in flight.
//! Every object is one item, handled by one worker, so its requests keep their order. Outcomes arrive
//! in any order and are saved in source order, because the cursor may not pass an unsaved object.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::context::Run;
use super::outcome::Outcome;
use super::save::{Saved, Saver};
use crate::error::{Error, Result};
use crate::id::Seq;

/// Pages in flight.
const PAGES: usize = 3;
/// Slow targets: what is there is saved after this time, though the batch is not full.
const PATIENCE: Duration = Duration::from_secs(1);

/// Work made of one page of the source.
pub(super) struct Page<W> {
    /// Row and work, in row order.
    pub(super) items: Vec<(Seq, W)>,
    /// Last row of the page: the cursor once all its work is done.
    pub(super) through: Seq,
    /// How many rows of the source it covers.
    pub(super) units: u64,
}

/// How a phase ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// It is done.
    Completed,
    /// The agent shuts down, or the observer broke off: the cycle can be resumed.
    Interrupted,
    /// The cycle was ended by a restart.
    Ended,
}

enum Event {
    Page {
        rows: Vec<Seq>,
        through: Seq,
        units: u64,
    },
    /// A part of a long item, saved at any time.
    Part(Box<Outcome>),
    /// With its place in source order.
    Done(usize, Box<Outcome>),
    Failed(Error),
    Panicked(Box<dyn Any + Send>),
}

/// A place in source order.
struct Slot {
    /// Cursor once this slot is behind us.
    after: Seq,
    units: u64,
    state: State,
}

enum State {
    Waiting,
    Done(Box<Outcome>),
    PageEnd,
}

/// Runs a phase. `next` makes the page after a row; `export` handles one item and may hand out parts
/// of its outcome on the way.
pub(super) fn run<W: Send>(
    saver: &mut Saver<'_>,
    mut next: impl FnMut(Seq) -> Result<Option<Page<W>>> + Send,
    export: impl Fn(&Run, W, &mut dyn FnMut(Outcome)) -> Outcome + Sync,
) -> Result<Flow> {
    let run = saver.run;
    let start = saver.cycle.after;
    // The first page is read here: a phase without work costs no threads.
    let Some(first) = next(start)? else {
        return Ok(Flow::Completed);
    };
    let abort = AtomicBool::new(false);
    let (events, incoming) = mpsc::channel::<Event>();
    let (work, queue) = mpsc::sync_channel::<(usize, W)>(run.job.parallel_exports.max(1) * 2);
    let (permit, permits) = mpsc::channel::<()>();
    let queue = Mutex::new(queue);

    std::thread::scope(|scope| {
        let reader_events = events.clone();
        let (abort, queue, export) = (&abort, &queue, &export);
        scope.spawn(move || {
            let mut page = Some(first);
            // Place in source order: every item has one, and every end of a page.
            let mut place = 0;
            while let Some(Page {
                items,
                through,
                units,
            }) = page
            {
                let rows = items.iter().map(|(row, _)| *row).collect();
                let announced = Event::Page {
                    rows,
                    through,
                    units,
                };
                if reader_events.send(announced).is_err() {
                    return;
                }
                for (_, item) in items {
                    if abort.load(Ordering::Relaxed) || work.send((place, item)).is_err() {
                        return;
                    }
                    place += 1;
                }
                place += 1;
                if permits.recv().is_err() {
                    return;
                }
                page = match next(through) {
                    Ok(page) => page,
                    Err(error) => {
                        let _ = reader_events.send(Event::Failed(error));
                        return;
                    }
                };
            }
        });
        for _ in 0..run.job.parallel_exports.max(1) {
            let events = events.clone();
            scope.spawn(move || {
                loop {
                    let item = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((place, item)) = item else { return };
                    if abort.load(Ordering::Relaxed) {
                        continue;
                    }
                    let mut part = |outcome| {
                        let _ = events.send(Event::Part(Box::new(outcome)));
                    };
                    // Unwind safety: the item goes with the panic, and the phase ends.
                    let event = catch_unwind(AssertUnwindSafe(|| export(run, item, &mut part)))
                        .map_or_else(Event::Panicked, |o| Event::Done(place, Box::new(o)));
                    if events.send(event).is_err() {
                        return;
                    }
                }
            });
        }
        drop(events);
        for _ in 1..PAGES {
            let _ = permit.send(());
        }
        collect(saver, &incoming, permit, abort)
    })
}

/// The calling thread's part: puts outcomes into order and saves them.
fn collect(
    saver: &mut Saver<'_>,
    incoming: &mpsc::Receiver<Event>,
    permit: mpsc::Sender<()>,
    abort: &AtomicBool,
) -> Result<Flow> {
    let mut collector = Collector {
        saver,
        slots: VecDeque::new(),
        first: 0,
        batch: Vec::new(),
        done: 0,
        after: Seq(0),
    };
    collector.after = collector.saver.cycle.after;
    let mut permit = Some(permit);
    let mut flow = Flow::Completed;
    let mut failure: Option<Error> = None;
    let mut panicked = None;
    loop {
        let event = incoming.recv_timeout(PATIENCE);
        let idle = matches!(event, Err(RecvTimeoutError::Timeout));
        match event {
            Ok(Event::Failed(error)) => failure = failure.or(Some(error)),
            Ok(Event::Panicked(panic)) => panicked = panicked.or(Some(panic)),
            Ok(event) => collector.take(event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if flow == Flow::Completed && collector.saver.run.context.is_shutting_down() {
            flow = Flow::Interrupted;
        }
        if abort.load(Ordering::Relaxed) && failure.is_none() && flow == Flow::Interrupted {
            // What the workers finish after a shutdown is still saved below.
            collector.advance();
            continue;
        }
        let pages = collector.advance();
        if let Some(permit) = &permit {
            for _ in 0..pages {
                let _ = permit.send(());
            }
        }
        let full = collector.batch.len() >= collector.saver.run.context.settings.batch;
        let stopped = flow == Flow::Ended;
        if failure.is_none() && panicked.is_none() && !stopped && (full || idle) {
            match collector.flush() {
                Ok(Saved::GoOn) => {}
                Ok(Saved::Ended) => flow = Flow::Ended,
                Ok(Saved::Abandoned) => {
                    abort.store(true, Ordering::Relaxed);
                    drop(permit.take());
                    // As after a crash: whatever comes now is lost.
                    while incoming.recv().is_ok() {}
                    return Ok(Flow::Interrupted);
                }
                Err(error) => failure = Some(error),
            }
        }
        if flow != Flow::Completed || failure.is_some() || panicked.is_some() {
            abort.store(true, Ordering::Relaxed);
            drop(permit.take());
        }
    }
    if let Some(panic) = panicked {
        resume_unwind(panic);
    }
    if let Some(error) = failure {
        return Err(error);
    }
    if flow == Flow::Ended {
        return Ok(flow);
    }
    match collector.flush()? {
        Saved::GoOn => Ok(flow),
        Saved::Ended => Ok(Flow::Ended),
        Saved::Abandoned => Ok(Flow::Interrupted),
    }
}

struct Collector<'a, 'b> {
    saver: &'a mut Saver<'b>,
    /// Places from the oldest that is not behind us.
    slots: VecDeque<Slot>,
    /// Number of places already behind us.
    first: usize,
    batch: Vec<Outcome>,
    done: u64,
    after: Seq,
}

impl Collector<'_, '_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Page {
                rows,
                through,
                units,
            } => {
                let spare = units.saturating_sub(rows.len() as u64);
                for row in rows {
                    self.slots.push_back(Slot {
                        after: row,
                        units: 1,
                        state: State::Waiting,
                    });
                }
                self.slots.push_back(Slot {
                    after: through,
                    units: spare,
                    state: State::PageEnd,
                });
            }
            Event::Part(outcome) => self.batch.push(*outcome),
            Event::Done(place, outcome) => {
                if let Some(slot) = place
                    .checked_sub(self.first)
                    .and_then(|at| self.slots.get_mut(at))
                {
                    slot.state = State::Done(outcome);
                }
            }
            Event::Failed(_) | Event::Panicked(_) => {}
        }
    }

    /// Moves finished places from the front into the batch; returns how many pages ended.
    fn advance(&mut self) -> usize {
        let mut pages = 0;
        while let Some(slot) = self.slots.pop_front() {
            match slot.state {
                State::Waiting => {
                    self.slots.push_front(slot);
                    break;
                }
                State::Done(outcome) => self.batch.push(*outcome),
                State::PageEnd => pages += 1,
            }
            self.first += 1;
            self.done += slot.units;
            self.after = slot.after;
        }
        pages
    }

    fn flush(&mut self) -> Result<Saved> {
        self.advance();
        if self.batch.is_empty() && self.done == 0 {
            return Ok(Saved::GoOn);
        }
        let outcomes = std::mem::take(&mut self.batch);
        let done = std::mem::take(&mut self.done);
        self.saver.save(outcomes, self.after, done)
    }
}
