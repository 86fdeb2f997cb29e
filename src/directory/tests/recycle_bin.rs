//! The recycle bin: thirty days, by the clock that is handed in.

use std::time::Duration;

use super::*;
use crate::directory::recycle_bin::{self, Query as BinQuery};

fn after_days(days: u64) -> Timestamp {
    now().plus(Duration::from_hours(24 * days))
}

fn sweep(store: &Store, at: Timestamp) {
    while run(store, move |tx| recycle_bin::sweep(tx, at)).unwrap() {}
}

fn bin(store: &Store) -> Vec<ObjectRef> {
    let query = BinQuery {
        limit: 1_000,
        ..BinQuery::default()
    };
    let tx = store.read().unwrap();
    let page = recycle_bin::list(&tx, &operator(), TENANT, &query).unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items.iter().map(search::Object::reference).collect()
}

#[test]
fn entra_1_7_what_was_deleted_can_be_restored_for_thirty_days_and_is_then_purged() {
    let store = directory();
    run(&store, |tx| {
        rows::put_tenant(tx, &tenant())?;
        groups::add_member(tx, &operator(), TENANT, Seq(1), U1, now())?;
        users::delete(tx, &operator(), TENANT, Seq(1), now())?;
        groups::delete(tx, &operator(), TENANT, Seq(2), after_days(1))?;
        users::delete(tx, &operator(), TENANT, Seq(2), after_days(2))
    })
    .unwrap();
    assert_eq!(bin(&store), [U2, G2, U1]);
    let almost = Timestamp::from_millis(after_days(30).millis() - 1);
    sweep(&store, almost);
    assert_eq!(bin(&store), [U2, G2, U1]);

    let late = run(&store, |tx| {
        users::restore(tx, &operator(), TENANT, Seq(1), after_days(30))
    });
    assert!(late.unwrap_err().to_string().contains("more than 30 days"));
    let before = head(&store);
    sweep(&store, after_days(30));
    assert_eq!(bin(&store), [U2, G2]);
    assert_eq!(
        feed(&store, before),
        [
            (G1, ChangeKind::MembersChanged { member: U1 }),
            (U1, ChangeKind::Purged { id: guid(1) })
        ]
    );
    run(&store, move |tx| {
        users::restore(tx, &operator(), TENANT, Seq(2), almost)
    })
    .unwrap();
    sweep(&store, after_days(400));
    assert_eq!(bin(&store), []);
    let tx = store.read().unwrap();
    assert_eq!(rows::count_users(&tx, TENANT).unwrap(), 2);
    assert_eq!(rows::count_groups(&tx, TENANT).unwrap(), 1);
    assert!(crate::store::check(&tx).unwrap().is_empty());
}

#[test]
fn a_list_of_the_bin_knows_kinds_and_names() {
    let store = directory();
    run(&store, |tx| {
        users::delete(tx, &operator(), TENANT, Seq(1), now())?;
        users::delete(tx, &operator(), TENANT, Seq(3), now())?;
        groups::delete(tx, &operator(), TENANT, Seq(1), now())
    })
    .unwrap();
    let tx = store.read().unwrap();
    let list = |text: &str, kind, skip, limit| {
        let query = BinQuery {
            text: text.to_owned(),
            kind,
            skip,
            limit,
        };
        let page = recycle_bin::list(&tx, &operator(), TENANT, &query).unwrap();
        let found: Vec<_> = page
            .items
            .iter()
            .map(|o| o.display_name().to_owned())
            .collect();
        (found, page.total)
    };
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(list("", Some(ObjectKind::Group), 0, 9), (names(&["G1"]), 1));
    assert_eq!(list("U3@", None, 0, 9), (names(&["u3@a.example"]), 1));
    assert_eq!(list("", None, 1, 1), (names(&["u3@a.example"]), 3));
    assert_eq!(list("nobody", None, 0, 9), (names(&[]), 0));
}

#[test]
fn a_large_group_is_purged_bit_by_bit() {
    let store = directory();
    run(&store, |tx| {
        rows::put_tenant(tx, &tenant())?;
        for n in 0..4_500 {
            rows::add_member(tx, TENANT, Seq(1), ObjectRef::user(Seq(1_000 + n)))?;
        }
        let mut group = get_group(tx, TENANT, Seq(1))?;
        group.member_count = 4_500;
        rows::put_group(tx, TENANT, &group)?;
        groups::delete(tx, &operator(), TENANT, Seq(1), now())
    })
    .unwrap();
    let mut writes = 0;
    while run(&store, |tx| recycle_bin::sweep(tx, after_days(31))).unwrap() {
        writes += 1;
    }
    assert_eq!(writes, 2);
    assert!(
        rows::group(&store.read().unwrap(), TENANT, Seq(1))
            .unwrap()
            .is_none()
    );
}
