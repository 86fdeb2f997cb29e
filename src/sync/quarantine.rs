//! Quarantine: a job whose target does not pass the probe is tried again with growing pauses.
//!
//! Microsoft documents that the frequency falls to once a day; the curve of 5, 10, 20, 40 … minutes is
//! ours. Proportional and absolute failure thresholds are not evaluated.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::model::{ErrorInformation, Job, JobStatus, Quarantine};

const FIRST: Duration = Duration::from_mins(5);
const LONGEST: Duration = Duration::from_hours(24);

/// Pause after the attempt with this number, counted from 1.
fn pause(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

/// Puts a started job into quarantine, or counts another attempt there. A stopped job stays stopped.
pub(super) fn enter(job: &mut Job, error: ErrorInformation, now: Timestamp) {
    if !matches!(job.status, JobStatus::Active | JobStatus::Quarantine) {
        return;
    }
    let (began, count) = match &job.quarantine {
        Some(earlier) => (earlier.began, earlier.count.saturating_add(1)),
        None => (now, 1),
    };
    job.status = JobStatus::Quarantine;
    job.next_run = Some(now.plus(pause(count)));
    job.quarantine = Some(Quarantine {
        began,
        count,
        error,
    });
}

/// Ends the quarantine, if there is one.
pub(super) fn leave(job: &mut Job) {
    job.quarantine = None;
    if job.status == JobStatus::Quarantine {
        job.status = JobStatus::Active;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_day() {
        let minutes: Vec<u64> = [1, 2, 3, 4, 9, 10, 1000]
            .map(|n| pause(n).as_secs() / 60)
            .to_vec();
        assert_eq!(minutes, [5, 10, 20, 40, 1280, 1440, 1440]);
    }
}
