//! How people come into a team, change their name and leave: the table of `provider::membership` under
//! every profile.

use serde_json::json;

use super::{NOW, lines, make_group, make_user, patch_group};
use crate::error::{Error, Result};
use crate::model::{MemberState, Role, User};
use crate::provider::{IfMatch, accounts, users};

use crate::scim::{self, Preset, urn};
use crate::store::{accounts as account_rows, memberships};

use super::house::{House, PERSON, house, invite, named};

/// The outcome of a create in one word.
fn word(answer: &Result<User>) -> String {
    match answer {
        Ok(user) => match user.state() {
            MemberState::Active => "joins".into(),
            MemberState::Invited => "invited".into(),
            MemberState::Deactivated => "deactivated".into(),
        },
        Err(Error::Invalid(error) | Error::Refused(error)) => {
            let keyword = error
                .scim_type
                .map(scim::ScimType::as_str)
                .unwrap_or_default();
            format!("{} {keyword}", error.status)
        }
        Err(other) => format!("{other:?}"),
    }
}

#[test]
fn the_table_of_creates_holds_in_every_profile() {
    type Prepare = fn(&House);
    let other_team: Prepare = |h| {
        make_user(&h.store, &h.theirs, "ada@example.COM").unwrap();
    };
    let loner: Prepare = |h| {
        h.loner("ada@example.com");
    };
    let (joins, invited, taken) = ("joins", "invited", "409 uniqueness");
    // What exists before; the outcome in standard, strict, postman and postman-2022.
    let rows: [(&str, Prepare, [&str; 4]); 9] = [
        ("A", |_| {}, [joins; 4]),
        (
            "B",
            |h| {
                make_user(&h.store, &h.ours, "ADA@example.com").unwrap();
            },
            [taken; 4],
        ),
        ("C", loner, [joins, joins, joins, invited]),
        ("D", other_team, [joins, joins, joins, invited]),
        ("E", loner, [joins, joins, invited, invited]),
        ("F", other_team, [joins, joins, "409 ", invited]),
        (
            "G",
            |h| {
                let member = h.member();
                h.store
                    .write(move |tx| invite(tx, &member, "ada@example.com"))
                    .unwrap();
            },
            [joins, joins, taken, taken],
        ),
        (
            "H",
            |h| {
                let user = make_user(&h.store, &h.ours, PERSON).unwrap();
                h.patch(&h.ours, &user, "active", &json!(false)).unwrap();
            },
            [taken; 4],
        ),
        ("I", |_| {}, ["deactivated"; 4]),
    ];
    for (row, prepare, outcomes) in rows {
        for (preset, outcome) in Preset::ALL.into_iter().zip(outcomes) {
            let what = format!("row {row}, {}", preset.as_str());
            let house = house(preset);
            prepare(&house);
            if matches!(row, "C" | "D") {
                house.verify("example.com");
            }
            let before = lines(&house.store);
            let mut body = named(PERSON);
            body["active"] = json!(row != "I");
            let answer = house.post(&house.ours, &body);
            assert_eq!(word(&answer), outcome, "{what}");
            house.is_clean(&what);
            let Ok(user) = answer else {
                assert_eq!(
                    lines(&house.store),
                    before,
                    "{what}: nothing is left behind"
                );
                continue;
            };
            assert_eq!(user.active(), row != "I", "{what}: what the client sees");
            assert_eq!(user.roles, Role::by_default(), "{what}");
            assert_eq!(user.user_name(), PERSON, "{what}: as sent");
            let again = house.post(&house.ours, &named("ada@EXAMPLE.com"));
            assert_eq!(word(&again), taken, "{what}: then row B");
        }
    }
}

#[test]
fn postman_says_it_in_its_own_words_and_names_the_invite_in_the_way() {
    let detail = |answer: Result<User>| answer.unwrap_err().to_string();
    let h = house(Preset::Postman);
    h.post(&h.ours, &named(PERSON)).unwrap();
    assert_eq!(
        detail(h.post(&h.ours, &named(PERSON))),
        "This person is already a member of the team."
    );
    make_user(&h.store, &h.theirs, "bob@contoso.example").unwrap();
    let refused = detail(h.post(&h.ours, &named("bob@contoso.example")));
    assert!(refused.contains("belongs to another team"), "{refused}");
    assert!(!refused.contains("Theirs"), "no name of a team: {refused}");
    let member = h.member();
    h.store
        .write(move |tx| invite(tx, &member, "eve@example.com"))
        .unwrap();
    let refused = detail(h.post(&h.ours, &named("EVE@example.com")));
    assert!(
        refused.starts_with("eve@example.com has a pending invite"),
        "{refused}"
    );
    assert!(refused.contains("Revoke the invite"), "{refused}");
}

#[test]
fn a_deactivated_member_comes_back_on_create_where_the_switch_says_so() {
    let mut h = house(Preset::Standard);
    let mut endpoint = (*h.ours.endpoint).clone();
    endpoint.profile.service.reactivate_on_create = true;
    h.ours.endpoint = endpoint.into();
    let made = h.post(&h.ours, &named(PERSON)).unwrap();
    let group = make_group(&h.store, &h.ours, "Crew").unwrap();
    let value = json!([{ "op": "add", "path": "members", "value": [{ "value": made.id }] }]);
    patch_group(&h.store, &h.ours, &group.id.to_string(), &value).unwrap();
    h.patch(&h.ours, &made, "active", &json!(false)).unwrap();
    let mut body = named("ada@example.com");
    body["active"] = json!(false);
    assert_eq!(
        word(&h.post(&h.ours, &body)),
        "409 uniqueness",
        "H: not asked to be active"
    );
    let back = h.post(&h.ours, &named("ada@example.com")).unwrap();
    assert_eq!(
        (back.id, back.account),
        (made.id, made.account),
        "H: the same user"
    );
    assert_eq!(back.state(), MemberState::Active, "H");
    let tx = h.store.read().unwrap();
    assert_eq!(
        users::groups_of(&tx, h.ours.team, back.seq).unwrap().len(),
        1,
        "H: data is kept"
    );
    h.is_clean("H");
}

