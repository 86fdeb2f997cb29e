//! User groups by hand: make, describe, fill, hand to managers, delete (Postman's Learning Center, "User groups").
//!
//! Admins look after every group, Developers after those that they manage; only groups whose members get Developer
//! and nothing else have managers. What a group conveys counts with the groups it is in: otherwise the manager of a
//! group inside the Admins' group could become an Admin. A group that conveys Super Admin is changed by Super
//! Admins alone.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::{audit, browse, groups as scim_groups, id_of, notices, shown};
use super::{appoint, conveyed, stale};
use crate::access::{May, Member, Permission, permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId, Seq};
use crate::model::{Group, MemberState, ObjectKind, ObjectRef, Operation, Outcome, Role, User};
use crate::scim::Object;
use crate::store::{Reads, Write, groups as rows, memberships, users as user_rows};

/// Most characters of a group's name.
pub const NAME_MAXIMUM: usize = 200;
/// Most characters of a group's description.
pub const SUMMARY_MAXIMUM: usize = 500;

/// A group, together with the proof that somebody may change it. Made by [`entrusted`] alone.
#[derive(Debug, Clone)]
pub struct Entrusted {
    by: Member,
    group: Group,
    /// What its members get.
    conveys: BTreeSet<Role>,
}

impl Entrusted {
    /// The group as it was when this was asked.
    pub const fn group(&self) -> &Group {
        &self.group
    }

    /// What members get from it: its roles and those of the groups it is in.
    pub const fn conveys(&self) -> &BTreeSet<Role> {
        &self.conveys
    }

    /// Whether it may have managers.
    pub fn may_have_managers(&self) -> bool {
        appoint::is_developer_only(&self.conveys)
    }
}

/// The group with this id for somebody who may change its name, members and managers, or delete it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for whoever neither administers the team nor manages this group, and
/// for a group that conveys Super Admin unless a Super Admin asks.
pub fn entrusted(
    tx: &impl Reads,
    by: &May<permission::CreateGroups>,
    id: &str,
) -> Result<Entrusted> {
    let group = browse::get_group(tx, by, id)?;
    let conveys = conveyed(tx, by.team, &group)?;
    if by.has(Permission::ManageGroups) {
        appoint::may_touch(&by.roles, &conveys).map_err(|_| Error::Forbidden {
            detail: "This group makes its members Super Admins, so only Super Admins can change it. Ask one of \
                     them."
                .into(),
        })?;
    } else if !(appoint::is_developer_only(&conveys) && manages(tx, by, &group)?) {
        return Err(Error::Forbidden {
            detail:
                "Only its managers and the team's Admins can change this group. Ask one of them."
                    .into(),
        });
    }
    Ok(Entrusted {
        by: Member::clone(by),
        group,
        conveys,
    })
}

/// Whether this person is one of the group's managers.
fn manages(tx: &impl Reads, by: &Member, group: &Group) -> Result<bool> {
    let own = own_user(tx, by)?;
    Ok(own.is_some_and(|user| group.managers.contains(&user)))
}

/// The membership of whoever acts; none for the command line and for an operator in a team of others.
fn own_user(tx: &impl Reads, by: &Member) -> Result<Option<Seq>> {
    match by.account {
        Some(account) => Ok(memberships::find(tx, account, by.team)?),
        None => Ok(None),
    }
}

/// *Create Group*: with the Developer role and its creator as manager.
///
/// # Errors
/// [`Error::Field`] for a name or a description that is not acceptable.
pub fn create(
    tx: &Write<'_>,
    by: &May<permission::CreateGroups>,
    name: &str,
    summary: &str,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Group> {
    let name = free_name(tx, by.team, name, None)?;
    let summary = checked_summary(summary)?;
    let mut attributes = Object::new();
    attributes.insert("displayName".into(), Value::String(name));
    let seq = rows::next_seq(tx, by.team)?;
    let mut group = Group::new(seq, ScimId::new(tx.mix(), seq, nonce), now, attributes);
    group.summary = summary;
    group.managers.extend(own_user(tx, by)?);
    rows::put(tx, by.team, &group)?;
    entry(by, now, Operation::GroupCreate, Outcome::Done, &group).write(tx, by.team)?;
    Ok(group)
}

/// Name and description as a page showed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The name.
    pub name: String,
    /// The description.
    pub summary: String,
}

