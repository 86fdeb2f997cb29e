//! `check` finds each kind of damage and says where it is.

use super::{TEAM, fill, findings};
use crate::id::Seq;
use crate::store::{Error, Store, Write, accounts, groups, tables, users};

#[test]
fn check_finds_what_is_wrong() {
    type Damage = fn(&Write<'_>) -> Result<(), Error>;
    let damages: [(&str, Damage); 16] = [
        ("SIGN_IN_NAME_TO_ACCOUNT", |tx| {
            tx.table(tables::SIGN_IN_NAME_TO_ACCOUNT)?
                .remove("bob@example.com")?;
            Ok(())
        }),
        ("ACCOUNT_TO_USER", |tx| {
            tx.table(tables::ACCOUNT_TO_USER)?.insert((2, 1), 1)?;
            Ok(())
        }),
        ("ADMINISTRATORS", |tx| {
            tx.table(tables::ADMINISTRATORS)?.insert((1, 2), 2)?;
            Ok(())
        }),
        ("named unlike its account", |tx| {
            let mut other = accounts::find(tx, Seq(2))?.unwrap();
            other.sign_in_name = "somebody@example.com".into();
            accounts::put(tx, &other)
        }),
        ("neither a password nor a membership", |tx| {
            let mut other = accounts::find(tx, Seq(2))?.unwrap();
            (other.seq, other.sign_in_name) = (Seq(3), "nobody@example.com".into());
            accounts::put(tx, &other)
        }),
        ("waits for no pending invite", |tx| {
            let mut bob = users::find(tx, TEAM, Seq(2))?.unwrap();
            bob.invite = Some(Seq(1));
            users::put(tx, TEAM, &bob)
        }),
        ("ADDRESS_TO_INVITE", |tx| {
            tx.table(tables::ADDRESS_TO_INVITE)?
                .insert((1, "bob@example.com"), 1)?;
            Ok(())
        }),
        ("DOMAIN_TO_TEAM", |tx| {
            tx.table(tables::DOMAIN_TO_TEAM)?.insert("example.com", 1)?;
            Ok(())
        }),
        ("USER_GAPS", |tx| {
            tx.table(tables::USER_GAPS)?.insert((1, 0, 0), 1)?;
            Ok(())
        }),
        ("USER_NAME_TO_USER", |tx| {
            tx.table(tables::USER_NAME_TO_USER)?
                .remove((1, "bob@example.com"))?;
            Ok(())
        }),
        ("DISPLAY_NAME_TO_USER", |tx| {
            tx.table(tables::DISPLAY_NAME_TO_USER)?
                .insert((1, "ghost", 9), ())?;
            Ok(())
        }),
        ("EXTERNAL_ID_TO_USER", |tx| {
            tx.table(tables::EXTERNAL_ID_TO_USER)?
                .remove((1, "E1", 1))?;
            Ok(())
        }),
        ("users_total", |tx| {
            tx.add_to_counter(TEAM, "users_total", 1).map(|_| ())
        }),
        ("counter groups_total of 7 is 1 instead of 0", |tx| {
            tx.add_to_counter(Seq(7), "groups_total", 1).map(|_| ())
        }),
        ("MEMBER_TO_GROUP", |tx| {
            tx.table(tables::MEMBER_TO_GROUP)?.remove((1, 1, 1, 1))?;
            Ok(())
        }),
        ("member", |tx| {
            let mut group = groups::find(tx, TEAM, Seq(1))?.unwrap();
            group.member_count += 1;
            groups::put(tx, TEAM, &group)
        }),
    ];
    for (named, damage) in damages {
        let store = Store::in_memory().unwrap();
        fill(&store);
        store.write(damage).unwrap();
        let found = findings(&store);
        assert!(
            found.iter().any(|f| f.0.contains(named)),
            "{named}: {found:?}"
        );
    }
}