#[test]
fn an_account_goes_with_its_last_membership_unless_somebody_signs_in_with_it() {
    let h = house(Preset::Standard);
    let here = h.post(&h.ours, &named(PERSON)).unwrap();
    let there = h.post(&h.theirs, &named("ada@example.com")).unwrap();
    assert_eq!(here.account, there.account, "one person, two teams");
    h.delete(&h.ours, &here).unwrap();
    assert!(h.has_account(PERSON));
    assert_eq!(
        h.find(&h.theirs, PERSON).unwrap(),
        there,
        "another team is not touched"
    );
    h.delete(&h.theirs, &there).unwrap();
    assert!(!h.has_account(PERSON));
    let again = h.post(&h.ours, &named(PERSON)).unwrap();
    assert_ne!(again.id, here.id, "row A again");

    h.loner("bob@example.com");
    let bob = h.post(&h.ours, &named("bob@example.com")).unwrap();
    h.delete(&h.ours, &bob).unwrap();
    assert!(h.has_account("bob@example.com"), "has a password");
    h.is_clean("afterwards");
}

#[test]
fn a_user_name_changes_as_the_profile_says() {
    let sentence = |answer: Result<User>| match answer {
        Ok(user) => user.user_name().to_owned(),
        Err(error) => error.to_string(),
    };
    let verified = "lovelace@example.com";
    for (preset, value, outcome) in [
        (Preset::Standard, "lovelace", "lovelace"),
        (
            Preset::Standard,
            "lovelace@other.example",
            "lovelace@other.example",
        ),
        (
            Preset::Postman,
            "lovelace",
            "Unable to update the username for this user. - Please provide a valid email",
        ),
        (
            Preset::Postman,
            "lovelace@other.example",
            "Unable to update the username for this user. - Domain is not verified",
        ),
        (Preset::Postman, verified, verified),
        (Preset::Postman, "ADA@example.COM", "ADA@example.COM"),
        (
            Preset::Postman,
            "taken@example.com",
            "This person is already a member of the team.",
        ),
        (Preset::Postman2022, verified, PERSON),
    ] {
        let h = house(preset);
        h.verify("example.com");
        let user = h.post(&h.ours, &named(PERSON)).unwrap();
        h.post(&h.ours, &named("taken@example.com")).unwrap();
        let answer = h.patch(&h.ours, &user, "userName", &json!(value));
        assert_eq!(sentence(answer), outcome, "{preset:?} {value}");
        h.is_clean(value);
    }
}

#[test]
fn a_new_user_name_is_a_membership_of_another_account_and_takes_nobodys_over() {
    let h = house(Preset::Standard);
    let ada = h.post(&h.ours, &named(PERSON)).unwrap();
    let bob = h.post(&h.theirs, &named("bob@example.com")).unwrap();
    let moved = h
        .patch(&h.ours, &ada, "userName", &json!("BOB@example.com"))
        .unwrap();
    assert_eq!(moved.account, bob.account, "S23");
    assert_eq!(
        h.find(&h.theirs, "bob@example.com").unwrap(),
        bob,
        "S23: not touched"
    );
    assert!(!h.has_account(PERSON), "it was nothing but this membership");
    let tx = h.store.read().unwrap();
    let account = account_rows::find(&tx, bob.account).unwrap().unwrap();
    assert_eq!(
        account.sign_in_name, "bob@example.com",
        "S23: accounts are never renamed"
    );
    assert_eq!(memberships::of_account(&tx, bob.account).unwrap().len(), 2);
    h.is_clean("S23");
}

#[test]
fn nothing_may_be_renamed_where_names_are_kept() {
    let h = house(Preset::Postman2022);
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    let body = json!({ "schemas": [urn::USER], "userName": "other@example.com", "name": { "givenName": "A" } });
    let (caller, id) = (h.ours.clone(), user.id.to_string());
    let kept = h
        .store
        .write(move |tx| users::replace(tx, &caller, &id, body, &IfMatch::default(), NOW))
        .unwrap();
    assert_eq!(kept.user_name(), PERSON);
    assert_eq!(kept.attributes["name"]["givenName"], "A");
}

#[test]
fn names_that_differ_in_outer_spaces_are_two_people() {
    let h = house(Preset::Standard);
    for (name, other) in [("ada@x", " ada@x"), ("bob@x ", "bob@x")] {
        let first = h.post(&h.ours, &named(name)).unwrap();
        let second = h.post(&h.ours, &named(other)).unwrap();
        assert_ne!(first.account, second.account, "{name:?} {other:?}");
        h.is_clean(other);
        h.delete(&h.ours, &second).unwrap();
        h.is_clean(name);
        assert_eq!(h.find(&h.ours, name).unwrap(), first);
        assert!(h.has_account(name) && !h.has_account(other));
    }
    // A person who types has none of them.
    let tx = h.store.read().unwrap();
    let typed = accounts::find_by_email(&tx, " Ada@x\t").unwrap();
    assert_eq!(typed.unwrap().sign_in_name, "ada@x");
}
