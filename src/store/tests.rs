//! Tests of the store as a whole: indexes and counters against a model, dumps, reopening, refusals.

mod audit;
mod damages;
mod okta_events;
mod upgrade;
mod upgrade_steps;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proptest::prelude::*;
use redb::Database;
use serde_json::{Map, Value, json};

use super::{
    Error, OpenError, Options, Store, accounts, check, dump, groups, tables, teams, users,
};
use crate::clock::Timestamp;
use crate::id::{IdMix, Nonce, ScimId, Seq};
use crate::model::{Account, Group, Meta, ObjectRef, Role, Team, User};
use crate::scim::profile::Setting;
use crate::secret::{PasswordHash, Plain};

const TEAM: Seq = Seq(1);

fn attributes(pairs: &[(&str, Option<&str>)]) -> Map<String, Value> {
    pairs
        .iter()
        .filter_map(|(name, value)| value.map(|v| ((*name).to_owned(), json!(v))))
        .collect()
}

fn id(mix: IdMix, kind: u8, seq: Seq) -> ScimId {
    ScimId::new(mix, seq, Nonce([kind; 16]))
}

fn meta() -> Meta {
    Meta::new(Timestamp::from_millis(1_700_000_000_000))
}

fn user(mix: IdMix, seq: Seq, name: &str, display: Option<&str>, external: Option<&str>) -> User {
    User {
        seq,
        id: id(mix, 1, seq),
        meta: meta(),
        attributes: attributes(&[
            ("userName", Some(name)),
            ("displayName", display),
            ("externalId", external),
        ]),
        account: seq,
        roles: Role::by_default(),
        invite: None,
        written_by_scim: None,
    }
}

/// A user's own account, in the row of the same number.
fn account(user: &User) -> Account {
    Account {
        seq: user.account,
        sign_in_name: user.user_name().to_owned(),
        name: String::new(),
        password: None,
        operator: false,
        created: user.meta.created,
    }
}

fn put_user(tx: &super::Write<'_>, user: &User) -> Result<(), Error> {
    accounts::put(tx, &account(user))?;
    users::put(tx, TEAM, user)
}

fn group(mix: IdMix, seq: Seq, name: &str, member_count: u64) -> Group {
    Group {
        meta: meta(),
        member_count,
        ..Group::new(
            seq,
            id(mix, 2, seq),
            meta().created,
            attributes(&[("displayName", Some(name))]),
        )
    }
}

fn text(store: &Store) -> String {
    let mut out = Vec::new();
    dump(&store.read().unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn findings(store: &Store) -> Vec<super::Finding> {
    check(&store.read().unwrap()).unwrap()
}

/// A team with two users in a group that is in a group.
fn fill(store: &Store) {
    let mix = store.mix();
    store
        .write(move |tx| {
            teams::put(
                tx,
                &Team {
                    seq: teams::next_seq(tx)?,
                    name: "Acme".into(),
                    scim_enabled: true,
                    created: Timestamp::from_millis(0),
                    profile: Setting::default(),
                    revision: 0,
                    audit_days: 180,
                    built_ins_off: BTreeSet::new(),
                },
            )?;
            let ann = users::next_seq(tx, TEAM)?;
            put_user(
                tx,
                &user(mix, ann, "Ann@example.com", Some("Ann"), Some("E1")),
            )?;
            let bob = users::next_seq(tx, TEAM)?;
            put_user(tx, &user(mix, bob, "bob@example.com", None, None))?;
            let inner = groups::next_seq(tx, TEAM)?;
            let outer = groups::next_seq(tx, TEAM)?;
            groups::put(tx, TEAM, &group(mix, inner, "Guides", 2))?;
            groups::put(tx, TEAM, &group(mix, outer, "All", 1))?;
            groups::add_member(tx, TEAM, inner, ObjectRef::user(bob))?;
            groups::add_member(tx, TEAM, inner, ObjectRef::user(ann))?;
            groups::add_member(tx, TEAM, outer, ObjectRef::group(inner))?;
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn a_dump_is_complete_and_sorted() {
    let store = Store::in_memory().unwrap();
    fill(&store);
    let text = text(&store);
    assert_eq!(text, self::text(&store), "the same again");
    // What is random in every file.
    let mut shown = String::new();
    for line in text.lines() {
        shown += if line.starts_with("META \"id_mix\"") {
            "META \"id_mix\" (random)"
        } else {
            line
        };
        shown.push('\n');
    }
    for (kind, name) in [(1, "user"), (2, "group")] {
        for seq in [Seq(1), Seq(2)] {
            let id = id(store.mix(), kind, seq).to_string();
            shown = shown.replace(&id, &format!("(id of {name} {seq})"));
        }
    }
    insta::assert_snapshot!(shown);
    assert_eq!(findings(&store), []);
}

#[test]
fn reopening_keeps_everything() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path().join("data"));
    let store = Store::open(&options).unwrap();
    fill(&store);
    let (before, mix) = (text(&store), store.mix());
    drop(store);
    let store = Store::open(&options).unwrap();
    assert_eq!(text(&store), before);
    assert_eq!(store.mix(), mix);
    assert_eq!(findings(&store), []);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_data() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path().join("data"));
    let _store = Store::open(&options).unwrap();
    for (path, mode) in [(options.directory.clone(), 0o700), (options.file(), 0o600)] {
        let found = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{}", path.display());
    }
}

#[test]
fn a_newer_file_is_refused_and_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path());
    drop(Store::open(&options).unwrap());
    {
        let database = Database::create(options.file()).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction
            .open_table(tables::META.engine)
            .unwrap()
            .insert("schema_version", 999)
            .unwrap();
        transaction.commit().unwrap();
    }
    let before = fs::read(options.file()).unwrap();
    let refused = Store::open(&options).err().unwrap();
    assert!(
        matches!(refused, OpenError::Newer { found: 999, .. }),
        "{refused}"
    );
    assert!(
        refused
            .to_string()
            .contains("newer scimlab (data version 999"),
        "{refused}"
    );
    assert!(fs::read(options.file()).unwrap() == before, "bytes changed");
}

