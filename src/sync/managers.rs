//! The managers phase: users' manager references, sent after both ends exist in the target.
//!
//! Only a reference that differs from the one last exported is sent. A manager without link or out of
//! scope cannot be resolved: that is reported, not counted as a failure.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::answer;
use super::context::Run;
use super::log::Story;
use super::objects::Reader;
use super::outcome::{LinkChange, Outcome};
use super::pipeline::Page;
use crate::error::Result;
use crate::id::Seq;
use crate::mapping::entra::{FlowType, Reference, ReferenceMapping};
use crate::model::{
    Action, DirectoryUser, ErrorInformation, Identity, Job, Link, LinkState, ObjectRef, Status,
};
use crate::store::jobs;
use crate::store::{Reads, directory as rows};

/// Code of a reference that has no object in the target.
pub(super) const UNRESOLVABLE: &str = "UnableToResolveReferenceAttributeValue";

/// A user whose manager reference has to be changed.
pub(super) struct ManagerWork {
    object: ObjectRef,
    name: String,
    identity: Identity,
    link: Link,
    to: Manager,
}

enum Manager {
    /// Id in the target.
    Set(String),
    Clear,
    /// What the manager is called in the source.
    Unresolvable(String),
}

/// The mapping of managers of a job, unless users are not provisioned.
pub(super) fn mapping(job: &Job) -> Option<ReferenceMapping<'_>> {
    let users = &job.rules.users;
    users
        .references()
        .into_iter()
        .find(|r| r.reference == Reference::Manager)
        .filter(|_| users.enabled && users.actions.update)
}

/// The next page of all users after a row.
pub(super) fn page(
    reader: &Reader<'_, impl Reads>,
    mapping: &ReferenceMapping<'_>,
    after: Seq,
    limit: usize,
) -> Result<Option<Page<ManagerWork>>> {
    let (tx, key) = (reader.tx, reader.key);
    let users = rows::users_after(tx, key.tenant, after, limit)?;
    let Some(last) = users.last().map(|u| u.seq) else {
        return Ok(None);
    };
    let links = jobs::links_between(tx, key, crate::model::ObjectKind::User, after, last)?;
    let mut links: BTreeMap<Seq, Link> = links.into_iter().map(|l| (l.source.seq, l)).collect();
    let units = users.len() as u64;
    let mut items = Vec::new();
    for user in users {
        if let Some(link) = links.remove(&user.seq)
            && let Some(work) = work(reader, mapping, &user, link)?
        {
            items.push((user.seq, work));
        }
    }
    Ok(Some(Page {
        items,
        through: last,
        units,
    }))
}

/// The work of one user, if there is any.
pub(super) fn one(
    reader: &Reader<'_, impl Reads>,
    mapping: &ReferenceMapping<'_>,
    user: Seq,
) -> Result<Option<ManagerWork>> {
    let (tx, key) = (reader.tx, reader.key);
    let Some(link) = jobs::link(tx, key, ObjectRef::user(user))? else {
        return Ok(None);
    };
    match rows::user(tx, key.tenant, user)? {
        Some(user) => work(reader, mapping, &user, link),
        None => Ok(None),
    }
}

/// The work of a user that is linked like this; none of somebody who is not managed, or left alone.
pub(super) fn work(
    reader: &Reader<'_, impl Reads>,
    mapping: &ReferenceMapping<'_>,
    user: &DirectoryUser,
    link: Link,
) -> Result<Option<ManagerWork>> {
    let (tx, key) = (reader.tx, reader.key);
    let exported = link
        .exported
        .get(mapping.target.as_str())
        .and_then(Json::as_str);
    let once = matches!(
        mapping.flow,
        FlowType::ObjectAddOnly | FlowType::ValueAddOnly | FlowType::AttributeAddOnly
    );
    let settled = once && exported.is_some();
    let unmanaged = link.state == LinkState::Disabled || link.out_of_scope;
    if unmanaged || user.deleted.is_some() || settled || reader.leaves_user_alone(user)? {
        return Ok(None);
    }
    let to = match (user.manager, exported) {
        (None, None) => return Ok(None),
        (None, Some(_)) => Manager::Clear,
        (Some(manager), exported) => {
            match jobs::link(tx, key, ObjectRef::user(manager))?.filter(|l| !l.out_of_scope) {
                Some(l) if exported == Some(l.target_id.as_str()) => return Ok(None),
                Some(l) => Manager::Set(l.target_id),
                None => {
                    let row = rows::user(tx, key.tenant, manager)?;
                    Manager::Unresolvable(row.map_or_else(
                        || "a user that no longer exists".to_owned(),
                        |m| m.user_principal_name,
                    ))
                }
            }
        }
    };
    Ok(Some(ManagerWork {
        object: ObjectRef::user(user.seq),
        name: user.user_principal_name.clone(),
        identity: Identity {
            id: user.id.to_string(),
            display_name: user.display_name().to_owned(),
        },
        link,
        to,
    }))
}

/// Sends one manager reference.
pub(super) fn export(run: &Run, mapping: &ReferenceMapping<'_>, work: ManagerWork) -> Outcome {
    const STEP: &str = "EntryExportUpdate";
    let ManagerWork {
        object,
        name,
        identity,
        mut link,
        to,
    } = work;
    let _alone = run.context.hold(run.key, object);
    let mut story = Story::begin(object, &name, identity);
    story.target(&link.target_id);
    if run.on_demand.is_none() {
        story.imported("Update");
    }
    let path = mapping.target;
    let old = link
        .exported
        .get(path.as_str())
        .and_then(Json::as_str)
        .map(str::to_owned);
    let request = match &to {
        Manager::Unresolvable(manager) => {
            let error = unresolvable(manager, "manager", &name);
            story.resolved(Status::Skipped, &error.reason);
            let entry = story.finish(run, Action::Other, Status::Skipped, Some(error));
            return Outcome::new(object, entry, LinkChange::Keep);
        }
        Manager::Set(id) => {
            story.resolved(
                Status::Success,
                format!("The manager is '{id}' in the target."),
            );
            story.modified(path, old.clone(), Some(id.clone()));
            link.exported
                .insert(path.to_string(), Json::from(id.as_str()));
            run.dialect()
                .set_manager(&link.target_id, path, id, old.is_some())
        }
        Manager::Clear => {
            story.resolved(Status::Success, "The user has no manager any more.");
            let request = run.dialect().clear_manager(
                &link.target_id,
                path,
                old.as_deref().unwrap_or_default(),
                run.job.settings.manager_removal,
            );
            story.modified(path, old, None);
            link.exported.remove(path.as_str());
            request
        }
    };
    match run
        .send(&mut story, &request)
        .and_then(|a| answer::accepted(&a))
    {
        Ok(()) => {
            let entry = story.exported(run, STEP, "was updated in", Action::Update);
            Outcome::new(object, entry, LinkChange::Put(Box::new(link)))
        }
        Err(error) => {
            let entry = story.failed(run, STEP, "update", Action::Update, error);
            Outcome::new(object, entry, LinkChange::Keep)
        }
    }
}

/// The error of a reference that has no object in the target.
pub(super) fn unresolvable(what: &str, role: &str, of: &str) -> ErrorInformation {
    ErrorInformation {
        error_code: UNRESOLVABLE.to_owned(),
        reason: format!("We were unable to assign {what} as the {role} of {of}."),
        recommended_action: Some(
            "The referenced object is out of scope or not yet provisioned. Bring it into scope, then change the referring object or restart provisioning."
                .to_owned(),
        ),
    }
}
