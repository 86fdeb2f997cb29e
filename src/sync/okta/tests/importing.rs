//! *Import*: parts 1.10 and 2.3 of the Okta reference.

use super::*;
use crate::directory::okta::imports::Choice;
use crate::model::okta::{
    AppUserStatus, ImportResult, ImportSchedule, ImportState, ImportUsername, PushMappingStatus,
    SyncState, UserStatus,
};
use crate::store::okta::groups as group_rows;

/// 1.10: "next startIndex = startIndex + 100 regardless of how many came back", "until startIndex > totalResults";
/// groups "only if Import Groups is on".
#[test]
fn an_import_asks_for_pages_of_100_until_the_total_is_reached() {
    let lab = Lab::oin();
    for n in 0..201 {
        lab.account(&format!("p{n}"));
    }
    lab.target.seen();
    let run = lab.import();
    assert_eq!(
        lab.target.seen(),
        [
            "GET /Users?startIndex=1&count=100",
            "GET /Users?startIndex=101&count=100",
            "GET /Users?startIndex=201&count=100",
        ]
    );
    assert_eq!(run.state, ImportState::Completed);
    assert_eq!((run.counts.scanned, run.counts.new), (201, 201));
    lab.configure(|app| app.provisioning.import_groups = true);
    lab.import();
    assert_eq!(
        lab.target.seen()[3..],
        ["GET /Groups?startIndex=1&count=100"]
    );
    assert_eq!(lab.last_import().counts.unchanged, 201);
}

/// 1.10, 2.11: the events of an import, with what went over the wire.
#[test]
fn an_import_is_told_with_its_requests_and_its_counters() {
    let lab = Lab::oin();
    lab.account("ann");
    lab.import();
    assert_eq!(
        lab.told(),
        [
            "integration.call_api SUCCESS",
            "system.import.complete SUCCESS"
        ]
    );
    let events = lab.events();
    assert!(events[0].sent);
    assert_eq!(
        events[1].outcome.reason.as_deref(),
        Some(
            "1 users scanned! 1 new user imported, 0 existing users updated, 0 existing users unchanged, 0 users removed. 0 groups scanned! 0 new groups imported, 0 existing groups updated, 0 existing groups unchanged, 0 groups removed."
        )
    );
}

/// 2.3, the decision table: exact, partial where it is allowed, new; 1.10: inactive users are skipped.
#[test]
fn whoever_is_found_is_an_exact_match_a_partial_match_or_new() {
    let lab = Lab::oin();
    let ann = lab.person("ann");
    let bob = lab.person("bob");
    lab.account("ann");
    let bob_there = lab.account("bob");
    let address = json!([{ "primary": true, "value": "robert@elsewhere.test" }]);
    lab.target.set("Users", &bob_there, "emails", address);
    lab.account("cid");
    let gone = lab.account("dan");
    lab.target.set("Users", &gone, "active", false);
    let run = lab.import();
    assert_eq!(
        lab.results(),
        ["ann@x.test Exact", "bob@x.test New", "cid@x.test New"]
    );
    assert_eq!((run.counts.new, run.counts.skipped), (3, 1));
    lab.to_okta(|rules| rules.allow_partial = true);
    lab.import();
    assert_eq!(
        lab.results(),
        ["ann@x.test Exact", "bob@x.test Partial", "cid@x.test New"]
    );
    let matched: Vec<Option<Seq>> = lab.imported().into_iter().map(|row| row.user).collect();
    assert_eq!(matched, [Some(ann), Some(bob), None]);
    assert_eq!(lab.waiting(), []);
}

/// 2.3: "Partial: first and last name equal but neither username nor email"; "Matching is case-sensitive"; a combination
/// of attributes disables username and email.
#[test]
fn what_makes_a_match_can_be_chosen() {
    type Choose = fn(&mut ToOkta);
    let rows: [(&str, Choose, &str, ImportResult); 8] = [
        ("email", |_| {}, "ann", ImportResult::Exact),
        ("case", |_| {}, "Ann", ImportResult::New),
        (
            "username",
            |rules| (rules.exact.username, rules.exact.email) = (true, false),
            "ann",
            ImportResult::Exact,
        ),
        (
            "a custom username",
            |rules| {
                (rules.exact.username, rules.exact.email) = (true, false);
                rules.username = ImportUsername::Custom("'x' + appuser.userName".into());
            },
            "ann",
            ImportResult::New,
        ),
        (
            "both must be true",
            |rules| {
                rules.exact.username = true;
                rules.username = ImportUsername::Custom("'x' + appuser.userName".into());
            },
            "ann",
            ImportResult::New,
        ),
        (
            "a combination",
            |rules| rules.exact.attributes = vec!["firstName".into(), "lastName".into()],
            "ann",
            ImportResult::Exact,
        ),
        (
            "a combination with an attribute that nobody has",
            |rules| rules.exact.attributes = vec!["firstName".into(), "employeeNumber".into()],
            "ann",
            ImportResult::New,
        ),
        (
            "no partial match where the username is equal",
            |rules| {
                rules.exact.attributes = vec!["employeeNumber".into()];
                rules.allow_partial = true;
            },
            "ann",
            ImportResult::New,
        ),
    ];
    for (what, choose, name, result) in rows {
        let lab = Lab::oin();
        lab.person("ann");
        lab.to_okta(choose);
        lab.account(name);
        lab.import();
        assert_eq!(lab.imported()[0].result, result, "{what}");
    }
}

