//! What people do to members and groups in the console, and what SCIM may not do to groups of Super Admins.

mod authority;
mod user_groups;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::user_groups::appoint;
use super::house::{House, hash, house, named};
use super::{NOW, make_group, patch_group};
use crate::access::{Member, ScimCaller};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId};
use crate::model::{Account, Group, MemberState, Meta, Operation, Outcome, Role, User};
use crate::provider::by_hand::estate::Heir;
use crate::provider::by_hand::groups::{self as by_hand, Seen, entrusted};
use crate::provider::by_hand::roles::{Update, update_of_group, update_of_member};
use crate::provider::by_hand::{has_super_admin, members};
use crate::provider::keys::KeyOptions;
use crate::provider::roster::{self, Holders, Order, Search};
use crate::provider::{Endpoints, IfMatch, accounts, audit, groups, keys};
use crate::scim::{Preset, urn};
use crate::secret::Plain;
use crate::store::{
    Reads as _, Write, accounts as account_rows, groups as group_rows, users as user_rows,
};

const LATER: Timestamp = Timestamp::from_millis(1_700_000_060_000);

fn roles(letters: &str) -> BTreeSet<Role> {
    letters
        .chars()
        .map(|letter| match letter {
            'S' => Role::SuperAdmin,
            'A' => Role::Admin,
            'B' => Role::Billing,
            'D' => Role::Developer,
            other => panic!("no role {other}"),
        })
        .collect()
}

fn write<T: Send + 'static>(
    h: &House,
    work: impl FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    h.store.write(work)
}

/// Somebody on the first team who can sign in, with these roles.
fn join(h: &House, name: &str, letters: &str) -> User {
    let (team, name, held) = (h.ours.team, name.to_owned(), roles(letters));
    write(h, move |tx| {
        let account = Account {
            seq: account_rows::next_seq(tx)?,
            sign_in_name: format!("{name}@example.com"),
            name,
            password: Some(hash()),
            operator: false,
            created: NOW,
        };
        account_rows::put(tx, &account)?;
        let seq = user_rows::next_seq(tx, team)?;
        let user = User {
            seq,
            id: ScimId::new(tx.mix(), seq, Nonce::random()),
            meta: Meta::new(NOW),
            attributes: account.as_attributes(),
            account: account.seq,
            roles: held,
            invite: None,
            written_by_scim: None,
        };
        user_rows::put(tx, team, &user)?;
        Ok(user)
    })
    .unwrap()
}

/// The proof that this person is signed in, with the roles of this moment.
fn signed_in(h: &House, user: &User) -> Member {
    let tx = h.store.read().unwrap();
    accounts::signed_in(&tx, user.account, None).unwrap().1
}

fn now_is(h: &House, user: &User) -> User {
    let tx = h.store.read().unwrap();
    user_rows::find(&tx, h.ours.team, user.seq)
        .unwrap()
        .unwrap()
}

fn group_now(h: &House, group: &Group) -> Group {
    let tx = h.store.read().unwrap();
    group_rows::find(&tx, h.ours.team, group.seq)
        .unwrap()
        .unwrap()
}

fn update(h: &House, by: &User, whom: &User, before: &str, after: &str) -> Result<Outcome> {
    let (by, id) = (signed_in(h, by), whom.id.to_string());
    let update = Update {
        before: roles(before),
        after: roles(after),
    };
    write(h, move |tx| {
        let (_, outcome) = update_of_member(tx, &by.may()?, &id, &update, LATER)?;
        Ok(outcome)
    })
}

fn update_group(h: &House, by: &User, group: &Group, before: &str, after: &str) -> Result<Group> {
    let (by, id) = (signed_in(h, by), group.id.to_string());
    let update = Update {
        before: roles(before),
        after: roles(after),
    };
    write(h, move |tx| {
        let (group, _) = update_of_group(tx, &by.may()?, &id, &update, LATER)?;
        Ok(group)
    })
}

fn new_group(h: &House, by: &User, name: &str) -> Result<Group> {
    let (by, name) = (signed_in(h, by), name.to_owned());
    write(h, move |tx| {
        by_hand::create(tx, &by.may()?, &name, "", Nonce::random(), NOW)
    })
}

fn put_in(h: &House, by: &User, group: &Group, whom: &User) -> Result<Outcome> {
    let (by, group, id) = (signed_in(h, by), group.id.to_string(), whom.id.to_string());
    write(h, move |tx| {
        let entrusted = entrusted(tx, &by.may()?, &group)?;
        let (_, outcome) = by_hand::add_member(tx, entrusted, &id, LATER)?;
        Ok(outcome)
    })
}

