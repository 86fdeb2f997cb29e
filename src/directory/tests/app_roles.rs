//! App roles: what they are, who has them, what a mapping reads of them.

use serde_json::json;

use super::*;
use crate::directory::app_roles::{self, RoleDetails};
use crate::directory::source::{app_role_assignments, source_of_user_in};
use crate::model::AppRole;

fn role(name: &str, value: &str) -> RoleDetails {
    RoleDetails {
        display_name: name.into(),
        value: value.into(),
        description: String::new(),
        enabled: true,
    }
}

/// Roles *Admin* (210) and *User* (211, without a value).
fn with_roles() -> Store {
    let store = directory();
    run(&store, |tx| {
        app_roles::add(
            tx,
            &operator(),
            TENANT,
            APP,
            &role("Admin", "admin"),
            guid(210),
        )?;
        app_roles::add(tx, &operator(), TENANT, APP, &role("User", ""), guid(211))
    })
    .unwrap();
    store
}

fn assign(store: &Store, principal: ObjectRef, role: Guid) -> Result<bool> {
    run(store, move |tx| {
        applications::assign_role(tx, &operator(), TENANT, APP, principal, role, now())
    })
}

fn read(store: &Store, user: u64) -> Option<serde_json::Value> {
    let tx = store.read().unwrap();
    let roles = app_role_assignments(&tx, TENANT, APP, Seq(user)).unwrap();
    let user = rows::user(&tx, TENANT, Seq(user)).unwrap().unwrap();
    let source = source_of_user_in(&tx, TENANT, APP, &user, false).unwrap();
    let of_source = source.get("appRoleAssignments");
    assert_eq!(of_source, &roles.clone().unwrap_or_default());
    roles.map(|roles| roles.to_json())
}

#[test]
fn entra_3_6_roles_come_by_own_assignments_and_by_groups_each_once() {
    let store = with_roles();
    let admin = json!({"id": guid(210).to_string(), "value": "admin", "displayName": "Admin"});
    let user = json!({"id": guid(211).to_string(), "value": null, "displayName": "User"});
    assert_eq!(read(&store, 1), None);
    assert!(assign(&store, U1, guid(211)).unwrap());
    assert_eq!(read(&store, 1), Some(json!([user])));
    assert!(assign(&store, U1, guid(210)).unwrap());
    assert!(!assign(&store, U1, guid(210)).unwrap());
    assert_eq!(read(&store, 1), Some(json!([admin, user])));

    run(&store, |tx| {
        groups::add_member(tx, &operator(), TENANT, Seq(1), U1, now())?;
        groups::add_member(tx, &operator(), TENANT, Seq(1), U2, now())?;
        groups::add_member(tx, &operator(), TENANT, Seq(1), G2, now())?;
        groups::add_member(
            tx,
            &operator(),
            TENANT,
            Seq(2),
            ObjectRef::user(Seq(3)),
            now(),
        )
    })
    .unwrap();
    assign(&store, G1, guid(210)).unwrap();
    assert_eq!(read(&store, 1), Some(json!([admin, user])));
    assert_eq!(read(&store, 2), Some(json!([admin])));
    assert_eq!(read(&store, 3), None, "nested groups are not expanded");
    run(&store, |tx| {
        groups::delete(tx, &operator(), TENANT, Seq(1), now())
    })
    .unwrap();
    assert_eq!(read(&store, 2), None);
}

#[test]
fn entra_1_8_default_access_entitles_and_is_no_role() {
    let store = with_roles();
    assert!(assign(&store, U1, AppRole::DEFAULT_ACCESS).unwrap());
    assert!(!assign(&store, U1, AppRole::DEFAULT_ACCESS).unwrap());
    assert_eq!(read(&store, 1), None);
    let tx = store.read().unwrap();
    let entitled = entitlement(&tx, TENANT, APP, Scope::AssignedOnly, U1).unwrap();
    assert_eq!(entitled, Entitlement::Direct);
    assert_eq!(
        AppRole::DEFAULT_ACCESS.to_string(),
        "00000000-0000-0000-0000-000000000000"
    );
}

#[test]
fn a_change_of_roles_is_in_the_feed_and_no_change_is_not() {
    let store = with_roles();
    assign(&store, U1, guid(211)).unwrap();
    let set = |roles: Vec<Guid>| {
        run(&store, move |tx| {
            app_roles::set_roles(tx, &operator(), TENANT, APP, U1, &roles, now())
        })
    };
    let before = head(&store);
    assert!(!set(vec![guid(211)]).unwrap());
    assert_eq!(head(&store), before);
    assert!(set(vec![guid(211), guid(210)]).unwrap());
    assert!(set(Vec::new()).unwrap());
    let changed = (U1, ChangeKind::Assigned { application: APP });
    assert_eq!(feed(&store, before), [changed, changed]);
    assert!(set(vec![guid(99)]).is_err());
}

#[test]
fn a_disabled_role_stays_with_whoever_has_it_and_goes_when_it_is_removed() {
    let store = with_roles();
    assign(&store, U1, guid(210)).unwrap();
    assign(&store, U1, guid(211)).unwrap();
    let remove = || {
        run(&store, |tx| {
            app_roles::remove(tx, &operator(), TENANT, APP, &guid(210), now())
        })
    };
    assert!(
        remove()
            .unwrap_err()
            .to_string()
            .contains("disable it first")
    );
    run(&store, |tx| {
        let details = RoleDetails {
            enabled: false,
            ..role("Admin", "admin")
        };
        app_roles::update(tx, &operator(), TENANT, APP, &guid(210), &details)
    })
    .unwrap();
    assert_eq!(read(&store, 1).unwrap().as_array().unwrap().len(), 2);
    assert!(
        assign(&store, U2, guid(210))
            .unwrap_err()
            .to_string()
            .contains("is disabled")
    );
    let before = head(&store);
    remove().unwrap();
    assert_eq!(read(&store, 1).unwrap()[0]["displayName"], "User");
    assert_eq!(feed(&store, before).len(), 1);
}

#[test]
fn a_role_has_a_name_and_a_value_of_its_own() {
    let store = with_roles();
    for (details, field) in [
        (role(" ", ""), "displayName"),
        (role(&"x".repeat(101), ""), "displayName"),
        (role("X", "admin"), "value"),
        (role("X", "a b"), "value"),
        (role("X", ".a"), "value"),
    ] {
        let refused = run(&store, move |tx| {
            app_roles::add(tx, &operator(), TENANT, APP, &details, guid(212))
        });
        assert!(matches!(refused, Err(Error::Field { field: found, .. }) if found == field));
    }
    // Names need not be unique.
    run(&store, |tx| {
        app_roles::add(tx, &operator(), TENANT, APP, &role("Admin", ""), guid(213))
    })
    .unwrap();
}