/// 2.9: "ACTIVE: … import confirmed"; nothing is sent, and what changes later goes to the account that was linked.
#[test]
fn confirming_links_without_a_request_and_updates_follow() {
    let lab = Lab::oin();
    let ann = lab.person("ann");
    let id = lab.account("ann");
    lab.import();
    let row = lab.imported()[0].seq;
    lab.target.seen();
    let linked = lab.confirm(row, false);
    assert_eq!(linked.user, ann);
    assert_eq!(linked.external_id, Some(id.clone()));
    assert_eq!(
        (linked.status, linked.sync_state),
        (AppUserStatus::Active, SyncState::Synchronized)
    );
    assert_eq!(lab.sent(), [""; 0]);
    assert_eq!(lab.results(), [""; 0]);
    lab.change(ann, "firstName", "Anna");
    assert_eq!(
        lab.sent(),
        [format!("GET /Users/{id}"), format!("PUT /Users/{id}")]
    );
    assert_eq!(lab.target.all("Users")[0]["name"]["givenName"], "Anna");
    lab.unassign(ann);
    let off = json!([{ "op": "replace", "value": { "active": false } }]);
    assert_eq!(lab.sent(), [format!("PATCH /Users/{id} {off}")]);
}

/// 2.3: "auto-activate → status ACTIVE/PROVISIONED, else STAGED"; the To Okta mappings make the profile.
#[test]
fn a_new_user_is_made_by_the_mappings_to_okta() {
    let lab = Lab::oin();
    let id = lab.account("ann");
    lab.target.set("Users", &id, "title", "Engineer");
    lab.import();
    let row = lab.imported()[0].seq;
    let made = lab.user(lab.confirm(row, false).user);
    assert_eq!(made.status, UserStatus::Staged);
    let texts = ["login", "email", "firstName", "lastName", "title"].map(|name| made.text(name));
    assert_eq!(
        texts,
        [
            Some("ann@x.test"),
            Some("ann@x.test"),
            Some("ann"),
            Some("Doe"),
            Some("Engineer")
        ]
    );
    lab.account("bob");
    lab.import();
    let made = lab.confirm(lab.imported()[0].seq, true);
    assert_eq!(lab.user(made.user).status, UserStatus::Provisioned);
    // Whoever is activated later has the account already.
    lab.target.seen();
    let (staged, now) = (lab.row(made.user), lab.clock.now());
    assert_eq!(staged.account(), Some("U2"));
    let first = users_with(&lab, "ann@x.test");
    lab.write(move |tx| {
        Ok(crate::directory::okta::lifecycle::activate(
            tx,
            &administrator(),
            first,
            now,
        )?)
    });
    assert_eq!(lab.sent(), [""; 0]);
    assert_eq!(lab.row(first).status, AppUserStatus::Active);
}

fn users_with(lab: &Lab, login: &str) -> Seq {
    let tx = lab.context.store.read().unwrap();
    let found = crate::store::okta::users::by_login(&tx, ORG, login).unwrap();
    found.unwrap().seq
}

