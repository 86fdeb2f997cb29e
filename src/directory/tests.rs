//! The directory as a whole: rules by example, and random operations against what must always hold.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::applications::{self, NewApplication};
use super::groups::{self, NewGroup};
use super::search::{self, Query, State};
use super::source::{Entitlement, entitlement, source_of_group, source_of_user};
use super::users::{self, NewUser};
mod app_roles;
mod dynamic;
mod isolation;
mod recycle_bin;
mod tenants;

use super::*;
use crate::access::Operator;
use crate::id::{Guid, Nonce};
use crate::model::{ObjectKind, Scope, Tenant};
use crate::store::Store;

const TENANT: Seq = Seq(1);

fn guid(n: u8) -> Guid {
    Guid::from_nonce(Nonce([n; 16]))
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn operator() -> Operator {
    Operator::of_this_process()
}

fn text(kind: ObjectKind, name: &str, value: &str) -> AttributeChange {
    AttributeChange::set(kind, name, AttributeValue::Text(value.to_owned())).unwrap()
}

fn new_user(n: u8, name: &str) -> NewUser {
    NewUser {
        id: guid(n),
        account_enabled: true,
        guest: false,
        manager: None,
        attributes: vec![
            text(ObjectKind::User, "userPrincipalName", name),
            text(ObjectKind::User, "displayName", name),
        ],
    }
}

/// Users 1 to 3 (`u1@a.example` …), groups 1 and 2, application 1.
fn directory() -> Store {
    let store = Store::in_memory().unwrap();
    run(&store, |tx| {
        for n in 1..=3 {
            let new = new_user(n, &format!("u{n}@a.example"));
            users::create(tx, &operator(), TENANT, &new, now())?;
        }
        for n in 1..=2 {
            let new = NewGroup {
                id: guid(100 + n),
                attributes: vec![text(ObjectKind::Group, "displayName", &format!("G{n}"))],
            };
            groups::create(tx, &operator(), TENANT, &new, now())?;
        }
        let new = NewApplication {
            id: guid(200),
            app_id: guid(201),
            display_name: "Postman".into(),
        };
        applications::add(tx, &operator(), TENANT, &new, now())
    })
    .unwrap();
    store
}

/// The row of the tenant, which the directory does without until something asks for it.
fn tenant() -> Tenant {
    Tenant {
        seq: TENANT,
        id: guid(250),
        name: "A".into(),
        domain: "a.example".into(),
        created: now(),
        extensions: Vec::new(),
        schema_extension_app: None,
    }
}

fn run<T: Send + 'static>(
    store: &Store,
    closure: impl FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    store.write(closure)
}

fn feed(store: &Store, after: Seq) -> Vec<(ObjectRef, ChangeKind)> {
    let tx = store.read().unwrap();
    rows::changes_after(&tx, TENANT, after, usize::MAX)
        .unwrap()
        .into_iter()
        .map(|change| (change.object, change.kind))
        .collect()
}

fn head(store: &Store) -> Seq {
    rows::head(&store.read().unwrap(), TENANT).unwrap()
}

const U1: ObjectRef = ObjectRef::user(Seq(1));
const U2: ObjectRef = ObjectRef::user(Seq(2));
const G1: ObjectRef = ObjectRef::group(Seq(1));
const G2: ObjectRef = ObjectRef::group(Seq(2));
const APP: Seq = Seq(1);

#[test]
fn a_name_is_unique_among_those_not_deleted_and_a_restore_can_clash() {
    let store = directory();
    let taken = run(&store, |tx| {
        users::create(tx, &operator(), TENANT, &new_user(9, "U1@A.example"), now())
    });
    assert!(
        matches!(taken, Err(Error::Conflict { attribute, .. }) if attribute == "userPrincipalName")
    );
    run(&store, |tx| {
        users::delete(tx, &operator(), TENANT, Seq(1), now())?;
        users::create(tx, &operator(), TENANT, &new_user(9, "U1@A.example"), now())
    })
    .unwrap();
    let before = head(&store);
    let restored = run(&store, |tx| {
        users::restore(tx, &operator(), TENANT, Seq(1), now())
    });
    assert!(matches!(restored, Err(Error::Conflict { .. })));
    assert_eq!(head(&store), before);
}

