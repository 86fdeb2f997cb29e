//! What people may do to their own account, and what keeps them from it.

use super::NOW;
use super::house::{House, hash, house, named};
use crate::access::AccountHolder;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Account, MemberState, Role};
use crate::provider::{accounts, invites, own, team};
use crate::scim::Preset;
use crate::store::accounts as account_rows;

fn holder(h: &House, account: Seq) -> AccountHolder {
    accounts::holder(&h.store.read().unwrap(), account).unwrap()
}

/// A Developer of the first team who signs in by password.
fn developer(h: &House) -> AccountHolder {
    let holder = h.loner("dev@example.com");
    let (member, joining, team) = (h.member(), holder.clone(), h.ours.team);
    h.store
        .write(move |tx| {
            let roles = Role::by_default();
            let email = "dev@example.com";
            let sent = invites::send(tx, &member.may()?, email, &roles, Nonce::random(), NOW)?;
            let invites::Sent::Invited(invite) = sent else {
                panic!("{sent:?}")
            };
            invites::accept(tx, &joining, team, invite.seq, Nonce::random(), NOW)
        })
        .unwrap();
    holder
}

fn scim(h: &House, on: bool) {
    let member = h.member();
    h.store
        .write(move |tx| {
            let mut ours = team::get(tx, &member)?;
            ours.scim_enabled = on;
            Ok::<_, Error>(crate::store::teams::put(tx, &ours)?)
        })
        .unwrap();
}

fn leave(h: &House, who: &AccountHolder, team: Seq) -> Result<()> {
    let who = who.clone();
    h.store
        .write(move |tx| own::leave(tx, &who, team, NOW))
        .map(drop)
}

fn new_password(h: &House, who: &AccountHolder) -> Result<()> {
    let who = who.clone();
    h.store
        .write(move |tx| own::change_password(tx, &who, hash(), NOW))
}

#[test]
fn while_scim_is_on_nobody_leaves_or_changes_the_password() {
    let h = house(Preset::Standard);
    h.administrator("admin@example.com");
    let dev = developer(&h);
    scim(&h, true);
    for refused in [leave(&h, &dev, h.ours.team), new_password(&h, &dev)] {
        let Err(Error::Forbidden { detail }) = refused else {
            panic!("{refused:?}")
        };
        assert!(detail.contains("Contact a Team Admin"), "{detail}");
    }
    let tx = h.store.read().unwrap();
    assert_eq!(own::managed_by(&tx, &dev).unwrap(), ["Ours"]);
    let teams = own::teams(&tx, &dev).unwrap();
    assert_eq!(teams.len(), 1);
    assert!(teams[0].managed && teams[0].stays.is_some());
    scim(&h, false);
    new_password(&h, &dev).unwrap();
    leave(&h, &dev, h.ours.team).unwrap();
    assert!(h.find(&h.ours, "dev@example.com").is_none());
    assert!(h.has_account("dev@example.com"), "one can be invited again");
    h.is_clean("afterwards");
}

#[test]
fn the_last_administrator_stays_and_an_operator_keeps_a_way_in() {
    let h = house(Preset::Standard);
    let (account, _) = h.administrator("admin@example.com");
    let admin = holder(&h, account.seq);
    scim(&h, true);
    new_password(&h, &admin).unwrap();
    scim(&h, false);
    let refused = leave(&h, &admin, h.ours.team).unwrap_err().to_string();
    assert!(refused.contains("only active administrator"), "{refused}");
    h.administrator("second@example.com");
    let refused = leave(&h, &admin, h.ours.team).unwrap_err().to_string();
    assert!(refused.contains("your last team"), "{refused}");
    h.post(&h.theirs, &named("admin@example.com")).unwrap();
    leave(&h, &admin, h.ours.team).unwrap();
    assert!(matches!(
        leave(&h, &admin, h.ours.team),
        Err(Error::NotFound { .. })
    ));
    h.is_clean("afterwards");
}

#[test]
fn a_name_is_ones_own_and_scim_keeps_what_it_said() {
    let h = house(Preset::Standard);
    h.administrator("admin@example.com");
    let dev = developer(&h);
    let rename = |name: &str| {
        let (who, name) = (dev.clone(), name.to_owned());
        h.store.write(move |tx| own::rename(tx, &who, &name, NOW))
    };
    for wrong in ["", "  ", &"n".repeat(101)] {
        assert!(matches!(
            rename(wrong),
            Err(Error::Field { field: "name", .. })
        ));
    }
    let before = h.find(&h.ours, "dev@example.com").unwrap();
    rename(" Grace <b>Hopper</b> ").unwrap();
    let tx = h.store.read().unwrap();
    let account: Account = account_rows::find(&tx, dev.account).unwrap().unwrap();
    assert_eq!(account.name, "Grace <b>Hopper</b>");
    assert_eq!(h.find(&h.ours, "dev@example.com").unwrap(), before);
    assert_eq!(before.state(), MemberState::Active);
}
