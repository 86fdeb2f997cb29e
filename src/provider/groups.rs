//! Groups of a team and their members (RFC 7644 sections 3.3 to 3.6).
//!
//! A PATCH is a plan of attribute edits and member edits, made without loading anything. Member edits
//! become single edges here, so adding one member costs the same whatever the size of the group.

use std::collections::HashSet;

use super::{IfMatch, audit, by_hand, id_of, keys, notices, shown};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId, Seq};
use crate::model::{Group, ObjectKind, ObjectRef, Operation, Outcome, Role};
use crate::scim::patch::{GroupPatch, MemberEdit};
use crate::scim::{self, MemberType, MemberValue, Object};
use crate::store::{Reads, Write, groups as rows, users as user_rows};

const KIND: &str = "Group";

/// Makes a group of attributes that `scim::resource::create` accepted, with these members.
///
/// # Errors
/// 409 `uniqueness` when the name is taken; 400 `invalidValue` for unknown members.
pub fn create(
    tx: &Write<'_>,
    caller: &ScimCaller,
    attributes: Object,
    members: &[MemberValue],
    nonce: Nonce,
    now: Timestamp,
) -> Result<Group> {
    let team = caller.team;
    let seq = rows::next_seq(tx, team)?;
    let mut group = Group::new(seq, ScimId::new(tx.mix(), seq, nonce), now, attributes);
    group.written_by_scim = Some(now);
    check_unique(tx, caller, &group)?;
    let members = resolve(tx, caller, Some(&group), members)?;
    let mut difference = Difference::default();
    group.member_count = add(tx, team, seq, &members, &mut difference)?;
    rows::put(tx, team, &group)?;
    let mut changed: Vec<String> = group.attributes.keys().cloned().collect();
    changed.extend((group.member_count > 0).then(|| "members".to_owned()));
    let entry = audit::Entry::new(caller, now, Operation::GroupCreate, Outcome::Done);
    let entry = entry.of_group(&group).changed(changed);
    let members = difference.members();
    notices::members_changed(tx, team, &group, &members, now)?;
    about(tx, team, entry, members)?.write(tx, team)?;
    Ok(group)
}

/// The group with this id, without members.
///
/// # Errors
/// [`Error::NotFound`], also for another team's group.
pub fn get(tx: &impl Reads, caller: &ScimCaller, id: &str) -> Result<Group> {
    rows::find_by_id(tx, caller.team, &id_of(KIND, id)?)?
        .ok_or_else(|| Error::not_found(KIND, shown(id)))
}

/// The body of a PUT, with the members taken out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Replacement {
    /// The body without `members`.
    pub body: serde_json::Value,
    /// The members it names; `None` when it does not name any.
    pub members: Option<Vec<MemberValue>>,
}

impl Replacement {
    /// Takes the members, which are edges, out of a body.
    ///
    /// # Errors
    /// Those of [`scim::resource::take_members`].
    pub fn read(
        mut body: serde_json::Value,
        rules: &scim::Rules,
    ) -> std::result::Result<Self, scim::Error> {
        let members = match body.as_object_mut() {
            Some(object) => scim::resource::take_members(object, rules)?,
            None => None,
        };
        Ok(Self { body, members })
    }
}

/// PUT: attributes become those of the body; members too, if the body names them (A14: a body without
/// `members` does not empty the group).
///
/// # Errors
/// Unknown id, failed precondition, a body that does not fit, a taken name, unknown members.
pub fn replace(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    replacement: Replacement,
    if_match: &IfMatch,
    now: Timestamp,
) -> Result<Group> {
    let old = get(tx, caller, id)?;
    if_match.check(old.meta)?;
    scim::resource::check_id(&replacement.body, id, caller.rules())?;
    let attributes = scim::resource::replace(
        &caller.types().group,
        &old.attributes,
        replacement.body,
        caller.rules(),
    )?;
    let edits: Vec<MemberEdit> = replacement
        .members
        .map(MemberEdit::ReplaceMembers)
        .into_iter()
        .collect();
    change(
        tx,
        caller,
        &old,
        attributes,
        &edits,
        now,
        Operation::GroupReplace,
    )
}

