//! What the parts of a schema do to a cycle: filter sets, *Exact case*, flow types; and what replacing
//! a schema does to a job.

use crate::clock::Timestamp;
use crate::directory::users;
use crate::error::Error;
use crate::id::Seq;
use crate::mapping::entra::{
    AttributeDefinition, AttributeType, Clause, FlowBehavior, FlowType, ObjectMapping,
    ObjectMappingFields, Operator as Compare, ScopingFilter, SynchronizationRules, non_gallery,
};
use crate::model::{CycleKind, JobStatus, Scope};
use crate::sync::jobs::{self, RestartScope};
use crate::sync::schema;
use crate::sync::testing::{Lab, operator};

fn now() -> Timestamp {
    Timestamp::from_millis(1_750_000_000_000)
}

/// Replaces the mapping of users and runs the initial cycle that follows.
fn remap(lab: &Lab, change: impl FnOnce(&mut ObjectMappingFields)) {
    let mut rules = lab.job().rules;
    let mut users = rules.users.into_fields();
    change(&mut users);
    rules.users = ObjectMapping::new(users).unwrap();
    set(lab, rules);
}

fn set(lab: &Lab, rules: SynchronizationRules) {
    let key = lab.key;
    lab.write(move |tx| schema::set_schema(tx, &operator(), key, rules, None, now()).map(|_| ()));
    lab.target.seen();
    assert_eq!(lab.cycle().kind, CycleKind::Initial);
}

fn writes(lab: &Lab) -> Vec<String> {
    let mut seen = lab.target.seen();
    seen.retain(|request| !request.starts_with("GET"));
    seen
}

fn not_alice() -> Vec<ScopingFilter> {
    let clause = Clause::new("displayName", Compare::NotEquals, Some("alice")).unwrap();
    vec![ScopingFilter::new("Not Alice", vec![clause]).unwrap()]
}

#[test]
fn what_fails_a_scoping_filter_is_disabled_and_what_fails_the_other_sets_is_left_alone() {
    for (set, disabled) in [
        ("groups", 1),
        ("inputFilterGroups", 0),
        ("categoryFilterGroups", 0),
    ] {
        let lab = Lab::new(Scope::All);
        lab.user("alice", None);
        lab.cycle();
        remap(&lab, |users| match set {
            "groups" => users.scope = not_alice(),
            "inputFilterGroups" => users.input_filters = not_alice(),
            _ => users.category_filters = not_alice(),
        });
        assert_eq!(writes(&lab).len(), disabled, "{set}");
        assert_eq!(lab.codes().len(), 1 - disabled, "{set}");
        // Nothing new enters either.
        let lab = Lab::new(Scope::All);
        remap(&lab, |users| match set {
            "groups" => users.scope = not_alice(),
            "inputFilterGroups" => users.input_filters = not_alice(),
            _ => users.category_filters = not_alice(),
        });
        lab.user("alice", None);
        lab.cycle();
        assert_eq!(writes(&lab).len(), 0, "{set}");
    }
}

#[test]
fn who_is_left_alone_is_no_deletion() {
    let lab = Lab::new(Scope::All);
    lab.user("alice", None);
    lab.cycle();
    lab.configure(|job| job.settings.delete_threshold = Some(0));
    remap(&lab, |users| users.input_filters = not_alice());
    assert_eq!(lab.job().status, JobStatus::Active);
}

#[test]
fn references_of_what_is_left_alone_are_left_alone_too() {
    let lab = Lab::new(Scope::All);
    let (alice, bob) = (lab.user("alice", None), lab.user("bob", None));
    let group = lab.group("alice", &[]);
    lab.cycle();
    let mut rules = lab.job().rules;
    for mapping in [&mut rules.users, &mut rules.groups] {
        let mut fields = mapping.clone().into_fields();
        fields.category_filters = not_alice();
        *mapping = ObjectMapping::new(fields).unwrap();
    }
    set(&lab, rules);
    lab.join(group, bob);
    lab.write(move |tx| {
        users::set_manager(tx, &operator(), Seq(1), alice, Some(bob), now())?;
        users::set_manager(tx, &operator(), Seq(1), bob, Some(alice), now())
    });
    lab.target.seen();
    lab.cycle();
    // Who is left alone may still be somebody's manager.
    let sent = writes(&lab);
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].starts_with("PATCH /Users/U2 "), "{sent:?}");
    // An initial cycle reads everything, and leaves the same alone.
    let key = lab.key;
    lab.write(move |tx| jobs::restart(tx, &operator(), key, RestartScope::default(), now()));
    lab.cycle();
    assert_eq!(writes(&lab), [""; 0]);
}

