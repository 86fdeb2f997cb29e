//! Targets that misbehave, agents that die, jobs that are stopped and restarted.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::clock::{Clock as _, Timestamp};
use crate::model::{CycleKind, CycleState, JobStatus, MailKind, Scope, Status};
use crate::secret::Plain;
use crate::store::{jobs as rows, mail};
use crate::sync::jobs::{self, RestartScope};
use crate::sync::testing::{Fault, Lab, operator};
use crate::sync::{Agent, Connection, ConnectionFailure, NoConnection, run_cycle, test_connection};

const JSON: &str = "application/scim+json";

#[test]
fn a_cycle_that_died_goes_on_and_creates_nobody_twice() {
    // One worker saves five objects at a time. Four finish out of order, so one slow object can hold
    // back all that the pages in flight allow (21 of 40): only their first save is sure to be early.
    for (workers, stop_after) in [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (4, 1)] {
        let mut lab = Lab::new(Scope::All);
        for n in 0..40 {
            lab.user(&format!("user{n}"), None);
        }
        let mut job = lab.job();
        job.parallel_exports = workers;
        let key = lab.key;
        lab.write(move |tx| Ok(rows::put(tx, key.tenant, &job)?));
        let saves = Arc::new(AtomicUsize::new(0));
        lab.context.settings.batch = 5;
        lab.context.settings.source_page = 7;
        lab.context.settings.observer = Some(Arc::new(move |_| {
            if saves.fetch_add(1, Ordering::SeqCst) + 1 == stop_after {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }));
        let died = run_cycle(&lab.context, key).unwrap();
        assert_eq!(died.state, CycleState::Running);
        assert!(died.after.0 > 0, "{died:?}");
        lab.context.settings.observer = None;
        let resumed = run_cycle(&lab.context, key).unwrap();
        assert_eq!(
            (resumed.state, resumed.seq),
            (CycleState::Succeeded, died.seq)
        );
        let posts = lab
            .target
            .seen()
            .iter()
            .filter(|s| s.starts_with("POST"))
            .count();
        assert_eq!((posts, lab.target.all("Users").len()), (40, 40));
        let tx = lab.context.store.read().unwrap();
        let links = rows::count_links(&tx, key, crate::model::ObjectKind::User).unwrap();
        assert_eq!(links, 40);
    }
}

#[test]
fn nonsense_fails_one_object_and_the_cycle_goes_on() {
    for (fault, code) in [
        (Fault::Answer(500, JSON, "{}"), "InternalServerError"),
        (Fault::Answer(429, JSON, "{}"), "TooManyRequests"),
        (Fault::Answer(401, JSON, "{}"), "Unauthorized"),
        (Fault::Answer(409, JSON, "{}"), "EntryConflict"),
        (
            Fault::Answer(200, "text/html", "<html>hello"),
            "SystemForCrossDomainIdentityManagementServiceIncompatible",
        ),
        (
            Fault::Answer(201, JSON, "{\"id\":"),
            "SystemForCrossDomainIdentityManagementServiceIncompatible",
        ),
        (
            Fault::Answer(302, JSON, ""),
            "SystemForCrossDomainIdentityManagementServiceIncompatible",
        ),
        (Fault::Truncated, "WebExceptionProtocolError"),
        (Fault::Closed, "WebExceptionProtocolError"),
    ] {
        let lab = Lab::new(Scope::All);
        for name in ["ann", "bob", "cleo"] {
            lab.user(name, None);
        }
        let mut posts = 0;
        let broken = fault.clone();
        lab.target.chaos(move |method, _| {
            posts += usize::from(method == "POST");
            (method == "POST" && posts == 2).then(|| broken.clone())
        });
        let cycle = lab.cycle();
        assert_eq!(cycle.state, CycleState::EntryLevelErrors, "{code}");
        assert_eq!(
            (cycle.counts.created, cycle.counts.failed),
            (2, 1),
            "{code}"
        );
        let log = lab.log();
        let failed = log.iter().find(|e| e.status == Status::Failure).unwrap();
        assert_eq!(failed.error.as_ref().unwrap().error_code, code);
        assert_eq!(failed.exchanges.len(), 2);
        assert!(
            failed.exchanges[1]
                .request
                .as_ref()
                .unwrap()
                .contains("bob@contoso.com")
        );
        assert!(!format!("{log:?}").contains("secret-token"));

        lab.target.calm();
        lab.clock.advance(Duration::from_hours(6));
        let cycle = lab.cycle();
        assert_eq!(
            (cycle.state, cycle.counts.created),
            (CycleState::Succeeded, 1),
            "{code}"
        );
        let tx = lab.context.store.read().unwrap();
        assert!(rows::escrows(&tx, lab.key).unwrap().is_empty());
    }
}

#[test]
fn transient_failures_are_tried_in_the_next_cycle_and_lasting_ones_later() {
    for (status, tried) in [(503, 1), (409, 0)] {
        let lab = Lab::new(Scope::All);
        lab.user("ann", None);
        lab.target.chaos(move |method, _| {
            (method == "POST").then_some(Fault::Answer(status, JSON, "{}"))
        });
        lab.cycle();
        lab.target.seen();
        lab.clock.advance(Duration::from_mins(40));
        lab.cycle();
        let posts = lab
            .target
            .seen()
            .iter()
            .filter(|s| s.starts_with("POST"))
            .count();
        assert_eq!(posts, tried, "{status}");
    }
}

#[test]
fn a_failing_probe_means_quarantine_until_it_passes() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.target
        .chaos(|_, _| Some(Fault::Answer(401, JSON, "{}")));
    // Twice as long every time, and from the tenth attempt on once a day.
    let minutes = [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440];
    for (attempt, minutes) in (1..).zip(minutes) {
        let cycle = lab.cycle();
        assert_eq!(cycle.state, CycleState::Failed);
        let job = lab.job();
        let quarantine = job.quarantine.unwrap();
        assert_eq!(
            (job.status, quarantine.count),
            (JobStatus::Quarantine, attempt)
        );
        assert_eq!(
            quarantine.error.error_code,
            "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
        );
        let wait = job.next_run.unwrap().since(lab.clock.now());
        assert_eq!(wait, Duration::from_mins(minutes));
    }
    lab.target.calm();
    assert_eq!(lab.cycle().state, CycleState::Succeeded);
    let job = lab.job();
    assert_eq!((job.status, job.quarantine), (JobStatus::Active, None));
}

