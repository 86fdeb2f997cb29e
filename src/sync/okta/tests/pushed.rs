//! Pushed groups: part 1.11 of the Okta reference.

use std::time::Duration;

use super::super::super::testing::Fault;
use super::*;
use crate::directory::okta::push as mappings;
use crate::model::okta::PushMappingStatus;

fn rename(target: &str, name: &str) -> String {
    let operations = json!([{ "op": "replace", "value": { "id": target, "displayName": name } }]);
    format!("PATCH /Groups/{target} {operations}")
}

/// How many members the first group at the target has.
fn members(lab: &Lab) -> usize {
    lab.target.all("Groups")[0]["members"]
        .as_array()
        .unwrap()
        .len()
}

/// A pushed group with these members, who have accounts; rows of the people, the group, the mapping, and its `id`.
fn pushed(lab: &Lab, names: &[&str]) -> (Vec<Seq>, Seq, Seq, String) {
    let people: Vec<Seq> = names.iter().map(|name| lab.provisioned(name).0).collect();
    let group = lab.group("Eng", &people);
    let mapping = lab.push(group, "Eng");
    lab.drain();
    let target = lab.target.all("Groups")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    lab.target.seen();
    (people, group, mapping, target)
}

/// 1.11.2: the name goes with every change; 1.11.1: whoever has no account is left out and told of.
#[test]
fn changes_of_members_are_told_as_removals_and_one_addition() {
    let lab = Lab::oin();
    let (people, group, mapping, target) = pushed(&lab, &["ann", "bob"]);
    let (cid, cid_id) = lab.provisioned("cid");
    let outsider = lab.person("out");
    lab.leave(group, people[0]);
    lab.join(group, cid);
    lab.join(group, outsider);
    let ann_id = lab.row(people[0]).external_id.unwrap();
    let operations = json!([
        { "op": "remove", "path": format!("members[value eq \"{ann_id}\"]") },
        { "op": "add", "path": "members", "value": [{ "value": cid_id, "display": "cid@x.test" }] },
    ]);
    assert_eq!(
        lab.sent(),
        [
            rename(&target, "Eng"),
            format!("PATCH /Groups/{target} {operations}")
        ],
        "three changes are one push"
    );
    let told = lab.told();
    assert_eq!(
        told[told.len() - 2..],
        [
            "group_push.push_memberships SUCCESS",
            "app.user_management.grouppush.mapping.okta.users.ignored SKIPPED"
        ]
    );
    let ignored = lab.events().pop().unwrap();
    assert!(
        ignored
            .targets
            .iter()
            .any(|t| t.alternate_id == "out@x.test")
    );
    assert!(lab.mapping(mapping).last_push.is_some());
    // Nobody came or went: nothing is sent.
    let key = lab.key;
    lab.write(move |tx| {
        let kind = crate::model::okta::JobKind::PushMembers { mapping };
        Ok(jobs::enqueue(tx, key, kind, now())?)
    });
    assert_eq!(lab.sent(), [""; 0]);
}

/// 1.11.1: whoever gets an account is pushed with the groups; whoever loses it leaves them.
#[test]
fn members_come_and_go_with_their_accounts() {
    let lab = Lab::oin();
    let (_, group, _, _) = pushed(&lab, &["ann"]);
    let bob = lab.person("bob");
    lab.join(group, bob);
    lab.drain();
    assert_eq!(members(&lab), 1);
    lab.assign(bob);
    lab.drain();
    assert_eq!(members(&lab), 2);
    lab.unassign(bob);
    lab.drain();
    assert_eq!(members(&lab), 1);
    assert_eq!(lab.waiting(), []);
}

/// 1.11.2: PUT of the complete list after a look; without members too.
#[test]
fn the_wizards_app_puts_the_complete_list() {
    let lab = Lab::aiw();
    let (people, group, _, target) = pushed(&lab, &["ann", "bob"]);
    lab.leave(group, people[0]);
    assert_eq!(
        lab.sent(),
        [
            format!("GET /Groups/{target}"),
            format!("PUT /Groups/{target}")
        ]
    );
    lab.leave(group, people[1]);
    lab.drain();
    assert_eq!(lab.target.all("Groups")[0]["members"], json!([]));
}

