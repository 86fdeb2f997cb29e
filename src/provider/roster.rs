//! Who is on the team: the list of members by text, state and role, in any order, a page at a time; the same for the
//! export; and how many people and groups have each role.
//!
//! A list that is narrowed, or in another order than that of creation, walks every row of the team once and keeps
//! nothing but the page (and a name for each row while it sorts). The plain list is answered by position.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use serde_json::Value;

use super::browse::{Found, Part, found};
use super::{audit, browse, by_hand};
use crate::access::permission::ViewAuditLogs;
use crate::access::{May, Member};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{AuditAction, MemberState, ObjectRef, Operation, Outcome, Role, User};
use crate::scim::key::fold;
use crate::store::{Reads, accounts, groups as group_rows, users as rows};

/// Which members a list shows. The default shows all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Must stand somewhere in a name or an e-mail address, in any case; empty matches everybody.
    pub text: String,
    /// Only people in this state.
    pub state: Option<MemberState>,
    /// Only people who have this role, of their own or through a group.
    pub role: Option<Role>,
}

/// In which order a list shows them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By name, as [`User::label`] shows it.
    Name,
    /// By name, backwards.
    NameBackwards,
}

/// A search that is ready to look at rows: people of the role are found once.
struct Ready<'s> {
    search: &'s Search,
    needle: String,
    through: BTreeSet<Seq>,
}

impl<'s> Ready<'s> {
    fn new(tx: &impl Reads, team: Seq, search: &'s Search) -> Result<Self> {
        let through = match search.role {
            Some(role) => by_hand::people_in(tx, team, groups_with(tx, team, role)?)?,
            None => BTreeSet::new(),
        };
        Ok(Self {
            needle: fold(search.text.trim()),
            search,
            through,
        })
    }

    fn takes(&self, user: &User) -> bool {
        let role = self.search.role;
        self.search.state.is_none_or(|state| user.state() == state)
            && role
                .is_none_or(|role| user.roles.contains(&role) || self.through.contains(&user.seq))
            && (self.needle.is_empty()
                || texts_of(user).any(|text| fold(text).contains(&self.needle)))
    }
}

