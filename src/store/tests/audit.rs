//! The record: searches against a plain list of everything, sweeps, and old files.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::{TEAM, findings, id};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::{Account, Actor, AuditEvent, Operation, Origin, Outcome, Party};
use crate::store::audit::{Bounds, Key, Order, Wanted, append, search, sweep};
use crate::store::{Error, Store, Write, accounts, tables};

const DAY: i64 = 86_400_000;

fn event(at: i64, by: Actor, operation: Operation, target: &str) -> AuditEvent {
    AuditEvent {
        at: Timestamp::from_millis(at),
        by,
        actor: Party::default(),
        author: None,
        origin: Origin::default(),
        operation,
        target: target.to_owned(),
        subject: Party::default(),
        about: Vec::new(),
        attributes: Vec::new(),
        variables: BTreeMap::new(),
        outcome: Outcome::Done,
    }
}

#[derive(Debug, Clone)]
struct Step {
    days: i64,
    account: u64,
    user: u64,
    create: bool,
    about: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Clocks stand still, run, and are set back.
    let step = (
        prop_oneof![8 => Just(0_i64), 1 => 1_i64..40, 1 => -3_i64..0],
        1_u64..4,
        1_u64..4,
        any::<bool>(),
        prop::bool::weighted(0.1),
    );
    let step = step.prop_map(|(days, account, user, create, about)| Step {
        days,
        account,
        user,
        create,
        about,
    });
    prop::collection::vec(step, 0..400)
}

fn fill(store: &Store, steps: &[Step]) -> Vec<(Seq, AuditEvent)> {
    let (mix, steps) = (store.mix(), steps.to_vec());
    store
        .write(move |tx| {
            let mut at = 20_000 * DAY;
            let mut all = Vec::new();
            for step in steps {
                at += step.days * DAY / 2;
                let operation = if step.create {
                    Operation::UserCreate
                } else {
                    Operation::GroupPatch
                };
                let target = id(mix, 1, Seq(step.user)).to_string();
                let by = Actor::Account(Seq(step.account));
                let mut event = event(at, by, operation, &target);
                event.about.extend(step.about.then_some(Seq(9)));
                all.push((append(tx, TEAM, &event)?, event));
            }
            Ok::<_, Error>(all)
        })
        .unwrap()
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let key = prop_oneof![
        Just(Key::Action("team.scim_add_member".into())),
        Just(Key::Action("team.update_group".into())),
        Just(Key::Action("user.logout".into())),
        (1_u64..5).prop_map(|n| Key::Account(Seq(n))),
        (1_u64..10).prop_map(|n| Key::User(Seq(n))),
        (1_u64..5).prop_map(|n| Key::Group(Seq(n))),
    ];
    let all = prop::collection::vec(prop::collection::vec(key, 0..3), 0..3);
    let moment =
        || prop::option::of((0_i64..300).prop_map(|n| 20_000 * DAY - 20 * DAY + n * DAY / 3));
    (all, moment(), moment()).prop_map(|(all, from, before)| Wanted {
        all,
        from: from.map(Timestamp::from_millis),
        before: before.map(Timestamp::from_millis),
    })
}

/// What a reader of the whole list would find.
fn is_wanted(event: &AuditEvent, wanted: &Wanted, user: u64) -> bool {
    let has = |key: &Key| match key {
        Key::Action(slug) => event.action().slug == slug,
        Key::Account(account) => event.by == Actor::Account(*account),
        Key::User(seq) => {
            (event.operation == Operation::UserCreate && seq.0 == user) || event.about.contains(seq)
        }
        Key::Group(seq) => event.operation == Operation::GroupPatch && seq.0 == user,
    };
    wanted.from.is_none_or(|from| event.at >= from)
        && wanted.before.is_none_or(|before| event.at < before)
        && wanted.all.iter().all(|any| any.iter().any(has))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_search_finds_what_a_reader_of_everything_would(steps in steps(), wanted in wanted(), size in 1_usize..50) {
        let store = Store::in_memory().unwrap();
        let all = fill(&store, &steps);
        prop_assert_eq!(findings(&store), []);
        let expected: Vec<(Seq, AuditEvent)> = all
            .iter()
            .zip(&steps)
            .filter(|((_, event), step)| is_wanted(event, &wanted, step.user))
            .map(|(event, _)| event.clone())
            .collect();
        let tx = store.read().unwrap();
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let mut expected = expected.clone();
            if order == Order::NewestFirst {
                expected.reverse();
            }
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let bounds = Bounds { events: size, rows: 1_000 };
                let page = search(&tx, TEAM, &wanted, order, after, bounds, |_| true).unwrap();
                found.extend(page.events);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            prop_assert_eq!(&found, &expected, "{:?}", order);
        }
    }

    #[test]
    fn a_sweep_takes_the_oldest_in_small_writes_and_keeps_the_index(steps in steps(), days in 0_i64..200) {
        let store = Store::in_memory().unwrap();
        let all = fill(&store, &steps);
        let before = Timestamp::from_millis(20_000 * DAY + days * DAY / 2);
        let kept: Vec<_> = all.into_iter().skip_while(|(_, event)| event.at < before).collect();
        loop {
            let gone = store.write(move |tx| sweep(tx, TEAM, before)).unwrap();
            prop_assert!(gone <= 64);
            prop_assert_eq!(findings(&store), []);
            if gone == 0 {
                break;
            }
        }
        let tx = store.read().unwrap();
        let bounds = Bounds { events: 1_000, rows: 1_000 };
        let all = Wanted::default();
        let found = search(&tx, TEAM, &all, Order::OldestFirst, None, bounds, |_| true).unwrap();
        prop_assert_eq!(found.events, kept);
    }
}