/// Gives a group another name or description. Only the name is SCIM's and moves the version.
///
/// # Errors
/// [`Error::Conflict`] when either changed meanwhile; [`Error::Field`] for a name or a description that is not
/// acceptable.
pub fn edit(
    tx: &Write<'_>,
    entrusted: Entrusted,
    seen: &Seen,
    name: &str,
    summary: &str,
    now: Timestamp,
) -> Result<(Group, Outcome)> {
    let Entrusted { by, mut group, .. } = entrusted;
    // What SCIM chose may stay, even where it is long or not the only one.
    let name = match name.trim() {
        same if same == group.display_name() => same.to_owned(),
        other => free_name(tx, by.team, other, Some(group.seq))?,
    };
    let summary = checked_summary(summary)?;
    if group.display_name() == name && group.summary == summary {
        return Ok((group, Outcome::Unchanged));
    }
    if group.display_name() != seen.name || group.summary != seen.summary {
        return Err(stale(&shown(group.display_name())));
    }
    let renamed = group.display_name() != name;
    if renamed {
        group
            .attributes
            .insert("displayName".into(), Value::String(name));
        group.meta = group.meta.changed(now);
    }
    group.summary = summary;
    rows::put(tx, by.team, &group)?;
    entry(&by, now, Operation::GroupPatch, Outcome::Done, &group)
        .changed(
            renamed
                .then(|| "displayName".to_owned())
                .into_iter()
                .collect(),
        )
        .write(tx, by.team)?;
    Ok((group, Outcome::Done))
}

/// Deletes a group, from the groups it was nested in too. Its members stay on the team.
///
/// # Errors
/// The store's.
pub fn delete(tx: &Write<'_>, entrusted: Entrusted, now: Timestamp) -> Result<Group> {
    let Entrusted { by, group, .. } = entrusted;
    scim_groups::remove(tx, by.team, &group, now)?;
    entry(&by, now, Operation::GroupDelete, Outcome::Done, &group).write(tx, by.team)?;
    Ok(group)
}

/// Puts a member of the team into the group. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] for somebody who has not joined the team yet.
pub fn add_member(
    tx: &Write<'_>,
    entrusted: Entrusted,
    id: &str,
    now: Timestamp,
) -> Result<(User, Outcome)> {
    let Entrusted { by, mut group, .. } = entrusted;
    let user = browse::get_member(tx, &by, id)?;
    if user.invite.is_some() {
        return Err(not_joined(&user));
    }
    if !rows::add_member(tx, by.team, group.seq, ObjectRef::user(user.seq))? {
        return Ok((user, Outcome::Unchanged));
    }
    group.member_count += 1;
    changed(tx, &by, &mut group, ObjectRef::user(user.seq), now)?;
    entry(
        &by,
        now,
        Operation::GroupPatch,
        Outcome::MembersAdded,
        &group,
    )
    .about(vec![user.seq])
    .with("members", user.label())
    .write(tx, by.team)?;
    Ok((user, Outcome::Done))
}

/// Takes a person or a nested group out of the group; returns what it is called. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove_member(
    tx: &Write<'_>,
    entrusted: Entrusted,
    id: &str,
    now: Timestamp,
) -> Result<(String, Outcome)> {
    let Entrusted { by, mut group, .. } = entrusted;
    let wire = id_of("Member", id)?;
    let (member, label) = match user_rows::find_by_id(tx, by.team, &wire)? {
        Some(user) => (ObjectRef::user(user.seq), user.label()),
        None => match rows::find_by_id(tx, by.team, &wire)? {
            Some(nested) => (
                ObjectRef::group(nested.seq),
                nested.display_name().to_owned(),
            ),
            None => return Err(Error::not_found("Member", shown(id))),
        },
    };
    if !rows::remove_member(tx, by.team, group.seq, member)? {
        return Ok((label, Outcome::Unchanged));
    }
    group.member_count = group.member_count.saturating_sub(1);
    changed(tx, &by, &mut group, member, now)?;
    entry(
        &by,
        now,
        Operation::GroupPatch,
        Outcome::MembersRemoved,
        &group,
    )
    .about(if member.kind == ObjectKind::User {
        vec![member.seq]
    } else {
        Vec::new()
    })
    .with("members", label.as_str())
    .write(tx, by.team)?;
    Ok((label, Outcome::Done))
}

