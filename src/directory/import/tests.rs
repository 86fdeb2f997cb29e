//! Imports by example: matching, order in the file, all or nothing.

use super::*;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::{AttributeChange, AttributeValue, tenants};
use crate::id::{Guids, Nonce, Seq};
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind};
use crate::store::{Store, Write, directory as rows};

const TENANT: Seq = Seq(1);

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn store() -> Store {
    let store = Store::in_memory().unwrap();
    let wanted = tenants::TenantName {
        name: "A".into(),
        domain: "a.example".into(),
    };
    store
        .write(move |tx| {
            let operator = Operator::of_this_process();
            tenants::create(tx, &operator, &wanted, Guid::random(), now())
        })
        .unwrap();
    store
}

fn changes(kind: ObjectKind, line: usize, pairs: &[(&str, &str)]) -> Vec<(Place, AttributeChange)> {
    pairs
        .iter()
        .enumerate()
        .map(|(column, (name, value))| {
            let value = AttributeValue::Text((*value).to_owned());
            let at = Place {
                line,
                column: column + 1,
            };
            (at, AttributeChange::set(kind, name, value).unwrap())
        })
        .collect()
}

fn user(line: usize, name: &str, pairs: &[(&str, &str)]) -> UserRecord {
    let own = [("userPrincipalName", name), ("displayName", name)];
    UserRecord {
        at: Place { line, column: 1 },
        id: None,
        changes: changes(ObjectKind::User, line, &[&own, pairs].concat()),
        account_enabled: None,
        guest: None,
        manager: None,
    }
}

fn group(line: usize, name: &str, members: &[&str]) -> GroupRecord {
    let at = Place { line, column: 2 };
    GroupRecord {
        at: Place { line, column: 1 },
        id: None,
        changes: changes(ObjectKind::Group, line, &[("displayName", name)]),
        rule: None,
        members: members
            .iter()
            .map(|name| (at, Reference::of(name)))
            .collect(),
    }
}

fn write<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Write<'_>, &Operator, &Guids) -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    store.write(move |tx| {
        work(
            tx,
            &Operator::of_this_process(),
            &Guids::new(Nonce::random()),
        )
    })
}

fn import_users(store: &Store, records: Vec<UserRecord>) -> Result<Report, ImportError> {
    write(store, move |tx, operator, ids| {
        users(tx, operator, TENANT, &records, ids, now())
    })
}

fn import_groups(store: &Store, records: Vec<GroupRecord>) -> Result<Report, ImportError> {
    write(store, move |tx, operator, ids| {
        groups(tx, operator, TENANT, &records, ids, now())
    })
}

fn all_users(store: &Store) -> Vec<DirectoryUser> {
    rows::users_after(&store.read().unwrap(), TENANT, Seq(0), 100).unwrap()
}

fn all_groups(store: &Store) -> Vec<DirectoryGroup> {
    rows::groups_after(&store.read().unwrap(), TENANT, Seq(0), 100).unwrap()
}

fn counts(report: Report) -> (u64, u64, u64, u64) {
    (
        report.created,
        report.updated,
        report.unchanged,
        report.members_added,
    )
}

#[test]
fn who_is_there_is_updated_who_is_not_is_created_and_a_manager_may_stand_further_down() {
    let store = store();
    let boss = Some((
        Place { line: 2, column: 4 },
        Some(Reference::Name("Boss@a.example".into())),
    ));
    let ann = |city| UserRecord {
        manager: boss.clone(),
        guest: Some(true),
        ..user(2, "ann@a.example", &[("city", city)])
    };
    let first = vec![ann("Oslo"), user(3, "boss@a.example", &[])];
    assert_eq!(
        counts(import_users(&store, first.clone()).unwrap()),
        (2, 0, 0, 0)
    );
    assert_eq!(counts(import_users(&store, first).unwrap()), (0, 0, 2, 0));
    let people = all_users(&store);
    assert_eq!(people[0].manager, Some(people[1].seq));
    assert!(people[0].guest && people[0].account_enabled);

    let second = vec![ann("Rome"), user(3, "new@a.example", &[])];
    assert_eq!(counts(import_users(&store, second).unwrap()), (1, 1, 0, 0));
    // Only the manager is another, and by object id.
    let third = UserRecord {
        manager: Some((Place { line: 9, column: 1 }, None)),
        id: Some(people[0].id),
        changes: Vec::new(),
        ..user(2, "x@a.example", &[])
    };
    assert_eq!(
        counts(import_users(&store, vec![third]).unwrap()),
        (0, 1, 0, 0)
    );
    assert_eq!(all_users(&store)[0].manager, None);
}

