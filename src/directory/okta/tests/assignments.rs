//! Parts 1.4 to 1.7, 2.5 and 2.9: who is assigned, with which values, and what is sent.

use super::*;
use crate::directory::okta::apps::{MappingChange, put_attribute, save_mappings};
use crate::directory::okta::assignments::{
    AppUserChange, anybody_waits, apply_page, assign_group, assign_page, assign_user, complaint,
    provision_page, provision_user, provision_waiting, unassign_group, unassign_page,
    unassign_user, update_app_group, update_app_user,
};
use crate::model::okta::{
    AppStatus, AppUserStatus, AssignmentScope, AttributeMapping, AttributeType, PushStatus,
    SyncState, UsernameTemplate,
};

fn assign(lab: &Lab, user: Seq, change: AppUserChange) -> Result<AppUser> {
    lab.attempt(move |tx, admin| assign_user(tx, admin, KEY, user, &change, now()))
}

fn typed(members: &[(&str, &str)]) -> AppUserChange {
    AppUserChange {
        user_name: None,
        profile: profile(members),
    }
}

fn hired(lab: &Lab, name: &str) -> Seq {
    let user = lab.add(name).seq;
    assign(lab, user, AppUserChange::default()).unwrap();
    lab.provisioned(user, &format!("U{user}"));
    user
}

fn change(lab: &Lab, user: Seq, members: &[(&str, &str)]) {
    let changes = profile(members);
    lab.run(move |tx, admin| users::update(tx, admin, user, &changes, now()));
}

/// 2.9 and 7.3: "Right after POST: externalId null, STAGED, `OUT_OF_SYNC`".
#[test]
fn an_assignment_is_staged_until_the_target_has_the_account() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    let before = lab.events(0).len();
    let assigned = assign(&lab, ann, AppUserChange::default()).unwrap();
    assert_eq!(assigned.status, AppUserStatus::Staged);
    assert_eq!(assigned.sync_state, SyncState::OutOfSync);
    assert_eq!(assigned.scope, AssignmentScope::User);
    assert_eq!(assigned.external_id, None);
    assert_eq!(assigned.user_name, "ann@x.test");
    assert_eq!(
        assigned.profile,
        profile(&[
            ("givenName", "Ann"),
            ("familyName", "Doe"),
            ("email", "ann@x.test"),
            ("emailType", "work"),
        ])
    );
    assert_eq!(lab.queue(), [JobKind::Provision { user: ann }]);
    assert_eq!(lab.events(before), ["application.user_membership.add"]);
}

