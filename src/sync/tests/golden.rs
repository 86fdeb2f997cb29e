//! Golden traces: every request of one change in the directory, in both dialects, method, path and body.
//!
//! What is expected lies in `tests/exchanges/agent/`, a file per dialect, each trace with its place in the
//! wire reference. `<guid>` stands for any object id.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::clock::Timestamp;
use crate::directory::{groups, users};
use crate::id::{Guid, Seq};
use crate::model::{Authentication, ObjectKind, ObjectRef, Scope};
use crate::sync::Credentials;
use crate::sync::jobs::{self, RestartScope};
use crate::sync::testing::{Got, Lab, operator, text};

const DEFAULT: &str = include_str!("../../../tests/exchanges/agent/default.json");
const COMPLIANT: &str = include_str!("../../../tests/exchanges/agent/aadOptscim062020.json");
const NOW: Timestamp = Timestamp::from_millis(0);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    /// Where the traces come from.
    source: String,
    /// Query of the Tenant URL.
    flag: String,
    traces: Vec<Trace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trace {
    /// What happens in the directory: a scenario below.
    name: String,
    /// Place in the reference.
    place: String,
    requests: Vec<Expected>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    method: String,
    path: String,
    #[serde(default)]
    body: Json,
}

/// Every object id as `<guid>`.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match rest.get(..36) {
            Some(start) if start.parse::<Guid>().is_ok() => {
                out.push_str("<guid>");
                rest = &rest[36..];
            }
            _ => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

fn shown(got: Vec<Got>) -> Vec<Expected> {
    got.into_iter()
        .map(|got| Expected {
            method: got.method,
            path: masked(&got.path),
            body: serde_json::from_str(&masked(&got.body.to_string())).unwrap(),
        })
        .collect()
}

fn lab(scope: Scope, flag: &str) -> Lab {
    let lab = Lab::new(scope);
    let stored: Authentication = lab.job().authentication.unwrap();
    let credentials = Credentials::open(&stored, &lab.context.sealer).unwrap();
    lab.connect(&format!("{}{flag}", lab.target.url), credentials);
    lab
}

/// What the next cycle sends after its probe.
fn cycle(lab: &Lab) -> Vec<Expected> {
    lab.target.got();
    lab.cycle();
    let mut all = shown(lab.target.got());
    assert!(
        all[1]
            .path
            .starts_with("/Groups?excludedAttributes=members&filter=displayName")
    );
    all.drain(..2);
    all
}

fn person(lab: &Lab, attributes: &[(&str, &str)], manager: Option<Seq>) -> Seq {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| text(ObjectKind::User, name, value))
        .collect();
    lab.write(move |tx| {
        let new = users::NewUser {
            id: Guid::random(),
            account_enabled: true,
            guest: false,
            manager,
            attributes,
        };
        Ok(users::create(tx, &operator(), Seq(1), &new, NOW)?.seq)
    })
}

fn change(lab: &Lab, user: Seq, attributes: &[(&str, &str)]) {
    let changes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| text(ObjectKind::User, name, value))
        .collect();
    lab.write(move |tx| users::update(tx, &operator(), Seq(1), user, &changes, NOW));
}

fn set_manager(lab: &Lab, user: Seq, manager: Option<Seq>) {
    lab.write(move |tx| users::set_manager(tx, &operator(), Seq(1), user, manager, NOW));
}

fn leave(lab: &Lab, group: Seq, user: Seq) {
    lab.write(move |tx| {
        groups::remove_member(tx, &operator(), Seq(1), group, ObjectRef::user(user), NOW)
    });
}

/// Everything that the 22 rows read but the manager.
const EVERYTHING: &[(&str, &str)] = &[
    ("userPrincipalName", "bjensen@contoso.com"),
    ("displayName", "Barbara Jensen"),
    ("jobTitle", "Tour Guide"),
    ("mail", "barbara@contoso.com"),
    ("preferredLanguage", "en-US"),
    ("givenName", "Barbara"),
    ("surname", "Jensen"),
    ("physicalDeliveryOfficeName", "100 Universal City Plaza"),
    ("streetAddress", "100 Universal City Plaza"),
    ("city", "Hollywood"),
    ("state", "CA"),
    ("postalCode", "91608"),
    ("country", "USA"),
    ("telephoneNumber", "555-555-5555"),
    ("mobile", "555-555-4444"),
    ("facsimileTelephoneNumber", "555-555-3333"),
    ("mailNickname", "bjensen"),
    ("employeeId", "701984"),
    ("department", "Tour Operations"),
];