/// 1.11.2: a rename is one request; 1.11.3: the PUT repeats the id only as in 2018.
#[test]
fn a_group_is_renamed() {
    for (lab, with_id) in [(Lab::oin(), false), (Lab::aiw(), false), (Lab::aiw(), true)] {
        lab.configure(|app| app.wire.put_includes_id = with_id);
        let (_, group, mapping, target) = pushed(&lab, &["ann"]);
        lab.rename(group, "Dev");
        lab.target.got();
        let seen = lab.sent();
        let got = lab.target.got();
        if lab.app().flavour.puts() {
            assert_eq!(seen, [format!("PUT /Groups/{target}")]);
            assert_eq!(got[0].body.get("id").is_some(), with_id);
            assert_eq!(got[0].body["members"].as_array().unwrap().len(), 1);
        } else {
            assert_eq!(seen, [rename(&target, "Dev")]);
        }
        assert_eq!(lab.target.all("Groups")[0]["displayName"], "Dev");
        assert_eq!(lab.mapping(mapping).target_name, "Dev");
        assert_eq!(
            lab.told().last().unwrap(),
            "group_push.mapping.app.group.renamed SUCCESS"
        );
    }
}

/// 1.11.2: the wizard's app looks for the group by name; a match is linked and overwritten (11).
#[test]
fn a_group_that_is_there_is_linked() {
    let lab = Lab::aiw();
    let theirs = json!({ "displayName": "Eng", "members": [{ "value": "X" }] });
    let id = lab.target.put("Groups", theirs);
    let (ann, ann_id) = lab.provisioned("ann");
    let group = lab.group("Eng", &[ann]);
    let mapping = lab.push(group, "Eng");
    assert_eq!(
        lab.sent(),
        [
            "GET /Groups?filter=displayName%20eq%20%22Eng%22&startIndex=1&count=100".to_owned(),
            format!("GET /Groups/{id}"),
            format!("PUT /Groups/{id}"),
        ]
    );
    let members = json!([{ "value": ann_id, "display": "ann@x.test" }]);
    assert_eq!(lab.target.all("Groups")[0]["members"], members);
    assert!(lab.mapping(mapping).target.is_some());
}

/// 1.11.5: a group whose id is not known is looked for: a push that broke off before its answer came.
#[test]
fn a_push_that_was_begun_before_looks_before_it_makes() {
    let lab = Lab::oin();
    let (ann, ann_id) = lab.provisioned("ann");
    let group = lab.group("Eng", &[ann]);
    let mapping = lab.push(group, "Eng");
    // The group is made, but the answer is lost.
    lab.target
        .chaos(|method, _| (method == "POST").then_some(Fault::Closed));
    let id = lab.target.put("Groups", json!({ "displayName": "Eng" }));
    assert_eq!(lab.sent(), ["POST /Groups"]);
    assert_eq!(lab.mapping(mapping).status, PushMappingStatus::Error);
    assert!(lab.task().starts_with("Unable to create Group Push mapping target App group Eng: Error while creating user group Eng The "));
    lab.target.calm();
    lab.retry();
    let seen = lab.sent();
    assert!(seen[0].starts_with("GET /Groups?filter="), "{seen:?}");
    assert_eq!(lab.target.all("Groups").len(), 1, "nothing is made twice");
    let members = json!([{ "value": ann_id, "display": "ann@x.test" }]);
    assert_eq!(lab.target.all("Groups")[0]["members"], members);
    let mapping = lab.mapping(mapping);
    assert_eq!(
        (mapping.status, mapping.error),
        (PushMappingStatus::Active, None)
    );
    let tx = lab.context.store.read().unwrap();
    let target = groups::get(&tx, ORG, mapping.target.unwrap()).unwrap();
    assert_eq!(target.external_id, Some(id));
    assert_eq!(lab.tasks(), []);
}

/// 1.11.4: at most so many changes in one PATCH, in a full push the first replaces and the others add.
#[test]
fn many_members_are_told_in_parts() {
    let lab = Lab::oin();
    lab.configure(|app| app.wire.members_per_patch = 2);
    let (_, _, mapping, target) = pushed(&lab, &["a", "b", "c", "d", "e"]);
    assert_eq!(
        lab.target.all("Groups")[0]["members"]
            .as_array()
            .unwrap()
            .len(),
        5
    );
    lab.push_now(mapping);
    lab.target.got();
    lab.drain();
    let shape: Vec<(String, usize)> = lab
        .target
        .got()
        .iter()
        .map(|got| {
            assert_eq!(got.path, format!("/Groups/{target}"));
            let operation = &got.body["Operations"][0];
            let op = operation["op"].as_str().unwrap().to_owned();
            (op, operation["value"].as_array().unwrap().len())
        })
        .collect();
    let expected = [("replace", 2), ("add", 2), ("add", 1)];
    assert_eq!(shape, expected.map(|(op, n)| (op.to_owned(), n)));
}

