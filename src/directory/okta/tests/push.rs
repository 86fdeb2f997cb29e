//! Part 1.11: which changes of pushed groups are sent.

use super::*;
use crate::directory::okta::push::{
    NewPush, PushTarget, activate, create, deactivate, push_now, unlink,
};
use crate::model::okta::{GroupType, PushMappingStatus};
use crate::store::okta::{groups as group_rows, push as rows};

fn push(lab: &Lab, group: Seq, active: bool) -> Seq {
    let new = NewPush {
        group,
        target: PushTarget::Named("Eng".into()),
        active,
    };
    lab.run(move |tx, admin| create(tx, admin, KEY, &new, now()))
        .seq
}

/// As if the agent had made the group.
fn pushed(lab: &Lab, mapping: Seq) -> Seq {
    lab.queue();
    lab.run(move |tx, _| {
        let group = app_group(tx, "Eng", "G1")?;
        let mut found = rows::find(tx, KEY, mapping)?.unwrap();
        found.target = Some(group);
        rows::put(tx, KEY, &found)?;
        Ok(group)
    })
}

fn app_group(tx: &Write<'_>, name: &str, external_id: &str) -> Result<Seq> {
    let group = OktaGroup {
        seq: group_rows::next_seq(tx, ORG)?,
        kind: GroupType::AppGroup,
        name: name.into(),
        description: String::new(),
        app: Some(APP),
        external_id: Some(external_id.into()),
        member_count: 0,
        created: now(),
        last_updated: now(),
        last_membership_updated: now(),
    };
    group_rows::put(tx, ORG, &group)?;
    Ok(group.seq)
}

