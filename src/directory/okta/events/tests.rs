//! Part 2.11 of the Okta reference, as data.

use std::collections::BTreeSet;

use super::*;
use crate::store::Store;
use crate::store::okta::events::{Order, search};

const ORG: Seq = Seq(1);

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn recorded(event: Event, token: Option<Seq>, job: Option<Seq>) -> SystemEvent {
    let store = Store::in_memory().unwrap();
    store
        .write(move |tx| {
            let administrator = OrgAdministrator {
                org: ORG,
                name: "Terraform".to_owned(),
                token,
                itself: false,
                account: None,
            };
            let cause = job.map_or(Cause::Administrator(&administrator), Cause::Job);
            record(tx, ORG, cause, event, Vec::new(), now())
        })
        .unwrap();
    let tx = store.read().unwrap();
    let found = search(&tx, ORG, Order::NewestFirst, None, (10, 10), |_| true).unwrap();
    found.events[0].clone()
}

#[test]
fn types_are_unique_and_speak_for_themselves() {
    let names: BTreeSet<&str> = EventType::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), EventType::ALL.len());
    for kind in EventType::ALL {
        assert!(kind.name().contains('.') && !kind.message().is_empty());
    }
}

/// 2.11: "`severity` INFO on success, WARN or ERROR on failure".
#[test]
fn severity_follows_the_outcome() {
    use EventResult::{Failure, Skipped, Success};
    use EventSeverity::{Error, Info, Warn};
    let kind = EventType::UserSync;
    for (event, result, severity) in [
        (Event::success(kind, vec![]), Success, Info),
        (Event::skipped(kind, vec![]), Skipped, Info),
        (Event::failure(kind, "x", vec![]), Failure, Error),
        (
            Event::failure(EventType::RateLimitExceeded, "x", vec![]),
            Failure,
            Warn,
        ),
    ] {
        let event = recorded(event, None, None);
        assert_eq!((event.outcome.result, event.severity), (result, severity));
    }
}

/// 2.11: "`outcome.reason` null or at most 255 characters".
#[test]
fn a_reason_is_cut_at_255_characters() {
    let event = Event::failure(EventType::UserPush, &"é".repeat(300), vec![]);
    let reason = recorded(event, None, None).outcome.reason.unwrap();
    assert_eq!(reason.chars().count(), 255);
    let event = Event::success(EventType::UserPush, vec![]);
    assert_eq!(recorded(event, None, None).outcome.reason, None);
}

/// 2.11: "`transaction.type` `JOB` for background pushes, `WEB` for admin clicks".
#[test]
fn jobs_are_oktas_doing_and_clicks_are_somebodys() {
    let event = Event::success(EventType::UserSync, vec![]);
    let job = recorded(event.clone(), None, Some(Seq(7)));
    assert!(job.in_background && job.transaction.starts_with("puj"));
    assert_eq!(job.actor.kind, "SystemPrincipal");
    let click = recorded(event.clone(), None, None);
    assert!(!click.in_background);
    assert_eq!(click.actor.display_name, "Terraform");
    let call = recorded(event, Some(Seq(3)), None);
    assert!(call.actor.id.starts_with("00T"), "{}", call.actor.id);
    assert_ne!(call.actor.id, click.actor.id);
}

#[test]
fn an_assignment_has_an_id_of_its_own() {
    let mix = IdMix::new(5);
    let mut seen = BTreeSet::new();
    for app in 1..=20 {
        for user in 1..=20 {
            let key = crate::store::okta::AppKey {
                org: ORG,
                app: Seq(app),
            };
            assert!(seen.insert(app_user_id(mix, key, Seq(user))));
        }
    }
}

#[test]
fn events_are_kept_for_ninety_days() {
    let store = Store::in_memory().unwrap();
    let left = |store: &Store| {
        let tx = store.read().unwrap();
        let found = search(&tx, Seq(1), Order::OldestFirst, None, (9, 9), |_| true).unwrap();
        found.events.len()
    };
    store
        .write(|tx| {
            let operator = crate::access::Operator::of_this_process();
            super::super::orgs::create(tx, &operator, "A", "a", now())
                .map_err(crate::error::Error::from)
        })
        .unwrap();
    let swept = |store: &Store, at: Timestamp| store.write(move |tx| sweep(tx, at)).unwrap();
    assert!(!swept(&store, now().plus(KEPT)));
    assert_eq!(left(&store), 1);
    assert!(!swept(
        &store,
        now().plus(KEPT).plus(Duration::from_millis(1))
    ));
    assert_eq!(left(&store), 0);
}
