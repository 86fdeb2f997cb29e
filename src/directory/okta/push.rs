//! *Push Groups*: which groups are pushed to which app, and what has to be sent because of changes (part 1.11 of the
//! Okta reference). Changes of an inactive mapping wait until it is activated, those of a failed one until somebody
//! pushes again.

use super::events::{self, Cause as Doer, Event, EventType, record};
use super::groups;
use super::refusal::{BLANK, Refusal, Result, TAKEN};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{GroupType, JobKind, OktaApp, OktaGroup, PushMapping, PushMappingStatus};
use crate::store::okta::{AppKey, apps, groups as group_rows, jobs, push as rows};
use crate::store::{Reads, Write};

/// People whom a target was told of that are forgotten at once.
const PAGE: usize = 1000;

/// What a group is pushed into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushTarget {
    /// A group of this name: the app group that has it, else a new one.
    Named(String),
    /// *Link Group*: the app group in this row.
    Existing(Seq),
}

/// A group that is to be pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPush {
    /// Row of the group.
    pub group: Seq,
    /// Into what.
    pub target: PushTarget,
    /// *Push group memberships immediately*: `ACTIVE` rather than `INACTIVE`.
    pub active: bool,
}

/// The mapping in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, key: AppKey, mapping: Seq) -> Result<PushMapping> {
    rows::find(tx, key, mapping)?.ok_or_else(|| Refusal::not_found("GroupPushMapping", mapping))
}

/// Pushes a group to an app.
///
/// # Errors
/// `Invalid` for an app without *Push Groups* or without API integration, a group that is no group of the org or is
/// pushed to the app already, a target that is no group of the app or belongs to another mapping; `NotFound`, the
/// store's.
pub fn create(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    new: &NewPush,
    now: Timestamp,
) -> Result<PushMapping> {
    create_as(tx, Doer::Administrator(administrator), key, new, None, now)
}

/// The same, maybe because of a rule.
pub(super) fn create_as(
    tx: &Write<'_>,
    doer: Doer<'_>,
    key: AppKey,
    new: &NewPush,
    rule: Option<Seq>,
    now: Timestamp,
) -> Result<PushMapping> {
    let app = pushing(tx, key)?;
    let group = groups::get(tx, key.org, new.group)?;
    if group.kind == GroupType::AppGroup {
        let sentence = "A group of an app cannot be pushed";
        return Err(Refusal::field("mapping", "sourceGroupId", sentence));
    }
    if rows::of_group(tx, key, group.seq)?.is_some() {
        let sentence = "The group is pushed to this app already";
        return Err(Refusal::field("mapping", "sourceGroupId", sentence));
    }
    let (target, target_name, named_after) = match &new.target {
        PushTarget::Named(name) => {
            let name = name.trim();
            if name.is_empty() {
                return Err(Refusal::field("mapping", "targetGroupName", BLANK));
            }
            if name.chars().count() > groups::NAME_LIMIT {
                let long = format!("At most {} characters", groups::NAME_LIMIT);
                return Err(Refusal::field("mapping", "targetGroupName", long));
            }
            let found = group_rows::by_name(tx, key.org, name)?
                .into_iter()
                .map(|row| groups::get(tx, key.org, row))
                .find(|found| found.as_ref().is_ok_and(|found| found.app == Some(key.app)));
            match found {
                Some(found) => (Some(found?.seq), name.to_owned(), name.to_owned()),
                None => (None, name.to_owned(), group.name.clone()),
            }
        }
        PushTarget::Existing(row) => {
            let found = groups::get(tx, key.org, *row)?;
            if found.app != Some(key.app) {
                let sentence = "This is no group of the app";
                return Err(Refusal::field("mapping", "targetGroupId", sentence));
            }
            (Some(found.seq), found.name.clone(), found.name)
        }
    };
    if target.is_some() && all(tx, key)?.iter().any(|other| other.target == target) {
        return Err(Refusal::field("mapping", "targetGroupId", TAKEN));
    }
    let mapping = PushMapping {
        seq: rows::next_seq(tx, key.org)?,
        group: group.seq,
        target,
        target_name,
        named_after,
        status: if new.active {
            PushMappingStatus::Active
        } else {
            PushMappingStatus::Inactive
        },
        error: None,
        rule,
        created: now,
        last_updated: now,
        last_push: None,
    };
    rows::put(tx, key, &mapping)?;
    let kind = EventType::PushMappingCreated;
    tell(tx, doer, (key, &app), kind, &mapping, now)?;
    if new.active {
        let mapping = mapping.seq;
        jobs::enqueue(tx, key, JobKind::PushGroup { mapping }, now)?;
    }
    Ok(mapping)
}

