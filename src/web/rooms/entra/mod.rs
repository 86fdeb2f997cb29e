//! The rooms of the mock Entra ID: users, groups, enterprise applications and their provisioning.
//!
//! Objects are addressed by their object ids. Pages show the tenant that the session chose, or else the oldest.

pub(super) mod app_roles;
pub(super) mod application_forms;
pub(super) mod applications;
pub(super) mod assignments;
pub(super) mod bulk_requests;
pub(super) mod credentials;
pub(super) mod deleted;
pub(super) mod drift;
mod exchanges;
pub(super) mod gallery;
pub(super) mod group_deletion;
pub(super) mod group_forms;
pub(super) mod groups;
pub(super) mod import;
pub(super) mod inbound;
pub(super) mod job_settings;
pub(super) mod logs;
pub(super) mod mappings;
mod object_form;
pub(super) mod on_demand;
pub(super) mod provisioning;
pub(super) mod provisioning_actions;
mod provisioning_live;
mod provisioning_state;
mod rates;
pub(super) mod registrations;
pub(super) mod schema;
pub(super) mod tenants;
pub(super) mod transfer;
mod uploads;
pub(super) mod users;
mod users_fields;
pub(super) mod users_forms;

pub(super) use exchanges::shown as exchanges_shown;
pub(super) use provisioning_live::{busy, latest, live_progress};
pub(super) use rates::Rates;
pub(super) use uploads::Uploads;
pub(super) use users::shown as value_shown;

use super::super::auth::Who;
use super::super::housekeeping::work_off_soon;
use crate::directory::search;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{
    Application, Direction, DirectoryGroup, DirectoryUser, Job, ObjectKind, ObjectRef, Tenant,
};
use crate::provider::browse::Part;
use crate::store::jobs::JobKey;
use crate::store::{Reads, directory as rows, jobs};

/// The tenant that somebody's pages show. What belongs to an application asks [`application_at`].
fn tenant_of(tx: &impl Reads, who: &Who) -> Result<Tenant> {
    let shown = match who.tenant() {
        Some(tenant) => rows::tenant(tx, tenant)?,
        None => None,
    };
    match shown {
        Some(tenant) => Ok(tenant),
        None => rows::first_tenant(tx)?.ok_or(Error::Conflict {
            attribute: "tenant",
            detail: "This appliance has no directory yet. Create a tenant first.".into(),
        }),
    }
}

fn object_of(tx: &impl Reads, tenant: Seq, kind: ObjectKind, id: &str) -> Result<ObjectRef> {
    let unknown = || Error::not_found(kind.name(), "");
    let id: Guid = id.parse().map_err(|_| unknown())?;
    rows::object_by_id(tx, tenant, &id)?
        .filter(|object| object.kind == kind)
        .ok_or_else(unknown)
}

/// The object behind an id, of either kind.
fn any_object_of(tx: &impl Reads, tenant: Seq, id: &str) -> Result<ObjectRef> {
    let unknown = || Error::not_found("Object", "");
    let id: Guid = id.parse().map_err(|_| unknown())?;
    rows::object_by_id(tx, tenant, &id)?.ok_or_else(unknown)
}

fn user_of(tx: &impl Reads, tenant: Seq, id: &str) -> Result<DirectoryUser> {
    let object = object_of(tx, tenant, ObjectKind::User, id)?;
    crate::directory::get_user(tx, tenant, object.seq)
}

fn group_of(tx: &impl Reads, tenant: Seq, id: &str) -> Result<DirectoryGroup> {
    let object = object_of(tx, tenant, ObjectKind::Group, id)?;
    crate::directory::get_group(tx, tenant, object.seq)
}

fn application_of(tx: &impl Reads, tenant: Seq, id: &str) -> Result<Application> {
    rows::applications(tx, tenant)?
        .into_iter()
        .find(|application| application.id.to_string() == id)
        .ok_or_else(|| Error::not_found("Application", ""))
}

/// The application with an id, in whichever tenant it is.
fn application_at(tx: &impl Reads, id: &str) -> Result<(Tenant, Application)> {
    for tenant in rows::tenants(tx)? {
        let found = rows::applications(tx, tenant.seq)?
            .into_iter()
            .find(|application| application.id.to_string() == id);
        if let Some(application) = found {
            return Ok((tenant, application));
        }
    }
    Err(Error::not_found("Application", ""))
}