/// 2.11: of a new group, and of its members.
#[test]
fn a_group_that_is_made_is_told_of() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let (ann, _) = lab.provisioned("ann");
        let before = lab.told().len();
        lab.push(lab.group("Eng", &[ann]), "Eng");
        lab.drain();
        let mut expected = vec!["group_push.pushed SUCCESS"];
        if !lab.app().flavour.puts() {
            expected.push("group_push.push_memberships SUCCESS");
        }
        assert_eq!(lab.told()[before..], expected);
    }
}

/// 2.11: calls about groups have an event of their own when they fail, besides that of the mapping.
#[test]
fn each_call_about_a_group_that_fails_has_its_event() {
    const ERROR: &str = "group_push.mapping.update.or.delete.failed.with.error FAILURE";
    const NAME: &str = "group_push.mapping.app.group.renamed.failed FAILURE";
    type Work = fn(&Lab, Seq, Seq);
    let works: [(Lab, &str, Work, [&str; 2]); 4] = [
        (
            Lab::aiw(),
            "GET",
            |lab, _, _| {
                lab.push(lab.group("New", &[]), "New");
            },
            ["group.verify_exists FAILURE", ERROR],
        ),
        (
            Lab::oin(),
            "POST",
            |lab, _, _| {
                lab.push(lab.group("New", &[]), "New");
            },
            ["group.add FAILURE", ERROR],
        ),
        (
            Lab::oin(),
            "PATCH",
            |lab, group, _| lab.rename(group, "Dev"),
            ["group.update FAILURE", NAME],
        ),
        (
            Lab::oin(),
            "DELETE",
            |lab, _, mapping| lab.unlink(mapping, true),
            ["group.remove FAILURE", ERROR],
        ),
    ];
    for (lab, method, work, events) in works {
        let (_, group, mapping, _) = pushed(&lab, &["ann"]);
        let before = lab.told().len();
        lab.target.chaos(move |asked, _| {
            (asked == method).then_some(Fault::Answer(500, "text/plain", ""))
        });
        work(&lab, group, mapping);
        lab.drain();
        assert_eq!(lab.told()[before..], events);
        assert_eq!((lab.tasks().len(), lab.waiting()), (1, vec![]));
    }
}

/// 1.11.4: 100 changes in a PATCH unless the app says otherwise, which may be 256 and at most 1,000.
#[test]
fn a_patch_has_the_size_that_the_app_says() {
    let size = |members_per_patch| {
        let wire = crate::model::okta::Wire {
            members_per_patch,
            ..crate::model::okta::Wire::default()
        };
        wire.size_of_patch()
    };
    assert_eq!(crate::model::okta::Wire::default().size_of_patch(), 100);
    assert_eq!(
        [0, 1, 256, 1_000, 1_001].map(size),
        [1, 1, 256, 1_000, 1_000]
    );
    // 1.1 and 1.11.4: a minute without an answer.
    assert_eq!(crate::sync::client::OKTA.timeout, Duration::from_mins(1));
}

/// A full push that breaks off after its first part: whoever was replaced away is told by the next push of any kind.
#[test]
fn a_full_push_that_breaks_off_loses_nobody() {
    let lab = Lab::oin();
    lab.configure(|app| app.wire.members_per_patch = 2);
    let (_, _, mapping, _) = pushed(&lab, &["a", "b", "c"]);
    let mut parts = 0;
    lab.target.chaos(move |_, _| {
        parts += 1;
        (parts == 2).then_some(Fault::Answer(500, "application/scim+json", ""))
    });
    lab.push_now(mapping);
    lab.drain();
    assert_eq!(members(&lab), 2);
    lab.activate(mapping);
    lab.drain();
    assert_eq!(members(&lab), 3);
}

