//! Random histories: whatever happens in whatever order, indexes and counters agree with the rows, and who is assigned
//! follows from who should be.

use proptest::prelude::*;

use super::*;
use crate::directory::okta::assignments::{
    AppUserChange, assign_group, assign_user, get_group, unassign_group, unassign_user,
};
use crate::directory::okta::lifecycle::{Transition, perform};
use crate::directory::okta::push::{NewPush, PushTarget, create, unlink};
use crate::directory::okta::rules::{self, NewRule, Verdict};
use crate::model::okta::{AssignmentScope, RuleStatus, UserStatus};
use crate::store::okta::{groups as group_rows, push as push_rows, rules as rule_rows};

const PEOPLE: u64 = 3;
/// Conditions, and the group that each puts people in.
const RULES: [(&str, u64); 2] = [
    ("String.startsWith(user.login, \"l\")", 2),
    ("isMemberOfGroupName(\"Eng\")", 3),
];

/// Something that somebody does; the numbers say to whom.
#[derive(Debug, Clone, Copy)]
enum Step {
    Transition(usize, u64),
    Delete(u64),
    Rename(u64, u8),
    Join(u64, u64),
    Leave(u64, u64),
    Assign(u64),
    Unassign(u64),
    AssignGroup(u64, u32),
    UnassignGroup(u64),
    DeleteGroup(u64),
    Push(u64),
    Unlink(u64, bool),
    Rule(u64, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let user = || 1..=PEOPLE;
    // 1 is *Everyone*, which is refused.
    let group = || 1..=3_u64;
    prop_oneof![
        (0..9_usize, user()).prop_map(|(t, u)| Step::Transition(t, u)),
        user().prop_map(Step::Delete),
        (user(), 0..3_u8).prop_map(|(u, n)| Step::Rename(u, n)),
        (group(), user()).prop_map(|(g, u)| Step::Join(g, u)),
        (group(), user()).prop_map(|(g, u)| Step::Leave(g, u)),
        user().prop_map(Step::Assign),
        user().prop_map(Step::Unassign),
        (group(), 0..3_u32).prop_map(|(g, p)| Step::AssignGroup(g, p)),
        group().prop_map(Step::UnassignGroup),
        group().prop_map(Step::DeleteGroup),
        group().prop_map(Step::Push),
        (1..4_u64, any::<bool>()).prop_map(|(m, d)| Step::Unlink(m, d)),
        (1..=RULES.len() as u64, any::<bool>()).prop_map(|(r, on)| Step::Rule(r, on)),
    ]
}

fn act(lab: &Lab, step: Step) -> Result<()> {
    lab.attempt(move |tx, admin| match step {
        Step::Transition(which, user) => {
            let transition = Transition::all().nth(which).unwrap();
            perform(tx, admin, transition, Seq(user), now()).map(drop)
        }
        Step::Delete(user) => users::delete(tx, admin, Seq(user), now()).map(drop),
        Step::Rename(user, number) => {
            let login = format!("l{number}@x.test");
            let changes = profile(&[("login", &login)]);
            users::update(tx, admin, Seq(user), &changes, now()).map(drop)
        }
        Step::Join(group, user) => {
            directory_groups::add_member(tx, admin, Seq(group), Seq(user), now()).map(drop)
        }
        Step::Leave(group, user) => {
            directory_groups::remove_member(tx, admin, Seq(group), Seq(user), now()).map(drop)
        }
        Step::Assign(user) => {
            let change = AppUserChange::default();
            assign_user(tx, admin, KEY, Seq(user), &change, now()).map(drop)
        }
        Step::Unassign(user) => unassign_user(tx, admin, KEY, Seq(user), now()),
        Step::AssignGroup(group, priority) => {
            let none = Profile::new();
            assign_group(tx, admin, KEY, Seq(group), Some(priority), &none, now()).map(drop)
        }
        Step::UnassignGroup(group) => unassign_group(tx, admin, KEY, Seq(group), now()),
        Step::DeleteGroup(group) => {
            directory_groups::delete(tx, admin, Seq(group), now())?;
            super::super::assignments::unassign_page(tx, KEY, Seq(group), Seq(0), 99, now())
                .map(drop)
        }
        Step::Push(group) => {
            let new = NewPush {
                group: Seq(group),
                target: PushTarget::Named("G".into()),
                active: true,
            };
            create(tx, admin, KEY, &new, now()).map(drop)
        }
        Step::Unlink(mapping, delete) => unlink(tx, admin, KEY, Seq(mapping), delete, now()),
        Step::Rule(rule, true) => rules::activate(tx, admin, Seq(rule), now()).map(drop),
        Step::Rule(rule, false) => rules::deactivate(tx, admin, Seq(rule), now()).map(drop),
    })
}

/// Whoever is in a group that assigns is assigned unless deactivated; whoever is assigned through groups is in one.
fn follows(lab: &Lab) {
    let tx = lab.store.read().unwrap();
    for row in 1..=PEOPLE {
        let user = Seq(row);
        let assigned = app_users::find(&tx, KEY, user).unwrap();
        let Ok(found) = users::get(&tx, ORG, user) else {
            assert_eq!(assigned, None, "somebody who is gone is assigned");
            continue;
        };
        let granted = group_rows::groups_of(&tx, ORG, user)
            .unwrap()
            .into_iter()
            .any(|group| get_group(&tx, KEY, group).is_ok());
        match assigned.map(|assigned| assigned.scope) {
            _ if found.status == UserStatus::Deprovisioned => {
                assert_eq!(app_users::find(&tx, KEY, user).unwrap(), None);
            }
            None => assert!(!granted, "{user} should be assigned"),
            Some(AssignmentScope::Group) => assert!(granted, "{user} should not be assigned"),
            Some(AssignmentScope::User) => {}
        }
    }
    for mapping in push_rows::after(&tx, KEY, Seq(0), 99).unwrap() {
        assert!(group_rows::find(&tx, ORG, mapping.group).unwrap().is_some());
    }
}

/// An active rule holds whoever its condition is true of, and nobody else.
fn rules_hold(lab: &Lab) {
    let tx = lab.store.read().unwrap();
    let admin = OrgAdministrator::of(&Operator::of_this_process(), ORG);
    for rule in rules::all(&tx, ORG).unwrap() {
        if rule.status != RuleStatus::Active {
            continue;
        }
        for row in 1..=PEOPLE {
            let user = Seq(row);
            let holds = |group: &Seq| {
                let holders = rule_rows::holders(&tx, ORG, *group, user).unwrap();
                holders.contains(&rule.seq)
            };
            let held = rule.groups.iter().any(holds);
            match rules::preview(&tx, &admin, &rule, user, now()) {
                Ok(Verdict::Matches) => assert!(held, "{user} should be held by {}", rule.name),
                Ok(Verdict::DoesNot | Verdict::Excluded) => {
                    assert!(!held, "{user} should not be held by {}", rule.name);
                }
                Ok(Verdict::NotActive) => {}
                Ok(Verdict::Fails(why)) => panic!("{why}"),
                Err(_) => assert!(!held, "somebody who is gone is held"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_happens_rows_indexes_and_assignments_agree(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let lab = Lab::new("scim2headerauth");
        for name in ["Ann", "Bob", "Eve"] {
            lab.add(name);
        }
        lab.group("Eng");
        lab.group("Ops");
        for (expression, group) in RULES {
            let new = NewRule {
                name: format!("Rule of {group}"),
                expression: expression.into(),
                groups: vec![Seq(group)],
                excluded: Vec::new(),
            };
            lab.run(move |tx, admin| rules::create(tx, admin, &new, now()));
        }
        for step in steps {
            if let Err(Refusal::Domain(error)) = act(&lab, step) {
                panic!("{step:?}: {error}");
            }
            follows(&lab);
            rules_hold(&lab);
        }
        lab.is_sound();
    }
}
