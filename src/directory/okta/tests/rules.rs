//! Part 3.5: group rules, and what Okta's help says of the people they hold.

use super::*;
use crate::directory::okta::rules::{self, NewRule, Verdict};
use crate::model::okta::{GroupRule, RuleRemoval, RuleStatus, SystemEvent};
use crate::store::okta::{groups as group_rows, rules as rows};

impl Lab {
    fn rule(&self, name: &str, expression: &str, groups: &[Seq]) -> Seq {
        self.try_rule(name, expression, groups)
            .unwrap_or_else(|refusal| panic!("{refusal}"))
            .seq
    }

    fn try_rule(&self, name: &str, expression: &str, groups: &[Seq]) -> Result<GroupRule> {
        let new = NewRule {
            name: name.into(),
            expression: expression.into(),
            groups: groups.to_vec(),
            excluded: Vec::new(),
        };
        self.attempt(move |tx, admin| rules::create(tx, admin, &new, now()))
    }

    fn activate_rule(&self, rule: Seq) {
        self.run(move |tx, admin| rules::activate(tx, admin, rule, now()));
    }

    fn deactivate_rule(&self, rule: Seq) {
        self.run(move |tx, admin| rules::deactivate(tx, admin, rule, now()));
    }

    fn get_rule(&self, rule: Seq) -> GroupRule {
        rules::get(&self.store.read().unwrap(), ORG, rule).unwrap()
    }

    fn set(&self, user: Seq, name: &str, value: &str) {
        let changes = profile(&[(name, value)]);
        self.run(move |tx, admin| users::update(tx, admin, user, &changes, now()));
    }

    fn leave(&self, group: Seq, user: Seq) {
        self.run(move |tx, admin| directory_groups::remove_member(tx, admin, group, user, now()));
    }

    fn members(&self, group: Seq) -> Vec<Seq> {
        let tx = self.store.read().unwrap();
        group_rows::members(&tx, ORG, group, Seq(0), usize::MAX).unwrap()
    }

    fn org_queue(&self) -> Vec<JobKind> {
        let key = AppKey::of_org(ORG);
        let waiting = jobs::after(&self.store.read().unwrap(), key, Seq(0), 100).unwrap();
        waiting.into_iter().map(|job| job.kind).collect()
    }

    fn log(&self, since: usize) -> Vec<SystemEvent> {
        let tx = self.store.read().unwrap();
        let order = log::Order::OldestFirst;
        let found = log::search(&tx, ORG, order, None, (10_000, 10_000), |_| true).unwrap();
        found.events.into_iter().skip(since).collect()
    }
}

const SALES: &str = "user.department == \"Sales\"";

fn sales() -> (Lab, Seq, Seq, Seq) {
    let lab = Lab::new("scim2headerauth");
    let (ann, bob) = (lab.add("Ann").seq, lab.add("Bob").seq);
    lab.set(ann, "department", "Sales");
    let group = lab.group("Sales").seq;
    (lab, group, ann, bob)
}

/// Group rules are made inactive; activation evaluates everybody, and later everybody who changes.
#[test]
fn an_active_rule_follows_profiles() {
    let (lab, group, ann, bob) = sales();
    let rule = lab.rule("Sales", SALES, &[group]);
    assert_eq!(lab.get_rule(rule).status, RuleStatus::Inactive);
    lab.set(bob, "department", "Sales");
    assert_eq!(lab.members(group), []);

    let before = lab.events(0).len();
    lab.activate_rule(rule);
    assert_eq!(lab.members(group), [ann, bob]);
    assert_eq!(
        lab.events(before),
        [
            "group.user_membership.rule.trigger",
            "group.user_membership.add",
            "group.user_membership.add",
            "group.user_membership.rule.evaluation",
        ]
    );
    let log = lab.log(before);
    assert_eq!(log[0].actor.kind, "User");
    assert_eq!(log[1].actor.kind, "SystemPrincipal");
    assert_eq!(log[3].targets[0].kind, "GroupRule");

    lab.set(ann, "department", "Legal");
    assert_eq!(lab.members(group), [bob]);
    lab.set(ann, "department", "Sales");
    let carl = person("Carl");
    let carl = lab.run(move |tx, admin| {
        let mut carl = carl;
        carl.profile
            .insert("department".into(), Value::from("Sales"));
        users::create(tx, admin, &carl, now())
    });
    assert_eq!(lab.members(group), [ann, bob, carl.seq]);
    lab.is_sound();
}

