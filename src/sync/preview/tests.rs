//! Previews against a small target in this process: what is said beforehand is what a cycle then does.

use super::*;
use crate::clock::Clock as _;
use crate::mapping::entra::{
    Actions, AttributeMapping, Clause, Expression, MappingSource, Operator, ScopingFilter,
    TargetPath,
};
use crate::model::Scope;
use crate::sync::client::Method;
use crate::sync::jobs;
use crate::sync::rules::{self, RuleChange};
use crate::sync::testing::{Lab, operator};

fn preview_of(lab: &Lab, object: ObjectRef) -> ObjectPreview {
    let tx = lab.context.store.read().unwrap();
    let tenant = rows::tenant(&tx, lab.key.tenant).unwrap().unwrap();
    let context = context(&tenant, lab.clock.now(), Nonce([7; 16]));
    preview(&tx, lab.key, &lab.job(), object, &context)
        .unwrap()
        .unwrap()
}

fn change(lab: &Lab, change: RuleChange) {
    let (key, seen) = (lab.key, rules::revision(&lab.job().rules));
    let now = lab.clock.now();
    lab.write(move |tx| rules::change(tx, &operator(), key, ObjectKind::User, &seen, change, now));
}

fn add(lab: &Lab, source: &str, target: &str) {
    let source = MappingSource::Expression(Expression::parse(source).unwrap());
    let target = TargetPath::parse(target).unwrap();
    change(
        lab,
        RuleChange::AddMapping(AttributeMapping::new(source, target)),
    );
}

fn row<'p>(lab: &Lab, preview: &'p ObjectPreview, target: &str) -> &'p RowPreview {
    let job = lab.job();
    let mappings = &mapping_of(&job, preview.object.kind).attributes;
    let index = mappings.iter().position(|m| m.target.as_str() == target);
    &preview.rows[index.unwrap()]
}

fn filter(attribute: &str, operator: Operator, value: &str) -> Vec<ScopingFilter> {
    let value = Some(value).filter(|value| !value.is_empty());
    let clause = Clause::new(attribute, operator, value).unwrap();
    vec![ScopingFilter::new("Test", vec![clause]).unwrap()]
}

fn scope_change(lab: &Lab, kind: ObjectKind, filters: Vec<ScopingFilter>) -> ScopeChange {
    let mut change = ScopeChange::new(kind, filters, 2);
    while !change.is_complete() {
        let tx = lab.context.store.read().unwrap();
        change.look(&tx, lab.key, &lab.job(), 2).unwrap();
    }
    change
}

#[test]
fn what_is_said_of_a_new_person_is_what_the_cycle_sends() {
    let lab = Lab::new(Scope::All);
    let ann = ObjectRef::user(lab.user("ann", None));
    let before = preview_of(&lab, ann);
    assert_eq!(before.next, NextStep::Match(Decision::Create));
    assert_eq!(before.requests.basis, UpdateBasis::Unknown);
    assert_eq!(before.requests.find.len(), 1);
    assert!(before.requests.update.path.ends_with("/{id}"));

    lab.cycle();
    let seen = lab.target.seen();
    assert!(seen.contains(&format!("GET /{}", before.requests.find[0].path)));
    let mut created = lab.target.all("Users").remove(0);
    let id = created.remove("id").unwrap();
    assert_eq!(
        before.requests.create.body,
        Some(serde_json::Value::Object(created))
    );

    let after = preview_of(&lab, ann);
    assert_eq!(after.next, NextStep::Redundant);
    assert_eq!(after.link.unwrap().target_id, id.as_str().unwrap());
}

#[test]
fn what_is_said_of_a_change_is_the_patch_of_the_next_cycle() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.cycle();
    lab.rename(ann, "Ann B.");
    let preview = preview_of(&lab, ObjectRef::user(ann));
    assert_eq!(preview.next, NextStep::Linked(Decision::Update));
    assert_eq!(preview.requests.basis, UpdateBasis::LastExport);
    let request = preview.requests.update;
    assert_eq!(request.method, Method::Patch);
    lab.target.seen();
    lab.cycle();
    let operations = &request.body.unwrap()["Operations"];
    let wanted = format!("PATCH /{} {operations}", request.path);
    assert!(lab.target.seen().contains(&wanted), "{wanted}");
}