/// 2.3: "auto-confirm exact, auto-confirm partial", "auto-confirm new users".
#[test]
fn matches_and_new_users_can_confirm_by_themselves() {
    type Choose = fn(&mut ToOkta);
    let rows: [(Choose, &[&str]); 4] = [
        (
            |_| {},
            &["ann@x.test Exact", "bob@x.test Partial", "cid@x.test New"],
        ),
        (
            |rules| rules.confirm_exact = true,
            &["bob@x.test Partial", "cid@x.test New"],
        ),
        (
            |rules| rules.confirm_partial = true,
            &["ann@x.test Exact", "cid@x.test New"],
        ),
        (
            |rules| rules.confirm_new = true,
            &["ann@x.test Exact", "bob@x.test Partial"],
        ),
    ];
    for (choose, waiting) in rows {
        let lab = Lab::oin();
        lab.person("ann");
        lab.person("bob");
        lab.account("ann");
        let bob = lab.account("bob");
        let address = json!([{ "primary": true, "value": "robert@elsewhere.test" }]);
        lab.target.set("Users", &bob, "emails", address);
        lab.account("cid");
        lab.to_okta(|rules| {
            rules.allow_partial = true;
            rules.activate_new = true;
            choose(rules);
        });
        let run = lab.import();
        assert_eq!(lab.results(), waiting);
        assert_eq!(run.counts.confirmed, 3 - waiting.len() as u64);
        if lab.app().to_okta.confirm_new {
            let made = users_with(&lab, "cid@x.test");
            assert_eq!(lab.user(made).status, UserStatus::Provisioned);
            assert_eq!(lab.row(made).external_id.as_deref(), Some("U3"));
        }
    }
}

/// Whoever cannot be made waits, with the reason; nobody else is held up by it.
#[test]
fn somebody_who_cannot_be_made_waits_with_the_reason() {
    let lab = Lab::oin();
    let id = lab.account("ann");
    lab.target.set("Users", &id, "emails", json!([]));
    lab.account("bob");
    lab.to_okta(|rules| rules.confirm_new = true);
    let run = lab.import();
    assert_eq!(run.state, ImportState::Completed);
    let rows = lab.imported();
    assert_eq!(rows.len(), 1);
    let why = rows[0].error.clone().unwrap();
    assert!(why.contains("The field cannot be left blank"), "{why}");
}

/// 2.3, admin choices: "Confirm, Ignore, exact match to other user, new Okta user".
#[test]
fn an_administrator_chooses_what_an_account_is() {
    let lab = Lab::oin();
    let (ann, eve) = (lab.person("ann"), lab.person("eve"));
    lab.account("ann");
    lab.account("bob");
    lab.import();
    let rows: Vec<Seq> = lab.imported().iter().map(|row| row.seq).collect();
    let choose = |row, choice| {
        let key = lab.key;
        lab.context
            .store
            .write(move |tx| imports::choose(tx, &administrator(), key, row, choice))
    };
    choose(rows[0], Choice::Match(eve)).unwrap();
    choose(rows[1], Choice::Ignore).unwrap();
    // What was chosen stays so.
    lab.import();
    assert_eq!(lab.results(), ["ann@x.test Exact", "bob@x.test Ignored"]);
    assert_eq!(lab.confirm(rows[0], false).user, eve);
    assert_eq!(lab.row(eve).user_name, "ann@x.test");
    let (key, now, second) = (lab.key, now(), rows[1]);
    let ignored = lab
        .context
        .store
        .write(move |tx| imports::confirm(tx, &administrator(), key, second, false, now));
    assert!(ignored.unwrap_err().to_string().contains("is ignored"));
    let taken = choose(rows[1], Choice::Match(eve)).unwrap_err();
    assert!(taken.to_string().contains("another account"), "{taken}");
    choose(rows[1], Choice::New).unwrap();
    lab.confirm(rows[1], true);
    assert_eq!(lab.user(ann).status, UserStatus::Provisioned);
    users_with(&lab, "bob@x.test");
}

/// 2.3: "existing user: update app profile if changed, always"; 1.4: what the target says comes with an import.
#[test]
fn the_profile_of_a_linked_account_follows_the_target() {
    let lab = Lab::oin();
    let (ann, id) = lab.provisioned("ann");
    assert_eq!(lab.import().counts.unchanged, 1);
    lab.target.set("Users", &id, "title", "Engineer");
    let run = lab.import();
    assert_eq!((run.counts.updated, run.counts.unchanged), (1, 0));
    let told = lab.told();
    assert!(told.contains(&"user.import_profile SUCCESS".to_owned()));
    let row = lab.row(ann);
    assert_eq!(row.profile["title"], "Engineer");
    assert_eq!(row.pushed.as_ref(), Some(&row.profile));
    assert_eq!(lab.user(ann).text("title"), None, "not a source");
    assert_eq!(lab.waiting(), []);
    // What waits to be sent is not undone.
    lab.target.chaos(|method, _| {
        (method == "PUT").then_some(super::super::super::testing::Fault::Answer(
            500,
            "application/json",
            "{}",
        ))
    });
    lab.change(ann, "firstName", "Anna");
    lab.drain();
    lab.target.calm();
    assert_eq!(lab.import().counts.unchanged, 1);
    assert_eq!(lab.row(ann).profile["givenName"], "Anna");
}

