//! What the console's lists of members and groups ask: by text and state, a page at a time.
//!
//! A search walks every row of the team once, because a text may stand anywhere in a name; nothing but the
//! page is kept. Lists without a search are answered from the counter and by position.

use std::ops::ControlFlow;

use serde_json::Value;

use super::{id_of, shown};
use crate::access::Member;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{Group, ObjectKind, ObjectRef, User};
use crate::scim::key::fold;
use crate::store::{Reads, groups as group_rows, users as user_rows};

/// Which members a list shows. The default shows all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Must stand somewhere in a name or an e-mail address, in any case; empty matches everybody.
    pub text: String,
    /// Only active, or only deactivated members. Groups have no such state.
    pub active: Option<bool>,
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

/// Members that match. `emails` are searched too.
///
/// # Errors
/// The store's.
pub fn members(
    tx: &impl Reads,
    member: &Member,
    search: &Search,
    part: Part,
) -> Result<Found<User>> {
    let needle = fold(search.text.trim());
    let matches = |user: &User| {
        search.active.is_none_or(|active| user.active() == active)
            && (needle.is_empty() || texts_of(user).any(|text| fold(text).contains(&needle)))
    };
    if *search == Search::default() {
        let total = user_rows::count(tx, member.team)?;
        let (skip, limit) = part.in_creation_order(total);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let items = user_rows::page_at(tx, member.team, skip, limit)?;
        return Ok(Found::ordered(items, total, part));
    }
    found(part, |each| {
        user_rows::walk::<Error>(tx, member.team, |user| {
            if matches(&user) {
                each(user);
            }
            Ok(ControlFlow::Continue(()))
        })
    })
}

/// Groups whose name matches.
///
/// # Errors
/// The store's.
pub fn groups(tx: &impl Reads, member: &Member, text: &str, part: Part) -> Result<Found<Group>> {
    let needle = fold(text.trim());
    if needle.is_empty() {
        let total = group_rows::count(tx, member.team)?;
        let (skip, limit) = part.in_creation_order(total);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let items = group_rows::page_at(tx, member.team, skip, limit)?;
        return Ok(Found::ordered(items, total, part));
    }
    found(part, |each| {
        group_rows::walk::<Error>(tx, member.team, |group| {
            if fold(group.display_name()).contains(&needle) {
                each(group);
            }
            Ok(ControlFlow::Continue(()))
        })
    })
}

impl<T> Found<T> {
    fn ordered(mut items: Vec<T>, total: u64, part: Part) -> Self {
        if part.newest_first {
            items.reverse();
        }
        Self { items, total }
    }
}

/// Walks twice when the newest come first: once to count, once to take.
fn found<T>(part: Part, walk: impl Fn(&mut dyn FnMut(T)) -> Result<()>) -> Result<Found<T>> {
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

fn texts_of(user: &User) -> impl Iterator<Item = &str> {
    let emails = user.attributes.get("emails").and_then(Value::as_array);
    let name = user.attributes.get("name").and_then(Value::as_object);
    [user.user_name()]
        .into_iter()
        .chain(user.display_name())
        .chain(
            name.into_iter()
                .flat_map(|parts| parts.values())
                .filter_map(Value::as_str),
        )
        .chain(
            emails
                .into_iter()
                .flatten()
                .filter_map(|email| email.get("value")?.as_str()),
        )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::ScimCaller;
    use crate::clock::Timestamp;
    use crate::id::Nonce;
    use crate::store::Store;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn team() -> (Store, Member) {
        let store = Store::in_memory().unwrap();
        let caller = ScimCaller::of_test(Seq(1));
        store
            .write(move |tx| -> Result<()> {
                for (n, (name, display, mail, active)) in [
                    ("ada@x.example", "Ada Lovelace", "countess@y.example", true),
                    ("b@x.example", "STRASSE", "b@y.example", false),
                    ("c@x.example", "Zoë", "c@y.example", true),
                ]
                .into_iter()
                .enumerate()
                {
                    let attributes = json!({"userName": name, "displayName": display, "active": active,
                        "emails": [{"value": mail}]});
                    let Value::Object(attributes) = attributes else {
                        unreachable!()
                    };
                    let nonce = Nonce([u8::try_from(n).unwrap(); 16]);
                    super::super::users::create(tx, &caller, attributes, nonce, NOW)?;
                }
                Ok(())
            })
            .unwrap();
        (store, Member::of_this_process(Seq(1)))
    }

    fn names(search: &Search, part: Part) -> (Vec<String>, u64) {
        let (store, member) = team();
        let found = members(&store.read().unwrap(), &member, search, part).unwrap();
        let names = found.items.iter().map(|u| u.user_name()[..1].to_owned());
        (names.collect(), found.total)
    }

    #[test]
    fn members_are_found_by_any_of_their_names_and_addresses_in_any_case() {
        let all = Part {
            skip: 0,
            limit: 10,
            newest_first: false,
        };
        for (text, active, expected) in [
            ("", None, "abc"),
            ("", Some(true), "ac"),
            ("", Some(false), "b"),
            ("LOVE", None, "a"),
            ("Countess@", None, "a"),
            ("x.example", None, "abc"),
            ("x.example", Some(false), "b"),
            ("zoë", None, "c"),
            ("nobody", None, ""),
        ] {
            let search = Search {
                text: text.into(),
                active,
            };
            let (found, total) = names(&search, all);
            assert_eq!(found.concat(), expected, "{text:?} {active:?}");
            assert_eq!(total, expected.len() as u64);
        }
    }

    #[test]
    fn pages_count_from_either_end() {
        for text in ["", "x.example"] {
            let search = Search {
                text: text.into(),
                active: None,
            };
            for (skip, limit, newest_first, expected) in [
                (0, 2, false, "ab"),
                (2, 2, false, "c"),
                (0, 2, true, "cb"),
                (2, 2, true, "a"),
                (9, 2, true, ""),
                (9, 2, false, ""),
            ] {
                let part = Part {
                    skip,
                    limit,
                    newest_first,
                };
                let (found, total) = names(&search, part);
                assert_eq!(found.concat(), expected, "{text:?} {part:?}");
                assert_eq!(total, 3);
            }
        }
    }
}