#[test]
fn what_changes_nothing_is_not_in_the_feed() {
    let store = directory();
    run(&store, |tx| {
        groups::add_member(tx, &operator(), TENANT, Seq(1), U1, now())?;
        applications::assign(tx, &operator(), TENANT, APP, U1, now())
    })
    .unwrap();
    let before = head(&store);
    run(&store, |tx| {
        let o = &operator();
        let same = [text(ObjectKind::User, "displayName", "u1@a.example")];
        users::update(tx, o, TENANT, Seq(1), &same, now())?;
        users::set_account_enabled(tx, o, TENANT, Seq(1), true, now())?;
        users::set_manager(tx, o, TENANT, Seq(1), None, now())?;
        users::restore(tx, o, TENANT, Seq(1), now())?;
        assert!(!groups::add_member(tx, o, TENANT, Seq(1), U1, now())?);
        assert!(!groups::remove_member(tx, o, TENANT, Seq(1), U2, now())?);
        assert!(!applications::assign(tx, o, TENANT, APP, U1, now())?);
        assert!(!applications::unassign(tx, o, TENANT, APP, G1, now())?);
        groups::restore(tx, o, TENANT, Seq(1), now())
    })
    .unwrap();
    assert_eq!(head(&store), before);
}

#[test]
fn a_user_joining_an_assigned_group_is_looked_at_again() {
    let store = directory();
    run(&store, |tx| {
        applications::assign(tx, &operator(), TENANT, APP, G1, now())
    })
    .unwrap();
    let before = head(&store);
    run(&store, |tx| {
        groups::add_member(tx, &operator(), TENANT, Seq(1), U1, now())?;
        groups::add_member(tx, &operator(), TENANT, Seq(2), U2, now())?;
        groups::delete(tx, &operator(), TENANT, Seq(1), now())
    })
    .unwrap();
    assert_eq!(
        feed(&store, before),
        [
            (G1, ChangeKind::MembersChanged { member: U1 }),
            (U1, ChangeKind::Updated),
            (G2, ChangeKind::MembersChanged { member: U2 }),
            (G1, ChangeKind::Deleted),
            (U1, ChangeKind::Updated),
        ]
    );
}

#[test]
fn a_purge_takes_memberships_assignments_and_reports_along() {
    let store = directory();
    run(&store, |tx| {
        let o = &operator();
        groups::add_member(tx, o, TENANT, Seq(1), U1, now())?;
        users::set_manager(tx, o, TENANT, Seq(2), Some(Seq(1)), now())?;
        users::set_manager(tx, o, TENANT, Seq(1), Some(Seq(1)), now())?;
        applications::assign(tx, o, TENANT, APP, U1, now())
    })
    .unwrap();
    let early = run(&store, |tx| {
        users::purge(tx, &operator(), TENANT, Seq(1), now())
    });
    assert!(
        matches!(early, Err(Error::Conflict { .. })),
        "it is not in the recycle bin"
    );
    run(&store, |tx| {
        users::delete(tx, &operator(), TENANT, Seq(1), now())
    })
    .unwrap();
    let before = head(&store);
    run(&store, |tx| {
        users::purge(tx, &operator(), TENANT, Seq(1), now())
    })
    .unwrap();
    assert_eq!(
        feed(&store, before),
        [
            (G1, ChangeKind::MembersChanged { member: U1 }),
            (U2, ChangeKind::Updated),
            (U1, ChangeKind::Purged { id: guid(1) }),
        ]
    );
    let tx = store.read().unwrap();
    assert_eq!(get_user(&tx, TENANT, Seq(2)).unwrap().manager, None);
    assert_eq!(get_group(&tx, TENANT, Seq(1)).unwrap().member_count, 0);
    assert!(rows::applications_of(&tx, TENANT, U1).unwrap().is_empty());
    assert_eq!(crate::store::check(&tx).unwrap(), []);
}