/// 1.13: a full push that is refused in its middle goes on where it was, and does not begin again.
#[test]
fn a_full_push_that_waits_goes_on_with_the_rest() {
    let lab = Lab::oin();
    lab.configure(|app| app.wire.members_per_patch = 2);
    let (_, _, mapping, target) = pushed(&lab, &["a", "b", "c", "d", "e"]);
    let mut parts = 0;
    lab.target.chaos(move |_, _| {
        parts += 1;
        (parts == 2).then_some(Fault::Answer(429, "application/scim+json", ""))
    });
    lab.push_now(mapping);
    lab.drain();
    assert_eq!(members(&lab), 2);
    lab.target.got();
    lab.clock.advance(Duration::from_mins(5));
    lab.drain();
    let bodies = lab.target.got();
    assert_eq!(bodies[0].path, format!("/Groups/{target}"));
    assert_eq!(
        bodies[0].body["Operations"][0]["value"]["displayName"],
        "Eng"
    );
    assert!(
        bodies[1..]
            .iter()
            .all(|got| got.body["Operations"][0]["op"] == "add")
    );
    assert_eq!(members(&lab), 5);
    assert_eq!(lab.waiting(), []);
}

/// A list of very many parts is told by several turns of its job, each of which is written down.
#[test]
fn a_list_of_very_many_parts_is_told_in_turns() {
    let lab = Lab::oin();
    lab.configure(|app| app.wire.members_per_patch = 1);
    let names: Vec<String> = (0..105).map(|n| format!("p{n}")).collect();
    let people: Vec<Seq> = names.iter().map(|name| lab.person(name)).collect();
    for person in &people {
        lab.assign(*person);
    }
    lab.drain();
    let group = lab.group("Eng", &people);
    let before = lab.told().len();
    let mapping = lab.push(group, "Eng");
    lab.drain();
    let turns = |from: usize| {
        let told = lab.told();
        let pushes = |event: &&String| *event == "group_push.push_memberships SUCCESS";
        (told[from..].iter().filter(pushes).count(), told.len())
    };
    let (first, before) = (turns(before).0, turns(before).1);
    assert_eq!((first, members(&lab)), (2, 105));
    lab.push_now(mapping);
    lab.drain();
    assert_eq!((turns(before).0, members(&lab)), (2, 105));
    assert_eq!(lab.waiting(), []);
}

/// 1.11.2, 1.11.6 and 4.7 C9315, C9330: an app group that is linked is renamed or keeps its name; members that are there
/// stay, and no second group is made.
#[test]
fn an_app_group_that_is_linked_is_renamed_or_keeps_its_name() {
    for (rename_on, name) in [(true, "Dev"), (false, "Eng")] {
        let lab = Lab::oin();
        lab.configure(|app| app.rename_app_groups = rename_on);
        let (_, _, mapping, id) = pushed(&lab, &["ann"]);
        let theirs = lab.mapping(mapping).target.unwrap();
        // 4.7 C9321, C9322: the group stays at the target, and is linked again.
        lab.unlink(mapping, false);
        assert_eq!(lab.sent(), [""; 0]);
        let (bob, bob_id) = lab.provisioned("bob");
        let group = lab.group("Dev", &[bob]);
        let key = lab.key;
        let mapping = lab.write(move |tx| {
            let new = NewPush {
                group,
                target: PushTarget::Existing(theirs),
                active: true,
            };
            Ok(mappings::create(tx, &administrator(), key, &new, now())?.seq)
        });
        let added = json!([{ "op": "add", "path": "members", "value": [{ "value": bob_id, "display": "bob@x.test" }] }]);
        assert_eq!(
            lab.sent(),
            [rename(&id, name), format!("PATCH /Groups/{id} {added}")]
        );
        assert_eq!(lab.target.all("Groups").len(), 1);
        assert_eq!(members(&lab), 2, "ann stays");
        assert_eq!(lab.mapping(mapping).target_name, name);
    }
}

/// 1.11.2: changes queue up while a mapping is inactive or failed, a new name too; 1.11.6: unless app groups keep theirs.
#[test]
fn a_name_that_changed_meanwhile_is_told_later() {
    for (rename_on, lab) in [(true, Lab::oin()), (true, Lab::aiw()), (false, Lab::oin())] {
        let (_, group, mapping, _) = pushed(&lab, &["ann"]);
        lab.configure(|app| app.rename_app_groups = rename_on);
        lab.deactivate(mapping);
        lab.rename(group, "Dev");
        assert_eq!(lab.sent(), [""; 0]);
        lab.activate(mapping);
        assert_eq!(lab.sent().len(), usize::from(rename_on));
        let name = if rename_on { "Dev" } else { "Eng" };
        assert_eq!(lab.target.all("Groups")[0]["displayName"], name);
        lab.push_now(mapping);
        assert_eq!(lab.sent().len(), 1, "told once");
    }
    // A name that was chosen for the target is no new name.
    let lab = Lab::oin();
    let (ann, _) = lab.provisioned("ann");
    let group = lab.group("Eng", &[]);
    lab.push(group, "Engineers");
    lab.drain();
    lab.join(group, ann);
    lab.drain();
    assert_eq!(lab.target.all("Groups")[0]["displayName"], "Engineers");
    assert_eq!(members(&lab), 1);
}