/// 2.9 and 7.3: "Without provisioning: status ACTIVE, syncState DISABLED".
#[test]
fn without_provisioning_an_assignment_is_active_and_nothing_is_sent() {
    let lab = Lab::new("postman");
    lab.integrate(false);
    let ann = lab.add("Ann").seq;
    let assigned = assign(&lab, ann, AppUserChange::default()).unwrap();
    assert_eq!(assigned.status, AppUserStatus::Active);
    assert_eq!(assigned.sync_state, SyncState::Disabled);
    assert_eq!(lab.queue(), []);
    let refused = lab.attempt(move |tx, admin| provision_user(tx, admin, KEY, ann, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
    // 1.12: "assigned before Provisioning was enabled ... Click Provision User".
    let before = lab.assigned(ann).unwrap();
    assert_eq!(complaint(&lab.integrate(false), &before), None);
    let app = lab.integrate(true);
    assert_eq!(lab.queue(), []);
    let text = "User was assigned this application before Provisioning was enabled and not provisioned in the downstream application. Click Provision User.";
    assert_eq!(complaint(&app, &before), Some(text));
    let assigned = lab.run(move |tx, admin| provision_user(tx, admin, KEY, ann, now()));
    assert_eq!(assigned.status, AppUserStatus::Staged);
    assert_eq!(lab.queue(), [JobKind::Provision { user: ann }]);
}

fn anybody(lab: &Lab, limit: usize) -> bool {
    let tx = lab.store.read().unwrap();
    let app = applications::get(&tx, KEY).unwrap();
    anybody_waits(&tx, &app, KEY, limit).unwrap()
}

/// 2.10: "initial provisioning of already assigned users is one press of Provision User(s)".
#[test]
fn everybody_who_waits_is_provisioned_page_by_page() {
    let lab = Lab::new("postman");
    let has = hired(&lab, "Has");
    assert!(!anybody(&lab, 10));
    lab.integrate(false);
    let names = ["Ann", "Bob", "Cem"];
    let waiting: Vec<Seq> = names.iter().map(|name| lab.add(name).seq).collect();
    for user in &waiting {
        assign(&lab, *user, AppUserChange::default()).unwrap();
    }
    assert!(!anybody(&lab, 10), "nothing is sent");
    let off = lab.attempt(|tx, admin| provision_waiting(tx, admin, KEY, now()));
    assert_eq!(code(&off.unwrap_err()), "E0000001");
    lab.integrate(true);
    assert!(anybody(&lab, 10));
    for _ in 0..2 {
        lab.run(|tx, admin| provision_waiting(tx, admin, KEY, now()));
    }
    let after = Seq(0);
    let pressed = lab.queue();
    assert_eq!(pressed, [JobKind::ProvisionWaiting { after }], "once");
    let next = lab.run(|tx, _| provision_page(tx, KEY, Seq(0), 2, now()));
    assert_eq!(next, Some(waiting[0]));
    let next = lab.run(move |tx, _| provision_page(tx, KEY, next.unwrap(), 9, now()));
    assert_eq!(next, None);
    let provision = |user: &Seq| JobKind::Provision { user: *user };
    let sent: Vec<JobKind> = waiting.iter().map(provision).collect();
    assert_eq!(lab.queue(), sent, "not {has}, who has an account");
    for user in waiting {
        lab.provisioned(user, &format!("U{user}"));
    }
    assert!(!anybody(&lab, 4));
    assert!(anybody(&lab, 3), "nobody looked at the last");
}

/// 4.4, C3: mapped attributes are accepted at the assignment.
#[test]
fn what_is_typed_at_the_assignment_counts_more_than_mappings() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    let change = AppUserChange {
        user_name: Some("ann.doe@x.test".into()),
        profile: profile(&[("givenName", "Annie"), ("displayName", "A")]),
    };
    let assigned = assign(&lab, ann, change).unwrap();
    assert_eq!(assigned.user_name, "ann.doe@x.test");
    assert_eq!(assigned.profile["givenName"], "Annie");
    assert_eq!(assigned.profile["displayName"], "A");
    let bob = lab.add("Bob").seq;
    for wrong in [
        typed(&[("shoeSize", "40")]),
        AppUserChange {
            user_name: Some(" ".into()),
            ..AppUserChange::default()
        },
    ] {
        assert_eq!(code(&assign(&lab, bob, wrong).unwrap_err()), "E0000001");
    }
    let number = AppUserChange {
        user_name: None,
        profile: Profile::from([("givenName".to_owned(), serde_json::json!({ "a": 1 }))]),
    };
    assert_eq!(code(&assign(&lab, bob, number).unwrap_err()), "E0000001");
}

#[test]
fn whoever_is_deactivated_cannot_be_assigned() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    lab.run(move |tx, admin| users::delete(tx, admin, ann, now()));
    let refused = assign(&lab, ann, AppUserChange::default());
    assert_eq!(code(&refused.unwrap_err()), "E0000038");
}

/// 1.6: "a mapped Okta attribute changes", "One PUT per change set".
#[test]
fn a_change_of_a_mapped_attribute_is_pushed_once() {
    let lab = Lab::new("postman");
    let ann = hired(&lab, "Ann");
    change(&lab, ann, &[("firstName", "Anna"), ("lastName", "Roe")]);
    assert_eq!(lab.queue(), [JobKind::PushProfile { user: ann }]);
    let assigned = lab.assigned(ann).unwrap();
    assert_eq!(assigned.sync_state, SyncState::OutOfSync);
    assert_eq!(assigned.profile["givenName"], "Anna");
    change(&lab, ann, &[("title", "Engineer")]);
    assert_eq!(lab.queue(), [], "Postman's app does not map it");
    change(&lab, ann, &[("firstName", "Anna")]);
    assert_eq!(lab.queue(), [], "nothing changed");
}

