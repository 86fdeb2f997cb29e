//! Searches against reading everything, ids, the sweep.

use proptest::prelude::*;

use super::super::{Store, check};
use super::*;
use crate::model::ErrorInformation;

fn entry(number: u64) -> LogEntry {
    let guid = |n: u64| Guid::of_row(IdMix::new(7), "test", Seq(1), Seq(n));
    let status = Status::ALL[usize::try_from(number % 11 / 3).unwrap() % 4];
    let head = LogHead {
        seq: Seq(0),
        job: Seq(1 + number / 50 % 3),
        cycle_id: guid(number / 40),
        activity_date_time: Timestamp::from_millis(
            i64::try_from(number).unwrap() * 60_000
                - if number.is_multiple_of(17) {
                    3_600_000
                } else {
                    0
                },
        ),
        kind: if number.is_multiple_of(5) {
            ObjectKind::Group
        } else {
            ObjectKind::User
        },
        object: Seq(number % 30),
        action: Action::ALL[usize::try_from(number % 13 / 2).unwrap() % 6],
        status,
        error: (status == Status::Failure).then(|| ErrorInformation {
            error_code: "EntryConflict".into(),
            reason: "taken".into(),
            recommended_action: None,
        }),
        duration_in_milliseconds: number * 37 % 1_000,
        source: Identity {
            id: guid(1_000 + number % 30).to_string(),
            display_name: if number % 30 == 8 {
                "\u{39d}\u{3af}\u{3ba}\u{3bf}\u{3c2} \u{3a0}\u{391}\u{3a0}\u{391}\u{3a3}\u{39f}\u{3a5}".into()
            } else {
                format!("Ann \u{c5}se {}", number % 30)
            },
        },
        target: Identity {
            id: if number.is_multiple_of(4) {
                String::new()
            } else {
                format!("U{}", number % 30)
            },
            display_name: format!("ann{}@contoso.example", number % 30),
        },
        initiated_by: number
            .is_multiple_of(19)
            .then(|| "ada@contoso.example".into()),
    };
    LogEntry::new(head, LogDetails::default())
}

fn filled(count: u64) -> Store {
    let store = Store::in_memory().unwrap();
    for from in (0..count).step_by(50) {
        store
            .write(move |tx| -> Result<(), Error> {
                for number in from..(from + 50).min(count) {
                    append(tx, Seq(1), entry(number))?;
                    if number % 100 == 0 {
                        append(tx, Seq(2), entry(number))?;
                    }
                }
                Ok(())
            })
            .unwrap();
    }
    store
}

const ENOUGH: Bounds = Bounds {
    entries: usize::MAX,
    reads: usize::MAX,
};

