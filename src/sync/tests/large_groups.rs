//! A group that is larger than a window: compared and sent window by window, with one entry in the log.

use crate::directory::groups;
use crate::id::Seq;
use crate::model::{Action, ObjectKind, ObjectRef, Scope};
use crate::store::jobs as rows;
use crate::sync::testing::{Lab, operator};

fn patches(lab: &Lab) -> Vec<usize> {
    let seen = lab.target.seen();
    seen.iter()
        .filter(|r| r.starts_with("PATCH /Groups"))
        .map(|r| r.matches(r#""value":"U"#).count())
        .collect()
}

#[test]
fn members_are_worked_off_window_by_window() {
    let mut lab = Lab::new(Scope::All);
    lab.context.settings.members_window = 3;
    lab.configure(|job| job.settings.members_per_patch = 2);
    let people: Vec<Seq> = (0..8)
        .map(|n| lab.user(&format!("user{n}"), None))
        .collect();
    let group = lab.group("Everybody", &people);
    lab.cycle();
    // Windows of three, requests of two at most.
    assert_eq!(patches(&lab), [2, 1, 2, 1, 2]);
    let members = || {
        lab.target.all("Groups")[0]["members"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(members(), 8);
    let entries = |action| {
        lab.log()
            .iter()
            .filter(|e| e.action == action && e.kind == ObjectKind::Group)
            .count()
    };
    assert_eq!((entries(Action::Create), entries(Action::Update)), (1, 1));

    // One goes at each end: nothing else is sent.
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| {
        for user in [1, 8] {
            let user = ObjectRef::user(Seq(user));
            groups::remove_member(tx, &operator(), Seq(1), group, user, now)?;
        }
        Ok(())
    });
    lab.cycle();
    assert_eq!(patches(&lab), [1, 1]);
    assert_eq!(members(), 6);
    let tx = lab.context.store.read().unwrap();
    let record = rows::exported_members(&tx, key, group, None, usize::MAX).unwrap();
    assert_eq!(record.len(), 6);
}

#[test]
fn a_window_that_fails_ends_the_group_until_its_retry() {
    let mut lab = Lab::new(Scope::All);
    lab.context.settings.members_window = 2;
    let people: Vec<Seq> = (0..6)
        .map(|n| lab.user(&format!("user{n}"), None))
        .collect();
    lab.group("Everybody", &people);
    let mut patches = 0;
    lab.target.chaos(move |method, path| {
        patches += usize::from(method == "PATCH" && path.contains("/Groups/"));
        let fault = crate::sync::testing::Fault::Answer(409, "application/scim+json", "{}");
        (patches == 2).then_some(fault)
    });
    assert_eq!(lab.cycle().counts.failed, 1);
    lab.target.calm();
    lab.clock.advance(std::time::Duration::from_hours(6));
    lab.cycle();
    assert_eq!(
        lab.target.all("Groups")[0]["members"]
            .as_array()
            .unwrap()
            .len(),
        6
    );
}