/// 2.2: *Update User Attributes* off.
#[test]
fn without_updates_the_profile_follows_and_nothing_is_sent() {
    let lab = Lab::new("postman");
    let ann = hired(&lab, "Ann");
    let to_app = ToApp {
        update_attributes: false,
        ..EVERYTHING
    };
    lab.run(move |tx, admin| applications::save_to_app(tx, admin, KEY, to_app, now()));
    change(&lab, ann, &[("firstName", "Anna")]);
    assert_eq!(lab.queue(), []);
    assert_eq!(lab.assigned(ann).unwrap().profile["givenName"], "Anna");
}

/// 2.7: "Apply mapping on user create only".
#[test]
fn a_mapping_on_creation_only_does_not_follow() {
    let lab = Lab::new("postman");
    let changes = vec![MappingChange {
        attribute: "givenName".into(),
        mapping: Some(AttributeMapping {
            expression: "String.toUpperCase(user.firstName)".into(),
            push: PushStatus::DontPush,
        }),
    }];
    lab.run(move |tx, admin| save_mappings(tx, admin, KEY, &changes, false, now()));
    assert_eq!(lab.queue(), []);
    let ann = hired(&lab, "Ann");
    assert_eq!(lab.assigned(ann).unwrap().profile["givenName"], "ANN");
    change(&lab, ann, &[("firstName", "Anna")]);
    assert_eq!(lab.queue(), []);
    assert_eq!(lab.assigned(ann).unwrap().profile["givenName"], "ANN");
}

/// 2.7: "Apply updates now", Force Sync.
#[test]
fn applied_mappings_push_whose_profile_changed_and_force_sync_everybody() {
    let lab = Lab::new("postman");
    let ann = hired(&lab, "Ann");
    let bob = hired(&lab, "Bob");
    let changes = vec![MappingChange {
        attribute: "displayName".into(),
        mapping: Some(AttributeMapping {
            expression: "user.firstName == 'Ann' ? 'A' : null".into(),
            push: PushStatus::Push,
        }),
    }];
    lab.run(move |tx, admin| save_mappings(tx, admin, KEY, &changes, true, now()));
    let after = Seq(0);
    assert_eq!(
        lab.queue(),
        [JobKind::ApplyMappings {
            after,
            force: false
        }]
    );
    let next = lab.run(move |tx, _| apply_page(tx, KEY, Seq(0), false, 1, now()));
    assert_eq!(next, Some(ann));
    let next = lab.run(move |tx, _| apply_page(tx, KEY, ann, false, 10, now()));
    assert_eq!(next, None);
    assert_eq!(lab.queue(), [JobKind::PushProfile { user: ann }]);
    lab.run(move |tx, _| apply_page(tx, KEY, Seq(0), true, 10, now()));
    assert_eq!(
        lab.queue(),
        [
            JobKind::PushProfile { user: ann },
            JobKind::PushProfile { user: bob }
        ]
    );
}

/// 1.6: "cleared in Okta = empty string".
#[test]
fn a_value_that_goes_is_cleared() {
    let lab = Lab::new("scim2headerauth");
    let ann = lab.add("Ann").seq;
    change(&lab, ann, &[("title", "Engineer")]);
    assign(&lab, ann, AppUserChange::default()).unwrap();
    lab.provisioned(ann, "U1");
    change(&lab, ann, &[("title", "")]);
    assert_eq!(lab.queue(), [JobKind::PushProfile { user: ann }]);
    let assigned = lab.assigned(ann).unwrap();
    assert_eq!(assigned.profile["title"], "");
    assert_eq!(assigned.profile.get("nickName"), None);
}

