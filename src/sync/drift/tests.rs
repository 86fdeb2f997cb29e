//! The drift report against a target that somebody else changed.

use serde_json::json;

use super::*;
use crate::clock::Timestamp;
use crate::directory::users;
use crate::id::Seq;
use crate::model::Scope;
use crate::sync::Agent;
use crate::sync::testing::{Fault, Lab, operator};

fn of(report: &Report, kind: Kind) -> Vec<String> {
    let findings = report.findings.iter().filter(|f| f.kind == kind);
    findings
        .map(|f| {
            let attributes: Vec<String> = f
                .attributes
                .iter()
                .map(|d| {
                    let target = d.target.as_deref().unwrap_or("nothing");
                    format!("{}: {} is {target}", d.attribute, d.source)
                })
                .collect();
            format!("{} {}{}", f.name, attributes.join(", "), f.note)
        })
        .collect()
}

#[test]
fn what_was_provisioned_has_not_drifted() {
    let lab = Lab::new(Scope::All);
    let people: Vec<Seq> = (0..250).map(|n| lab.user(&format!("u{n}"), None)).collect();
    lab.group("Eng", &people[..3]);
    lab.cycle();
    lab.target.seen();
    let report = run(&lab.context, lab.key).unwrap();
    assert_eq!(report.stage, Stage::Done);
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!((report.done, report.total), (251, 251));
    let seen = lab.target.seen();
    assert!(
        seen.iter().all(|request| request.starts_with("GET ")),
        "{seen:?}"
    );
    // Three pages of people, one of groups, the members of the one group.
    assert_eq!(seen.len(), 3 + 1 + 1);
    assert_eq!(report.requests, 5);
}

#[test]
fn each_kind_of_drift_is_told_apart() {
    let lab = Lab::new(Scope::All);
    let names = ["ann", "bob", "cem", "dan"];
    let people: Vec<Seq> = names.iter().map(|n| lab.user(n, None)).collect();
    lab.group("Eng", &people);
    lab.cycle();
    lab.target.change("Users", "U1", |user| {
        user.insert("displayName".into(), json!("Somebody"));
    });
    lab.target.change("Users", "U2", |user| {
        user.insert("active".into(), json!(false));
    });
    lab.target.remove("Users", "U3");
    lab.target.change("Groups", "G5", |group| {
        group.insert(
            "members".into(),
            json!([{ "value": "U1" }, { "value": "X" }]),
        );
    });
    lab.target
        .put("Users", json!({ "userName": "stranger@x.example" }));
    lab.rename(people[3], "Daniel");
    let report = run(&lab.context, lab.key).unwrap();
    assert_eq!(
        of(&report, Kind::Attributes),
        ["ann@contoso.com displayName: ann is Somebody"]
    );
    assert_eq!(
        of(&report, Kind::Active),
        ["bob@contoso.com active: True is False"]
    );
    assert_eq!(of(&report, Kind::Missing), ["cem@contoso.com "]);
    assert_eq!(
        of(&report, Kind::Members),
        ["Eng 3 missing in the application: U2, U3, U4; 1 only in the application: X."]
    );
    assert_eq!(of(&report, Kind::Unmanaged), ["stranger@x.example "]);
    assert_eq!(
        of(&report, Kind::Pending),
        ["dan@contoso.com displayName: Daniel is dan"]
    );
    assert!(!report.is_clean());
}

#[test]
fn an_account_enabled_by_hand_is_found() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.cycle();
    let now = Timestamp::default();
    lab.write(move |tx| users::set_account_enabled(tx, &operator(), Seq(1), ann, false, now));
    let pending = run(&lab.context, lab.key).unwrap();
    assert_eq!(
        (pending.count(Kind::Pending), pending.count(Kind::Active)),
        (1, 0)
    );
    lab.cycle();
    assert!(run(&lab.context, lab.key).unwrap().is_clean());
    lab.target.change("Users", "U1", |user| {
        user.insert("active".into(), json!(true));
    });
    let report = run(&lab.context, lab.key).unwrap();
    assert_eq!(report.count(Kind::Active), 1);
}