#[test]
fn a_search_for_something_rare_reads_its_bucket_and_no_other() {
    let store = Store::in_memory().unwrap();
    store
        .write(|tx| {
            for n in 0..5_000 {
                let by = Actor::Account(Seq(if n == 1_234 { 7 } else { 1 }));
                append(tx, TEAM, &event(n, by, Operation::ScimTurnOn, ""))?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    let tx = store.read().unwrap();
    let rare = Wanted {
        all: vec![vec![Key::Account(Seq(7))]],
        ..Wanted::default()
    };
    let mut read = 0;
    let bounds = Bounds {
        events: 10,
        rows: 64,
    };
    let found = search(&tx, TEAM, &rare, Order::NewestFirst, None, bounds, |_| {
        read += 1;
        true
    });
    let found = found.unwrap();
    assert_eq!((found.events.len(), found.next, read), (1, None, 1));
    // What no index knows is looked for as far as the bound allows.
    let all = Wanted::default();
    let found = search(&tx, TEAM, &all, Order::NewestFirst, None, bounds, |e| {
        e.at.millis() == 0
    });
    let found = found.unwrap();
    assert_eq!((found.events.len(), found.next), (0, Some(Seq(4_937))));
}

#[test]
fn another_teams_record_is_another() {
    let store = Store::in_memory().unwrap();
    store
        .write(|tx| {
            for team in [Seq(1), Seq(2)] {
                append(
                    tx,
                    team,
                    &event(0, Actor::CommandLine, Operation::ScimTurnOn, ""),
                )?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    let later = Timestamp::from_millis(0).plus(Duration::from_secs(1));
    assert_eq!(store.write(move |tx| sweep(tx, Seq(2), later)).unwrap(), 1);
    let tx = store.read().unwrap();
    let bounds = Bounds { events: 9, rows: 9 };
    let count = |team| {
        let all = Wanted::default();
        let found = search(&tx, team, &all, Order::NewestFirst, None, bounds, |_| true);
        found.unwrap().events.len()
    };
    assert_eq!((count(Seq(1)), count(Seq(2)), count(Seq(3))), (1, 0, 0));
}

#[test]
fn check_finds_a_wrong_index_of_the_record_and_of_operators() {
    type Damage = fn(&Write<'_>) -> Result<(), Error>;
    let damages: [(&str, Damage); 4] = [
        ("AUDIT_TO_BUCKET", |tx| {
            tx.table(tables::AUDIT_TO_BUCKET)?
                .remove((1, "account:1", 0))?;
            Ok(())
        }),
        ("AUDIT_TO_BUCKET", |tx| {
            tx.table(tables::AUDIT_TO_BUCKET)?
                .insert((1, "account:2", 0), ())?;
            Ok(())
        }),
        ("OPERATORS", |tx| {
            tx.table(tables::OPERATORS)?.remove(1)?;
            Ok(())
        }),
        ("OPERATORS", |tx| {
            tx.table(tables::OPERATORS)?.insert(2, ())?;
            Ok(())
        }),
    ];
    for (named, damage) in damages {
        let store = Store::in_memory().unwrap();
        store
            .write(|tx| {
                accounts::put(
                    tx,
                    &Account {
                        seq: Seq(1),
                        sign_in_name: "ada@example.com".into(),
                        name: "Ada".into(),
                        password: Some(serde_json::from_str("\"$argon2id$none\"").unwrap()),
                        operator: true,
                        created: Timestamp::from_millis(0),
                    },
                )?;
                let by = Actor::Account(Seq(1));
                append(tx, TEAM, &event(0, by, Operation::ScimTurnOn, ""))
            })
            .unwrap();
        assert_eq!(findings(&store), []);
        store.write(damage).unwrap();
        let found = findings(&store);
        assert!(found.iter().any(|f| f.0.contains(named)), "{found:?}");
    }
}