/// 1.10: "a linked user missing from a full import counts as removed: assignment removed"; "import is halted if more than
/// N % (default 20) of the app's users would be unassigned".
#[test]
fn whoever_is_gone_is_unassigned_unless_they_are_too_many() {
    let lab = Lab::oin();
    let names = ["ann", "bob", "cid", "dan", "eve"];
    let people: Vec<(Seq, String)> = names.iter().map(|name| lab.provisioned(name)).collect();
    let is_assigned = |user: Seq| {
        let tx = lab.context.store.read().unwrap();
        app_users::find(&tx, lab.key, user).unwrap().is_some()
    };
    lab.clock.advance(std::time::Duration::from_mins(1));
    lab.target.remove("Users", &people[0].1);
    lab.target.remove("Users", &people[1].1);
    lab.target.seen();
    let run = lab.import();
    assert_eq!(run.state, ImportState::Halted);
    assert_eq!(
        run.note.as_deref(),
        Some(
            "The import would unassign 2 of 5 users of App, more than the 20 % that its import safeguard allows. Nobody was unassigned."
        )
    );
    assert_eq!(
        lab.told().last().unwrap(),
        "system.import.roadblock FAILURE"
    );
    assert!(people.iter().all(|(user, _)| is_assigned(*user)));
    lab.to_okta(|rules| rules.safeguard = 40);
    let run = lab.import();
    assert_eq!((run.state, run.counts.removed), (ImportState::Completed, 2));
    let left: Vec<bool> = people.iter().map(|(user, _)| is_assigned(*user)).collect();
    assert_eq!(left, [false, false, true, true, true]);
    assert!(
        lab.target.writes().is_empty(),
        "there is no account to tell"
    );
    assert_eq!(lab.user(people[0].0).status, UserStatus::Provisioned);
    // Exactly a third is not more than 33 %, and 34 % of three is more than one.
    lab.to_okta(|rules| rules.safeguard = 33);
    lab.target.remove("Users", &people[2].1);
    assert_eq!(lab.import().state, ImportState::Halted);
    lab.to_okta(|rules| rules.safeguard = 34);
    assert_eq!(lab.import().counts.removed, 1);
}

/// Somebody who got the account while an import was reading may stand on a page that was read before.
#[test]
fn whoever_got_an_account_meanwhile_is_not_gone() {
    let lab = Lab::oin();
    let (ann, id) = lab.provisioned("ann");
    let key = lab.key;
    lab.write(move |tx| Ok(imports::import_now(tx, &administrator(), key, now())?));
    lab.target.remove("Users", &id);
    lab.drain();
    let run = lab.last_import();
    assert_eq!((run.state, run.counts.removed), (ImportState::Completed, 0));
    assert_eq!(lab.row(ann).external_id, Some(id));
}

/// 1.10: "group memberships taken from Groups[].members[].value matched to imported user ids; imported groups become app
/// groups usable for Link Group".
#[test]
fn groups_become_app_groups_that_can_be_linked() {
    let lab = Lab::oin();
    lab.configure(|app| app.provisioning.import_groups = true);
    let (ann, id) = lab.provisioned("ann");
    let members = json!([{ "value": id }, { "value": "nobody" }]);
    let target = lab.target.put(
        "Groups",
        json!({ "displayName": "Eng", "members": members }),
    );
    let run = lab.import();
    assert_eq!((run.counts.groups, run.counts.new_groups), (1, 1));
    let find = |lab: &Lab| {
        let tx = lab.context.store.read().unwrap();
        let row = group_rows::by_account(&tx, lab.key, &target).unwrap()?;
        group_rows::find(&tx, ORG, row).unwrap()
    };
    let group = find(&lab).unwrap();
    assert_eq!((group.name.as_str(), group.member_count), ("Eng", 1));
    {
        let tx = lab.context.store.read().unwrap();
        assert!(group_rows::is_member(&tx, ORG, group.seq, ann).unwrap());
    }
    assert_eq!(lab.import().counts.unchanged_groups, 1);
    lab.target
        .set("Groups", &target, "displayName", "Engineers");
    lab.target.set("Groups", &target, "members", json!([]));
    assert_eq!(lab.import().counts.updated_groups, 1);
    let group = find(&lab).unwrap();
    assert_eq!((group.name.as_str(), group.member_count), ("Engineers", 0));
    // Linked, it is the target of a push, and stays.
    let own = lab.group("Own", &[ann]);
    let key = lab.key;
    let mapping = lab.write(move |tx| {
        let new = NewPush {
            group: own,
            target: PushTarget::Existing(group.seq),
            active: true,
        };
        Ok(push::create(tx, &administrator(), key, &new, now())?.seq)
    });
    lab.drain();
    assert_eq!(lab.mapping(mapping).status, PushMappingStatus::Active);
    assert_eq!(lab.target.all("Groups").len(), 1);
    lab.target.remove("Groups", &target);
    lab.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(lab.import().counts.removed_groups, 0);
    lab.write(move |tx| {
        Ok(push::unlink(
            tx,
            &administrator(),
            key,
            mapping,
            false,
            now(),
        )?)
    });
    assert_eq!(lab.import().counts.removed_groups, 1);
    assert_eq!(find(&lab), None);
}