#[test]
fn a_quarantine_is_mailed_once_a_reason_to_the_notification_email() {
    let lab = Lab::new(Scope::All);
    let answer = |status| {
        lab.target
            .chaos(move |_, _| Some(Fault::Answer(status, JSON, "{}")));
        lab.cycle();
    };
    let mails = || {
        let mut found = Vec::new();
        let tx = lab.context.store.read().unwrap();
        mail::walk_back(&tx, |mail| {
            assert_eq!(mail.kind, MailKind::Provisioning);
            found.push(mail.to);
            ControlFlow::Continue(())
        })
        .unwrap();
        found.len()
    };
    let key = lab.key;
    answer(401);
    assert_eq!(mails(), 0, "nobody is to be told");
    lab.write(move |tx| {
        let refused =
            jobs::set_notification(tx, &operator(), key, "nobody", true, Timestamp::default());
        assert!(refused.is_err());
        jobs::set_notification(
            tx,
            &operator(),
            key,
            " ops@example.com ",
            true,
            Timestamp::default(),
        )
    });
    lab.target.calm();
    lab.cycle();
    answer(401);
    answer(401);
    assert_eq!(mails(), 1, "once on entering");
    answer(500);
    assert_eq!(mails(), 2, "once more for another reason");
}

#[test]
fn a_restart_ends_a_running_cycle_and_begins_an_initial_one() {
    let mut lab = Lab::new(Scope::All);
    for n in 0..20 {
        lab.user(&format!("user{n}"), None);
    }
    lab.context.settings.batch = 5;
    let (store, key) = (lab.context.store.clone(), lab.key);
    let restarted = Arc::new(AtomicUsize::new(0));
    lab.context.settings.observer = Some(Arc::new(move |_| {
        if restarted.fetch_add(1, Ordering::SeqCst) == 0 {
            store
                .write(move |tx| {
                    let scope = RestartScope::default();
                    jobs::restart(tx, &operator(), key, scope, Timestamp::default())
                })
                .unwrap();
        }
        ControlFlow::Continue(())
    }));
    let first = run_cycle(&lab.context, key).unwrap();
    assert_eq!(first.state, CycleState::Stopped);
    let second = lab.cycle();
    assert_eq!(
        (second.kind, second.state),
        (CycleKind::Initial, CycleState::Succeeded)
    );
    assert!(second.seq > first.seq);
    assert_eq!(lab.target.all("Users").len(), 20);
}

