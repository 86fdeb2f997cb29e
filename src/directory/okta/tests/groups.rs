//! Groups of the org.

use super::*;
use crate::store::okta::groups as rows;

fn named(name: &str) -> GroupProfile {
    GroupProfile {
        name: name.into(),
        description: "d".into(),
    }
}

#[test]
fn everybody_is_in_everyone_which_nobody_changes() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    let tx = lab.store.read().unwrap();
    let everyone = orgs::get(&tx, ORG).unwrap().everyone;
    assert!(rows::is_member(&tx, ORG, everyone, ann).unwrap());
    drop(tx);
    for refused in [
        lab.attempt(move |tx, admin| {
            directory_groups::remove_member(tx, admin, everyone, ann, now()).map(drop)
        }),
        lab.attempt(move |tx, admin| directory_groups::delete(tx, admin, everyone, now())),
        lab.attempt(move |tx, admin| {
            directory_groups::update(tx, admin, everyone, &named("All"), now()).map(drop)
        }),
    ] {
        assert_eq!(code(&refused.unwrap_err()), "E0000001");
    }
}

#[test]
fn names_of_groups_are_unique_whatever_their_case() {
    let lab = Lab::new("postman");
    let eng = lab.group("Eng").seq;
    for name in ["eng", " Eng ", "everyone", ""] {
        let wanted = named(name);
        let refused =
            lab.attempt(move |tx, admin| directory_groups::create(tx, admin, &wanted, now()));
        assert_eq!(code(&refused.unwrap_err()), "E0000001", "{name}");
    }
    let renamed =
        lab.run(move |tx, admin| directory_groups::update(tx, admin, eng, &named("ENG"), now()));
    assert_eq!(renamed.name, "ENG");
}

#[test]
fn a_member_is_added_and_removed_once_with_its_event() {
    let lab = Lab::new("postman");
    let (eng, ann) = (lab.group("Eng").seq, lab.add("Ann").seq);
    let before = lab.events(0).len();
    let add = |lab: &Lab| {
        lab.run(move |tx, admin| directory_groups::add_member(tx, admin, eng, ann, now()))
    };
    let remove = |lab: &Lab| {
        lab.run(move |tx, admin| directory_groups::remove_member(tx, admin, eng, ann, now()))
    };
    assert!(add(&lab) && !add(&lab));
    assert!(remove(&lab) && !remove(&lab));
    assert_eq!(
        lab.events(before),
        ["group.user_membership.add", "group.user_membership.remove"]
    );
    lab.is_sound();
}

#[test]
fn a_deleted_group_leaves_nothing_behind() {
    let lab = Lab::new("scim2headerauth");
    let (eng, ann) = (lab.group("Eng").seq, lab.add("Ann").seq);
    lab.join(eng, ann);
    lab.run(move |tx, admin| {
        super::super::assignments::assign_group(tx, admin, KEY, eng, None, &Profile::new(), now())
    });
    lab.run(move |tx, admin| directory_groups::delete(tx, admin, eng, now()));
    assert!(lab.queue().contains(&JobKind::UnassignGroup {
        group: eng,
        after: Seq(0)
    }));
    lab.run(move |tx, _| super::super::assignments::unassign_page(tx, KEY, eng, Seq(0), 10, now()));
    assert_eq!(lab.assigned(ann), None);
    lab.is_sound();
}
