//! Queues: what survives, what is done side by side, tasks (parts 2.10 and 10.2 of the Okta reference).

use super::super::super::testing::Fault;
use super::super::due::due;
use super::*;
use crate::directory::okta::rules::{self, NewRule};
use crate::model::okta::{AppStatus, JobKind, SyncState};
use crate::sync::Agent;

/// A batch that was sent but not written down is sent again, and nothing is made twice.
#[test]
fn whoever_is_killed_before_the_write_makes_nothing_twice() {
    let lab = Lab::oin();
    let ann = lab.person("ann");
    lab.assign(ann);
    let job = lab.waiting();
    lab.drain();
    let id = lab.row(ann).external_id.unwrap();
    // As before the write: no account is known, the job waits.
    let key = lab.key;
    lab.write(move |tx| {
        let mut row = app_users::find(tx, key, ann)?.unwrap();
        row.external_id = None;
        row.status = crate::model::okta::AppUserStatus::Staged;
        app_users::put(tx, key, &row)?;
        Ok(jobs::put(tx, key, &job[0])?)
    });
    lab.drain();
    assert_eq!(lab.target.all("Users").len(), 1);
    assert_eq!(lab.row(ann).external_id, Some(id));
}

/// An assignment that ends while the account is being made leaves no active account behind.
#[test]
fn an_assignment_that_ends_meanwhile_is_deactivated() {
    let lab = Lab::oin();
    let ann = lab.person("ann");
    lab.assign(ann);
    let (store, key) = (lab.context.store.clone(), lab.key);
    lab.target.chaos(move |method, _| {
        if method == "POST" {
            let end = move |tx: &Write<'_>| -> Result<()> {
                Ok(assignments::unassign_user(
                    tx,
                    &administrator(),
                    key,
                    ann,
                    now(),
                )?)
            };
            store.write(end).unwrap();
        }
        None
    });
    lab.drain();
    assert_eq!(lab.target.all("Users")[0]["active"], false);
    assert_eq!(lab.waiting(), []);
}

/// A deactivation that failed is retried after the person was assigned again: the account is in use by then.
#[test]
fn a_late_deactivation_leaves_the_account_of_somebody_who_is_assigned_again() {
    let lab = Lab::oin();
    let (ann, _) = lab.provisioned("ann");
    lab.target
        .chaos(|method, _| (method == "PATCH").then_some(Fault::Answer(500, "text/plain", "")));
    lab.unassign(ann);
    lab.drain();
    let late = lab.tasks()[0].job.clone();
    assert!(matches!(late, JobKind::Deactivate { .. }));
    lab.target.calm();
    lab.assign(ann);
    let key = lab.key;
    lab.write(move |tx| Ok(jobs::enqueue(tx, key, late, now())?));
    lab.drain();
    assert_eq!(lab.target.all("Users")[0]["active"], true);
    assert_eq!((lab.waiting(), lab.tasks()), (vec![], vec![]));
}

/// A change that comes while the account is being made is pushed afterwards.
#[test]
fn a_change_that_comes_meanwhile_is_pushed() {
    let lab = Lab::oin();
    let ann = lab.person("ann");
    lab.assign(ann);
    let store = lab.context.store.clone();
    lab.target.chaos(move |method, _| {
        if method == "POST" {
            let change = move |tx: &Write<'_>| -> Result<()> {
                let changes: Profile = [("firstName".to_owned(), json!("Anne"))].into();
                users::update(tx, &administrator(), ann, &changes, now())?;
                Ok(())
            };
            store.write(change).unwrap();
        }
        None
    });
    lab.drain();
    assert_eq!(lab.target.all("Users")[0]["name"]["givenName"], "Anne");
    assert_eq!(lab.row(ann).sync_state, SyncState::Synchronized);
}