/// PATCH: attribute and member edits, all or none.
///
/// # Errors
/// Unknown id, failed precondition, an operation that cannot be applied, a taken name, unknown members.
pub fn patch(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    request: &GroupPatch,
    if_match: &IfMatch,
    now: Timestamp,
) -> Result<Group> {
    let old = get(tx, caller, id)?;
    if_match.check(old.meta)?;
    request.attributes.check_id(id)?;
    let attributes = if request.attributes.has_no_attribute_edits() {
        old.attributes.clone()
    } else {
        request
            .attributes
            .apply(&caller.types().group, &old.attributes, caller.rules())?
    };
    let (edits, operation) = (&request.members, Operation::GroupPatch);
    change(tx, caller, &old, attributes, edits, now, operation)
}

/// DELETE: the group is gone, from the groups it was nested in too. Its members stay.
///
/// # Errors
/// Unknown id, failed precondition; 403 for a group that makes Super Admins.
pub fn delete(
    tx: &Write<'_>,
    caller: &ScimCaller,
    id: &str,
    if_match: &IfMatch,
    now: Timestamp,
) -> Result<()> {
    let group = get(tx, caller, id)?;
    if_match.check(group.meta)?;
    guard_super_admins(tx, caller, &group)?;
    remove(tx, caller.team, &group, now)?;
    audit::Entry::new(caller, now, Operation::GroupDelete, Outcome::Done)
        .of_group(&group)
        .write(tx, caller.team)
}

/// Takes a group away, and out of the groups it was nested in.
pub(super) fn remove(tx: &Write<'_>, team: Seq, group: &Group, now: Timestamp) -> Result<()> {
    forget_member(tx, team, ObjectRef::group(group.seq), now)?;
    Ok(rows::remove(tx, team, group)?)
}

/// Who is in a group that makes its members Super Admins is decided by Super Admins: SCIM changes it with a key
/// that one of them made (Learning Center, "Manage user groups" of April 2023). Names are free.
///
/// # Errors
/// 403.
fn guard_super_admins(tx: &impl Reads, caller: &ScimCaller, group: &Group) -> Result<()> {
    if !by_hand::conveyed(tx, caller.team, group)?.contains(&Role::SuperAdmin)
        || keys::is_of_super_admin(tx, caller)?
    {
        return Ok(());
    }
    Err(Error::Forbidden {
        detail: format!(
            "The group \"{}\" makes its members Super Admins, so its membership can only be changed with a SCIM \
             API key that a Super Admin generated.",
            shown(group.display_name())
        ),
    })
}

/// What PUT and PATCH share. A change that changes nothing keeps version and `lastModified`.
fn change(
    tx: &Write<'_>,
    caller: &ScimCaller,
    old: &Group,
    attributes: Object,
    edits: &[MemberEdit],
    now: Timestamp,
    operation: Operation,
) -> Result<Group> {
    let team = caller.team;
    let attributes_changed = attributes != old.attributes;
    let mut group = Group {
        attributes,
        roles: old.roles.clone(),
        managers: old.managers.clone(),
        summary: old.summary.clone(),
        written_by_scim: Some(now),
        ..*old
    };
    if attributes_changed {
        check_unique(tx, caller, &group)?;
    }
    let mut difference = Difference::default();
    for edit in edits {
        apply(tx, caller, &mut group, edit, &mut difference)?;
    }
    let members_changed = !difference.0.is_empty();
    if members_changed {
        guard_super_admins(tx, caller, old)?;
    }
    let mut outcome = Outcome::Unchanged;
    if attributes_changed || members_changed {
        group.meta = group.meta.changed(now);
        rows::put(tx, team, &group)?;
        outcome = Outcome::Done;
    }
    let mut changed = audit::changed(&old.attributes, &group.attributes);
    changed.extend(members_changed.then(|| "members".to_owned()));
    if members_changed && !attributes_changed {
        outcome = difference.outcome(old.member_count, group.member_count);
    }
    let entry = audit::Entry::new(caller, now, operation, outcome)
        .of_group(&group)
        .changed(changed);
    let members = difference.members();
    notices::members_changed(tx, team, &group, &members, now)?;
    about(tx, team, entry, members)?.write(tx, team)?;
    Ok(group)
}

