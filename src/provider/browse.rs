//! What the console asks of groups, a page at a time; the list of members is `provider::roster`'s.
//!
//! A search walks every row of the team once, because a text may stand anywhere in a name; nothing but the
//! page is kept. Lists without a search are answered from the counter and by position.

use std::ops::ControlFlow;

use super::{id_of, shown, users};
use crate::access::Member;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{Group, ObjectKind, ObjectRef, Role, User};
use crate::scim::key::fold;
use crate::store::{Reads, groups as group_rows, users as user_rows};

/// Which groups a list shows. The default shows all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupSearch {
    /// Must stand somewhere in the name, in any case; empty matches every group.
    pub text: String,
    /// Only groups that have this role.
    pub role: Option<Role>,
    /// Only groups that SCIM made or changed, or only others.
    pub by_scim: Option<bool>,
}

/// Which part of a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Matches before it, in the order asked for.
    pub skip: u64,
    /// Longest page.
    pub limit: usize,
    /// From the newest to the oldest rather than in creation order.
    pub newest_first: bool,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// The matches of this page.
    pub items: Vec<T>,
    /// Matches on all pages.
    pub total: u64,
}

impl Part {
    /// How many to leave out and how many to take in creation order, out of `total`.
    pub fn in_creation_order(self, total: u64) -> (u64, usize) {
        let limit = self.limit as u64;
        if !self.newest_first {
            return (self.skip, self.limit);
        }
        let end = total.saturating_sub(self.skip);
        let begin = end.saturating_sub(limit);
        (begin, usize::try_from(end - begin).unwrap_or(self.limit))
    }
}

/// Groups that match.
///
/// # Errors
/// The store's.
pub fn groups(
    tx: &impl Reads,
    member: &Member,
    search: &GroupSearch,
    part: Part,
) -> Result<Found<Group>> {
    let needle = fold(search.text.trim());
    let matches = |group: &Group| {
        search.role.is_none_or(|role| group.roles.contains(&role))
            && search
                .by_scim
                .is_none_or(|by_scim| group.written_by_scim.is_some() == by_scim)
            && fold(group.display_name()).contains(&needle)
    };
    if *search == GroupSearch::default() {
        let total = group_rows::count(tx, member.team)?;
        let (skip, limit) = part.in_creation_order(total);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let items = group_rows::page_at(tx, member.team, skip, limit)?;
        return Ok(Found::ordered(items, total, part));
    }
    found(part, |each| {
        group_rows::walk::<Error>(tx, member.team, |group| {
            if matches(&group) {
                each(group);
            }
            Ok(ControlFlow::Continue(()))
        })
    })
}

impl<T> Found<T> {
    pub(super) fn ordered(mut items: Vec<T>, total: u64, part: Part) -> Self {
        if part.newest_first {
            items.reverse();
        }
        Self { items, total }
    }
}

/// Walks twice when the newest come first: once to count, once to take.
pub(super) fn found<T>(
    part: Part,
    walk: impl Fn(&mut dyn FnMut(T)) -> Result<()>,
) -> Result<Found<T>> {
    let mut total = 0;
    if part.newest_first {
        walk(&mut |_| total += 1)?;
    }
    let (skip, limit) = part.in_creation_order(total);
    let (mut items, mut seen) = (Vec::new(), 0);
    walk(&mut |item| {
        if seen >= skip && items.len() < limit {
            items.push(item);
        }
        seen += 1;
    })?;
    Ok(Found::ordered(items, seen, part))
}

/// The member with this wire id.
///
/// # Errors
/// [`Error::NotFound`], also for another team's.
pub fn get_member(tx: &impl Reads, member: &Member, id: &str) -> Result<User> {
    user_rows::find_by_id(tx, member.team, &id_of("Member", id)?)?
        .ok_or_else(|| Error::not_found("Member", shown(id)))
}

/// The group with this wire id, without members.
///
/// # Errors
/// [`Error::NotFound`], also for another team's.
pub fn get_group(tx: &impl Reads, member: &Member, id: &str) -> Result<Group> {
    group_rows::find_by_id(tx, member.team, &id_of("Group", id)?)?
        .ok_or_else(|| Error::not_found("Group", shown(id)))
}

/// How many groups a user is a direct member of.
///
/// # Errors
/// The store's.
pub fn count_groups_of(tx: &impl Reads, member: &Member, user: Seq) -> Result<u64> {
    let groups = group_rows::groups_of(tx, member.team, ObjectRef::user(user))?;
    Ok(groups.len() as u64)
}

/// The groups that something is in, directly or through other groups.
///
/// # Errors
/// The store's.
pub fn groups_around(tx: &impl Reads, member: &Member, object: ObjectRef) -> Result<Vec<Seq>> {
    let found = users::reached_from(object, |object| {
        group_rows::groups_of(tx, member.team, object)
    })?;
    Ok(found.into_iter().map(|(group, _)| group).collect())
}

/// A member of a group, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// Wire id.
    pub id: ScimId,
    /// A person, or a nested group.
    pub kind: ObjectKind,
    /// Name to show.
    pub label: String,
    /// `userName`; empty for a group.
    pub user_name: String,
}

/// Direct members of a group after skipping `skip`, users first, each kind in creation order.
///
/// # Errors
/// The store's.
pub fn members_of(
    tx: &impl Reads,
    member: &Member,
    group: &Group,
    skip: u64,
    limit: usize,
) -> Result<Vec<GroupMember>> {
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    let mut members = Vec::new();
    for object in group_rows::members(tx, member.team, group.seq, skip, limit)? {
        let found = match object.kind {
            ObjectKind::User => {
                user_rows::find(tx, member.team, object.seq)?.map(|user| GroupMember {
                    id: user.id,
                    kind: object.kind,
                    label: user.label(),
                    user_name: user.user_name().to_owned(),
                })
            }
            ObjectKind::Group => {
                group_rows::find(tx, member.team, object.seq)?.map(|group| GroupMember {
                    id: group.id,
                    kind: object.kind,
                    label: group.display_name().to_owned(),
                    user_name: String::new(),
                })
            }
        };
        members.extend(found);
    }
    Ok(members)
}