/// The synchronization job of an application.
fn job_of(tx: &impl Reads, tenant: Seq, application: &Application) -> Result<(JobKey, Job)> {
    let job = jobs::of_application(tx, tenant, application.seq)?.ok_or(Error::Conflict {
        attribute: "job",
        detail: "This application has no synchronization job.".into(),
    })?;
    let key = JobKey {
        tenant,
        job: job.seq,
    };
    Ok((key, job))
}

/// The same as [`job_of`], for what an inbound job has not: `what`.
fn outbound_job_of(
    tx: &impl Reads,
    tenant: Seq,
    application: &Application,
    what: &str,
) -> Result<(JobKey, Job)> {
    let (key, job) = job_of(tx, tenant, application)?;
    outbound(&job, what)?;
    Ok((key, job))
}

/// The same as [`application_of`], for what an application with an inbound job has not: `what`.
fn outbound_application_of(
    tx: &impl Reads,
    tenant: Seq,
    id: &str,
    what: &str,
) -> Result<Application> {
    let application = application_of(tx, tenant, id)?;
    if let Some(job) = jobs::of_application(tx, tenant, application.seq)? {
        outbound(&job, what)?;
    }
    Ok(application)
}

/// Refuses `what`, which an inbound job has not.
fn outbound(job: &Job, what: &str) -> Result<()> {
    match job.direction {
        Direction::Outbound => Ok(()),
        Direction::Inbound => Err(Error::Disabled {
            what: format!(
                "{what} is not available for API-driven provisioning: people come by its Provisioning API endpoint, and are worked off as they come."
            ),
        }),
    }
}

/// Refuses the mapping of a kind of objects that a job has not.
fn has_mapping(job: &Job, kind: ObjectKind) -> Result<()> {
    if job.direction == Direction::Inbound && kind == ObjectKind::Group {
        return Err(Error::Disabled {
            what: "API-driven provisioning brings users alone: there is no mapping of groups."
                .into(),
        });
    }
    Ok(())
}

/// What a change of the rules of a job leads to, in words.
struct Effect {
    /// Before it is made.
    before: &'static str,
    /// After it is made.
    after: &'static str,
}

/// The effect on a job that goes this way: no cycle looks at people again who were uploaded.
const fn effect(direction: Direction) -> Effect {
    match direction {
        Direction::Outbound => Effect {
            before: "A change makes the next cycle an initial one.",
            after: "The next cycle is an initial one.",
        },
        Direction::Inbound => Effect {
            before: "A change counts for every upload that is worked off after it.",
            after: "It counts for every upload that is worked off from now on.",
        },
    }
}

/// What a form knew of a row when it was made; it is refused when the row is another by then.
pub(super) fn revision(row: &impl serde::Serialize) -> String {
    let text = serde_json::to_string(row).unwrap_or_default();
    crate::secret::Plain::new(text).digest().to_string()
}

pub(super) fn changed_meanwhile(name: &str) -> Error {
    Error::Conflict {
        attribute: "revision",
        detail: format!(
            "{name} was changed by somebody else meanwhile. Open the page again to see how, and repeat the change"
        ),
    }
}

/// Applications that an object itself is assigned to.
fn applications_of(tx: &impl Reads, tenant: Seq, object: ObjectRef) -> Result<Vec<Application>> {
    let mut found = Vec::new();
    for application in rows::applications_of(tx, tenant, object)? {
        found.extend(
            rows::application(tx, tenant, application)?
                .filter(|application| application.removal.is_none()),
        );
    }
    Ok(found)
}

fn user_address(user: &DirectoryUser) -> String {
    format!("/entra/users/{}", user.id)
}

fn group_address(group: &DirectoryGroup) -> String {
    format!("/entra/groups/{}", group.id)
}

pub(super) fn application_address(application: &Application) -> String {
    format!("/entra/applications/{}", application.id)
}

/// One page of a search, from the newest if asked for.
fn page_of<T>(
    part: Part,
    search: impl Fn(u64, usize) -> Result<search::Page<T>>,
) -> Result<search::Page<T>> {
    if !part.newest_first {
        return search(part.skip, part.limit);
    }
    let total = search(0, 0)?.total;
    let (skip, limit) = part.in_creation_order(total);
    let mut page = search(skip, limit)?;
    page.items.reverse();
    Ok(page)
}