/// "If you manually remove a rule-managed user from a group, that user automatically gets added to Except".
#[test]
fn whoever_is_removed_by_hand_is_excluded() {
    let (lab, group, ann, _) = sales();
    let rule = lab.rule("Sales", SALES, &[group]);
    lab.activate_rule(rule);
    let before = lab.events(0).len();
    lab.leave(group, ann);
    assert_eq!(lab.members(group), []);
    assert_eq!(lab.get_rule(rule).excluded, [ann]);
    let log = lab.log(before);
    let told: Vec<(&str, &str)> = log
        .iter()
        .map(|event| (event.event_type.as_str(), event.actor.kind.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "group.user_membership.rule.add_exclusion",
                "SystemPrincipal"
            ),
            ("group.user_membership.remove", "User"),
        ]
    );
    lab.set(ann, "title", "Engineer");
    assert_eq!(lab.members(group), []);
    // By hand the person can be a member, and no rule holds who is excluded.
    lab.join(group, ann);
    lab.set(ann, "department", "Legal");
    assert_eq!(lab.members(group), [ann]);
    lab.is_sound();
}

/// "When it reaches 100 users, an admin must manually remove users from that list."
#[test]
fn a_rule_excludes_a_hundred_people_at_most() {
    let (lab, group, ann, _) = sales();
    let others: Vec<Seq> = (0..rules::EXCLUDED)
        .map(|n| lab.add(&format!("P{n}")).seq)
        .collect();
    let rule = lab.rule("Sales", SALES, &[group]);
    let new = NewRule {
        name: "Sales".into(),
        expression: SALES.into(),
        groups: vec![group],
        excluded: others,
    };
    let mut more = new.clone();
    more.excluded.push(ann);
    lab.run(move |tx, admin| rules::update(tx, admin, rule, &new, now()));
    let refused = lab.attempt(move |tx, admin| rules::update(tx, admin, rule, &more, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
    lab.activate_rule(rule);
    let refused =
        lab.attempt(move |tx, admin| directory_groups::remove_member(tx, admin, group, ann, now()));
    assert!(refused.unwrap_err().to_string().contains("Sales"));
    assert_eq!(lab.members(group), [ann]);
}

/// "If a user manually added to a group begins to meet a condition, they automatically become managed by the rule."
#[test]
fn a_member_by_hand_stays_until_a_rule_takes_over() {
    let (lab, group, ann, bob) = sales();
    let rule = lab.rule("Sales", SALES, &[group]);
    lab.join(group, bob);
    lab.activate_rule(rule);
    assert_eq!(lab.members(group), [ann, bob]);
    lab.set(bob, "title", "Guest");
    assert_eq!(lab.members(group), [ann, bob]);
    lab.set(bob, "department", "Sales");
    lab.set(bob, "department", "Legal");
    assert_eq!(lab.members(group), [ann]);
    lab.is_sound();
}

/// "Deactivate the group rule (existing rule-managed users will still retain their membership in the group)."
#[test]
fn a_deactivated_rule_lets_nobody_go_before_it_is_activated_again() {
    let (lab, group, ann, bob) = sales();
    let rule = lab.rule("Sales", SALES, &[group]);
    lab.activate_rule(rule);
    let before = lab.events(0).len();
    lab.deactivate_rule(rule);
    assert_eq!(
        lab.events(before),
        ["group.user_membership.rule.deactivated"]
    );
    lab.set(ann, "department", "Legal");
    lab.set(bob, "department", "Sales");
    assert_eq!(lab.members(group), [ann]);
    lab.activate_rule(rule);
    assert_eq!(lab.members(group), [bob]);
    lab.is_sound();
}

/// 7.2 of Okta's API: `removeUsers`, "removes users from groups assigned by this rule".
#[test]
fn a_deleted_rule_keeps_or_removes_its_people() {
    for (removal, left) in [(RuleRemoval::KeepPeople, 2), (RuleRemoval::RemovePeople, 1)] {
        let (lab, group, ann, bob) = sales();
        lab.join(group, bob);
        let rule = lab.rule("Sales", SALES, &[group]);
        lab.activate_rule(rule);
        let refused = lab.attempt(move |tx, admin| rules::delete(tx, admin, rule, removal, now()));
        assert!(refused.unwrap_err().to_string().contains("active"));
        lab.deactivate_rule(rule);
        lab.run(move |tx, admin| rules::delete(tx, admin, rule, removal, now()));
        let tx = lab.store.read().unwrap();
        assert_eq!(rows::deleted_or_not(&tx, ORG, rule).unwrap(), None);
        assert_eq!(lab.members(group).len(), left);
        assert_eq!(lab.members(group).contains(&ann), left == 2);
        drop(tx);
        lab.is_sound();
    }
}

/// "A group rule becomes INVALID when one of its groups is deleted"; it can be read and deleted only.
#[test]
fn a_rule_whose_group_is_deleted_is_invalid() {
    let (lab, group, ann, bob) = sales();
    let other = lab.group("Other").seq;
    let rule = lab.rule("Sales", SALES, &[group, other]);
    lab.activate_rule(rule);
    let before = lab.events(0).len();
    lab.run(move |tx, admin| directory_groups::delete(tx, admin, other, now()));
    assert!(
        lab.events(before)
            .contains(&"group.user_membership.rule.invalidate".to_owned())
    );
    assert_eq!(lab.get_rule(rule).status, RuleStatus::Invalid);
    lab.is_sound();
    lab.set(bob, "department", "Sales");
    assert_eq!(lab.members(group), [ann]);
    for refused in [
        lab.attempt(move |tx, admin| rules::activate(tx, admin, rule, now())),
        lab.attempt(move |tx, admin| rules::deactivate(tx, admin, rule, now())),
        lab.attempt(move |tx, admin| rules::update(tx, admin, rule, &NewRule::default(), now())),
    ] {
        assert_eq!(code(&refused.unwrap_err()), "E0000001");
    }
    lab.run(move |tx, admin| rules::delete(tx, admin, rule, RuleRemoval::RemovePeople, now()));
    assert_eq!(lab.members(group), []);
    lab.is_sound();
}

/// 3.5: "Only String.*, Arrays.*, user.* (and group functions) are allowed; no conversion functions".
#[test]
fn a_bad_condition_is_refused_with_its_place() {
    let (lab, group, ..) = sales();
    for (bad, says) in [
        ("", "blank"),
        ("user.department ==", "at "),
        ("Convert.toInt(\"2018\") == user.title", "at line 1"),
        ("user.shoeSize == 44", "Invalid property shoeSize"),
        ("appuser.title == 'x'", "at line 1"),
        ("user.department = 'Sales'", "at "),
        ("user.firstName", "true or false"),
        ("String.len(user.firstName)", "true or false"),
    ] {
        let why = lab.try_rule("R", bad, &[group]).unwrap_err().to_string();
        assert!(why.contains(says), "{bad}: {why}");
    }
    for good in [
        "String.startsWith(user.login, \"a\") AND !isMemberOfGroupName(\"x\")",
        "Arrays.contains({\"a\"}, user.title)",
        "user.getInternalProperty(\"status\") == \"ACTIVE\"",
        "user.title == null",
    ] {
        lab.rule(good.get(..20).unwrap_or(good), good, &[group]);
    }
}

/// 7.2 of Okta's API: only inactive rules are updated, and their groups are not.
#[test]
fn a_rule_is_changed_while_it_is_inactive_and_keeps_its_groups() {
    let (lab, group, ann, _) = sales();
    let other = lab.group("Other").seq;
    let rule = lab.rule("Sales", SALES, &[group]);
    lab.rule("Taken", SALES, &[group]);
    let changed = |name: &str, group| NewRule {
        name: name.into(),
        expression: "user.login != null".into(),
        groups: vec![group],
        excluded: vec![ann],
    };
    for (refused, says) in [
        (changed("Sales", other), "groups"),
        (changed("taken", group), "already exists"),
        (changed(&"x".repeat(51), group), "50"),
        (changed(" ", group), "blank"),
    ] {
        let refusal = lab
            .attempt(move |tx, admin| rules::update(tx, admin, rule, &refused, now()))
            .unwrap_err();
        assert!(refusal.to_string().contains(says), "{refusal}");
    }
    let good = changed("SALES", group);
    let again = good.clone();
    let saved = lab.run(move |tx, admin| rules::update(tx, admin, rule, &good, now()));
    assert_eq!(
        (saved.name.as_str(), &saved.excluded),
        ("SALES", &vec![ann])
    );
    lab.activate_rule(rule);
    let refused = lab.attempt(move |tx, admin| rules::update(tx, admin, rule, &again, now()));
    assert!(refused.unwrap_err().to_string().contains("inactive"));
    let everyone = orgs::get(&lab.store.read().unwrap(), ORG).unwrap().everyone;
    assert!(lab.try_rule("R", SALES, &[everyone]).is_err());
    assert!(lab.try_rule("R", SALES, &[]).is_err());
}

/// "Group rules get triggered when the user's group membership changes."
#[test]
fn rules_that_ask_for_groups_follow_memberships() {
    let (lab, group, ann, bob) = sales();
    let (second, third) = (lab.group("Second").seq, lab.group("Third").seq);
    // The later ones are made first, so that one round does not do.
    let last = lab.rule("3", "isMemberOfGroupName(\"Second\")", &[third]);
    let middle = lab.rule("2", "isMemberOfGroupName(\"Sales\")", &[second]);
    let first = lab.rule("1", SALES, &[group]);
    for rule in [last, middle, first] {
        lab.activate_rule(rule);
    }
    assert_eq!(lab.members(third), [ann]);
    lab.set(bob, "department", "Sales");
    assert_eq!(lab.members(third), [ann, bob]);
    lab.set(bob, "department", "Legal");
    assert_eq!(lab.members(third), [ann]);
    lab.join(group, bob);
    assert_eq!(lab.members(third), [ann, bob]);
    let renamed = GroupProfile {
        name: "Vendors".into(),
        description: String::new(),
    };
    lab.run(move |tx, admin| directory_groups::update(tx, admin, group, &renamed, now()));
    assert_eq!((lab.members(second), lab.members(third)), (vec![], vec![]));
    lab.is_sound();
}

#[test]
fn rules_that_contradict_each_other_come_to_rest_with_an_error() {
    let (lab, group, ann, _) = sales();
    let rule = lab.rule("Paradox", "!isMemberOfGroupName(\"Sales\")", &[group]);
    let before = lab.events(0).len();
    lab.activate_rule(rule);
    let errors: Vec<SystemEvent> = lab
        .log(before)
        .into_iter()
        .filter(|event| event.event_type == "group.user_membership.rule.error")
        .collect();
    assert_eq!(errors.len(), 2);
    assert!(
        errors[0]
            .outcome
            .reason
            .as_ref()
            .unwrap()
            .contains("contradict")
    );
    lab.set(ann, "title", "x");
    lab.is_sound();
}

/// A condition that fails for somebody leaves the person where the person is.
#[test]
fn a_condition_that_fails_for_somebody_is_told_and_changes_nothing() {
    let (lab, group, ann, bob) = sales();
    let rule = lab.rule(
        "Long",
        "String.len(user.department) > 3 AND user.title",
        &[group],
    );
    lab.set(ann, "title", "Engineer");
    let before = lab.events(0).len();
    lab.activate_rule(rule);
    assert_eq!(lab.members(group), []);
    let log = lab.log(before);
    let error = log
        .iter()
        .find(|event| event.event_type == "group.user_membership.rule.error")
        .unwrap();
    assert!(error.targets[0].display_name.starts_with("Ann"));
    let tx = lab.store.read().unwrap();
    let admin = OrgAdministrator::of(&Operator::of_this_process(), ORG);
    let verdict = |user| rules::preview(&tx, &admin, &lab.get_rule(rule), user, now()).unwrap();
    assert!(matches!(verdict(ann), Verdict::Fails(why) if why.contains("at ")));
    assert_eq!(verdict(bob), Verdict::DoesNot);
}

/// People who are not activated, or not any more, stay where they are.
#[test]
fn only_people_who_are_activated_are_evaluated() {
    let (lab, group, ann, bob) = sales();
    lab.set(bob, "department", "Sales");
    let rule = lab.rule("Sales", SALES, &[group]);
    let carl = lab.run(move |tx, admin| {
        let mut carl = person("Carl");
        carl.activate = false;
        carl.profile
            .insert("department".into(), Value::from("Sales"));
        users::create(tx, admin, &carl, now())
    });
    lab.activate_rule(rule);
    let lifecycle = super::super::lifecycle::deactivate;
    lab.run(move |tx, admin| lifecycle(tx, admin, bob, now()));
    assert_eq!(lab.members(group), [ann, bob]);
    let activate = super::super::lifecycle::activate;
    lab.run(move |tx, admin| activate(tx, admin, carl.seq, now()));
    assert_eq!(lab.members(group), [ann, bob, carl.seq]);
    lab.run(move |tx, admin| users::delete(tx, admin, bob, now()));
    assert_eq!(lab.members(group), [ann, carl.seq]);
    lab.is_sound();
}

/// Many people are evaluated page by page in the queue of the org, never in one write.
#[test]
fn many_people_are_evaluated_page_by_page() {
    let (lab, group, ..) = sales();
    lab.run(|tx, admin| {
        for n in 0..450 {
            users::create(tx, admin, &person(&format!("P{n}")), now())?;
        }
        Ok(())
    });
    let rule = lab.rule("All", "user.lastName == \"Doe\"", &[group]);
    lab.activate_rule(rule);
    assert_eq!(lab.members(group).len(), 200);
    let [
        JobKind::EvaluateRules {
            rule: begun_for,
            after,
        },
    ] = lab.org_queue()[..]
    else {
        panic!("{:?}", lab.org_queue());
    };
    assert_eq!(begun_for, Some(rule));
    let page = move |after| {
        move |tx: &Write<'_>, _: &OrgAdministrator| {
            rules::evaluate_page(tx, ORG, Some(rule), after, 200, now())
        }
    };
    let after = lab.run(page(after)).unwrap();
    assert_eq!(lab.members(group).len(), 400);
    assert_eq!(lab.run(page(after)), None);
    assert_eq!(lab.members(group).len(), 452);
    // A rule that is deactivated meanwhile goes no further.
    lab.deactivate_rule(rule);
    assert_eq!(lab.run(page(Seq(0))), None);

    lab.run(move |tx, admin| rules::delete(tx, admin, rule, RuleRemoval::RemovePeople, now()));
    assert_eq!(lab.members(group).len(), 252);
    assert!(lab.org_queue().contains(&JobKind::ForgetRule { rule }));
    assert_eq!(
        rules::all(&lab.store.read().unwrap(), ORG).unwrap(),
        Vec::new()
    );
    while lab.run(move |tx, _| rules::forget_page(tx, ORG, rule, 200, now())) {}
    assert_eq!(lab.members(group), []);
    lab.is_sound();
}

/// Memberships by rules assign and push as those by hand do.
#[test]
fn what_a_rule_does_is_assigned_and_pushed() {
    let (lab, group, ann, bob) = sales();
    lab.run(move |tx, admin| {
        super::super::assignments::assign_group(tx, admin, KEY, group, None, &Profile::new(), now())
    });
    let new = super::super::push::NewPush {
        group,
        target: super::super::push::PushTarget::Named("Sales".into()),
        active: true,
    };
    let mapping = lab
        .run(move |tx, admin| super::super::push::create(tx, admin, KEY, &new, now()))
        .seq;
    lab.queue();
    let rule = lab.rule("Sales", SALES, &[group]);
    lab.activate_rule(rule);
    assert_eq!(
        lab.queue(),
        [
            JobKind::Provision { user: ann },
            JobKind::PushMembers { mapping }
        ]
    );
    lab.provisioned(ann, "A1");
    lab.set(ann, "department", "Legal");
    let sent = lab.queue();
    assert!(sent.contains(&JobKind::PushMembers { mapping }), "{sent:?}");
    assert!(
        sent.iter()
            .any(|job| matches!(job, JobKind::Deactivate { user, .. } if *user == ann))
    );
    assert_eq!(lab.assigned(ann), None);
    assert_eq!(lab.assigned(bob), None);
}

/// Whom one rule hands over to another stays in the group: nothing is deprovisioned in between.
#[test]
fn whoever_changes_from_one_rule_to_another_does_not_leave() {
    let (lab, group, ann, _) = sales();
    for (name, department) in [("1", "Sales"), ("2", "Legal")] {
        let expression = format!("user.department == \"{department}\"");
        let rule = lab.rule(name, &expression, &[group]);
        lab.activate_rule(rule);
    }
    let before = lab.events(0).len();
    lab.set(ann, "department", "Legal");
    assert_eq!(lab.events(before), ["user.account.update_profile"]);
    assert_eq!(lab.members(group), [ann]);
    lab.set(ann, "department", "Support");
    assert_eq!(lab.members(group), []);
    lab.is_sound();
}
