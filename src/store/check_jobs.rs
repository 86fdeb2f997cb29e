//! The counters of the agent's rows, for `scimlab check`.

use super::check::Check;
use super::job_counts::{Counted, stored, walked};
use super::{Error, jobs};

impl Check<'_> {
    /// Compares the counters of every job with its rows. A job that has none yet is fine.
    pub(super) fn job_counts(&mut self) -> Result<(), Error> {
        for (key, job) in jobs::all(self.snapshot)? {
            for what in Counted::ALL {
                let rows = walked(self.snapshot, key, what)?;
                if let Some(count) = stored(self.snapshot, key, what)?
                    && count != rows
                {
                    self.say(format!(
                        "JOB_COUNTS: job {} has {rows} of {what:?}, the counter says {count}",
                        job.id
                    ));
                }
            }
        }
        Ok(())
    }
}