#[test]
fn a_mistake_has_a_place_and_nothing_of_the_file_is_done() {
    let store = store();
    import_users(&store, vec![user(2, "ann@a.example", &[])]).unwrap();
    let ann = all_users(&store)[0].id;
    let unknown = "extension_0123456789abcdef0123456789abcdef_x";
    let manager = |name: &str| UserRecord {
        manager: Some((Place { line: 4, column: 9 }, Some(Reference::of(name)))),
        ..user(4, "b@a.example", &[])
    };
    for (record, at, message) in [
        (
            user(4, "b@a.example", &[(unknown, "x")]),
            (4, 3),
            "is not defined",
        ),
        (
            manager("nobody@a.example"),
            (4, 9),
            "neither here nor in this file",
        ),
        (
            UserRecord {
                id: Some(Guid::random()),
                ..user(4, "ann@a.example", &[])
            },
            (4, 1),
            "another user",
        ),
        (
            UserRecord {
                changes: changes(ObjectKind::User, 4, &[("displayName", "X")]),
                ..user(4, "b@a.example", &[])
            },
            (4, 1),
            "userPrincipalName is required",
        ),
    ] {
        let refused = import_users(&store, vec![user(3, "a@a.example", &[]), record]).unwrap_err();
        let ImportError::Mistake(mistake) = refused else {
            panic!("{refused}");
        };
        assert_eq!((mistake.at.line, mistake.at.column), at, "{mistake}");
        assert!(mistake.message.contains(message), "{mistake}");
        assert_eq!(all_users(&store).len(), 1);
    }
    let group_with_a_users_id = GroupRecord {
        id: Some(ann),
        ..group(2, "G", &[])
    };
    assert!(import_groups(&store, vec![group_with_a_users_id]).is_err());
}

#[test]
fn groups_take_members_of_both_kinds_and_lose_nobody() {
    let store = store();
    import_users(
        &store,
        vec![user(2, "ann@a.example", &[]), user(3, "bo@a.example", &[])],
    )
    .unwrap();
    let files = vec![
        group(2, "Outer", &["ann@a.example", "Inner"]),
        group(3, "Inner", &["bo@a.example"]),
    ];
    assert_eq!(
        counts(import_groups(&store, files.clone()).unwrap()),
        (2, 0, 0, 3)
    );
    assert_eq!(counts(import_groups(&store, files).unwrap()), (0, 0, 2, 0));
    let more = vec![group(2, "inner", &["ann@a.example"])];
    assert_eq!(counts(import_groups(&store, more).unwrap()).3, 1);
    let groups = all_groups(&store);
    assert_eq!((groups[0].member_count, groups[1].member_count), (2, 2));

    let dynamic = GroupRecord {
        rule: Some((
            Place { line: 2, column: 3 },
            Some("user.city -eq \"Oslo\"".into()),
        )),
        ..group(2, "Outer", &["bo@a.example"])
    };
    assert_eq!(
        counts(import_groups(&store, vec![dynamic]).unwrap()),
        (0, 1, 0, 0)
    );
    assert!(all_groups(&store)[0].is_processing());
    let wrong = GroupRecord {
        rule: Some((Place { line: 7, column: 3 }, Some("user.city".into()))),
        ..group(7, "Outer", &[])
    };
    let refused = import_groups(&store, vec![wrong]).unwrap_err().to_string();
    assert!(
        refused.starts_with("line 7, column 3: at character"),
        "{refused}"
    );
    let refused = import_groups(&store, vec![group(5, "Third", &["nobody"])]).unwrap_err();
    assert!(
        refused.to_string().contains("neither in the directory"),
        "{refused}"
    );
}

#[test]
fn a_name_that_several_groups_have_names_none_of_them() {
    let store = store();
    import_groups(&store, vec![group(2, "G", &[])]).unwrap();
    let other = GroupRecord {
        id: Some(Guid::random()),
        ..group(2, "G", &[])
    };
    import_groups(&store, vec![other]).unwrap();
    let refused = import_groups(&store, vec![group(2, "g", &[])])
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("several groups are called g; give the object id"),
        "{refused}"
    );
}

#[test]
fn a_file_has_an_end() {
    let store = store();
    let many: Vec<_> = (0..=RECORDS)
        .map(|n| user(n + 2, "a@a.example", &[]))
        .collect();
    let refused = import_users(&store, many).unwrap_err().to_string();
    assert!(refused.contains("at most 20000 records"), "{refused}");
}