fn take_out(h: &House, by: &User, group: &Group, whom: &User) -> Result<Outcome> {
    let (by, group, id) = (signed_in(h, by), group.id.to_string(), whom.id.to_string());
    write(h, move |tx| {
        let entrusted = entrusted(tx, &by.may()?, &group)?;
        let (_, outcome) = by_hand::remove_member(tx, entrusted, &id, LATER)?;
        Ok(outcome)
    })
}

fn detail(refused: Result<impl std::fmt::Debug>) -> String {
    match refused {
        Err(
            Error::Forbidden { detail }
            | Error::Conflict { detail, .. }
            | Error::Field { detail, .. },
        ) => detail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn roles_are_given_by_those_who_may_and_only_over_what_was_shown() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "D");
    assert!(update(&h, &dev, &dev, "D", "AD").is_err());
    assert_eq!(update(&h, &admin, &dev, "D", "BD").unwrap(), Outcome::Done);
    assert_eq!(
        update(&h, &admin, &dev, "D", "BD").unwrap(),
        Outcome::Unchanged,
        "a double submit does nothing twice"
    );
    let stale = detail(update(&h, &admin, &dev, "D", "AD"));
    assert!(
        stale.contains("changed after this page was drawn"),
        "{stale}"
    );
    assert_eq!(now_is(&h, &dev).roles, roles("BD"));
    assert_eq!(now_is(&h, &dev).meta, dev.meta, "SCIM shows no roles");
    let none = detail(update(&h, &admin, &dev, "BD", ""));
    assert!(none.contains("at least one role"), "{none}");
    let tx = h.store.read().unwrap();
    let by = signed_in(&h, &admin);
    let trail = audit::of_person(&tx, &by.may().unwrap(), &dev, 10).unwrap();
    let messages: Vec<_> = trail
        .events
        .iter()
        .map(|(_, event)| event.message())
        .collect();
    assert_eq!(messages, ["admin changed the roles of dev: gave Billing."]);
    h.is_clean("roles");
}

#[test]
fn the_first_super_admin_is_appointed_by_any_admin_and_further_ones_by_super_admins() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let other = join(&h, "other", "AD");
    update(&h, &admin, &other, "AD", "SD").unwrap();
    let tx = h.store.read().unwrap();
    assert!(has_super_admin(&tx, h.ours.team).unwrap());
    let refused = detail(update(&h, &admin, &admin, "AD", "SAD"));
    assert!(refused.contains("only Super Admins can give"), "{refused}");
    let refused = detail(update(&h, &admin, &other, "SD", "D"));
    assert!(refused.contains("Only Super Admins can take"), "{refused}");
    update(&h, &other, &admin, "AD", "SAD").unwrap();
    update(&h, &other, &other, "SD", "D").unwrap();
    let only = detail(update(&h, &admin, &admin, "SAD", "D"));
    assert!(only.contains("only active administrator"), "{only}");
}

#[test]
fn a_super_admin_through_a_group_counts_as_one() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "D");
    let crew = new_group(&h, &admin, "Crew").unwrap();
    let held = update_group(&h, &admin, &crew, "D", "SD").unwrap();
    assert!(held.managers.is_empty(), "such groups have no managers");
    let exists = || has_super_admin(&h.store.read().unwrap(), h.ours.team).unwrap();
    assert!(!exists(), "nobody is in it");
    // While nobody is a Super Admin, Admins still may not fill the group: it would make one past the rule.
    assert!(put_in(&h, &admin, &crew, &dev).is_err());
    update(&h, &admin, &admin, "AD", "SAD").unwrap();
    put_in(&h, &admin, &crew, &dev).unwrap();
    update(&h, &admin, &admin, "SAD", "AD").unwrap();
    assert!(exists(), "dev is, through the group");
    let refused = detail(update(&h, &admin, &admin, "AD", "SAD"));
    assert!(refused.contains("only Super Admins"), "{refused}");
    assert!(take_out(&h, &admin, &crew, &dev).is_err());
    let removed = detail(remove(&h, &admin, &dev, None));
    assert!(removed.contains("Only Super Admins"), "{removed}");
    update(&h, &dev, &admin, "AD", "SAD").unwrap();
    take_out(&h, &admin, &crew, &dev).unwrap();
}

#[test]
fn a_team_has_two_support_users_at_most() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "SAD");
    let people: Vec<_> = ["a", "b", "c"].iter().map(|n| join(&h, n, "D")).collect();
    update(&h, &admin, &people[0], "D", "A").unwrap();
    update(&h, &admin, &people[1], "D", "AB").unwrap();
    let third = detail(update(&h, &admin, &people[2], "D", "B"));
    assert!(third.contains("2 people"), "{third}");
    // One more change of somebody who is one already, and somebody who takes a seat anyhow.
    update(&h, &admin, &people[1], "AB", "B").unwrap();
    update(&h, &admin, &people[2], "D", "BD").unwrap();
    // Developer through a group takes a seat.
    let crew = new_group(&h, &admin, "Crew").unwrap();
    put_in(&h, &admin, &crew, &people[0]).unwrap();
    update(&h, &admin, &people[2], "BD", "B").unwrap();
}