#[test]
fn a_target_without_lists_is_asked_for_each_link() {
    let lab = Lab::new(Scope::All);
    let people = ["ann", "bob"].map(|n| lab.user(n, None));
    lab.group("Eng", &people);
    lab.cycle();
    lab.target.remove("Users", "U2");
    lab.target.chaos(|_, path| {
        path.contains("startIndex")
            .then_some(Fault::Answer(400, "application/scim+json", "{}"))
    });
    let report = run(&lab.context, lab.key).unwrap();
    assert_eq!(report.stage, Stage::Done);
    assert_eq!(of(&report, Kind::Missing), ["bob@contoso.com "]);
    assert_eq!(report.notes.len(), 2, "{:?}", report.notes);
}

#[test]
fn a_target_that_ignores_paging_or_is_gone_does_not_make_it_endless() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.cycle();
    lab.target.chaos(|_, path| {
        path.contains("Users?startIndex").then_some(Fault::Answer(
            200,
            "application/scim+json",
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":99,"Resources":[{"id":"U1","userName":"ann@contoso.com","displayName":"ann","active":true}]}"#,
        ))
    });
    let report = run(&lab.context, lab.key).unwrap();
    assert_eq!((report.stage, report.requests), (Stage::Done, 3));
    lab.target.chaos(|_, _| Some(Fault::Closed));
    let report = run(&lab.context, lab.key).unwrap();
    assert!(
        matches!(report.stage, Stage::Failed(error) if error.error_code == "WebExceptionProtocolError")
    );
    assert_eq!(latest(&lab.context, lab.key).unwrap().done, 0);
}

#[test]
fn a_cycle_neither_looks_for_drift_nor_repairs_it() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.group("Eng", &[ann]);
    lab.cycle();
    lab.target.change("Users", "U1", |user| {
        user.insert("displayName".into(), json!("Somebody"));
    });
    lab.target.change("Groups", "G2", |group| {
        group.insert("members".into(), json!([]));
    });
    lab.target.seen();
    lab.cycle();
    let seen = lab.target.seen();
    // The probe, and nothing else.
    assert_eq!(seen.len(), 2, "{seen:?}");
    let report = run(&lab.context, lab.key).unwrap();
    assert_eq!(
        (report.count(Kind::Attributes), report.count(Kind::Members)),
        (1, 1)
    );
    // The object changes in the source: now it is compared, and its attributes are repaired.
    lab.rename(ann, "Ann Example");
    lab.cycle();
    let report = run(&lab.context, lab.key).unwrap();
    assert_eq!(
        (report.count(Kind::Attributes), report.count(Kind::Members)),
        (0, 1)
    );
}

#[test]
fn a_report_ends_with_the_agent_and_does_not_pass_for_a_whole_one() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    for name in ["Eng", "Ops", "Lab"] {
        lab.group(name, &[ann]);
    }
    lab.cycle();
    lab.target.seen();
    let agent = Agent::with_context(lab.context.clone()).unwrap();
    // The target answers with its list of groups once the agent is being shut down.
    let (asked, is_asked) = std::sync::mpsc::channel();
    let context = lab.context.clone();
    lab.target.chaos(move |_, path| {
        if path.contains("startIndex") && path.contains("/Groups?") {
            asked.send(()).unwrap();
            while !context.is_shutting_down() {
                std::thread::yield_now();
            }
        }
        None
    });
    start(&lab.context, lab.key).unwrap();
    is_asked.recv().unwrap();
    agent.shutdown();
    let report = latest(&lab.context, lab.key).unwrap();
    assert!(matches!(report.stage, Stage::Failed(_)), "{report:?}");
    assert_eq!(report.requests, 2, "no members of any group");
}
