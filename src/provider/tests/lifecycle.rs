//! How people come into a team, stay in it and leave: the table of `provider::membership` under every
//! profile, and what hangs on a membership.

use serde_json::{Value, json};

use super::{NOW, lines, make_group, make_team, make_user, patch_group};
use crate::access::{AccountHolder, Member, ScimCaller};
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{
    Account, Actor, InviteState, MemberState, Operation, Outcome, Role, Session, User,
};
use crate::provider::{
    IfMatch, accounts, audit, domains, groups, invites, keys, query, team, users,
};

use crate::scim::{self, Endpoint, PatchRequest, Preset, urn};
use crate::secret::{Digest, PasswordHash, Plain};
use crate::store::{self, Store, accounts as account_rows, memberships, users as user_rows};

const PERSON: &str = "Ada@Example.com";

/// Two teams, and a caller of the first with this profile.
struct House {
    store: Store,
    ours: ScimCaller,
    theirs: ScimCaller,
}

fn as_preset(caller: ScimCaller, preset: Preset) -> ScimCaller {
    ScimCaller {
        endpoint: Endpoint::of(preset),
        ..caller
    }
}

fn house(preset: Preset) -> House {
    let store = Store::in_memory().unwrap();
    let (_, ours) = make_team(&store, "Ours", "key-1");
    let (_, theirs) = make_team(&store, "Theirs", "key-2");
    House {
        ours: as_preset(ours, preset),
        store,
        theirs,
    }
}

impl House {
    fn member(&self) -> Member {
        Member::of_this_process(self.ours.team)
    }

    fn post(&self, caller: &ScimCaller, body: &Value) -> Result<User> {
        let attributes = scim::resource::create(scim::user(), body.clone(), caller.rules())?;
        let caller = caller.clone();
        self.store
            .write(move |tx| users::create(tx, &caller, attributes, Nonce::random(), NOW))
    }

    fn patch(&self, caller: &ScimCaller, user: &User, path: &str, value: Value) -> Result<User> {
        let operations = json!([{ "op": "replace", "path": path, "value": value }]);
        let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
        let request = PatchRequest::parse(scim::user(), body, caller.rules())?;
        let (caller, id) = (caller.clone(), user.id.to_string());
        self.store
            .write(move |tx| users::patch(tx, &caller, &id, &request, &IfMatch::default(), NOW))
    }

    fn delete(&self, caller: &ScimCaller, user: &User) -> Result<()> {
        let (caller, id) = (caller.clone(), user.id.to_string());
        self.store
            .write(move |tx| users::delete(tx, &caller, &id, &IfMatch::default(), NOW))
    }

    fn verify(&self, domain: &'static str) {
        let member = self.member();
        self.store
            .write(move |tx| {
                domains::add(tx, &member, domain, NOW)?;
                domains::mark_verified(tx, &member, domain, NOW)
            })
            .unwrap();
    }

    /// Somebody who signs in by password and belongs to no team.
    fn loner(&self, name: &str) -> AccountHolder {
        let name = name.to_owned();
        self.store
            .write(move |tx| {
                let account = Account {
                    seq: account_rows::next_seq(tx)?,
                    sign_in_name: name,
                    name: "Loner".into(),
                    password: Some(hash()),
                    operator: false,
                    created: NOW,
                };
                account_rows::put(tx, &account)?;
                accounts::holder(tx, account.seq)
            })
            .unwrap()
    }

    fn administrator(&self, name: &str) -> (Account, User) {
        let name = name.to_owned();
        self.store
            .write(move |tx| {
                let nonce = Nonce::random();
                let account = accounts::upsert(tx, &name, "Administrator", hash(), nonce, NOW)?;
                let user = user_rows::find_by_user_name(tx, Seq(1), &name)?.unwrap();
                Ok::<_, Error>((account, user))
            })
            .unwrap()
    }

    fn find(&self, caller: &ScimCaller, name: &str) -> Option<User> {
        user_rows::find_by_user_name(&self.store.read().unwrap(), caller.team, name).unwrap()
    }

    fn has_account(&self, name: &str) -> bool {
        let tx = self.store.read().unwrap();
        account_rows::find_by_name(&tx, name).unwrap().is_some()
    }

