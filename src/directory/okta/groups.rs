//! Groups of an org: create, change, delete, who is in them, and what follows for apps that they are assigned or pushed
//! to (parts 1.11 and 2.5 of the Okta reference).

use super::events::{self, Cause as Doer, Event, EventType, record};
use super::refusal::{BLANK, Refusal, Result, TAKEN};
use super::{assignments, push, push_rules, rules, users};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{GroupType, JobKind, OktaGroup, OktaUser};
use crate::store::okta::{AppKey, app_users, groups as rows, jobs};
use crate::store::{Reads, Write};

/// Longest name, in characters.
pub const NAME_LIMIT: usize = 255;
/// Longest description, in characters.
pub const DESCRIPTION_LIMIT: usize = 1024;
/// Members read at once while a whole group is walked.
const PAGE: usize = 1000;

/// What a group is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupProfile {
    /// `profile.name`.
    pub name: String,
    /// `profile.description`.
    pub description: String,
}

/// The group in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, org: Seq, group: Seq) -> Result<OktaGroup> {
    rows::find(tx, org, group)?.ok_or_else(|| Refusal::not_found("UserGroup", group))
}

/// Creates a group without members.
///
/// # Errors
/// `Invalid` for a name that is none or taken, the store's.
pub fn create(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    wanted: &GroupProfile,
    now: Timestamp,
) -> Result<OktaGroup> {
    let org = administrator.org;
    let GroupProfile { name, description } = checked(tx, org, wanted, None)?;
    let group = OktaGroup {
        seq: rows::next_seq(tx, org)?,
        kind: GroupType::OktaGroup,
        name,
        description,
        app: None,
        external_id: None,
        member_count: 0,
        created: now,
        last_updated: now,
        last_membership_updated: now,
    };
    rows::put(tx, org, &group)?;
    let doer = Doer::Administrator(administrator);
    tell(tx, org, doer, EventType::GroupCreate, &group, None, now)?;
    push_rules::group_changed(tx, org, &group, now)?;
    Ok(group)
}

/// Gives a group another name or description. Where it is pushed to is told of a name (1.11.6).
///
/// # Errors
/// As [`create`]; `Invalid` for *Everyone* and groups of apps; `NotFound`.
pub fn update(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    group: Seq,
    wanted: &GroupProfile,
    now: Timestamp,
) -> Result<OktaGroup> {
    let org = administrator.org;
    let mut found = own(tx, org, group)?;
    let GroupProfile { name, description } = checked(tx, org, wanted, Some(group))?;
    if found.name == name && found.description == description {
        return Ok(found);
    }
    let renamed = found.name != name;
    found.name = name;
    found.description = description;
    found.last_updated = now;
    rows::put(tx, org, &found)?;
    let (doer, kind) = (
        Doer::Administrator(administrator),
        EventType::GroupUpdateProfile,
    );
    tell(tx, org, doer, kind, &found, None, now)?;
    if renamed {
        push::source_renamed(tx, org, group, now)?;
        rules::groups_changed(tx, org, now)?;
    }
    push_rules::group_changed(tx, org, &found, now)?;
    Ok(found)
}

/// Deletes a group: its members lose what only it gave them, and it is pushed nowhere any more; groups at targets
/// stay.
///
/// # Errors
/// `Invalid` for *Everyone* and groups of apps, `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    group: Seq,
    now: Timestamp,
) -> Result<()> {
    let org = administrator.org;
    let mut found = own(tx, org, group)?;
    push::source_deleted(tx, administrator, &found, now)?;
    rules::group_deleted(tx, &found, org, now)?;
    let apps = app_users::apps_of_group(tx, org, group)?;
    for app in apps {
        let key = AppKey { org, app };
        app_users::remove_group(tx, key, group)?;
        let after = Seq(0);
        jobs::enqueue(tx, key, JobKind::UnassignGroup { group, after }, now)?;
    }
    loop {
        let members = rows::members(tx, org, group, Seq(0), PAGE)?;
        for member in &members {
            rows::remove_member(tx, org, group, *member)?;
        }
        if members.len() < PAGE {
            break;
        }
    }
    rows::remove(tx, org, &found)?;
    found.member_count = 0;
    let doer = Doer::Administrator(administrator);
    tell(tx, org, doer, EventType::GroupDelete, &found, None, now)?;
    rules::groups_changed(tx, org, now)
}

/// Adds a member by hand; false when it is one already. Rules that ask for groups are evaluated again.
///
/// # Errors
/// `NotFound` for either, `Invalid` for *Everyone* and groups of apps, the store's.
pub fn add_member(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    group: Seq,
    user: Seq,
    now: Timestamp,
) -> Result<bool> {
    let user = users::get(tx, administrator.org, user)?;
    let added = enter(tx, administrator, group, &user, now)?;
    if added {
        rules::groups_of_person_changed(tx, administrator.org, user.seq, now)?;
    }
    Ok(added)
}

/// The same for somebody whose rules are evaluated by the caller.
pub(super) fn enter(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    group: Seq,
    user: &OktaUser,
    now: Timestamp,
) -> Result<bool> {
    let group = own(tx, administrator.org, group)?;
    let doer = Doer::Administrator(administrator);
    join(tx, administrator.org, doer, group.seq, user, now)
}

