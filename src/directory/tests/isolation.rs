//! Tenants whose objects have the same rows, names and object ids: what is done in one is not seen in the other.

use super::*;
use crate::directory::app_roles::{self, RoleDetails};
use crate::directory::import::{self, GroupRecord, Place, Reference, UserRecord};
use crate::directory::tenants::{self, NewExtension, TenantName};
use crate::directory::{dynamic, recycle_bin};
use crate::id::Guids;
use crate::model::ExtensionType;
use crate::store::dump;

const OTHER: Seq = Seq(2);
const APP: Seq = Seq(1);

/// A tenant with users 1 to 3, of whom 2 manages 1, groups 1 with a member and 2 with a rule, and an application to which
/// user 1 and group 1 are assigned.
fn fill(store: &Store, tenant: Seq) {
    run(store, move |tx| {
        let op = operator();
        let name = TenantName {
            name: format!("T{tenant}"),
            domain: format!("t{tenant}.example"),
        };
        let made = tenants::create(tx, &op, &name, guid(250), now())?;
        assert_eq!(made.seq, tenant);
        for n in 1..=3 {
            let new = new_user(n, &format!("u{n}@a.example"));
            users::create(tx, &op, tenant, &new, now())?;
        }
        for n in 1..=2 {
            let new = NewGroup {
                id: guid(100 + n),
                attributes: vec![text(ObjectKind::Group, "displayName", &format!("G{n}"))],
            };
            groups::create(tx, &op, tenant, &new, now())?;
        }
        users::set_manager(tx, &op, tenant, Seq(1), Some(Seq(2)), now())?;
        groups::add_member(tx, &op, tenant, Seq(1), U1, now())?;
        let rule = Some("user.displayName -startsWith \"u\"");
        dynamic::set_rule(tx, &op, tenant, Seq(2), rule, now())?;
        while dynamic::step_of(tx, tenant, now())? {}
        let new = NewApplication {
            id: guid(200),
            app_id: guid(201),
            display_name: "Postman".into(),
        };
        applications::add(tx, &op, tenant, &new, now())?;
        for principal in [U1, G1] {
            applications::assign(tx, &op, tenant, APP, principal, now())?;
        }
        Ok(())
    })
    .unwrap();
}