/// Everything that fits, page by page of `size`.
fn pages(store: &Store, wanted: &[Condition], order: Order, size: usize) -> Vec<u64> {
    let tx = store.read().unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    let bounds = Bounds {
        entries: size,
        reads: 90,
    };
    loop {
        let found = search(&tx, Seq(1), wanted, order, after, bounds, |_| true).unwrap();
        assert!(found.entries.len() <= size);
        all.extend(found.entries.iter().map(|head| head.seq.0));
        match found.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let guid = |n: u64| Guid::of_row(IdMix::new(7), "test", Seq(1), Seq(n));
    let end = || prop_oneof![Just(End::Source), Just(End::Target)];
    let text = |text: String, is: bool| {
        if is {
            Text::Is(text)
        } else {
            Text::Contains(text)
        }
    };
    let name = prop_oneof![
        Just("Ann \u{c5}se 7".to_owned()),
        Just("ann\u{5}".to_owned()),
        Just("ann1".to_owned()),
        // A part that ends with a capital sigma, which is another small letter at the end of a word.
        Just("\u{3a0}\u{391}\u{3a0}\u{391}\u{3a3}".to_owned()),
        Just("nobody".to_owned()),
        Just("n".to_owned()),
    ];
    prop_oneof![
        proptest::collection::vec((1_u64..5).prop_map(Seq), 0..3).prop_map(Condition::Jobs),
        (0_u64..12, any::<bool>()).prop_map(move |(n, is)| Condition::Cycle { id: guid(n), is }),
        proptest::sample::subsequence(Action::ALL.to_vec(), 0..4).prop_map(Condition::Actions),
        proptest::sample::subsequence(Status::ALL.to_vec(), 0..4).prop_map(Condition::Statuses),
        prop_oneof![Just(ObjectKind::User), Just(ObjectKind::Group)].prop_map(Condition::Kind),
        (0_u64..12).prop_map(move |n| Condition::CycleLike(guid(n).to_string()[..4].to_owned())),
        (name.clone(), any::<(bool, bool)>()).prop_map(move |(name, (is, service))| {
            Condition::InitiatedBy {
                name: text(name, is),
                service,
            }
        }),
        (0_u64..32, any::<bool>()).prop_map(move |(n, is)| {
            let id = guid(1_000 + n).to_string();
            let part = if is { id.as_str() } else { &id[2..7] };
            Condition::Id(End::Source, text(part.to_owned(), is))
        }),
        (0_u64..32, any::<bool>())
            .prop_map(move |(n, is)| Condition::Id(End::Target, text(format!("u{n}"), is))),
        Just(Condition::Id(End::Target, Text::Is(String::new()))),
        (end(), name.clone(), any::<bool>())
            .prop_map(move |(end, name, is)| Condition::Name(end, text(name, is))),
        name.prop_map(|text| Condition::Identity(text.to_uppercase())),
        Just(Condition::Identity("u7".into())),
        (0_i64..400, 0_i64..400).prop_map(|(from, to)| Condition::Time(
            Timestamp::from_millis(from * 60_000)..Timestamp::from_millis(to * 60_000)
        )),
        (0_u64..1_000, 0_u64..1_000).prop_map(|(from, to)| Condition::Duration(from..to)),
    ]
}

#[test]
fn every_search_finds_what_reading_everything_finds() {
    let store = filled(400);
    let tx = store.read().unwrap();
    let all = search(&tx, Seq(1), &[], Order::OldestFirst, None, ENOUGH, |_| true).unwrap();
    assert_eq!(all.entries.len(), 400);
    proptest!(|(wanted in proptest::collection::vec(condition(), 0..4), size in 1_usize..30)| {
        let fits = |head: &&LogHead| wanted.iter().all(|condition| condition.fits(head));
        let mut expected: Vec<u64> = all.entries.iter().filter(fits).map(|h| h.seq.0).collect();
        prop_assert_eq!(pages(&store, &wanted, Order::OldestFirst, size), expected.clone());
        expected.reverse();
        prop_assert_eq!(pages(&store, &wanted, Order::NewestFirst, size), expected);
    });
}

#[test]
fn a_part_of_a_name_is_found_in_any_case_whatever_follows_it() {
    let store = filled(128);
    let (upper, lower) = (
        "\u{3a0}\u{391}\u{3a0}\u{391}\u{3a3}",
        "\u{3c0}\u{3b1}\u{3c0}\u{3b1}\u{3c3}",
    );
    for wanted in [
        Condition::Name(End::Source, Text::Contains(upper.into())),
        Condition::Identity(upper.into()),
        Condition::Identity(lower.into()),
    ] {
        let found = pages(&store, std::slice::from_ref(&wanted), Order::OldestFirst, 9);
        assert_eq!(found, [9, 39, 69, 99], "{wanted:?}");
    }
}

#[test]
fn a_rare_thing_is_found_without_reading_what_lies_before_it() {
    let store = filled(2_000);
    let tx = store.read().unwrap();
    let rare = |wanted: &[Condition]| {
        let bounds = Bounds {
            entries: 25,
            // The newest block is not described yet: it is read.
            reads: 64 + 25,
        };
        search(
            &tx,
            Seq(1),
            wanted,
            Order::NewestFirst,
            None,
            bounds,
            |_| true,
        )
        .unwrap()
    };
    let oldest = entry(0);
    for wanted in [
        vec![Condition::Cycle {
            id: oldest.cycle_id,
            is: true,
        }],
        vec![Condition::Time(
            Timestamp::from_millis(i64::MIN)..Timestamp::from_millis(0),
        )],
        vec![
            Condition::Duration(995..1_000),
            Condition::Statuses(vec![Status::Warning]),
        ],
        vec![Condition::Identity("nobody".into())],
    ] {
        let found = rare(&wanted);
        assert!(!found.unfinished, "{wanted:?}");
    }
}

#[test]
fn an_entry_is_found_by_its_ids() {
    let store = filled(70);
    let tx = store.read().unwrap();
    let mix = store.mix();
    for seq in [1, 63, 64, 70].map(Seq) {
        let (id, change) = (id(mix, Seq(1), seq), change_id(mix, Seq(1), seq));
        assert_eq!(position_of_id(mix, Seq(1), &id), Some(seq));
        assert_eq!(position_of_change(mix, Seq(1), &change), Some(seq));
        assert_eq!(position_of_change(mix, Seq(1), &id), None);
        assert_eq!(find(&tx, Seq(1), seq).unwrap().unwrap().seq, seq);
    }
}

#[test]
fn the_oldest_are_swept_block_by_block_and_the_rest_is_still_found() {
    let store = filled(300);
    let before = Timestamp::from_millis(200 * 60_000);
    let mut swept = 0;
    loop {
        let gone = store.write(move |tx| sweep(tx, Seq(1), before)).unwrap();
        assert!(gone <= 64);
        swept += gone;
        assert_eq!(check(&store.read().unwrap()).unwrap(), []);
        if gone == 0 {
            break;
        }
    }
    let left = pages(&store, &[], Order::OldestFirst, 100);
    assert_eq!(left.len() + swept, 300);
    // What was written after the clock was set back waits for its neighbours.
    assert_eq!(left.first(), Some(&201));
    let wanted = [Condition::Statuses(vec![Status::Skipped])];
    let skipped = pages(&store, &wanted, Order::NewestFirst, 10);
    assert!(!skipped.is_empty() && skipped.iter().all(|seq| *seq > 200));
    assert_eq!(tenants(&store.read().unwrap()).unwrap(), [Seq(1), Seq(2)]);
}

#[test]
fn a_log_is_kept_for_thirty_days_unless_somebody_says_otherwise() {
    let store = Store::in_memory().unwrap();
    let kept = |tenant| retention(&store.read().unwrap(), Seq(tenant)).unwrap().days;
    assert_eq!(kept(1), Some(30));
    let forever = LogRetention { days: None };
    store
        .write(move |tx| put_retention(tx, Seq(1), forever))
        .unwrap();
    assert_eq!((kept(1), kept(2)), (None, Some(30)));
}