/// Says in the event of a group which members came or went: the one by name, or how many.
fn about(
    tx: &impl Reads,
    team: Seq,
    entry: audit::Entry,
    members: Vec<ObjectRef>,
) -> Result<audit::Entry> {
    let entry = match members.as_slice() {
        [] => return Ok(entry),
        [one] if one.kind == ObjectKind::User => {
            let user = user_rows::find(tx, team, one.seq)?;
            entry.with(
                "members",
                user.map_or_else(String::new, |user| user.label()),
            )
        }
        [_] => entry.with("members", "a group"),
        many => entry.with("members", format!("{} members", many.len())),
    };
    let of_users = members.into_iter().filter(|m| m.kind == ObjectKind::User);
    Ok(entry.about(of_users.map(|member| member.seq).collect()))
}

/// The memberships that differ from those before the request; one that comes and goes again, or goes and
/// comes again, does not.
#[derive(Default)]
struct Difference(HashSet<ObjectRef>);

impl Difference {
    /// In the order of their rows.
    fn members(self) -> Vec<ObjectRef> {
        let mut members: Vec<ObjectRef> = self.0.into_iter().collect();
        members.sort_unstable_by_key(|member| (member.kind, member.seq));
        members
    }

    /// What the record calls a change of members alone.
    fn outcome(&self, before: u64, after: u64) -> Outcome {
        let changed = self.0.len() as u64;
        if after == before + changed {
            Outcome::MembersAdded
        } else if after + changed == before {
            Outcome::MembersRemoved
        } else {
            Outcome::Done
        }
    }

    /// `member` came, or went.
    fn toggle(&mut self, member: ObjectRef) {
        if !self.0.remove(&member) {
            self.0.insert(member);
        }
    }
}

/// Applies one member edit to the edges and the count.
fn apply(
    tx: &Write<'_>,
    caller: &ScimCaller,
    group: &mut Group,
    edit: &MemberEdit,
    difference: &mut Difference,
) -> Result<()> {
    let team = caller.team;
    let (added, removed) = match edit {
        MemberEdit::AddMembers(values) => {
            let members = resolve(tx, caller, Some(group), values)?;
            (add(tx, team, group.seq, &members, difference)?, 0)
        }
        MemberEdit::RemoveMembers(ids) => {
            let mut removed = 0;
            for id in ids {
                // An id that is nobody's is no member either: removing it changes nothing.
                if let Some((member, _)) = object_of(tx, team, id)?
                    && rows::remove_member(tx, team, group.seq, member)?
                {
                    difference.toggle(member);
                    removed += 1;
                }
            }
            (0, removed)
        }
        MemberEdit::RemoveAllMembers => {
            for member in rows::members(tx, team, group.seq, 0, usize::MAX)? {
                difference.toggle(member);
            }
            (0, rows::remove_all_members(tx, team, group.seq)?)
        }
        MemberEdit::ReplaceMembers(values) => {
            let wanted = resolve(tx, caller, Some(group), values)?;
            let keep: HashSet<ObjectRef> = wanted.iter().copied().collect();
            let mut removed = 0;
            for member in rows::members(tx, team, group.seq, 0, usize::MAX)? {
                if !keep.contains(&member) && rows::remove_member(tx, team, group.seq, member)? {
                    difference.toggle(member);
                    removed += 1;
                }
            }
            (add(tx, team, group.seq, &wanted, difference)?, removed)
        }
    };
    group.member_count = group
        .member_count
        .saturating_add(added)
        .saturating_sub(removed);
    Ok(())
}

