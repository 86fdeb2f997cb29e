//! App integrations.

use super::*;
use crate::directory::okta::apps::{MappingChange, rename};
use crate::directory::okta::apps::{
    create, delete, put_attribute, remove_attribute, save_mappings, set_status, sweep, take_apart,
};
use crate::model::Account;
use crate::model::okta::{
    AppAttribute, AppStatus, AttributeMapping, AttributeScope, AttributeType, PasswordSync,
    PushStatus,
};
use crate::store::accounts;
use crate::store::okta::apps as rows;

/// 2.1: URL and credentials before API integration is enabled.
#[test]
fn api_integration_needs_a_url_and_credentials() {
    let lab = Lab::new("postman");
    let bare = Integration {
        enabled: true,
        base_url: String::new(),
        authentication: None,
        unique_field: "userName".into(),
        import_groups: false,
    };
    let other =
        lab.run(|tx, admin| create(tx, admin, templates::find("aiw").unwrap(), "My App", now()));
    assert_eq!(other.name, "contoso_myapp_1");
    let key = AppKey {
        org: ORG,
        app: other.seq,
    };
    for wanted in [
        bare.clone(),
        Integration {
            base_url: "https://h.test".into(),
            ..bare.clone()
        },
        Integration {
            enabled: false,
            unique_field: "shoeSize".into(),
            ..bare.clone()
        },
    ] {
        let refused =
            lab.attempt(move |tx, admin| applications::configure(tx, admin, key, &wanted, now()));
        assert_eq!(code(&refused.unwrap_err()), "E0000001");
    }
    let email = Integration {
        enabled: false,
        unique_field: "email".into(),
        ..bare
    };
    let saved = lab.run(move |tx, admin| applications::configure(tx, admin, key, &email, now()));
    assert_eq!(saved.provisioning.unique_field, "email");
    // Credentials that are not given again stay.
    let again = Integration {
        enabled: true,
        base_url: "https://other.test".into(),
        authentication: None,
        unique_field: String::new(),
        import_groups: true,
    };
    let saved = lab.run(move |tx, admin| applications::configure(tx, admin, KEY, &again, now()));
    assert!(saved.provisions() && saved.provisioning.authentication.is_some());
    assert_eq!(saved.provisioning.unique_field, "userName");
}