/// 1.11.2 and 1.11.3: an empty group is pushed as an empty list; the variant without a path.
#[test]
fn push_now_replaces_everything() {
    for without_path in [false, true] {
        let lab = Lab::oin();
        lab.configure(|app| app.wire.full_push_without_path = without_path);
        let (people, group, mapping, target) = pushed(&lab, &["ann"]);
        lab.leave(group, people[0]);
        lab.drain();
        lab.push_now(mapping);
        let operations = if without_path {
            json!([{ "op": "replace", "value": { "members": [] } }])
        } else {
            json!([{ "op": "replace", "path": "members", "value": [] }])
        };
        assert_eq!(lab.sent(), [format!("PATCH /Groups/{target} {operations}")]);
    }
}

/// 1.11.6 and 1.12: the sentence, the mapping in error, nothing more pushed before a retry.
#[test]
fn a_push_that_fails_stops_the_mapping() {
    let lab = Lab::oin();
    let (people, group, mapping, _) = pushed(&lab, &["ann"]);
    let body = r#"{"detail":"patch-REPLACE-operation not supported for group.members"}"#;
    lab.target.chaos(move |method, _| {
        (method == "PATCH").then_some(Fault::Answer(501, "application/scim+json", body))
    });
    lab.configure(|app| app.wire.rename_with_members = false);
    let (bob, _) = lab.provisioned("bob");
    lab.join(group, bob);
    lab.drain();
    let text = "Unable to update Group Push mapping target App group Eng: Error while updating user group membership for group Eng Not Implemented. Errors reported by remote server: patch-REPLACE-operation not supported for group.members";
    assert_eq!(lab.task(), text);
    let failed = lab.mapping(mapping);
    assert_eq!(
        (failed.status, failed.error.as_deref()),
        (PushMappingStatus::Error, Some(text))
    );
    let told = lab.told();
    assert_eq!(
        told[told.len() - 2..],
        [
            "group_membership.update FAILURE",
            "group_push.mapping.update.or.delete.failed.with.error FAILURE"
        ]
    );
    lab.target.calm();
    lab.leave(group, people[0]);
    assert_eq!(lab.sent(), [""; 0]);
    lab.retry();
    assert_eq!(lab.sent().len(), 1);
    let members = lab.target.all("Groups")[0]["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 1);
    assert_eq!(members[0]["display"], "bob@x.test");
    assert_eq!(lab.mapping(mapping).status, PushMappingStatus::Active);
}

/// 1.11.2: nothing is sent for an inactive mapping; what changed is pushed when it is activated.
#[test]
fn an_inactive_mapping_waits() {
    let lab = Lab::oin();
    let (people, group, mapping, _) = pushed(&lab, &["ann", "bob"]);
    lab.deactivate(mapping);
    lab.leave(group, people[0]);
    assert_eq!(lab.sent(), [""; 0]);
    lab.activate(mapping);
    assert_eq!(lab.sent().len(), 2);
}

/// 1.11.2: DELETE; a group that is gone already is as good as deleted, everything else is a task.
#[test]
fn an_unlinked_group_is_deleted() {
    for (status, fails) in [(204, false), (404, false), (500, true)] {
        let lab = Lab::aiw();
        let (_, _, mapping, target) = pushed(&lab, &["ann"]);
        lab.target.chaos(move |method, _| {
            (method == "DELETE").then_some(Fault::Answer(status, "application/scim+json", ""))
        });
        lab.unlink(mapping, true);
        assert_eq!(lab.sent(), [format!("DELETE /Groups/{target}")]);
        if fails {
            let text = "Unable to delete Group Push mapping target App group Eng: Error while deleting user group Eng Internal Server Error.";
            assert_eq!(lab.task(), text);
        } else {
            assert_eq!(lab.tasks(), []);
            assert_eq!(
                lab.told().last().unwrap(),
                "group_push.delete_appgroup SUCCESS"
            );
        }
    }
}
