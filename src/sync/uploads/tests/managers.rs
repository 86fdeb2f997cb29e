//! Managers: in whichever order people come, one entry of the log for each operation, and no failure while somebody waits.

use serde_json::{Value, json};

use super::{Bench, ENTERPRISE, outcome, person, report};
use crate::model::{Action, LogEntry, Status, StepKind};
use crate::store::directory;

#[test]
fn managers_are_set_in_whichever_order_people_come() {
    let bench = Bench::new();
    let ann = report("1", "ann@contoso.example", "2");
    let bob = report("2", "bob@contoso.example", "9");
    // Ann comes before her manager in the same request; Bob's manager does not come.
    assert_eq!(bench.upload(&[ann, bob]), outcome(2, 0, 0, 0));
    let bob = bench.user("bob@contoso.example");
    assert_eq!(bench.user("ann@contoso.example").manager, Some(bob.seq));
    assert_eq!(bob.manager, None);

    assert_eq!(
        bench.upload(&[person("9", "cho@contoso.example")]),
        outcome(1, 0, 0, 0)
    );
    let cho = bench.user("cho@contoso.example");
    assert_eq!(bench.user("bob@contoso.example").manager, Some(cho.seq));
    assert_eq!(bench.awaits("bob@contoso.example"), None);

    // One entry for each operation, with the manager in it, and one when a manager comes later. Nothing has failed.
    let told: Vec<_> = bench
        .entries()
        .into_iter()
        .map(|entry| {
            let managers = entry.modified_properties.iter();
            let manager = managers
                .filter(|modified| modified.display_name == "manager")
                .map(|modified| modified.new_value.clone().unwrap());
            let manager = manager.collect::<Vec<_>>().join(" ");
            (entry.source.id, entry.action, entry.status, manager)
        })
        .collect();
    let (done, nobody) = (Status::Success, String::new());
    assert_eq!(
        told,
        [
            ("1".into(), Action::Create, done, bob.id.to_string()),
            ("2".into(), Action::Create, Status::Warning, nobody.clone()),
            ("9".into(), Action::Create, done, nobody),
            ("2".into(), Action::Update, done, cho.id.to_string()),
        ]
    );
}

#[test]
fn the_entry_of_a_user_says_who_is_waited_for() {
    let bench = Bench::new();
    let bob = report("2", "bob@contoso.example", "9");
    assert_eq!(
        bench.upload(std::slice::from_ref(&bob)),
        outcome(1, 0, 0, 0)
    );
    // Sent again, there is still nothing else to do.
    assert_eq!(bench.upload(&[bob]), outcome(0, 0, 1, 0));
    let [created, skipped] = <[LogEntry; 2]>::try_from(bench.entries()).unwrap();
    assert_eq!(
        (created.action, created.status),
        (Action::Create, Status::Warning)
    );
    assert_eq!(
        (skipped.action, skipped.status),
        (Action::Other, Status::Skipped)
    );
    for entry in [created, skipped] {
        let step = entry.steps.last().unwrap();
        assert_eq!(step.kind, StepKind::ReferenceResolution);
        assert_eq!(step.status, Status::Skipped);
        let error = entry.error.unwrap();
        assert_eq!(error.error_code, "UnableToResolveReferenceAttributeValue");
        assert_eq!(step.description, error.reason);
        assert!(
            error
                .reason
                .starts_with("We were unable to assign 9 as the manager of bob@contoso.example."),
            "{}",
            error.reason
        );
        assert!(error.recommended_action.unwrap().contains("externalId 9"));
    }
}

#[test]
fn more_reports_than_one_write_takes_get_their_manager() {
    let bench = Bench::new();
    for page in 0..5_u32 {
        let people: Vec<Value> = (0..50)
            .map(|n| {
                let anchor = page * 50 + n;
                let mut data = person(&anchor.to_string(), &format!("u{anchor}@contoso.example"));
                data[ENTERPRISE] = json!({"manager": {"value": "boss"}});
                data
            })
            .collect();
        bench.accept(&people).unwrap();
    }
    bench.work();
    bench.upload(&[person("boss", "boss@contoso.example")]);
    let boss = bench.user("boss@contoso.example").seq;
    let tx = bench.store.read().unwrap();
    assert_eq!(
        directory::reports_of(&tx, bench.key.tenant, boss)
            .unwrap()
            .len(),
        250
    );
}