#[test]
fn a_group_that_enters_through_a_filter_comes_with_its_members() {
    let lab = Lab::new(Scope::All);
    let bob = lab.user("bob", None);
    let mut rules = lab.job().rules;
    let mut groups = rules.groups.into_fields();
    groups.scope = not_alice();
    rules.groups = ObjectMapping::new(groups).unwrap();
    let group = lab.group("alice", &[bob]);
    set(&lab, rules);
    assert!(lab.target.all("Groups").is_empty());
    lab.rename_group(group, "Friends");
    lab.cycle();
    assert_eq!(
        lab.target.all("Groups")[0]["members"],
        serde_json::json!([{ "value": "U1" }])
    );
}

#[test]
fn a_change_of_case_alone_is_sent_only_to_an_exact_case_attribute() {
    for (case_exact, sent) in [(false, 0), (true, 1)] {
        let lab = Lab::new(Scope::All);
        let user = lab.user("alice", None);
        remap(&lab, |users| {
            let definition = AttributeDefinition {
                case_exact,
                ..AttributeDefinition::new("displayName", AttributeType::String)
            };
            users.target_list = Some(vec![definition]);
        });
        writes(&lab);
        lab.rename(user, "ALICE");
        lab.cycle();
        assert_eq!(writes(&lab).len(), sent, "caseExact {case_exact}");
    }
}

#[test]
fn flow_types_and_flow_always_decide_what_an_update_sends() {
    let flow = |flow: FlowType, behavior: FlowBehavior| {
        let lab = Lab::new(Scope::All);
        let user = lab.user("alice", None);
        remap(&lab, |users| {
            for mapping in &mut users.attributes {
                if mapping.target.as_str() == "displayName" {
                    mapping.flow = flow;
                    mapping.flow_behavior = behavior;
                }
            }
        });
        writes(&lab);
        lab.rename(user, "Al");
        lab.cycle();
        let renamed = writes(&lab).len();
        let key = lab.key;
        lab.write(move |tx| {
            crate::sync::jobs::restart(
                tx,
                &operator(),
                key,
                crate::sync::jobs::RestartScope::default(),
                now(),
            )
        });
        lab.cycle();
        (renamed, writes(&lab).len())
    };
    let changed = FlowBehavior::FlowWhenChanged;
    for (flow_type, behavior, wanted) in [
        (FlowType::Always, changed, (1, 0)),
        (FlowType::ObjectAddOnly, changed, (0, 0)),
        (FlowType::AttributeAddOnly, changed, (0, 0)),
        (FlowType::ValueAddOnly, changed, (0, 0)),
        (FlowType::MultiValueAddOnly, changed, (1, 0)),
        (FlowType::Always, FlowBehavior::FlowAlways, (1, 1)),
    ] {
        assert_eq!(
            flow(flow_type, behavior),
            wanted,
            "{flow_type:?} {behavior:?}"
        );
    }
}

#[test]
fn a_new_schema_raises_the_version_and_asks_for_an_initial_cycle() {
    let lab = Lab::new(Scope::All);
    lab.user("alice", None);
    lab.cycle();
    assert!(lab.job().watermark.is_some());
    let seen = lab.job().rules.version;
    let mut rules = lab.job().rules;
    let mut users = rules.users.into_fields();
    users.attributes.truncate(2);
    rules.users = ObjectMapping::new(users).unwrap();
    let (key, first, again) = (lab.key, seen.clone(), rules.clone());
    lab.write(move |tx| schema::set_schema(tx, &operator(), key, rules, Some(&first), now()));
    let job = lab.job();
    assert_eq!(job.watermark, None);
    assert_eq!(job.rules.users.attributes.len(), 2);
    assert!(
        job.rules.version.ends_with("Increment:1"),
        "{}",
        job.rules.version
    );

    let (key, stale) = (lab.key, seen);
    let refused = lab.context.store.write(move |tx| {
        schema::set_schema(tx, &operator(), key, again, Some(&stale), now()).map(|_| ())
    });
    assert!(matches!(
        refused,
        Err(Error::Conflict {
            attribute: "revision",
            ..
        })
    ));

    let key = lab.key;
    lab.write(move |tx| schema::restore_defaults(tx, &operator(), key, None, now()));
    let job = lab.job();
    assert_eq!(job.rules.users, non_gallery().users);
    assert!(
        job.rules.version.ends_with("Increment:2"),
        "{}",
        job.rules.version
    );
}
