//! Administrators, their sessions and keys, and the record of what was written.

use serde_json::json;

use super::{NOW, lines, make_group, patch_group};
use crate::access::Member;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Actor, Operation, Outcome, Role, Session, User};
use crate::provider::{IfMatch, accounts, audit, groups, keys, sso, team, users};

use crate::provider::query::Asked;
use crate::scim::{Preset, urn};
use crate::secret::{Digest, Plain};
use crate::store::sessions as session_rows;

use super::house::{House, PERSON, house, named};

#[test]
fn roles_given_by_hand_stay_with_the_account_they_were_given_to() {
    let h = house(Preset::Standard);
    let (ada, user) = h.administrator(PERSON);
    h.administrator("second@example.com");
    let thief = h.loner("thief@example.com");
    let moved = h
        .patch(&h.ours, &user, "userName", &json!("thief@example.com"))
        .unwrap();
    assert_eq!(moved.account, thief.account);
    assert_eq!(moved.roles, Role::by_default(), "S24");
    assert!(h.sign_in(&ada).is_err(), "no membership any more");
    h.is_clean("S24");
}

#[test]
fn the_last_administrator_stays_whatever_scim_asks() {
    let h = house(Preset::Standard);
    let (_, user) = h.administrator(PERSON);
    let attempts = |user: &User| {
        [
            h.patch(&h.ours, user, "active", &json!(false)).map(drop),
            h.patch(&h.ours, user, "userName", &json!("new@example.com"))
                .map(drop),
            replace_inactive(&h, user).map(drop),
            h.delete(&h.ours, user),
        ]
    };
    let before = lines(&h.store);
    for refused in attempts(&user) {
        let Err(Error::Forbidden { detail }) = refused else {
            panic!("EVIL-46: {refused:?}")
        };
        assert!(
            detail.contains("only active administrator"),
            "EVIL-46: {detail}"
        );
    }
    assert_eq!(lines(&h.store), before, "EVIL-46");
    h.patch(&h.ours, &user, "displayName", &json!("Countess"))
        .expect("names may change");

    let (_, second) = h.administrator("second@example.com");
    h.patch(&h.ours, &user, "active", &json!(false))
        .expect("another one is there");
    for refused in attempts(&second) {
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "a deactivated one does not count"
        );
    }
    h.delete(&h.ours, &user)
        .expect("EVIL-46: not the last active one");
    h.is_clean("EVIL-46");
}

fn replace_inactive(h: &House, user: &User) -> Result<User> {
    let body = json!({ "schemas": [urn::USER], "userName": user.user_name(), "active": false });
    let (caller, id) = (h.ours.clone(), user.id.to_string());
    h.store
        .write(move |tx| users::replace(tx, &caller, &id, body, &IfMatch::default(), NOW))
}

/// A browser of this account.
fn signed_in(h: &House, account: Seq) -> Digest {
    let token = Digest([7; 32]);
    h.store
        .write(move |tx| {
            let session = Session {
                account: Some(account),
                state: serde_json::Map::new(),
                expires: NOW.plus(std::time::Duration::from_hours(1)),
                started: NOW,
                seen: NOW,
                stay: false,
                origin: crate::model::Origin::default(),
            };
            session_rows::put(tx, &token, &session)
        })
        .unwrap();
    token
}

fn is_signed_in(h: &House, token: &Digest) -> bool {
    let tx = h.store.read().unwrap();
    session_rows::find(&tx, token).unwrap().is_some()
}

#[test]
fn another_team_cannot_sign_an_administrator_out() {
    let h = house(Preset::Standard);
    let (ada, _) = h.administrator(PERSON);
    let token = signed_in(&h, ada.seq);
    let there = h.post(&h.theirs, &named(PERSON)).unwrap();
    h.patch(&h.theirs, &there, "active", &json!(false)).unwrap();
    assert!(is_signed_in(&h, &token), "deactivated there");
    h.delete(&h.theirs, &there).unwrap();
    assert!(is_signed_in(&h, &token), "deleted there");
}

#[test]
fn a_team_that_nobody_administers_is_open_to_the_operator() {
    let h = house(Preset::Standard);
    let (ada, _) = h.administrator(PERSON);
    h.post(&h.theirs, &named(PERSON)).unwrap();
    let entered = |chosen| {
        let tx = h.store.read().unwrap();
        accounts::signed_in(&tx, ada.seq, Some(chosen))
            .unwrap()
            .1
            .team
    };
    assert_eq!(entered(h.theirs.team), h.theirs.team);
    assert_eq!(entered(Seq(99)), h.ours.team, "there is no such team");
}

#[test]
fn deactivation_ends_sessions_and_sign_in_and_keeps_other_teams() {
    let h = house(Preset::Standard);
    let (ada, user) = h.administrator(PERSON);
    h.administrator("second@example.com");
    let there = h.post(&h.theirs, &named(PERSON)).unwrap();
    assert_eq!(h.sign_in(&ada), Ok(Seq(1)));
    let token = signed_in(&h, ada.seq);
    h.patch(&h.ours, &user, "active", &json!(false)).unwrap();
    assert_eq!(
        h.sign_in(&ada),
        Ok(h.theirs.team),
        "on the team that is left, and nowhere else"
    );
    assert!(is_signed_in(&h, &token), "signed in there as before");
    assert_eq!(
        h.find(&h.theirs, PERSON).unwrap(),
        there,
        "other teams are not touched"
    );
    h.delete(&h.theirs, &there).unwrap();
    assert!(!is_signed_in(&h, &token), "S25");
    assert_eq!(
        h.sign_in(&ada),
        Err("This account is deactivated. Enter a different email or username.".into())
    );
    h.patch(&h.ours, &user, "active", &json!(true)).unwrap();
    assert_eq!(h.sign_in(&ada), Ok(Seq(1)), "reactivated");
}