/// 6: the Postman app has no *Push Groups*; 1.11: it needs API integration.
#[test]
fn groups_are_pushed_where_that_is_supported_only() {
    let lab = Lab::new("postman");
    let eng = lab.group("Eng").seq;
    let new = || NewPush {
        group: eng,
        target: PushTarget::Named("Eng".into()),
        active: true,
    };
    let one = new();
    let refused = lab.attempt(move |tx, admin| create(tx, admin, KEY, &one, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");

    let lab = Lab::new("scim2headerauth");
    lab.group("Eng");
    lab.integrate(false);
    let one = new();
    let refused = lab.attempt(move |tx, admin| create(tx, admin, KEY, &one, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
}

/// 1.11.6: Active and Inactive; 1.11.2: "Deactivate mapping: nothing", "Activate mapping: memberships pushed at once".
#[test]
fn an_inactive_mapping_waits_and_pushes_when_it_is_activated() {
    let lab = Lab::new("scim2headerauth");
    let (eng, ann) = (lab.group("Eng").seq, lab.add("Ann").seq);
    let mapping = push(&lab, eng, true);
    assert_eq!(lab.queue(), [JobKind::PushGroup { mapping }]);
    pushed(&lab, mapping);
    lab.join(eng, ann);
    assert_eq!(lab.queue(), [JobKind::PushMembers { mapping }]);
    lab.run(move |tx, admin| deactivate(tx, admin, KEY, mapping, now()));
    lab.run(move |tx, admin| directory_groups::remove_member(tx, admin, eng, ann, now()));
    assert_eq!(lab.queue(), []);
    let refused = lab.attempt(move |tx, admin| push_now(tx, admin, KEY, mapping, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
    lab.run(move |tx, admin| activate(tx, admin, KEY, mapping, now()));
    assert_eq!(lab.queue(), [JobKind::PushMembers { mapping }]);
    lab.run(move |tx, admin| push_now(tx, admin, KEY, mapping, now()));
    assert_eq!(lab.queue(), [JobKind::PushAllMembers { mapping }]);
}

/// 1.11.2: "Rename"; 1.11.6: "Rename app groups to match group name in Okta".
#[test]
fn a_name_is_sent_where_app_groups_are_renamed() {
    let lab = Lab::new("scim2headerauth");
    let eng = lab.group("Eng").seq;
    let mapping = push(&lab, eng, true);
    pushed(&lab, mapping);
    let rename = |lab: &Lab, name: &str| {
        let wanted = GroupProfile {
            name: name.into(),
            description: String::new(),
        };
        lab.run(move |tx, admin| directory_groups::update(tx, admin, eng, &wanted, now()));
        lab.queue()
    };
    assert_eq!(
        rename(&lab, "Engineering"),
        [JobKind::RenameGroup { mapping }]
    );
    lab.run(move |tx, admin| applications::set_rename_app_groups(tx, admin, KEY, false, now()));
    assert_eq!(rename(&lab, "R and D"), []);
}

/// 1.11.2: "Unlink, leave group: nothing", "Unlink, delete group: DELETE", "Okta group deleted: mapping removed".
#[test]
fn an_unlinked_group_is_left_or_deleted() {
    let lab = Lab::new("scim2headerauth");
    let eng = lab.group("Eng").seq;
    let mapping = push(&lab, eng, true);
    let target = pushed(&lab, mapping);
    lab.run(move |tx, admin| unlink(tx, admin, KEY, mapping, false, now()));
    assert_eq!((lab.queue(), lab.mapping(mapping)), (vec![], None));
    // The name exists at the target already: it is linked.
    let mapping = push(&lab, eng, true);
    assert_eq!(lab.mapping(mapping).unwrap().target, Some(target));
    lab.queue();
    lab.run(move |tx, admin| unlink(tx, admin, KEY, mapping, true, now()));
    assert_eq!(
        lab.queue(),
        [JobKind::DeleteGroup {
            name: "Eng".into(),
            external_id: "G1".into()
        }]
    );
    let mapping = push(&lab, eng, true);
    lab.queue();
    lab.run(move |tx, admin| directory_groups::delete(tx, admin, eng, now()));
    assert_eq!((lab.queue(), lab.mapping(mapping)), (vec![], None));
    lab.is_sound();
}

/// 7.4: one mapping for a group, one for a target.
#[test]
fn neither_a_group_nor_a_target_has_two_mappings() {
    let lab = Lab::new("scim2headerauth");
    let (eng, ops) = (lab.group("Eng").seq, lab.group("Ops").seq);
    let target = lab.run(|tx, _| app_group(tx, "Team", "G7"));
    let link = move |group| NewPush {
        group,
        target: PushTarget::Existing(target),
        active: false,
    };
    let made = lab.run(move |tx, admin| create(tx, admin, KEY, &link(eng), now()));
    assert_eq!(made.status, PushMappingStatus::Inactive);
    assert_eq!(made.target_name, "Team");
    assert_eq!(lab.queue(), []);
    for group in [eng, ops, target] {
        let refused = lab.attempt(move |tx, admin| create(tx, admin, KEY, &link(group), now()));
        assert_eq!(code(&refused.unwrap_err()), "E0000001");
    }
}

/// 1.11.1: "Inactive users are not pushed".
#[test]
fn a_deactivated_member_shrinks_pushed_groups() {
    let lab = Lab::new("scim2headerauth");
    let (eng, ann) = (lab.group("Eng").seq, lab.add("Ann").seq);
    lab.join(eng, ann);
    let mapping = push(&lab, eng, true);
    pushed(&lab, mapping);
    lab.run(move |tx, admin| users::delete(tx, admin, ann, now()));
    assert_eq!(lab.queue(), [JobKind::PushMembers { mapping }]);
}

/// 1.11.2: "Okta group deleted: mapping removed"; what the target has stays.
#[test]
fn a_deleted_group_is_no_longer_pushed() {
    let lab = Lab::new("scim2headerauth");
    let eng = lab.group("Eng").seq;
    let new = NewPush {
        group: eng,
        target: PushTarget::Named("Eng".into()),
        active: true,
    };
    let mapping = lab
        .run(move |tx, admin| create(tx, admin, KEY, &new, now()))
        .seq;
    lab.queue();
    lab.run(move |tx, admin| directory_groups::delete(tx, admin, eng, now()));
    assert_eq!((lab.mapping(mapping), lab.queue()), (None, vec![]));
    lab.is_sound();
}
