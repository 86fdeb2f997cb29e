//! Part 1.11.6: "Find groups by rule", and what Okta's help says of the mappings of a rule.

use super::*;
use crate::directory::okta::push::{self, NewPush, PushTarget};
use crate::directory::okta::push_rules::{
    Mappings, NewPushRule, create, delete, made_by, set_active, update,
};
use crate::model::okta::{Criterion, GroupType, PushMappingStatus, PushRule, TextMatch};
use crate::store::okta::groups as group_rows;

fn starts_with(name: &str, text: &str) -> NewPushRule {
    NewPushRule {
        name: name.into(),
        group_name: Some(Criterion {
            how: TextMatch::StartsWith,
            text: text.into(),
        }),
        description: None,
        immediately: true,
    }
}

impl Lab {
    fn push_rule(&self, new: NewPushRule) -> Seq {
        self.run(move |tx, admin| create(tx, admin, KEY, &new, now()))
            .seq
    }

    /// Names of the groups that a rule pushes.
    fn pushed_by(&self, rule: Seq) -> Vec<String> {
        let tx = self.store.read().unwrap();
        let made = made_by(&tx, KEY, rule).unwrap();
        made.into_iter().map(|made| made.target_name).collect()
    }
}

/// "Name and/or description starts with / ends with / contains": groups that match now, and those that do later.
#[test]
fn a_rule_pushes_groups_that_match_now_and_later() {
    let lab = Lab::new("scim2headerauth");
    let eng = lab.group("Eng West").seq;
    let ops = lab.group("Ops").seq;
    let rule = lab.push_rule(starts_with("Engineering", "eng"));
    assert_eq!(lab.pushed_by(rule), ["Eng West"]);
    assert!(matches!(lab.queue()[..], [JobKind::PushGroup { .. }]));
    let before = lab.events(0).len();
    lab.group("Eng East");
    assert_eq!(lab.pushed_by(rule), ["Eng West", "Eng East"]);
    assert_eq!(
        lab.events(before),
        [
            "group.lifecycle.create",
            "application.provision.group_push.mapping.created",
            "app.user_management.grouppush.mapping.created.from.rule",
        ]
    );
    let renamed = |group, name: &'static str| {
        let wanted = GroupProfile {
            name: name.into(),
            description: "all".into(),
        };
        lab.run(move |tx, admin| directory_groups::update(tx, admin, group, &wanted, now()));
    };
    renamed(ops, "Engine Ops");
    assert_eq!(lab.pushed_by(rule).len(), 3);
    // What matches no more stays under its rule.
    renamed(eng, "West");
    assert_eq!(lab.pushed_by(rule).len(), 3);

    let described = NewPushRule {
        description: Some(Criterion {
            how: TextMatch::EndsWith,
            text: "ALL".into(),
        }),
        ..starts_with("Described", "e")
    };
    let second = lab.push_rule(described);
    assert_eq!(lab.pushed_by(second), [""; 0], "what is pushed already");
    lab.is_sound();
}

/// "Push group memberships immediately" off: mappings begin inactive.
#[test]
fn mappings_of_a_rule_wait_if_they_are_not_to_be_pushed_immediately() {
    let lab = Lab::new("scim2headerauth");
    lab.group("Eng");
    let new = NewPushRule {
        immediately: false,
        ..starts_with("Later", "E")
    };
    let rule = lab.push_rule(new);
    let made = made_by(&lab.store.read().unwrap(), KEY, rule).unwrap();
    let statuses: Vec<_> = made.iter().map(|mapping| mapping.status).collect();
    // "Everyone" and "Eng".
    assert_eq!(statuses, [PushMappingStatus::Inactive; 2]);
    assert_eq!(lab.queue(), []);
}

/// "Existing group push mappings are not affected even if the rule is deactivated or changed."
#[test]
fn a_rule_that_is_deactivated_or_changed_keeps_its_mappings() {
    let lab = Lab::new("scim2headerauth");
    lab.group("Eng");
    let rule = lab.push_rule(starts_with("Engineering", "eng"));
    lab.run(move |tx, admin| set_active(tx, admin, KEY, rule, false, now()));
    lab.group("Eng 2");
    assert_eq!(lab.pushed_by(rule), ["Eng"]);
    lab.run(move |tx, admin| update(tx, admin, KEY, rule, &starts_with("Ops", "ops"), now()));
    lab.group("Ops");
    assert_eq!(lab.pushed_by(rule), ["Eng"]);
    lab.run(move |tx, admin| set_active(tx, admin, KEY, rule, true, now()));
    assert_eq!(lab.pushed_by(rule), ["Eng", "Ops"]);
    lab.is_sound();
}

