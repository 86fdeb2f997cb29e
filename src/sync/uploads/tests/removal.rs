//! What is left of uploads when their days are over, and when a job, an application or a person is gone.

use serde_json::json;

use super::{Bench, at, outcome, person, report};
use crate::access::Operator;
use crate::directory::registrations::{self, NewRegistration};
use crate::directory::{inbound, users};
use crate::error::Result;
use crate::id::{Guid, Nonce, Seq};
use crate::store::{check, dump, inbound as rows, registrations as registration_rows};
use crate::sync::applications;

#[test]
fn uploads_go_when_the_days_of_the_log_are_over_unless_they_wait() {
    let bench = Bench::new();
    bench.upload(&[person("1", "ann@contoso.example")]);
    bench.accept(&[person("2", "bob@contoso.example")]).unwrap();
    let left = |days: i64| {
        let now = at(days * 24 * 3_600);
        while bench
            .store
            .write(move |tx| inbound::sweep(tx, now))
            .unwrap()
        {}
        rows::newest(&bench.store.read().unwrap(), bench.key, None, 9)
            .unwrap()
            .len()
    };
    assert_eq!(left(30), 2);
    assert_eq!(left(31), 1);
    bench.work();
    assert_eq!(left(31), 0);
    let tx = bench.store.read().unwrap();
    assert_eq!(rows::body(&tx, bench.key, Seq(1)).unwrap(), None);
}

/// What a dump has of the tables of inbound provisioning.
fn left(bench: &Bench) -> Vec<String> {
    let mut text = Vec::new();
    let tx = bench.store.read().unwrap();
    dump(&tx, &mut text).unwrap();
    assert_eq!(check(&tx).unwrap(), []);
    let lines = String::from_utf8(text).unwrap();
    let lines = lines.lines().filter(|line| line.starts_with("INBOUND_"));
    lines.map(str::to_owned).collect()
}

fn of_table<'a>(lines: &'a [String], table: &str) -> Vec<&'a String> {
    let of = |line: &&String| line.starts_with(&format!("{table} "));
    lines.iter().filter(of).collect()
}

/// A bench with something in every table.
fn full() -> Bench {
    let bench = Bench::new();
    bench.upload(&[report("1", "ann@contoso.example", "9")]);
    bench.accept(&[person("2", "bob@contoso.example")]).unwrap();
    let lines = left(&bench);
    for (table, rows) in [
        ("INBOUND_UPLOADS", 2),
        ("INBOUND_BODIES", 2),
        ("INBOUND_WAITING", 1),
        ("INBOUND_CALLS", 1),
        ("INBOUND_LINKS", 1),
        ("INBOUND_AWAITED_MANAGER", 1),
        ("INBOUND_MANAGER_TO_REPORT", 1),
    ] {
        assert_eq!(of_table(&lines, table).len(), rows, "{table}: {lines:?}");
    }
    bench
}

/// Sweeps until nothing of the job is left; the count of the day is the tenant's.
fn swept(bench: &Bench) {
    while bench.store.write(applications::sweep).unwrap() {}
    let lines = left(bench);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(of_table(&lines, "INBOUND_CALLS").len(), 1);
}

#[test]
fn a_deleted_application_leaves_no_uploads_and_no_owner_behind() {
    let bench = full();
    let key = bench.key;
    let application = bench.job().application;
    let (operator, id) = (Operator::of_this_process(), |n: u8| {
        Guid::from_nonce(Nonce([n; 16]))
    });
    let client = bench.store.write(move |tx| -> Result<Seq> {
        let new = NewRegistration {
            app_id: id(6),
            object_id: id(7),
            display_name: "HR".into(),
        };
        let made = registrations::add(tx, &operator, key.tenant, &new, at(3))?;
        registrations::set_owner(tx, &operator, key.tenant, made.seq, application, true)?;
        applications::delete(tx, &operator, key.tenant, application, at(3))?;
        Ok(made.seq)
    });
    let client = client.unwrap();
    // Between the deletion and the sweep all is in order, too.
    assert!(left(&bench).len() > 1);
    swept(&bench);
    let tx = bench.store.read().unwrap();
    let client = registration_rows::find(&tx, key.tenant, client).unwrap();
    assert!(client.unwrap().owns.is_empty());
}

#[test]
fn a_deleted_job_leaves_no_uploads_behind() {
    let bench = full();
    let key = bench.key;
    let operator = Operator::of_this_process();
    bench
        .store
        .write(move |tx| applications::delete_job(tx, &operator, key, at(3)))
        .unwrap();
    bench.work();
    assert!(
        left(&bench).len() > 1,
        "what waits is not worked off any more"
    );
    swept(&bench);
}

#[test]
fn who_is_deleted_for_good_waits_for_nobody_and_can_come_again() {
    let bench = full();
    bench.work();
    let (tenant, ann) = (bench.key.tenant, bench.user("ann@contoso.example").seq);
    let operator = Operator::of_this_process();
    let purged = bench.store.write(move |tx| -> Result<()> {
        users::delete(tx, &operator, tenant, ann, at(3))?;
        users::purge(tx, &operator, tenant, ann, at(3))
    });
    purged.unwrap();
    let lines = left(&bench);
    assert_eq!(of_table(&lines, "INBOUND_AWAITED_MANAGER"), [""; 0]);
    assert_eq!(of_table(&lines, "INBOUND_MANAGER_TO_REPORT"), [""; 0]);
    // Neither an upload that fails nor one of the manager stumbles over it.
    let nameless = json!({"externalId": "1", "userName": "ann@contoso.example"});
    assert_eq!(bench.upload(&[nameless]), outcome(0, 0, 0, 1));
    let people = [
        person("9", "cho@contoso.example"),
        person("1", "ann@contoso.example"),
    ];
    assert_eq!(bench.upload(&people), outcome(2, 0, 0, 0));
    assert_ne!(bench.user("ann@contoso.example").seq, ann);
}

#[test]
fn calls_are_forgotten_when_their_day_is_over() {
    let bench = full();
    let calls = |hours: i64| {
        let now = at(hours * 3_600);
        bench
            .store
            .write(move |tx| inbound::sweep(tx, now))
            .unwrap();
        let counted = rows::calls_of_day(&bench.store.read().unwrap(), bench.key.tenant, now);
        (
            of_table(&left(&bench), "INBOUND_CALLS").len(),
            counted.unwrap(),
        )
    };
    assert_eq!(calls(23), (1, 2));
    assert_eq!(calls(24), (0, 0));
}