type Attempt = fn(&Write<'_>, ObjectRef) -> Result<()>;

/// Every row and index entry of a tenant.
fn rows_of(store: &Store, tenant: Seq) -> Vec<String> {
    let mut out = Vec::new();
    dump(&store.read().unwrap(), &mut out).unwrap();
    let (part, whole) = (format!("({tenant}, "), format!("{tenant} "));
    String::from_utf8(out)
        .unwrap()
        .lines()
        .filter(|line| match line.split_once(' ') {
            Some(("TENANTS", key)) => key.starts_with(&whole),
            Some((_, key)) => key.starts_with(&part),
            None => false,
        })
        .map(str::to_owned)
        .collect()
}

/// Every operation that changes something, one after the other.
fn everything(tx: &Write<'_>, tenant: Seq) -> Result<()> {
    let op = operator();
    people(tx, &op, tenant)?;
    groups_too(tx, &op, tenant)?;
    application(tx, &op, tenant)?;
    files(tx, &op, tenant);

    let name = TenantName {
        name: "Renamed".into(),
        domain: format!("renamed{tenant}.example"),
    };
    tenants::rename(tx, &op, tenant, &name)?;
    let new = NewExtension {
        name: "badge".into(),
        data_type: ExtensionType::String,
        target: ObjectKind::User,
        application: None,
    };
    let extension = tenants::define(tx, &op, tenant, &new, guid(77))?;
    tenants::undefine(tx, &op, tenant, &extension.name)?;
    // Somebody who was deleted long ago.
    users::delete(tx, &op, tenant, Seq(1), now())?;
    let later = now().plus(recycle_bin::KEPT);
    assert!(!recycle_bin::purge_overdue(tx, tenant, later)?);
    Ok(())
}

fn people(tx: &Write<'_>, op: &Operator, tenant: Seq) -> Result<()> {
    let third = Seq(3);
    let change = [text(ObjectKind::User, "userPrincipalName", "new@a.example")];
    users::update(tx, op, tenant, Seq(1), &change, now())?;
    users::set_account_enabled(tx, op, tenant, Seq(1), false, now())?;
    users::set_guest(tx, op, tenant, Seq(1), true, now())?;
    users::set_manager(tx, op, tenant, Seq(1), Some(third), now())?;
    users::delete(tx, op, tenant, third, now())?;
    users::restore(tx, op, tenant, third, now())?;
    users::delete(tx, op, tenant, third, now())?;
    users::purge(tx, op, tenant, third, now())
}

fn groups_too(tx: &Write<'_>, op: &Operator, tenant: Seq) -> Result<()> {
    let change = [text(ObjectKind::Group, "displayName", "Renamed")];
    groups::update(tx, op, tenant, Seq(1), &change, now())?;
    groups::add_member(tx, op, tenant, Seq(1), U2, now())?;
    groups::remove_member(tx, op, tenant, Seq(1), U1, now())?;
    groups::delete(tx, op, tenant, Seq(1), now())?;
    groups::restore(tx, op, tenant, Seq(1), now())?;
    let rule = Some("user.city -eq \"Rome\"");
    dynamic::set_rule(tx, op, tenant, Seq(2), rule, now())?;
    while dynamic::step_of(tx, tenant, now())? {}
    groups::delete(tx, op, tenant, Seq(2), now())?;
    groups::purge(tx, op, tenant, Seq(2), now())
}

fn application(tx: &Write<'_>, op: &Operator, tenant: Seq) -> Result<()> {
    applications::rename(tx, op, tenant, APP, "Renamed")?;
    let mut details = RoleDetails {
        display_name: "Admin".into(),
        value: "admin".into(),
        description: String::new(),
        enabled: true,
    };
    let role = app_roles::add(tx, op, tenant, APP, &details, guid(60))?.id;
    app_roles::set_roles(tx, op, tenant, APP, U1, &[role], now())?;
    details.enabled = false;
    app_roles::update(tx, op, tenant, APP, &role, &details)?;
    app_roles::remove(tx, op, tenant, APP, &role, now())?;
    applications::unassign(tx, op, tenant, APP, G1, now())?;
    applications::delete(tx, op, tenant, APP, None)?;
    assert!(!applications::take_apart(tx, tenant, APP, 100)?);
    Ok(())
}

fn files(tx: &Write<'_>, op: &Operator, tenant: Seq) {
    let (ids, at) = (Guids::new(Nonce([5; 16])), Place { line: 1, column: 1 });
    let change = text(ObjectKind::User, "jobTitle", "Guide");
    let user = UserRecord {
        at,
        id: Some(guid(1)),
        changes: vec![(at, change)],
        account_enabled: None,
        guest: None,
        manager: Some((at, Some(Reference::of("u2@a.example")))),
    };
    let report = import::users(tx, op, tenant, &[user], &ids, now()).unwrap();
    assert_eq!(report.updated, 1);
    let group = GroupRecord {
        at,
        id: Some(guid(101)),
        changes: Vec::new(),
        rule: None,
        members: vec![(at, Reference::of(&guid(1).to_string()))],
    };
    let report = import::groups(tx, op, tenant, &[group], &ids, now()).unwrap();
    assert_eq!(report.members_added, 1);
}

#[test]
fn whatever_is_done_in_one_tenant_leaves_the_other_as_it_was() {
    let store = Store::in_memory().unwrap();
    for tenant in [TENANT, OTHER] {
        fill(&store, tenant);
    }
    assert_eq!(
        rows_of(&store, TENANT).len(),
        rows_of(&store, OTHER).len(),
        "they differ in their keys and names only"
    );
    for (at_work, untouched) in [(OTHER, TENANT), (TENANT, OTHER)] {
        let (before, mine) = (rows_of(&store, untouched), rows_of(&store, at_work));
        assert!(before.len() > 40, "{before:#?}");
        run(&store, move |tx| everything(tx, at_work)).unwrap();
        assert_eq!(rows_of(&store, untouched), before);
        assert_ne!(rows_of(&store, at_work), mine);
    }
    let findings = crate::store::check(&store.read().unwrap()).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn what_only_the_other_tenant_has_is_found_nowhere_here() {
    let store = Store::in_memory().unwrap();
    for tenant in [TENANT, OTHER] {
        fill(&store, tenant);
    }
    let made = run(&store, |tx| {
        let new = new_user(9, "nine@a.example");
        let made = users::create(tx, &operator(), OTHER, &new, now())?;
        let gone = new_user(10, "ten@a.example");
        let gone = users::create(tx, &operator(), OTHER, &gone, now())?;
        users::delete(tx, &operator(), OTHER, gone.seq, now())?;
        Ok(made)
    })
    .unwrap();
    let member = ObjectRef::user(made.seq);
    let attempts: [Attempt; 4] = [
        |tx, it| groups::add_member(tx, &operator(), TENANT, Seq(1), it, now()).map(drop),
        |tx, it| applications::assign(tx, &operator(), TENANT, APP, it, now()).map(drop),
        |tx, it| users::set_manager(tx, &operator(), TENANT, Seq(1), Some(it.seq), now()).map(drop),
        |tx, it| users::delete(tx, &operator(), TENANT, it.seq, now()).map(drop),
    ];
    for (number, attempt) in attempts.into_iter().enumerate() {
        let refused = run(&store, move |tx| attempt(tx, member));
        assert!(refused.is_err(), "attempt {number}");
    }
    let tx = store.read().unwrap();
    assert_eq!(rows::object_by_id(&tx, TENANT, &guid(9)).unwrap(), None);
    let named = rows::user_by_principal_name(&tx, TENANT, "nine@a.example").unwrap();
    assert_eq!(named, None);
    let query = Query {
        text: "nine".into(),
        limit: 9,
        ..Query::default()
    };
    let found = |tenant| {
        search::users(&tx, &operator(), tenant, &query)
            .unwrap()
            .total
    };
    assert_eq!((found(TENANT), found(OTHER)), (0, 1));
    let query = recycle_bin::Query {
        limit: 9,
        ..recycle_bin::Query::default()
    };
    let bin = |tenant| {
        recycle_bin::list(&tx, &operator(), tenant, &query)
            .unwrap()
            .total
    };
    assert_eq!((bin(TENANT), bin(OTHER)), (0, 1));
}
