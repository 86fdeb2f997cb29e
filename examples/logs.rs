//! How long a page of the provisioning log takes in a log of any length, and what an entry costs to append.
//!
//! `cargo run --release --example logs -- 1000000` fills a log of that many entries in a temporary directory and
//! prints, for every kind of filter, the median and the worst of the first page, a page in the middle and the last; then
//! the same of Graph's `auditLogs/provisioning` over HTTP, for every documented form of `$filter`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::too_many_lines,
    reason = "a program that measures and may stop"
)]

#[path = "logs/graph.rs"]
mod graph;

use std::time::Duration;

use scimlab::clock::{Stopwatch, Timestamp};
use scimlab::id::{Guid, IdMix, Seq};
use scimlab::model::{
    Action, ErrorInformation, Exchange, Identity, LogDetails, LogEntry, LogHead, ModifiedProperty,
    ObjectKind, Status, Step, StepKind,
};
use scimlab::store::logs::{self, Bounds, Condition, End, Order, Text};
use scimlab::store::{Error, Options, Store};

fn guid(kind: &str, number: u64) -> Guid {
    Guid::of_row(IdMix::new(7), kind, Seq(1), Seq(number))
}

fn entry(number: u64) -> LogEntry {
    let failed = number % 5_000 == 7;
    let step = |name: &str, kind| Step {
        name: name.to_owned(),
        kind,
        status: Status::Success,
        description: format!("{name} of User 'person{number}@contoso.example' in customappsso"),
        details: serde_json::Map::new(),
    };
    let exchange = Exchange {
        method: "POST".into(),
        url: "http://127.0.0.1:7644/scim/v2/Users".into(),
        request: Some("x".repeat(700)),
        status: Some(201),
        response: "y".repeat(900),
        milliseconds: 3,
    };
    let head = LogHead {
        seq: Seq(0),
        job: Seq(1 + number % 3),
        cycle_id: guid("cycle", number / 20_000),
        activity_date_time: Timestamp::from_millis(
            1_750_000_000_000 + i64::try_from(number).unwrap() * 2_000,
        ),
        kind: if number.is_multiple_of(11) {
            ObjectKind::Group
        } else {
            ObjectKind::User
        },
        object: Seq(number),
        action: Action::ALL[usize::try_from(number % 97 % 6).unwrap()],
        status: if failed {
            Status::Failure
        } else {
            [Status::Success, Status::Skipped][usize::from(number.is_multiple_of(4))]
        },
        error: failed.then(|| ErrorInformation {
            error_code: "EntryConflict".into(),
            reason: "StatusCode: Conflict".repeat(20),
            recommended_action: None,
        }),
        duration_in_milliseconds: number % 400,
        source: Identity {
            id: guid("source", number).to_string(),
            display_name: format!("Person {number}"),
        },
        target: Identity {
            id: guid("target", number).to_string(),
            display_name: format!("person{number}@contoso.example"),
        },
        initiated_by: number
            .is_multiple_of(9_999)
            .then(|| "ada@contoso.example".into()),
    };
    let details = LogDetails {
        steps: vec![
            step("EntryImportAdd", StepKind::Import),
            step("EntrySynchronizationScoping", StepKind::Scoping),
            step("EntrySynchronizationAdd", StepKind::Matching),
            step("EntryExportAdd", StepKind::Export),
        ],
        modified_properties: (0..8)
            .map(|n| ModifiedProperty {
                display_name: format!("attribute{n}"),
                old_value: None,
                new_value: Some("value".into()),
            })
            .collect(),
        exchanges: vec![exchange],
    };
    LogEntry::new(head, details)
}

fn main() {
    let count: u64 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Options::new(folder.path())).unwrap();
    let began = Stopwatch::start();
    for from in (0..count).step_by(1_000) {
        store
            .write(move |tx| -> Result<(), Error> {
                for number in from..(from + 1_000).min(count) {
                    logs::append(tx, Seq(1), entry(number))?;
                }
                Ok(())
            })
            .unwrap();
    }
    let took = began.elapsed();
    println!(
        "{count} entries in {:.1} s, {:.1} microseconds each",
        took.as_secs_f64(),
        took.as_secs_f64() * 1e6 / count as f64
    );
    let middle = count / 2;
    let rare = middle.max(1);
    let filters: Vec<(&str, Vec<Condition>)> = vec![
        ("nothing", vec![]),
        ("job", vec![Condition::Jobs(vec![Seq(2)])]),
        (
            "cycle in the middle",
            vec![Condition::Cycle {
                id: guid("cycle", middle / 20_000),
                is: true,
            }],
        ),
        (
            "not the last cycle",
            vec![Condition::Cycle {
                id: guid("cycle", (count - 1) / 20_000),
                is: false,
            }],
        ),
        ("failures", vec![Condition::Statuses(vec![Status::Failure])]),
        (
            "failed deletions of groups",
            vec![
                Condition::Statuses(vec![Status::Failure]),
                Condition::Actions(vec![Action::Delete]),
                Condition::Kind(ObjectKind::Group),
            ],
        ),
        (
            "nothing fits",
            vec![
                Condition::Actions(vec![Action::Create]),
                Condition::Duration(900..1_000),
            ],
        ),
        (
            "source id",
            vec![Condition::Id(
                End::Source,
                Text::Is(guid("source", rare).to_string()),
            )],
        ),
        (
            "target id",
            vec![Condition::Id(
                End::Target,
                Text::Is(guid("target", rare).to_string()),
            )],
        ),
        (
            "name of one",
            vec![Condition::Identity(format!("person{rare}@contoso"))],
        ),
        (
            "name of all",
            vec![Condition::Identity("contoso.example".into())],
        ),
        ("name of nobody", vec![Condition::Identity("zebra".into())]),
        (
            "name contains",
            vec![Condition::Name(
                End::Source,
                Text::Contains(format!("Person {rare}")),
            )],
        ),
        (
            "first day",
            vec![Condition::Time(
                Timestamp::from_millis(0)..Timestamp::from_millis(1_750_000_000_000 + 86_400_000),
            )],
        ),
        (
            "on demand",
            vec![Condition::InitiatedBy {
                name: Text::Is("ada@contoso.example".into()),
                service: false,
            }],
        ),
        (
            "part of a source id",
            vec![Condition::Id(
                End::Source,
                Text::Contains(guid("source", rare).to_string()[..13].to_owned()),
            )],
        ),
        (
            "part of a cycle",
            vec![Condition::CycleLike(
                guid("cycle", middle / 20_000).to_string()[..13].to_owned(),
            )],
        ),
    ];
    let bounds = Bounds {
        entries: 25,
        reads: 20_000,
    };
    println!(
        "{:<28} {:>10} {:>10} {:>8}",
        "filter", "median", "worst", "found"
    );
    for (name, wanted) in filters {
        let mut times: Vec<Duration> = Vec::new();
        let mut found = 0;
        for after in [None, Some(Seq(middle)), Some(Seq(count / 10 + 1))] {
            for _ in 0..7 {
                let tx = store.read().unwrap();
                let began = Stopwatch::start();
                let page = logs::search(
                    &tx,
                    Seq(1),
                    &wanted,
                    Order::NewestFirst,
                    after,
                    bounds,
                    |_| true,
                )
                .unwrap();
                times.push(began.elapsed());
                found = found.max(page.entries.len());
            }
        }
        times.sort_unstable();
        let ms = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
        println!(
            "{name:<28} {:>10} {:>10} {found:>8}",
            ms(times[times.len() / 2]),
            ms(times[times.len() - 1])
        );
    }
    graph::measure(&store, count);
}