fn add(
    tx: &Write<'_>,
    team: Seq,
    group: Seq,
    members: &[ObjectRef],
    difference: &mut Difference,
) -> Result<u64> {
    let mut added = 0;
    for &member in members {
        if rows::add_member(tx, team, group, member)? {
            difference.toggle(member);
            added += 1;
        }
    }
    Ok(added)
}

/// The user or group with this id, and whether it is somebody who was only invited.
fn object_of(tx: &impl Reads, team: Seq, id: &str) -> Result<Option<(ObjectRef, bool)>> {
    let Ok(id) = id.parse::<ScimId>() else {
        return Ok(None);
    };
    if let Some(user) = user_rows::find_by_id(tx, team, &id)? {
        return Ok(Some((ObjectRef::user(user.seq), user.invite.is_some())));
    }
    Ok(rows::find_by_id(tx, team, &id)?.map(|group| (ObjectRef::group(group.seq), false)))
}

/// Rows of the members a client names (A32): unknown ids and the group itself are refused, people who
/// were only invited where `pendingInGroups` says so; the type comes from the id.
fn resolve(
    tx: &impl Reads,
    caller: &ScimCaller,
    group: Option<&Group>,
    values: &[MemberValue],
) -> Result<Vec<ObjectRef>> {
    let mut members = Vec::with_capacity(values.len());
    let (mut unknown, mut invited) = (Vec::new(), Vec::new());
    for value in values {
        match object_of(tx, caller.team, &value.value)? {
            Some((member, _)) if group.is_some_and(|g| ObjectRef::group(g.seq) == member) => {
                return Err(scim::Error::invalid_value("A group cannot be its own member.").into());
            }
            Some((member, _)) if contradicts(value, member) => {
                return Err(scim::Error::invalid_value(format!(
                    "The member {} is a {}, not what \"type\" says.",
                    shown(&value.value),
                    member.kind.name()
                ))
                .into());
            }
            Some((_, true)) if !caller.service().pending_in_groups => {
                invited.push(shown(&value.value));
            }
            Some((member, _)) => members.push(member),
            None => unknown.push(shown(&value.value)),
        }
    }
    refuse(
        unknown,
        "are not on this team",
        "Create them first, then add them.",
    )?;
    refuse(
        invited,
        "have not accepted their invite",
        "Add them once they have joined the team.",
    )?;
    Ok(members)
}

/// One error for all members that cannot be added for the same reason.
fn refuse(mut ids: Vec<String>, why: &str, mend: &str) -> Result<()> {
    let count = ids.len();
    if count == 0 {
        return Ok(());
    }
    ids.truncate(10);
    Err(Error::Refused(scim::Error::invalid_value(format!(
        "{count} of the members {why}: {}. {mend}",
        ids.join(", ")
    ))))
}

fn contradicts(value: &MemberValue, member: ObjectRef) -> bool {
    match value.member_type {
        Some(MemberType::User) => member.kind != ObjectKind::User,
        Some(MemberType::Group) => member.kind != ObjectKind::Group,
        None => false,
    }
}

/// Takes a disappearing object out of every group; their versions change.
pub(super) fn forget_member(
    tx: &Write<'_>,
    team: Seq,
    member: ObjectRef,
    now: Timestamp,
) -> Result<()> {
    for seq in rows::remove_from_all(tx, team, member)? {
        if let Some(mut group) = rows::find(tx, team, seq)? {
            group.member_count = group.member_count.saturating_sub(1);
            group.meta = group.meta.changed(now);
            rows::put(tx, team, &group)?;
        }
    }
    Ok(())
}

/// `displayName` is unique within a team unless its profile says otherwise (A21): Entra matches groups by it.
fn check_unique(tx: &Write<'_>, caller: &ScimCaller, group: &Group) -> Result<()> {
    if !caller.service().group_name_unique {
        return Ok(());
    }
    let taken = rows::seqs_by_display_name(tx, caller.team, group.display_name())?;
    if taken.iter().any(|&seq| seq != group.seq) {
        return Err(scim::Error::uniqueness(format!(
            "A group with the displayName \"{}\" already exists.",
            shown(group.display_name())
        ))
        .into());
    }
    Ok(())
}
