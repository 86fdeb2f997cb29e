//! What an operator does with a job: create it, give it credentials, settings, start, stop, restart.
//!
//! Every function runs inside one write closure. Nothing here talks to a target; the
//! [`Agent`](super::Agent) does, and notices changes at its next batch. Follows the provisioning page
//! of the portal and `synchronizationJob` of Graph (`start`, `pause`, `restart`).

use sha2::{Digest as _, Sha256};

use super::credentials::Credentials;
use super::quarantine;
use super::tenant_url::TenantUrl;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::mail::delivery::is_address;
use crate::mapping::entra::{self, Preset, SynchronizationRules};
use crate::model::{
    Cycle, CycleState, Direction, ErrorInformation, Job, JobActivity, JobSettings, JobStatus,
    QuarantineReason, Scope,
};
use crate::secret::Sealer;
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, Write, directory};

pub use super::restart::{RestartScope, UnknownRestartScope, restart};

/// Seconds between cycles: 40 minutes.
pub const INTERVAL_SECONDS: u64 = 40 * 60;
/// Exports in flight at the same time.
pub const PARALLEL_EXPORTS: usize = 8;

/// Members in one PATCH, at most.
pub const MOST_MEMBERS_PER_PATCH: usize = 1_000;

/// What a new job starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// Postman's own instructions: users by `mail`, four attributes.
    Postman,
    /// "Create your own application": 22 user attributes.
    NonGallery,
    /// What was documented on a day.
    Of(&'static Preset),
}

impl Template {
    /// The preset behind it.
    pub fn preset(self) -> &'static Preset {
        match self {
            Self::Postman => Preset::POSTMAN,
            Self::NonGallery => Preset::NON_GALLERY,
            Self::Of(preset) => preset,
        }
    }

    /// Its attribute mappings.
    pub fn rules(self) -> SynchronizationRules {
        self.preset().rules()
    }
}

/// Makes the job of an application: paused until it has credentials and is started.
///
/// # Errors
/// When the tenant or the application does not exist, or it has a job already.
pub fn create(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    application: Seq,
    template: Template,
    id: Guid,
) -> Result<Job> {
    let id = format!("scim.{}.{id}", tenant_part(tx, tenant)?);
    let preset = template.preset();
    let job = new_job(tx, tenant, application, id, preset.id, template.rules())?;
    jobs::put(tx, tenant, &job)?;
    Ok(job)
}

/// Makes the inbound job of an application: stopped until it is started, without a target.
///
/// # Errors
/// As [`create`].
pub fn create_inbound(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    application: Seq,
    id: Guid,
) -> Result<Job> {
    let id = format!("API2AAD.{}.{id}", tenant_part(tx, tenant)?);
    let job = Job {
        direction: Direction::Inbound,
        scope: Scope::All,
        status: JobStatus::Paused,
        ..new_job(
            tx,
            tenant,
            application,
            id,
            entra::INBOUND,
            entra::inbound(),
        )?
    };
    jobs::put(tx, tenant, &job)?;
    Ok(job)
}

/// The tenant's id as job ids have it.
fn tenant_part(tx: &impl Reads, tenant: Seq) -> Result<String> {
    let found = directory::tenant(tx, tenant)?.ok_or_else(|| Error::not_found("tenant", tenant))?;
    Ok(found.id.to_string().replace('-', ""))
}

fn new_job(
    tx: &Write<'_>,
    tenant: Seq,
    application: Seq,
    id: String,
    template: &str,
    rules: SynchronizationRules,
) -> Result<Job> {
    if directory::application(tx, tenant, application)?.is_none() {
        return Err(Error::not_found("application", application));
    }
    if jobs::of_application(tx, tenant, application)?.is_some() {
        return Err(Error::Conflict {
            attribute: "job",
            detail: "This application has a synchronization job already.".into(),
        });
    }
    Ok(Job {
        seq: jobs::next_seq(tx, tenant)?,
        id,
        application,
        direction: Direction::Outbound,
        status: JobStatus::NotConfigured,
        tenant_url: None,
        authentication: None,
        scope: Scope::AssignedOnly,
        notification_email: None,
        settings: JobSettings::default(),
        template: Some(template.to_owned()),
        rules,
        interval_seconds: INTERVAL_SECONDS,
        parallel_exports: PARALLEL_EXPORTS,
        watermark: None,
        cycle: None,
        next_run: None,
        quarantine: None,
        steady_state_first: None,
        steady_state_last: None,
        events: Vec::new(),
        disabled: None,
        force_deletes: false,
        escrows_pruned: false,
        successive_complete_failures: 0,
        clear_escrows_after: None,
        last_successful: None,
        last_successful_with_exports: None,
    })
}