#[test]
fn every_row_says_why_it_has_no_value() {
    let lab = Lab::new(Scope::All);
    let ann = ObjectRef::user(lab.user("ann", None));
    add(&lab, "IgnoreFlowIfNullOrEmpty([city])", "nickName");
    add(
        &lab,
        "RemoveDuplicates([proxyAddresses])",
        "name.middleName",
    );
    add(&lab, "Mid([displayName], \"x\", 1)", "profileUrl");
    add(&lab, "Redact([displayName])", "userType");
    let mut once = AttributeMapping::new(
        MappingSource::Constant("new".into()),
        TargetPath::parse("locale").unwrap(),
    );
    once.flow = crate::mapping::entra::FlowType::ObjectAddOnly;
    change(&lab, RuleChange::AddMapping(once));
    lab.write(move |tx| {
        let mut user = rows::user(tx, Seq(1), ann.seq)?.unwrap();
        let both = serde_json::json!(["a", "b"]);
        user.attributes.insert("proxyAddresses".into(), both);
        Ok(rows::put_user(tx, Seq(1), &user)?)
    });
    let preview = preview_of(&lab, ann);
    let create = |target: &str| row(&lab, &preview, target).create.clone();
    assert_eq!(create("title"), Computed::Nothing(UnsentReason::Null));
    assert_eq!(create("nickName"), Computed::Nothing(UnsentReason::Dropped));
    assert_eq!(
        create("name.middleName"),
        Computed::Nothing(UnsentReason::SeveralValues(2))
    );
    let Computed::Nothing(UnsentReason::Failed(error)) = create("profileUrl") else {
        panic!("{:?}", create("profileUrl"));
    };
    assert_eq!((error.function, error.position.offset), ("Mid", 0));
    let redacted = Computed::Value {
        value: "ann".into(),
        redacted: true,
    };
    assert_eq!(create("userType"), redacted);
    let locale = row(&lab, &preview, "locale");
    assert_eq!(locale.update, Computed::Nothing(UnsentReason::CreateOnly));
    assert!(matches!(locale.create, Computed::Value { .. }));
}

#[test]
fn somebody_out_of_scope_is_shown_as_if_created_and_said_not_to_be() {
    let lab = Lab::new(Scope::AssignedOnly);
    let ann = ObjectRef::user(lab.user("ann", None));
    change(
        &lab,
        RuleChange::Filters(filter("displayName", Operator::Equals, "bob")),
    );
    let preview = preview_of(&lab, ann);
    assert_eq!(preview.state, SourceState::OutOfScope);
    assert!(!preview.scoping.assigned && preview.scoping.active);
    assert_eq!(preview.scoping.standing, Standing::OutOfScope);
    assert_eq!(preview.scoping.filters.len(), 1);
    let clause = &preview.scoping.filters[0].clauses[0].text;
    assert!(
        clause.contains("displayName EQUALS 'bob': false"),
        "{clause}"
    );
    assert!(matches!(preview.next, NextStep::Match(Decision::Skip(_))));
    let active = row(&lab, &preview, "active");
    let value = |text: &str| Computed::Value {
        value: text.into(),
        redacted: false,
    };
    assert_eq!(
        (&active.create, &active.update),
        (&value("True"), &value("False"))
    );
}

#[test]
fn switched_off_and_nothing_to_match_with_are_said() {
    let lab = Lab::new(Scope::All);
    let ann = ObjectRef::user(lab.user("ann", None));
    let mut mapping = lab.job().rules.users.attributes[0].clone();
    mapping.source = MappingSource::Direct("mail".into());
    change(&lab, RuleChange::ReplaceMapping(0, mapping));
    assert_eq!(preview_of(&lab, ann).next, NextStep::NoMatchingValue);
    assert!(preview_of(&lab, ann).requests.find.is_empty());
    let group = ObjectRef::group(lab.group("Eng", &[]));
    let (key, seen, now) = (lab.key, rules::revision(&lab.job().rules), lab.clock.now());
    lab.write(move |tx| {
        let off = RuleChange::Switches {
            enabled: false,
            actions: Actions::default(),
        };
        rules::change(tx, &operator(), key, ObjectKind::Group, &seen, off, now)
    });
    assert_eq!(preview_of(&lab, group).next, NextStep::SwitchedOff);
}

