//! Mails about a job as a whole, to its *Notification Email* when *Send an email notification when a failure occurs*
//! is on: it went into quarantine or is there for another reason, deletions are held back, it was disabled.
//!
//! Failures of single objects mail nobody. Sentences are ours; when a mail is sent follows Microsoft's "Application
//! provisioning in quarantine status" and "Enable accidental deletions prevention".

use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::mail::{Draft, outbox};
use crate::model::{Job, JobStatus, MailKind, MailLink, Quarantine, QuarantineReason};
use crate::store::{Write, directory};

/// Mails what happened to a job between two states of its row, if that is something to be told.
pub(super) fn tell(
    tx: &Write<'_>,
    tenant: Seq,
    before: &Job,
    job: &Job,
    now: Timestamp,
) -> Result<()> {
    let Some(to) = job
        .notification_email
        .as_deref()
        .filter(|_| job.settings.notify)
    else {
        return Ok(());
    };
    let Some(application) = directory::application(tx, tenant, job.application)? else {
        return Ok(());
    };
    let Some((subject, paragraphs)) = letter(&application.display_name, before, job, now) else {
        return Ok(());
    };
    let mut draft = Draft::new(MailKind::Provisioning, to, subject);
    for paragraph in paragraphs {
        draft = draft.say(paragraph);
    }
    let draft = draft.link(MailLink::Page {
        label: "Open provisioning".into(),
        path: format!("/entra/applications/{}/provisioning", application.id),
    });
    outbox::queue(tx, None, draft, now)?;
    Ok(())
}

/// Subject and paragraphs; none when there is nothing to tell.
fn letter(name: &str, before: &Job, job: &Job, now: Timestamp) -> Option<(String, Vec<String>)> {
    if job.status == JobStatus::Disabled && before.status != JobStatus::Disabled {
        let error = &job.disabled.as_ref()?.error;
        let subject = format!("Provisioning of {name} was disabled");
        let what = format!(
            "The provisioning job of {name} failed for 28 days and was disabled: {} ({}).",
            error.reason.trim_end_matches('.'),
            error.error_code
        );
        let mend =
            "Nothing is provisioned any more. Mend the cause, then start or restart provisioning.";
        return Some((subject, vec![what, mend.to_owned()]));
    }
    let present = job.quarantine.as_ref()?;
    let cause = |q: &Quarantine| (q.reason, q.error.error_code.clone());
    if before.quarantine.as_ref().map(cause) == Some(cause(present)) {
        return None;
    }
    let why = present.error.reason.trim_end_matches('.');
    let code = &present.error.error_code;
    let next = job.next_run.unwrap_or(now);
    Some(match present.reason {
        QuarantineReason::TooManyDeletes => (
            format!("Deletions of {name} are held back"),
            vec![
                format!("Provisioning of {name} is in quarantine: {why} ({code})."),
                "Look at them in the provisioning logs. Allow deletes if they are meant; otherwise bring the objects back into scope and restart provisioning."
                    .to_owned(),
            ],
        ),
        QuarantineReason::EncounteredQuarantineException => (
            format!("Provisioning of {name} is in quarantine"),
            vec![
                format!("The provisioning job of {name} does not reach its target: {why} ({code})."),
                format!("It is tried again with growing pauses, next at {next}, and goes on by itself when the target answers."),
            ],
        ),
        _ => (
            format!("Provisioning of {name} is in quarantine"),
            vec![
                format!("Too much fails in the provisioning job of {name}: {why} ({code})."),
                format!("It is tried again with growing pauses, next at {next}, and goes on by itself when the failures are mended."),
            ],
        ),
    })
}
