//! 1.11.6: "Bulk Edit (activate, deactivate, delete)".

use std::collections::BTreeSet;

use super::*;
use crate::directory::okta::push::{self, NewPush, PushTarget};
use crate::directory::okta::push_bulk::{AT_ONCE, BulkEdit, edit};
use crate::model::okta::GroupType;
use crate::store::okta::{groups as group_rows, push as rows};

const DELETE: BulkEdit = BulkEdit::Unlink {
    delete_target: true,
};
const LEAVE: BulkEdit = BulkEdit::Unlink {
    delete_target: false,
};

/// Mappings of these groups, as if the agent had made each at the target as `G-name`. Nothing waits.
fn pushed(lab: &Lab, names: &[&'static str]) -> Vec<Seq> {
    let made = names.iter().copied().map(|name| {
        let group = lab.group(name).seq;
        lab.run(move |tx, admin| {
            let new = NewPush {
                group,
                target: PushTarget::Named(name.into()),
                active: true,
            };
            let mut mapping = push::create(tx, admin, KEY, &new, now())?;
            let target = OktaGroup {
                seq: group_rows::next_seq(tx, ORG)?,
                kind: GroupType::AppGroup,
                app: Some(APP),
                external_id: Some(format!("G-{name}")),
                ..directory_groups::get(tx, ORG, group)?
            };
            group_rows::put(tx, ORG, &target)?;
            mapping.target = Some(target.seq);
            rows::put(tx, KEY, &mapping)?;
            Ok(mapping.seq)
        })
    });
    let made = made.collect();
    lab.queue();
    made
}

fn attempt(lab: &Lab, mappings: &[Seq], wanted: BulkEdit) -> Result<Vec<Seq>> {
    let mappings: BTreeSet<Seq> = mappings.iter().copied().collect();
    let changed = lab.attempt(move |tx, admin| edit(tx, admin, KEY, &mappings, wanted, now()))?;
    Ok(changed.iter().map(|mapping| mapping.seq).collect())
}

fn change(lab: &Lab, mappings: &[Seq], wanted: BulkEdit) -> Vec<Seq> {
    attempt(lab, mappings, wanted).unwrap()
}

/// C9328, C9329: the same events and jobs as for each alone; one that is as wanted already is left as it is.
#[test]
fn several_are_deactivated_and_activated() {
    let lab = Lab::new("scim2headerauth");
    let made = pushed(&lab, &["Eng", "Ops", "Law"]);
    let before = lab.events(0).len();
    assert_eq!(change(&lab, &made[..2], BulkEdit::Deactivate), made[..2]);
    let deactivated = ["application.provision.group_push.deactivate_mapping"; 2];
    assert_eq!(lab.events(before), deactivated);
    assert_eq!(lab.queue(), []);
    assert_eq!(change(&lab, &made, BulkEdit::Deactivate), made[2..]);
    assert_eq!(lab.events(before).len(), 3);
    assert_eq!(change(&lab, &made, BulkEdit::Activate), made);
    assert_eq!(lab.events(before).len(), 6);
    let pushes = made
        .iter()
        .map(|mapping| JobKind::PushMembers { mapping: *mapping });
    assert_eq!(lab.queue(), pushes.collect::<Vec<_>>());
    assert_eq!(change(&lab, &made, BulkEdit::Activate), []);
    lab.is_sound();
}

/// C9327, C9331: unlinked with and without deletion at the target. One that is gone is left out.
#[test]
fn several_are_unlinked_with_their_groups_or_without() {
    let lab = Lab::new("scim2headerauth");
    let made = pushed(&lab, &["Eng", "Ops", "Law", "Art"]);
    let before = lab.events(0).len();
    assert_eq!(change(&lab, &made[..2], DELETE), made[..2]);
    let deleted = ["Eng", "Ops"].map(|name| JobKind::DeleteGroup {
        name: name.into(),
        external_id: format!("G-{name}"),
    });
    assert_eq!(lab.queue(), deleted);
    assert_eq!(change(&lab, &made, LEAVE), made[2..]);
    assert_eq!(lab.queue(), []);
    let removed = ["application.provision.group_push.removed"; 4];
    assert_eq!(lab.events(before), removed);
    assert!(made.iter().all(|mapping| lab.mapping(*mapping).is_none()));
    assert_eq!(change(&lab, &made, DELETE), []);
    lab.is_sound();
}

/// What one of them does not allow is done to none, and one write has an end.
#[test]
fn a_set_is_changed_whole_or_not_at_all() {
    let lab = Lab::new("scim2headerauth");
    let made = pushed(&lab, &["Eng", "Ops"]);
    change(&lab, &made, BulkEdit::Deactivate);
    lab.integrate(false);
    let before = lab.events(0).len();
    let refused = attempt(&lab, &made, BulkEdit::Activate).unwrap_err();
    assert_eq!(code(&refused), "E0000001");
    assert_eq!((lab.events(before), lab.queue()), (vec![], vec![]));
    let many: Vec<Seq> = (1..=AT_ONCE as u64 + 1).map(Seq).collect();
    let refused = attempt(&lab, &many, DELETE).unwrap_err();
    assert!(refused.to_string().contains("At most 100"), "{refused}");
    assert_eq!(change(&lab, &many[1..], DELETE), made[1..]);
    assert_eq!(lab.queue().len(), 1);
}
