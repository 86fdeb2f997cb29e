//! Targets that ask for patience: part 1.13 of the Okta reference, on the appliance's clock.

use std::time::Duration;

use super::super::super::testing::Fault;
use super::*;
use crate::sync::{next_due, plan_anew, run_due};

const SCIM: &str = "application/scim+json";

fn too_many(header: &str) -> Fault {
    Fault::Bytes(format!(
        "HTTP/1.1 429 X\r\nConnection: close\r\nContent-Type: {SCIM}\r\n{header}Content-Length: 0\r\n\r\n"
    ))
}

/// Seconds from now until the queue is due.
fn wait(lab: &Lab) -> u64 {
    let due = next_due(&lab.context.store.read().unwrap())
        .unwrap()
        .unwrap();
    due.since(lab.clock.now()).as_secs()
}

/// Integer seconds exactly, else 300 s; then twice as long each time; ten attempts; then a task.
#[test]
fn a_job_is_tried_ten_times() {
    for (header, first) in [
        ("Retry-After: 30\r\n", 30),
        ("", 300),
        ("Retry-After: 1.5\r\n", 300),
        ("Retry-After: null\r\n", 300),
        ("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n", 300),
    ] {
        let lab = Lab::oin();
        lab.target.chaos(move |_, _| Some(too_many(header)));
        lab.assign(lab.person("ann"));
        let mut expected = first;
        for attempt in 1..10 {
            assert_eq!(lab.sent().len(), 1, "attempt {attempt}");
            assert_eq!((wait(&lab), lab.tasks()), (expected, vec![]));
            assert_eq!(lab.sent(), [""; 0], "not before its time");
            lab.clock.advance(Duration::from_secs(expected));
            expected *= 2;
        }
        assert_eq!(lab.sent().len(), 1);
        assert!(
            lab.task().ends_with("exists: Too Many Requests."),
            "{}",
            lab.task()
        );
        let limits = lab.told();
        let limits = limits.iter().filter(|t| {
            *t == "application.integration.rate_limit_exceeded FAILURE"
                || *t == "integration.rate_limit_exceeded FAILURE"
        });
        assert_eq!(limits.count(), 9);
    }
}

/// The whole queue waits after the first refusal, and goes on in its order.
#[test]
fn everybody_waits_for_a_target_that_asks_for_patience() {
    let lab = Lab::oin();
    lab.target
        .chaos(|_, _| Some(too_many("Retry-After: 30\r\n")));
    for name in ["ann", "bob", "cid"] {
        lab.assign(lab.person(name));
    }
    assert_eq!(lab.sent().len(), 1);
    lab.target.calm();
    assert_eq!(lab.sent(), [""; 0]);
    lab.clock.advance(Duration::from_secs(30));
    let now = lab.clock.now();
    run_due(&lab.context, now).unwrap();
    let names: Vec<String> = lab
        .target
        .all("Users")
        .iter()
        .map(|u| u["userName"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["ann@x.test", "bob@x.test", "cid@x.test"]);
}

/// *Scope*: whatever a target refuses with 429 comes again when it said, and the log tells of the limit (1.12).
#[test]
fn everything_waits_when_the_target_asks_for_it() {
    type Work = fn(&Lab, Seq, Seq, Seq);
    let works: [(&str, Work); 8] = [
        ("GET", |lab, _, _, _| lab.assign(lab.person("bob"))),
        ("GET", |lab, ann, _, _| lab.change(ann, "lastName", "Roe")),
        ("PATCH", |lab, ann, _, _| lab.unassign(ann)),
        ("PATCH", |lab, ann, _, _| {
            lab.unassign(ann);
            lab.assign(ann);
        }),
        ("POST", |lab, _, _, _| {
            lab.push(lab.group("New", &[]), "New");
        }),
        ("PATCH", |lab, _, group, _| lab.rename(group, "Dev")),
        ("PATCH", |lab, ann, group, _| lab.leave(group, ann)),
        ("DELETE", |lab, _, _, mapping| lab.unlink(mapping, true)),
    ];
    for (number, (method, work)) in works.into_iter().enumerate() {
        let lab = Lab::oin();
        let (ann, _) = lab.provisioned("ann");
        let group = lab.group("Eng", &[ann]);
        let mapping = lab.push(group, "Eng");
        lab.drain();
        work(&lab, ann, group, mapping);
        let mut refused = 0;
        lab.target.chaos(move |asked, _| {
            refused += u32::from(asked == method);
            (asked == method && refused == 1).then(|| too_many("Retry-After: 7\r\n"))
        });
        lab.drain();
        assert_eq!((lab.tasks(), wait(&lab)), (vec![], 7), "{number}");
        let limit = "integration.rate_limit_exceeded FAILURE".to_owned();
        assert!(lab.told().contains(&limit), "{number}: {:?}", lab.told());
        lab.clock.advance(Duration::from_secs(7));
        lab.drain();
        assert_eq!((lab.tasks(), lab.waiting()), (vec![], vec![]), "{number}");
    }
}

/// The clock was ahead when jobs came: once it is back they wait as long as they were to, and not until then.
#[test]
fn a_queue_does_not_wait_for_a_clock_that_went_back() {
    let lab = Lab::oin();
    lab.target
        .chaos(|_, _| Some(too_many("Retry-After: 30\r\n")));
    lab.assign(lab.person("ann"));
    lab.drain();
    lab.assign(lab.person("bob"));
    let earlier = now().minus(Duration::from_hours(48));
    lab.write(move |tx| plan_anew(tx, &operator(), earlier));
    let dues = lab.waiting().into_iter();
    let dues: Vec<u64> = dues.map(|job| job.due.since(earlier).as_secs()).collect();
    assert_eq!(dues, [30, 0]);
}

/// A group that is refused midway goes on where it was.
#[test]
fn a_group_push_that_is_refused_comes_again() {
    let lab = Lab::oin();
    let (ann, _) = lab.provisioned("ann");
    let mapping = lab.push(lab.group("Eng", &[ann]), "Eng");
    lab.target
        .chaos(|method, _| (method == "PATCH").then(|| too_many("Retry-After: 5\r\n")));
    assert_eq!(lab.sent().len(), 2, "POST, and the refused PATCH");
    assert!(lab.mapping(mapping).target.is_some());
    assert!(
        lab.told()
            .contains(&"group_push.mapping.update.or.delete.failed FAILURE".to_owned())
    );
    lab.target.calm();
    lab.clock.advance(Duration::from_secs(5));
    lab.drain();
    assert_eq!(lab.target.all("Groups").len(), 1);
    let members = lab.target.all("Groups")[0]["members"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(members, 1);
    assert_eq!((lab.tasks(), lab.waiting()), (vec![], vec![]));
}