#[test]
fn references_are_shown_as_the_target_knows_them() {
    let lab = Lab::new(Scope::All);
    let boss = lab.user("boss", None);
    let ann = lab.user("ann", Some(boss));
    let group = lab.group("Eng", &[ann]);
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
    let of = |object| preview_of(&lab, object);
    let early = of(ObjectRef::user(ann));
    let unresolvable = ReferencePreview::UnresolvableManager {
        name: "boss@contoso.com".into(),
    };
    assert_eq!(
        row(&lab, &early, manager).create,
        Computed::Reference(unresolvable)
    );
    assert!(early.requests.references.is_empty());
    let Computed::Reference(ReferencePreview::Members(members)) =
        row(&lab, &of(ObjectRef::group(group)), "members")
            .update
            .clone()
    else {
        panic!("members are references");
    };
    assert_eq!((members.total, members.unresolvable), (1, 1));
    lab.cycle();
    let late = of(ObjectRef::user(ann));
    assert!(matches!(
        row(&lab, &late, manager).update,
        Computed::Reference(ReferencePreview::Manager { sent: true, .. })
    ));
    let Computed::Reference(ReferencePreview::Members(members)) =
        row(&lab, &of(ObjectRef::group(group)), "members")
            .update
            .clone()
    else {
        panic!("members are references");
    };
    assert_eq!(
        (members.total, members.sent, members.to_add.len()),
        (1, 1, 0)
    );
}

#[test]
fn who_enters_and_who_leaves_is_known_before_filters_change() {
    let lab = Lab::new(Scope::All);
    for name in ["ann", "bob", "cy"] {
        lab.user(name, None);
    }
    lab.cycle();
    lab.user("late", None);
    let cut = filter("displayName", Operator::Equals, "ann");
    let change_of = |filters| scope_change(&lab, ObjectKind::User, filters);
    let narrowed = change_of(cut.clone());
    assert_eq!(
        (narrowed.looked_at, narrowed.total, narrowed.stays),
        (4, 4, 1)
    );
    assert_eq!((narrowed.leaves.count, narrowed.enters.count), (3, 0));
    // Who was never provisioned has nothing to be disabled.
    assert_eq!(
        (narrowed.leaves.disabled, narrowed.leaves.untouched()),
        (2, 1)
    );
    let names: Vec<_> = narrowed
        .leaves
        .first
        .iter()
        .map(|m| m.name.as_str())
        .collect();
    assert_eq!(names, ["bob@contoso.com", "cy@contoso.com"]);

    change(&lab, RuleChange::Filters(cut));
    lab.target.seen();
    lab.cycle();
    let disabled = lab
        .log()
        .iter()
        .filter(|e| e.action == crate::model::Action::Disable)
        .count();
    assert_eq!(disabled as u64, narrowed.leaves.disabled);
    let widened = change_of(Vec::new());
    assert_eq!((widened.enters.count, widened.leaves.count), (3, 0));
    assert_eq!((widened.enters.updated, widened.enters.created), (2, 1));
}

#[test]
fn a_change_of_the_rules_makes_the_next_cycle_an_initial_one() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.cycle();
    assert!(lab.job().watermark.is_some());
    let mut refused = lab.job().rules.users.attributes[1].clone();
    refused.target = TargetPath::parse("userName").unwrap();
    let rules = lab.job().rules;
    let again = RuleChange::AddMapping(refused);
    assert!(rules::changed(rules, ObjectKind::User, again).is_err());
    change(&lab, RuleChange::RemoveMapping(2));
    assert_eq!(lab.job().watermark, None);
    assert_eq!(lab.cycle().kind, crate::model::CycleKind::Initial);
}

#[test]
fn only_who_is_assigned_enters_or_leaves() {
    let lab = Lab::new(Scope::AssignedOnly);
    lab.user("ann", None);
    let cut = filter("displayName", Operator::Equals, "bob");
    let nobody = scope_change(&lab, ObjectKind::User, cut.clone());
    assert_eq!((nobody.leaves.count, nobody.stays), (0, 0));
    let key = lab.key;
    lab.write(move |tx| jobs::set_scope(tx, &operator(), key, Scope::All));
    let all = scope_change(&lab, ObjectKind::User, cut);
    assert_eq!(all.leaves.count, 1);
}

#[test]
fn groups_enter_and_leave_too() {
    let lab = Lab::new(Scope::All);
    lab.group("Eng", &[]);
    let keep = filter("displayName", Operator::Includes, "Eng");
    assert_eq!(scope_change(&lab, ObjectKind::Group, keep).stays, 1);
    let cut = filter("description", Operator::IsNotNull, "");
    let leaves = scope_change(&lab, ObjectKind::Group, cut).leaves;
    assert_eq!((leaves.count, leaves.untouched()), (1, 1));
}