/// Every mapping of an app, oldest first.
///
/// # Errors
/// The store's.
pub fn all(tx: &impl Reads, key: AppKey) -> Result<Vec<PushMapping>> {
    Ok(rows::after(tx, key, Seq(0), usize::MAX)?)
}

/// Activates a mapping: what changed meanwhile is pushed at once. A failed one is tried again.
///
/// # Errors
/// As [`create`] for the app; `NotFound`, the store's.
pub fn activate(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    mapping: Seq,
    now: Timestamp,
) -> Result<PushMapping> {
    let app = pushing(tx, key)?;
    let mut found = get(tx, key, mapping)?;
    if found.status == PushMappingStatus::Active {
        return Ok(found);
    }
    set_status(tx, key, &mut found, PushMappingStatus::Active, now)?;
    let kind = EventType::PushMappingActivate;
    tell(
        tx,
        Doer::Administrator(administrator),
        (key, &app),
        kind,
        &found,
        now,
    )?;
    let kind = match found.target {
        Some(_) => JobKind::PushMembers { mapping },
        None => JobKind::PushGroup { mapping },
    };
    jobs::enqueue(tx, key, kind, now)?;
    Ok(found)
}

/// Deactivates a mapping: changes wait.
///
/// # Errors
/// `NotFound`, the store's.
pub fn deactivate(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    mapping: Seq,
    now: Timestamp,
) -> Result<PushMapping> {
    let app = app(tx, key)?;
    let mut found = get(tx, key, mapping)?;
    if found.status != PushMappingStatus::Inactive {
        set_status(tx, key, &mut found, PushMappingStatus::Inactive, now)?;
        let kind = EventType::PushMappingDeactivate;
        tell(
            tx,
            Doer::Administrator(administrator),
            (key, &app),
            kind,
            &found,
            now,
        )?;
    }
    Ok(found)
}

/// *Push now*: the target is told the whole list, by a failed mapping too.
///
/// # Errors
/// `Invalid` for an inactive mapping, as [`create`] for the app, `NotFound`, the store's.
pub fn push_now(
    tx: &Write<'_>,
    _administrator: &OrgAdministrator,
    key: AppKey,
    mapping: Seq,
    now: Timestamp,
) -> Result<PushMapping> {
    pushing(tx, key)?;
    let mut found = get(tx, key, mapping)?;
    if found.status == PushMappingStatus::Inactive {
        let sentence = "The mapping is inactive; activate it first";
        return Err(Refusal::field("mapping", "status", sentence));
    }
    set_status(tx, key, &mut found, PushMappingStatus::Active, now)?;
    let kind = match found.target {
        Some(_) => JobKind::PushAllMembers { mapping },
        None => JobKind::PushGroup { mapping },
    };
    jobs::enqueue(tx, key, kind, now)?;
    Ok(found)
}

/// *Unlink pushed group*: the mapping goes; the group at the target is deleted or left as it is.
///
/// # Errors
/// `NotFound`, the store's.
pub fn unlink(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    mapping: Seq,
    delete_target: bool,
    now: Timestamp,
) -> Result<()> {
    let app = app(tx, key)?;
    let found = get(tx, key, mapping)?;
    remove(tx, administrator, (key, &app), &found, now)?;
    let target = match found.target {
        Some(target) if delete_target => group_rows::find(tx, key.org, target)?,
        _ => None,
    };
    if let Some(target) = target {
        group_rows::remove(tx, key.org, &target)?;
        if let Some(external_id) = target.external_id {
            let name = target.name;
            let kind = JobKind::DeleteGroup { name, external_id };
            jobs::enqueue(tx, key, kind, now)?;
        }
    }
    Ok(())
}

