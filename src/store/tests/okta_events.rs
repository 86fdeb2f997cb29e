//! The System Log of an org: searches against a plain list of everything, sweeps, damages, and a file that has no
//! descriptions of blocks yet.

use std::time::Duration;

use proptest::prelude::*;
use redb::{Database, ReadableTable as _, ReadableTableMetadata as _};

use super::findings;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{
    EventActor, EventOutcome, EventResult, EventSeverity, EventTarget, SystemEvent,
};
use crate::store::okta::events::{
    Condition, Found, Order, append, remove_before, search, search_for,
};
use crate::store::{Error, Options, Reads as _, Store, Write, tables};

const ORG: Seq = Seq(1);
const RESULTS: [EventResult; 3] = [
    EventResult::Success,
    EventResult::Failure,
    EventResult::Skipped,
];

fn minute(number: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + number * 60_000)
}

fn event(at: i64, kind: u8, actor: u8, targets: &[u8]) -> SystemEvent {
    let named = |what: &str, number: u8| format!("{what}{number}");
    SystemEvent {
        seq: Seq(0),
        published: minute(at),
        event_type: named("Type.", kind),
        message: String::new(),
        severity: EventSeverity::Info,
        outcome: EventOutcome {
            result: RESULTS[usize::from(kind % 3)],
            reason: None,
        },
        actor: EventActor {
            id: named("00T", actor),
            kind: "User".into(),
            alternate_id: String::new(),
            display_name: String::new(),
        },
        targets: targets
            .iter()
            .map(|number| EventTarget {
                id: named("00u", *number),
                kind: "User".into(),
                alternate_id: String::new(),
                display_name: String::new(),
            })
            .collect(),
        in_background: false,
        transaction: String::new(),
        sent: false,
    }
}

fn write(store: &Store, events: Vec<SystemEvent>) {
    let work = move |tx: &Write<'_>| -> Result<(), Error> {
        for event in events {
            append(tx, ORG, event, Vec::new())?;
        }
        Ok(())
    };
    store.write(work).unwrap();
}

/// Events with many targets too, and moments that go back.
fn events() -> impl Strategy<Value = Vec<SystemEvent>> {
    let targets = prop_oneof![
        9 => prop::collection::vec(0_u8..20, 0..4),
        1 => prop::collection::vec(0_u8..20, 4..9),
    ];
    let step = (-2_i64..5, 0_u8..4, 0_u8..3, targets);
    prop::collection::vec(step, 0..300).prop_map(|steps| {
        let mut at = 0;
        steps
            .into_iter()
            .map(|(by, kind, actor, targets)| {
                at += by;
                event(at, kind, actor, &targets)
            })
            .collect()
    })
}

fn wanted() -> impl Strategy<Value = Vec<Condition>> {
    let named = |what: &'static str, most: u8| {
        prop::collection::vec((0..most).prop_map(move |n| format!("{what}{n}")), 1..3)
    };
    let one = prop_oneof![
        named("type.", 5).prop_map(Condition::Types),
        named("00t", 4).prop_map(Condition::Actors),
        named("00U", 21).prop_map(Condition::Targets),
        prop::sample::subsequence(RESULTS.to_vec(), 0..3).prop_map(Condition::Results),
        (0_i64..400).prop_map(|at| Condition::Since(minute(at))),
        (0_i64..400).prop_map(|at| Condition::Until(minute(at))),
    ];
    prop::collection::vec(one, 0..3)
}

fn every_page(
    store: &Store,
    wanted: &[Condition],
    order: Order,
    bounds: (usize, usize),
) -> Vec<u64> {
    let tx = store.read().unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let Found { events, next } = search_for(&tx, ORG, wanted, order, after, bounds, |event| {
            event.seq.0 % 7 != 0
        })
        .unwrap();
        assert!(events.len() <= bounds.0);
        all.extend(events.iter().map(|event| event.seq.0));
        match next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_search_finds_what_a_reader_of_everything_would(
        events in events(), wanted in wanted(), limit in 1_usize..40, rows in 1_usize..200, gone in 0_i64..60,
    ) {
        let store = Store::in_memory().unwrap();
        write(&store, events);
        store.write(move |tx| remove_before(tx, ORG, minute(gone), 1000)).unwrap();
        prop_assert_eq!(findings(&store), []);

        let tx = store.read().unwrap();
        let everything = search(&tx, ORG, Order::OldestFirst, None, (1000, 1000), |_| true).unwrap();
        let mut expected: Vec<u64> = everything
            .events
            .iter()
            .filter(|event| event.seq.0 % 7 != 0 && wanted.iter().all(|one| one.fits(event)))
            .map(|event| event.seq.0)
            .collect();
        let bounds = (limit, rows);
        prop_assert_eq!(&every_page(&store, &wanted, Order::OldestFirst, bounds), &expected);
        expected.reverse();
        prop_assert_eq!(every_page(&store, &wanted, Order::NewestFirst, bounds), expected);
    }
}

