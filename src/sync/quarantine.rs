//! Quarantine: a job whose target does not pass the probe is tried again with growing pauses.
//!
//! Microsoft documents that the frequency falls to once a day; the curve of 5, 10, 20, 40 … minutes is
//! ours. Proportional and absolute failure thresholds are not evaluated.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::mail::{Draft, outbox};
use crate::model::{ErrorInformation, Job, JobStatus, MailKind, MailLink, Quarantine};
use crate::store::{Write, directory};

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

/// Mails the *Notification Email* of a job, if it has one: when it goes into quarantine, and once more when the reason
/// changes (Microsoft's "Application provisioning in quarantine status"). Failures of single objects mail nobody.
pub(super) fn tell(
    tx: &Write<'_>,
    tenant: Seq,
    job: &Job,
    before: Option<&Quarantine>,
    now: Timestamp,
) -> Result<()> {
    let (Some(to), Some(present)) = (&job.notification_email, &job.quarantine) else {
        return Ok(());
    };
    if before.is_some_and(|before| before.error.error_code == present.error.error_code) {
        return Ok(());
    }
    let Some(application) = directory::application(tx, tenant, job.application)? else {
        return Ok(());
    };
    let name = &application.display_name;
    let subject = format!("Provisioning of {name} is in quarantine");
    let next = job.next_run.unwrap_or(now);
    let draft = Draft::new(MailKind::Provisioning, to.as_str(), subject)
        .say(format!(
            "The provisioning job of {name} does not reach its target: {} ({}).",
            present.error.reason.trim_end_matches('.'),
            present.error.error_code
        ))
        .say(format!(
            "It is tried again with growing pauses, next at {next}, and goes on by itself when the target answers."
        ))
        .link(MailLink::Page {
            label: "Open provisioning".into(),
            path: format!("/entra/applications/{}/provisioning", application.id),
        });
    outbox::queue(tx, None, draft, now)?;
    Ok(())
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