/// 2.3: schedules on the appliance's clock; "scheduled imports do not re-match users that stayed unmatched earlier, manual
/// imports do (Force rematch imported users)".
#[test]
fn a_schedule_begins_imports_and_leaves_the_unmatched_alone() {
    let lab = Lab::oin();
    lab.account("ann");
    lab.import();
    lab.person("ann");
    lab.to_okta(|rules| {
        rules.full = Some(ImportSchedule {
            expression: "0 0 * * *".into(),
            timezone: "UTC".into(),
        });
    });
    let due = |lab: &Lab| {
        let tx = lab.context.store.read().unwrap();
        super::super::next_due(&tx).unwrap().unwrap()
    };
    lab.drain();
    assert!(!lab.last_import().scheduled, "not before its time");
    let pass = |lab: &Lab| {
        let wait = due(lab).since(lab.clock.now());
        lab.clock.advance(wait);
        lab.drain();
        assert!(lab.last_import().scheduled);
        assert_eq!(lab.last_import().created, lab.clock.now());
    };
    pass(&lab);
    assert_eq!(lab.results(), ["ann@x.test New"]);
    assert_eq!(
        due(&lab).since(lab.clock.now()),
        std::time::Duration::from_hours(24)
    );
    lab.to_okta(|rules| rules.force_rematch = true);
    pass(&lab);
    assert_eq!(lab.results(), ["ann@x.test Exact"]);
    lab.to_okta(|rules| (rules.full, rules.force_rematch) = (None, false));
    let tx = lab.context.store.read().unwrap();
    assert_eq!(super::super::next_due(&tx).unwrap(), None);
}

/// 1.10: "cloud SCIM apps do not filter on `meta.lastModified`; 'incremental' falls back to full".
#[test]
fn an_incremental_import_reads_everything() {
    let lab = Lab::oin();
    lab.account("ann");
    lab.to_okta(|rules| {
        rules.incremental = Some(ImportSchedule {
            expression: "0 * * * *".into(),
            timezone: "UTC".into(),
        });
    });
    for scanned in 1..=2 {
        lab.target.seen();
        let due = {
            let tx = lab.context.store.read().unwrap();
            super::super::next_due(&tx).unwrap().unwrap()
        };
        lab.clock.advance(due.since(lab.clock.now()));
        lab.drain();
        let asked = lab.target.seen();
        assert_eq!(
            asked.last().map(String::as_str),
            Some("GET /Users?startIndex=1&count=100")
        );
        assert_eq!(lab.last_import().counts.scanned, scanned);
        lab.account("bob");
    }
}

#[test]
fn unconfirmed_users_are_cleared_however_many_they_are() {
    let lab = Lab::oin();
    for n in 0..450 {
        lab.account(&format!("p{n}"));
    }
    lab.import();
    let key = lab.key;
    let first = lab.imported()[0].seq;
    lab.write(move |tx| {
        Ok(imports::choose(
            tx,
            &administrator(),
            key,
            first,
            Choice::Ignore,
        )?)
    });
    lab.write(move |tx| {
        Ok(imports::clear_unconfirmed(
            tx,
            &administrator(),
            key,
            now(),
        )?)
    });
    lab.drain();
    let left = lab.imported();
    assert_eq!((left.len(), left[0].seq), (1, first));
    assert_eq!(lab.import().counts.new, 449);
}

/// Whoever waits for confirmation and is no longer there goes.
#[test]
fn an_account_that_is_gone_does_not_wait_any_more() {
    let lab = Lab::oin();
    let id = lab.account("ann");
    lab.account("bob");
    lab.import();
    lab.target.remove("Users", &id);
    lab.import();
    assert_eq!(lab.results(), ["bob@x.test New"]);
}