/// Makes a change in the directory and returns what the agent sends for it.
#[expect(clippy::too_many_lines, reason = "a table is long")]
fn play(name: &str, flag: &str) -> Vec<Expected> {
    let all = || lab(Scope::All, flag);
    match name {
        "probe" => {
            let lab = all();
            lab.target.got();
            lab.cycle();
            shown(lab.target.got())
        }
        "a new user whose manager is provisioned" => {
            let lab = all();
            let manager = lab.user("mia", None);
            cycle(&lab);
            lab.user("alice", Some(manager));
            cycle(&lab)
        }
        "a new user with every attribute" => {
            let lab = all();
            person(&lab, EVERYTHING, None);
            cycle(&lab)
        }
        "a new group with two provisioned members" => {
            let lab = all();
            let members = [lab.user("ann", None), lab.user("bob", None)];
            cycle(&lab);
            lab.group("Eng", &members);
            cycle(&lab)
        }
        "one attribute changes" => {
            let lab = all();
            let user = lab.user("ann", None);
            cycle(&lab);
            lab.rename(user, "Ann Example");
            cycle(&lab)
        }
        "several attributes change and some are new" => {
            let lab = all();
            let without = |name: &str| !matches!(name, "department" | "country");
            let before: Vec<_> = EVERYTHING
                .iter()
                .copied()
                .filter(|(n, _)| without(n))
                .collect();
            let user = person(&lab, &before, None);
            cycle(&lab);
            change(
                &lab,
                user,
                &[
                    ("mail", "b.jensen@contoso.com"),
                    ("displayName", "Barb Jensen"),
                    ("givenName", "Barb"),
                    ("employeeId", "42"),
                    ("department", "Sales"),
                    ("country", "US"),
                ],
            );
            cycle(&lab)
        }
        "a value becomes null" => {
            let lab = all();
            let user = person(&lab, EVERYTHING, None);
            cycle(&lab);
            change(&lab, user, &[("jobTitle", "")]);
            cycle(&lab)
        }
        "a value becomes null and the job sends it" => {
            let lab = all();
            lab.configure(|job| job.settings.send_null_replace = true);
            let user = person(&lab, EVERYTHING, None);
            cycle(&lab);
            change(&lab, user, &[("jobTitle", "")]);
            cycle(&lab)
        }
        "a user is unassigned" | "a user is assigned again" => {
            let lab = lab(Scope::AssignedOnly, flag);
            let user = lab.user("ann", None);
            lab.assigned(&[ObjectRef::user(user)], true);
            cycle(&lab);
            lab.assigned(&[ObjectRef::user(user)], false);
            let disabled = cycle(&lab);
            if name == "a user is unassigned" {
                return disabled;
            }
            lab.assigned(&[ObjectRef::user(user)], true);
            cycle(&lab)
        }
        "a user is deleted for good" => {
            let lab = all();
            let user = lab.user("ann", None);
            cycle(&lab);
            lab.write(move |tx| users::delete(tx, &operator(), Seq(1), user, NOW));
            cycle(&lab);
            lab.write(move |tx| users::purge(tx, &operator(), Seq(1), user, NOW));
            cycle(&lab)
        }
        "one member leaves" | "two members leave" => {
            let lab = all();
            let (ann, bob) = (lab.user("ann", None), lab.user("bob", None));
            let group = lab.group("Eng", &[ann, bob]);
            cycle(&lab);
            leave(&lab, group, ann);
            if name == "two members leave" {
                leave(&lab, group, bob);
            }
            cycle(&lab)
        }
        "members come one by one" => {
            let lab = all();
            lab.configure(|job| job.settings.members_per_patch = 1);
            let members = [lab.user("ann", None), lab.user("bob", None)];
            cycle(&lab);
            lab.group("Eng", &members);
            cycle(&lab)
        }
        "a restart without changes" => {
            let lab = all();
            let manager = lab.user("mia", None);
            let user = lab.user("ann", Some(manager));
            lab.group("Eng", &[user]);
            cycle(&lab);
            let key = lab.key;
            lab.write(move |tx| jobs::restart(tx, &operator(), key, RestartScope::default(), NOW));
            cycle(&lab)
        }
        "an existing account" => {
            let lab = all();
            lab.target.put(
                "Users",
                json!({ "userName": "ann@contoso.com", "displayName": "Old", "active": true, "externalId": "ann" }),
            );
            lab.user("ann", None);
            cycle(&lab)
        }
        "another manager" | "no manager" => {
            let lab = all();
            let (mia, max) = (lab.user("mia", None), lab.user("max", None));
            let user = lab.user("ann", Some(mia));
            cycle(&lab);
            set_manager(&lab, user, (name == "another manager").then_some(max));
            cycle(&lab)
        }
        "a group is renamed" => {
            let lab = all();
            let group = lab.group("Eng", &[]);
            cycle(&lab);
            let renamed = [text(ObjectKind::Group, "displayName", "Engineering")];
            lab.write(move |tx| groups::update(tx, &operator(), Seq(1), group, &renamed, NOW));
            cycle(&lab)
        }
        "a group is deleted" => {
            let lab = all();
            let group = lab.group("Eng", &[]);
            cycle(&lab);
            lab.write(move |tx| groups::delete(tx, &operator(), Seq(1), group, NOW));
            cycle(&lab)
        }
        other => panic!("no scenario is called {other:?}"),
    }
}

fn replay(text: &str) {
    let recorded: Recorded = serde_json::from_str(text).unwrap();
    assert!(!recorded.source.is_empty());
    let mut wrong = Vec::new();
    for trace in &recorded.traces {
        let sent = play(&trace.name, &recorded.flag);
        if sent != trace.requests {
            let sent: Vec<Json> = sent
                .iter()
                .map(|e| json!({ "method": e.method, "path": e.path, "body": e.body }))
                .collect();
            wrong.push(format!(
                "{} ({}): sent {}",
                trace.name,
                trace.place,
                json!(sent)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_trace_of_the_default_dialect_is_reproduced() {
    replay(DEFAULT);
}

#[test]
fn every_trace_is_reproduced_with_the_compliance_flag() {
    replay(COMPLIANT);
}

#[test]
fn both_dialects_tell_the_same_traces() {
    let names = |text: &str| -> Vec<String> {
        let recorded: Recorded = serde_json::from_str(text).unwrap();
        recorded
            .traces
            .into_iter()
            .map(|trace| trace.name)
            .collect()
    };
    assert_eq!(names(DEFAULT), names(COMPLIANT));
}