/// 1.6: "userName change: part of the PUT"; 2.7: *Update application username on*.
#[test]
fn a_login_that_changes_renames_the_app_user_unless_it_was_typed() {
    let lab = Lab::new("postman");
    let ann = hired(&lab, "Ann");
    change(&lab, ann, &[("login", "anna@x.test")]);
    assert_eq!(lab.assigned(ann).unwrap().user_name, "anna@x.test");
    assert_eq!(lab.queue(), [JobKind::PushProfile { user: ann }]);

    let bob = lab.add("Bob").seq;
    let own = AppUserChange {
        user_name: Some("bobby".into()),
        ..AppUserChange::default()
    };
    assign(&lab, bob, own).unwrap();
    lab.provisioned(bob, "U2");
    change(&lab, bob, &[("firstName", "Rob")]);
    assert_eq!(lab.assigned(bob).unwrap().user_name, "bobby");

    let prefix = UsernameTemplate {
        template: "${fn:substringBefore(source.login, \"@\")}".into(),
        push: PushStatus::DontPush,
        ..UsernameTemplate::default()
    };
    lab.run(move |tx, admin| applications::save_username(tx, admin, KEY, &prefix, false, now()));
    let eve = hired(&lab, "Eve");
    assert_eq!(lab.assigned(eve).unwrap().user_name, "eve");
    change(&lab, eve, &[("login", "eva@x.test")]);
    assert_eq!(lab.assigned(eve).unwrap().user_name, "eve");
}

/// 2.2 and 7.1: E0000075.
#[test]
fn a_mapped_attribute_cannot_be_set_while_updates_are_on() {
    let lab = Lab::new("postman");
    let ann = hired(&lab, "Ann");
    let set = move |change: AppUserChange| {
        lab.attempt(move |tx, admin| update_app_user(tx, admin, KEY, ann, &change, now()))
            .map(|_| lab.queue())
    };
    let refused = set(typed(&[("givenName", "X")])).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Cannot modify the givenName attribute because it has a field mapping and profile push is enabled."
    );
    assert_eq!(set(typed(&[("givenName", "Ann")])).unwrap(), []);
    let renamed = AppUserChange {
        user_name: Some("other".into()),
        ..AppUserChange::default()
    };
    assert_eq!(set(renamed).unwrap(), [JobKind::PushProfile { user: ann }]);
}

/// 1.7: "user unassigned from app"; "toggle off: assignment removed in Okta, nothing sent".
#[test]
fn an_end_is_sent_when_deactivation_is_on_and_there_is_an_account() {
    let lab = Lab::new("postman");
    let ann = hired(&lab, "Ann");
    lab.run(move |tx, admin| unassign_user(tx, admin, KEY, ann, now()));
    assert!(matches!(&lab.queue()[..], [JobKind::Deactivate { .. }]));

    let bob = lab.add("Bob").seq;
    assign(&lab, bob, AppUserChange::default()).unwrap();
    lab.queue();
    lab.run(move |tx, admin| unassign_user(tx, admin, KEY, bob, now()));
    assert_eq!(lab.queue(), [], "the target never had an account");

    let eve = hired(&lab, "Eve");
    let to_app = ToApp {
        deactivate_users: false,
        ..EVERYTHING
    };
    lab.run(move |tx, admin| applications::save_to_app(tx, admin, KEY, to_app, now()));
    lab.run(move |tx, admin| unassign_user(tx, admin, KEY, eve, now()));
    assert_eq!((lab.queue(), lab.assigned(eve)), (vec![], None));
    lab.is_sound();
}

#[test]
fn an_inactive_app_sends_nothing() {
    let lab = Lab::new("postman");
    let ann = hired(&lab, "Ann");
    lab.run(|tx, admin| applications::set_status(tx, admin, KEY, AppStatus::Inactive, now()));
    change(&lab, ann, &[("firstName", "Anna")]);
    lab.run(move |tx, admin| unassign_user(tx, admin, KEY, ann, now()));
    assert_eq!(lab.queue(), []);
}

fn grant(lab: &Lab, group: Seq, priority: u32, members: &[(&str, &str)]) {
    let values = profile(members);
    lab.run(move |tx, admin| assign_group(tx, admin, KEY, group, Some(priority), &values, now()));
}

