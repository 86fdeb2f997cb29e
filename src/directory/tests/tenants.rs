//! Tenants, and the attributes they define.

use super::*;
use crate::directory::tenants::{self, NewExtension, TenantName};
use crate::model::ExtensionType;

fn name(name: &str, domain: &str) -> TenantName {
    TenantName {
        name: name.into(),
        domain: domain.into(),
    }
}

#[test]
fn a_tenant_has_a_name_and_a_domain_of_its_own() {
    let store = Store::in_memory().unwrap();
    let create = |wanted: TenantName, n| {
        run(&store, move |tx| {
            tenants::create(tx, &operator(), &wanted, guid(n), now())
        })
    };
    let first = create(name(" Contoso ", "Contoso.Example"), 1).unwrap();
    assert_eq!(
        (first.name.as_str(), first.domain.as_str()),
        ("Contoso", "contoso.example")
    );
    for (wanted, field) in [
        (name("", "x.example"), "name"),
        (name(&"x".repeat(257), "x.example"), "name"),
        (name("X", "CONTOSO.example"), "domain"),
        (name("X", "example"), "domain"),
        (name("X", "a b.example"), "domain"),
        (name("X", "-a.example"), "domain"),
        (name("X", "a@b.example"), "domain"),
    ] {
        let refused = create(wanted, 2).unwrap_err();
        assert!(
            matches!(refused, Error::Field { field: found, .. } if found == field),
            "{refused}"
        );
    }
    let second = create(name("Fabrikam", "fabrikam.example"), 3).unwrap();
    let rename = |wanted: TenantName| {
        run(&store, move |tx| {
            tenants::rename(tx, &operator(), second.seq, &wanted)
        })
    };
    assert!(rename(name("F", "contoso.example")).is_err());
    assert_eq!(rename(name("F", "fabrikam.example")).unwrap().name, "F");
    let tx = store.read().unwrap();
    let names: Vec<_> = tenants::list(&tx, &operator())
        .unwrap()
        .into_iter()
        .map(|t| t.name)
        .collect();
    assert_eq!(names, ["Contoso", "F"]);
}

#[test]
fn entra_3_7_an_extension_is_defined_before_it_is_set_and_takes_its_type_only() {
    let store = directory();
    run(&store, |tx| Ok(rows::put_tenant(tx, &tenant())?)).unwrap();
    let define = |own: &str, data_type, application| {
        let new = NewExtension {
            name: own.to_owned(),
            data_type,
            target: ObjectKind::User,
            application,
        };
        run(&store, move |tx| {
            tenants::define(tx, &operator(), TENANT, &new, guid(77))
        })
    };
    let badge = define("badge", ExtensionType::Integer, None).unwrap().name;
    let app = guid(77).to_string().replace('-', "");
    assert_eq!(badge, format!("extension_{app}_badge"));
    assert!(define("badge", ExtensionType::String, None).is_err());
    assert!(define("no-dash", ExtensionType::String, None).is_err());
    let vip = define("vip", ExtensionType::Boolean, Some(guid(5)))
        .unwrap()
        .name;
    assert!(vip.starts_with("extension_0505"), "{vip}");
    let since = define("since", ExtensionType::DateTime, None).unwrap().name;

    let set = |name: &str, value: &str| {
        let change = [text(ObjectKind::User, name, value)];
        run(&store, move |tx| {
            users::update(tx, &operator(), TENANT, Seq(1), &change, now())
        })
        .map(|user| user.attributes)
    };
    for (name, value, kept) in [
        (&badge, " 007 ", Some("7")),
        (&badge, "seven", None),
        (&badge, "2147483648", None),
        (&vip, "TRUE", Some("True")),
        (&vip, "1", None),
        (&since, "2026-01-31T00:00:00Z", Some("2026-01-31T00:00:00Z")),
        (&since, "soon", None),
    ] {
        match kept {
            Some(kept) => assert_eq!(set(name, value).unwrap()[name.as_str()], kept),
            None => assert!(
                set(name, value)
                    .unwrap_err()
                    .to_string()
                    .contains(name.as_str())
            ),
        }
    }
    let unknown = format!("extension_{app}_other");
    let refused = set(&unknown, "x").unwrap_err().to_string();
    assert!(refused.contains("is not defined for users"), "{refused}");
    // Case matters, and a group's extension is none of a user's.
    assert!(set(&badge.replace("badge", "Badge"), "7").is_err());
    let groups_own = [text(ObjectKind::Group, &badge, "7")];
    let refused = run(&store, move |tx| {
        groups::update(tx, &operator(), TENANT, Seq(1), &groups_own, now())
    });
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("not defined for groups")
    );

    run(&store, move |tx| {
        tenants::undefine(tx, &operator(), TENANT, &badge)
    })
    .unwrap();
    let tx = store.read().unwrap();
    assert_eq!(
        tenants::extensions(&tx, TENANT, ObjectKind::User)
            .unwrap()
            .len(),
        2
    );
    let user = rows::user(&tx, TENANT, Seq(1)).unwrap().unwrap();
    assert!(user.attributes.keys().any(|name| name.ends_with("_badge")));
}

#[test]
fn entra_1_8_a_guest_is_named_after_the_address_at_home() {
    for (home, here) in [
        (
            "ann@fabrikam.example",
            "ann_fabrikam.example#EXT#@contoso.example",
        ),
        (
            "ann_fabrikam.example#EXT#@contoso.example",
            "ann_fabrikam.example#EXT#@contoso.example",
        ),
    ] {
        assert_eq!(users::guest_principal_name(home, "contoso.example"), here);
    }
}