/// Takes a member away by hand; false when it is none. A rule that holds the person there leaves the person alone from
/// now on (3.5): else it would put the person back.
///
/// # Errors
/// As [`add_member`]; `Invalid` when such a rule excludes as many people as it may already.
pub fn remove_member(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    group: Seq,
    user: Seq,
    now: Timestamp,
) -> Result<bool> {
    let org = administrator.org;
    let group = own(tx, org, group)?;
    let user = users::get(tx, org, user)?;
    rules::removed_by_hand(tx, org, &group, &user, now)?;
    let doer = Doer::Administrator(administrator);
    let removed = leave(tx, org, doer, group.seq, &user, now)?;
    if removed {
        rules::person_changed(tx, org, user.seq, now)?;
    }
    Ok(removed)
}

/// Adds a member to any group, *Everyone* among them. Rules are the caller's to evaluate.
pub(super) fn join(
    tx: &Write<'_>,
    org: Seq,
    doer: Doer<'_>,
    group: Seq,
    user: &OktaUser,
    now: Timestamp,
) -> Result<bool> {
    let mut group = get(tx, org, group)?;
    if !rows::add_member(tx, org, group.seq, user.seq)? {
        return Ok(false);
    }
    group.member_count += 1;
    group.last_membership_updated = now;
    rows::put(tx, org, &group)?;
    let kind = EventType::GroupMemberAdd;
    tell(tx, org, doer, kind, &group, Some(user), now)?;
    assignments::joined_group(tx, org, doer, &group, user, now)?;
    push::members_changed(tx, org, group.seq, now)?;
    Ok(true)
}

/// Takes a member away from any group; false when it is none. Rules are the caller's to evaluate.
pub(super) fn leave(
    tx: &Write<'_>,
    org: Seq,
    doer: Doer<'_>,
    group: Seq,
    user: &OktaUser,
    now: Timestamp,
) -> Result<bool> {
    let mut group = get(tx, org, group)?;
    if !rows::remove_member(tx, org, group.seq, user.seq)? {
        return Ok(false);
    }
    group.member_count = group.member_count.saturating_sub(1);
    group.last_membership_updated = now;
    rows::put(tx, org, &group)?;
    let kind = EventType::GroupMemberRemove;
    tell(tx, org, doer, kind, &group, Some(user), now)?;
    push::members_changed(tx, org, group.seq, now)?;
    assignments::left_group(tx, org, doer, &group, user, now)?;
    Ok(true)
}

/// Takes somebody who is deleted out of a group. Nothing follows: a deactivated person has no assignment and is member
/// of no pushed group.
pub(super) fn leave_quietly(
    tx: &Write<'_>,
    org: Seq,
    group: Seq,
    user: Seq,
    now: Timestamp,
) -> Result<()> {
    if rows::remove_member(tx, org, group, user)?
        && let Some(mut group) = rows::find(tx, org, group)?
    {
        group.member_count = group.member_count.saturating_sub(1);
        group.last_membership_updated = now;
        rows::put(tx, org, &group)?;
    }
    Ok(())
}

/// A group whose name and members are the org's to change.
pub(super) fn own(tx: &impl Reads, org: Seq, group: Seq) -> Result<OktaGroup> {
    let found = get(tx, org, group)?;
    if found.kind == GroupType::OktaGroup {
        return Ok(found);
    }
    Err(Refusal::field(
        "group",
        "group",
        format!(
            "{} is a group of type {}, which cannot be changed here",
            found.name,
            found.kind.name()
        ),
    ))
}

fn checked(
    tx: &impl Reads,
    org: Seq,
    wanted: &GroupProfile,
    itself: Option<Seq>,
) -> Result<GroupProfile> {
    let (name, description) = (wanted.name.trim(), wanted.description.trim());
    if name.is_empty() {
        return Err(Refusal::field("name", "name", BLANK));
    }
    for (field, value, longest) in [
        ("name", name, NAME_LIMIT),
        ("description", description, DESCRIPTION_LIMIT),
    ] {
        if value.chars().count() > longest {
            let long = format!("The field is too long. It may have at most {longest} characters");
            return Err(Refusal::field(field, field, long));
        }
    }
    for other in rows::by_name(tx, org, name)? {
        if Some(other) != itself && get(tx, org, other)?.kind != GroupType::AppGroup {
            return Err(Refusal::field("name", "name", TAKEN));
        }
    }
    Ok(GroupProfile {
        name: name.to_owned(),
        description: description.to_owned(),
    })
}

fn tell(
    tx: &Write<'_>,
    org: Seq,
    doer: Doer<'_>,
    kind: EventType,
    group: &OktaGroup,
    member: Option<&OktaUser>,
    now: Timestamp,
) -> Result<()> {
    let mix = tx.mix();
    let mut targets: Vec<_> = member
        .map(|user| events::user(mix, org, user))
        .into_iter()
        .collect();
    targets.push(events::group(mix, org, group));
    let event = Event::success(kind, targets);
    record(tx, org, doer, event, Vec::new(), now)?;
    Ok(())
}