#[test]
fn only_direct_members_of_assigned_groups_are_entitled() {
    let store = directory();
    run(&store, |tx| {
        let o = &operator();
        groups::add_member(tx, o, TENANT, Seq(1), U1, now())?;
        groups::add_member(tx, o, TENANT, Seq(1), G2, now())?;
        groups::add_member(tx, o, TENANT, Seq(2), U2, now())?;
        applications::assign(tx, o, TENANT, APP, G1, now())
    })
    .unwrap();
    let verdict = |store: &Store, scope, object| {
        entitlement(&store.read().unwrap(), TENANT, APP, scope, object).unwrap()
    };
    let assigned = Scope::AssignedOnly;
    assert_eq!(verdict(&store, assigned, U1), Entitlement::ByGroup(Seq(1)));
    assert_eq!(verdict(&store, assigned, U2), Entitlement::None);
    assert_eq!(verdict(&store, assigned, G1), Entitlement::Direct);
    assert_eq!(verdict(&store, assigned, G2), Entitlement::None);
    assert_eq!(verdict(&store, Scope::All, U2), Entitlement::Everyone);
    run(&store, |tx| {
        groups::delete(tx, &operator(), TENANT, Seq(1), now())
    })
    .unwrap();
    assert_eq!(verdict(&store, assigned, U1), Entitlement::None);
}

type Case = fn(&Write<'_>, &Operator) -> Result<()>;

#[test]
fn rules_of_groups_and_managers_are_told_in_a_sentence() {
    let store = directory();
    run(&store, |tx| {
        let off = [text(ObjectKind::Group, "securityEnabled", "false")];
        groups::update(tx, &operator(), TENANT, Seq(2), &off, now())?;
        applications::assign(tx, &operator(), TENANT, APP, G1, now())
    })
    .unwrap();
    let cases: [(Case, &str); 5] = [
        (
            |tx, o| applications::assign(tx, o, TENANT, APP, G2, now()).map(drop),
            "only security-enabled groups",
        ),
        (
            |tx, o| {
                let off = [text(ObjectKind::Group, "securityEnabled", "False")];
                groups::update(tx, o, TENANT, Seq(1), &off, now()).map(drop)
            },
            "unassign it first",
        ),
        (
            |tx, o| groups::add_member(tx, o, TENANT, Seq(1), G1, now()).map(drop),
            "cannot be a member of itself",
        ),
        (
            |tx, o| users::set_manager(tx, o, TENANT, Seq(1), Some(Seq(9)), now()).map(drop),
            "there is no such user",
        ),
        (
            |tx, o| {
                groups::add_member(tx, o, TENANT, Seq(1), ObjectRef::user(Seq(9)), now()).map(drop)
            },
            "User 9 was not found",
        ),
    ];
    for (case, sentence) in cases {
        let error = run(&store, move |tx| case(tx, &operator())).unwrap_err();
        assert!(error.to_string().contains(sentence), "{error}");
    }
}

#[test]
fn a_source_has_the_names_and_spellings_of_the_service() {
    let store = directory();
    let tx = store.read().unwrap();
    let mut user = get_user(&tx, TENANT, Seq(1)).unwrap();
    user.user_principal_name = "ann_b.example#EXT#@a.example".into();
    user.account_enabled = false;
    let source = source_of_user(&user, true);
    for (name, value) in [
        ("objectId", guid(1).to_string().as_str()),
        ("userPrincipalName", "ann@b.example"),
        ("originalUserPrincipalName", "ann_b.example#EXT#@a.example"),
        ("accountEnabled", "False"),
        ("IsSoftDeleted", "True"),
        ("displayName", "u1@a.example"),
        ("mailNickname", "u1"),
    ] {
        assert_eq!(source.get(name).as_text(), Some(value), "{name}");
    }
    assert!(source.get("manager").is_null());
    let source = source_of_group(&get_group(&tx, TENANT, Seq(1)).unwrap(), false);
    assert_eq!(source.get("displayName").as_text(), Some("G1"));
    assert_eq!(source.get("securityEnabled").as_text(), Some("True"));
    assert_eq!(source.get("IsSoftDeleted").as_text(), Some("False"));
}

#[test]
fn a_search_finds_by_text_and_state_and_counts_all_pages() {
    let store = directory();
    run(&store, |tx| {
        let o = &operator();
        let changes = [
            text(ObjectKind::User, "displayName", "Zoë Ångström"),
            text(ObjectKind::User, "mail", "zoe@b.example"),
        ];
        users::update(tx, o, TENANT, Seq(2), &changes, now())?;
        users::set_account_enabled(tx, o, TENANT, Seq(2), false, now())?;
        users::delete(tx, o, TENANT, Seq(3), now())
    })
    .unwrap();
    let tx = store.read().unwrap();
    for (query, state, skip, found, total) in [
        ("", State::Present, 0, vec![1], 2),
        ("", State::Present, 1, vec![2], 2),
        ("ÅNGST", State::Present, 0, vec![2], 1),
        ("@B.EXAMPLE", State::Disabled, 0, vec![2], 1),
        ("", State::Enabled, 0, vec![1], 1),
        ("", State::Guests, 0, vec![], 0),
        ("u", State::Deleted, 0, vec![3], 1),
        ("nobody", State::Present, 0, vec![], 0),
    ] {
        let query = Query {
            text: query.into(),
            state,
            skip,
            limit: 1,
        };
        let page = search::users(&tx, &operator(), TENANT, &query).unwrap();
        let rows: Vec<u64> = page.items.iter().map(|user| user.seq.0).collect();
        assert_eq!((rows, page.total), (found, total), "{query:?}");
    }
    let query = Query {
        text: "g2".into(),
        limit: 10,
        ..Query::default()
    };
    assert_eq!(
        search::groups(&tx, &operator(), TENANT, &query)
            .unwrap()
            .total,
        1
    );
}

/// An operation with small numbers, so that they meet.
#[derive(Debug, Clone)]
enum Step {
    CreateUser(u8),
    Name(u64, u8),
    Enable(u64, bool),
    Manager(u64, Option<u64>),
    Delete(ObjectRef),
    Restore(ObjectRef),
    Purge(ObjectRef),
    Member(u64, ObjectRef, bool),
    Assign(ObjectRef, bool),
    Security(u64, bool),
}

fn any_object() -> impl Strategy<Value = ObjectRef> {
    prop_oneof![
        (1..7u64).prop_map(|n| ObjectRef::user(Seq(n))),
        (1..3u64).prop_map(|n| ObjectRef::group(Seq(n))),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..5u8).prop_map(Step::CreateUser),
        (1..7u64, 0..5u8).prop_map(|(user, name)| Step::Name(user, name)),
        (1..7u64, any::<bool>()).prop_map(|(user, on)| Step::Enable(user, on)),
        (1..7u64, proptest::option::of(1..7u64)).prop_map(|(user, m)| Step::Manager(user, m)),
        any_object().prop_map(Step::Delete),
        any_object().prop_map(Step::Restore),
        any_object().prop_map(Step::Purge),
        (1..3u64, any_object(), any::<bool>()).prop_map(|(g, m, add)| Step::Member(g, m, add)),
        (1..3u64, any_object(), any::<bool>()).prop_map(|(g, m, add)| Step::Member(g, m, add)),
        (any_object(), any::<bool>()).prop_map(|(who, add)| Step::Assign(who, add)),
        (1..3u64, any::<bool>()).prop_map(|(group, on)| Step::Security(group, on)),
    ]
}