#[test]
fn what_is_not_our_data_is_refused_and_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path().join("good"));
    let store = Store::open(&options).unwrap();
    fill(&store);
    drop(store);
    let good = fs::read(options.file()).unwrap();
    let cut = good[..good.len() / 2].to_vec();
    for (name, bytes) in [("text", b"hello".repeat(2_000)), ("cut", cut)] {
        let options = Options::new(directory.path().join(name));
        fs::create_dir(&options.directory).unwrap();
        fs::write(options.file(), &bytes).unwrap();
        let refused = Store::open(&options).err().unwrap();
        assert!(
            matches!(refused, OpenError::Damaged { .. }),
            "{name}: {refused}"
        );
        assert!(
            refused
                .to_string()
                .contains("cannot be read as scimlab data"),
            "{refused}"
        );
        assert!(fs::read(options.file()).unwrap() == bytes, "{name}");
    }
}

#[test]
fn a_second_store_on_the_same_data_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path());
    let _first = Store::open(&options).unwrap();
    let refused = Store::open(&options).err().unwrap();
    assert!(matches!(refused, OpenError::InUse(_)), "{refused}");
}

/// What a client can do to the team's data, by small numbers that stand for rows.
#[derive(Debug, Clone, Copy)]
enum Operation {
    PutUser {
        user: u64,
        display: Option<u8>,
        external: Option<u8>,
        upper: bool,
    },
    RemoveUser(u64),
    PutGroup {
        group: u64,
        name: u8,
    },
    RemoveGroup(u64),
    Add {
        group: u64,
        member: ObjectRef,
    },
    Remove {
        group: u64,
        member: ObjectRef,
    },
    Empty(u64),
}