#[test]
fn a_stopped_job_finishes_its_cycle_and_schedules_nothing() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    let key = lab.key;
    lab.write(move |tx| jobs::stop(tx, &operator(), key, Timestamp::default()));
    assert_eq!(lab.cycle().state, CycleState::Succeeded);
    let job = lab.job();
    assert_eq!((job.status, job.next_run), (JobStatus::Paused, None));
    assert!(job.watermark.is_some());
}

#[test]
fn duplicates_and_filters_that_do_not_filter_are_errors() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    for _ in 0..2 {
        lab.target.put(
            "Users",
            serde_json::json!({ "userName": "ann@contoso.com" }),
        );
    }
    lab.cycle();
    assert_eq!(lab.codes(), ["DuplicateTargetEntries"]);

    let lab = Lab::new(Scope::All);
    lab.user("bob", None);
    lab.target.chaos(|method, path| {
        (method == "GET" && path.contains("bob")).then_some(Fault::Answer(200, JSON,
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[{"id":"1","userName":"someone"}]}"#))
    });
    lab.cycle();
    assert_eq!(
        lab.codes(),
        ["SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering"]
    );
}

#[test]
fn an_object_that_vanished_from_the_target_is_an_invalid_anchor() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    lab.cycle();
    lab.target.chaos(|_, path| {
        path.ends_with("/Users/U1")
            .then_some(Fault::Answer(404, JSON, "{}"))
    });
    lab.rename(user, "Ann");
    lab.cycle();
    assert_eq!(lab.codes(), ["InvalidAnchor"]);
}

#[test]
fn test_connection_tells_what_is_wrong() {
    let lab = Lab::new(Scope::All);
    let rules = lab.job().rules;
    let test = |url: &str, token: &str| {
        let connection = Connection::new(url, Plain::new(token).into()).unwrap();
        test_connection(&lab.context, connection, &rules, crate::id::Guid::random())
    };
    lab.target.seen();
    let nobody = crate::id::Guid::random();
    let connection = Connection::new(&lab.target.url, Plain::new("secret-token").into()).unwrap();
    let passed = test_connection(&lab.context, connection, &rules, nobody);
    assert_eq!(passed.unwrap().len(), 2);
    assert_eq!(
        lab.target.seen(),
        [
            format!("GET /Users?filter=userName+eq+%22{nobody}%22"),
            format!("GET /Groups?excludedAttributes=members&filter=displayName+eq+%22{nobody}%22"),
        ]
    );
    let wrong = test(&lab.target.url, "wrong-token").unwrap_err();
    assert_eq!(
        wrong.code,
        "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
    );
    assert!(
        wrong.message.contains("Response Status Code: Unauthorized"),
        "{wrong}"
    );
    assert!(!format!("{wrong:?}").contains("wrong-token"));
    let nonsense: ConnectionFailure = Connection::new("nonsense", Plain::new("t").into())
        .map_err(|bad| NoConnection::from(bad).into())
        .unwrap_err();
    assert_eq!(
        nonsense.code,
        "SystemForCrossDomainIdentityManagementInvalidCredentials"
    );
    assert_eq!(
        test("http://127.0.0.1:1/scim", "t").unwrap_err().code,
        "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
    );
    lab.target.chaos(|_, path| {
        path.contains("/Groups")
            .then_some(Fault::Answer(404, JSON, "{}"))
    });
    let groups = test(&lab.target.url, "secret-token").unwrap_err();
    assert_eq!(
        groups.code,
        "SystemForCrossDomainIdentityManagementServiceIncompatible"
    );
    assert!(
        groups.message.starts_with("An HTTP/404 Not Found response"),
        "{groups}"
    );
    lab.target.chaos(|_, path| {
        path.contains("/Groups").then_some(Fault::Answer(
            200,
            JSON,
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[{"id":"1","displayName":"x"}]}"#,
        ))
    });
    let somebody = test(&lab.target.url, "secret-token").unwrap_err();
    assert_eq!(
        somebody.code,
        "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering"
    );
}

#[test]
fn the_agent_runs_due_jobs_and_can_be_shut_down() {
    let mut lab = Lab::new(Scope::All);
    lab.user("ann", None);
    let (done, finished) = std::sync::mpsc::channel();
    lab.context.settings.observer = Some(Arc::new(move |_| {
        let _ = done.send(());
        ControlFlow::Continue(())
    }));
    let agent = Agent::with_context(lab.context.clone()).unwrap();
    agent.wake();
    finished.recv_timeout(Duration::from_mins(1)).unwrap();
    agent.shutdown();
    assert!(!lab.context.is_running(lab.key));
    assert_eq!(lab.target.all("Users").len(), 1);
}
