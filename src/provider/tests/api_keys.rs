//! Personal API keys and what they are worth.

use std::time::Duration;

use super::NOW;
use super::house::house;
use crate::access::permission::ViewAuditLogs;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::ApiKey;
use crate::provider::accounts;
use crate::provider::api_keys::{authenticate, create, revoke};
use crate::scim::Preset;
use crate::secret::Plain;
use crate::store::users;

#[test]
fn a_key_does_what_its_owner_may_at_that_moment_and_stops_with_the_membership() {
    let h = house(Preset::Standard);
    let (account, user) = h.administrator("ada@example.com");
    h.administrator("bob@example.com");
    let plain = Plain::api_key();
    let (value, seq) = (plain.clone(), account.seq);
    let key = h
        .store
        .write(move |tx| {
            let (_, member, _) = accounts::signed_in(tx, seq, None)?;
            create(tx, &member, "Reader", &value, None, NOW)
        })
        .unwrap();
    let ask = |plain: &Plain| authenticate(&h.store.read().unwrap(), plain, NOW);
    let member = ask(&plain).unwrap();
    assert_eq!((member.team, member.account), (key.team, Some(account.seq)));
    member.may::<ViewAuditLogs>().unwrap();
    assert!(matches!(
        ask(&Plain::new("key-1")),
        Err(Error::Unauthorized { .. })
    ));
    assert!(matches!(
        ask(&Plain::api_key()),
        Err(Error::Unauthorized { .. })
    ));
    // Neither role nor membership.
    let team = h.ours.team;
    let mut developer = user.clone();
    developer.roles = crate::model::Role::by_default();
    let mut plainly = account.clone();
    plainly.operator = false;
    h.store
        .write(move |tx| {
            crate::store::accounts::put(tx, &plainly)?;
            users::put(tx, team, &developer)
        })
        .unwrap();
    assert!(ask(&plain).unwrap().may::<ViewAuditLogs>().is_err());
    h.delete(&h.ours, &user).unwrap();
    assert!(matches!(ask(&plain), Err(Error::Forbidden { .. })));
}

#[test]
fn keys_have_names_an_end_and_one_owner() {
    let h = house(Preset::Standard);
    let (ada, _) = h.administrator("ada@example.com");
    let (bob, _) = h.administrator("bob@example.com");
    let member = |account: Seq| {
        let tx = h.store.read().unwrap();
        accounts::signed_in(&tx, account, None).unwrap().1
    };
    let make = |name: &'static str, expires: Option<Timestamp>| {
        let (plain, member) = (Plain::api_key(), member(ada.seq));
        let value = plain.clone();
        h.store
            .write(move |tx| create(tx, &member, name, &value, expires, NOW))
            .map(|key| (key, plain))
    };
    let field = |made: Result<(ApiKey, Plain)>| match made {
        Err(Error::Field { field, .. }) => field,
        _ => "",
    };
    assert_eq!(field(make(" ", None)), "name");
    assert_eq!(field(make("a", Some(NOW))), "expires");
    let soon = NOW.plus(Duration::from_mins(1));
    let (key, plain) = make("a", Some(soon)).unwrap();
    assert_eq!(field(make("a", None)), "name");
    let tx = h.store.read().unwrap();
    assert!(authenticate(&tx, &plain, NOW).is_ok());
    assert!(authenticate(&tx, &plain, soon).is_err(), "expired");
    drop(tx);
    let (other, own) = (member(bob.seq), member(ada.seq));
    assert!(matches!(
        h.store.write(move |tx| revoke(tx, &other, key.seq, NOW)),
        Err(Error::NotFound { .. })
    ));
    let seq = key.seq;
    h.store.write(move |tx| revoke(tx, &own, seq, NOW)).unwrap();
    let tx = h.store.read().unwrap();
    assert!(authenticate(&tx, &plain, NOW).is_err(), "revoked");
    h.is_clean("API keys");
}
