//! Enterprise applications from a template, and their end: the application and its synchronization job are made and
//! deleted together.
//!
//! Follows *New application* of the portal and `applicationTemplate: instantiate` of Microsoft Graph: the application
//! gets the app role *User*, and its job the mappings of the template. Deleting one deletes its job, links, escrows,
//! cycles and log entries; nothing is sent to the target, whose users stay as they are.

use super::jobs::{self, Template};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::{app_roles, applications, get_application};
use crate::error::Result;
use crate::id::{Guid, Seq};
use crate::model::{Application, Direction, Job};
use crate::store::jobs::{self as job_rows, JobKey};
use crate::store::{Reads, Write, directory as rows};

/// What the gallery calls the application of inbound provisioning, and what it is named unless somebody says otherwise.
pub const INBOUND_NAME: &str = "API-driven provisioning to Microsoft Entra ID";

/// Rows taken away by one write.
const AT_ONCE: usize = 2_000;

/// Ids of a new application and what belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    /// Object id of the service principal.
    pub application: Guid,
    /// Application (client) id.
    pub app_id: Guid,
    /// The role *User*.
    pub role: Guid,
    /// The last part of the job's id.
    pub job: Guid,
}

impl Ids {
    /// Fresh random ones.
    pub fn random() -> Self {
        Self {
            application: Guid::random(),
            app_id: Guid::random(),
            role: Guid::random(),
            job: Guid::random(),
        }
    }
}

/// Makes an application with its role *User* and its job, to which nobody is assigned yet.
///
/// # Errors
/// `Field` when the name is none, `NotFound` when there is no such tenant, the store's.
pub fn create(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    template: Template,
    name: &str,
    ids: Ids,
    now: Timestamp,
) -> Result<(Application, Job)> {
    let application = add(tx, operator, tenant, name, ids, now)?;
    let job = jobs::create(tx, operator, tenant, application.seq, template, ids.job)?;
    Ok((application, job))
}

/// Makes an application *API-driven provisioning to Microsoft Entra ID* with its role *User* and its inbound job.
///
/// # Errors
/// As [`create`].
pub fn create_inbound(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    name: &str,
    ids: Ids,
    now: Timestamp,
) -> Result<(Application, Job)> {
    let application = add(tx, operator, tenant, name, ids, now)?;
    let job = jobs::create_inbound(tx, operator, tenant, application.seq, ids.job)?;
    Ok((application, job))
}

fn add(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    name: &str,
    ids: Ids,
    now: Timestamp,
) -> Result<Application> {
    let new = applications::NewApplication {
        id: ids.application,
        app_id: ids.app_id,
        display_name: name.trim().to_owned(),
    };
    let mut application = applications::add(tx, operator, tenant, &new, now)?;
    application.roles = vec![app_roles::default_role(ids.role)];
    rows::put_application(tx, tenant, &application)?;
    Ok(application)
}

/// The oldest job of a tenant that goes this way, with its application.
///
/// # Errors
/// The store's.
pub fn first(
    tx: &impl Reads,
    tenant: Seq,
    direction: Direction,
) -> Result<Option<(Application, Job)>> {
    for application in rows::applications(tx, tenant)? {
        let job = job_rows::of_application(tx, tenant, application.seq)?;
        if let Some(job) = job.filter(|job| job.direction == direction) {
            return Ok(Some((application, job)));
        }
    }
    Ok(None)
}

/// Sees to it that a tenant has an API-driven provisioning application: where it has none, one is made, with its job
/// started and this *Notification Email*, which the service wants of such jobs.
///
/// # Errors
/// `Field` when that is no address, the store's.
pub fn ensure_inbound(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    email: &str,
    ids: Ids,
    now: Timestamp,
) -> Result<()> {
    if first(tx, tenant, Direction::Inbound)?.is_some() {
        return Ok(());
    }
    let (_, job) = create_inbound(tx, operator, tenant, INBOUND_NAME, ids, now)?;
    let key = JobKey {
        tenant,
        job: job.seq,
    };
    jobs::set_notification(tx, operator, key, email, true, now)?;
    jobs::start(tx, operator, key, now)?;
    Ok(())
}

/// Deletes an application and its job. Nobody sees them any more and a running cycle ends at its next batch; what hangs
/// on them is taken away by [`sweep`].
///
/// # Errors
/// `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    application: Seq,
    now: Timestamp,
) -> Result<Application> {
    get_application(tx, tenant, application)?;
    let job = job_rows::of_application(tx, tenant, application)?;
    if let Some(job) = &job {
        remove_job(tx, tenant, job, now)?;
    }
    applications::delete(tx, operator, tenant, application, job.map(|job| job.seq))
}

/// Deletes the job of an application that stays: `synchronizationJob: delete`. A running cycle ends at its next batch;
/// what hangs on the job is taken away by [`sweep`]. Another one may be made at once.
///
/// # Errors
/// `NotFound`, the store's.
pub fn delete_job(tx: &Write<'_>, _: &Operator, key: JobKey, now: Timestamp) -> Result<()> {
    let job = jobs::get(tx, key)?;
    let mut application = get_application(tx, key.tenant, job.application)?;
    remove_job(tx, key.tenant, &job, now)?;
    application.deleted_jobs.push(job.seq);
    rows::put_application(tx, key.tenant, &application)?;
    Ok(())
}

fn remove_job(tx: &Write<'_>, tenant: Seq, job: &Job, now: Timestamp) -> Result<()> {
    let key = JobKey {
        tenant,
        job: job.seq,
    };
    jobs::end_cycle(tx, key, job, now)?;
    Ok(job_rows::remove(tx, key)?)
}

/// Takes some of what deleted applications and jobs left behind away; whether there is more to do.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>) -> Result<bool> {
    for tenant in rows::tenants(tx)? {
        for mut application in rows::every_application(tx, tenant.seq)? {
            let of = |job| JobKey {
                tenant: tenant.seq,
                job,
            };
            if let Some(job) = application.deleted_jobs.last().copied() {
                if !job_rows::remove_some(tx, of(job), AT_ONCE)? {
                    application.deleted_jobs.pop();
                    rows::put_application(tx, tenant.seq, &application)?;
                }
                return Ok(true);
            }
            let Some(removal) = application.removal else {
                continue;
            };
            if let Some(job) = removal.job
                && job_rows::remove_some(tx, of(job), AT_ONCE)?
            {
                return Ok(true);
            }
            applications::take_apart(tx, tenant.seq, application.seq, AT_ONCE)?;
            return Ok(true);
        }
    }
    Ok(false)
}
