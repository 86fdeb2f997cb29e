//! Callers are remembered for one state of the store and judged anew in the next.

use std::time::Duration;

use super::{NOW, make_team};
use crate::access::Member;
use crate::error::Error;
use crate::model::KeyAccess;
use crate::provider::keys::KeyOptions;
use crate::provider::{Callers, Endpoints, keys, team};
use crate::secret::Plain;
use crate::store::Store;

fn is_unauthorized<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Unauthorized { presented: true }))
}

#[test]
fn what_was_remembered_ends_with_the_next_commit_whatever_it_was() {
    let store = Store::in_memory().unwrap();
    let (team, _) = make_team(&store, "Acme", "key-1");
    let member = Member::of_this_process(team.seq);
    let (callers, endpoints) = (Callers::default(), Endpoints::default());
    let ask = |snapshot: &_| callers.authenticate(snapshot, &Plain::new("key-1"), &endpoints, NOW);
    let before = store.read().unwrap();
    let first = ask(&before).unwrap();
    let again = ask(&store.read().unwrap()).unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &again), "looked up once");

    let switch = |on| {
        let member = member.clone();
        store
            .write(move |tx| team::set_scim_enabled(tx, &member.may()?, on, NOW))
            .unwrap();
    };
    switch(false);
    let off = ask(&store.read().unwrap());
    assert!(matches!(off, Err(Error::Disabled { .. })));
    switch(true);
    ask(&store.read().unwrap()).unwrap();

    let key = first.key;
    let revoker = member.clone();
    store
        .write(move |tx| keys::revoke(tx, &revoker.may()?, key, NOW))
        .unwrap();
    let after = store.read().unwrap();
    assert!(is_unauthorized(&ask(&after)), "AUTH-03");
    // Somebody still has the old state in hand: that stays true there and is not taken over.
    ask(&before).unwrap();
    assert!(is_unauthorized(&ask(&after)), "AUTH-03");
}

#[test]
fn a_remembered_key_expires_without_a_commit() {
    let store = Store::in_memory().unwrap();
    let (team, _) = make_team(&store, "Acme", "key-1");
    let member = Member::of_this_process(team.seq);
    let end = NOW.plus(Duration::from_hours(1));
    let options = KeyOptions {
        access: KeyAccess::ReadOnly,
        expires: Some(end),
        ..KeyOptions::default()
    };
    store
        .write(move |tx| {
            let plain = Plain::new("key-2");
            keys::create(tx, &member.may()?, "brief", &plain, &options, NOW)
        })
        .unwrap();
    let (callers, endpoints) = (Callers::default(), Endpoints::default());
    let snapshot = store.read().unwrap();
    let ask = |now| callers.authenticate(&snapshot, &Plain::new("key-2"), &endpoints, now);
    assert_eq!(ask(NOW).unwrap().access, KeyAccess::ReadOnly);
    assert!(is_unauthorized(&ask(end)));
    ask(NOW).expect("a clock that is turned back");
}
