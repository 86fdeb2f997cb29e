//! Dynamic groups: members follow people and rules.

use super::*;
use crate::directory::dynamic;

const RULE: &str = r#"user.department -eq "Sales" -and user.accountEnabled -eq true"#;

fn sales(store: &Store, user: u64) {
    run(store, move |tx| {
        let change = [text(ObjectKind::User, "department", "Sales")];
        users::update(tx, &operator(), TENANT, Seq(user), &change, now())
    })
    .unwrap();
}

fn with_tenant() -> Store {
    let store = directory();
    run(&store, |tx| Ok(rows::put_tenant(tx, &tenant())?)).unwrap();
    store
}

fn set_rule(store: &Store, rule: Option<&'static str>) -> Result<DirectoryGroup> {
    run(store, move |tx| {
        dynamic::set_rule(tx, &operator(), TENANT, Seq(1), rule, now())
    })
}

fn work_off(store: &Store) -> usize {
    let mut steps = 0;
    while run(store, |tx| dynamic::step(tx, now())).unwrap() {
        steps += 1;
    }
    steps
}

fn members(store: &Store) -> Vec<ObjectRef> {
    let tx = store.read().unwrap();
    let members = rows::members(&tx, TENANT, Seq(1), None, usize::MAX).unwrap();
    let group = rows::group(&tx, TENANT, Seq(1)).unwrap().unwrap();
    assert_eq!(group.member_count, members.len() as u64);
    members
}

#[test]
fn entra_1_8_a_rule_puts_everybody_in_whom_it_means_and_takes_the_others_out() {
    let store = with_tenant();
    sales(&store, 1);
    run(&store, |tx| {
        groups::add_member(tx, &operator(), TENANT, Seq(1), U2, now())?;
        groups::add_member(tx, &operator(), TENANT, Seq(1), G2, now())
    })
    .unwrap();
    let before = head(&store);
    let group = set_rule(&store, Some(RULE)).unwrap();
    assert!(group.is_processing());
    // A group is no member of a dynamic one, whatever it was before.
    assert_eq!(members(&store), [U2]);
    assert_eq!(work_off(&store), 1);
    assert_eq!(members(&store), [U1]);
    let tx = store.read().unwrap();
    let group = rows::group(&tx, TENANT, Seq(1)).unwrap().unwrap();
    assert!(!group.is_processing());
    assert_eq!(group.dynamic.unwrap().updated, Some(now()));
    let changed = |member| (G1, ChangeKind::MembersChanged { member });
    assert_eq!(
        feed(&store, before),
        [
            changed(G2),
            (G1, ChangeKind::Updated),
            changed(U1),
            changed(U2)
        ]
    );
    // The same rule again is no work.
    assert!(!set_rule(&store, Some(RULE)).unwrap().is_processing());
}

#[test]
fn a_change_of_a_person_moves_them_in_the_same_write() {
    let store = with_tenant();
    set_rule(&store, Some(RULE)).unwrap();
    work_off(&store);
    assert_eq!(members(&store), []);
    let before = head(&store);
    sales(&store, 2);
    assert_eq!(members(&store), [U2]);
    assert_eq!(
        feed(&store, before),
        [
            (U2, ChangeKind::Updated),
            (G1, ChangeKind::MembersChanged { member: U2 })
        ]
    );
    run(&store, |tx| {
        users::set_account_enabled(tx, &operator(), TENANT, Seq(2), false, now())
    })
    .unwrap();
    assert_eq!(members(&store), []);
    // Somebody new, and somebody who comes back.
    run(&store, |tx| {
        let mut new = new_user(9, "u9@a.example");
        new.attributes
            .push(text(ObjectKind::User, "department", "sales"));
        let made = users::create(tx, &operator(), TENANT, &new, now())?;
        users::delete(tx, &operator(), TENANT, made.seq, now())
    })
    .unwrap();
    let u4 = ObjectRef::user(Seq(4));
    assert_eq!(members(&store), [u4]);
    set_rule(&store, Some(r#"user.department -eq "HR""#)).unwrap();
    work_off(&store);
    assert_eq!(members(&store), [u4], "who lies in the bin waits there");
    run(&store, |tx| {
        users::restore(tx, &operator(), TENANT, Seq(4), now())
    })
    .unwrap();
    assert_eq!(members(&store), []);
}

#[test]
fn members_of_a_dynamic_group_are_not_edited_by_hand() {
    let store = with_tenant();
    set_rule(&store, Some("user.city -eq null")).unwrap();
    work_off(&store);
    assert_eq!(members(&store).len(), 3);
    for edit in [groups::add_member, groups::remove_member] {
        let refused = run(&store, move |tx| {
            edit(tx, &operator(), TENANT, Seq(1), U1, now())
        });
        assert!(refused.unwrap_err().to_string().contains("dynamic group"));
    }
    let wrong = set_rule(&store, Some("user.city -eq")).unwrap_err();
    assert!(wrong.to_string().contains("at character 14"), "{wrong}");
    // An assigned group keeps whom it had.
    set_rule(&store, None).unwrap();
    assert_eq!(members(&store).len(), 3);
    run(&store, |tx| {
        groups::remove_member(tx, &operator(), TENANT, Seq(1), U1, now())
    })
    .unwrap();
    assert_eq!(members(&store).len(), 2);
}

#[test]
fn many_people_are_weighed_in_steps_and_a_change_in_between_counts() {
    let store = with_tenant();
    run(&store, |tx| {
        for n in 0..1_200_u32 {
            let mut new = new_user(0, &format!("p{n}@a.example"));
            let mut bytes = [9; 16];
            bytes[..4].copy_from_slice(&n.to_be_bytes());
            new.id = Guid::from_nonce(Nonce(bytes));
            new.attributes
                .push(text(ObjectKind::User, "department", "Sales"));
            users::create(tx, &operator(), TENANT, &new, now())?;
        }
        Ok(())
    })
    .unwrap();
    set_rule(&store, Some(RULE)).unwrap();
    assert!(run(&store, |tx| dynamic::step(tx, now())).unwrap());
    assert!((400..600).contains(&members(&store).len()));
    sales(&store, 1);
    run(&store, |tx| {
        users::set_account_enabled(tx, &operator(), TENANT, Seq(1_203), false, now())
    })
    .unwrap();
    assert_eq!(work_off(&store), 2);
    assert_eq!(members(&store).len(), 1_200);
    let findings = crate::store::check(&store.read().unwrap()).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
}