/// "Deleting a rule optionally deletes its pushed groups".
#[test]
fn a_deleted_rule_leaves_its_mappings_or_takes_them_with_their_groups() {
    for (mappings, left) in [(Mappings::Stay, 1), (Mappings::GoWithGroups, 0)] {
        let lab = Lab::new("scim2headerauth");
        lab.group("Eng");
        let rule = lab.push_rule(starts_with("Engineering", "eng"));
        let before = lab.events(0).len();
        lab.run(move |tx, admin| delete(tx, admin, KEY, rule, mappings, now()));
        let all = push::all(&lab.store.read().unwrap(), KEY).unwrap();
        assert_eq!(all.len(), left);
        assert!(all.iter().all(|mapping| mapping.rule.is_none()));
        let told = lab.events(before);
        assert_eq!(
            told.last().map(String::as_str)
                == Some("application.provision.group_push.mapping.and.groups.deleted.rule.deleted"),
            left == 0
        );
        lab.group("Eng 2");
        assert_eq!(
            push::all(&lab.store.read().unwrap(), KEY).unwrap().len(),
            left
        );
        lab.is_sound();
    }
}

/// "No more than 100 groups can match the filter; otherwise, the request will fail."
#[test]
fn a_rule_matches_a_hundred_groups_at_most() {
    let lab = Lab::new("scim2headerauth");
    for n in 0..100 {
        lab.group(&format!("Eng {n}"));
    }
    let rule = lab.push_rule(starts_with("Engineering", "Eng"));
    assert_eq!(lab.pushed_by(rule).len(), 100);
    let before = lab.events(0).len();
    lab.group("Eng 100");
    assert_eq!(lab.pushed_by(rule).len(), 100);
    assert_eq!(
        lab.events(before),
        [
            "group.lifecycle.create",
            "app.user_management.grouppush.mapping.created.from.rule.error.validation"
        ]
    );
    let refused =
        lab.attempt(|tx, admin| create(tx, admin, KEY, &starts_with("Too many", "Eng"), now()));
    assert!(refused.unwrap_err().to_string().contains("100"));
}

/// A group of the app with the name of the group is linked; one that belongs to another mapping is told of.
#[test]
fn a_group_is_linked_to_the_app_group_of_its_name_unless_that_is_taken() {
    let lab = Lab::new("scim2headerauth");
    let (other, target) = (lab.group("Other").seq, Seq(4));
    lab.run(move |tx, _| {
        let group = OktaGroup {
            seq: target,
            kind: GroupType::AppGroup,
            name: "Eng".into(),
            description: String::new(),
            app: Some(APP),
            external_id: Some("G1".into()),
            member_count: 0,
            created: now(),
            last_updated: now(),
            last_membership_updated: now(),
        };
        Ok(group_rows::put(tx, ORG, &group)?)
    });
    lab.group("Eng");
    let rule = lab.push_rule(starts_with("Engineering", "eng"));
    let made = made_by(&lab.store.read().unwrap(), KEY, rule).unwrap();
    assert_eq!(made[0].target, Some(target));
    lab.run(move |tx, admin| delete(tx, admin, KEY, rule, Mappings::Stay, now()));
    lab.run(move |tx, admin| push::unlink(tx, admin, KEY, made[0].seq, false, now()));
    let new = NewPush {
        group: other,
        target: PushTarget::Existing(target),
        active: true,
    };
    lab.run(move |tx, admin| push::create(tx, admin, KEY, &new, now()));
    let rule = lab.push_rule(starts_with("Engineering", "eng"));
    assert_eq!(lab.pushed_by(rule), [""; 0]);
    assert!(lab.events(0).contains(
        &"app.user_management.grouppush.mapping.created.from.rule.error.duplicate".to_owned()
    ));
    lab.is_sound();
}

#[test]
fn a_rule_without_name_or_criterion_is_refused() {
    let lab = Lab::new("scim2headerauth");
    lab.push_rule(starts_with("Taken", "x"));
    for (new, says) in [
        (starts_with("", "x"), "blank"),
        (starts_with("taken", "x"), "already exists"),
        (starts_with("R", " "), "blank"),
        (starts_with("R", &"x".repeat(256)), "too long"),
    ] {
        let refused = lab.attempt(move |tx, admin| create(tx, admin, KEY, &new, now()));
        let why = refused.map(|rule: PushRule| rule.name).unwrap_err();
        assert!(why.to_string().contains(says), "{why}");
    }
    let lab = Lab::new("postman");
    let refused = lab.attempt(|tx, admin| create(tx, admin, KEY, &starts_with("R", "x"), now()));
    assert!(refused.is_err());
}