/// 2.5: "USER wins", "deactivate when the last granting group is gone".
#[test]
fn groups_assign_their_members_until_the_last_of_them_is_gone() {
    let lab = Lab::new("postman");
    let (eng, ops) = (lab.group("Eng").seq, lab.group("Ops").seq);
    let ann = lab.add("Ann").seq;
    lab.join(eng, ann);
    grant(&lab, eng, 0, &[]);
    grant(&lab, ops, 1, &[]);
    assert_eq!(lab.assigned(ann).unwrap().scope, AssignmentScope::Group);
    assert_eq!(lab.queue(), [JobKind::Provision { user: ann }]);
    lab.provisioned(ann, "U1");
    lab.join(ops, ann);
    assert_eq!(lab.queue(), []);

    let refused = lab.attempt(move |tx, admin| unassign_user(tx, admin, KEY, ann, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");

    lab.run(move |tx, admin| directory_groups::remove_member(tx, admin, eng, ann, now()));
    assert!(lab.assigned(ann).is_some(), "the other group still assigns");
    lab.run(move |tx, admin| unassign_group(tx, admin, KEY, ops, now()));
    assert_eq!(lab.assigned(ann), None);
    assert!(matches!(&lab.queue()[..], [JobKind::Deactivate { .. }]));
    lab.is_sound();
}

#[test]
fn in_person_counts_more_than_a_group_and_gives_way_to_it_again() {
    let lab = Lab::new("postman");
    let eng = lab.group("Eng").seq;
    let ann = hired(&lab, "Ann");
    lab.join(eng, ann);
    grant(&lab, eng, 0, &[("displayName", "Engineer")]);
    let assigned = lab.assigned(ann).unwrap();
    assert_eq!(assigned.scope, AssignmentScope::User);
    assert_eq!(assigned.profile.get("displayName"), None);
    lab.run(move |tx, admin| unassign_user(tx, admin, KEY, ann, now()));
    let assigned = lab.assigned(ann).unwrap();
    assert_eq!(assigned.scope, AssignmentScope::Group);
    assert_eq!(assigned.profile["displayName"], "Engineer");
    assert_eq!(lab.queue(), [JobKind::PushProfile { user: ann }]);
    let change = AppUserChange::default();
    let assigned = assign(&lab, ann, change).unwrap();
    assert_eq!(assigned.scope, AssignmentScope::User);
}

/// 2.5: "`priority` (0 = highest) decides which group's values win".
#[test]
fn the_values_of_the_highest_group_win() {
    let lab = Lab::new("postman");
    let (eng, ops) = (lab.group("Eng").seq, lab.group("Ops").seq);
    grant(&lab, eng, 1, &[("displayName", "Engineer")]);
    grant(&lab, ops, 2, &[("displayName", "Operator")]);
    let ann = lab.add("Ann").seq;
    let shown = |lab: &Lab| lab.assigned(ann).unwrap().profile["displayName"].clone();
    lab.join(ops, ann);
    lab.provisioned(ann, "U1");
    assert_eq!(shown(&lab), "Operator");
    lab.join(eng, ann);
    assert_eq!(shown(&lab), "Engineer");
    assert_eq!(lab.queue(), [JobKind::PushProfile { user: ann }]);
    lab.run(move |tx, admin| update_app_group(tx, admin, KEY, ops, Some(0), None, now()));
    assert!(matches!(&lab.queue()[..], [JobKind::ApplyMappings { .. }]));
    lab.run(|tx, _| apply_page(tx, KEY, Seq(0), false, 10, now()));
    assert_eq!(shown(&lab), "Operator");
}

/// 2.5: arrays may "combine values across groups" instead of using the priority.
#[test]
fn an_array_may_combine_the_values_of_groups() {
    for union in [false, true] {
        let lab = Lab::new("scim2headerauth");
        let mut attribute = lab.integrate(true).attribute("nickName").unwrap().clone();
        attribute.name = "roles".into();
        (attribute.mapping, attribute.union) = (None, true);
        let text = attribute.clone();
        let refused = lab.attempt(move |tx, admin| put_attribute(tx, admin, KEY, &text, now()));
        assert_eq!(code(&refused.unwrap_err()), "E0000001", "a text is no list");
        attribute.data_type = AttributeType::StringArray;
        attribute.union = union;
        lab.run(move |tx, admin| put_attribute(tx, admin, KEY, &attribute, now()));
        let give = |group: Seq, priority: u32, roles: &[&str]| {
            let values = Profile::from([("roles".to_owned(), Value::from(roles.to_vec()))]);
            lab.run(move |tx, admin| {
                assign_group(tx, admin, KEY, group, Some(priority), &values, now())
            });
        };
        let (eng, ops) = (lab.group("Eng").seq, lab.group("Ops").seq);
        give(eng, 1, &["developer", "reader"]);
        give(ops, 2, &["reader", "operator"]);
        let ann = lab.add("Ann").seq;
        let shown = |lab: &Lab| lab.assigned(ann).unwrap().profile["roles"].clone();
        lab.join(ops, ann);
        assert_eq!(shown(&lab), Value::from(vec!["reader", "operator"]));
        lab.join(eng, ann);
        let both = if union {
            vec!["developer", "reader", "operator"]
        } else {
            vec!["developer", "reader"]
        };
        assert_eq!(shown(&lab), Value::from(both.clone()));
        // Whoever is assigned when both groups give already gets the same.
        let bob = lab.add("Bob").seq;
        lab.run(move |tx, admin| unassign_group(tx, admin, KEY, eng, now()));
        lab.join(ops, bob);
        lab.join(eng, bob);
        give(eng, 1, &["developer", "reader"]);
        lab.run(|tx, _| apply_page(tx, KEY, Seq(0), false, 10, now()));
        assert_eq!(
            lab.assigned(bob).unwrap().profile["roles"],
            Value::from(both)
        );
    }
}

/// A large group is not one write.
#[test]
fn a_large_group_is_assigned_and_unassigned_page_by_page() {
    let lab = Lab::new("postman");
    let eng = lab.group("Eng").seq;
    lab.run(move |tx, admin| {
        for number in 0..450 {
            let new = person(&format!("P{number}"));
            let user = users::create(tx, admin, &new, now())?;
            directory_groups::add_member(tx, admin, eng, user.seq, now())?;
        }
        Ok(())
    });
    let count = |lab: &Lab| {
        let tx = lab.store.read().unwrap();
        app_users::after(&tx, KEY, Seq(0), usize::MAX)
            .unwrap()
            .len()
    };
    grant(&lab, eng, 0, &[]);
    assert_eq!(count(&lab), 200);
    let Some(JobKind::AssignGroup { group, after }) = lab.queue().pop() else {
        panic!("the rest waits");
    };
    let next = lab.run(move |tx, _| assign_page(tx, KEY, group, after, 200, now()));
    assert_eq!(count(&lab), 400);
    let next = lab.run(move |tx, _| assign_page(tx, KEY, group, next.unwrap(), 200, now()));
    assert_eq!((count(&lab), next), (450, None));
    lab.queue();
    lab.run(move |tx, admin| unassign_group(tx, admin, KEY, eng, now()));
    assert_eq!(count(&lab), 250);
    let Some(JobKind::UnassignGroup { group, after }) = lab.queue().pop() else {
        panic!("the rest waits");
    };
    let next = lab.run(move |tx, _| unassign_page(tx, KEY, group, after, 1000, now()));
    assert_eq!((count(&lab), next), (0, None));
    let next = lab.run(move |tx, _| assign_page(tx, KEY, group, Seq(0), 10, now()));
    assert_eq!((count(&lab), next), (0, None), "it assigns nobody any more");
    lab.is_sound();
}

/// 3.4: a value of the wrong type is skipped, with an event.
#[test]
fn an_expression_that_fails_for_a_person_is_told_and_skipped() {
    let lab = Lab::new("postman");
    let changes = vec![MappingChange {
        attribute: "displayName".into(),
        mapping: Some(AttributeMapping {
            expression: "{'a', 'b'}".into(),
            push: PushStatus::Push,
        }),
    }];
    lab.run(move |tx, admin| save_mappings(tx, admin, KEY, &changes, false, now()));
    let ann = lab.add("Ann").seq;
    let before = lab.events(0).len();
    let assigned = assign(&lab, ann, AppUserChange::default()).unwrap();
    assert_eq!(assigned.profile.get("displayName"), None);
    assert_eq!(assigned.profile["givenName"], "Ann");
    assert_eq!(
        lab.events(before),
        [
            "application.user_membership.add",
            "application.appuser.mapping.invalid.expression"
        ]
    );
}
