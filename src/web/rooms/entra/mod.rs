//! The rooms of the mock Entra ID: users, groups, enterprise applications and their provisioning.
//!
//! Objects are addressed by their object ids. The appliance shows its oldest tenant.

pub(super) mod applications;
pub(super) mod assignments;
pub(super) mod credentials;
pub(super) mod drift;
mod exchanges;
pub(super) mod groups;
pub(super) mod job_settings;
pub(super) mod logs;
pub(super) mod mappings;
pub(super) mod on_demand;
pub(super) mod provisioning;
pub(super) mod provisioning_actions;
mod provisioning_live;
mod provisioning_state;
mod rates;
pub(super) mod schema;
pub(super) mod users;
pub(super) mod users_forms;

pub(super) use provisioning_live::{busy, latest, live_progress};
pub(super) use rates::Rates;

use crate::directory::search;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{
    Application, DirectoryGroup, DirectoryUser, Job, ObjectKind, ObjectRef, Tenant,
};
use crate::provider::browse::Part;
use crate::store::jobs::JobKey;
use crate::store::{Reads, directory as rows, jobs};

/// The tenant that the console shows.
fn tenant(tx: &impl Reads) -> Result<Tenant> {
    rows::first_tenant(tx)?.ok_or(Error::Conflict {
        attribute: "tenant",
        detail: "This appliance has no directory yet. Start it with --seed demo or --seed empty."
            .into(),
    })
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