fn groups_with(tx: &impl Reads, team: Seq, role: Role) -> Result<Vec<Seq>> {
    let mut groups = Vec::new();
    group_rows::walk::<Error>(tx, team, |group| {
        if group.roles.contains(&role) {
            groups.push(group.seq);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(groups)
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

/// `limit` members that match after `skip` of them.
///
/// # Errors
/// The store's.
pub fn page(
    tx: &impl Reads,
    member: &Member,
    search: &Search,
    order: Order,
    skip: u64,
    limit: usize,
) -> Result<Found<User>> {
    let part = Part {
        skip,
        limit,
        newest_first: order == Order::Newest,
    };
    match order {
        Order::Newest | Order::Oldest if *search == Search::default() => {
            let total = rows::count(tx, member.team)?;
            let (skip, limit) = part.in_creation_order(total);
            let skip = usize::try_from(skip).unwrap_or(usize::MAX);
            let items = rows::page_at(tx, member.team, skip, limit)?;
            Ok(Found::ordered(items, total, part))
        }
        Order::Newest | Order::Oldest => found(part, |take| each(tx, member, search, take)),
        Order::Name | Order::NameBackwards => {
            let backwards = order == Order::NameBackwards;
            by_name(tx, member, search, backwards, skip, limit)
        }
    }
}

/// Keeps names and rows only while it sorts; people are read again for the page.
fn by_name(
    tx: &impl Reads,
    member: &Member,
    search: &Search,
    backwards: bool,
    skip: u64,
    limit: usize,
) -> Result<Found<User>> {
    let mut names: Vec<(String, Seq)> = Vec::new();
    each(tx, member, search, &mut |user| {
        names.push((fold(&user.label()), user.seq));
    })?;
    names.sort_unstable();
    if backwards {
        names.reverse();
    }
    let mut items = Vec::new();
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    for (_, user) in names.iter().skip(skip).take(limit) {
        items.extend(rows::find(tx, member.team, *user)?);
    }
    Ok(Found {
        items,
        total: names.len() as u64,
    })
}

/// Hands every member that matches to a function, in creation order.
///
/// # Errors
/// The store's.
pub fn each(
    tx: &impl Reads,
    member: &Member,
    search: &Search,
    take: &mut dyn FnMut(User),
) -> Result<()> {
    let ready = Ready::new(tx, member.team, search)?;
    rows::walk::<Error>(tx, member.team, |user| {
        if ready.takes(&user) {
            take(user);
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// When somebody last signed in to the team, as far as the record goes back. Nobody without a password ever did.
///
/// # Errors
/// The store's.
pub fn last_sign_in(
    tx: &impl Reads,
    by: &May<ViewAuditLogs>,
    user: &User,
) -> Result<Option<Timestamp>> {
    let account = accounts::find(tx, user.account)?;
    if account.is_none_or(|account| account.password.is_none()) {
        return Ok(None);
    }
    let filter = audit::Filter {
        action: Some(
            AuditAction::of(Operation::SignIn, Outcome::Done)
                .slug
                .to_owned(),
        ),
        subjects: Some(vec![audit::Subject::Person {
            account: Some(user.account),
            user: None,
        }]),
        ..audit::Filter::default()
    };
    let found = audit::page(tx, by, &filter, audit::Order::NewestFirst, None, 1)?;
    Ok(found.events.first().map(|(_, event)| event.at))
}

/// How many have a role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holders {
    /// Members who have it, of their own or through a group.
    pub members: u64,
    /// Members who have it through groups alone.
    pub through: u64,
    /// Groups that have it.
    pub groups: u64,
}

/// How many members and groups have each role.
///
/// # Errors
/// The store's.
pub fn holders(tx: &impl Reads, member: &Member) -> Result<BTreeMap<Role, Holders>> {
    let mut groups: BTreeMap<Role, Vec<Seq>> = BTreeMap::new();
    group_rows::walk::<Error>(tx, member.team, |group| {
        for role in &group.roles {
            groups.entry(*role).or_default().push(group.seq);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut all: BTreeMap<Role, (Holders, BTreeSet<Seq>)> = BTreeMap::new();
    for role in Role::ALL {
        let holding = groups.remove(&role).unwrap_or_default();
        let count = Holders {
            groups: holding.len() as u64,
            ..Holders::default()
        };
        let people = by_hand::people_in(tx, member.team, holding)?;
        all.insert(role, (count, people));
    }
    rows::walk::<Error>(tx, member.team, |user| {
        for (role, (count, people)) in &mut all {
            let (own, through) = (user.roles.contains(role), people.contains(&user.seq));
            count.members += u64::from(own || through);
            count.through += u64::from(through && !own);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all
        .into_iter()
        .map(|(role, (count, _))| (role, count))
        .collect())
}

/// A group that roles come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Wire id.
    pub id: ScimId,
    /// Its name.
    pub name: String,
    /// What its members get.
    pub roles: BTreeSet<Role>,
}

/// The groups that give roles to the people of one page or export. Each group is read once, whoever is in it.
#[derive(Debug, Default)]
pub struct Origins(HashMap<Seq, Option<Origin>>);

impl Origins {
    /// The groups that somebody or some group is in, directly or through other groups.
    ///
    /// # Errors
    /// The store's.
    pub fn of(
        &mut self,
        tx: &impl Reads,
        member: &Member,
        object: ObjectRef,
    ) -> Result<Vec<Origin>> {
        let mut found = Vec::new();
        for group in browse::groups_around(tx, member, object)? {
            let known = match self.0.entry(group) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let row = group_rows::find(tx, member.team, group)?;
                    place.insert(row.map(|row| Origin {
                        id: row.id,
                        name: row.display_name().to_owned(),
                        roles: row.roles,
                    }))
                }
            };
            found.extend(known.clone());
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::users;
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
                    users::create(tx, &caller, attributes, nonce, NOW)?;
                }
                Ok(())
            })
            .unwrap();
        (store, Member::of_this_process(Seq(1)))
    }

    fn names(search: &Search, order: Order, skip: u64, limit: usize) -> (String, u64) {
        let (store, member) = team();
        let tx = store.read().unwrap();
        let found = page(&tx, &member, search, order, skip, limit).unwrap();
        let names = found.items.iter().map(|u| u.user_name()[..1].to_owned());
        (names.collect(), found.total)
    }

    #[test]
    fn members_are_found_by_any_of_their_names_and_addresses_in_any_case() {
        use MemberState::{Active, Deactivated};
        for (text, state, expected) in [
            ("", None, "abc"),
            ("", Some(Active), "ac"),
            ("", Some(Deactivated), "b"),
            ("", Some(MemberState::Invited), ""),
            ("LOVE", None, "a"),
            ("Countess@", None, "a"),
            ("x.example", None, "abc"),
            ("x.example", Some(Deactivated), "b"),
            ("zo\u{eb}", None, "c"),
            ("nobody", None, ""),
        ] {
            let search = Search {
                text: text.into(),
                state,
                role: None,
            };
            let found = names(&search, Order::Oldest, 0, 10);
            let expected = (expected.to_owned(), expected.len() as u64);
            assert_eq!(found, expected, "{text:?} {state:?}");
        }
    }

    #[test]
    fn pages_count_from_either_end_and_by_name() {
        for text in ["", "x.example"] {
            let search = Search {
                text: text.into(),
                ..Search::default()
            };
            for (skip, limit, order, expected) in [
                (0, 2, Order::Oldest, "ab"),
                (2, 2, Order::Oldest, "c"),
                (0, 2, Order::Newest, "cb"),
                (2, 2, Order::Newest, "a"),
                (9, 2, Order::Newest, ""),
                (9, 2, Order::Oldest, ""),
                // Ada Lovelace, STRASSE, Zo\u{eb}.
                (0, 2, Order::Name, "ab"),
                (1, 9, Order::Name, "bc"),
                (0, 1, Order::NameBackwards, "c"),
                (2, 9, Order::NameBackwards, "a"),
                (9, 9, Order::Name, ""),
            ] {
                let found = names(&search, order, skip, limit);
                assert_eq!(found, (expected.to_owned(), 3), "{text:?} {skip} {order:?}");
            }
        }
    }
}