/// Saves *Tenant URL* and, unless `None`, new credentials. Links, watermark and escrows stay.
///
/// # Errors
/// [`Error::Field`] when the URL cannot be one, when credentials cannot be used, or when none are given and
/// none are stored.
pub fn save_credentials(
    tx: &Write<'_>,
    _: &Operator,
    key: JobKey,
    sealer: &Sealer,
    tenant_url: &str,
    credentials: Option<&Credentials>,
) -> Result<Job> {
    let mut job = get(tx, key)?;
    let url: TenantUrl = tenant_url
        .parse()
        .map_err(|e: super::tenant_url::BadTenantUrl| Error::field("tenant_url", e.to_string()))?;
    match credentials {
        Some(credentials) => {
            credentials.check()?;
            job.authentication = Some(credentials.seal(sealer));
        }
        None if job.authentication.is_none() => {
            return Err(Error::field("secret_token", "Enter the Secret Token."));
        }
        None => {}
    }
    job.tenant_url = Some(url.to_string());
    if job.status == JobStatus::NotConfigured {
        job.status = JobStatus::Paused;
    }
    jobs::put(tx, key.tenant, &job)?;
    Ok(job)
}

/// What the *Settings* section of the portal says, and what this appliance adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSettings {
    /// *Scope*. Objects already handled follow after a restart, as in the portal.
    pub scope: Scope,
    /// The switches. Who is notified is [`set_notification`]'s.
    pub settings: JobSettings,
}

/// What somebody has seen of the settings of a job: other settings have another one. 16 hex digits.
pub fn settings_revision(job: &Job) -> String {
    // Plain switches and numbers: they are written in any case.
    let seen = serde_json::to_vec(&(job.scope, &job.settings)).unwrap_or_default();
    let digest: [u8; 32] = Sha256::digest(seen).into();
    let (first, _) = digest.split_at(8);
    let number = first
        .iter()
        .fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    format!("{number:016x}")
}

/// Saves the settings of a job. Whether it runs, and what it has done, stays.
///
/// # Errors
/// [`Error::Precondition`] when the settings are not those of the revision `seen`; [`Error::Field`] for what is out of
/// range; when there is no such job.
pub fn save_settings(
    tx: &Write<'_>,
    _: &Operator,
    key: JobKey,
    seen: &str,
    new: NewSettings,
    now: Timestamp,
) -> Result<Job> {
    if !(1..=MOST_MEMBERS_PER_PATCH).contains(&new.settings.members_per_patch) {
        return Err(Error::field(
            "members_per_patch",
            format!("Enter a number from 1 to {MOST_MEMBERS_PER_PATCH}."),
        ));
    }
    let actual = settings_revision(&get(tx, key)?);
    if actual != seen {
        return Err(Error::Precondition { actual });
    }
    change(tx, key, |job| {
        let notify = job.settings.notify;
        job.scope = new.scope;
        job.settings = new.settings;
        job.settings.notify = notify;
        job.note(now, JobActivity::UpdateSettings, "Settings");
    })
}

/// *Notification Email*, nobody for an empty one, and *Send an email notification when a failure occurs*.
///
/// # Errors
/// When there is no such job; [`Error::Field`] for what is no address, or when somebody is to be notified and nobody
/// is named.
pub fn set_notification(
    tx: &Write<'_>,
    _: &Operator,
    key: JobKey,
    email: &str,
    notify: bool,
    now: Timestamp,
) -> Result<Job> {
    let email = email.trim();
    if !email.is_empty() && !is_address(email) {
        return Err(Error::field(
            "notification_email",
            "Enter an e-mail address such as admin@example.com, or none.",
        ));
    }
    let email = Some(email.to_owned()).filter(|email| !email.is_empty());
    change(tx, key, |job| {
        job.notification_email = email;
        job.settings.notify = notify;
        inbound_needs_email(job, now);
        job.note(
            now,
            JobActivity::UpdateSettings,
            "Credentials and Notification Email",
        );
    })
}

/// Sets who is in scope. Objects already handled follow after a restart, as in the portal.
///
/// # Errors
/// When there is no such job.
pub fn set_scope(tx: &Write<'_>, _: &Operator, key: JobKey, scope: Scope) -> Result<Job> {
    change(tx, key, |job| job.scope = scope)
}

/// Replaces the attribute mappings; the next cycle is an initial one.
///
/// # Errors
/// When there is no such job.
pub fn set_rules(
    tx: &Write<'_>,
    _: &Operator,
    key: JobKey,
    rules: SynchronizationRules,
    now: Timestamp,
) -> Result<Job> {
    let mut job = get(tx, key)?;
    end_cycle(tx, key, &job, now)?;
    forget_progress(tx, key, &mut job, now)?;
    let version = super::schema::next_version(&job.rules.version, now);
    job.rules = SynchronizationRules { version, ..rules };
    job.note(now, JobActivity::UpdateMappings, "");
    jobs::put(tx, key.tenant, &job)?;
    Ok(job)
}