/// A group of many is assigned page by page and worked at side by side; each gets one account.
#[test]
fn a_group_of_many_gets_an_account_each() {
    let lab = Lab::oin();
    let group = lab.write(|tx| {
        let wanted = GroupProfile {
            name: "All".into(),
            description: String::new(),
        };
        let group = groups::create(tx, &administrator(), &wanted, now())?.seq;
        for number in 0..650 {
            let profile: Profile = [
                ("login", format!("p{number}@x.test")),
                ("email", format!("p{number}@x.test")),
                ("firstName", format!("P{number}")),
                ("lastName", "Doe".to_owned()),
            ]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), json!(value)))
            .collect();
            let user = users::create(tx, &administrator(), &NewUser::active(profile), now())?;
            groups::add_member(tx, &administrator(), group, user.seq, now())?;
        }
        Ok(group)
    });
    let mapping = lab.push(group, "All");
    lab.drain();
    let key = lab.key;
    lab.write(move |tx| {
        let profile = Profile::new();
        Ok(assignments::assign_group(
            tx,
            &administrator(),
            key,
            group,
            None,
            &profile,
            now(),
        )?)
    });
    lab.drain();
    assert_eq!(lab.target.all("Users").len(), 650);
    assert_eq!((lab.waiting(), lab.tasks()), (vec![], vec![]));
    let members = lab.target.all("Groups")[0]["members"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(members, 650);
    assert!(lab.mapping(mapping).error.is_none());
    let posts = lab
        .target
        .seen()
        .iter()
        .filter(|line| line.starts_with("POST /Users"))
        .count();
    assert_eq!(posts, 650);
}

/// 2.10: whoever was assigned before provisioning was enabled gets an account by one press.
#[test]
fn everybody_who_waits_gets_an_account() {
    let lab = Lab::oin();
    lab.configure(|app| app.provisioning.enabled = false);
    for name in ["ann", "bob", "cem"] {
        lab.assign(lab.person(name));
    }
    lab.configure(|app| app.provisioning.enabled = true);
    lab.drain();
    assert_eq!(lab.target.all("Users").len(), 0);
    let key = lab.key;
    lab.write(move |tx| {
        Ok(assignments::provision_waiting(
            tx,
            &administrator(),
            key,
            now(),
        )?)
    });
    lab.drain();
    assert_eq!(lab.target.all("Users").len(), 3);
    assert_eq!((lab.waiting(), lab.tasks()), (vec![], vec![]));
}

/// 2.10: "Provision User retries", of an account that is there too.
#[test]
fn what_failed_of_an_account_is_sent_again_by_provision_user() {
    let lab = Lab::oin();
    let (ann, _) = lab.provisioned("ann");
    lab.target
        .chaos(|_, _| Some(Fault::Answer(500, "application/scim+json", "")));
    lab.change(ann, "lastName", "Roe");
    lab.drain();
    assert_eq!(lab.row(ann).sync_state, SyncState::Error);
    lab.target.calm();
    let key = lab.key;
    lab.write(move |tx| {
        Ok(assignments::provision_user(
            tx,
            &administrator(),
            key,
            ann,
            now(),
        )?)
    });
    lab.drain();
    assert_eq!(lab.target.all("Users")[0]["name"]["familyName"], "Roe");
    let row = lab.row(ann);
    assert_eq!((row.sync_state, row.error), (SyncState::Synchronized, None));
    assert_eq!(lab.tasks(), []);
}

/// 2.10: *Retry Selected* and *Mark as resolved*; a second failure replaces the task of the first.
#[test]
fn tasks_are_retried_or_dismissed() {
    let lab = Lab::oin();
    lab.target
        .chaos(|_, _| Some(Fault::Answer(500, "application/scim+json", "")));
    let ann = lab.person("ann");
    lab.assign(ann);
    lab.drain();
    lab.retry();
    assert_eq!((lab.tasks().len(), lab.waiting().len()), (0, 1));
    assert_eq!(lab.row(ann).sync_state, SyncState::OutOfSync);
    lab.drain();
    let task = &lab.tasks()[0];
    assert_eq!(
        (task.job.clone(), task.subject.as_str()),
        (JobKind::Provision { user: ann }, "ann Doe")
    );
    let seq = task.seq;
    lab.write(move |tx| super::super::dismiss(tx, &administrator(), seq, now()));
    assert_eq!((lab.tasks(), lab.waiting()), (vec![], vec![]));
    let gone = lab
        .context
        .store
        .write(move |tx| super::super::retry(tx, &administrator(), seq, now()));
    assert!(gone.is_err());
}

/// An app that was deactivated, or whose integration was disabled, sends nothing; its queue does not stand still.
#[test]
fn an_app_that_is_out_of_use_sends_nothing() {
    for disabled in [true, false] {
        let lab = Lab::oin();
        lab.assign(lab.person("ann"));
        lab.configure(|app| {
            if disabled {
                app.provisioning.enabled = false;
            } else {
                app.status = AppStatus::Inactive;
            }
        });
        assert_eq!(lab.sent(), [""; 0]);
        assert_eq!(lab.waiting(), []);
    }
}