/// 6: "Password sync: no".
#[test]
fn the_postman_app_does_not_sync_passwords() {
    let lab = Lab::new("postman");
    let to_app = ToApp {
        sync_password: PasswordSync::Random,
        ..EVERYTHING
    };
    let refused =
        lab.attempt(move |tx, admin| applications::save_to_app(tx, admin, KEY, to_app, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
}

#[test]
fn names_of_apps_are_unique_and_labels_are_not() {
    let lab = Lab::new("postman");
    let postman = templates::find("postman").unwrap();
    let second = lab.run(move |tx, admin| create(tx, admin, postman, "Postman", now()));
    assert_eq!(second.name, "postman_2");
    let renamed = lab.run(|tx, admin| rename(tx, admin, KEY, " Team ", now()));
    assert_eq!(
        (renamed.label.as_str(), renamed.name.as_str()),
        ("Team", "postman")
    );
    let refused = lab.attempt(|tx, admin| rename(tx, admin, KEY, " ", now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
}

/// 2.6 and 3.4: attributes and mappings are checked when they are saved.
#[test]
fn attributes_and_mappings_are_checked_when_saved() {
    let lab = Lab::new("scim2headerauth");
    let attribute = |name: &str, expression: Option<&str>| AppAttribute {
        name: name.into(),
        title: "T".into(),
        external_name: "costCentre".into(),
        external_namespace: "urn:x".into(),
        data_type: AttributeType::String,
        required: false,
        scope: AttributeScope::None,
        union: false,
        custom: false,
        values: vec![],
        min_length: None,
        max_length: None,
        mapping: expression.map(|expression| AttributeMapping {
            expression: expression.into(),
            push: PushStatus::Push,
        }),
    };
    for wrong in [
        attribute("9a", None),
        attribute("a b", None),
        attribute("userName", None),
        attribute("", None),
        attribute("a", Some("user.")),
    ] {
        let refused = lab.attempt(move |tx, admin| put_attribute(tx, admin, KEY, &wrong, now()));
        assert_eq!(code(&refused.unwrap_err()), "E0000001");
    }
    let good = attribute("centre", Some("user.costCenter"));
    let app = lab.run(move |tx, admin| put_attribute(tx, admin, KEY, &good, now()));
    assert!(app.attribute("centre").unwrap().custom);
    let changes = vec![MappingChange {
        attribute: "centre".into(),
        mapping: Some(AttributeMapping {
            expression: "user.nothing".into(),
            push: PushStatus::Push,
        }),
    }];
    let refused =
        lab.attempt(move |tx, admin| save_mappings(tx, admin, KEY, &changes, true, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
    assert_eq!(lab.queue(), []);
    let refused = lab.attempt(|tx, admin| remove_attribute(tx, admin, KEY, "givenName", now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
    let app = lab.run(|tx, admin| remove_attribute(tx, admin, KEY, "centre", now()));
    assert_eq!(app.attribute("centre"), None);
}

/// 7.2: "delete only when inactive".
#[test]
fn a_deleted_app_is_taken_apart_bit_by_bit() {
    let lab = Lab::new("scim2headerauth");
    let eng = lab.group("Eng").seq;
    for name in ["Ann", "Bob", "Eve"] {
        let user = lab.add(name).seq;
        lab.join(eng, user);
    }
    lab.run(move |tx, admin| {
        super::super::assignments::assign_group(tx, admin, KEY, eng, None, &Profile::new(), now())
    });
    let new = super::super::push::NewPush {
        group: eng,
        target: super::super::push::PushTarget::Named("Eng".into()),
        active: true,
    };
    lab.run(move |tx, admin| super::super::push::create(tx, admin, KEY, &new, now()));
    let refused = lab.attempt(|tx, admin| delete(tx, admin, KEY, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000001");
    assert!(
        !lab.run(|tx, _| take_apart(tx, KEY, 10)),
        "it is not deleted"
    );
    lab.run(|tx, admin| set_status(tx, admin, KEY, AppStatus::Inactive, now()));
    lab.run(|tx, admin| delete(tx, admin, KEY, now()));
    assert!(
        rows::find(&lab.store.read().unwrap(), KEY)
            .unwrap()
            .is_none()
    );
    assert!(lab.run(|tx, _| take_apart(tx, KEY, 2)), "there is more");
    while lab.run(|tx, _| sweep(tx)) {}
    assert!(rows::every(&lab.store.read().unwrap()).unwrap().is_empty());
    lab.is_sound();
}

#[test]
fn a_token_opens_its_org_until_it_is_revoked() {
    let lab = Lab::new("postman");
    let value = Plain::okta_token();
    let presented = value.clone();
    let token = lab.run(move |tx, admin| orgs::create_token(tx, admin, "CI", &presented, now()));
    assert_eq!(token.last_four, value.last_four());
    let who = |value: &Plain| orgs::authenticate(&lab.store.read().unwrap(), value).unwrap();
    assert_eq!(
        who(&value).map(|admin| (admin.org, admin.name)),
        Some((ORG, "CI".into()))
    );
    assert_eq!(who(&Plain::new("x")), None);
    let preset = value.clone();
    let again = lab.run(move |tx, admin| orgs::preset_token(tx, admin, &preset, now()));
    assert_eq!(again.seq, token.seq);
    lab.run(move |tx, admin| orgs::revoke_token(tx, admin, token.seq, now()));
    assert_eq!(who(&value), None);
    lab.is_sound();
}

/// 7.2: "`me` too".
#[test]
fn the_maker_of_a_token_is_the_person_with_the_login_of_the_account() {
    let lab = Lab::new("postman");
    lab.store
        .write(|tx| {
            let ann = Account {
                seq: Seq(5),
                sign_in_name: "Ann@x.test".into(),
                name: "Ann Doe".into(),
                password: None,
                operator: true,
                created: now(),
            };
            accounts::put(tx, &ann)
        })
        .unwrap();
    let made_by = |account: Option<Seq>| {
        lab.run(move |tx, admin| {
            let admin = OrgAdministrator {
                account,
                ..admin.clone()
            };
            let value = Plain::okta_token();
            orgs::create_token(tx, &admin, "CI", &value, now())?;
            let caller = orgs::authenticate(tx, &value)?.unwrap();
            orgs::creator(tx, &caller)
        })
    };
    let creator = made_by(Some(Seq(5)));
    assert_eq!(creator.address.as_deref(), Some("Ann@x.test"));
    assert_eq!(creator.person, None);
    let ann = lab.run(|tx, admin| users::create(tx, admin, &person("Ann"), now()));
    assert_eq!(
        made_by(Some(Seq(5))).person.map(|user| user.seq),
        Some(ann.seq)
    );
    let nobody = made_by(None);
    assert_eq!((nobody.address, nobody.person), (None, None));
    let console = lab.attempt(|tx, admin| orgs::creator(tx, admin));
    assert!(matches!(console, Err(Refusal::NotFound { .. })));
}