fn take(tx: &Write<'_>, step: &Step, number: u8) -> Result<()> {
    let (o, at) = (&operator(), now());
    let is_user = |object: ObjectRef| object.kind == ObjectKind::User;
    match *step {
        Step::CreateUser(name) => {
            let new = new_user(number, &format!("u{name}@a.example"));
            users::create(tx, o, TENANT, &new, at).map(drop)
        }
        Step::Name(user, name) => {
            let name = text(
                ObjectKind::User,
                "userPrincipalName",
                &format!("u{name}@a.example"),
            );
            users::update(tx, o, TENANT, Seq(user), &[name], at).map(drop)
        }
        Step::Enable(user, on) => {
            users::set_account_enabled(tx, o, TENANT, Seq(user), on, at).map(drop)
        }
        Step::Manager(user, manager) => {
            users::set_manager(tx, o, TENANT, Seq(user), manager.map(Seq), at).map(drop)
        }
        Step::Delete(who) if is_user(who) => users::delete(tx, o, TENANT, who.seq, at).map(drop),
        Step::Delete(which) => groups::delete(tx, o, TENANT, which.seq, at).map(drop),
        Step::Restore(who) if is_user(who) => users::restore(tx, o, TENANT, who.seq, at).map(drop),
        Step::Restore(which) => groups::restore(tx, o, TENANT, which.seq, at).map(drop),
        Step::Purge(who) if is_user(who) => users::purge(tx, o, TENANT, who.seq, at),
        Step::Purge(which) => groups::purge(tx, o, TENANT, which.seq, at),
        Step::Member(group, member, true) => {
            groups::add_member(tx, o, TENANT, Seq(group), member, at).map(drop)
        }
        Step::Member(group, member, false) => {
            groups::remove_member(tx, o, TENANT, Seq(group), member, at).map(drop)
        }
        Step::Assign(who, true) => applications::assign(tx, o, TENANT, APP, who, at).map(drop),
        Step::Assign(who, false) => applications::unassign(tx, o, TENANT, APP, who, at).map(drop),
        Step::Security(group, on) => {
            let flag = text(
                ObjectKind::Group,
                "securityEnabled",
                if on { "True" } else { "False" },
            );
            groups::update(tx, o, TENANT, Seq(group), &[flag], at).map(drop)
        }
    }
}