    fn sign_in(&self, account: &Account) -> std::result::Result<Seq, String> {
        match accounts::signed_in(&self.store.read().unwrap(), account.seq, None) {
            Ok((_, member, _)) => Ok(member.team),
            Err(error) => Err(error.to_string()),
        }
    }

    fn is_clean(&self, what: &str) {
        assert_eq!(
            store::check(&self.store.read().unwrap()).unwrap(),
            [],
            "{what}"
        );
    }
}

/// Made without the work of hashing; it verifies nothing.
fn hash() -> PasswordHash {
    serde_json::from_value(json!("$argon2id$none")).unwrap()
}

fn named(name: &str) -> Value {
    json!({ "schemas": [urn::USER], "userName": name })
}

/// The outcome of a create in one word.
fn word(answer: &Result<User>) -> String {
    match answer {
        Ok(user) => match user.state() {
            MemberState::Active => "joins".into(),
            MemberState::Invited => "invited".into(),
            MemberState::Deactivated => "deactivated".into(),
        },
        Err(Error::Invalid(error)) => {
            let keyword = error.scim_type.map(|t| t.as_str()).unwrap_or_default();
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
                    .write(move |tx| invites::send(tx, &member, "ada@example.com", NOW))
                    .unwrap();
            },
            [joins, joins, taken, taken],
        ),
        (
            "H",
            |h| {
                let user = make_user(&h.store, &h.ours, PERSON).unwrap();
                h.patch(&h.ours, &user, "active", json!(false)).unwrap();
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
        .write(move |tx| invites::send(tx, &member, "eve@example.com", NOW))
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
    h.patch(&h.ours, &made, "active", json!(false)).unwrap();
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
fn an_invite_that_scim_sent_is_accepted_dismissed_or_revoked() {
    let answers: [(&str, fn(&House, &AccountHolder, Seq) -> Result<()>); 4] = [
        ("accept", |h, holder, invite| {
            let (holder, team) = (holder.clone(), h.ours.team);
            h.store
                .write(move |tx| invites::accept(tx, &holder, team, invite, Nonce::random(), NOW))
                .map(drop)
        }),
        ("dismiss", |h, holder, invite| {
            let (holder, team) = (holder.clone(), h.ours.team);
            h.store
                .write(move |tx| invites::dismiss(tx, &holder, team, invite, NOW))
                .map(drop)
        }),
        ("revoke", |h, _, invite| {
            let member = h.member();
            h.store
                .write(move |tx| invites::revoke(tx, &member, invite, NOW))
                .map(drop)
        }),
        ("delete", |h, _, _| {
            let user = h.find(&h.ours, PERSON).unwrap();
            h.delete(&h.ours, &user)
        }),
    ];
    for (what, answer) in answers {
        let h = house(Preset::Postman);
        let holder = h.loner("ada@example.com");
        let stranger = h.loner("eve@example.com");
        let user = h.post(&h.ours, &named(PERSON)).unwrap();
        let invite = user.invite.expect("row E");
        for refused in [
            accept_as(&h, &stranger, invite),
            dismiss_as(&h, &stranger, invite),
        ] {
            assert!(
                matches!(refused, Err(Error::NotFound { .. })),
                "{what}: somebody else's"
            );
        }
        answer(&h, &holder, invite).unwrap();
        let state = h.find(&h.ours, PERSON).map(|user| user.state());
        let expected = (what == "accept").then_some(MemberState::Active);
        assert_eq!(state, expected, "{what}");
        let settled = invites::get(&h.store.read().unwrap(), &h.member(), invite).unwrap();
        let expected = match what {
            "accept" => InviteState::Accepted,
            "dismiss" => InviteState::Dismissed,
            _ => InviteState::Revoked,
        };
        assert_eq!(
            (settled.state, settled.settled),
            (expected, Some(NOW)),
            "{what}"
        );
        assert!(
            matches!(accept_as(&h, &holder, invite), Err(Error::Conflict { .. })),
            "{what}: an invite is answered once"
        );
        h.is_clean(what);
    }
}

fn accept_as(h: &House, holder: &AccountHolder, invite: Seq) -> Result<User> {
    let (holder, team) = (holder.clone(), h.ours.team);
    h.store
        .write(move |tx| invites::accept(tx, &holder, team, invite, Nonce::random(), NOW))
}

fn dismiss_as(h: &House, holder: &AccountHolder, invite: Seq) -> Result<User> {
    let (holder, team) = (holder.clone(), h.ours.team);
    h.store
        .write(move |tx| invites::dismiss(tx, &holder, team, invite, NOW))?;
    unreachable!("somebody else's invite was dismissed")
}

#[test]
fn an_invite_sent_by_hand_makes_a_member_when_it_is_accepted() {
    let h = house(Preset::Standard);
    let holder = h.loner("ada@example.com");
    let send = |email: &str| {
        let (member, email) = (h.member(), email.to_owned());
        h.store
            .write(move |tx| invites::send(tx, &member, &email, NOW))
    };
    assert!(matches!(
        send("ada"),
        Err(Error::Field { field: "email", .. })
    ));
    let invite = send(PERSON).unwrap();
    assert!(h.find(&h.ours, PERSON).is_none(), "nobody yet");
    assert!(
        matches!(send("ADA@example.com"), Err(Error::Conflict { .. })),
        "pending"
    );
    let user = accept_as(&h, &holder, invite.seq).unwrap();
    assert_eq!(
        (user.state(), user.account),
        (MemberState::Active, holder.account)
    );
    assert!(
        matches!(send(PERSON), Err(Error::Conflict { .. })),
        "a member"
    );
    assert_eq!(
        invites::list(&h.store.read().unwrap(), &h.member())
            .unwrap()
            .len(),
        1
    );

    send("bob@example.com").unwrap();
    h.post(&h.ours, &named("bob@example.com")).unwrap();
    let newest = &invites::list(&h.store.read().unwrap(), &h.member()).unwrap()[0];
    assert_eq!(
        newest.state,
        InviteState::Accepted,
        "G in standard: settled by joining"
    );
    h.is_clean("afterwards");
}

#[test]
fn an_invited_person_who_was_deactivated_cannot_accept_until_reactivated() {
    let h = house(Preset::Postman);
    let holder = h.loner("ada@example.com");
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    let invite = user.invite.unwrap();
    h.patch(&h.ours, &user, "active", json!(false)).unwrap();
    assert!(matches!(
        accept_as(&h, &holder, invite),
        Err(Error::Conflict { .. })
    ));
    let user = h.patch(&h.ours, &user, "active", json!(true)).unwrap();
    assert_eq!(user.state(), MemberState::Invited);
    accept_as(&h, &holder, invite).unwrap();
    h.is_clean("afterwards");
}

#[test]
fn who_was_only_invited_is_put_into_groups_where_the_profile_allows_it() {
    let h = house(Preset::Postman);
    h.loner("ada@example.com");
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    let group = make_group(&h.store, &h.ours, "Crew").unwrap();
    let value = json!([{ "op": "add", "path": "members", "value": [{ "value": user.id }] }]);
    let refused = patch_group(&h.store, &h.ours, &group.id.to_string(), &value).unwrap_err();
    let Error::Refused(error) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (error.status, error.scim_type),
        (400, Some(scim::ScimType::InvalidValue))
    );
    assert!(
        error.detail.contains(&user.id.to_string()),
        "{}",
        error.detail
    );
    let standard = as_preset(h.ours.clone(), Preset::Standard);
    patch_group(&h.store, &standard, &group.id.to_string(), &value).unwrap();
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
        let answer = h.patch(&h.ours, &user, "userName", json!(value));
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
        .patch(&h.ours, &ada, "userName", json!("BOB@example.com"))
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
fn roles_given_by_hand_stay_with_the_account_they_were_given_to() {
    let h = house(Preset::Standard);
    let (ada, user) = h.administrator(PERSON);
    h.administrator("second@example.com");
    let thief = h.loner("thief@example.com");
    let moved = h
        .patch(&h.ours, &user, "userName", json!("thief@example.com"))
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
            h.patch(&h.ours, user, "active", json!(false)).map(drop),
            h.patch(&h.ours, user, "userName", json!("new@example.com"))
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
    h.patch(&h.ours, &user, "displayName", json!("Countess"))
        .expect("names may change");

    let (_, second) = h.administrator("second@example.com");
    h.patch(&h.ours, &user, "active", json!(false))
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

#[test]
fn deactivation_ends_sessions_and_sign_in_and_keeps_other_teams() {
    let h = house(Preset::Standard);
    let (ada, user) = h.administrator(PERSON);
    h.administrator("second@example.com");
    let there = h.post(&h.theirs, &named(PERSON)).unwrap();
    assert_eq!(h.sign_in(&ada), Ok(Seq(1)));
    let (token, account) = (Digest([7; 32]), ada.seq);
    h.store
        .write(move |tx| {
            let session = Session {
                account: Some(account),
                state: serde_json::Map::new(),
                expires: NOW.plus(std::time::Duration::from_hours(1)),
            };
            account_rows::put_session(tx, &token, &session)
        })
        .unwrap();
    h.patch(&h.ours, &user, "active", json!(false)).unwrap();
    let tx = h.store.read().unwrap();
    assert!(
        account_rows::find_session(&tx, &token).unwrap().is_none(),
        "S25"
    );
    assert_eq!(
        h.sign_in(&ada),
        Err("This account is deactivated. Enter a different email or username.".into())
    );
    assert_eq!(
        h.find(&h.theirs, PERSON).unwrap(),
        there,
        "other teams are not touched"
    );
    h.patch(&h.ours, &user, "active", json!(true)).unwrap();
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
    h.patch(&h.ours, &user, "active", json!(false)).unwrap();
    let (_, again) = h.administrator(PERSON);
    assert_eq!(again.id, user.id);
    assert!(again.administers(), "lock-out recovery");
    let tx = h.store.read().unwrap();
    let all = super::list_users(&tx, &h.ours, &query::Asked::default());
    assert_eq!(all.total, 2, "all members of the team are listed");
    h.is_clean("afterwards");
}

#[test]
fn a_key_stands_and_falls_with_its_author() {
    let h = house(Preset::Standard);
    let (ada, user) = h.administrator(PERSON);
    h.administrator("second@example.com");
    let member = Member::authenticated(h.ours.team, &ada);
    let plain = Plain::new("key-of-ada");
    let (value, options) = (plain.clone(), keys::KeyOptions::default());
    h.store
        .write(move |tx| keys::create(tx, &member, "Ada's", &value, &options, NOW))
        .unwrap();
    let ask = |key: &Plain| {
        let endpoints = super::Endpoints::default();
        keys::authenticate(&h.store.read().unwrap(), key, &endpoints, NOW)
    };
    ask(&plain).unwrap();
    h.patch(&h.ours, &user, "active", json!(false)).unwrap();
    let Err(Error::Forbidden { detail }) = ask(&plain) else {
        panic!("the author is deactivated")
    };
    assert_eq!(
        detail,
        "Your API key was generated by a Team Admin who is no longer on your team. Use an API key \
         generated by a Team Admin."
    );
    ask(&Plain::new("key-1")).expect("keys of the command line have no author");
    h.patch(&h.ours, &user, "active", json!(true)).unwrap();
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
        audit::list(&tx, &h.member(), None, 1_000).unwrap()
    };
    let known = count().len();
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    h.patch(&h.ours, &user, "title", json!("secret-title"))
        .unwrap();
    h.patch(&h.ours, &user, "title", json!("secret-title"))
        .unwrap();
    h.patch(&h.ours, &user, "active", json!(false)).unwrap();
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
        .write(move |tx| team::set_scim_enabled(tx, &changed, false, NOW))
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
            (Operation::GroupPatch, Outcome::Done, vec!["members"]),
            (Operation::GroupDelete, Outcome::Done, vec![]),
            (Operation::UserDelete, Outcome::Done, vec![]),
            (Operation::ScimTurnOff, Outcome::Done, vec![]),
        ]
    );
    assert_eq!(events[1].1.by, Actor::Key(h.ours.key));
    assert_eq!(events[1].1.target, user.id.to_string());
    assert_eq!(events[0].1.by, Actor::CommandLine);
    let tx = h.store.read().unwrap();
    let page = audit::list(&tx, &member, Some(events[1].0), 2).unwrap();
    assert_eq!(page, events[2..4], "newest first, a page at a time");
    let text: String = lines(&h.store)
        .into_iter()
        .filter(|line| line.starts_with("TEAM_AUDIT"))
        .collect();
    assert!(
        !text.contains("secret-title") && !text.contains("Crew"),
        "{text}"
    );
    let theirs = Member::of_this_process(h.theirs.team);
    assert!(
        audit::list(&tx, &theirs, None, 100)
            .unwrap()
            .iter()
            .all(|(_, event)| event.target.is_empty() || event.target.len() < 3),
        "another team's record has nothing of it"
    );
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