/// Who is a member is read when a push begins: those that waited behind it, and between people, go with it.
#[test]
fn pushes_of_members_that_wait_together_are_one() {
    let lab = Lab::oin();
    let group = lab.group("Eng", &[]);
    let mapping = lab.push(group, "Eng");
    lab.drain();
    for name in ["ann", "bob", "cid"] {
        let user = lab.person(name);
        lab.join(group, user);
        lab.assign(user);
    }
    assert_eq!(lab.waiting().len(), 6, "a push and an account each");
    let seen = lab.sent();
    let of = |what: &str| seen.iter().filter(|line| line.starts_with(what)).count();
    assert_eq!((of("POST /Users"), of("PATCH /Groups")), (3, 2), "{seen:?}");
    let group = &lab.target.all("Groups")[0];
    assert_eq!(group["members"].as_array().unwrap().len(), 3);
    assert_eq!((lab.waiting(), lab.tasks()), (vec![], vec![]));
    assert!(lab.mapping(mapping).last_push.is_some());
}

/// The agent's scheduler works off queues too, and is woken by whoever appends to them.
#[test]
fn the_scheduler_works_off_queues() {
    let lab = Lab::oin();
    let agent = Agent::with_context(lab.context.clone()).unwrap();
    let (asked, heard) = std::sync::mpsc::channel();
    lab.target.chaos(move |method, _| {
        let _ = asked.send(method.to_owned());
        None
    });
    lab.assign(lab.person("ann"));
    agent.wake();
    assert_eq!(
        (heard.recv().unwrap(), heard.recv().unwrap()),
        ("GET".into(), "POST".into())
    );
    agent.shutdown();
    assert_eq!(lab.waiting(), []);
}

/// 3.5 and 10.2: what a group rule has to do for everybody waits in the queue of the org, and is worked off page by page.
#[test]
fn a_rule_for_many_people_is_worked_off_by_the_agent() {
    let lab = Lab::oin();
    for n in 0..201 {
        lab.person(&format!("p{n}"));
    }
    let (group, key) = (lab.group("Sales", &[]), lab.key);
    lab.write(move |tx| {
        let values = Profile::new();
        assignments::assign_group(tx, &administrator(), key, group, None, &values, now())?;
        let new = NewRule {
            name: "Everybody".into(),
            expression: "user.lastName == \"Doe\"".into(),
            groups: vec![group],
            excluded: Vec::new(),
        };
        let rule = rules::create(tx, &administrator(), &new, now())?.seq;
        Ok(rules::activate(tx, &administrator(), rule, now())?)
    });
    let org = AppKey::of_org(ORG);
    let store = &lab.context.store;
    assert!(due(&store.read().unwrap(), now()).unwrap().contains(&org));
    drain(&lab.context, org).unwrap();
    let group = groups::get(&store.read().unwrap(), ORG, group).unwrap();
    assert_eq!(group.member_count, 201);
    assert_eq!(due(&store.read().unwrap(), now()).unwrap(), [lab.key]);
    lab.drain();
    assert_eq!(lab.target.all("Users").len(), 201);
}

/// 3.5: rules that ask for groups follow those of apps as well, which an import brings.
#[test]
fn a_rule_follows_the_groups_that_an_import_brings() {
    let lab = Lab::oin();
    lab.configure(|app| app.provisioning.import_groups = true);
    let (ann, id) = lab.provisioned("ann");
    let group = lab.group("Engineers", &[]);
    lab.write(move |tx| {
        let new = NewRule {
            name: "Engineers".into(),
            expression: "isMemberOfGroupName(\"Eng\")".into(),
            groups: vec![group],
            excluded: Vec::new(),
        };
        let rule = rules::create(tx, &administrator(), &new, now())?.seq;
        Ok(rules::activate(tx, &administrator(), rule, now())?)
    });
    let members = |lab: &Lab| {
        let tx = lab.context.store.read().unwrap();
        crate::store::okta::groups::members(&tx, ORG, group, Seq(0), 9).unwrap()
    };
    let target = lab.target.put(
        "Groups",
        json!({ "displayName": "Eng", "members": [{ "value": id }] }),
    );
    lab.import();
    assert_eq!(members(&lab), [ann]);
    lab.target.set("Groups", &target, "members", json!([]));
    lab.import();
    assert_eq!(members(&lab), []);
}
