//! Quarantine: a job whose target does not pass the probe, of which too much fails, or whose deletions are held
//! back, is tried again with growing pauses, and for 28 days at most.
//!
//! Follows Microsoft's "Application provisioning in quarantine status", which labels its numbers "subject to
//! change". The frequency falls to once a day; the curve of 5, 10, 20, 40 … minutes is ours. The documented
//! proportional rule has two conditions; both carry the reason `EncounteredEscrowProportionThreshold`.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::model::{
    Disabled, ErrorInformation, Job, JobActivity, JobStatus, Quarantine, QuarantineReason,
};

const FIRST: Duration = Duration::from_mins(5);
const LONGEST: Duration = Duration::from_hours(24);
/// How long a job stays in quarantine before the service gives up.
const LIMIT: Duration = Duration::from_hours(28 * 24);

/// How much may fail. The numbers are the service's; tests take smaller ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Failures from which on the proportional rule is looked at.
    pub evaluated_from: u64,
    /// Part of all entries that may fail, in percent.
    pub percent: u64,
    /// Failures allowed, whatever the proportion.
    pub failures: u64,
    /// Failures allowed, references that could not be resolved among them.
    pub with_references: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            evaluated_from: 5_000,
            percent: 40,
            failures: 40_000,
            with_references: 60_000,
        }
    }
}

/// How a job stands at the end of a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Objects that failed and wait for another attempt.
    pub(super) failures: u64,
    /// Objects without failure.
    pub(super) successes: u64,
    /// Objects with references that could not be resolved.
    pub(super) references: u64,
}

/// The threshold that is exceeded, if one is.
pub(super) fn exceeded(standing: Standing, allowed: &Thresholds) -> Option<QuarantineReason> {
    let Standing {
        failures,
        successes,
        references,
    } = standing;
    let all = failures.saturating_add(successes);
    if failures.saturating_add(references) > allowed.with_references {
        return Some(QuarantineReason::EncounteredTotalEscrowThreshold);
    }
    let large_part = failures.saturating_mul(100) > all.saturating_mul(allowed.percent);
    let evaluated = failures >= allowed.evaluated_from;
    (evaluated && (large_part || failures > allowed.failures))
        .then_some(QuarantineReason::EncounteredEscrowProportionThreshold)
}

/// What the status of a job says about an exceeded threshold.
pub(super) fn too_many_failures(reason: QuarantineReason, standing: Standing) -> ErrorInformation {
    ErrorInformation {
        error_code: reason.name().to_owned(),
        reason: format!(
            "{} objects failed and {} did not, {} have references that could not be resolved.",
            standing.failures, standing.successes, standing.references
        ),
        recommended_action: Some(
            "Read the failures in the provisioning logs and mend their cause: the next cycle then goes on by itself. To begin anew at once, restart provisioning."
                .to_owned(),
        ),
    }
}

/// Pause after the attempt with this number, counted from 1.
fn pause(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

/// Puts a started job into quarantine, or counts another attempt there; after 28 days it is disabled. A job that
/// is not started stays as it is.
pub(super) fn enter(
    job: &mut Job,
    reason: QuarantineReason,
    error: ErrorInformation,
    now: Timestamp,
) {
    if !job.status.is_started() {
        return;
    }
    let (began, count) = match &job.quarantine {
        Some(earlier) => (earlier.began, earlier.count.saturating_add(1)),
        None => (now, 1),
    };
    if now.since(began) >= LIMIT {
        disable(job, error, now);
        return;
    }
    let cause = |q: &Quarantine| (q.reason, q.error.error_code.clone());
    if job.quarantine.as_ref().map(cause) != Some((reason, error.error_code.clone())) {
        let detail = format!("{}: {}", reason.name(), error.error_code);
        job.note(now, JobActivity::Quarantine, detail);
    }
    job.status = JobStatus::Quarantine;
    // The last attempt is made when the time is over.
    job.next_run = Some(now.plus(pause(count)).min(began.plus(LIMIT)));
    job.quarantine = Some(Quarantine {
        reason,
        began,
        count,
        current_began: Some(now),
        error,
    });
}

/// The probe passed: ends a quarantine that was imposed because it did not.
pub(super) fn connected(job: &mut Job) {
    if !job.is_connected() {
        leave(job);
    }
}

/// Ends the quarantine, if there is one.
pub(super) fn leave(job: &mut Job) {
    job.quarantine = None;
    if job.status == JobStatus::Quarantine {
        job.status = JobStatus::Active;
    }
}

/// Gives up on a started job: a running cycle is finished, nothing new is scheduled.
pub(super) fn disable(job: &mut Job, error: ErrorInformation, now: Timestamp) {
    if !job.status.is_started() {
        return;
    }
    job.status = JobStatus::Disabled;
    job.quarantine = None;
    job.next_run = None;
    let detail = format!("Disabled after 28 days: {}", error.error_code);
    job.note(now, JobActivity::Pause, detail);
    job.disabled = Some(Disabled { at: now, error });
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

    /// The worked examples of Microsoft's page, and the numbers on both sides of each threshold.
    #[test]
    fn worked_examples() {
        use QuarantineReason::{
            EncounteredEscrowProportionThreshold as Proportion,
            EncounteredTotalEscrowThreshold as Total,
        };
        for (failures, successes, references, expected) in [
            (4_000, 0, 0, None),
            (4_000, 1_000_000, 0, None),
            // Evaluated from 5,000 on.
            (4_999, 0, 0, None),
            (5_000, 0, 0, Some(Proportion)),
            (5_000, 7_500, 0, None),
            (5_000, 7_499, 0, Some(Proportion)),
            (45_000, 0, 0, Some(Proportion)),
            (45_000, 10_000_000, 0, Some(Proportion)),
            (40_000, 10_000_000, 0, None),
            (40_001, 10_000_000, 0, Some(Proportion)),
            (30_000, 5_000, 0, Some(Proportion)),
            (20_000, 100_000, 0, None),
            // References count here only.
            (40_000, 10_000_000, 21_000, Some(Total)),
            (40_000, 10_000_000, 20_000, None),
            (0, 0, 60_000, None),
            (0, 0, 60_001, Some(Total)),
            (0, 0, 0, None),
        ] {
            let standing = Standing {
                failures,
                successes,
                references,
            };
            let got = exceeded(standing, &Thresholds::default());
            assert_eq!(got, expected, "{standing:?}");
        }
    }
}
