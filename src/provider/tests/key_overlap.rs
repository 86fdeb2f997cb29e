//! Regenerating keys: how long the previous one works, and what a list says of it.

use std::time::Duration;

use super::{NOW, make_team};
use crate::access::{Member, ScimCaller};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{KeyState, KeyStatus, ScimKey};
use crate::provider::{Endpoints, keys};
use crate::secret::Plain;
use crate::store::{self, Store};

const DAY: Duration = Duration::from_hours(24);

fn ask(store: &Store, key: &str, now: Timestamp) -> Result<ScimCaller> {
    let tx = store.read().unwrap();
    keys::authenticate(&tx, &Plain::new(key), &Endpoints::default(), now)
}

fn regenerate(store: &Store, key: Seq, plain: &'static str, overlap: Duration) -> Result<ScimKey> {
    let member = Member::of_this_process(Seq(1));
    store.write(move |tx| {
        keys::regenerate(
            tx,
            &member.may().unwrap(),
            key,
            &Plain::new(plain),
            overlap,
            NOW,
        )
    })
}

fn get(store: &Store, key: Seq) -> ScimKey {
    let member = Member::of_this_process(Seq(1));
    keys::get(&store.read().unwrap(), &member.may().unwrap(), key).unwrap()
}

#[test]
fn the_previous_key_works_during_the_overlap_and_no_longer() {
    let store = Store::in_memory().unwrap();
    make_team(&store, "Ours", "key-1");
    let new = regenerate(&store, Seq(1), "key-2", DAY).unwrap();
    assert_eq!(new.name, "key", "the name goes on");
    let last = Timestamp::from_millis(NOW.plus(DAY).millis() - 1);
    for (at, state, opens) in [
        (NOW, KeyState::Retiring, true),
        (last, KeyState::Retiring, true),
        (NOW.plus(DAY), KeyState::Revoked, false),
    ] {
        assert_eq!(get(&store, Seq(1)).state(at), state);
        assert_eq!(ask(&store, "key-1", at).is_ok(), opens, "{state:?}");
        assert_eq!(new.state(at), KeyState::Active);
        ask(&store, "key-2", at).expect("the new one works from the start");
    }
    let again = regenerate(&store, Seq(1), "key-3", DAY);
    assert!(
        matches!(again, Err(Error::Conflict { .. })),
        "it is retiring"
    );
    let member = Member::of_this_process(Seq(1));
    let twice = store.write(move |tx| {
        let options = keys::KeyOptions::default();
        keys::create(
            tx,
            &member.may().unwrap(),
            "key",
            &Plain::new("key-4"),
            &options,
            NOW,
        )
    });
    assert!(
        matches!(twice, Err(Error::Field { field: "name", .. })),
        "the new one has the name"
    );
    assert_eq!(store::check(&store.read().unwrap()).unwrap(), []);
}

#[test]
fn without_an_overlap_the_previous_key_ends_at_once() {
    let store = Store::in_memory().unwrap();
    make_team(&store, "Ours", "key-1");
    regenerate(&store, Seq(1), "key-2", Duration::ZERO).unwrap();
    assert!(matches!(
        ask(&store, "key-1", NOW),
        Err(Error::Unauthorized { presented: true })
    ));
    assert_eq!(get(&store, Seq(1)).status, KeyStatus::Revoked);
    ask(&store, "key-2", NOW).unwrap();
    assert_eq!(store::check(&store.read().unwrap()).unwrap(), []);
}

#[test]
fn an_overlap_lasts_an_hour_to_a_week() {
    for (overlap, fits) in [
        (Duration::from_secs(1), false),
        (Duration::from_mins(59), false),
        (keys::OVERLAP_MINIMUM, true),
        (keys::OVERLAP_MAXIMUM, true),
        (keys::OVERLAP_MAXIMUM + Duration::from_millis(1), false),
    ] {
        let store = Store::in_memory().unwrap();
        make_team(&store, "Ours", "key-1");
        let answer = regenerate(&store, Seq(1), "key-2", overlap);
        assert_eq!(answer.is_ok(), fits, "{overlap:?}");
        if !fits {
            assert!(matches!(
                answer,
                Err(Error::Field {
                    field: "overlap",
                    ..
                })
            ));
        }
    }
}

#[test]
fn a_chosen_expiry_shows_as_expired_and_is_not_prolonged_by_an_overlap() {
    let store = Store::in_memory().unwrap();
    make_team(&store, "Ours", "key-1");
    let end = NOW.plus(Duration::from_hours(2));
    let member = Member::of_this_process(Seq(1));
    let key = store
        .write(move |tx| {
            let options = keys::KeyOptions {
                expires: Some(end),
                ..keys::KeyOptions::default()
            };
            keys::create(
                tx,
                &member.may().unwrap(),
                "short",
                &Plain::new("key-2"),
                &options,
                NOW,
            )
        })
        .unwrap();
    assert_eq!(
        (key.state(NOW), key.state(end)),
        (KeyState::Active, KeyState::Expired)
    );
    let new = regenerate(&store, key.seq, "key-3", DAY).unwrap();
    assert_eq!(new.expires, Some(end));
    assert_eq!(get(&store, key.seq).expires, Some(end));
}