/// A group got another name: where the app's groups are renamed with it, the target is told.
pub(super) fn source_renamed(tx: &Write<'_>, org: Seq, group: Seq, now: Timestamp) -> Result<()> {
    for (key, mapping) in rows::everywhere(tx, org, group)? {
        let (Some(app), Some(found)) = (apps::find(tx, key)?, rows::find(tx, key, mapping)?) else {
            continue;
        };
        if app.rename_app_groups && app.provisions() && found.status == PushMappingStatus::Active {
            jobs::enqueue(tx, key, JobKind::RenameGroup { mapping }, now)?;
        }
    }
    Ok(())
}

/// Somebody came into a group or left it: the target is told.
pub(super) fn members_changed(tx: &Write<'_>, org: Seq, group: Seq, now: Timestamp) -> Result<()> {
    for (key, mapping) in rows::everywhere(tx, org, group)? {
        let (Some(app), Some(found)) = (apps::find(tx, key)?, rows::find(tx, key, mapping)?) else {
            continue;
        };
        if app.provisions() && found.status == PushMappingStatus::Active {
            jobs::enqueue(tx, key, JobKind::PushMembers { mapping }, now)?;
        }
    }
    Ok(())
}

/// A group is deleted: its mappings go, and the groups at targets stay.
pub(super) fn source_deleted(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    group: &OktaGroup,
    now: Timestamp,
) -> Result<()> {
    for (key, mapping) in rows::everywhere(tx, administrator.org, group.seq)? {
        let Some(found) = rows::find(tx, key, mapping)? else {
            continue;
        };
        match apps::find(tx, key)? {
            Some(app) => remove(tx, administrator, (key, &app), &found, now)?,
            None => forget(tx, key, &found)?,
        }
    }
    Ok(())
}

/// Takes a mapping away with everything the target was told.
pub(super) fn forget(tx: &Write<'_>, key: AppKey, mapping: &PushMapping) -> Result<()> {
    while rows::forget(tx, key, mapping.seq, PAGE)? {}
    rows::remove(tx, key, mapping)?;
    Ok(())
}

fn remove(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    (key, app): (AppKey, &OktaApp),
    mapping: &PushMapping,
    now: Timestamp,
) -> Result<()> {
    forget(tx, key, mapping)?;
    let kind = EventType::GroupPushRemoved;
    tell(
        tx,
        Doer::Administrator(administrator),
        (key, app),
        kind,
        mapping,
        now,
    )
}

fn set_status(
    tx: &Write<'_>,
    key: AppKey,
    mapping: &mut PushMapping,
    status: PushMappingStatus,
    now: Timestamp,
) -> Result<()> {
    if mapping.status != status {
        mapping.status = status;
        mapping.error = None;
        mapping.last_updated = now;
        rows::put(tx, key, mapping)?;
    }
    Ok(())
}

fn app(tx: &impl Reads, key: AppKey) -> Result<OktaApp> {
    apps::find(tx, key)?.ok_or_else(|| Refusal::not_found("AppInstance", key.app))
}

/// An app that groups can be pushed to.
pub(super) fn pushing(tx: &impl Reads, key: AppKey) -> Result<OktaApp> {
    let app = app(tx, key)?;
    let refused = |sentence: String| Err(Refusal::field("mapping", "group", sentence));
    if !app.group_push {
        return refused(format!("{} does not support group push", app.label));
    }
    if !app.provisions() {
        return refused(format!("API integration of {} is not enabled", app.label));
    }
    Ok(app)
}

fn tell(
    tx: &Write<'_>,
    doer: Doer<'_>,
    (key, app): (AppKey, &OktaApp),
    kind: EventType,
    mapping: &PushMapping,
    now: Timestamp,
) -> Result<()> {
    let (org, mix) = (key.org, tx.mix());
    let mut targets = Vec::new();
    if let Some(group) = group_rows::find(tx, org, mapping.group)? {
        targets.push(events::group(mix, org, &group));
    }
    if let Some(target) = mapping.target
        && let Some(target) = group_rows::find(tx, org, target)?
    {
        targets.push(events::app_group(mix, org, &target));
    }
    targets.push(events::app(mix, org, app));
    let event = Event::success(kind, targets);
    record(tx, org, doer, event, Vec::new(), now)?;
    Ok(())
}