type Edge = (ObjectRef, ObjectRef);

/// What the feed can tell of the directory: who is there, who of them is in the recycle bin, who is a
/// member of what, who is assigned.
#[derive(Debug, Default, PartialEq)]
struct Picture {
    objects: BTreeMap<ObjectRef, bool>,
    members: BTreeSet<Edge>,
    assigned: BTreeSet<ObjectRef>,
}

fn replayed(store: &Store) -> Picture {
    let mut picture = Picture::default();
    for (object, kind) in feed(store, Seq(0)) {
        match kind {
            ChangeKind::Created => assert_eq!(picture.objects.insert(object, false), None),
            ChangeKind::Deleted => assert_eq!(picture.objects.insert(object, true), Some(false)),
            ChangeKind::Restored => assert_eq!(picture.objects.insert(object, false), Some(true)),
            ChangeKind::Purged { .. } => {
                assert_eq!(picture.objects.remove(&object), Some(true));
                picture.members.retain(|(group, _)| *group != object);
                picture.assigned.remove(&object);
            }
            // An entry means a difference, so two of them cancel out.
            ChangeKind::MembersChanged { member } => {
                let edge = (object, member);
                if !picture.members.remove(&edge) {
                    picture.members.insert(edge);
                }
            }
            ChangeKind::Assigned { .. } => assert!(picture.assigned.insert(object)),
            ChangeKind::Unassigned { .. } => assert!(picture.assigned.remove(&object)),
            ChangeKind::Updated => assert!(picture.objects.contains_key(&object)),
        }
    }
    picture
}

fn actual(store: &Store) -> Picture {
    let tx = store.read().unwrap();
    let mut picture = Picture::default();
    for user in rows::users_after(&tx, TENANT, Seq(0), usize::MAX).unwrap() {
        picture
            .objects
            .insert(ObjectRef::user(user.seq), user.deleted.is_some());
    }
    for group in rows::groups_after(&tx, TENANT, Seq(0), usize::MAX).unwrap() {
        let object = ObjectRef::group(group.seq);
        picture.objects.insert(object, group.deleted.is_some());
        for member in rows::members(&tx, TENANT, group.seq, None, usize::MAX).unwrap() {
            picture.members.insert((object, member));
        }
    }
    for assignment in rows::assignments(&tx, TENANT, APP, None, usize::MAX).unwrap() {
        picture.assigned.insert(assignment.principal);
    }
    picture
}

/// Everything but the feed, as text.
fn rows_of(store: &Store) -> String {
    let tx = store.read().unwrap();
    format!(
        "{:?} {:?} {:?}",
        rows::users_after(&tx, TENANT, Seq(0), usize::MAX).unwrap(),
        rows::groups_after(&tx, TENANT, Seq(0), usize::MAX).unwrap(),
        actual(store),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_feed_tells_everything_and_the_indexes_hold(
        steps in proptest::collection::vec(any_step(), 1..50),
    ) {
        let store = directory();
        for (step, number) in steps.into_iter().zip(10u8..) {
            let (before, old) = (head(&store), rows_of(&store));
            let shown = format!("{step:?}");
            let result = run(&store, move |tx| take(tx, &step, number));
            let changed = rows_of(&store) != old;
            prop_assert_eq!(head(&store) != before, changed, "{}", shown);
            prop_assert!(result.is_ok() || !changed);
        }
        prop_assert_eq!(replayed(&store), actual(&store));
        prop_assert_eq!(crate::store::check(&store.read().unwrap()).unwrap(), vec![]);
    }
}
