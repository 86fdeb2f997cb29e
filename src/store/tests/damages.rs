//! `check` finds each kind of damage and says where it is.

use std::collections::BTreeSet;

use super::upgrade::{APPLICATION, JOB_ROW, USERS};
use super::{TEAM, fill, findings, meta};
use crate::id::{Guid, Nonce, Seq};
use crate::model::{AppRegistration, Upload};
use crate::store::jobs::{self, JobKey};
use crate::store::record::decode;
use crate::store::{
    Error, Store, Write, accounts, directory, groups, inbound, registrations, tables, users,
};

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

const TENANT: Seq = Seq(1);
const JOB: JobKey = JobKey {
    tenant: TENANT,
    job: Seq(1),
};

fn client(row: u64, owns: u64) -> AppRegistration {
    AppRegistration {
        seq: Seq(row),
        app_id: Guid::from_nonce(Nonce([1; 16])),
        object_id: Guid::from_nonce(Nonce([2; 16])),
        display_name: "HR".into(),
        created: meta().created,
        permissions: BTreeSet::new(),
        owns: BTreeSet::from([Seq(owns)]),
        secrets: Vec::new(),
    }
}

/// A job with an upload that waits and one that was worked off, of a client that owns its application.
fn fill_inbound(tx: &Write<'_>) -> Result<(), Error> {
    let row = |json: &str| [&[1], json.as_bytes()].concat();
    jobs::put(tx, TENANT, &decode(&row(JOB_ROW))?)?;
    directory::put_application(tx, TENANT, &decode(&row(APPLICATION))?)?;
    directory::put_user(tx, TENANT, &decode(&row(USERS[0]))?)?;
    registrations::put(tx, TENANT, &client(1, 1))?;
    let now = meta().created;
    let upload = Upload::new(Guid::ZERO, now, "HR", 1);
    inbound::append(tx, JOB, upload.clone(), "{}")?;
    let mut done = inbound::append(tx, JOB, upload, "{}")?;
    done.processed = Some(now);
    inbound::end(tx, JOB, &done)?;
    inbound::put_link(tx, JOB, "1", Seq(1))?;
    inbound::await_manager(tx, JOB, Seq(1), Some("9"))
}

#[test]
fn check_finds_what_is_wrong_with_uploads_and_their_clients() {
    type Damage = fn(&Write<'_>) -> Result<(), Error>;
    let damages: [(&str, Damage); 9] = [
        ("INBOUND_BODIES", |tx| {
            tx.table(tables::INBOUND_BODIES)?.remove((1, 1, 2))?;
            Ok(())
        }),
        ("INBOUND_WAITING", |tx| {
            tx.table(tables::INBOUND_WAITING)?.remove((1, 1, 1))?;
            Ok(())
        }),
        ("INBOUND_WAITING", |tx| {
            tx.table(tables::INBOUND_WAITING)?.insert((1, 1, 2), ())?;
            Ok(())
        }),
        ("INBOUND_MANAGER_TO_REPORT", |tx| {
            tx.table(tables::INBOUND_MANAGER_TO_REPORT)?
                .remove((1, 1, "9", 1))?;
            Ok(())
        }),
        ("INBOUND_MANAGER_TO_REPORT", |tx| {
            tx.table(tables::INBOUND_MANAGER_TO_REPORT)?
                .insert((1, 1, "8", 1), ())?;
            Ok(())
        }),
        ("user 7 of tenant 1 is gone and waits for a manager", |tx| {
            inbound::await_manager(tx, JOB, Seq(7), Some("9"))
        }),
        ("job 9 of tenant 1 is gone", |tx| {
            let gone = JobKey { job: Seq(9), ..JOB };
            inbound::put_link(tx, gone, "1", Seq(1))
        }),
        ("have the client id", |tx| {
            registrations::put(tx, TENANT, &client(2, 1))
        }),
        ("owns application 9, which is gone", |tx| {
            registrations::put(tx, TENANT, &client(1, 9))
        }),
    ];
    for (named, damage) in damages {
        let store = Store::in_memory().unwrap();
        store.write(fill_inbound).unwrap();
        assert_eq!(findings(&store), []);
        store.write(damage).unwrap();
        let found = findings(&store);
        assert!(
            found.iter().any(|f| f.0.contains(named)),
            "{named}: {found:?}"
        );
    }
}