#[test]
fn an_administrator_is_a_member_whom_scim_finds_and_repair_brings_back() {
    let h = house(Preset::Standard);
    let made = h.post(&h.ours, &named(PERSON)).unwrap();
    let (ada, user) = h.administrator("ada@example.com");
    assert_eq!(
        (user.seq, user.account),
        (made.seq, ada.seq),
        "joined with the user of this name"
    );
    assert!(user.administers());
    h.administrator("second@example.com");
    h.patch(&h.ours, &user, "active", &json!(false)).unwrap();
    let (_, again) = h.administrator(PERSON);
    assert_eq!(again.id, user.id);
    assert!(again.administers(), "lock-out recovery");
    let tx = h.store.read().unwrap();
    assert_eq!(
        super::list_users(&tx, &h.ours, &Asked::default()).total,
        2,
        "all members of the team are listed"
    );
    h.is_clean("afterwards");
}

#[test]
fn a_key_stands_and_falls_with_its_author() {
    let h = house(Preset::Standard);
    let (ada, user) = h.administrator(PERSON);
    h.administrator("second@example.com");
    let member = Member::authenticated(h.ours.team, &ada, [Role::Admin].into());
    let plain = Plain::new("key-of-ada");
    let (value, options) = (plain.clone(), keys::KeyOptions::default());
    h.store
        .write(move |tx| keys::create(tx, &member.may().unwrap(), "Ada's", &value, &options, NOW))
        .unwrap();
    let ask = |key: &Plain| {
        let endpoints = super::Endpoints::default();
        keys::authenticate(&h.store.read().unwrap(), key, &endpoints, NOW)
    };
    ask(&plain).unwrap();
    h.patch(&h.ours, &user, "active", &json!(false)).unwrap();
    let Err(Error::Forbidden { detail }) = ask(&plain) else {
        panic!("the author is deactivated")
    };
    assert_eq!(
        detail,
        "Your API key was generated by a Team Admin who is no longer on your team. Use an API key \
         generated by a Team Admin."
    );
    ask(&Plain::new("key-1")).expect("keys of the command line have no author");
    h.patch(&h.ours, &user, "active", &json!(true)).unwrap();
    ask(&plain).unwrap();
    h.delete(&h.ours, &user).unwrap();
    assert!(
        matches!(ask(&plain), Err(Error::Forbidden { .. })),
        "the author left"
    );
}

#[test]
fn every_write_leaves_one_event_without_values() {
    let h = house(Preset::Standard);
    let member = h.member();
    let count = || {
        let tx = h.store.read().unwrap();
        audit::list(&tx, &h.member().may().unwrap(), None, 1_000).unwrap()
    };
    let known = count().len();
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    h.patch(&h.ours, &user, "title", &json!("secret-title"))
        .unwrap();
    h.patch(&h.ours, &user, "title", &json!("secret-title"))
        .unwrap();
    h.patch(&h.ours, &user, "active", &json!(false)).unwrap();
    let group = make_group(&h.store, &h.ours, "Crew").unwrap();
    let value = json!([{ "op": "add", "path": "members", "value": [{ "value": user.id }] }]);
    patch_group(&h.store, &h.ours, &group.id.to_string(), &value).unwrap();
    let (caller, id) = (h.ours.clone(), group.id.to_string());
    h.store
        .write(move |tx| groups::delete(tx, &caller, &id, &IfMatch::default(), NOW))
        .unwrap();
    h.delete(&h.ours, &user).unwrap();
    assert!(h.delete(&h.ours, &user).is_err(), "refused: no event");
    let changed = member.clone();
    h.store
        .write(move |tx| team::set_scim_enabled(tx, &changed.may().unwrap(), false, NOW))
        .unwrap();
    let events = count();
    let seen: Vec<(Operation, Outcome, Vec<&str>)> = events
        .iter()
        .rev()
        .skip(known)
        .map(|(_, e)| {
            (
                e.operation,
                e.outcome,
                e.attributes.iter().map(String::as_str).collect(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (
                Operation::UserCreate,
                Outcome::Joined,
                vec!["userName", "active"]
            ),
            (Operation::UserPatch, Outcome::Done, vec!["title"]),
            (Operation::UserPatch, Outcome::Unchanged, vec![]),
            (Operation::UserPatch, Outcome::Deactivated, vec!["active"]),
            (Operation::GroupCreate, Outcome::Done, vec!["displayName"]),
            (
                Operation::GroupPatch,
                Outcome::MembersAdded,
                vec!["members"]
            ),
            (Operation::GroupDelete, Outcome::Done, vec![]),
            (Operation::UserDelete, Outcome::Done, vec![]),
            (Operation::ScimTurnOff, Outcome::Done, vec![]),
        ]
    );
    assert_eq!(events[1].1.by, Actor::Key(h.ours.key));
    assert_eq!(events[1].1.target, user.id.to_string());
    assert_eq!(events[0].1.by, Actor::CommandLine);
    let tx = h.store.read().unwrap();
    let page = audit::list(&tx, &member.may().unwrap(), Some(events[1].0), 2).unwrap();
    assert_eq!(page, events[2..4], "newest first, a page at a time");
    let text: String = lines(&h.store)
        .into_iter()
        .filter(|line| line.starts_with("TEAM_AUDIT"))
        .collect();
    assert!(!text.contains("secret-title"), "{text}");
    let theirs = Member::of_this_process(h.theirs.team);
    assert!(
        audit::list(&tx, &theirs.may().unwrap(), None, 100)
            .unwrap()
            .iter()
            .all(|(_, event)| event.target.len() < 3 || event.target == sso::MOCK),
        "another team's record has nothing of it"
    );
}
