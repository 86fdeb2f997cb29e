//! Assignments of groups: assign, change, take away. Members of large groups follow page by page.

use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::groups;
use super::super::refusal::{Refusal, Result};
use super::pages::{assign_some, unassign_some};
use super::{AT_ONCE, app, rows, values};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{AppGroup, AttributeScope, JobKind, OktaApp, Profile};
use crate::store::okta::{AppKey, jobs};
use crate::store::{Reads, Write};

/// Most groups that assign to one app; each is looked at for everybody.
const GROUPS: usize = 1000;

/// The assignment of a group.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get_group(tx: &impl Reads, key: AppKey, group: Seq) -> Result<AppGroup> {
    rows::group(tx, key, group)?
        .ok_or_else(|| Refusal::not_found("ApplicationGroupAssignment", group))
}

/// Assigns a group: everybody in it who is not deactivated is assigned through it. A group that is assigned already
/// gets what is given.
///
/// # Errors
/// `Invalid` for values that the app's profile does not take or that cannot be given to a group, `NotFound`, the
/// store's.
pub fn assign_group(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    group: Seq,
    priority: Option<u32>,
    profile: &Profile,
    now: Timestamp,
) -> Result<AppGroup> {
    let found = app(tx, key)?;
    let group = groups::get(tx, key.org, group)?;
    if rows::group(tx, key, group.seq)?.is_some() {
        return update_app_group(
            tx,
            administrator,
            key,
            group.seq,
            priority,
            Some(profile),
            now,
        );
    }
    let profile = checked(&found, profile)?;
    let others = rows::groups(tx, key)?;
    if others.len() >= GROUPS {
        let many = format!("At most {GROUPS} groups can be assigned to an app");
        return Err(Refusal::field("group", "group", many));
    }
    let lowest = others.iter().map(|other| other.priority.saturating_add(1));
    let assignment = AppGroup {
        group: group.seq,
        priority: priority.unwrap_or_else(|| lowest.max().unwrap_or(0)),
        profile,
        created: now,
        last_updated: now,
    };
    rows::put_group(tx, key, &assignment)?;
    tell(
        tx,
        administrator,
        &found,
        EventType::GroupAssign,
        group.seq,
        now,
    )?;
    let doer = Doer::Administrator(administrator);
    if let Some(after) = assign_some(tx, doer, key, group.seq, Seq(0), AT_ONCE, now)? {
        let group = group.seq;
        jobs::enqueue(tx, key, JobKind::AssignGroup { group, after }, now)?;
    }
    Ok(assignment)
}

/// Changes priority and values of a group's assignment; everybody's profile follows.
///
/// # Errors
/// As [`assign_group`]; `NotFound` for a group that is not assigned.
pub fn update_app_group(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    group: Seq,
    priority: Option<u32>,
    profile: Option<&Profile>,
    now: Timestamp,
) -> Result<AppGroup> {
    let found = app(tx, key)?;
    let old = get_group(tx, key, group)?;
    let mut new = old.clone();
    if let Some(priority) = priority {
        new.priority = priority;
    }
    if let Some(profile) = profile {
        new.profile = checked(&found, profile)?;
    }
    if new == old {
        return Ok(old);
    }
    new.last_updated = now;
    rows::put_group(tx, key, &new)?;
    tell(
        tx,
        administrator,
        &found,
        EventType::GroupAssignmentUpdate,
        group,
        now,
    )?;
    let kind = JobKind::ApplyMappings {
        after: Seq(0),
        force: false,
    };
    jobs::enqueue(tx, key, kind, now)?;
    Ok(new)
}

/// Ends the assignment of a group: whoever no other group assigns is not assigned any more.
///
/// # Errors
/// `NotFound`, the store's.
pub fn unassign_group(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    group: Seq,
    now: Timestamp,
) -> Result<()> {
    let found = app(tx, key)?;
    get_group(tx, key, group)?;
    rows::remove_group(tx, key, group)?;
    tell(
        tx,
        administrator,
        &found,
        EventType::GroupUnassign,
        group,
        now,
    )?;
    let doer = Doer::Administrator(administrator);
    if let Some(after) = unassign_some(tx, doer, key, Seq(0), AT_ONCE, now)? {
        jobs::enqueue(tx, key, JobKind::UnassignGroup { group, after }, now)?;
    }
    Ok(())
}

fn checked(app: &OktaApp, given: &Profile) -> Result<Profile> {
    let mut profile = Profile::new();
    for (name, value) in values::checked(app, given)? {
        let personal = app
            .attribute(&name)
            .is_some_and(|attribute| attribute.scope == AttributeScope::SelfOnly);
        if personal {
            let sentence = format!("{name} is personal and cannot be given to a group");
            return Err(Refusal::field("profile", "profile", sentence));
        }
        if let Some(value) = value {
            profile.insert(name, value);
        }
    }
    Ok(profile)
}

fn tell(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    app: &OktaApp,
    kind: EventType,
    group: Seq,
    now: Timestamp,
) -> Result<()> {
    let (org, mix) = (administrator.org, tx.mix());
    let group = groups::get(tx, org, group)?;
    let targets = vec![events::group(mix, org, &group), events::app(mix, org, app)];
    let event = Event::success(kind, targets);
    record(
        tx,
        org,
        Doer::Administrator(administrator),
        event,
        Vec::new(),
        now,
    )?;
    Ok(())
}
