//! How often it may be asked for: five requests in ten seconds.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::clock::Stopwatch;
use crate::error::{Error, Result};
use crate::store::jobs::JobKey;
use crate::sync::context::AgentContext;

/// Requests of the last seconds, by job.
#[derive(Default)]
pub(in crate::sync) struct Rate(Mutex<HashMap<(u64, u64), VecDeque<Stopwatch>>>);

impl Rate {
    /// Counts a request, unless there were too many lately. This is real time: the appliance's clock may stand still.
    pub(super) fn count(&self, context: &AgentContext, key: JobKey) -> Result<()> {
        let (most, period) = context.settings.on_demand_rate;
        // Every change is a single step, so a panic elsewhere leaves the counts intact.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = all.entry((key.tenant.0, key.job.0)).or_default();
        while lately.front().is_some_and(|at| at.elapsed() >= period) {
            lately.pop_front();
        }
        if let Some(oldest) = lately.front()
            && lately.len() >= most
        {
            let left = period.saturating_sub(oldest.elapsed());
            return Err(Error::RateLimited {
                retry_after_seconds: u32::try_from(left.as_secs()).unwrap_or(u32::MAX).max(1),
            });
        }
        lately.push_back(Stopwatch::start());
        Ok(())
    }
}