/// A full log of everyday events, and two about somebody else.
fn log_with_something_rare() -> Vec<SystemEvent> {
    let mut events: Vec<SystemEvent> = (0..5_000)
        .map(|number| event(number, 1, 1, &[u8::try_from(number % 50).unwrap()]))
        .collect();
    events[1_000] = event(1_000, 3, 2, &[1, 99]);
    events[4_990] = event(4_990, 3, 2, &[99]);
    events
}

fn rare() -> [Vec<Condition>; 4] {
    [
        vec![Condition::Types(vec!["Type.3".into()])],
        vec![Condition::Actors(vec!["00T2".into()])],
        vec![Condition::Targets(vec!["00u99".into()])],
        vec![Condition::Results(vec![EventResult::Success])],
    ]
}

/// Both are found, and hardly anything else is read.
fn finds_the_rare(store: &Store) {
    let tx = store.read().unwrap();
    for wanted in rare() {
        let mut read = 0;
        let order = Order::NewestFirst;
        let found = search_for(&tx, ORG, &wanted, order, None, (10, 200), |_| {
            read += 1;
            true
        })
        .unwrap();
        let positions: Vec<u64> = found.events.iter().map(|event| event.seq.0).collect();
        assert_eq!((positions, found.next), (vec![4_991, 1_001], None));
        assert_eq!(read, 2, "{wanted:?}");
    }
}

#[test]
fn a_search_for_something_rare_reads_little_else() {
    let store = Store::in_memory().unwrap();
    write(&store, log_with_something_rare());
    finds_the_rare(&store);
    let tx = store.read().unwrap();
    let other = search_for(&tx, Seq(2), &[], Order::OldestFirst, None, (10, 10), |_| {
        true
    });
    assert_eq!(other.unwrap(), Found::default());
}

#[test]
fn a_search_that_nothing_fits_stops_at_its_bound_and_goes_on() {
    let store = Store::in_memory().unwrap();
    write(&store, log_with_something_rare());
    let nobody = [Condition::Actors(vec!["00Tx".into()])];
    let tx = store.read().unwrap();
    let order = Order::OldestFirst;
    let found = search_for(&tx, ORG, &nobody, order, None, (10, 10), |_| true).unwrap();
    assert_eq!((found.events.len(), found.next), (0, Some(Seq(639))));
    let found = search_for(&tx, ORG, &nobody, order, found.next, (10, 1000), |_| true).unwrap();
    assert_eq!(found.next, None);
}

#[test]
fn a_sweep_takes_descriptions_with_their_events() {
    let store = Store::in_memory().unwrap();
    write(&store, (0..200).map(|at| event(at, 1, 1, &[1])).collect());
    let descriptions = |store: &Store| {
        let tx = store.read().unwrap();
        let blocks = tx.open(tables::OKTA_EVENT_BLOCKS).unwrap();
        blocks.iter().unwrap().count()
    };
    assert_eq!(descriptions(&store), 3);
    store
        .write(|tx| remove_before(tx, ORG, minute(150), 1000))
        .unwrap();
    assert_eq!((descriptions(&store), findings(&store)), (1, vec![]));
    let whole = Duration::from_hours(24);
    store
        .write(move |tx| remove_before(tx, ORG, minute(200).plus(whole), 1000))
        .unwrap();
    assert_eq!((descriptions(&store), findings(&store)), (0, vec![]));
}

#[test]
fn check_finds_a_wrong_description() {
    type Damage = fn(&Write<'_>) -> Result<(), Error>;
    let damages: [Damage; 3] = [
        |tx| {
            tx.table(tables::OKTA_EVENT_BLOCKS)?.remove((1, 1))?;
            Ok(())
        },
        |tx| {
            let other = {
                let blocks = tx.open(tables::OKTA_EVENT_BLOCKS)?;
                let found = blocks.get((1, 0))?;
                found.unwrap().value().to_vec()
            };
            tx.table(tables::OKTA_EVENT_BLOCKS)?
                .insert((1, 1), other.as_slice())?;
            Ok(())
        },
        |tx| {
            tx.table(tables::OKTA_EVENT_BLOCKS)?
                .insert((1, 9), [].as_slice())?;
            Ok(())
        },
    ];
    for damage in damages {
        let store = Store::in_memory().unwrap();
        let kinds = (0..200_u8).map(|number| event(0, number, 1, &[]));
        write(&store, kinds.collect());
        assert_eq!(findings(&store), []);
        store.write(damage).unwrap();
        assert!(!findings(&store).is_empty());
    }
}

#[test]
fn the_log_of_a_file_of_layout_5_can_be_searched() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path());
    write(&Store::open(&options).unwrap(), log_with_something_rare());
    {
        let database = Database::open(options.file()).unwrap();
        let transaction = database.begin_write().unwrap();
        let blocks = tables::OKTA_EVENT_BLOCKS.engine;
        assert_eq!(transaction.open_table(blocks).unwrap().len().unwrap(), 78);
        transaction.delete_table(blocks).unwrap();
        transaction
            .open_table(tables::META.engine)
            .unwrap()
            .insert("schema_version", 5)
            .unwrap();
        transaction.commit().unwrap();
    }
    let store = Store::open(&options).unwrap();
    assert_eq!(findings(&store), []);
    finds_the_rare(&store);
}