/// Starts provisioning: a cycle is due at once, an initial one unless there is a watermark. A disabled job goes on
/// as one that was stopped.
///
/// # Errors
/// When credentials are missing.
pub fn start(tx: &Write<'_>, _: &Operator, key: JobKey, now: Timestamp) -> Result<Job> {
    let mut job = configured(tx, key)?;
    if job.status != JobStatus::Quarantine {
        job.status = JobStatus::Active;
    }
    job.disabled = None;
    job.next_run = (job.direction == Direction::Outbound).then_some(now);
    job.note(now, JobActivity::Start, "");
    inbound_needs_email(&mut job, now);
    jobs::put(tx, key.tenant, &job)?;
    Ok(job)
}

/// A started inbound job without *Notification Email* is in quarantine until it has one (entra.md 1.14 and 8.1). Its
/// uploads are accepted and worked off nevertheless: how much less often the service does that is not published.
pub(super) fn inbound_needs_email(job: &mut Job, now: Timestamp) {
    if job.direction != Direction::Inbound || !job.status.is_started() {
        return;
    }
    if job.notification_email.is_some() {
        quarantine::leave(job);
        return;
    }
    let error = ErrorInformation {
        error_code: "NotificationEmailMissing".into(),
        reason: "The job has no notification email, which API-driven provisioning needs.".into(),
        recommended_action: Some(
            "Enter a Notification Email in the settings of provisioning. The job then leaves quarantine by itself."
                .into(),
        ),
    };
    quarantine::enter(
        job,
        QuarantineReason::EncounteredQuarantineException,
        error,
        now,
    );
    // Nothing is tried again by itself.
    job.next_run = None;
}

/// Stops provisioning: a running cycle is finished, nothing new is scheduled, the watermark stays.
///
/// # Errors
/// When there is no such job.
pub fn stop(tx: &Write<'_>, _: &Operator, key: JobKey, now: Timestamp) -> Result<Job> {
    change(tx, key, |job| {
        if job.status != JobStatus::NotConfigured {
            job.status = JobStatus::Paused;
        }
        job.disabled = None;
        job.quarantine = None;
        job.next_run = None;
        job.note(now, JobActivity::Pause, "");
    })
}

/// Makes the next cycle of a started job due now.
///
/// # Errors
/// When the job is not started.
pub fn request_cycle(tx: &Write<'_>, _: &Operator, key: JobKey, now: Timestamp) -> Result<Job> {
    let mut job = configured(tx, key)?;
    if !job.status.is_started() {
        return Err(Error::Disabled {
            what: "Provisioning is stopped. Start it first.".into(),
        });
    }
    if job.direction == Direction::Inbound {
        return Err(Error::Disabled {
            what: "An inbound job has no cycles: it works uploads off as they come.".into(),
        });
    }
    job.next_run = Some(now);
    jobs::put(tx, key.tenant, &job)?;
    Ok(job)
}

/// The running or last cycle of a job.
///
/// # Errors
/// The store's.
pub fn current_cycle(tx: &impl Reads, key: JobKey, job: &Job) -> Result<Option<Cycle>> {
    match job.cycle {
        Some(cycle) => Ok(jobs::cycle(tx, key, cycle)?),
        None => Ok(None),
    }
}

/// The job in this row.
///
/// # Errors
/// When there is none.
pub fn get(tx: &impl Reads, key: JobKey) -> Result<Job> {
    jobs::find(tx, key)?.ok_or_else(|| Error::not_found("synchronization job", key.job))
}

fn change(tx: &Write<'_>, key: JobKey, edit: impl FnOnce(&mut Job)) -> Result<Job> {
    let mut job = get(tx, key)?;
    edit(&mut job);
    jobs::put(tx, key.tenant, &job)?;
    Ok(job)
}

pub(super) fn configured(tx: &impl Reads, key: JobKey) -> Result<Job> {
    let job = get(tx, key)?;
    let outbound = job.direction == Direction::Outbound;
    if outbound && (job.tenant_url.is_none() || job.authentication.is_none()) {
        return Err(Error::Disabled {
            what:
                "Provisioning has no credentials. Save the Tenant URL and the Secret Token first."
                    .into(),
        });
    }
    Ok(job)
}

/// Ends a running cycle: the thread that works on it notices at its next batch.
pub(super) fn end_cycle(tx: &Write<'_>, key: JobKey, job: &Job, now: Timestamp) -> Result<()> {
    if let Some(mut cycle) = current_cycle(tx, key, job)?
        && cycle.state == CycleState::Running
    {
        cycle.state = CycleState::Stopped;
        cycle.ended = Some(now);
        jobs::put_cycle(tx, key, &cycle)?;
    }
    Ok(())
}

fn forget_progress(tx: &Write<'_>, key: JobKey, job: &mut Job, now: Timestamp) -> Result<()> {
    jobs::remove_all_escrows(tx, key)?;
    jobs::forget_held_deletions(tx, key)?;
    job.escrows_pruned = false;
    // What was allowed to go was counted under other rules.
    job.force_deletes = false;
    job.watermark = None;
    quarantine::leave(job);
    if job.status == JobStatus::Active && job.direction == Direction::Outbound {
        job.next_run = Some(now);
    }
    inbound_needs_email(job, now);
    Ok(())
}
