//! Ways around the rules of Super Admins, and authority that is older than the data.

use serde_json::json;

use super::*;
use crate::model::Invite;
use crate::provider::invites::{self, Sent};

fn refused(result: Result<impl Sized>, words: &str) {
    let detail = detail(result.map(drop));
    assert!(detail.contains(words), "{detail}");
}

/// Invites somebody by hand with these roles.
fn invite(h: &House, by: &User, email: &'static str, letters: &str) -> Invite {
    let (by, given) = (signed_in(h, by), roles(letters));
    let sent = write(h, move |tx| {
        invites::send(tx, &by.may()?, email, &given, Nonce::random(), NOW)
    });
    match sent.unwrap() {
        Sent::Invited(invite) => invite,
        other => panic!("{other:?}"),
    }
}

/// The roles of somebody new after accepting.
fn accepted(h: &House, invite: &Invite) -> BTreeSet<Role> {
    let holder = h.loner(Box::leak(invite.email.clone().into_boxed_str()));
    let (team, seq) = (h.ours.team, invite.seq);
    let joined = write(h, move |tx| {
        invites::accept(tx, &holder, team, seq, Nonce::random(), LATER)
    });
    joined.unwrap().roles
}

#[test]
fn scim_looks_after_super_admins_with_a_super_admins_key_alone() {
    let h = house(Preset::Standard);
    let boss = join(&h, "boss", "SD");
    let second = join(&h, "second", "SD");
    let admin = join(&h, "admin", "AD");
    let theirs = key_of(&h, &admin, "of-an-admin");
    let words = "only a SCIM API key that a Super Admin generated";
    refused(h.patch(&theirs, &boss, "active", &json!(false)), words);
    refused(
        h.patch(&theirs, &boss, "userName", &json!("mallory@example.com")),
        words,
    );
    refused(h.delete(&theirs, &boss), words);
    // Through a group too.
    let top = new_group(&h, &second, "Top").unwrap();
    update_group(&h, &second, &top, "D", "S").unwrap();
    let dev = join(&h, "dev", "D");
    put_in(&h, &second, &top, &dev).unwrap();
    refused(
        h.patch(&theirs, &dev, "userName", &json!("mallory@example.com")),
        words,
    );
    // What is nobody's authority is free.
    h.patch(&theirs, &boss, "title", &json!("Director"))
        .unwrap();
    let ours = key_of(&h, &second, "of-a-super-admin");
    h.patch(&ours, &boss, "active", &json!(false)).unwrap();
    refused(readmit(&h, &admin, &boss), "Only Super Admins");
    readmit(&h, &second, &boss).unwrap();
    h.is_clean("afterwards");
}

#[test]
fn an_invite_that_makes_a_super_admin_is_handled_by_super_admins_alone() {
    let h = house(Preset::Standard);
    let boss = join(&h, "boss", "SD");
    let admin = join(&h, "admin", "AD");
    let top = invite(&h, &boss, "cfo@example.com", "S");
    let plain = invite(&h, &boss, "dev@example.com", "D");
    let tx = h.store.read().unwrap();
    let (theirs, ours) = (signed_in(&h, &admin), signed_in(&h, &boss));
    refused(invites::may_handle(&tx, &theirs, &top), "Only Super Admins");
    invites::may_handle(&tx, &theirs, &plain).unwrap();
    invites::may_handle(&tx, &ours, &top).unwrap();
    let seq = top.seq;
    refused(
        write(&h, move |tx| {
            invites::revoke(tx, &theirs.may()?, seq, LATER)
        }),
        "Only Super Admins",
    );
    write(&h, move |tx| invites::revoke(tx, &ours.may()?, seq, LATER)).unwrap();
}

#[test]
fn what_an_invite_promises_is_judged_again_when_it_is_accepted() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let (first, later) = (
        invite(&h, &admin, "one@example.com", "S"),
        invite(&h, &admin, "two@example.com", "S"),
    );
    assert_eq!(accepted(&h, &first), roles("S"), "the first of the team");
    assert_eq!(accepted(&h, &later), roles("D"), "there is one now");
    let boss = join(&h, "boss", "SD");
    let third = invite(&h, &boss, "three@example.com", "S");
    assert_eq!(accepted(&h, &third), roles("S"));
}

#[test]
fn no_more_than_two_people_take_no_seat_however_they_come() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    join(&h, "one", "A");
    let invited = invite(&h, &admin, "two@example.com", "B");
    let (by, given) = (signed_in(&h, &admin), roles("A"));
    let third = write(&h, move |tx| {
        invites::send(
            tx,
            &by.may()?,
            "three@example.com",
            &given,
            Nonce::random(),
            NOW,
        )
    });
    refused(third, "A team can have 2 people");
    join(&h, "three", "A");
    assert_eq!(accepted(&h, &invited), roles("BD"), "there are two already");
    let gone = join(&h, "four", "AD");
    bar(&h, &admin, &gone).unwrap();
    update(&h, &admin, &gone, "AD", "A").unwrap_err();
}

#[test]
fn a_key_is_not_made_by_somebody_who_administers_no_more() {
    let h = house(Preset::Standard);
    let boss = join(&h, "boss", "SD");
    let admin = join(&h, "admin", "AD");
    let stale = signed_in(&h, &admin);
    update(&h, &boss, &admin, "AD", "D").unwrap();
    let made = write(&h, move |tx| {
        let plain = Plain::new("too-late");
        keys::create(
            tx,
            &stale.may()?,
            "late",
            &plain,
            &KeyOptions::default(),
            LATER,
        )
    });
    refused(made, "Your roles in this team do not allow this");
}