fn member() -> impl Strategy<Value = ObjectRef> {
    (any::<bool>(), 1..6_u64).prop_map(|(is_user, seq)| {
        if is_user {
            ObjectRef::user(Seq(seq))
        } else {
            ObjectRef::group(Seq(seq))
        }
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    let small = || proptest::option::of(0..3_u8);
    prop_oneof![
        4 => (1..6_u64, small(), small(), any::<bool>()).prop_map(
            |(user, display, external, upper)| Operation::PutUser { user, display, external, upper }
        ),
        1 => (1..6_u64).prop_map(Operation::RemoveUser),
        3 => (1..6_u64, 0..3_u8).prop_map(|(group, name)| Operation::PutGroup { group, name }),
        1 => (1..6_u64).prop_map(Operation::RemoveGroup),
        6 => (1..6_u64, member()).prop_map(|(group, member)| Operation::Add { group, member }),
        2 => (1..6_u64, member()).prop_map(|(group, member)| Operation::Remove { group, member }),
        1 => (1..6_u64).prop_map(Operation::Empty),
    ]
}

/// The same data as plain maps.
#[derive(Debug, Default)]
struct Model {
    users: BTreeMap<u64, User>,
    groups: BTreeMap<u64, Group>,
    members: BTreeSet<(u64, ObjectRef)>,
}

impl Model {
    fn exists(&self, object: ObjectRef) -> bool {
        match object.kind {
            crate::model::ObjectKind::User => self.users.contains_key(&object.seq.0),
            crate::model::ObjectKind::Group => self.groups.contains_key(&object.seq.0),
        }
    }

    fn forget(&mut self, object: ObjectRef) {
        self.members.retain(|(_, member)| *member != object);
    }
}

/// Brings the count of a group up to date, as the provider does after changing edges.
fn recount(tx: &super::Write<'_>, group: u64) -> Result<(), Error> {
    if let Some(mut row) = groups::find(tx, TEAM, Seq(group))? {
        row.member_count = groups::members(tx, TEAM, row.seq, 0, usize::MAX)?.len() as u64;
        groups::put(tx, TEAM, &row)?;
    }
    Ok(())
}

/// Applies an operation to the model, and returns the same as work for the store.
fn apply(model: &mut Model, operation: Operation, store: &Store) -> Result<(), Error> {
    match operation {
        Operation::PutUser {
            user: seq,
            display,
            external,
            upper,
        } => {
            let mut name = format!("u{seq}@example.com");
            if upper {
                name = name.to_uppercase();
            }
            let display = display.map(|d| format!("Display {d}"));
            let external = external.map(|e| format!("E{e}"));
            let row = user(
                store.mix(),
                Seq(seq),
                &name,
                display.as_deref(),
                external.as_deref(),
            );
            model.users.insert(seq, row.clone());
            store.write(move |tx| put_user(tx, &row))
        }
        Operation::RemoveUser(seq) => {
            let Some(row) = model.users.remove(&seq) else {
                return Ok(());
            };
            model.forget(ObjectRef::user(row.seq));
            store.write(move |tx| {
                for group in groups::remove_from_all(tx, TEAM, ObjectRef::user(row.seq))? {
                    recount(tx, group.0)?;
                }
                users::remove(tx, TEAM, &row)?;
                accounts::remove(tx, &account(&row))
            })
        }
        Operation::PutGroup { group: seq, name } => {
            let row = group(store.mix(), Seq(seq), &format!("Group {name}"), 0);
            model.groups.insert(seq, row.clone());
            store.write(move |tx| {
                groups::put(tx, TEAM, &row)?;
                recount(tx, seq)
            })
        }
        Operation::RemoveGroup(seq) => {
            let Some(row) = model.groups.remove(&seq) else {
                return Ok(());
            };
            model.forget(ObjectRef::group(row.seq));
            model.members.retain(|(group, _)| *group != seq);
            store.write(move |tx| {
                for group in groups::remove_from_all(tx, TEAM, ObjectRef::group(row.seq))? {
                    recount(tx, group.0)?;
                }
                groups::remove(tx, TEAM, &row)
            })
        }
        Operation::Add { group, member } => {
            if !model.groups.contains_key(&group) || !model.exists(member) {
                return Ok(());
            }
            let new = model.members.insert((group, member));
            store.write(move |tx| {
                assert_eq!(groups::add_member(tx, TEAM, Seq(group), member)?, new);
                recount(tx, group)
            })
        }
        Operation::Remove { group, member } => {
            let was = model.members.remove(&(group, member));
            store.write(move |tx| {
                assert_eq!(groups::remove_member(tx, TEAM, Seq(group), member)?, was);
                recount(tx, group)
            })
        }
        Operation::Empty(group) => {
            let before = model.members.len();
            model.members.retain(|(g, _)| *g != group);
            let gone = (before - model.members.len()) as u64;
            store.write(move |tx| {
                assert_eq!(groups::remove_all_members(tx, TEAM, Seq(group))?, gone);
                recount(tx, group)
            })
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_history_leaves_indexes_and_counters_right(
        history in proptest::collection::vec(operation(), 1..60)
    ) {
        let store = Store::in_memory().unwrap();
        let mut model = Model::default();
        for operation in history {
            apply(&mut model, operation, &store).unwrap();
        }
        prop_assert_eq!(findings(&store), []);
        let tx = store.read().unwrap();
        prop_assert_eq!(users::count(&tx, TEAM).unwrap(), model.users.len() as u64);
        prop_assert_eq!(groups::count(&tx, TEAM).unwrap(), model.groups.len() as u64);
        let listed = users::page_at(&tx, TEAM, 0, 100).unwrap();
        prop_assert_eq!(
            listed.iter().map(|u| (u.seq.0, &u.attributes)).collect::<Vec<_>>(),
            model.users.iter().map(|(s, u)| (*s, &u.attributes)).collect::<Vec<_>>()
        );
        for (seq, row) in &model.users {
            let found = users::find_by_user_name(&tx, TEAM, &row.user_name().to_lowercase());
            prop_assert_eq!(found.unwrap().map(|u| u.seq.0), Some(*seq));
        }
        for external in ["E0", "E1", "E2"] {
            let expected: Vec<Seq> = model.users.values()
                .filter(|u| u.external_id() == Some(external)).map(|u| u.seq).collect();
            prop_assert_eq!(users::seqs_by_external_id(&tx, TEAM, external).unwrap(), expected);
        }
        for name in ["group 0", "GROUP 1", "Group 2"] {
            let expected: Vec<Seq> = model.groups.values()
                .filter(|g| g.display_name().eq_ignore_ascii_case(name)).map(|g| g.seq).collect();
            prop_assert_eq!(groups::seqs_by_display_name(&tx, TEAM, name).unwrap(), expected);
        }
        for group in model.groups.keys() {
            let expected: Vec<ObjectRef> = model.members.iter()
                .filter(|(g, _)| g == group).map(|(_, m)| *m).collect();
            prop_assert_eq!(
                groups::members(&tx, TEAM, Seq(*group), 0, usize::MAX).unwrap(),
                expected
            );
        }
        for user in model.users.keys() {
            let member = ObjectRef::user(Seq(*user));
            let expected: Vec<Seq> = model.members.iter()
                .filter(|(_, m)| *m == member).map(|(g, _)| Seq(*g)).collect();
            prop_assert_eq!(groups::groups_of(&tx, TEAM, member).unwrap(), expected);
        }
    }
}

#[test]
fn an_older_file_gets_its_missing_numbers_counted_once() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path());
    {
        let store = Store::open(&options).unwrap();
        fill(&store);
        let mix = store.mix();
        store
            .write(move |tx| {
                for n in 0..600 {
                    let seq = users::next_seq(tx, TEAM)?;
                    put_user(tx, &user(mix, seq, &format!("many-{n}"), None, None))?;
                }
                for row in 100..400 {
                    let gone = users::find(tx, TEAM, Seq(row))?.unwrap();
                    users::remove(tx, TEAM, &gone)?;
                    accounts::remove(tx, &account(&gone))?;
                }
                let third = groups::next_seq(tx, TEAM)?;
                groups::put(tx, TEAM, &group(mix, third, "Third", 0))?;
                let second = groups::find(tx, TEAM, Seq(2))?.unwrap();
                groups::remove(tx, TEAM, &second)
            })
            .unwrap();
        assert_eq!(findings(&store), []);
    }
    {
        let database = Database::open(options.file()).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.delete_table(tables::USER_GAPS.engine).unwrap();
        transaction.delete_table(tables::GROUP_GAPS.engine).unwrap();
        transaction.delete_table(tables::ACCOUNTS.engine).unwrap();
        let names = tables::SIGN_IN_NAME_TO_ACCOUNT;
        transaction.delete_table(names.engine).unwrap();
        transaction
            .delete_table(tables::ACCOUNT_TO_USER.engine)
            .unwrap();
        let mut meta = transaction.open_table(tables::META.engine).unwrap();
        meta.insert("schema_version", 1).unwrap();
        drop(meta);
        transaction.commit().unwrap();
    }
    let store = Store::open(&options).unwrap();
    assert_eq!(findings(&store), []);
    let snapshot = store.read().unwrap();
    let page = users::page_at(&snapshot, TEAM, 150, 1).unwrap();
    assert_eq!(page[0].seq, Seq(451));
    let page = groups::page_at(&snapshot, TEAM, 1, 1).unwrap();
    assert_eq!(page[0].seq, Seq(3));
    assert!(directory.path().join("scimlab.v1.redb").exists());
}

#[test]
fn a_number_that_was_not_used_is_missing() {
    let store = Store::in_memory().unwrap();
    fill(&store);
    let mix = store.mix();
    store
        .write(move |tx| {
            users::next_seq(tx, TEAM)?;
            users::next_seq(tx, TEAM)?;
            let seq = users::next_seq(tx, TEAM)?;
            put_user(tx, &user(mix, seq, "late", None, None))
        })
        .unwrap();
    assert_eq!(findings(&store), []);
    let page = users::page_at(&store.read().unwrap(), TEAM, 2, 5).unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].user_name(), "late");
}

#[test]
fn a_password_is_never_hashed_inside_a_write() {
    let store = Store::in_memory().unwrap();
    let hashed = store.write(|_| {
        let _ = PasswordHash::new(&Plain::new("correct horse"));
        Ok::<_, Error>(())
    });
    assert!(matches!(hashed, Err(Error::Panicked)));
}
