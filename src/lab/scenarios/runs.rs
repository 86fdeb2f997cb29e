//! [`Runs`]: the last run of each scenario, for the page that shows it, and one run at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Run;
use crate::error::{Error, Result};
use crate::id::Seq;

/// Runs that are kept; a process has few orgs, and an org a run of each scenario.
const KEPT: usize = 100;

/// The last runs. Clones share them; they end with the process, as what they made does not.
#[derive(Debug, Clone, Default)]
pub struct Runs(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    playing: Mutex<()>,
    last: Mutex<BTreeMap<(Seq, &'static str), Arc<Run>>>,
}

impl Runs {
    fn last(&self) -> MutexGuard<'_, BTreeMap<(Seq, &'static str), Arc<Run>>> {
        // A map of whole values: consistent whatever happened to another holder.
        self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plays a scenario while nobody else plays one, and keeps what came of it.
    ///
    /// # Errors
    /// [`Error::Conflict`] while another one is played; those of `play`.
    pub fn play(&self, play: impl FnOnce() -> Result<Run>) -> Result<Arc<Run>> {
        let turn = match self.0.playing.try_lock() {
            Ok(turn) => turn,
            // Nothing is guarded but the turn itself.
            Err(std::sync::TryLockError::Poisoned(turn)) => turn.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => {
                return Err(Error::Conflict {
                    attribute: "scenario",
                    detail: "A scenario is being played. Wait until that is over.".into(),
                });
            }
        };
        let run = Arc::new(play()?);
        let mut last = self.last();
        if last.len() >= KEPT {
            let oldest = last.iter().min_by_key(|(_, run)| run.began);
            if let Some(key) = oldest.map(|(key, _)| *key) {
                last.remove(&key);
            }
        }
        last.insert((run.key.org, run.scenario), Arc::clone(&run));
        drop(turn);
        Ok(run)
    }

    /// The last run of a scenario in an org.
    pub fn of(&self, org: Seq, scenario: &str) -> Option<Arc<Run>> {
        let last = self.last();
        let mut found = last.iter();
        let run = found.find(|((at, name), _)| *at == org && *name == scenario);
        run.map(|(_, run)| Arc::clone(run))
    }
}