fn remove(h: &House, by: &User, whom: &User, heir: Option<&str>) -> Result<members::Removed> {
    let (by, id) = (signed_in(h, by), whom.id.to_string());
    let heir = heir.map(|name| Heir(format!("{name}@example.com")));
    write(h, move |tx| {
        members::remove(tx, &by.may()?, &id, heir.as_ref(), LATER)
    })
}

fn bar(h: &House, by: &User, whom: &User) -> Result<Outcome> {
    let (by, id) = (signed_in(h, by), whom.id.to_string());
    write(h, move |tx| {
        Ok(members::deactivate(tx, &by.may()?, &id, LATER)?.1)
    })
}

fn readmit(h: &House, by: &User, whom: &User) -> Result<Outcome> {
    let (by, id) = (signed_in(h, by), whom.id.to_string());
    write(h, move |tx| {
        Ok(members::reactivate(tx, &by.may()?, &id, LATER)?.1)
    })
}

#[test]
fn a_deactivated_member_comes_back_with_roles_and_groups() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "BD");
    let crew = new_group(&h, &admin, "Crew").unwrap();
    put_in(&h, &admin, &crew, &dev).unwrap();
    assert_eq!(bar(&h, &admin, &dev).unwrap(), Outcome::Deactivated);
    assert_eq!(bar(&h, &admin, &dev).unwrap(), Outcome::Unchanged);
    let barred = now_is(&h, &dev);
    assert_eq!(barred.state(), MemberState::Deactivated);
    assert_eq!(barred.meta, dev.meta.changed(LATER), "SCIM sees the change");
    let tx = h.store.read().unwrap();
    assert!(accounts::signed_in(&tx, dev.account, None).is_err());
    drop(tx);
    assert_eq!(readmit(&h, &admin, &dev).unwrap(), Outcome::Reactivated);
    assert_eq!(readmit(&h, &admin, &dev).unwrap(), Outcome::Unchanged);
    let back = now_is(&h, &dev);
    assert_eq!(
        (back.state(), back.roles),
        (MemberState::Active, roles("BD"))
    );
    assert_eq!(group_now(&h, &crew).member_count, 1);
    let last = detail(bar(&h, &admin, &admin));
    assert!(last.contains("only active administrator"), "{last}");
    assert!(bar(&h, &dev, &admin).is_err(), "Developers bar nobody");
    let invited = h
        .post(
            &super::house::as_preset(h.ours.clone(), Preset::Postman),
            &named("dev@example.com"),
        )
        .map(drop);
    assert!(invited.is_err(), "on the team already");
    h.is_clean("deactivated");
}

#[test]
fn nobody_but_a_super_admin_removes_or_bars_one_and_the_last_administrator_stays() {
    let h = house(Preset::Standard);
    let boss = join(&h, "boss", "S");
    let admin = join(&h, "admin", "AD");
    for refused in [
        remove(&h, &admin, &boss, None).map(drop),
        bar(&h, &admin, &boss).map(drop),
    ] {
        let detail = detail(refused);
        assert!(detail.contains("Only Super Admins"), "{detail}");
    }
    remove(&h, &boss, &admin, None).unwrap();
    let last = detail(remove(&h, &boss, &boss, None));
    assert!(last.contains("only active administrator"), "{last}");
    assert!(h.has_account("admin@example.com"), "the account lives on");
    assert_eq!(h.find(&h.ours, "admin@example.com"), None);
    h.is_clean("removed");
}

/// A key that this person generates.
fn key_of(h: &House, by: &User, text: &'static str) -> ScimCaller {
    let by = signed_in(h, by);
    write(h, move |tx| {
        let plain = Plain::new(text);
        keys::create(tx, &by.may()?, text, &plain, &KeyOptions::default(), NOW)
    })
    .unwrap();
    caller(h, text).unwrap()
}

fn caller(h: &House, text: &'static str) -> Result<ScimCaller> {
    let tx = h.store.read().unwrap();
    keys::authenticate(&tx, &Plain::new(text), &Endpoints::default(), LATER)
}