/// Makes somebody a manager of the group. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] for a group that conveys more than Developer, for somebody who is not
/// active, and for somebody whose roles do not let them manage groups.
pub fn add_manager(
    tx: &Write<'_>,
    entrusted: Entrusted,
    id: &str,
    now: Timestamp,
) -> Result<(User, Outcome)> {
    let refuse = |detail: String| {
        Err(Error::Conflict {
            attribute: "managers",
            detail,
        })
    };
    if !entrusted.may_have_managers() {
        return refuse(
            "Only groups that have the Developer role alone have managers. Admins look after the others."
                .to_owned(),
        );
    }
    let Entrusted { by, mut group, .. } = entrusted;
    let user = browse::get_member(tx, &by, id)?;
    match user.state() {
        MemberState::Active => {}
        MemberState::Invited => return Err(not_joined(&user)),
        MemberState::Deactivated => {
            return refuse(format!(
                "{} is deactivated. Reactivate the member first.",
                shown(&user.label())
            ));
        }
    }
    if !may_manage(tx, by.team, &user)? {
        return refuse(format!(
            "{} cannot manage groups without the Developer role. Give the role first.",
            shown(&user.label())
        ));
    }
    if !group.managers.insert(user.seq) {
        return Ok((user, Outcome::Unchanged));
    }
    rows::put(tx, by.team, &group)?;
    recast(tx, &by, now, &group, Operation::GroupManagerAdd, &user)?;
    Ok((user, Outcome::Done))
}

/// Whether somebody's roles let them look after groups.
///
/// # Errors
/// The store's.
pub fn may_manage(tx: &impl Reads, team: Seq, user: &User) -> Result<bool> {
    let held = super::held(tx, team, user)?;
    Ok(held
        .iter()
        .any(|role| Permission::CreateGroups.is_of(*role)))
}

/// Takes the group away from a manager. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove_manager(
    tx: &Write<'_>,
    entrusted: Entrusted,
    id: &str,
    now: Timestamp,
) -> Result<(User, Outcome)> {
    let Entrusted { by, mut group, .. } = entrusted;
    let user = browse::get_member(tx, &by, id)?;
    if !group.managers.remove(&user.seq) {
        return Ok((user, Outcome::Unchanged));
    }
    rows::put(tx, by.team, &group)?;
    recast(tx, &by, now, &group, Operation::GroupManagerRemove, &user)?;
    Ok((user, Outcome::Done))
}

/// The group's managers who are still on the team, in the order in which they joined it.
///
/// # Errors
/// The store's.
pub fn managers(tx: &impl Reads, by: &Member, group: &Group) -> Result<Vec<User>> {
    let mut found = Vec::new();
    for user in &group.managers {
        found.extend(user_rows::find(tx, by.team, *user)?);
    }
    Ok(found)
}

fn not_joined(user: &User) -> Error {
    Error::Conflict {
        attribute: "members",
        detail: format!(
            "{} has not accepted the invite to the team. Add the person after that.",
            shown(&user.label())
        ),
    }
}

/// A change of members is one that SCIM shows and that the member hears of.
fn changed(
    tx: &Write<'_>,
    by: &Member,
    group: &mut Group,
    member: ObjectRef,
    now: Timestamp,
) -> Result<()> {
    group.meta = group.meta.changed(now);
    rows::put(tx, by.team, group)?;
    notices::members_changed(tx, by.team, group, &[member], now)
}

/// Names are compared as SCIM compares them, whatever the team's profile allows SCIM clients.
fn free_name(tx: &impl Reads, team: Seq, name: &str, own: Option<Seq>) -> Result<String> {
    let name = name.trim();
    let unfit = name.is_empty()
        || name.chars().count() > NAME_MAXIMUM
        || name.chars().any(char::is_control);
    if unfit {
        return Err(Error::field(
            "name",
            format!("Give the group a name of 1 to {NAME_MAXIMUM} characters."),
        ));
    }
    let taken = rows::seqs_by_display_name(tx, team, name)?;
    if taken.iter().any(|seq| Some(*seq) != own) {
        return Err(Error::field(
            "name",
            "Another group has this name. Choose a different one.",
        ));
    }
    Ok(name.to_owned())
}

fn checked_summary(summary: &str) -> Result<String> {
    let summary = summary.trim();
    if summary.chars().count() > SUMMARY_MAXIMUM {
        return Err(Error::field(
            "summary",
            format!("The description may have at most {SUMMARY_MAXIMUM} characters."),
        ));
    }
    Ok(summary.to_owned())
}

fn entry(
    by: &Member,
    now: Timestamp,
    operation: Operation,
    outcome: Outcome,
    group: &Group,
) -> audit::Entry {
    audit::Entry::new(by, now, operation, outcome).of_group(group)
}

/// Somebody manages a group from now on, or no longer.
pub(super) fn recast(
    tx: &Write<'_>,
    by: &Member,
    now: Timestamp,
    group: &Group,
    operation: Operation,
    manager: &User,
) -> Result<()> {
    entry(by, now, operation, Outcome::Done, group)
        .about(vec![manager.seq])
        .with("manager", manager.label())
        .write(tx, by.team)
}