#[test]
fn what_somebody_held_goes_to_the_heir_or_stops() {
    let h = house(Preset::Standard);
    let boss = join(&h, "boss", "S");
    let admin = join(&h, "admin", "AD");
    let leaver = join(&h, "leaver", "AD");
    let dev = join(&h, "dev", "D");
    let billing = join(&h, "billing", "B");
    let crew = new_group(&h, &leaver, "Crew").unwrap();
    assert_eq!(crew.managers, BTreeSet::from([leaver.seq]), "its creator");
    key_of(&h, &leaver, "okta");
    for (heir, why) in [
        ("nobody", "Nobody else on the team"),
        ("leaver", "Nobody else on the team"),
        ("dev", "not an administrator"),
        ("billing", "without the Developer role"),
        ("boss", "Only a Super Admin can hand"),
    ] {
        let detail = detail(remove(&h, &admin, &leaver, Some(heir)));
        assert!(detail.contains(why), "{heir}: {detail}");
    }
    assert!(caller(&h, "okta").is_ok(), "nothing has happened yet");
    let removed = remove(&h, &admin, &leaver, Some("admin")).unwrap();
    assert_eq!((removed.handed.groups, removed.handed.keys), (1, 1));
    assert_eq!(removed.handed.to, "admin");
    assert!(caller(&h, "okta").is_ok());
    assert_eq!(group_now(&h, &crew).managers, BTreeSet::from([admin.seq]));
    // Now without an heir: Postman's 403.
    let removed = remove(&h, &boss, &admin, None).unwrap();
    assert_eq!(removed.handed.groups, 0);
    let stopped = caller(&h, "okta");
    assert!(
        matches!(stopped, Err(Error::Forbidden { .. })),
        "{stopped:?}"
    );
    assert_eq!(group_now(&h, &crew).managers, BTreeSet::new());
    let _ = (dev, billing);
    h.is_clean("handed over");
}

#[test]
fn members_are_found_by_role_whether_own_or_through_a_group() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "D");
    let billing = join(&h, "billing", "B");
    let crew = new_group(&h, &admin, "Crew").unwrap();
    update_group(&h, &admin, &crew, "D", "AB").unwrap();
    put_in(&h, &admin, &crew, &dev).unwrap();
    put_in(&h, &admin, &crew, &billing).unwrap();
    let tx = h.store.read().unwrap();
    let by = signed_in(&h, &admin);
    let found = |role| {
        let search = Search {
            role: Some(role),
            ..Search::default()
        };
        let found = roster::page(&tx, &by, &search, Order::Name, 0, 10).unwrap();
        let names: Vec<_> = found.items.iter().map(User::label).collect();
        names.join(" ")
    };
    assert_eq!(found(Role::Admin), "admin billing dev");
    assert_eq!(found(Role::Billing), "billing dev");
    assert_eq!(found(Role::Developer), "admin dev");
    assert_eq!(found(Role::SuperAdmin), "");
    let holders = roster::holders(&tx, &by).unwrap();
    let counted = |members, through, groups| Holders {
        members,
        through,
        groups,
    };
    assert_eq!(holders[&Role::Admin], counted(3, 2, 1));
    assert_eq!(holders[&Role::Billing], counted(2, 1, 1));
    assert_eq!(holders[&Role::Developer], counted(2, 0, 0));
}

#[test]
fn what_was_done_by_hand_is_on_record_with_the_people_it_was_done_to() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "D");
    let crew = new_group(&h, &admin, "Crew").unwrap();
    put_in(&h, &admin, &crew, &dev).unwrap();
    take_out(&h, &admin, &crew, &dev).unwrap();
    appoint(&h, &admin, &crew, &dev).unwrap();
    update_group(&h, &admin, &crew, "D", "AB").unwrap();
    bar(&h, &admin, &dev).unwrap();
    readmit(&h, &admin, &dev).unwrap();
    remove(&h, &admin, &dev, None).unwrap();
    let tx = h.store.read().unwrap();
    let by = signed_in(&h, &admin);
    let trail = audit::of_person(&tx, &by.may().unwrap(), &dev, 20).unwrap();
    let told: Vec<_> = trail.events.iter().map(|(_, e)| e.action().slug).collect();
    assert_eq!(
        told,
        [
            "team.remove_member",
            "team.reactivate_member",
            "team.deactivate_member",
            "team.add_group_manager",
            "team.remove_group_member",
            "team.add_group_member",
        ]
    );
    let all = audit::list(&tx, &by.may().unwrap(), None, 20).unwrap();
    let of = |operation| {
        let found = all.iter().filter(|(_, event)| event.operation == operation);
        found.map(|(_, event)| event.message()).collect::<Vec<_>>()
    };
    assert_eq!(
        of(Operation::GroupRoleAdd),
        ["admin gave the group Crew a role: Admin, Billing."]
    );
    assert_eq!(
        of(Operation::GroupRoleRemove),
        ["admin took a role from the group Crew: Developer."]
    );
}
